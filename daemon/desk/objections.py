"""Objections (异议): a unit's reply opens a case, an editor upholds or dismisses it, the unit is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk import clocks
from daemon.desk.accounts import Actor
from daemon.desk.drafting import CONTENT, SYSTEM, Intake, content_of
from daemon.desk.excuses import Wanted, put_excuse, required
from daemon.desk.hand import ConflictError, Hand, InvalidInput, record, swap, unlocked
from daemon.desk.outbox import Cause, write_letter
from daemon.desk.recipient import unit_address
from daemon.mail.letter import is_deliverable, said_day
from daemon.settings import Settings
from daemon.store.assessments import Objection
from daemon.store.schema import Draft, Journal, Letter, Message, Revision

_LONGEST = 2000
_STATEMENT = re.compile(r"statement:.+:([0-9]{4}-[0-9]{2})")

How = Literal["excuse", "issued_on", "unit"]


@dataclass(frozen=True)
class Verdict:
    """What an editor decides: why and, where the objection is upheld, what it changes."""

    reason: str
    how: How | None = None
    """None: it is dismissed."""
    issued_on: date | None = None
    unit: str | None = None
    since: date | None = None
    until: date | None = None
    """Of an excuse where the objection names no draft."""


@dataclass(frozen=True)
class Case:
    """An objection as the page shows it."""

    row: Objection
    draft: Draft | None
    message: Message


def open_cases(intake: Intake, drafts: Sequence[Draft], letter: Letter | None, words: str) -> None:
    """A case for each draft that a unit's reply objects to; one about none where it names none."""
    month = _STATEMENT.fullmatch(letter.key) if letter else None
    for draft in drafts or (None,):
        period = f"{draft.received_on:%Y-%m}" if draft and draft.received_on else month[1] if month else None
        _open(intake, draft, period, words)


def _open(intake: Intake, draft: Draft | None, period: str | None, words: str) -> None:
    message = intake.message
    objection = Objection(
        unit=message.unit or "", draft=draft.id if draft else None, period=period, message=message.id,
        text=words[:_LONGEST], at=intake.now,
    )  # fmt: skip
    intake.session.add(objection)
    intake.session.add(
        Journal(
            at=intake.now, who=SYSTEM, action="objection.open", draft=objection.draft, message=message.id,
            unit=message.unit, after={"period": period},
        )
    )  # fmt: skip


def cases(session: Session, is_open: bool, limit: int = 200) -> list[Case]:
    """The open ones, the oldest first; or those that are settled, the last first."""
    query = (
        select(Objection, Draft, Message)
        .outerjoin(Draft, Draft.id == Objection.draft)
        .join(Message, Message.id == Objection.message)
        .where(Objection.state == "open" if is_open else Objection.state != "open")
        .order_by(Objection.id if is_open else Objection.settled_at.desc())
    )
    return [Case(*row) for row in session.execute(query.limit(limit))]


def count_open(session: Session) -> int:
    """How many wait for an editor."""
    return session.scalar(select(func.count()).where(Objection.state == "open")) or 0


def settle(
    session: Session, number: int, version: int, verdict: Verdict, who: Actor, now: datetime, settings: Settings
) -> Objection:
    """Upholds or dismisses the case and answers the unit. ConflictError where somebody else was faster."""
    row = session.get(Objection, number, with_for_update=True)
    if row is None or row.version != version or row.state != "open":
        raise ConflictError("这件异议已由他人办理，您的操作没有执行。请刷新页面核对。")
    reason = required(verdict.reason, "请写明理由，答复函会写明这一理由。")
    row.outcome = _uphold(session, row, verdict, who, now, settings) if verdict.how else {}
    row.state, row.reason, row.version = "upheld" if verdict.how else "dismissed", reason, row.version + 1
    row.settled_by, row.settled_at = who.name, now
    letter = _answer(session, row, now, settings)
    session.add(
        Journal(
            at=now, who=who.name, action=f"objection.{row.state}", draft=row.draft, message=row.message, unit=row.unit,
            letter=letter.id if letter else None, after=row.outcome, note=reason,
        )
    )  # fmt: skip
    return row


def _uphold(
    session: Session, row: Objection, verdict: Verdict, who: Actor, now: datetime, settings: Settings
) -> dict[str, Any]:
    """Does what the objection is upheld for; gives what was changed."""
    draft = session.get_one(Draft, row.draft) if row.draft is not None else None
    if verdict.how == "excuse":
        return _excuse(session, row, draft, verdict, who, now, settings)
    if draft is None:
        raise InvalidInput("这件异议没有指明稿件，只能给予免责。")
    hand = Hand(draft.id, draft.version, who, now, settings)
    return _redate(session, hand, verdict) if verdict.how == "issued_on" else _rename(session, hand, verdict)


def _excuse(
    session: Session, row: Objection, draft: Draft | None, verdict: Verdict, who: Actor, now: datetime,
    settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    receipt = draft.receipt if draft else None
    wanted = Wanted(verdict.reason, row.unit, None, verdict.since, verdict.until, receipt)
    return {"excuse": put_excuse(session, wanted, who, now, settings).id}


def _redate(session: Session, hand: Hand, verdict: Verdict) -> dict[str, Any]:
    """The right 成文日期, as a revision, whatever the draft's state: the portal shows no other text for it."""
    if verdict.issued_on is None:
        raise InvalidInput("请填写更正后的成文日期。")
    draft = unlocked(session, hand)
    before = draft.issued_on
    new = {name: getattr(draft, name) for name in CONTENT} | {"issued_on": verdict.issued_on}
    times = clocks.due_times(draft, new, hand.settings)
    swap(session, hand, draft, issued_on=verdict.issued_on, revision=draft.revision + 1, **times)
    session.add(
        Revision(draft=draft.id, number=draft.revision, at=hand.now, who=hand.who.name, content=content_of(draft))
    )
    record(session, hand, "edit", {"issued_on": _plain(before)}, {"issued_on": _plain(draft.issued_on)}, "异议成立")
    return {"issued_on": _plain(draft.issued_on)}


def _rename(session: Session, hand: Hand, verdict: Verdict) -> dict[str, Any]:
    """The unit that the draft counts for."""
    if hand.settings.office_value.unit(verdict.unit) is None:
        raise InvalidInput("请选择稿件应归属的单位。")
    draft = unlocked(session, hand)
    before = draft.unit
    swap(session, hand, draft, unit=verdict.unit)
    record(session, hand, "edit", {"unit": before}, {"unit": draft.unit}, "异议成立")
    return {"unit": draft.unit}


def _answer(session: Session, row: Objection, now: datetime, settings: Settings) -> Letter | None:
    """To the address that objected, which its unit has registered."""
    message = session.get_one(Message, row.message)
    draft = session.get(Draft, row.draft) if row.draft is not None else None
    to = (message.sender_address or "").lower()
    unit = settings.office_value.unit(row.unit)
    address = to if is_deliverable(to) else unit_address(session, unit) if unit else None
    if not address:
        return None
    cause = Cause(f"objection:{row.id}", "answer", address, row.unit, answers=message, draft=draft)
    values = {
        "addressee": row.unit, "verified": True, "requests": [_said(row, draft)],
        "receipt": draft.receipt if draft else None,
    }  # fmt: skip
    return write_letter(session, cause, values, settings, now)


def _said(row: Objection, draft: Draft | None) -> str:
    about = f"对稿件 {draft.receipt} 的异议" if draft else "所提异议"
    if row.state == "dismissed":
        return f"{about}经核实不成立，原认定不变。理由：{row.reason}。"
    return f"{about}经核实成立，{_changed(row.outcome)}。理由：{row.reason}。"


def _changed(outcome: dict[str, Any]) -> str:
    if "issued_on" in outcome:
        return f"成文日期更正为{said_day(date.fromisoformat(outcome['issued_on']))}，时效已重新认定"
    return f"稿件改计入{outcome['unit']}" if "unit" in outcome else "有关情况予以免责，不计逾期、不计缺报"


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None
