"""From rows to what the rules of duties work on: every unit's drafts, without their texts, and the start of duties."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from daemon.rules.calendar import Calendar
from daemon.rules.quotas import Basis, DeliveredDraft, duty_start
from daemon.settings import Settings
from daemon.store.schema import Draft, Mailbox

_FACTS = (
    Draft.receipt, Draft.unit, Draft.column, Draft.state, Draft.received_on, Draft.published_at, Draft.timeliness,
    Draft.title, Draft.submit_due_at, Draft.due_certain, Draft.duplicate_of, Draft.secret,
)  # fmt: skip


def basis_of(session: Session, settings: Settings, calendar: Calendar, now: datetime) -> Basis:
    """What accounts of duties rest on at this moment."""
    polled = session.scalar(select(func.min(Mailbox.first_polled_at)))
    start = duty_start(settings.mailbox.start, calendar.local_date(polled or now))
    return Basis(settings.office_value, calendar, start, now)


def delivered(
    session: Session, calendar: Calendar, *conditions: ColumnElement[bool]
) -> defaultdict[str, list[DeliveredDraft]]:
    """The drafts of units that meet the conditions, by unit, oldest first."""
    drafts: defaultdict[str, list[DeliveredDraft]] = defaultdict(list)
    query = select(*_FACTS).where(Draft.unit.is_not(None), *conditions).order_by(Draft.id)
    for row in session.execute(query):
        drafts[row.unit].append(_delivered_draft(row, calendar))
    return drafts


def _delivered_draft(row: Any, calendar: Calendar) -> DeliveredDraft:
    return DeliveredDraft(
        receipt=row.receipt,
        unit=row.unit,
        column=row[2],
        state=row.state,
        received_on=row.received_on,
        published_on=calendar.local_date(row.published_at) if row.published_at else None,
        timeliness=row.timeliness,
        title="" if row.secret else row.title,
        submit_due_at=row.submit_due_at,
        due_certain=row.due_certain,
        is_duplicate=row.duplicate_of is not None,
    )
