"""今日任务: everything that is due today or overdue, by whose clock it is; and what will end on the portal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from daemon.desk import changes, consultations
from daemon.desk.accounts import Actor
from daemon.desk.ends import Ended, ended
from daemon.desk.lagging import lagging
from daemon.rules.calendar import Calendar
from daemon.rules.reminders import ReminderItem
from daemon.settings import Settings
from daemon.store.registers import Change, Consultation
from daemon.store.schema import Draft
from parsers.office import Unit

MOST = 100
"""Drafts of one clock that the page shows; the rest are in the lists."""
_OPEN = ("pending", "in_review")
_BEFORE_PORTAL = ("pending", "in_review", "approved", "exported")


@dataclass(frozen=True)
class DueDraft:
    """A draft whose time ends today, or has ended."""

    id: int
    receipt: str
    title: str
    unit: str | None
    state: str
    due_at: datetime


@dataclass(frozen=True)
class CaseTask:
    """What has to be done next about a case, and until when."""

    case: Consultation
    what: str
    due_at: datetime
    by_unit: bool = False
    """It waits for the unit; everything else is the editors'."""


@dataclass(frozen=True)
class Today:
    desk: tuple[DueDraft, ...]
    """The editors' own clock."""
    portal: tuple[DueDraft, ...]
    """Limits of the portal that had not passed at receipt."""
    units: tuple[tuple[Unit, tuple[ReminderItem, ...]], ...]
    changes: tuple[Change, ...]
    cases: tuple[CaseTask, ...]
    ended: tuple[Ended, ...]
    missing_year: int | None
    """The year whose official days off have to be entered by now."""

    @property
    def is_empty(self) -> bool:
        return not (self.desk or self.portal or self.units or self.changes or self.cases or self.ended)


def today(session: Session, settings: Settings, calendar: Calendar, who: Actor, now: datetime) -> Today:
    """All that this person should know of this day."""
    day = calendar.local_date(now)
    end = calendar.midnight(day + timedelta(days=1))
    of_portal = Draft.received_at < Draft.publish_due_at
    return Today(
        desk=_due(session, Draft.desk_due_at, _OPEN, who, end),
        portal=_due(session, Draft.publish_due_at, _BEFORE_PORTAL, who, end, of_portal),
        units=tuple(_pressing(lagging(session, settings, calendar, now), end)),
        changes=tuple(one.change for one in changes.listed(session, "open") if one.change.due_at <= end),
        cases=tuple(task for task in case_tasks(session) if task.due_at <= end or not task.by_unit),
        ended=tuple(ended(session, day)),
        missing_year=calendar.missing_year(day),
    )


def case_tasks(session: Session) -> list[CaseTask]:
    """The next steps of all open cases, the most urgent first."""
    found = (task for row in consultations.listed(session, "open") for task in _steps(row))
    return sorted(found, key=lambda task: (task.due_at, task.case.id))


def expiring(session: Session, calendar: Calendar, now: datetime, days: int) -> list[Ended]:
    """What has ended or will within these days and stands on the portal, by date."""
    until = calendar.local_date(now) + timedelta(days=days)
    return sorted(ended(session, until), key=lambda one: (one.on, one.draft.id))


def has_ended(one: Ended, day: date) -> bool:
    """Whether the last day is over, or a later text holds in its place."""
    return one.on <= day if one.kind == "repealed" else one.on < day


def _due(
    session: Session,
    clock: InstrumentedAttribute[datetime | None],
    states: tuple[str, ...],
    who: Actor,
    end: datetime,
    condition: ColumnElement[bool] | None = None,
) -> tuple[DueDraft, ...]:
    visible = true() if who.sees_secrets else Draft.secret.is_(False)
    query = select(Draft.id, Draft.receipt, Draft.title, Draft.unit, Draft.state, clock)
    query = query.where(Draft.state.in_(states), clock <= end, visible, true() if condition is None else condition)
    rows = session.execute(query.order_by(clock, Draft.id).limit(MOST))
    return tuple(
        DueDraft(number, receipt, title, unit, state, due) for number, receipt, title, unit, state, due in rows if due
    )


def _pressing(
    found: list[tuple[Unit, tuple[ReminderItem, ...]]], end: datetime
) -> Iterator[tuple[Unit, tuple[ReminderItem, ...]]]:
    """Without what the registers hold, which has lists of its own, and what has more time than today."""
    for unit, items in found:
        mine = tuple(item for item in items if not item.reference and (item.due_at is None or item.due_at <= end))
        if mine:
            yield unit, mine


def _steps(row: Consultation) -> Iterator[CaseTask]:
    """In the order of article 6: told, passed on, told where it went, answered, closed."""
    if row.notice_due_at and row.told_at is None:
        yield CaseTask(row, "告知投诉人已受理及答复时限", row.notice_due_at)
    if row.state == "answered":
        yield CaseTask(row, "审核答复，告知当事人后办结", row.answer_due_at)
        return
    if row.passed_at is None:
        yield CaseTask(row, "选定承办单位并转办", row.answer_due_at)
        return
    if row.notice_due_at and row.handed_at is None:
        yield CaseTask(row, "告知投诉人去向、联系方式", row.notice_due_at)
    yield CaseTask(row, f"等待{row.unit}答复", row.answer_due_at, by_unit=True)
