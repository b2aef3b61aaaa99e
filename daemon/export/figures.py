"""What tables of a report say, whichever file or screen they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from daemon.rules.assessment import Evidence, Report, UnitAssessment
from daemon.rules.points import Criterion
from daemon.rules.states import STATE_NAMES

Figure = int | Decimal | Fraction | str | date | datetime | None


@dataclass(frozen=True)
class Heading:
    """One column of a table of units: its name, and its figure for a unit."""

    name: str
    of: Callable[[UnitAssessment], Figure]


RANKING = (
    Heading("名次", lambda unit: unit.rank),
    Heading("单位", lambda unit: unit.unit.name),
    Heading("得分", lambda unit: unit.points),
    Heading("应报", lambda unit: _sum(column.owed for column in unit.measured)),
    Heading("已报", lambda unit: _sum(column.delivered for column in unit.measured)),
    Heading("缺报", lambda unit: _sum(column.missing for column in unit.measured)),
    Heading("按时", lambda unit: unit.duties.on_time),
    Heading("逾期", lambda unit: unit.duties.late),
    Heading("未认定", lambda unit: unit.duties.unknown),
    Heading("退稿", lambda unit: unit.duties.returned),
    Heading("无信息天数", lambda unit: unit.duties.days_without_news),
)
"""The table of a bulletin. 应报, 已报 and 缺报 are of the columns in which a number is owed."""

CONSULTATIONS = (
    Heading("咨询答复", lambda unit: unit.answered[0]),
    Heading("答复逾期", lambda unit: unit.answered[1]),
)
"""Questions of citizens, for a table in which any unit has one: see `headings_of`."""

DETAILS = (
    Heading("完成率", lambda unit: share(unit, "completeness")),
    Heading("逾期率", lambda unit: unit.late_share),
    Heading("考核天数", lambda unit: unit.shares["liveliness"].whole if "liveliness" in unit.shares else 0),
    Heading("应配解读", lambda unit: unit.duties.interpretations.owed),
    Heading("已配解读", lambda unit: unit.duties.interpretations.delivered),
)
"""What the office's own sheet has besides."""


def headings_of(units: Iterable[UnitAssessment]) -> tuple[Heading, ...]:
    """The table of these units, with the questions of citizens only where one was put to any of them: a narrow screen
    has no room for columns of noughts."""
    return (*RANKING, *CONSULTATIONS) if any(any(unit.answered) for unit in units) else RANKING


def _sum(numbers: Iterable[int]) -> int | None:
    """None where no column owes a number: 0 would read as if one did."""
    known = list(numbers)
    return sum(known) if known else None


def share(unit: UnitAssessment, criterion: Criterion) -> Fraction | None:
    """The unit's share by this criterion; None where it is not measured by it."""
    return unit.shares[criterion].fraction if criterion in unit.shares else None


def said(figure: Figure) -> str:
    """The figure as it is read; a share in per cent."""
    if figure is None:
        return "—"
    if isinstance(figure, Fraction):
        return f"{float(100 * figure):.1f}%"
    return str(figure)


def note_of(one: Evidence) -> str:
    """Why a draft counts, or why it doesn't."""
    draft = one.draft
    if draft.is_duplicate:
        return "与另一稿件重复，不计"
    if draft.state in ("quarantined", "rejected", "withdrawn"):
        return f"{STATE_NAMES[draft.state]}，不计"
    if draft.state == "returned":
        return "已退稿，尚未重新报送，只计时效"
    if one.excused:
        return "经核准免责，不计逾期"
    if not one.delivered:
        return "只计时效，不计数量"
    return "" if one.verdict else "此前收到，本期发布，只计数量"


def title_of(one: Evidence) -> str:
    """A draft with a secrecy mark is never named."""
    return one.draft.title or "（不显示标题）"


def said_day(day: date) -> str:
    """2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def caveat(report: Report) -> str:
    """How far the figures can be relied on."""
    if report.frozen is not None:
        return f"本期考核已于{said_day(report.frozen)}核定"
    moment = report.as_of
    minutes = f"{moment.minute}分" if moment.minute else ""
    until = f"数据截至{moment.year}年{moment.month}月{moment.day}日{moment.hour}时{minutes}"
    running = "，本期尚未结束" if not report.is_over else ""
    return f"{until}{running}，以编辑部核定公布的为准"
