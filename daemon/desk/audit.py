"""The journal, to be looked through: who did what, when."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.store.schema import Draft, Journal

PAGE = 100


@dataclass(frozen=True)
class Entry:
    row: Journal
    receipt: str | None


@dataclass(frozen=True)
class AuditPage:
    entries: tuple[Entry, ...]
    after: int | None
    """The number after which the next page begins; None: this is the last."""


def entries(session: Session, reader: Actor, who: str, after: int | None) -> AuditPage:
    """Newest first; `who`: of this person alone, empty: of all. What was done to secrets is for the chief alone."""
    query = select(Journal, Draft.receipt).outerjoin(Draft, Draft.id == Journal.draft)
    if not reader.sees_secrets:
        query = query.where(or_(Draft.id.is_(None), Draft.secret.is_(False)))
    if who:
        query = query.where(Journal.who == who)
    if after is not None:
        query = query.where(Journal.id < after)
    found = [Entry(*row) for row in session.execute(query.order_by(Journal.id.desc()).limit(PAGE + 1))]
    return AuditPage(tuple(found[:PAGE]), found[PAGE - 1].row.id if len(found) > PAGE else None)
