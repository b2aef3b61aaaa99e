"""Each `confirm_every` a unit is asked about its fixed columns: one letter on all that are due, answered by a reply."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.delivered import basis_of
from daemon.desk.outbox import Cause, write_letter
from daemon.desk.recipient import unit_address
from daemon.desk.timers import is_settled
from daemon.mail.answers import column_links
from daemon.rules.calendar import Calendar
from daemon.rules.confirmations import columns_to_confirm
from daemon.rules.reminders import is_time
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, TimerRun
from daemon.store.unit_of_work import Store
from parsers.office import Unit

TIMER = "confirmations"
ASKED = "confirmation.asked"
"""Action of the journal: which columns a unit was asked about."""
BY_PHONE = "单位没有可用的邮箱地址，请电话核对"


@dataclass(frozen=True)
class Question:
    """One unit's letter; without `to` nobody can be written to."""

    unit: Unit
    to: str | None
    columns: tuple[tuple[str, date | None], ...]
    """Each with the day on which something was sent in for it last."""

    @property
    def line(self) -> str:
        """What the timer says of it."""
        names = "、".join(name for name, _ in self.columns)
        return f"核对：{self.unit.name} → {self.to or BY_PHONE}：{names}"


def confirm_columns(
    store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False
) -> list[str]:
    """Writes the letters that are due, on working days from `reminders.at` on; in a line each.

    A second call does nothing; what fell due while the daemon was down is asked at its next run, once.
    """
    today = calendar.local_date(now)
    if not is_time(now, settings.reminders.at, calendar):
        return []
    with store.read() as session:
        if is_settled(session, TIMER, today):
            return []
        questions = _questions(session, settings, calendar, now)
    if not dry_run:
        try:
            with store.write() as session:
                _write(session, settings, today, questions, now)
        except IntegrityError:
            # Another process has just done it.
            return []
    return [question.line for question in questions]


def _questions(session: Session, settings: Settings, calendar: Calendar, now: datetime) -> list[Question]:
    basis, asked, last = basis_of(session, settings, calendar, now), _asked(session, calendar), _last_sent(session)
    found = ((unit, columns_to_confirm(unit, asked[unit.name], basis)) for unit in settings.office_value.units)
    return [
        Question(
            unit, unit_address(session, unit), tuple((one.name, last.get((unit.name, one.name))) for one in columns)
        )
        for unit, columns in found
        if columns
    ]


def _asked(session: Session, calendar: Calendar) -> defaultdict[str, dict[str, date]]:
    """By unit and column: the day of the last question."""
    asked: defaultdict[str, dict[str, date]] = defaultdict(dict)
    query = select(Journal.unit, Journal.at, Journal.after).where(Journal.action == ASKED).order_by(Journal.id)
    for unit, at, after in session.execute(query):
        asked[unit or ""].update(dict.fromkeys(after["columns"], calendar.local_date(at)))
    return asked


def _last_sent(session: Session) -> dict[tuple[str | None, str | None], date]:
    query = select(Draft.unit, Draft.column, func.max(Draft.received_on)).where(
        Draft.state.not_in(("rejected", "withdrawn", "quarantined"))
    )
    rows = session.execute(query.group_by(Draft.unit, Draft.column))
    return {(unit, column): day for unit, column, day in rows if day}


def _write(session: Session, settings: Settings, today: date, questions: list[Question], now: datetime) -> None:
    session.add(TimerRun(timer=TIMER, day=today, outcome="done", at=now))
    session.flush()
    for question in questions:
        _ask(session, settings, question, today, now)


def _ask(session: Session, settings: Settings, question: Question, today: date, now: datetime) -> None:
    unit = question.unit.name
    asked = Journal(
        at=now, who="系统", action=ASKED, unit=unit, after={"columns": [name for name, _ in question.columns]}
    )
    if question.to:
        cause = Cause(f"confirmation:{unit}:{today}", "confirmation_request", question.to, unit)
        asked.letter = write_letter(session, cause, _values(question, settings), settings, now).id
    else:
        asked.note = BY_PHONE
    session.add(asked)


def _values(question: Question, settings: Settings) -> dict[str, Any]:
    return {
        "addressee": question.unit.name,
        "count": len(question.columns),
        "columns": question.columns,
        "links": column_links(settings.office.address),
    }
