"""What a unit owes a column by number, and what of it came (articles 3 and 4 of the notice; DOMAIN.md, section 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Literal

from daemon.rules.calendar import Calendar, month_of
from daemon.rules.excuses import Excuse, excused_days
from daemon.rules.states import State
from parsers.office import Column, Office, Quota, Unit
from parsers.submission import Timeliness

ALWAYS = date(2000, 1, 1)
"""The start of duties where all mail of the mailbox counts: before any mail."""

_UNCOUNTED: frozenset[State] = frozenset({"archived", "quarantined", "rejected", "withdrawn"})
_NO_NUMBER: frozenset[State] = _UNCOUNTED | {"returned"}


@dataclass(frozen=True)
class DeliveredDraft:
    """What the duties must know of a draft. Days are the office's."""

    receipt: str
    unit: str | None
    column: str | None
    """Its present column."""
    state: State
    received_on: date | None
    """Of its first revision: return and resend keep it."""
    published_on: date | None = None
    timeliness: Timeliness = "unknown"
    title: str = ""
    """Empty for a draft with a secrecy mark: letters must not name it."""
    submit_due_at: datetime | None = None
    due_certain: bool = False
    is_duplicate: bool = False
    document_number: str | None = None
    explained_by: str | None = None
    """The receipt of another unit's interpretation of it."""


@dataclass(frozen=True)
class Basis:
    """What every account of duties rests on."""

    office: Office
    calendar: Calendar
    start: date
    """The day from which duties count for units without `since`: see `duty_start`."""
    now: datetime
    excuses: tuple[Excuse, ...] = ()

    @cached_property
    def today(self) -> date:
        return self.calendar.local_date(self.now)

    def since(self, unit: Unit) -> date:
        """The day from which the unit's duties count."""
        return unit.since or self.start

    def excused(self, unit: Unit, column: Column, first: date, last: date) -> frozenset[date]:
        """The days of the period that are not held against the unit in this column."""
        return excused_days(self.excuses, unit.name, column.name, first, last)


@dataclass(frozen=True)
class QuotaState:
    """One quota of a unit in one month, as far as its days are over. `missing` needn't be `owed` less `delivered`:
    two items on one day don't make good the day before."""

    column: str
    quota: Quota
    first: date
    last: date
    """The month's days, all of them."""
    owed: int
    delivered: int
    missing: int
    waiting: int = 0
    """Where only the published count and the month still runs: received and not yet published, the desk's to do."""
    lacking: tuple[tuple[date, int], ...] = ()
    """Of a daily quota: the days that are over and had too few, and how many each lacks."""
    receipts: tuple[str, ...] = ()
    certain: bool = True
    """False where it hangs on working days that are not official yet."""


def duty_start(start: date | Literal["now", "all"], first_polled_on: date) -> date:
    """The day from which duties count, from `mailbox.start`, for units without `since`."""
    if start == "now":
        return first_polled_on
    return ALWAYS if start == "all" else start


def counts_for_punctuality(draft: DeliveredDraft) -> bool:
    """A returned draft still says when the unit had sent it in."""
    return draft.state not in _UNCOUNTED and not draft.is_duplicate


def counts_for_quota(draft: DeliveredDraft) -> bool:
    """A returned draft counts again only when it is resent, and then for its first day."""
    return draft.state not in _NO_NUMBER and not draft.is_duplicate


def assessed_timeliness(draft: DeliveredDraft) -> Timeliness:
    """Its verdict as an account may say it: nobody is late by a limit that is not certain."""
    return "unknown" if draft.timeliness == "late" and not draft.due_certain else draft.timeliness


def verdict_of(draft: DeliveredDraft, basis: Basis) -> Timeliness | None:
    """How the draft counts for punctuality; None: not at all, or it was late and that is excused."""
    if not counts_for_punctuality(draft):
        return None
    if draft.timeliness != "late":
        return draft.timeliness
    verdict = assessed_timeliness(draft)
    return None if verdict == "late" and _is_excused(draft, basis) else verdict


def _is_excused(draft: DeliveredDraft, basis: Basis) -> bool:
    """By name, or because the last day of its limit is an excused one."""
    due = draft.submit_due_at
    last = basis.calendar.local_date(due - timedelta(microseconds=1)) if due else None
    return any(
        excuse.receipt == draft.receipt
        or bool(last and excuse.holds(last) and excuse.covers(draft.unit or "", draft.column))
        for excuse in basis.excuses
    )


def day_counted(counts: Literal["submitted", "published"]) -> Callable[[DeliveredDraft], date | None]:
    """What gives the day for which a draft counts."""
    return attrgetter("published_on" if counts == "published" else "received_on")


def owes_column(unit: Unit, column: Column) -> bool:
    """Whether this unit may and must file in the column at all."""
    if column.name in unit.exempt or (column.kinds is not None and unit.kind not in column.kinds):
        return False
    return not column.issuers or any(name in column.issuers for name in (*unit.names, *unit.document_prefixes))


def owes_month(unit: Unit, day: date, basis: Basis) -> bool:
    """Whether the unit had its duties through the whole of this day's month: partial months owe no quota."""
    first, last = month_of(day)
    return basis.since(unit) <= first and (unit.until is None or unit.until >= last)


def quota_state(
    unit: Unit,
    column: Column,
    quota: Quota,
    drafts: Iterable[DeliveredDraft],
    month: date,
    basis: Basis,
) -> QuotaState | None:
    """The quota's state in the month of the day `month`; None where the unit owes nothing.

    `drafts` are the unit's own. Today is not over: what came today counts, but nothing of today is missing from a
    daily quota yet.
    """
    if not owes_column(unit, column) or not owes_month(unit, month, basis) or month_of(month)[0] > basis.today:
        return None
    own = [draft for draft in drafts if draft.column == column.name and counts_for_quota(draft)]
    excused = basis.excused(unit, column, *month_of(month))
    if quota.per == "month":
        return _monthly(column, quota, own, month, basis, len(excused))
    return _daily(column, quota, own, month, basis, excused)


def _monthly(
    column: Column, quota: Quota, drafts: list[DeliveredDraft], month: date, basis: Basis, excused: int
) -> QuotaState:
    """Excused days take their share from what the month owes, in the unit's favour."""
    first, last = month_of(month)
    owed = quota.at_least * (last.day - excused) // last.day
    counted = _of_days(drafts, quota, first, last)
    may_still_count = quota.counts == "published" and basis.today <= last
    return QuotaState(
        column=column.name,
        quota=quota,
        first=first,
        last=last,
        owed=owed,
        delivered=len(counted),
        missing=max(0, owed - len(counted)),
        waiting=sum(draft.published_on is None for draft in drafts) if may_still_count else 0,
        receipts=_receipts(counted),
    )


def _daily(
    column: Column,
    quota: Quota,
    drafts: list[DeliveredDraft],
    month: date,
    basis: Basis,
    excused: frozenset[date],
) -> QuotaState:
    first, last = month_of(month)
    working = quota.days == "working"
    over = _days(first, min(last, basis.today - timedelta(days=1)))
    days = [day for day in over if day not in excused]
    days = [day for day in days if not working or basis.calendar.is_working_day(day)]
    counted = _of_days(drafts, quota, first, min(last, basis.today))
    of_day = Counter(map(day_counted(quota.counts), counted))
    lacking = {day: quota.at_least - of_day[day] for day in days if of_day[day] < quota.at_least}
    return QuotaState(
        column=column.name,
        quota=quota,
        first=first,
        last=last,
        owed=quota.at_least * len(days),
        delivered=len(counted),
        missing=sum(lacking.values()),
        lacking=tuple(lacking.items()),
        receipts=_receipts(counted),
        certain=not working or basis.calendar.is_certain(first.year),
    )


def _of_days(drafts: list[DeliveredDraft], quota: Quota, first: date, last: date) -> list[DeliveredDraft]:
    day_of = day_counted(quota.counts)
    return [draft for draft in drafts if (day := day_of(draft)) and first <= day <= last]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _receipts(drafts: list[DeliveredDraft]) -> tuple[str, ...]:
    return tuple(sorted(draft.receipt for draft in drafts))
