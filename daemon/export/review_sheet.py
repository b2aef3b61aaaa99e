"""The review sheet (稿件审核单) of a draft as a Word file, to be printed, signed and filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from docx.shared import Mm

from daemon.export.official import OfficialDocument

_WIDTHS = (Mm(32), Mm(124))
_STEP_WIDTHS = (Mm(32), Mm(30), Mm(40), Mm(54))


@dataclass(frozen=True)
class Sheet:
    """What stands on it, all in words. `steps`: the step, who, when, opinion, in their order."""

    office: str
    title: str
    facts: Sequence[tuple[str, str]]
    steps: Sequence[tuple[str, str, str, str]]
    findings: Sequence[str]


def review_sheet(sheet: Sheet, now: datetime) -> bytes:
    """The sheet as .docx; `now` in the office's time zone."""
    document = OfficialDocument("稿件审核单", sheet.office, now)
    document.title(["稿件审核单"])
    document.table(("项目", "内容"), [("标题", sheet.title), *sheet.facts], _WIDTHS)
    document.heading("一、审核经过")
    document.table(("环节", "办理人", "时间", "意见"), [*sheet.steps, *_blank(sheet)], _STEP_WIDTHS)
    document.heading("二、须处理问题的处理情况")
    for line in sheet.findings or ["无。"]:
        document.text(line)
    document.signature(sheet.office, f"{now.year}年{now.month}月{now.day}日")
    return document.as_bytes()


def _blank(sheet: Sheet) -> list[tuple[str, str, str, str]]:
    """A line to be filled in by hand, where nobody has signed yet."""
    return [] if sheet.steps else [("", "", "", "")]
