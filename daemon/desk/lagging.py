"""Who lags now, and in what: the rules of reminders over the few drafts that can matter to them.

A hundred thousand drafts lie in the database; what reminders speak of is in those of the last weeks, in what is open,
in rules and their interpretations of any time, and in the last one of each column that must not fall silent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import Session

from daemon.desk import changes, consultations
from daemon.desk.delivered import REPEATS, basis_of, delivered
from daemon.rules.calendar import Calendar, month_of
from daemon.rules.duties import EXPLAINS, column_last, with_others_interpretations
from daemon.rules.quotas import Basis, DeliveredDraft, owes_column
from daemon.rules.registers import OpenEntry
from daemon.rules.reminders import Leads, ReminderItem, reminder_items
from daemon.settings import Settings
from daemon.store.schema import Draft
from parsers.office import Column, Unit

_RECENT = timedelta(days=15)
"""Days of drafts that are read at least, so that early in a month few columns have to be asked for one by one."""
_COUNTED = Draft.state.in_(("pending", "in_review", "returned", "approved", "exported", "published"))
_ByUnit = defaultdict[str, list[DeliveredDraft]]


def lagging(
    session: Session, settings: Settings, calendar: Calendar, at: datetime
) -> list[tuple[Unit, tuple[ReminderItem, ...]]]:
    """The units that have something to do at this moment, and what."""
    basis, office = basis_of(session, settings, calendar, at), settings.office_value
    leads = Leads(settings.reminders.lead, settings.reminders.quota_lead)
    drafts = with_others_interpretations(known_drafts(session, basis), office)
    entries = open_entries(session)
    found = (
        (unit, reminder_items(unit, drafts.get(unit.name, []), leads, basis, entries[unit.name]))
        for unit in office.units
    )
    return [(unit, items) for unit, items in found if items]


def open_entries(session: Session) -> defaultdict[str, list[OpenEntry]]:
    """What the registers hold against each unit."""
    found: defaultdict[str, list[OpenEntry]] = defaultdict(list)
    for register in (changes.open_entries(session), consultations.open_entries(session)):
        for unit, entries in register.items():
            found[unit] += entries
    return found


def known_drafts(session: Session, basis: Basis) -> _ByUnit:
    """The drafts by unit that a reminder of this moment can speak of."""
    since = min(month_of(basis.calendar.working_day_before(basis.today))[0], basis.today - _RECENT)
    drafts = delivered(session, basis.calendar, _matters(since, basis))
    for unit, column in list(_silent(drafts, since, basis)):
        known = {draft.receipt for draft in drafts[unit.name]}
        drafts[unit.name] += [draft for draft in _last(session, unit, column, basis) if draft.receipt not in known]
    return drafts


def _matters(since: date, basis: Basis) -> ColumnElement[bool]:
    """The parts are asked one by one, each by its own index: of an OR of them SQLite reads the whole table."""
    return Draft.id.in_(union(*(select(Draft.id).where(part) for part in _parts(since, basis))))


def _parts(since: date, basis: Basis) -> tuple[ColumnElement[bool], ...]:
    columns = basis.office.columns
    by_publication = [one.name for one in columns if any(quota.counts == "published" for quota in one.quotas)]
    of_rules = [one.name for one in columns if one.needs_interpretation or one.role in EXPLAINS]
    return (
        Draft.unit.in_([unit.name for unit in basis.office.units]) & (Draft.received_on >= since),
        Draft.published_at >= basis.calendar.midnight(since),
        # Told so that SQLite goes by state and publication, which leave few, and not by the column.
        func.coalesce(Draft.column, "").in_(by_publication) & Draft.published_at.is_(None) & _COUNTED,
        Draft.column.in_(of_rules) & _COUNTED,
        (Draft.state == "returned") & Draft.submit_due_at.is_not(None),
    )


def _silent(drafts: _ByUnit, since: date, basis: Basis) -> Iterator[tuple[Unit, Column]]:
    """Columns that must not fall silent, of which no recent draft has been read: an old one needn't be the last."""
    watched = [column for column in basis.office.columns if column.stale_after]
    for unit in basis.office.units:
        for column in watched:
            if owes_column(unit, column) and (column_last(column, drafts[unit.name]) or date.min) < since:
                yield unit, column


def _last(session: Session, unit: Unit, column: Column, basis: Basis) -> list[DeliveredDraft]:
    """The last draft that counts for the column."""
    mine = select(Draft.id).where(Draft.unit == unit.name, Draft.column == column.name, Draft.received_on.is_not(None))
    counted = mine.where(_COUNTED, Draft.state != "returned", ~REPEATS)
    last = session.scalar(counted.order_by(Draft.received_on.desc(), Draft.id.desc()).limit(1))
    return delivered(session, basis.calendar, Draft.id == last)[unit.name] if last else []
