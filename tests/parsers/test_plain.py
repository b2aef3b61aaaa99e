"""Plain text becomes paragraphs; only lines that a program has wrapped are joined."""

import time

import pytest

from parsers.html import plain_blocks

WRAPPED = [
    "　　为切实做好今年的防汛工作，确保人民群众生命财产安全，根据上级",
    "有关会议精神，现就进一步落实防汛责任、加强值班值守、强化应急准备等",
    "有关事项通知如下。",
    "　　一、各村要组织力量对辖区内河道、水库、塘坝和低洼易涝点进行全面",
    "排查，发现隐患立即整改。",
]


def paragraphs(*lines: str) -> list[str]:
    return [block.text for block in plain_blocks("\r\n".join(lines))]


def test_wrapped_lines_are_joined_without_a_space() -> None:
    assert paragraphs(*WRAPPED) == [
        "".join(WRAPPED[:3]).strip(),
        "".join(WRAPPED[3:]).strip(),
    ]


def test_title_addressee_numbers_and_signature_stay_lines() -> None:
    lines = ["青石镇人民政府", "关于做好防汛工作的通知", "各村：", *WRAPPED, "青石镇人民政府", "2026年7月1日"]
    assert paragraphs(*lines) == [
        "青石镇人民政府",
        "关于做好防汛工作的通知",
        "各村：",
        "".join(WRAPPED[:3]).strip(),
        "".join(WRAPPED[3:]).strip(),
        "青石镇人民政府",
        "2026年7月1日",
    ]


def test_each_line_is_a_paragraph_where_nothing_was_wrapped() -> None:
    lines = ["短句一", "这是一个比较长的段落" * 12 + "。", "另一个段落" * 20 + "。", "短句二"]
    assert paragraphs(*lines) == lines


def test_a_text_that_begins_paragraphs_at_the_edge_is_joined_too() -> None:
    line = "各级各部门要高度重视防汛工作，严格落实责任制，加强监测预警和"
    assert paragraphs(line, line, "应急值守。", "", "第二段。") == [line + line + "应急值守。", "第二段。"]


def test_english_is_joined_with_a_space() -> None:
    line = "This paragraph has been wrapped by the program at about seventy columns"
    assert paragraphs(line, line, "and ends here.") == [f"{line} {line} and ends here."]


@pytest.mark.parametrize("text", ["", " \r\n\t\n　　", "\n\n"])
def test_nothing_gives_nothing(text: str) -> None:
    assert plain_blocks(text) == ()


def test_text_is_escaped_and_bare_of_control_characters() -> None:
    (block,) = plain_blocks("1 < 2 & 3\x00\x1b\ufeff")
    assert (block.text, block.html) == ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>")


@pytest.mark.parametrize("unit", ["a\n", "中" * 35 + "\n", "\n", " ", "一、" * 20 + "\n"])
def test_long_texts_cost_linear_time(unit: str) -> None:
    begin = time.process_time()
    plain_blocks(unit * (500_000 // len(unit)))
    assert time.process_time() - begin < 10
