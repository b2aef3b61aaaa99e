"""Published texts that end (过期及失效信息应及时删除或变更): on the last day the unit gets a letter, editors a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.ends import DUE, KINDS, Ended, ended, new_notes
from daemon.desk.outbox import Cause, write_letter
from daemon.desk.recipient import unit_address
from daemon.desk.reminder_text import NEUTRAL, Entry, Section
from daemon.desk.timers import is_settled
from daemon.rules.calendar import Calendar
from daemon.settings import Settings
from daemon.store.schema import Journal, TimerRun
from daemon.store.unit_of_work import Store

TIMER = "expiry"
BY_PHONE = "单位没有可用的邮箱地址，请电话联系"


def expire(store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False) -> list[str]:
    """Tells units and editors of what ends today, or has ended and was not told of; in a line each.

    Once a day, days off included, from `reminders.at` on: a public notice ends on a Sunday too.
    """
    today = calendar.local_date(now)
    if now.astimezone(calendar.zone).time() < settings.reminders.at:
        return []
    with store.read() as session:
        if is_settled(session, TIMER, today):
            return []
        notes = new_notes(session, settings, calendar, now)
        letters = _letters(session, settings, _untold(session, ended(session, today, notes)))
    if not dry_run:
        try:
            with store.write() as session:
                _write(session, settings, today, notes, letters, now)
        except IntegrityError:
            # Another process has just done it.
            return []
    return [letter.line for letter in letters]


@dataclass(frozen=True)
class ExpiryLetter:
    """All that ends of one unit; without `to` nobody can be written to."""

    unit: str | None
    to: str | None
    ended: tuple[Ended, ...]

    @property
    def line(self) -> str:
        """What the timer says of it."""
        about = "、".join(f"{one.draft.receipt}{KINDS[one.kind]}" for one in self.ended)
        return f"到期：{self.unit or '单位不明'} → {self.to or BY_PHONE}：{about}"


def _untold(session: Session, found: list[Ended]) -> list[Ended]:
    rows = session.execute(select(Journal.draft, Journal.after).where(Journal.action == DUE))
    told = {(draft, after["kind"], after["on"]) for draft, after in rows}
    return [one for one in found if (one.draft.id, one.kind, one.on.isoformat()) not in told]


def _letters(session: Session, settings: Settings, found: list[Ended]) -> list[ExpiryLetter]:
    return [
        ExpiryLetter(name, unit_address(session, unit) if unit else None, tuple(some))
        for name, some in groupby(found, key=lambda one: one.draft.unit)
        for unit in [settings.office_value.unit(name)]
    ]


def _write(
    session: Session, settings: Settings, today: date, notes: list[Journal], letters: list[ExpiryLetter], now: datetime
) -> None:
    session.add(TimerRun(timer=TIMER, day=today, outcome="done", at=now))
    session.add_all(notes)
    session.flush()
    for letter in letters:
        written = _letter(session, settings, letter, today, now) if letter.to else None
        session.add_all(_task(one, written, now) for one in letter.ended)


def _letter(session: Session, settings: Settings, letter: ExpiryLetter, today: date, now: datetime) -> int:
    entries = tuple(
        Entry(f"《{one.draft.title}》（回执编号：{one.draft.receipt}）", one.said, "") for one in letter.ended
    )
    values = {"addressee": letter.unit, "count": len(entries), "section": Section("", NEUTRAL, entries)}
    cause = Cause(f"expiry:{letter.unit}:{today}", "expiry", letter.to or "", letter.unit)
    return write_letter(session, cause, values, settings, now).id


def _task(one: Ended, letter: int | None, now: datetime) -> Journal:
    what = f"{one.said}请核对网上内容，撤下或变更。"
    note = what if letter else f"{what}{BY_PHONE}。"
    after = {"kind": one.kind, "on": one.on.isoformat()}
    return Journal(
        at=now, who="系统", action=DUE, draft=one.draft.id, unit=one.draft.unit, letter=letter, after=after, note=note
    )
