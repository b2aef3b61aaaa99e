"""Posts handed over to a content system by themselves, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from daemon.desk import review
from daemon.desk.accounts import Actor
from daemon.desk.export import post_of
from daemon.desk.hand import ConflictError, Hand, NotFound
from daemon.export.folder import ReadBlob, laid_out
from daemon.settings import Settings
from daemon.store.schema import Draft

WAITING = ("approved", "exported")
PAGE = 20


@dataclass(frozen=True)
class Report:
    """What a content system says: that this revision stands on the portal, where and since when."""

    revision: int
    url: str
    published_at: datetime


def posts(session: Session, after: int, read_blob: ReadBlob) -> list[dict[str, Any]]:
    """Posts that wait to be published, by their number; at most a page of them."""
    query = select(Draft).where(Draft.state.in_(WAITING), Draft.secret.is_(False), Draft.id > after)
    found = session.scalars(query.options(selectinload(Draft.attachments)).order_by(Draft.id).limit(PAGE))
    return [as_json(draft, read_blob) for draft in found]


def handed_over(session: Session, draft_id: int) -> Draft:
    """A draft that a content system may see: approved or later, and no secret. NotFound otherwise."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.secret or draft.state not in (*WAITING, "published"):
        raise NotFound("没有这篇稿件，或稿件还没有通过审核。")
    return draft


def as_json(draft: Draft, read_blob: ReadBlob) -> dict[str, Any]:
    """A post as it stands in post.json, with its number, its state and where it was published."""
    post = post_of(draft, read_blob)
    body, files = laid_out(post)
    return {
        "id": draft.id, "receipt": draft.receipt, "revision": draft.revision, "state": draft.state,
        "title": draft.title, **post.facts, "body_html": body, "files": files,
        "published_at": draft.published_at.isoformat() if draft.published_at else None,
        "published_url": draft.published_url,
    }  # fmt: skip


def published(session: Session, draft_id: int, report: Report, who: Actor, now: datetime, settings: Settings) -> Draft:
    """Writes down where a post stands. Saying the same again changes nothing.

    ConflictError where the text was changed since, or another address is on record; InvalidInput, NotFound."""
    draft = handed_over(session, draft_id)
    if draft.revision != report.revision:
        raise ConflictError(f"稿件现为第 {draft.revision} 版，您发布的是第 {report.revision} 版，请重新取稿。")
    if draft.state == "published":
        if draft.published_url != report.url:
            raise ConflictError("稿件已登记另一个网页地址，请联系编辑部更正。")
        return draft
    if draft.state == "approved":
        draft = review.exported(session, Hand(draft.id, draft.version, who, now, settings))
    return review.confirm(session, Hand(draft.id, draft.version, who, now, settings), report.published_at, report.url)
