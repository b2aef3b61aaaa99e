"""The bulletin (通报) of a period: drafted when the time to object is over, frozen when approved.

A draft of the office itself goes through the normal review. What its figures were is kept when it is drafted, so that
nothing that is changed afterwards changes them: that makes an amendment, with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.assess import assess
from daemon.desk.excuses import required
from daemon.desk.frozen import last_frozen, packed, unpacked
from daemon.desk.hand import ConflictError
from daemon.desk.months import months_to_settle, periods_of
from daemon.desk.office_draft import put_office_draft, withdraw_office_draft
from daemon.desk.statements import objections_until
from daemon.export.differences import differences
from daemon.export.post import bulletin_post
from daemon.rules.assessment import Report
from daemon.rules.calendar import Calendar
from daemon.rules.reminders import is_time
from daemon.rules.states import NotAllowed, has_role
from daemon.settings import Settings
from daemon.store.assessments import FrozenAssessment
from daemon.store.schema import Draft, Journal, TimerRun
from daemon.store.unit_of_work import Store

TIMER = "bulletins"
SYSTEM = "系统"


@dataclass(frozen=True)
class Desk:
    """Whose assessments they are, and when it is now."""

    store: Store
    settings: Settings
    calendar: Calendar
    now: datetime


def draft_bulletins(
    store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False
) -> list[str]:
    """Drafts the bulletins of the months, half-years and years whose time to object is over; in a line each.

    On working days from `reminders.at` on. A second call does nothing; after a downtime all are made up for.
    """
    months = months_to_settle(store, TIMER, calendar.local_date(now), now, dry_run)
    if not is_time(now, settings.reminders.at, calendar):
        return []
    desk = Desk(store, settings, calendar, now)
    return [line for month in _due(desk, months) for line in _settle(desk, month, dry_run)]


def freeze(session: Session, draft: Draft, who: str, now: datetime) -> None:
    """The bulletin has been approved: its figures stand from now on. Nothing where the draft is no bulletin."""
    drafted = select(FrozenAssessment).where(FrozenAssessment.draft == draft.id, FrozenAssessment.state == "drafted")
    row = session.scalar(drafted.with_for_update())
    if row is None:
        return
    row.state, row.frozen_by, row.frozen_at = "frozen", who, now
    _record(session, "assessment.freeze", row, who, now, {"state": "frozen"})


def redraft(desk: Desk, period: str, who: Actor) -> int:
    """The bulletin that is not approved yet once more, by the figures of the moment; gives its draft."""
    _check_chief(who)
    report = assess(desk.store, desk.settings, desk.calendar, period, desk.now)
    with desk.store.write() as session:
        row = _drafted(session, period)
        if row is None:
            raise ConflictError("这一期没有待审核的通报，可能已由他人办理。请刷新页面后再操作。")
        former = last_frozen(session, period)
        if row.draft is not None:
            withdraw_office_draft(session, row.draft, who.name, desk.now, "按最新数据重新起草")
        row.draft = _put(session, desk, report, unpacked(former) if former else None, row.reason, who.name)
        row.content, row.config_version = packed(report), desk.settings.office_value.config_version
        row.who, row.at = who.name, desk.now
        _record(session, "assessment.redraft", row, who.name, desk.now, {"state": "drafted"})
        return row.draft


def draft_now(desk: Desk, period: str, who: Actor) -> int:
    """The bulletin of a period that is over, before the time to object is, or where no timer drafted it."""
    _check_chief(who)
    report = assess(desk.store, desk.settings, desk.calendar, period, desk.now)
    if not report.is_over:
        raise NotAllowed(f"{report.period.said}尚未结束，不能起草通报。")
    with desk.store.write() as session:
        if _last_number(session, period) is not None:
            raise ConflictError("这一期已经起草过通报。请刷新页面后再操作。")
        row = _add(session, desk, report, who.name)
        assert row.draft is not None
        return row.draft


def amend(desk: Desk, period: str, reason: str, who: Actor) -> int:
    """Drafts an amendment (更正通报) of a frozen assessment; gives its draft. Refused where no figure has changed."""
    _check_chief(who)
    reason = required(reason, "请写明更正的原因，更正通报会写明这一原因。").rstrip("。")
    report = assess(desk.store, desk.settings, desk.calendar, period, desk.now)
    with desk.store.write() as session:
        former = last_frozen(session, period)
        if former is None or _drafted(session, period) is not None:
            raise ConflictError("这一期尚未核定，或已有待审核的更正通报。请刷新页面后再操作。")
        before = unpacked(former)
        if not differences(before, report):
            raise NotAllowed("现有数据与已核定的一致，没有需要更正的内容。")
        row = _add(session, desk, report, who.name, before, reason)
        assert row.draft is not None
        return row.draft


def _due(desk: Desk, months: Sequence[date]) -> list[date]:
    """Those whose statements were sent and can no longer be objected to, in order."""
    with desk.store.read() as session:
        ends = [(month, objections_until(session, desk.settings, desk.calendar, month)) for month in months]
    return [month for month, _ in takewhile(lambda one: one[1] is not None and desk.now >= one[1], ends)]


def _settle(desk: Desk, month: date, dry_run: bool) -> list[str]:
    """All that the month's end calls for, in one transaction."""
    found = [assess(desk.store, desk.settings, desk.calendar, period, desk.now) for period in periods_of(month)]
    reports = [report for report in found if report.units]
    if not dry_run:
        try:
            with desk.store.write() as session:
                session.add(TimerRun(timer=TIMER, day=month, outcome="done", at=desk.now))
                session.flush()
                reports = [one for one in reports if _last_number(session, one.period.text) is None]
                for report in reports:
                    _add(session, desk, report, SYSTEM)
        except IntegrityError:
            _check_settled(desk, month)
            return []
    return [f"通报：{report.period.said}通报已起草，待审" for report in reports]


def _check_settled(desk: Desk, month: date) -> None:
    """Another process has just done it; else the error is one."""
    with desk.store.read() as session:
        session.get_one(TimerRun, (TIMER, month))


def _add(
    session: Session, desk: Desk, report: Report, who: str, before: Report | None = None, reason: str = ""
) -> FrozenAssessment:
    last = _last_number(session, report.period.text)
    row = FrozenAssessment(
        period=report.period.text, number=0 if last is None else last + 1, state="drafted", content=packed(report),
        config_version=desk.settings.office_value.config_version, reason=reason, who=who, at=desk.now,
        draft=_put(session, desk, report, before, reason, who),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, "assessment.draft", row, who, desk.now, {"state": "drafted"})
    return row


def _put(session: Session, desk: Desk, report: Report, before: Report | None, reason: str, who: str) -> int:
    changed = differences(before, report) if before else ()
    post = bulletin_post(report, desk.settings.office.name, reason or None, changed)
    column = desk.settings.assessment.bulletin_column
    return put_office_draft(session, post.title, post.body_html, column, who, desk.now, desk.settings).id


def _drafted(session: Session, period: str) -> FrozenAssessment | None:
    query = select(FrozenAssessment).where(FrozenAssessment.period == period, FrozenAssessment.state == "drafted")
    return session.scalar(query.with_for_update())


def _last_number(session: Session, period: str) -> int | None:
    return session.scalar(select(func.max(FrozenAssessment.number)).where(FrozenAssessment.period == period))


def _check_chief(who: Actor) -> None:
    if not has_role(who.role, "chief"):
        raise NotAllowed("通报的起草和更正须由主编办理。")


def _record(
    session: Session, action: str, row: FrozenAssessment, who: str, now: datetime, after: dict[str, object]
) -> None:
    after = after | {"period": row.period, "number": row.number}
    session.add(Journal(at=now, who=who, action=action, draft=row.draft, after=after, note=row.reason))
