"""From rows to what the rules of duties work on: every unit's drafts, without their texts, and the start of duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from daemon.desk.excuses import excuses
from daemon.rules.calendar import Calendar
from daemon.rules.quotas import Basis, DeliveredDraft, duty_start
from daemon.settings import Settings
from daemon.store.schema import Draft, Mailbox

_OLD = aliased(Draft)
REPEATS = or_(
    Draft.duplicate_of.is_not(None),
    exists().where(
        _OLD.id == Draft.supersedes, _OLD.state.not_in(("archived", "quarantined", "rejected", "withdrawn"))
    ),
)
"""It came before, and counts from then: a duplicate, or a correction of what still counts."""
_FACTS = (
    Draft.receipt, Draft.unit, Draft.column, Draft.state, Draft.received_on, Draft.published_at, Draft.timeliness,
    Draft.title, Draft.submit_due_at, Draft.due_certain, REPEATS, Draft.secret, Draft.document_number,
)  # fmt: skip
"""In the order in which `delivered` takes them."""


def basis_of(session: Session, settings: Settings, calendar: Calendar, now: datetime) -> Basis:
    """What accounts of duties rest on at this moment."""
    polled = session.scalar(select(func.min(Mailbox.first_polled_at)))
    start = duty_start(settings.mailbox.start, calendar.local_date(polled or now))
    return Basis(settings.office_value, calendar, start, now, excuses(session))


def delivered(
    session: Session, calendar: Calendar, *conditions: ColumnElement[bool]
) -> defaultdict[str, list[DeliveredDraft]]:
    """The drafts of units that meet the conditions, by unit, oldest first."""
    drafts: defaultdict[str, list[DeliveredDraft]] = defaultdict(list)
    query = select(*_FACTS).where(Draft.unit.is_not(None), *conditions).order_by(Draft.id)
    session.flush()
    # By the connection and at once: the session would look at each row once more, though these are no objects.
    rows: Iterable[Any] = session.connection().execute(query).all()
    # Unpacked by place, which takes half the time: a year has a hundred thousand of them.
    for receipt, unit, column, state, day, published, verdict, title, due, certain, twin, secret, mark in rows:
        published_on = calendar.local_date(published) if published else None
        shown, is_twin = "" if secret else title, bool(twin)
        drafts[unit].append(
            DeliveredDraft(receipt, unit, column, state, day, published_on, verdict, shown, due, certain, is_twin, mark)
        )
    return drafts
