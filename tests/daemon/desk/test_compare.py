"""What differs between two texts."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.desk.compare import LONGEST_PARAGRAPH, MOST_PARAGRAPHS, Paragraph, Piece, compare


def content(body: str, **values: Any) -> dict[str, Any]:
    return {"title": "题", "column": "文件", "body_text": body, "body_html": f"<p>{body}</p>"} | values


def read(paragraph: Paragraph) -> str:
    return "".join({"same": "{}", "ins": "[+{}]", "del": "[-{}]"}[piece.how].format(piece.text) for piece in paragraph)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("各单位要认真组织实施", "各单位要认真抓好实施", ["各单位要认真[-组织][+抓好]实施"]),
        ("甲段\n乙段", "甲段\n新段落文字\n乙段", ["甲段", "[+新段落文字]", "乙段"]),
        ("甲段\n乙段", "甲段", ["甲段", "[-乙段]"]),
        ("春眠不觉晓", "白日依山尽", ["[-春眠不觉晓][+白日依山尽]"]),
        ("", "新的", ["[+新的]"]),
    ],
)
def test_what_is_new_and_what_is_gone_is_marked(old: str, new: str, shown: list[str]) -> None:
    assert [read(paragraph) for paragraph in compare(content(old), content(new)).body] == shown


def test_elements_that_differ_are_named() -> None:
    found = compare(content("文", issued_on=None), content("文", issued_on="2026-11-17", column="公告公示"))
    assert [(name, read(paragraph)) for name, paragraph in found.fields] == [
        ("column", "[-文件][+公告公示]"), ("issued_on", "[+2026-11-17]"),
    ]  # fmt: skip


def test_the_same_is_no_difference_and_another_layout_is_told() -> None:
    assert compare(content("文"), content("文")).is_empty
    found = compare(content("文"), content("文", body_html="<h2>文</h2>"))
    assert (found.layout_only, found.is_empty) == (True, False)


@pytest.mark.parametrize("old", ["字\n" * (MOST_PARAGRAPHS + 1), "字" * (LONGEST_PARAGRAPH + 1)])
def test_what_is_too_long_stands_whole_one_after_the_other(old: str) -> None:
    found = compare(content(old), content("新"))
    assert found.body[-1][-1] == Piece("ins", "新")
    assert {piece.how for paragraph in found.body for piece in paragraph} == {"del", "ins"}
