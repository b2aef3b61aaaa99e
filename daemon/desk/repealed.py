"""Earlier drafts that a text that comes in repeals (《某办法》同时废止): found by number, or in one unit by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from daemon.rules.naming import name
from daemon.store import search
from daemon.store.schema import Draft
from parsers.submission import Finding, finding_json
from parsers.validity import Repeal, repeals

_MOST = 20
"""Drafts that are looked at for one name."""
_SHORTEST = 5
"""Characters of a name that means one document."""


@dataclass(frozen=True)
class Repealed:
    """A draft that a later one ends."""

    draft: Draft

    @property
    def finding(self) -> dict[str, Any]:
        """What the editors of the later one are told."""
        told = f"本文废止此前收到的稿件 {self.draft.receipt}，发布时请核对网上旧文"
        found = Finding("supersedes", "info", told, f"{self.draft.receipt} {self.draft.title}")
        return finding_json(found) | {"other": self.draft.id}


def repealed(session: Session, values: dict[str, Any], before: int | None) -> list[Repealed]:
    """The drafts, with an id under `before`, that the one with these column values ends as a whole, the first first."""
    repeal = repeals(values["body_text"])
    if repeal is None or values["unit"] is None:
        return []
    found = {draft.id: draft for draft in _found(session, repeal, values["unit"], before)}
    return [Repealed(found[row]) for row in sorted(found)]


def _found(session: Session, repeal: Repeal, unit: str, before: int | None) -> Iterator[Draft]:
    if repeal.numbers:
        yield from session.scalars(_earlier(before, Draft.document_number.in_(repeal.numbers)))
    for wanted in {called for one in repeal.names if len(called := name(one)) >= _SHORTEST}:
        drafts = session.scalars(_earlier(before, Draft.unit == unit, *search.matching(session, wanted)))
        yield from (draft for draft in drafts if name(draft.title) == wanted)


def _earlier(before: int | None, *conditions: ColumnElement[bool]) -> Select[Draft]:
    query = select(Draft).where(Draft.secret.is_(False), *conditions).order_by(Draft.id.desc()).limit(_MOST)
    return query if before is None else query.where(Draft.id < before)
