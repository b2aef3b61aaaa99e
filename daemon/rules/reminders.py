"""What today's reminder to a unit says. Values only: the words are in templates/letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from daemon.rules.calendar import Calendar, month_of
from daemon.rules.duties import Gap, OpenDocument, gaps, open_documents, quota_states
from daemon.rules.quotas import Basis, DeliveredDraft, QuotaState
from daemon.rules.registers import OpenEntry
from parsers.office import Period, Unit

ItemKind = Literal["overdue", "due_soon", "daily_quota", "monthly_quota", "stale", "unexplained"]
Needs = Literal["resend", "interpretation", "more", "news", "change", "reply"]
_ORDER: tuple[ItemKind, ...] = ("overdue", "due_soon", "unexplained", "daily_quota", "monthly_quota", "stale")


@dataclass(frozen=True)
class ReminderItem:
    """One thing that the unit has to do. Which fields are set depends on `kind`; the rest are None, 0 or empty."""

    kind: ItemKind
    column: str | None
    needs: Needs
    """resend a returned document, interpretation of one, more items for a quota, news for a silent column, a change to
    be brought, a reply to a question."""
    due_at: datetime | None
    """The first moment that is too late; None for a day's quota, which cannot be made good, and where no limit is
    known."""
    certain: bool = True
    """False: nobody is told to be late (暂定)."""
    receipt: str | None = None
    title: str | None = None
    owed: int = 0
    delivered: int = 0
    waiting: int = 0
    """Received and waiting for the desk to publish it."""
    missing: int = 0
    """What the unit still has to send in."""
    days: tuple[date, ...] = ()
    """The days that had too few."""
    last_on: date | None = None
    silent_days: int = 0
    reference: str | None = None
    """Of what stands in a register: `change:12`, `case:5`."""


@dataclass(frozen=True)
class Leads:
    """How long before their end things are spoken of (`reminders.lead`, `reminders.quota_lead`)."""

    document: Period
    quota: Period


def reminder_items(
    unit: Unit, drafts: Iterable[DeliveredDraft], leads: Leads, basis: Basis, entries: Iterable[OpenEntry] = ()
) -> tuple[ReminderItem, ...]:
    """The items of today's letter, the most urgent kind first; empty: no letter.

    `drafts` are the unit's own, of any time; `entries` what the registers hold against it.
    """
    known = list(drafts)
    if not _is_on_duty(unit, basis):
        return ()
    documents = [_document(document, leads.document, basis) for document in open_documents(basis.office, known)]
    silent = [_silent(gap) for gap in gaps(unit, known, basis)]
    quotas = _quota_items(unit, known, leads.quota, basis)
    registered = [_entry(entry, leads.document, basis) for entry in entries]
    items = filter(None, [*documents, *registered, *quotas, *silent])
    return tuple(sorted(items, key=lambda item: _ORDER.index(item.kind)))


def thing_of(item: ReminderItem) -> str | None:
    """What the item is about, in the same words in every reminder of it; None: a day's quota, which cannot be made good
    and is spoken of once."""
    if item.reference:
        return item.reference
    if item.receipt:
        return f"{item.needs}:{item.receipt}"
    if item.kind == "monthly_quota":
        assert item.due_at is not None
        return f"month:{item.column}:{item.due_at:%Y-%m-%d}"
    return f"stale:{item.column}:{item.last_on}" if item.kind == "stale" else None


def is_time(now: datetime, at: time, calendar: Calendar) -> bool:
    """Whether today's reminders are to be written: on a working day, from `at` on."""
    local = now.astimezone(calendar.zone)
    return calendar.is_working_day(local.date()) and local.time() >= at


def _is_on_duty(unit: Unit, basis: Basis) -> bool:
    return basis.since(unit) <= basis.today and (unit.until is None or basis.today <= unit.until)


def _document(document: OpenDocument, lead: Period, basis: Basis) -> ReminderItem | None:
    if document.due_at and basis.now < basis.calendar.before(document.due_at, lead):
        return None
    return ReminderItem(
        kind=_urgency(document, basis),
        column=document.column,
        needs=document.needs,
        due_at=document.due_at,
        certain=document.certain,
        receipt=document.receipt,
        title=document.title,
    )


def _entry(entry: OpenEntry, lead: Period, basis: Basis) -> ReminderItem | None:
    if basis.now < basis.calendar.before(entry.due_at, lead):
        return None
    return ReminderItem(
        kind=_urgency(entry, basis),
        column=entry.column,
        needs=entry.needs,
        due_at=entry.due_at,
        certain=entry.certain,
        title=entry.title,
        reference=entry.reference,
    )


def _urgency(document: OpenDocument | OpenEntry, basis: Basis) -> ItemKind:
    if document.due_at is None:
        return "unexplained"
    return "overdue" if document.certain and basis.now >= document.due_at else "due_soon"


def _quota_items(unit: Unit, drafts: list[DeliveredDraft], lead: Period, basis: Basis) -> list[ReminderItem | None]:
    since = basis.calendar.working_day_before(basis.today)
    states = [
        state
        for column in basis.office.columns
        for state in quota_states(unit, column, drafts, since, basis.today, basis)
    ]
    return [_missed(state, since) if state.quota.per == "day" else _short(state, lead, basis) for state in states]


def _missed(state: QuotaState, since: date) -> ReminderItem | None:
    """From the last working day on: its reminder could not know of them yet. A long holiday's are told after it."""
    lacking = {day: number for day, number in state.lacking if day >= since}
    if not lacking:
        return None
    return ReminderItem(
        kind="daily_quota",
        column=state.column,
        needs="more",
        due_at=None,
        certain=state.certain,
        owed=state.quota.at_least,
        missing=sum(lacking.values()),
        days=tuple(lacking),
    )


def _short(state: QuotaState, lead: Period, basis: Basis) -> ReminderItem | None:
    """A month that is still running and ends within the lead, with too few even if all that waits is published."""
    end = basis.calendar.midnight(month_of(state.first)[1] + timedelta(days=1))
    missing = state.missing - state.waiting
    if missing <= 0 or not basis.calendar.before(end, lead) <= basis.now < end:
        return None
    return ReminderItem(
        kind="monthly_quota",
        column=state.column,
        needs="more",
        due_at=end,
        owed=state.owed,
        delivered=state.delivered,
        waiting=state.waiting,
        missing=missing,
    )


def _silent(gap: Gap) -> ReminderItem:
    return ReminderItem(
        kind="stale",
        column=gap.column,
        needs="news",
        due_at=gap.due_at,
        last_on=gap.last_on,
        silent_days=gap.days,
    )
