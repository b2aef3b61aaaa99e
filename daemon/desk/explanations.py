"""A document and its interpretations or Q&A, told on the pages of both: on the portal each has to link the other."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from daemon.rules.duties import EXPLAINS
from daemon.rules.naming import explains, name, spoken_of
from daemon.store import search
from daemon.store.schema import Draft
from parsers.office import Office

_GONE = ("rejected", "withdrawn")
_MOST = 500
"""Titles that are compared, the newest."""


def explained(session: Session, draft: Draft, office: Office) -> tuple[Draft, ...]:
    """What an interpretation explains, or what explains a document; the newest first. Nothing of secrets."""
    columns = [column.name for column in office.columns if column.role in EXPLAINS]
    if draft.secret or not columns:
        return ()
    is_text_of_it = draft.column in columns
    column = Draft.column.not_in(columns) if is_text_of_it else Draft.column.in_(columns)
    near = _named_by(session, draft) if is_text_of_it else _naming(session, draft)
    visible = (Draft.id != draft.id, Draft.state.not_in(_GONE), Draft.secret.is_(False), column)
    query = select(Draft).where(*visible, or_(*near)).order_by(Draft.id.desc()).limit(_MOST)
    pairs = ((draft, other) if is_text_of_it else (other, draft) for other in session.scalars(query))
    return tuple(_other(pair, draft) for pair in pairs if _is_about(*pair))


def _named_by(session: Session, draft: Draft) -> Iterable[ColumnElement[bool]]:
    """Documents of the unit, and those that the title names."""
    named = sorted(spoken_of(draft.title))
    yield Draft.document_number.in_(named)
    yield from _of_unit(draft)
    for one in named:
        yield from search.matching(session, one)[:1]


def _naming(session: Session, draft: Draft) -> Iterable[ColumnElement[bool]]:
    yield from _of_unit(draft)
    for said in (draft.document_number, name(draft.title)):
        yield from search.matching(session, said or "")[:1]


def _of_unit(draft: Draft) -> list[ColumnElement[bool]]:
    return [Draft.unit == draft.unit] if draft.unit else [Draft.id == -1]


def _is_about(text: Draft, document: Draft) -> bool:
    same = text.unit is not None and text.unit == document.unit
    return explains(text.title, document.title, document.document_number, same)


def _other(pair: tuple[Draft, Draft], draft: Draft) -> Draft:
    return pair[0] if pair[1] is draft else pair[1]
