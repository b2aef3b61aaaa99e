"""When a timer ran last: once a day, and never again for a day that is over."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.store.schema import TimerRun


def last_run(session: Session, timer: str) -> date | None:
    """The last day that is settled; None: it never ran."""
    return session.scalar(select(func.max(TimerRun.day)).where(TimerRun.timer == timer))


def is_settled(session: Session, timer: str, day: date) -> bool:
    """Whether the timer has run for this day or a later one: a clock that steps back calls for nothing."""
    last = last_run(session, timer)
    return last is not None and last >= day
