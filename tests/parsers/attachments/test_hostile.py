"""Whatever stands in a file: no exception leaves, no bound is passed, and the finding says what to ask for."""

from __future__ import annotations

import functools
import io
import random
import time
from collections.abc import Callable

import openpyxl
import pytest

from parsers import attachments
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import NoReaders
from tests.parsers.attachments.cfb import ole
from tests.parsers.attachments.files import W, docx, numbered, numbering, p, packed, pdf, picture

_STATUS = {"read", "stored", "scanned", "encrypted", "damaged", "refused"}


def read(name: str, data: bytes, budget: Budget | None = None) -> Content:
    started = time.process_time()
    content = attachments.read(name, data, NoReaders(), budget or Budget())
    assert time.process_time() - started < 10
    assert content.status in _STATUS
    assert all(found.message and found.severity != "block" for found in content.findings)
    return content


def _workbook() -> bytes:
    made = openpyxl.Workbook()
    for number in range(30):
        made.worksheets[0].append(["李某", number])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@functools.cache
def _samples() -> dict[str, bytes]:
    levels = numbering(("chineseCounting", "%1、"))
    table = f"<w:tbl><w:tr><w:tc>{p('甲')}</w:tc><w:tc>{p('乙')}</w:tc></w:tr></w:tbl>"
    return {
        "a.docx": docx(numbered("甲") + table, {"l1": ("numbering", "numbering.xml")}, {"numbering.xml": levels}),
        "a.xlsx": _workbook(),
        "a.pdf": pdf([(60, 100, 16, "关于防火的通知"), (60, 200, 16, "各村民委员会")]),
        "a.zip": packed({"通知.docx": docx(p("文")), "a.txt": b"x"}),
        "a.msg": ole({"__properties_version1.0": b"", "__substg1.0_1000001E": b"text"}),
        "a.doc": ole({"WordDocument": b"\xec\xa5\xc1\x00" + b"x" * 2000, "1Table": b"x" * 500}),
        "a.png": picture(),
        "a.rtf": b"{\\rtf1\\ansi\\ansicpg936 {\\fonttbl{\\f0 x;}}\\par text}",
        "winmail.dat": b"\x78\x9f\x3e\x22\x01\x00\x02\x02\x90\x06\x00\x02\x00\x00\x00\x00\x00\x00\x00",
    }


@pytest.mark.parametrize("name", list(_samples()))
def test_a_file_cut_off_anywhere(name: str) -> None:
    data = _samples()[name]
    for end in range(0, len(data), max(1, len(data) // 60)):
        read(name, data[:end])


@pytest.mark.parametrize("name", list(_samples()))
def test_a_file_with_flipped_bits(name: str) -> None:
    chance = random.Random(name)
    for _ in range(80):
        data = bytearray(_samples()[name])
        for _ in range(chance.choice((1, 4, 30))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        read(name, bytes(data))


@pytest.mark.parametrize("name", list(_samples()))
def test_one_file_in_the_middle_of_another(name: str) -> None:
    chance = random.Random(name)
    data = _samples()[name]
    for other in _samples().values():
        place = chance.randrange(len(data))
        read(name, data[:place] + other + data[place:])


def test_reading_twice_gives_the_same() -> None:
    for name, data in _samples().items():
        assert read(name, data) == read(name, data)


def _document(prolog: str, body: str) -> bytes:
    text = f'{prolog}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "", "word/document.xml": text})


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY a "b">]>',
        f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}<!ENTITY a "&l9;">]>',
    ],
    ids=["file", "network", "laughs"],
)
def test_no_entity_is_expanded(prolog: str) -> None:
    content = read("a.docx", _document(prolog, p("&a;")))
    assert (content.status, content.text) == ("refused", "")
    assert content.findings[0].code == "attachment.refused"


def _nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + p("x") + "</w:tc></w:tr></w:tbl>" * depth


@pytest.mark.parametrize(
    "make",
    [
        lambda: _document("", "<w:p/>" * 1_200_000),
        lambda: _document("", " " * 130_000_000),
        lambda: _document("", _nested_tables(60)),
        lambda: _document("", _nested_tables(2000)),
        lambda: _document("", "<w:smartTag>" * 240 + "</w:smartTag>" * 240),
        lambda: _document("", p("x", '<w:jc w:val="' + "9" * 100_000 + '"/>')),
        lambda: _document(
            "", '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
        ),
    ],
    ids=["tags", "size", "tables", "depth", "wrappers", "value", "span"],
)
def test_a_word_file_that_would_cost_too_much(make: Callable[[], bytes]) -> None:
    read("a.docx", make())


def test_a_style_that_is_based_on_itself() -> None:
    style = '<w:style w:styleId="a"><w:basedOn w:val="a"/></w:style>'
    styles = f'<w:styles xmlns:w="{W}">{style}</w:styles>'
    body = p("文", '<w:pStyle w:val="a"/>')
    assert read("a.docx", docx(body, {"s": ("styles", "styles.xml")}, {"styles.xml": styles})).text == "文"


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    data = packed(
        {"[Content_Types].xml": "", "xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * 120_000_000}
    )
    assert read("a.xlsx", data).status == "refused"


def test_an_exception_in_a_library_is_damage_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(file: attachments.File) -> Content:
        raise ZeroDivisionError

    monkeypatch.setitem(attachments._FAMILIES, "txt", broken)
    content = read("a.txt", b"text")
    assert (content.status, content.findings[0].excerpt) == ("damaged", "ZeroDivisionError")
