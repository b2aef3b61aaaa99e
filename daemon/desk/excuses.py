"""What people say of an account: excuses and points, each with a reason. Taken back, never erased."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.hand import InvalidInput, NotFound
from daemon.rules.assessment import parse_period
from daemon.rules.excuses import LONGEST, Excuse, GivenPoints
from daemon.rules.states import NotAllowed, has_role
from daemon.settings import Settings
from daemon.store.assessments import ExcuseEntry, PointsEntry
from daemon.store.schema import Draft, Journal

_POINTS = re.compile(r"([+\-]?)(\d{1,2})(?:\.(\d{1,2}))?")
_REASON = 500
Entry = TypeVar("Entry", ExcuseEntry, PointsEntry)


@dataclass(frozen=True)
class Wanted:
    """An excuse as a form has it: of a draft by its receipt number, or of days."""

    reason: str
    unit: str | None = None
    column: str | None = None
    since: date | None = None
    until: date | None = None
    receipt: str | None = None


def excuses(session: Session) -> tuple[Excuse, ...]:
    """All that stand, in the order in which they were given."""
    query = select(ExcuseEntry, Draft.receipt).outerjoin(Draft, Draft.id == ExcuseEntry.draft)
    rows = session.execute(query.where(ExcuseEntry.revoked_at.is_(None)).order_by(ExcuseEntry.id))
    return tuple(
        Excuse(row.reason, row.who, row.unit, row.column, row.since, row.until, receipt) for row, receipt in rows
    )


def given_points(session: Session, period: str) -> tuple[GivenPoints, ...]:
    """The points that people gave in this very period."""
    query = select(PointsEntry).where(PointsEntry.period == period, PointsEntry.revoked_at.is_(None))
    return tuple(
        GivenPoints(row.unit, Decimal(row.hundredths) / 100, row.reason, row.who)
        for row in session.scalars(query.order_by(PointsEntry.id))
    )


def excuse(session: Session, wanted: Wanted, who: Actor, now: datetime, settings: Settings) -> ExcuseEntry:
    """Holds the days, or the draft, against nobody. InvalidInput where the form does not do."""
    _check_chief(who)
    return put_excuse(session, wanted, who, now, settings)


def put_excuse(session: Session, wanted: Wanted, who: Actor, now: datetime, settings: Settings) -> ExcuseEntry:
    """The same for an editor who upholds an objection."""
    reason = required(wanted.reason, "请写明免责的理由。")
    _check_names(wanted.unit, wanted.column, settings)
    draft = _draft(session, wanted.receipt) if wanted.receipt else None
    since, until = (None, None) if draft else _days(wanted)
    entry = ExcuseEntry(
        unit=draft.unit if draft else wanted.unit, column=None if draft else wanted.column, since=since, until=until,
        draft=draft.id if draft else None, reason=reason, who=who.name, at=now,
    )  # fmt: skip
    session.add(entry)
    after = {"column": entry.column, "since": _plain(since), "until": _plain(until)}
    _record(session, "excuse.give", entry.unit, who, now, reason, after, entry.draft)
    return entry


def give_points(
    session: Session, unit: str, period: str, points: str, reason: str, who: Actor, now: datetime, settings: Settings
) -> PointsEntry:
    """Adds points to a unit's in a period, or takes them (`-2`, `1.5`). PeriodError where there is no such period."""
    _check_chief(who)
    parse_period(period)
    if not unit:
        raise InvalidInput("请选择单位。")
    _check_names(unit, None, settings)
    hundredths, reason = _hundredths(points), required(reason, "请写明加分、扣分的理由。")
    entry = PointsEntry(unit=unit, period=period, hundredths=hundredths, reason=reason, who=who.name, at=now)
    session.add(entry)
    _record(session, "points.give", unit, who, now, reason, {"period": period, "points": hundredths / 100})
    return entry


def revoke_excuse(session: Session, number: int, who: Actor, now: datetime) -> None:
    """It no longer counts; the row stays."""
    entry = _open_entry(session, ExcuseEntry, number, who)
    entry.revoked_by, entry.revoked_at = who.name, now
    _record(session, "excuse.revoke", entry.unit, who, now, entry.reason, {}, entry.draft)


def revoke_points(session: Session, number: int, who: Actor, now: datetime) -> None:
    """They no longer count; the row stays."""
    entry = _open_entry(session, PointsEntry, number, who)
    entry.revoked_by, entry.revoked_at = who.name, now
    after = {"period": entry.period, "points": entry.hundredths / 100}
    _record(session, "points.revoke", entry.unit, who, now, entry.reason, after)


def entries(session: Session) -> tuple[list[tuple[ExcuseEntry, str | None]], list[PointsEntry]]:
    """All excuses, each with its draft's receipt number, and all points; the newest first, those taken back too."""
    query = select(ExcuseEntry, Draft.receipt).outerjoin(Draft, Draft.id == ExcuseEntry.draft)
    rows = session.execute(query.order_by(ExcuseEntry.id.desc()))
    points = session.scalars(select(PointsEntry).order_by(PointsEntry.id.desc()))
    return [(row, receipt) for row, receipt in rows], list(points)


def required(text: str, complaint: str) -> str:
    """The text on one line; InvalidInput where there is none."""
    words = " ".join(text.split())
    if not words:
        raise InvalidInput(complaint)
    return words[:_REASON]


def _open_entry(session: Session, table: type[Entry], number: int, who: Actor) -> Entry:
    _check_chief(who)
    entry = session.get(table, number, with_for_update=True)
    if entry is None or entry.revoked_at is not None:
        raise NotFound("没有这一条，或已经撤销。")
    return entry


def _check_chief(who: Actor) -> None:
    if not has_role(who.role, "chief"):
        raise NotAllowed("免责和加减分须由主编办理。")


def _check_names(unit: str | None, column: str | None, settings: Settings) -> None:
    if unit and settings.office_value.unit(unit) is None:
        raise InvalidInput(f"没有名为“{unit}”的单位。")
    if column and settings.office_value.column(column) is None:
        raise InvalidInput(f"没有名为“{column}”的栏目。")


def _draft(session: Session, receipt: str) -> Draft:
    draft = session.scalar(select(Draft).where(Draft.receipt == receipt.strip()))
    if draft is None:
        raise InvalidInput(f"没有回执编号为 {receipt.strip()[:20]} 的稿件。")
    return draft


def _days(wanted: Wanted) -> tuple[date, date]:
    if wanted.since is None or wanted.until is None:
        raise InvalidInput("请填写回执编号，或免责的起止日期。")
    if not 0 <= (wanted.until - wanted.since).days < LONGEST:
        raise InvalidInput(f"止日不能早于起日，一次不超过{LONGEST}天。")
    return wanted.since, wanted.until


def _hundredths(points: str) -> int:
    found = _POINTS.fullmatch(points.strip())
    number = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0")) if found else 0
    if not found or not number:
        raise InvalidInput("分值应为不超过两位小数的数，如 2、-1.5。")
    return -number if found[1] == "-" else number


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _record(
    session: Session,
    action: str,
    unit: str | None,
    who: Actor,
    now: datetime,
    reason: str,
    after: Mapping[str, object],
    draft: int | None = None,
) -> None:
    session.add(Journal(at=now, who=who.name, action=action, unit=unit, draft=draft, after=dict(after), note=reason))
    session.flush()
