"""Rich text: what prints is read, what was deleted, hidden or commented is kept back."""

from __future__ import annotations

import time

import pytest

from parsers import attachments
from parsers.content import Content
from parsers.readers import NoReaders

HEAD = (
    "{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 SimSun;}{\\f1\\fcharset136 Ming;}{\\f2\\fcharset0 x;}}\\f0 "
)


def read(body: str, encoding: str = "gbk") -> Content:
    return attachments.read("通知.doc", (HEAD + body + "}").encode(encoding), NoReaders())


def escaped(text: str, encoding: str = "gbk") -> str:
    """As Word writes it: each byte by its number."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode(encoding))


def test_characters_come_in_every_form() -> None:
    wide = "".join(f"\\u{ord(one) - 65536 if ord(one) > 32767 else ord(one)}?" for one in "防火")
    assert read(f"{escaped('丂通知')}{wide}\\u-10179?\\u-8704?直接").text == "丂通知防火😀直接"
    assert read("\\f1 " + escaped("臺灣", "big5") + "\\f2 abc\\emdash\\~\\{\\}").text == "臺灣abc— {}"
    assert read("\\uc2\\u38450\\'b7\\'c0x").text == "防x"


def test_what_does_not_print_is_kept_back_and_screened() -> None:
    content = read(
        "见{\\deleted 旧}{\\revised 新}{\\v 隐}{\\*\\atnid A}{\\*\\annotation\\pard 批\\par}文"
        "{\\field{\\*\\fldinst PAGE}{\\fldrslt 3}}\\par"
    )
    assert content.text == "见新文3"
    assert {"旧", "隐", "批"} == set(content.hidden_text)
    assert [found.code for found in content.findings] == ["text.revisions"]


def test_headers_notes_and_boxes_stand_where_they_belong() -> None:
    content = read(
        "{\\header 红头\\par}正文{\\super\\chftn{\\*\\footnote\\chftn 注\\par}}"
        "{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt\\pard 框内\\par}}}完\\par"
    )
    assert [(block.place, block.text) for block in content.blocks] == [
        ("header", "红头"),
        ("body", "正文[1]完"),
        ("body", "框内"),
        ("note", "[1] 注"),
    ]


def test_a_table_keeps_its_merged_cells() -> None:
    content = read(
        "\\trowd\\clvmgf\\cellx1000\\cellx3000\\pard\\intbl 镇\\cell 任务\\cell\\row"
        "\\trowd\\clvmrg\\cellx1000\\cellx2000\\cellx3000\\intbl\\cell 甲\\par 乙\\cell\\b 丙\\cell\\row\\pard 后\\par"
    )
    assert content.blocks[0].html == (
        '<table><tbody><tr><td rowspan="2">镇</td><td colspan="2">任务</td></tr>'
        "<tr><td>甲<br>乙</td><td><strong>丙</strong></td></tr></tbody></table>"
    )
    assert content.blocks[1].text == "后"


def test_numbers_that_word_wrote_out_are_kept() -> None:
    assert read("{\\listtext 一、\\tab}督查内容\\par{\\pntext 2.\\tab}方式\\par").text == "一、督查内容\n2.方式"


def test_a_picture_is_kept_in_its_place() -> None:
    content = read("甲{\\pict\\pngblip 89504e470d0a\n1a0a}\\par 乙")
    assert [block.kind for block in content.blocks] == ["paragraph", "picture", "paragraph"]
    assert content.blobs[0].data == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    "body",
    [
        "{" * 3000,
        "\\cell" * 300_000,
        "\\row" * 300_000,
        "\\u1?" * 300_000,
        "{\\footnote" * 1999,
        "\\bin999999999999 x",
        "\\trowd" + "".join(f"\\cellx{at}" for at in range(50_000)) + "x\\cell" * 50_000 + "\\row",
        "\\'",
        "\\'zz",
        "\\",
    ],
    ids=["groups", "cells", "rows", "characters", "notes", "binary", "edges", "half", "no number", "end"],
)
def test_a_file_made_to_hurt_ends_soon(body: str) -> None:
    began = time.process_time()
    assert read("甲" + body).status in {"read", "refused"}
    assert time.process_time() - began < 5
