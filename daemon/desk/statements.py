"""The statement (对账单): on the first working day of a month each unit gets the account of the last one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.assess import assess
from daemon.desk.months import months_to_settle, periods_of
from daemon.desk.number_gaps import month_lines
from daemon.desk.outbox import Cause, write_letter
from daemon.desk.recipient import unit_address
from daemon.export.figures import note_of, said, title_of
from daemon.mail.letter import said_due, said_time
from daemon.rules.assessment import Evidence, Report, UnitAssessment
from daemon.rules.calendar import Calendar
from daemon.rules.reminders import is_time
from daemon.rules.rule_texts import VERDICTS
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, TimerRun
from daemon.store.unit_of_work import Store

TIMER = "statements"
SENT = "statement.sent"
BY_PHONE = "单位没有可用的邮箱地址，对账单未写，请电话告知"


@dataclass(frozen=True)
class Statement:
    """One unit's letter; without `to` nobody can be written to."""

    unit: str
    month: date
    to: str | None
    values: dict[str, Any]

    @property
    def line(self) -> str:
        """What the timer says of it."""
        return f"对账：{self.unit} → {self.to or BY_PHONE}：{self.month:%Y-%m}"


def send_statements(
    store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False
) -> list[str]:
    """Writes the statements of the months that are over, on working days from `reminders.at` on; in a line each.

    A second call does nothing; after a downtime each month is told at the next run, once.
    """
    months = months_to_settle(store, TIMER, calendar.local_date(now), now, dry_run)
    if not is_time(now, settings.reminders.at, calendar):
        return []
    return [line for month in months for line in _settle(store, settings, calendar, month, now, dry_run)]


def objections_until(session: Session, settings: Settings, calendar: Calendar, month: date) -> datetime | None:
    """The first moment that is too late to object to a month's statement; None: it has not been sent."""
    run = session.get(TimerRun, (TIMER, month))
    return _until(settings, calendar, run.at) if run else None


def _until(settings: Settings, calendar: Calendar, sent: datetime) -> datetime:
    return calendar.add(calendar.local_date(sent), settings.assessment.objection_days).at


def _settle(
    store: Store, settings: Settings, calendar: Calendar, month: date, now: datetime, dry_run: bool
) -> list[str]:
    statements = _statements(store, settings, calendar, month, now)
    if not dry_run:
        try:
            with store.write() as session:
                _write(session, settings, month, statements, now)
        except IntegrityError:
            # Another process has just done it.
            return []
    return [statement.line for statement in statements]


def _statements(store: Store, settings: Settings, calendar: Calendar, month: date, now: datetime) -> list[Statement]:
    report = assess(store, settings, calendar, periods_of(month)[0], now)
    until = said_due(_until(settings, calendar, now))
    with store.read() as session:
        gaps = month_lines(session, settings, calendar, month, now)
        times = _received(session, report)
        return [
            Statement(
                unit.unit.name,
                month,
                unit_address(session, unit.unit),
                _values(unit, report, times, calendar) | {"gaps": gaps.get(unit.unit.name), "until": until},
            )
            for unit in report.units
        ]


def _received(session: Session, report: Report) -> dict[str, datetime]:
    """When each draft of the period came, to the minute, by its receipt number."""
    period = report.period
    query = select(Draft.receipt, Draft.received_at).where(Draft.received_on.between(period.first, period.last))
    return {receipt: at for receipt, at in session.execute(query) if at}


def _values(unit: UnitAssessment, report: Report, times: dict[str, datetime], calendar: Calendar) -> dict[str, Any]:
    return {
        "addressee": unit.unit.name,
        "period": report.period.said,
        "figures": list(_figures(unit)),
        "columns": [column for column in unit.duties.columns if column.owed or column.delivered],
        "drafts": [_draft(one, times, calendar) for one in unit.evidence],
        "rules": list(_rules(unit, report)),
        "excused": [one.reason for one in unit.excused],
    }


def _figures(unit: UnitAssessment) -> Iterator[tuple[str, str]]:
    duties = unit.duties
    yield "按时", f"{duties.on_time}件"
    yield "逾期", f"{duties.late}件"
    yield "未认定", f"{duties.unknown}件"
    yield "退稿未重报", f"{duties.returned}件"
    yield "无信息天数", f"{duties.days_without_news}天"
    yield "应配、已配解读", f"{duties.interpretations.owed}件、{duties.interpretations.delivered}件"
    yield "得分", said(unit.points)


def _draft(one: Evidence, times: dict[str, datetime], calendar: Calendar) -> dict[str, str]:
    at = times.get(one.draft.receipt)
    return {
        "receipt": one.draft.receipt,
        "title": title_of(one),
        "column": one.draft.column or "未定",
        "received": said_time(at.astimezone(calendar.zone)) if at else "",
        "verdict": VERDICTS[one.verdict] if one.verdict else "不计时效",
        "note": note_of(one),
    }


def _rules(unit: UnitAssessment, report: Report) -> Iterator[tuple[str, str]]:
    """Of the columns in which something was owed or came."""
    used = {one.draft.column for one in unit.evidence}
    for column in unit.duties.columns:
        if column.owed or column.column in used:
            yield column.column, report.rules[column.column]


def _write(session: Session, settings: Settings, month: date, statements: list[Statement], now: datetime) -> None:
    session.add(TimerRun(timer=TIMER, day=month, outcome="done", at=now))
    session.flush()
    for one in statements:
        after = {"period": f"{month:%Y-%m}"}
        sent = Journal(at=now, who="系统", action=SENT, unit=one.unit, after=after, note="" if one.to else BY_PHONE)
        if one.to:
            cause = Cause(f"statement:{one.unit}:{month:%Y-%m}", "statement", one.to, one.unit)
            sent.letter = write_letter(session, cause, one.values, settings, now).id
        session.add(sent)
