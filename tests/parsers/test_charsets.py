"""Bytes become the characters that the sender saw, whatever the label says."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.charsets import clean_line, decode, decode_header, guess, unbase64

TEXT = "青石镇关于做好防汛工作的通知，请认真贯彻执行。"
RARE = "㴪镇杨䶮同志"  # outside of GB 2312, inside GB 18030
TRADITIONAL = "縣委臺辦組織臺商參觀濕地公園，感受歷史文化底蘊。"


def word(data: bytes, label: str, kind: str = "B") -> bytes:
    coded = base64.b64encode(data) if kind == "B" else b"".join(b"=%02X" % byte for byte in data)
    return b"=?" + label.encode() + b"?" + kind.encode() + b"?" + coded + b"?="


def cut(data: bytes, label: str, size: int, kind: str = "B") -> bytes:
    return b"\r\n ".join(word(data[begin : begin + size], label, kind) for begin in range(0, len(data), size))


@pytest.mark.parametrize(
    "label", ["gb2312", "GBK", "x-gbk", "gb_2312-80", "CP936", "gb18030", "default", "unknown-8bit", "", None]
)
def test_characters_beyond_gb2312_are_read_under_every_label_of_its_family(label: str | None) -> None:
    assert decode((TEXT + RARE).encode("gb18030"), label) == TEXT + RARE


@pytest.mark.parametrize("label", ["gb2312", "us-ascii", "iso-8859-1", "big5", "default", None, "no-such-charset"])
def test_utf8_is_read_under_a_wrong_label(label: str | None) -> None:
    assert decode(TEXT.encode(), label) == TEXT


@pytest.mark.parametrize("label", ["utf-8", "us-ascii", "iso-8859-1", "big5", "windows-1252"])
def test_gbk_is_read_under_a_wrong_label(label: str) -> None:
    assert decode(TEXT.encode("gbk"), label) == TEXT


@pytest.mark.parametrize("label", ["big5", "gb2312", "default", "utf-8", None])
def test_big5_is_read_with_its_label_and_without(label: str | None) -> None:
    assert decode(TRADITIONAL.encode("big5"), label) == TRADITIONAL


@pytest.mark.parametrize("label", ["utf-16", "utf-8", "gb2312", None])
@pytest.mark.parametrize("codec", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_counts_more_than_the_label(label: str | None, codec: str) -> None:
    assert decode(TEXT.encode(codec), label) == TEXT


def test_utf16_without_a_mark_is_known_by_the_zeros_of_its_line_ends() -> None:
    text = "关于防汛\r\n第2号\r\n"
    assert guess(text.encode("utf-16-le")) == text
    assert guess(text.encode("utf-16-be")) == text


def test_utf7_is_read_with_its_label_and_without() -> None:
    data = TEXT.encode("utf-7")
    assert decode(data, "utf-7") == decode(data, "unicode-1-1-utf-7") == guess(data) == TEXT


def test_plain_ascii_with_plus_signs_is_no_utf7() -> None:
    assert guess(b"C++ and a+b-c, +86-533, x+abc-") == "C++ and a+b-c, +86-533, x+abc-"


@pytest.mark.parametrize("text", ["一", "附件", "联通", "丁一", "通知一"])
def test_the_shortest_gbk_is_not_taken_for_utf8(text: str) -> None:
    assert guess(text.encode("gbk")) == text


def test_a_character_cut_in_half_does_not_overrule_the_label() -> None:
    assert decode(TEXT.encode() * 5 + b"\xe5\xbd", "utf-8").startswith(TEXT * 5)


def test_western_text_stays_western() -> None:
    assert decode("Société générale".encode("latin-1"), "iso-8859-1") == "Société générale"


@pytest.mark.parametrize(
    "label", ["rot13", "punycode", "idna", "undefined", "zlib", "unicode_escape", "base64", "a\0b"]
)
def test_a_codec_that_is_none_of_text_is_not_called(label: str) -> None:
    assert decode(TEXT.encode(), label) == TEXT


@pytest.mark.parametrize("size", [7, 11, 13, 24])
@pytest.mark.parametrize("kind", ["B", "Q"])
@pytest.mark.parametrize("label", ["gb18030", "utf-8"])
def test_encoded_words_cut_inside_a_character_are_joined_before_decoding(size: int, kind: str, label: str) -> None:
    assert decode_header(cut((TEXT + RARE).encode(label), label, size, kind)) == TEXT + RARE


def test_words_of_two_charsets_and_bare_text_stand_side_by_side() -> None:
    raw = b"Re: " + word("青石".encode("gbk"), "gb2312") + b" " + word("通知".encode(), "utf-8") + b" v2"
    assert decode_header(raw) == "Re: 青石通知 v2"


@pytest.mark.parametrize("broken", ["5Zue5aSN", "5Zue5aSN=", "5Zue 5aSN", "5Zue5aSN5", "5Zue5aSN\r\n"])
def test_broken_base64_of_a_word_is_read_as_far_as_it_goes(broken: str) -> None:
    assert decode_header(f"=?utf-8?B?{broken}?=") == "回复"


def test_a_base64_quantum_cut_between_two_words_is_joined() -> None:
    coded = base64.b64encode("通知公告".encode()).decode()
    assert decode_header(f"=?utf-8?B?{coded[:6]}?= =?utf-8?B?{coded[6:]}?=") == "通知公告"


def test_bare_bytes_in_a_header_are_guessed() -> None:
    assert decode_header(TEXT.encode("gbk")) == decode_header(TEXT.encode()) == TEXT


def test_surrogates_of_the_standard_library_are_bytes_again() -> None:
    assert decode_header(TEXT.encode("gbk").decode("ascii", "surrogateescape")) == TEXT


def test_no_line_break_of_a_decoded_header_survives() -> None:
    assert decode_header(word("a\r\nBcc: victim@example.cn\0\x85b".encode(), "utf-8")) == "a Bcc: victim@example.cn b"


def test_marks_that_turn_or_hide_text_are_taken_out() -> None:
    assert clean_line("a\u202egpj.exe\u200b\ufeff b\u2028c") == "agpj.exe b c"


def test_base64_is_read_without_padding_and_through_foreign_signs() -> None:
    assert unbase64(b"YWJj*ZGV\r\nm Zw") == b"abcdefg"
    assert unbase64(b"A") == b""


@given(st.binary(max_size=400), st.sampled_from([None, "gb2312", "big5", "utf-7", "utf-16", "hz", "iso-2022-jp", "x"]))
def test_any_bytes_give_text_that_can_be_stored(data: bytes, label: str | None) -> None:
    for text in (decode(data, label), decode_header(data)):
        text.encode("utf-8")
    assert decode_header(data) == clean_line(decode_header(data))


@given(st.text(st.characters(codec="gb18030", categories=["Lo", "Nd"]), max_size=40), st.integers(5, 40))
def test_any_title_survives_any_cut(text: str, size: int) -> None:
    assert decode_header(cut(text.encode("gb18030"), "gb18030", size)) == clean_line(text)


@pytest.mark.parametrize(
    "unit", [b"=?", b"=?a?B?", b"=?utf-8?Q?=", b"+AA", b"\xa1\xa1", b"\x00a", b"=?utf-8?B?5aW9?= "]
)
def test_hostile_headers_cost_linear_time(unit: bytes) -> None:
    begin = time.process_time()
    decode_header(unit * (1_000_000 // len(unit)))
    assert time.process_time() - begin < 5
