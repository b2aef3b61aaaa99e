"""Reminders: one letter a unit and working day, about everything in which the unit lags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.escalate import REMINDED, Escalation, escalations, put
from daemon.desk.lagging import lagging
from daemon.desk.outbox import Cause, is_written, write_letter
from daemon.desk.overlay import holds_on
from daemon.desk.recipient import unit_address
from daemon.desk.reminder_text import sections
from daemon.desk.timers import is_settled, last_run
from daemon.mail.letter import plain
from daemon.rules.calendar import Calendar
from daemon.rules.reminders import ReminderItem, is_time, thing_of
from daemon.settings import Settings
from daemon.store.schema import Journal, ReminderHold, TimerRun
from daemon.store.unit_of_work import Store
from parsers.office import Unit

TIMER = "reminders"
BY_OFFICE = "催报信须由编辑放行"
BY_EDITOR = "编辑已暂缓当天的催报"
NOBODY = "单位没有可用的邮箱地址，催报信未写，请电话联系"


@dataclass(frozen=True)
class Upcoming:
    """A reminder that is about to be written, as the editors see it before."""

    unit: str
    day: date
    at: datetime
    to: str | None
    """None: the unit has no address, a person has to call."""
    subject: str
    text: str
    count: int
    hold_reason: str | None
    """Why it will wait for a person; None: it goes by itself."""
    held_by_editor: bool
    items: tuple[ReminderItem, ...]
    values: dict[str, Any]


def remind(store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False) -> list[str]:
    """Writes today's reminders when their time has come; says in a line each what was, or would be, written.

    A second call does nothing. Days on which the daemon was down are recorded as missed, and not made good.
    """
    today = calendar.local_date(now)
    with store.read() as session:
        if not is_time(now, settings.reminders.at, calendar) or is_settled(session, TIMER, today):
            return []
        letters = _letters(session, settings, calendar, today, now)
        to_leaders = _to_leaders(session, settings, letters, now)
        missed = _missed_days(session, calendar, today)
    lines = [_line(letter) for letter in letters] + [one.line for one in to_leaders]
    if dry_run:
        return lines
    try:
        with store.write() as session:
            return _write(session, settings, today, letters, to_leaders, missed, now) + lines
    except IntegrityError:
        # Another process has just done it.
        return []


def preview(session: Session, settings: Settings, calendar: Calendar, now: datetime) -> tuple[Upcoming, ...]:
    """The reminders of today if they are still to come, else of the next working day, by what is known now."""
    today = calendar.local_date(now)
    is_over = session.get(TimerRun, (TIMER, today)) is not None or not calendar.is_working_day(today)
    day = calendar.working_day_after(today) if is_over else today
    at = datetime.combine(day, settings.reminders.at, calendar.zone)
    return tuple(_letters(session, settings, calendar, day, max(at, now)))


def _missed_days(session: Session, calendar: Calendar, today: date) -> list[date]:
    """Working days since the last run on which nothing ran."""
    last = last_run(session, TIMER)
    if last is None:
        return []
    between = (last + timedelta(days=number) for number in range(1, (today - last).days))
    return [day for day in between if calendar.is_working_day(day)]


def _letters(session: Session, settings: Settings, calendar: Calendar, day: date, at: datetime) -> list[Upcoming]:
    holds = _holds(session, day)
    found = lagging(session, settings, calendar, at)
    return [_upcoming(session, settings, unit, items, day, at, holds.get(unit.name)) for unit, items in found]


def _holds(session: Session, day: date) -> dict[str, str]:
    """The units whose reminder of the day the editors keep back, and why; for the day alone, or for longer."""
    longer = {unit: f"编辑已暂缓催报至 {hold.until}：{hold.value}" for unit, hold in holds_on(session, day).items()}
    of_day = session.scalars(select(ReminderHold.unit).where(ReminderHold.day == day))
    return longer | dict.fromkeys(of_day, BY_EDITOR)


def _upcoming(
    session: Session,
    settings: Settings,
    unit: Unit,
    items: tuple[ReminderItem, ...],
    day: date,
    at: datetime,
    hold: str | None,
) -> Upcoming:
    values = {
        "office": settings.office,
        "addressee": unit.name,
        "now": at.astimezone(settings.office_value.zone),
        "today": day,
        "count": len(items),
        "sections": sections(items, settings.office_value.zone),
    }
    subject, text = plain("reminder", values)
    return Upcoming(
        unit=unit.name,
        day=day,
        at=at,
        to=unit_address(session, unit),
        subject=subject,
        text=text,
        count=len(items),
        hold_reason=hold or (BY_OFFICE if settings.reminders.hold else None),
        held_by_editor=hold == BY_EDITOR,
        items=items,
        values=values,
    )


def _to_leaders(session: Session, settings: Settings, letters: list[Upcoming], now: datetime) -> list[Escalation]:
    """What an editor keeps back goes no further either."""
    office = settings.office_value
    units = [(office.unit(one.unit), one.items) for one in letters if one.hold_reason in (None, BY_OFFICE)]
    return escalations(session, settings, [(unit, items) for unit, items in units if unit], now)


def _write(
    session: Session,
    settings: Settings,
    today: date,
    letters: list[Upcoming],
    to_leaders: list[Escalation],
    missed: list[date],
    now: datetime,
) -> list[str]:
    session.add(TimerRun(timer=TIMER, day=today, outcome="done", at=now))
    session.add_all(TimerRun(timer=TIMER, day=day, outcome="missed", at=now) for day in missed)
    session.flush()
    for letter in letters:
        _put(session, settings, letter, now)
    for one in to_leaders:
        put(session, settings, one, now)
    return [f"催报：{day} 服务未运行，当日催报未发，不补发" for day in missed]


def _put(session: Session, settings: Settings, letter: Upcoming, now: datetime) -> None:
    key = f"reminder:{letter.unit}:{letter.day}"
    if letter.to is None:
        session.add(Journal(at=now, who="系统", action="letter.no_recipient", unit=letter.unit, note=NOBODY))
    elif not is_written(session, key):
        cause = Cause(key=key, kind="reminder", to=letter.to, unit=letter.unit, hold_reason=letter.hold_reason)
        written = write_letter(session, cause, letter.values, settings, now)
        things = {"things": [thing for item in letter.items if (thing := thing_of(item))]}
        named = Journal(at=now, who="系统", action=REMINDED, unit=letter.unit, letter=written.id, after=things)
        session.add(named)


def _line(letter: Upcoming) -> str:
    if letter.to is None:
        return f"催报：{letter.unit}：{NOBODY}"
    held = f"（暂不发出：{letter.hold_reason}）" if letter.hold_reason else ""
    return f"催报：{letter.unit} → {letter.to}：{letter.subject}{held}"
