"""File names come out as the sender saw them, and never as a path."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.names import base_name, file_name, parameter, parameters, unnamed

NAME = "附件1：防汛责任人名单（第2版）.xlsx"


def disposition(value: bytes) -> str | None:
    return file_name(b"attachment;\r\n\t" + value, b"")


def percent(data: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in data)


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_names_in_encoded_words_inside_quotes(codec: str) -> None:
    word = b"=?" + codec.encode() + b"?B?" + base64.b64encode(NAME.encode(codec)) + b"?="
    assert disposition(b'filename="' + word + b'"') == NAME
    assert disposition(b"filename=" + word) == NAME


@pytest.mark.parametrize(("charset", "codec"), [(b"UTF-8", "utf-8"), (b"GBK", "gbk"), (b"gb2312", "gbk"), (b"", "gbk")])
def test_names_in_the_form_of_rfc_2231(charset: bytes, codec: str) -> None:
    assert disposition(b"filename*=" + charset + b"''" + percent(NAME.encode(codec))) == NAME


@pytest.mark.parametrize("size", [5, 12, 40])
def test_continued_names_may_be_cut_inside_a_character(size: int) -> None:
    data = NAME.encode()
    pieces = [percent(data[begin : begin + size]) for begin in range(0, len(data), size)]
    pieces[0] = b"UTF-8''" + pieces[0]
    assert disposition(b";\r\n ".join(b"filename*%d*=%s" % (n, piece) for n, piece in enumerate(pieces))) == NAME


def test_a_continued_name_mixes_coded_and_plain_pieces() -> None:
    assert disposition(b"filename*0*=utf-8''%E9%99%84; filename*1=\"1.doc\"") == "附1.doc"


def test_of_both_forms_the_newer_one_counts() -> None:
    assert disposition(b"filename=\"fujian.doc\"; filename*=utf-8''%E9%99%84.doc") == "附.doc"


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_bare_bytes_of_a_name_are_guessed(codec: str) -> None:
    assert disposition(b'filename="' + NAME.encode(codec) + b'"') == NAME


def test_half_of_a_gbk_character_may_look_like_a_backslash() -> None:
    name = "誠信.doc"  # its first character ends in 5C in GBK
    assert name.encode("gbk")[1:2] == b"\\"
    assert disposition(b'filename="' + name.encode("gbk") + b'"; size=3') == name


def test_names_in_percent_signs_without_the_star() -> None:
    assert disposition(b'filename="' + percent("附件.doc".encode()) + b'"') == "附件.doc"
    assert disposition(b'filename="100%25.doc"') == "100%25.doc"


def test_an_unquoted_name_may_hold_spaces() -> None:
    assert disposition("filename=会议 通知.doc; size=3".encode("gbk")) == "会议 通知.doc"


def test_the_content_type_names_the_part_where_the_disposition_does_not() -> None:
    assert file_name(b"attachment", b'application/pdf; name="a.pdf"') == "a.pdf"
    assert file_name(b"inline", b"image/png") is None


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\通知.doc", "通知.doc"),
        ("a/b\\c.doc", "c.doc"),
        ("通知\r\nX: y.doc", "通知 X: y.doc"),
        ("  通知.doc  ", "通知.doc"),
        ("cod.\u202eexe", "cod.exe"),
        ("folder/", "folder"),
        ("..", None),
        (" . ", None),
        ("/", None),
        ("", None),
    ],
)
def test_only_the_base_name_is_kept(given: str, base: str | None) -> None:
    assert base_name(given) == base


def test_a_long_name_keeps_its_extension() -> None:
    name = base_name("长" * 1000 + ".docx")
    assert name is not None
    assert len(name) == 200
    assert name.endswith("长.docx")


def test_parts_without_a_name_are_counted() -> None:
    assert [unnamed(1, "doc"), unnamed(2, "image"), unnamed(3, "other")] == [
        "未命名1.doc",
        "未命名2.jpg",
        "未命名3.dat",
    ]


def test_of_a_repeated_parameter_the_first_counts() -> None:
    assert parameter(parameters(b'text/plain; charset="gbk"; charset=utf-8'), "charset") == "gbk"


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_headers_give_a_harmless_name_or_none(one: bytes, other: bytes) -> None:
    name = file_name(b"attachment; " + one, b"a/b; name=" + other)
    assert name is None or (name == base_name(name) and not set(name) & set("/\\\r\n\0") and len(name) <= 200)


@pytest.mark.parametrize(
    "unit", [b"; a=b", b'; "', b'; a="\\', b";;;;", b"; filename*1*=%41", b"; a = ", b"; x*0*='''"]
)
def test_hostile_parameters_cost_linear_time(unit: bytes) -> None:
    begin = time.process_time()
    file_name(unit * 100_000, b"a/b; name*0=" + unit * 100_000)
    assert time.process_time() - begin < 2
