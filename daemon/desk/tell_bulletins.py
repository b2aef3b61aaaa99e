"""The bulletin to the units, once it stands on the portal: each its own place in it, and where to read the whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.frozen import unpacked
from daemon.desk.outbox import Cause, write_letter
from daemon.desk.recipient import unit_address
from daemon.export.figures import headings_of, said
from daemon.rules.assessment import Report, UnitAssessment
from daemon.rules.calendar import Calendar
from daemon.settings import Settings
from daemon.store.assessments import FrozenAssessment
from daemon.store.schema import Draft, Journal
from daemon.store.unit_of_work import Store

TOLD = "bulletin.sent"
BY_PHONE = "单位没有可用的邮箱地址，通报未寄，请电话告知"


def tell_bulletins(
    store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False
) -> list[str]:
    """Writes the letters on bulletins that have been published; in a line each. A second call does nothing."""
    with store.read() as session:
        due = list(session.scalars(_published().with_only_columns(FrozenAssessment.id)))
    if dry_run or not due:
        return [f"通报：编号{number}的通报将寄各单位" for number in due]
    try:
        with store.write() as session:
            rows = session.execute(_published().with_for_update(of=FrozenAssessment)).all()
            return [line for row, draft in rows for line in _tell(session, row, draft, settings, now)]
    except IntegrityError:
        # Another process has just done it.
        return []


def _published() -> Any:
    query = select(FrozenAssessment, Draft).join(Draft, Draft.id == FrozenAssessment.draft)
    due = query.where(FrozenAssessment.state == "frozen", FrozenAssessment.told_at.is_(None))
    return due.where(Draft.state == "published").order_by(FrozenAssessment.id)


def _tell(session: Session, row: FrozenAssessment, draft: Draft, settings: Settings, now: datetime) -> list[str]:
    report = unpacked(row)
    row.told_at = now
    return [_letter(session, row, draft, report, unit, settings, now) for unit in report.units]


def _letter(
    session: Session,
    row: FrozenAssessment,
    draft: Draft,
    report: Report,
    unit: UnitAssessment,
    settings: Settings,
    now: datetime,
) -> str:
    """One unit's; a unit that is on the register no more gets none."""
    name = unit.unit.name
    registered = settings.office_value.unit(name)
    to = unit_address(session, registered) if registered else None
    told = Journal(
        at=now, who="系统", action=TOLD, unit=name, draft=draft.id, after={"period": row.period, "number": row.number}
    )
    if to:
        cause = Cause(f"bulletin:{row.period}:{row.number}:{name}", "bulletin", to, name)
        told.letter = write_letter(session, cause, _values(row, draft, report, unit), settings, now).id
    else:
        told.note = BY_PHONE
    session.add(told)
    return f"通报：{name} → {to or BY_PHONE}：{report.period.said}"


def _values(row: FrozenAssessment, draft: Draft, report: Report, unit: UnitAssessment) -> dict[str, Any]:
    return {
        "addressee": unit.unit.name,
        "period": report.period.said,
        "title": draft.title,
        "url": draft.published_url,
        "reason": row.reason,
        "kind": report.kind_name(unit),
        "among": len(report.by_kind[report.kind_name(unit)]),
        "figures": [
            (heading.name, said(heading.of(unit))) for heading in headings_of([unit]) if heading.name != "单位"
        ],
        "given": [(f"{one.points:+.2f}", one.reason) for one in unit.given],
    }
