"""The month at a glance: what came from each unit on each day, for all units, from one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from daemon.rules.assessment import Report, UnitAssessment

SHADES = 4
"""Of days on which something came; the darkest from this many items on."""


@dataclass(frozen=True)
class Cell:
    """A unit's day."""

    day: date
    count: int
    """Drafts received that count."""
    late: int
    is_silent: bool
    """News was awaited, and none came."""
    is_excused: bool
    is_to_come: bool

    @property
    def shade(self) -> str:
        """The class that colours it."""
        if self.is_to_come:
            return "to-come"
        return f"came-{min(self.count, SHADES)}" if self.count else "silent" if self.is_silent else "none"

    @property
    def said(self) -> str:
        """The day in words, for who doesn't see colours."""
        if self.is_to_come:
            return f"{self.day.day}日：未到"
        parts = [f"收到{self.count}件" if self.count else "无来稿"]
        parts += [f"逾期{self.late}件"] if self.late else []
        parts += ["缺动态信息"] if self.is_silent else []
        parts += ["免责"] if self.is_excused else []
        return f"{self.day.day}日：{'，'.join(parts)}"


@dataclass(frozen=True)
class MonthRow:
    """A unit's month."""

    unit: str
    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.cells)


def month_map(report: Report) -> dict[str, tuple[MonthRow, ...]]:
    """The rows of the units of each kind; `report` is a month's."""
    rows = {kind: tuple(MonthRow(one.unit.name, tuple(_cells(one, report))) for one in units)
            for kind, units in report.by_kind.items()}  # fmt: skip
    return {kind: tuple(sorted(some, key=lambda row: -row.total)) for kind, some in rows.items()}


def _cells(unit: UnitAssessment, report: Report) -> Iterator[Cell]:
    came = [one for one in unit.evidence if one.verdict or one.excused]
    received = Counter(one.draft.received_on for one in came)
    late = Counter(one.draft.received_on for one in came if one.verdict == "late")
    silent, today = frozenset(unit.silent_days), report.as_of.date()
    for n in range((report.period.last - report.period.first).days + 1):
        day = report.period.first + timedelta(days=n)
        excused = any(excuse.holds(day) for excuse in unit.excused)
        yield Cell(day, received[day], late[day], day in silent, excused, day > today)
