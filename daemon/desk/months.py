"""Which months the assessment's timers still have to settle: each once, in order, those of a downtime too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from daemon.desk.timers import last_run
from daemon.rules.calendar import month_of
from daemon.store.schema import TimerRun
from daemon.store.unit_of_work import Store

BEGUN = "begun"
_DAY = timedelta(days=1)


def months_to_settle(store: Store, timer: str, today: date, now: datetime, dry_run: bool) -> list[date]:
    """The first days of the months that are over and not settled.

    None at the timer's very first run: a daemon that is set up in November tells nobody what October was.
    """
    with store.read() as session:
        last = last_run(session, timer)
    if last is None:
        if not dry_run:
            _begin(store, timer, today, now)
        return []
    return list(_months(month_of(last)[1] + _DAY, today.replace(day=1)))


def periods_of(month: date) -> tuple[str, ...]:
    """What is assessed when a month is over: itself, with June and December the half-year, with December the year."""
    year = month.year
    more = {6: (f"{year}-H1",), 12: (f"{year}-H2", f"{year}")}.get(month.month, ())
    return f"{year}-{month.month:02}", *more


def _begin(store: Store, timer: str, today: date, now: datetime) -> None:
    before = (today.replace(day=1) - _DAY).replace(day=1)
    try:
        with store.write() as session:
            session.add(TimerRun(timer=timer, day=before, outcome=BEGUN, at=now))
    except IntegrityError:
        # Another process has just done it.
        return


def _months(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first = month_of(first)[1] + _DAY
