"""What `parse --explain` tells a person about one mail."""

from __future__ import annotations

from pathlib import Path

from daemon.settings import load
from parsers.explain import explain
from parsers.mime import topmost_received
from parsers.readers import NoReaders

MESSAGES = Path(__file__).resolve().parent.parent / "messages"


def explained(file: str) -> list[str]:
    data = (MESSAGES / file).read_bytes()
    text = explain(data, load(MESSAGES / "config").office_value, topmost_received(data), NoReaders())
    return text.splitlines()


def test_it_shows_tree_grouping_sources_and_scores() -> None:
    lines = explained("03-annexes-with-plain-names.eml")
    assert "  1 任务分解表.xlsx（xlsx，" in "\n".join(lines)
    assert "稿件划分：1篇" in lines
    assert any(line.startswith("  发文字号 = 临林发〔2026〕11号（关于下达造林任务的通知.docx") for line in lines)
    assert any("附件说明列有此件" in line for line in lines)
    at = next(number for number, line in enumerate(lines) if line.startswith("    文件通知 "))
    assert lines[at + 1].startswith("      +")
    assert "标题文种为“通知”" in lines[at + 1]


def test_it_says_why_each_line_was_cut() -> None:
    cut = [line for line in explained("03-annexes-with-plain-names.eml") if line.startswith("  已去除：")]
    assert any("临林发〔2026〕11号（已识别为发文字号）" in line for line in cut)
    assert all(line.endswith("）") for line in cut)


def test_it_says_why_nothing_was_made_of_a_mail() -> None:
    lines = explained("13-answer-to-our-return-without-a-document.eml")
    assert "类别：reply，邮件头表明是对本编辑部信函的答复" in lines
    assert "稿件划分：0篇" in lines


def test_it_gives_findings_with_their_gravity() -> None:
    assert any("[block] sender.spoofed" in line for line in explained("09-look-alike-domain.eml"))
