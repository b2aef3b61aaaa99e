"""今日催办单: whom to call today, for what letters do not reach or have not moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk.ends import Ended, ended
from daemon.desk.escalate import times_reminded
from daemon.desk.lagging import lagging
from daemon.desk.recipient import unit_address
from daemon.desk.reminder_text import Section, sections
from daemon.rules.calendar import Calendar
from daemon.rules.reminders import ReminderItem, thing_of
from daemon.settings import Settings
from daemon.store.schema import Letter
from parsers.office import Unit


@dataclass(frozen=True)
class Call:
    """One unit to call: why, and about what."""

    unit: Unit
    reasons: tuple[str, ...]
    sections: tuple[Section, ...]
    times: int
    """Reminders in a row about the thing that has been named most often."""


@dataclass(frozen=True)
class CallSheet:
    calls: tuple[Call, ...]
    """Those that were reminded most often first."""
    others: int
    """Units that have something to do too, and that today's letter reaches."""
    ended: tuple[Ended, ...]
    """What has ended and still stands on the portal: for the editors themselves."""


def call_sheet(session: Session, settings: Settings, calendar: Calendar, now: datetime) -> CallSheet:
    """The sheet as things stand now."""
    found, counts, failed = lagging(session, settings, calendar, now), times_reminded(session, now), _failed(session)
    calls = [_call(session, settings, unit, items, counts.get(unit.name, Counter()), failed) for unit, items in found]
    wanted = sorted((call for call in calls if call.reasons), key=lambda call: -call.times)
    return CallSheet(tuple(wanted), len(calls) - len(wanted), tuple(ended(session, calendar.local_date(now))))


def _call(
    session: Session,
    settings: Settings,
    unit: Unit,
    items: tuple[ReminderItem, ...],
    counts: Counter[str],
    failed: dict[str | None, str],
) -> Call:
    times = max((counts[thing] for item in items if (thing := thing_of(item))), default=0)
    reasons = []
    if unit_address(session, unit) is None:
        reasons.append("没有可用的邮箱地址")
    if unit.name in failed:
        reasons.append(f"催报信没有送达（{failed[unit.name]}）")
    if times >= settings.reminders.escalate_after:
        reasons.append(f"已连续催报{times}次未办")
    return Call(unit, tuple(reasons), sections(items, settings.office_value.zone), times)


def _failed(session: Session) -> dict[str | None, str]:
    """Units whose last reminder did not get through, and why."""
    last = select(func.max(Letter.id)).where(Letter.kind == "reminder").group_by(Letter.unit)
    query = select(Letter.unit, Letter.error).where(Letter.id.in_(last), Letter.state == "failed")
    return {unit: error or "发送失败" for unit, error in session.execute(query)}
