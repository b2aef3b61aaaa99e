"""A person's hand on a draft: which version, under whose lock, and how a change is written without losing another's.

Taking a draft locks it for `review.lock`; every act of its holder makes the lock last anew. It ends by itself: nothing
has to be undone when somebody goes home.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.rules.states import NotAllowed
from daemon.settings import Settings
from daemon.store import open_findings
from daemon.store.schema import Draft, Journal


class ConflictError(Exception):
    """Somebody else has changed the draft meanwhile; nothing was done. The text says who, in Chinese."""


class InvalidInput(ValueError):
    """What was entered does not do; the text says why, in Chinese."""


class NotFound(LookupError):
    """There is no such draft for this person."""


@dataclass(frozen=True)
class Hand:
    """Who does something to which version of which draft, when, under which config."""

    draft_id: int
    version: int
    who: Actor
    now: datetime
    settings: Settings


def held(session: Session, hand: Hand) -> Draft:
    """The draft as this person last saw it; NotFound, or ConflictError where it has changed since."""
    draft = session.get(Draft, hand.draft_id)
    if draft is None or (draft.secret and not hand.who.sees_secrets):
        raise NotFound("没有这篇稿件，或您无权查看。")
    if draft.version != hand.version:
        raise _conflict(session, hand)
    return draft


def name_of(session: Session, hand: Hand) -> str:
    """How a draft is named to a person who may see it, whatever its version."""
    draft = session.get_one(Draft, hand.draft_id)
    return f"{draft.receipt}《{draft.title}》"


def unlocked(session: Session, hand: Hand) -> Draft:
    """The same, for a change; NotAllowed while another person's lock lasts."""
    draft = held(session, hand)
    if holder := locked_by_other(draft, hand.who, hand.now):
        assert draft.locked_until is not None
        until = f"{draft.locked_until.astimezone(hand.settings.office_value.zone):%H:%M}"
        raise NotAllowed(f"{holder}正在处理这篇稿件，锁定至 {until}，届时自动解除；急需时请主编改派。")
    return draft


def locked_by_other(draft: Draft, who: Actor, now: datetime) -> str | None:
    """Who else is working on it now; None: it is free for this person."""
    lasts = draft.locked_until is not None and now < draft.locked_until
    return draft.assignee if lasts and draft.assignee != who.name else None


def lock(hand: Hand) -> dict[str, Any]:
    """The columns of a draft that this person works on from now."""
    return {"assignee": hand.who.name, "locked_until": hand.now + hand.settings.review.lock}


def renewed(draft: Draft, hand: Hand) -> dict[str, Any]:
    """The same where it is in review: whoever acts on it then holds it."""
    return lock(hand) if draft.state == "in_review" else {}


def keep_lock(session: Session, hand: Hand) -> bool:
    """Makes this person's lock last anew while they write; False where they don't hold the draft any more.

    The version stays, so that the page on which they write does not grow old by it."""
    mine = (Draft.id == hand.draft_id, Draft.assignee == hand.who.name, Draft.state == "in_review")
    kept = update(Draft).where(*mine).values(locked_until=lock(hand)["locked_until"]).returning(Draft.id)
    return session.scalar(kept.execution_options(synchronize_session=False)) is not None


def swap(session: Session, hand: Hand, draft: Draft, **values: Any) -> None:
    """The new values, if nobody was faster."""
    statement = (
        update(Draft)
        .where(Draft.id == hand.draft_id, Draft.version == hand.version)
        .values(version=hand.version + 1, touched=True, updated_at=hand.now, **values)
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(statement) is None:
        raise _conflict(session, hand)
    session.refresh(draft)
    if "findings" in values:
        open_findings.put(session, draft)


def record(
    session: Session, hand: Hand, action: str, before: dict[str, Any], after: dict[str, Any], note: str = ""
) -> None:
    """The journal's row of what was done."""
    session.add(
        Journal(
            at=hand.now, who=hand.who.name, action=action, draft=hand.draft_id, before=before, after=after, note=note
        )
    )
    session.flush()


def _conflict(session: Session, hand: Hand) -> ConflictError:
    query = select(Journal).where(Journal.draft == hand.draft_id).order_by(Journal.id.desc()).limit(1)
    last = session.scalar(query)
    who = last.who if last else "其他人"
    at = f"{last.at.astimezone(hand.settings.office_value.zone):%H:%M} " if last else ""
    return ConflictError(f"该稿件已被{who}修改（{at.strip()}），您的操作没有执行。请核对最新内容后再操作。")
