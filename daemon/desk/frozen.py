"""Assessments that stand: a whole report as it was approved, rules and figures, whatever is changed afterwards."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from daemon.desk.assess import assess
from daemon.rules.assessment import Report
from daemon.rules.calendar import Calendar
from daemon.settings import Settings
from daemon.store.assessments import FrozenAssessment
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store


@dataclass(frozen=True)
class Standing:
    """One assessment of a period without its figures, and where its bulletin is."""

    row: FrozenAssessment
    draft_state: str | None
    url: str | None
    """Where the bulletin stands on the portal."""

    @property
    def is_frozen(self) -> bool:
        return self.row.state == "frozen"


def packed(report: Report) -> bytes:
    """The report as it is kept."""
    return zlib.compress(_form().dump_json(report))


def unpacked(row: FrozenAssessment) -> Report:
    """The report that was kept, with the time at which it was frozen."""
    report = _form().validate_json(zlib.decompress(row.content))
    at = row.frozen_at.astimezone(report.as_of.tzinfo) if row.frozen_at else None
    return replace(report, frozen=at)


def report_of(store: Store, settings: Settings, calendar: Calendar, period: str, now: datetime) -> Report:
    """The frozen figures of a period, the last amendment's; where there are none, those of the moment.

    PeriodError where there is no such period.
    """
    with store.read() as session:
        row = last_frozen(session, period)
        if row is not None:
            return unpacked(row)
    return assess(store, settings, calendar, period, now)


def last_frozen(session: Session, period: str) -> FrozenAssessment | None:
    """The assessment that holds for a period; None: it is not frozen yet."""
    query = select(FrozenAssessment).where(FrozenAssessment.period == period, FrozenAssessment.state == "frozen")
    return session.scalar(query.order_by(FrozenAssessment.number.desc()).limit(1))


def standings(session: Session, periods: Iterable[str]) -> list[Standing]:
    """The assessments of these periods, the last first; their figures are not read."""
    query = (
        select(FrozenAssessment, Draft.state, Draft.published_url)
        .outerjoin(Draft, Draft.id == FrozenAssessment.draft)
        .where(FrozenAssessment.period.in_(list(periods)))
        .order_by(FrozenAssessment.period, FrozenAssessment.number.desc())
        .options(defer(FrozenAssessment.content))
    )
    return [Standing(row, state, url) for row, state, url in session.execute(query)]


@lru_cache(maxsize=1)
def _form() -> TypeAdapter[Report]:
    return TypeAdapter(Report)
