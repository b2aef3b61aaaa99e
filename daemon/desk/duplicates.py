"""Whether a draft has come before: the same document, nearly the same text, another under the same number.

Serial posts (weekly prices, monthly air quality) share a title and a pattern, but not their figures: they are no
duplicates. Nothing is dropped: the editors are told, with the two texts side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from daemon.store import likeness
from daemon.store.likeness import Kind
from daemon.store.schema import Draft, DraftAttachment
from daemon.store.types import clean
from parsers.likeness import alike, figures, shingles, similar_names, told_apart
from parsers.submission import Draft as Found
from parsers.submission import Finding, finding_json

_LEAST_TEXT = 20
"""Characters below which the same text proves nothing."""
_UNCOUNTED = ("quarantined", "returned", "rejected", "withdrawn")
"""A draft in these states never made it; what comes after it is the first."""
_LOOKED_AT = 6
"""Drafts with a like fingerprint that are read and compared."""
_SAME_DOCUMENT, _CHANGED, _ALIKE = 0.6, 0.8, 0.85
"""How alike two texts are (`parsers.likeness.alike`): of one number, of one title, of neither. A word changed in every
hundred leaves 0.92, a paragraph added to four 0.8."""
_COUNT_AS_ONE: frozenset[Kind] = frozenset({"resent", "changed"})
_STRENGTH: tuple[Kind, ...] = ("resent", "changed", "number", "alike", "reprint")
_TOLD: dict[Kind, str] = {
    "resent": "与已收稿件 {receipt} 是同一文件重发，请核对：重复的不予采用",
    "changed": "与已收稿件 {receipt} 是同一文件，内容有改动，疑为更正或重报，请比较两篇，以新稿为准",
    "number": "与已收稿件 {receipt} 同一文号而标题不同，请与报送单位核实文号",
    "alike": "与已收稿件 {receipt} 内容相近，请比较两篇，核对是否重复报送",
    "reprint": "与{unit}报送的稿件 {receipt} 内容相近，疑为转载自{unit}，请核对来源",
}


@dataclass(frozen=True)
class Arrival:
    """A draft that comes in: its column values, what its text is looked up by, the files that its text comes from (by
    SHA-256), its message, and the id that everything earlier is below (None: it has none yet)."""

    values: dict[str, Any]
    keys: Sequence[int]
    main_files: frozenset[str]
    message: int | None
    before: int | None

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles(self.values["body_text"])


@dataclass(frozen=True)
class Repeat:
    """An earlier draft, and what the new one is to it."""

    of: Draft
    kind: Kind

    @property
    def duplicate_of(self) -> int | None:
        """The draft that counts for both; None: each counts, whatever the editors make of it."""
        return (self.of.duplicate_of or self.of.id) if self.kind in _COUNT_AS_ONE else None

    @property
    def finding(self) -> dict[str, Any]:
        """What the editors are told, `other` being the draft to compare it with."""
        told = _TOLD[self.kind].format(receipt=self.of.receipt, unit=self.of.unit)
        # A secret's title is for the chief alone, so it is not named here either.
        excerpt = self.of.receipt if self.of.secret else f"{self.of.receipt} {self.of.title}"
        return finding_json(Finding("duplicate.of", "warn", told, excerpt)) | {"other": self.of.id}


def title_key(title: str) -> str:
    """A hash of the title without spaces and punctuation; empty where nothing remains."""
    bare = _bare(title)
    return _hash(bare) if bare else ""


def text_key(text: str) -> str:
    """The same of the text; empty where it is too short."""
    bare = _bare(text)
    return _hash(bare) if len(bare) >= _LEAST_TEXT else ""


def repeated(session: Session, batch: Iterable[Found]) -> frozenset[str | int]:
    """Of the titles (as `title_key`), numbers and fingerprints of drafts that come in together, those that others have
    as well, in the database or among these: where none is another's, no duplicate need be looked for."""
    found = list(batch)
    here = Counter(name for one in found for name in _names(title_key(one.title), one.document_number))
    keys = Counter(key for one in found for key in set(one.fingerprint))
    several = (name for names in (here, keys) for name, times in names.items() if times > 1)
    columns = (Draft.title_key, Draft.document_number)
    there = (session.scalars(select(column).where(column.in_(list(here)))) for column in columns)
    named = (name for names in there for name in names if name)
    return frozenset((*several, *named, *likeness.known(session, keys)))


def may_repeat(arrival: Arrival, names: frozenset[str | int] | None) -> bool:
    """Whether a draft can be a duplicate at all, given what is `repeated`."""
    own = _names(arrival.values["title_key"], arrival.values["document_number"])
    return names is None or not names.isdisjoint((*own, *arrival.keys))


def _names(title: str, number: str | None) -> tuple[str, ...]:
    return tuple(clean(name) for name in (title, number) if name)


def find_repeat(session: Session, arrival: Arrival) -> Repeat | None:
    """What the draft repeats: of several the one that it is closest to, then the first."""
    if arrival.values["unit"] is None:
        return None
    found = [Repeat(old, kind) for old in _earlier(session, arrival) if (kind := _kind(old, arrival))]
    return min(found, key=lambda one: (_STRENGTH.index(one.kind), one.of.id), default=None)


def _earlier(session: Session, arrival: Arrival) -> Iterator[Draft]:
    """Drafts that it may repeat: of its unit by number or content, of any unit by fingerprint; each once."""
    looked_up = [_query(arrival).where(Draft.unit == arrival.values["unit"], one) for one in _same(arrival)]
    near = likeness.nearest(session, arrival.keys, _LOOKED_AT)
    looked_up += [_query(arrival).where(Draft.id.in_(near), Draft.secret.is_(False))] if near else []
    yield from {old.id: old for query in looked_up for old in session.scalars(query)}.values()


def _query(arrival: Arrival) -> Any:
    query = select(Draft).where(Draft.state.not_in(_UNCOUNTED)).order_by(Draft.id).limit(_LOOKED_AT)
    return query if arrival.before is None else query.where(Draft.id < arrival.before)


def _same(arrival: Arrival) -> Iterator[ColumnElement[bool]]:
    yield from _same_number(arrival.values)
    yield from _same_content(arrival.values, arrival.main_files)


def _kind(old: Draft, new: Arrival) -> Kind | None:
    """What the new draft is to an old one; None: something else."""
    values = new.values
    own, numbered = old.unit == values["unit"], _is_one_number(values["document_number"])
    if own and numbered and old.document_number == values["document_number"]:
        return _under_one_number(old, new)
    if own and _is_same(old, new):
        return "resent"
    other_number = numbered and _is_one_number(old.document_number) and old.document_number != values["document_number"]
    if old.unit is None or other_number or _is_of_a_series(old, values, own):
        return None
    share = _share(old, new)
    if own and share >= _CHANGED and old.title_key == values["title_key"]:
        return "changed"
    apart = old.message_row is None or old.message_row != new.message
    return ("alike" if own else "reprint") if share >= _ALIKE and apart else None


def _under_one_number(old: Draft, new: Arrival) -> Kind:
    if _is_same(old, new):
        return "resent"
    one_title = similar_names(old.title, new.values["title"]) >= _SAME_DOCUMENT
    return "changed" if one_title or _share(old, new) >= _SAME_DOCUMENT else "number"


def _is_same(old: Draft, new: Arrival) -> bool:
    """The same title with the same text, or the same file where there is no text; and no other date."""
    values = new.values
    if not values["title_key"] or old.title_key != values["title_key"] or _other_day(old, values):
        return False
    if values["text_key"]:
        return bool(old.text_key == values["text_key"])
    return any(one.role == "main" and one.sha256 in new.main_files for one in old.attachments)


def _is_of_a_series(old: Draft, values: dict[str, Any], own: bool) -> bool:
    """Another issue of the same: other figures in the title or in the text, or in one unit another date."""
    titles = Counter(figures(old.title)) == Counter(figures(values["title"]))
    return (own and _other_day(old, values)) or not titles or told_apart(old.body_text, values["body_text"])


def _other_day(old: Draft, values: dict[str, Any]) -> bool:
    return bool(old.issued_on and values["issued_on"] and old.issued_on != values["issued_on"])


def _share(old: Draft, new: Arrival) -> float:
    return alike(shingles(old.body_text), new.shingles)


def _is_one_number(number: str | None) -> bool:
    """`甲政发〔2026〕12号` names one document; `第9号` comes every year, in every series."""
    return "〔" in (number or "")


def _same_number(values: dict[str, Any]) -> Iterator[ColumnElement[bool]]:
    if _is_one_number(values["document_number"]):
        yield Draft.document_number == values["document_number"]


def _same_content(values: dict[str, Any], main_files: frozenset[str]) -> Iterator[ColumnElement[bool]]:
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
