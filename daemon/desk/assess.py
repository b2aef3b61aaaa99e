"""The assessment of a period from the store, by one query for the drafts of all units."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_

from daemon.desk.consultations import figures
from daemon.desk.delivered import basis_of, delivered
from daemon.desk.excuses import given_points
from daemon.rules.assessment import AssessmentPeriod, Report, assess_units, parse_period
from daemon.rules.calendar import Calendar
from daemon.rules.duties import EXPLAINS, with_others_interpretations
from daemon.settings import Settings
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store


def assess(store: Store, settings: Settings, calendar: Calendar, period: str, now: datetime) -> Report:
    """The report on `2026-11`, `2026-H1` or `2026` as it stands now; PeriodError where there is no such period."""
    span = parse_period(period)
    with store.read() as session:
        basis = basis_of(session, settings, calendar, now)
        drafts = delivered(session, calendar, _matters(span, settings, calendar))
        given = given_points(session, period)
        names = [unit.name for unit in settings.office_value.units]
        answered = figures(session, calendar, span.first, span.last, now, names)
    explained = with_others_interpretations(drafts, settings.office_value)
    report = assess_units(explained, span, settings.assessment.weights.value(), basis, given)
    units = tuple(replace(one, answered=answered[one.unit.name]) for one in report.units)
    return replace(report, units=units, kind_names=settings.assessment.kinds)


def _matters(period: AssessmentPeriod, settings: Settings, calendar: Calendar) -> ColumnElement[bool]:
    """Received or published in the period, or an interpretation, which may have come before or after it."""
    begin = calendar.midnight(period.first)
    end = calendar.midnight(period.last + timedelta(days=1))
    office = settings.office_value
    explaining = [column.name for column in office.columns if column.role in EXPLAINS]
    return or_(
        # By name, since the index begins with the unit.
        Draft.unit.in_([unit.name for unit in office.units]) & Draft.received_on.between(period.first, period.last),
        (Draft.published_at >= begin) & (Draft.published_at < end),
        Draft.column.in_(explaining),
    )
