"""Drafts that a draft has to do with, as found at intake: told on the pages of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.store.likeness import relations
from daemon.store.schema import Draft

_SAID: Mapping[tuple[str, bool], str] = {
    ("resent", True): "本篇重发了该稿",
    ("resent", False): "该稿重发了本篇",
    ("changed", True): "本篇更正或重报了该稿",
    ("changed", False): "该稿更正或重报了本篇",
    ("number", True): "与本篇同一文号而标题不同",
    ("number", False): "与本篇同一文号而标题不同",
    ("alike", True): "与本篇内容相近",
    ("alike", False): "与本篇内容相近",
    ("reprint", True): "本篇疑转载自该稿",
    ("reprint", False): "该稿疑转载自本篇",
    ("repeals", True): "本篇废止了该稿",
    ("repeals", False): "本篇已由该稿废止",
}
"""(kind, whether this draft is the later of the two) → what the other one is to it."""


@dataclass(frozen=True)
class Related:
    """Another draft, and in Chinese what it is to this one."""

    id: int
    receipt: str
    title: str
    unit: str | None
    said: str


def related(session: Session, draft: int, who: Actor) -> tuple[Related, ...]:
    """Those that this person may see, the first first."""
    said = {other: _SAID[kind, is_later] for other, kind, is_later in relations(session, draft)}
    visible = true() if who.sees_secrets else Draft.secret.is_(False)
    query = select(Draft.id, Draft.receipt, Draft.title, Draft.unit).where(Draft.id.in_(said), visible)
    return tuple(Related(*row, said[row[0]]) for row in session.execute(query.order_by(Draft.id)))
