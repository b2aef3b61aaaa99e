"""Full-text search of drafts that finds two-character words, alike in SQLite (FTS5) and PostgreSQL (tsvector).

Chinese has no spaces, so a run of Chinese characters is kept as its overlapping pairs: 森林防火 as 森林 林防 防火 火.
A word that is looked for is the phrase of its own pairs; one character is the beginning of a pair, which is why the
last one of a run stands alone. Latin words and numbers are words, found by how they begin. Secrets are not indexed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    any_,
    cast,
    column,
    delete,
    func,
    insert,
    intersect,
    literal,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from daemon.store.schema import Draft
from daemon.store.types import clean
from parsers.budgets import BUDGET

_HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|(?:(?![{_HAN}])[^\W_])+")
_LONGEST_WORD = 40
_LONGEST_QUERY = 100
_PART, _SHARED = 8000, _LONGEST_QUERY
"""Words in one row of PostgreSQL, whose positions end at 16,383, and how many a row repeats of the one before it: the
longest phrase that can be looked for."""
_FEW = 500
_FTS5 = table("draft_search", column("rowid"), column("words"))
_GIN = table("draft_search", column("draft"), column("part"), column("words", TSVECTOR))
_IS_OF_SEVERAL = _GIN.c.part > 0
"""A draft of one row has it as part 0, one of several has parts from 1 on, so that a small index holds just these."""
_CHANGED = "drafts to be indexed"
_TABLES = {
    "sqlite": ("CREATE VIRTUAL TABLE draft_search USING fts5(words, tokenize = 'unicode61', columnsize = 0)",),
    "postgresql": (
        "CREATE TABLE draft_search (draft integer NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,"
        " part integer NOT NULL, words tsvector NOT NULL, PRIMARY KEY (draft, part))",
        "CREATE INDEX ix_draft_search_words ON draft_search USING gin (words)",
    ),
}


@dataclass(frozen=True)
class Term:
    """Words that follow each other; `open_end`: the last one may go on."""

    words: tuple[str, ...]
    open_end: bool


def bigrams(written: str) -> Iterator[str]:
    """The words by which a text is found."""
    for run in _runs(written):
        if _is_han(run):
            yield from ("".join(pair) for pair in pairwise(run))
            yield run[-1]
        else:
            yield run[:_LONGEST_WORD]


def terms(asked: str) -> tuple[Term, ...]:
    """What has to stand in a draft that is looked for by these words; nothing for blanks and punctuation."""
    return tuple(dict.fromkeys(_term(run) for run in _runs(asked[:_LONGEST_QUERY])))


def matching(session: Session, asked: str) -> list[ColumnElement[bool]]:
    """The conditions on a query of drafts. SQLite's planner takes a rare word for a common one and would look through
    all drafts in their order, so there what is found is named where it is little."""
    wanted = terms(asked)
    if not wanted:
        return []
    if _dialect(session) == "postgresql":
        return [Draft.id.in_(_found_in_postgresql(wanted))]
    found = _found_in_sqlite(wanted)
    few = session.scalars(found.limit(_FEW + 1)).all()
    return [Draft.id.in_(few if len(few) <= _FEW else found)]


def put(session: Session, draft: Draft) -> None:
    """Has the index say what the draft says at the end of the unit of work."""
    changed: dict[int, Draft] = session.info.setdefault(_CHANGED, {})
    changed[draft.id] = draft


def bring_up_to_date(session: Session) -> None:
    """Writes the drafts that were `put`, all at once: the last step of a unit of work."""
    changed: dict[int, Draft] = session.info.pop(_CHANGED, {})
    if changed:
        session.flush()
        texts = {draft_id: "" if draft.secret else text_of(draft) for draft_id, draft in changed.items()}
        put_texts(session, texts)


def put_texts(session: Session | Connection, texts: Mapping[int, str]) -> None:
    """The texts by which drafts are found from now on, by id; an empty one is not found by anything."""
    is_gin = _dialect(session) == "postgresql"
    index, key, rows_of = (_GIN, _GIN.c.draft, _rows) if is_gin else (_FTS5, _FTS5.c.rowid, _row)
    session.execute(delete(index).where(key.in_(list(texts))))
    rows = [row for draft_id, written in texts.items() for row in rows_of(draft_id, _words(written))]
    if rows:
        session.execute(insert(index), rows)


def text_of(draft: Draft) -> str:
    """All by which a draft is found: what names it first, then its text, then its files."""
    names = (draft.title, draft.receipt, draft.document_number, draft.issuer, draft.unit)
    files = draft.attachments
    return "\n".join(
        part for part in (*names, *(one.name for one in files), draft.body_text, *(one.text for one in files)) if part
    )


def make_tables(connection: Connection) -> None:
    """The index, empty: a step of the migrations."""
    for statement in _TABLES[connection.dialect.name]:
        connection.execute(text(statement))


def is_in_schema(name: str | None, kind: str, _parents: object = None) -> bool:
    """For Alembic: the index and what FTS5 keeps beside it are no tables of the schema."""
    return not (kind == "table" and (name or "").startswith("draft_search"))


def _words(written: str) -> list[str]:
    return list(bigrams(clean(written).encode()[: BUDGET.search_text].decode(errors="ignore")))


def _row(draft_id: int, words: Sequence[str]) -> list[dict[str, object]]:
    return [{"rowid": draft_id, "words": " ".join(words)}] if words else []


def _rows(draft_id: int, words: Sequence[str]) -> list[dict[str, object]]:
    parts = enumerate(_parts(words), 1 if len(words) > _PART else 0)
    return [{"draft": draft_id, "part": at, "words": _vector(part)} for at, part in parts]


def _runs(written: str) -> Iterator[str]:
    return (found[0] for found in _RUN.finditer(unicodedata.normalize("NFKC", written).casefold()))


def _is_han(run: str) -> bool:
    return re.match(f"[{_HAN}]", run) is not None


def _term(run: str) -> Term:
    if _is_han(run) and len(run) > 1:
        return Term(tuple("".join(pair) for pair in pairwise(run)), open_end=False)
    return Term((run[:_LONGEST_WORD],), open_end=True)


def _found_in_sqlite(wanted: Sequence[Term]) -> Select[tuple[int]]:
    phrases = " AND ".join(f'"{" ".join(term.words)}"{" *" if term.open_end else ""}' for term in wanted)
    return select(_FTS5.c.rowid).where(column("draft_search").op("MATCH")(phrases))


def _found_in_postgresql(wanted: Sequence[Term]) -> Select[tuple[int]]:
    """Drafts with all words in one row, which the index tells by itself, or, where they have several rows, each word in
    any of them. No union: with one the planner would find all drafts and sort them, however many there are."""
    phrases = [_phrase(term) for term in wanted]
    rows = [select(_GIN.c.draft).where(_IS_OF_SEVERAL, _says(phrase)) for phrase in phrases]
    scattered = func.array(intersect(*rows).scalar_subquery())
    is_scattered = and_(_IS_OF_SEVERAL, _GIN.c.draft == any_(scattered))
    return select(_GIN.c.draft).where(or_(_says(" & ".join(phrases)), *([is_scattered] if len(phrases) > 1 else [])))


def _says(phrase: str) -> ColumnElement[bool]:
    # Written out rather than parsed by the server, whose idea of a word depends on its locale.
    return _GIN.c.words.op("@@")(cast(literal(phrase), TSQUERY))


def _phrase(term: Term) -> str:
    return " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.open_end else "")


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(words), _PART):
        yield words[max(0, begin - _SHARED) : begin + _PART]


def _vector(words: Sequence[str]) -> str:
    return " ".join(f"'{word}':{at}" for at, word in enumerate(words, 1))


def _dialect(session: Session | Connection) -> str:
    return session.get_bind().dialect.name if isinstance(session, Session) else session.dialect.name
