"""Numbers that are given out before their rows are written, so that many rows can go to the database at once.

They live in the session: SQLite has one writer at a time, PostgreSQL's sequences and row locks keep several apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from daemon.store.schema import Draft, DraftAttachment, Journal, Letter, ReceiptNumber

_Numbered = type[Draft] | type[DraftAttachment] | type[Journal] | type[Letter]
_IDS, _RECEIPTS = "ids given out", "receipt numbers given out"
_SEQUENCE = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :portion)")
_LARGEST_PORTION = 32


def next_id(session: Session, of: _Numbered) -> int:
    """The id of the next row of these, for who needs it before the row is written."""
    ids: dict[_Numbered, Iterator[int]] = session.info.setdefault(_IDS, {})
    with session.no_autoflush:  # what waits to be written goes on waiting; it may even be its flush that asks
        if of not in ids:
            ids[of] = _sequence(session, of) if _is_postgresql(session) else _above_the_last(session, of)
        return next(ids[of])


def number_rows(session: Session, _context: object, _instances: object) -> None:
    """Before a flush: gives the new rows their ids.

    SQLite can't tell the ids of several rows that it inserts at once, so SQLAlchemy would insert them one by one.
    """
    if _is_postgresql(session):
        return
    for row in session.new:
        if isinstance(row, Draft | DraftAttachment | Journal | Letter) and row.id is None:
            row.id = next_id(session, type(row))


def next_receipt(session: Session, year: int) -> int:
    """The next receipt number of the year. Without gaps: it is given back when the unit of work fails."""
    counters: dict[int, ReceiptNumber] = session.info.setdefault(_RECEIPTS, {})
    if year not in counters:
        counters[year] = _counter(session, year)
    counters[year].last += 1
    return counters[year].last


def _above_the_last(session: Session, of: _Numbered) -> Iterator[int]:
    return count(1 + (session.scalar(select(func.max(of.id))) or 0))


def _sequence(session: Session, of: _Numbered) -> Iterator[int]:
    """In growing portions, since an editor needs one and a batch of mail some dozens."""
    portion = 1
    while True:
        yield from session.scalars(_SEQUENCE, {"table": of.__tablename__, "portion": portion}).all()
        portion = min(2 * portion, _LARGEST_PORTION)


def _counter(session: Session, year: int) -> ReceiptNumber:
    """The year's row, locked until the unit of work ends."""
    insert: Any = postgresql.insert if _is_postgresql(session) else sqlite.insert
    session.execute(insert(ReceiptNumber).values(year=year, last=0).on_conflict_do_nothing())
    return session.get_one(ReceiptNumber, year, with_for_update=True)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
