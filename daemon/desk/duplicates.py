"""Whether a draft has come before: the same number, or the same title with the same text or file, from the same unit.

Serial posts (weekly prices, monthly air quality) share a title and nothing else: they are no duplicates.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from daemon.store.schema import Draft, DraftAttachment
from daemon.store.types import clean
from parsers.submission import Draft as Found
from parsers.submission import Finding

_LEAST_TEXT = 20
"""Characters below which the same text proves nothing."""
_UNCOUNTED = ("quarantined", "returned", "rejected", "withdrawn")
"""A draft in these states never made it; what comes after it is the first."""


def title_key(title: str) -> str:
    """A hash of the title without spaces and punctuation; empty where nothing remains."""
    bare = _bare(title)
    return _hash(bare) if bare else ""


def text_key(text: str) -> str:
    """The same of the text; empty where it is too short."""
    bare = _bare(text)
    return _hash(bare) if len(bare) >= _LEAST_TEXT else ""


def repeated(session: Session, batch: Iterable[Found]) -> frozenset[str]:
    """Of the titles (as `title_key`) and numbers of drafts that come in together, those that others have as well, in
    the database or among these: where none is another's, no duplicate need be looked for."""
    here = Counter(name for found in batch for name in _names(title_key(found.title), found.document_number))
    several = (name for name, times in here.items() if times > 1)
    columns = (Draft.title_key, Draft.document_number)
    there = (session.scalars(select(column).where(column.in_(list(here)))) for column in columns)
    return frozenset((*several, *(name for names in there for name in names if name)))


def may_repeat(values: dict[str, Any], names: frozenset[str] | None) -> bool:
    """Whether a draft with these column values can be a duplicate at all, given what is `repeated`."""
    return names is None or not names.isdisjoint(_names(values["title_key"], values["document_number"]))


def _names(title: str, number: str | None) -> tuple[str, ...]:
    return tuple(clean(name) for name in (title, number) if name)


def find_duplicate(
    session: Session, values: dict[str, Any], main_files: Collection[str], before: int | None
) -> Draft | None:
    """The first draft, with an id under `before`, that the one with these column values repeats.

    `main_files`: the SHA-256 of the files that its text comes from.
    """
    alike = [*_same_number(values), *_same_content(values, main_files)]
    if values["unit"] is None or not alike:
        return None
    query = select(Draft).where(Draft.unit == values["unit"], Draft.state.not_in(_UNCOUNTED), or_(*alike))
    if before is not None:
        query = query.where(Draft.id < before)
    return session.scalar(query.order_by(Draft.id).limit(1))


def duplicate_finding(first: Draft, values: dict[str, Any]) -> Finding:
    """What the editors are told."""
    numbered = values["document_number"] and values["document_number"] == first.document_number
    same = "文号相同" if numbered else "标题、内容相同"
    advice = "请核对：重复的不予采用，属更正或重报的以新稿为准"
    # A secret's title is for the chief alone, so it is not named here either.
    excerpt = first.receipt if first.secret else f"{first.receipt} {first.title}"
    return Finding("duplicate.of", "warn", f"与已收稿件 {first.receipt} {same}，{advice}", excerpt)


def _same_number(values: dict[str, Any]) -> Iterator[ColumnElement[bool]]:
    """`甲政发〔2026〕12号` names one document; `第9号` comes every year, in every series."""
    if "〔" in (values["document_number"] or ""):
        yield Draft.document_number == values["document_number"]


def _same_content(values: dict[str, Any], main_files: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """The same title with the same text, or the same file where there is no text; and no other date."""
    if not values["title_key"]:
        return
    day = values["issued_on"]
    same_day = or_(Draft.issued_on.is_(None), Draft.issued_on == day) if day else true()
    if values["text_key"]:
        yield and_(Draft.title_key == values["title_key"], Draft.text_key == values["text_key"], same_day)
    elif main_files:
        file = exists().where(
            DraftAttachment.draft == Draft.id, DraftAttachment.role == "main", DraftAttachment.sha256.in_(main_files)
        )
        yield and_(Draft.title_key == values["title_key"], file, same_day)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _hash(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
