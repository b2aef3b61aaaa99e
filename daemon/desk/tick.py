"""One pass of the timers. What is due is read from the database, so a clock step or a second call changes nothing."""

from __future__ import annotations

from datetime import datetime

from daemon.desk.bulletins import draft_bulletins
from daemon.desk.changes import settle
from daemon.desk.confirm_columns import confirm_columns
from daemon.desk.expire import expire
from daemon.desk.remind import remind
from daemon.desk.statements import send_statements
from daemon.desk.tell_bulletins import tell_bulletins
from daemon.desk.tell_slow import tell_slow
from daemon.rules.calendar import Calendar
from daemon.settings import Settings
from daemon.store.unit_of_work import Store

TIMERS = (settle, tell_slow, remind, confirm_columns, expire, send_statements, draft_bulletins, tell_bulletins)


def tick(store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False) -> list[str]:
    """Runs what is due at `now`; gives a line for each letter written, or with `dry_run` for each that would be.

    A timer that fails holds up none of the others; its exception comes after them.
    """
    lines: list[str] = []
    failures: list[Exception] = []
    for timer in TIMERS:
        try:
            lines += timer(store, settings, calendar, now, dry_run)
        except Exception as failure:  # noqa: BLE001 — the others' letters must not wait for its cause
            failures.append(failure)
    if failures:
        raise failures[0]
    return lines
