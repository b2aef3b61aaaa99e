"""The line on missing document numbers in each unit's month."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from daemon.desk.delivered import basis_of, delivered
from daemon.rules.calendar import Calendar, month_of
from daemon.rules.numbers import gaps_line, number_gaps
from daemon.settings import Settings
from daemon.store.schema import Draft


def month_lines(session: Session, settings: Settings, calendar: Calendar, day: date, now: datetime) -> dict[str, str]:
    """By unit, for the month of this day; units without a gap are left out."""
    basis, (first, last) = basis_of(session, settings, calendar, now), month_of(day)
    drafts = delivered(session, calendar, Draft.document_number.contains(f"〔{first.year}〕"))
    units = settings.office_value.units
    gaps = {unit.name: number_gaps(unit, drafts.get(unit.name, []), first, last, basis.since(unit)) for unit in units}
    return {name: line for name, found in gaps.items() if (line := gaps_line(found))}
