"""A unit's record: its figures month by month, what came late, and what was written to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.frozen import report_of
from daemon.rules.assessment import Evidence, Report, UnitAssessment
from daemon.rules.calendar import Calendar
from daemon.settings import Settings
from daemon.store.schema import Draft, Letter
from daemon.store.unit_of_work import Store

LETTERS = 40


@dataclass(frozen=True)
class RecordMonth:
    """A unit's account in one month's report."""

    report: Report
    unit: UnitAssessment


@dataclass(frozen=True)
class UnitRecord:
    """A year of a unit."""

    months: tuple[RecordMonth, ...]
    late: tuple[Evidence, ...]
    letters: tuple[Letter, ...]
    drafts: dict[str, int]
    """The row of each draft named here, by receipt number."""


def unit_record(
    store: Store, settings: Settings, calendar: Calendar, unit: str, year: int, now: datetime
) -> UnitRecord:
    """The months of the year as far as they have begun and the unit was on duty."""
    today = calendar.local_date(now)
    begun = [month for month in range(1, 13) if date(year, month, 1) <= today]
    reports = (report_of(store, settings, calendar, f"{year}-{month:02}", now) for month in begun)
    months = tuple(RecordMonth(report, one) for report in reports for one in report.units if one.unit.name == unit)
    late = tuple(one for month in months for one in month.unit.evidence if one.verdict == "late")
    with store.read() as session:
        query = select(Letter).where(Letter.unit == unit).order_by(Letter.id.desc()).limit(LETTERS)
        rows = draft_rows(session, [one.draft.receipt for one in late])
        return UnitRecord(months, late, tuple(session.scalars(query)), rows)


def draft_rows(session: Session, receipts: Sequence[str]) -> dict[str, int]:
    """Where the drafts of these receipt numbers are."""
    found: dict[str, int] = {}
    for begin in range(0, len(receipts), 500):
        query = select(Draft.receipt, Draft.id).where(Draft.receipt.in_(receipts[begin : begin + 500]))
        found.update((receipt, row) for receipt, row in session.execute(query))
    return found
