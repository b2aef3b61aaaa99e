"""来信请求: what units ask for by mail and only a person can grant, each answered once, by one click.

The requests are the journal's rows of what replies said; an answer is a row of its own beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from daemon.desk import overlay, review
from daemon.desk.accounts import Actor
from daemon.desk.hand import Hand, InvalidInput, NotFound
from daemon.settings import Settings
from daemon.store.overlay import AnsweredRequest
from daemon.store.schema import Draft, Journal

PAGE = 100
ASKED = ("reply.withdraw_asked", "reply.liaison", "reply.column", "reply.note")


@dataclass(frozen=True)
class Request:
    """What a unit asks for, and the draft that it is about, if any."""

    row: Journal
    draft: Draft | None

    @property
    def can_be_granted(self) -> bool:
        """A note asks for nothing that could be done by a click."""
        return self.row.action in _GRANTS


@dataclass(frozen=True)
class Answer:
    """A person's answer to one request."""

    row: Journal
    who: Actor
    settings: Settings
    now: datetime


def open_requests(session: Session, who: Actor) -> list[Request]:
    """What nobody has answered yet, the oldest first. What is about a secret draft is for the chief alone."""
    query = (
        select(Journal, Draft)
        .outerjoin(Draft, Draft.id == Journal.draft)
        .where(Journal.action.in_(ASKED), ~exists().where(AnsweredRequest.journal == Journal.id))
        .order_by(Journal.id)
        .limit(PAGE)
    )
    if not who.sees_secrets:
        query = query.where(or_(Draft.id.is_(None), Draft.secret.is_(False)))
    return [Request(row, draft) for row, draft in session.execute(query)]


def answer(session: Session, request_id: int, granted: bool, who: Actor, settings: Settings, now: datetime) -> bool:
    """Does what was asked for, or only takes note of it; False where somebody has answered before.

    NotAllowed, ConflictError and InvalidInput as of the act itself: then nothing was answered.
    """
    row = session.get(Journal, request_id, with_for_update=True)
    if row is None or row.action not in ASKED:
        raise NotFound("没有这项请求。")
    if session.get(AnsweredRequest, request_id) is not None:
        return False
    if granted:
        _grant(session, Answer(row, who, settings, now))
    outcome = "accept" if granted else "decline"
    session.add(AnsweredRequest(journal=request_id, outcome=outcome, who=who.name, at=now))
    about = {"draft": row.draft, "message": row.message, "unit": row.unit, "note": row.note}
    after = {"request": request_id}
    session.add(Journal(at=now, who=who.name, action=f"request.{outcome}", after=after, **about))
    return True


def _grant(session: Session, given: Answer) -> None:
    grant = _GRANTS.get(given.row.action)
    if grant is None:
        raise InvalidInput("这项来信请求须由人工办理，办理后点“办结”。")
    grant(session, given)


def _withdraw(session: Session, given: Answer) -> None:
    review.withdraw(session, _hand(session, given), given.row.note or "单位来信要求撤回")


def _column(session: Session, given: Answer) -> None:
    review.set_column(session, _hand(session, given), str(given.row.after.get("column", "")))


def _liaison(session: Session, given: Answer) -> None:
    name, phone = (str(given.row.after.get(key) or "") for key in ("name", "phone"))
    overlay.set_liaison(session, given.row.unit or "", name, phone, given.who, given.settings, given.now)


def _hand(session: Session, given: Answer) -> Hand:
    """On the draft as it is now: what the unit asks for does not depend on a version."""
    draft = session.get(Draft, given.row.draft) if given.row.draft else None
    if draft is None:
        raise NotFound("没有这篇稿件，或您无权查看。")
    return Hand(draft.id, draft.version, given.who, given.now, given.settings)


_GRANTS: Mapping[str, Callable[[Session, Answer], None]] = {
    "reply.withdraw_asked": _withdraw, "reply.column": _column, "reply.liaison": _liaison,
}  # fmt: skip
