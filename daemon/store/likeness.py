"""By what nearly the same drafts are found, and which drafts have to do with each other."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ForeignKey,
    Index,
    Select,
    String,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from daemon.store.schema import Base

Kind = Literal["resent", "changed", "number", "alike", "reprint", "repeals"]
"""What the later draft is to the other: the same document again; the same, changed; another under the same number;
alike; alike and from another unit; it repeals the other."""
_OF_A_KEY = 20
"""The newest drafts looked at under one number: where more share it, it is a form's wording that they share."""
_PENDING = "fingerprints to be written"


class Fingerprint(Base):
    """One of the twelve numbers of a draft's text (`parsers.likeness.fingerprint`). Secrets have none."""

    __tablename__ = "draft_fingerprints"
    __table_args__ = (Index("ix_draft_fingerprints_draft", "draft"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)


class Relation(Base):
    """A draft, an earlier one, and what it is to it. As found at intake: people judge it on the page."""

    __tablename__ = "draft_relations"
    __table_args__ = (Index("ix_draft_relations_other", "other"),)

    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)
    other: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)


def put(session: Session, draft: int, keys: Sequence[int], others: Iterable[tuple[int, Kind]]) -> None:
    """What is known of a draft from the end of the unit of work, in place of what was."""
    session.info.setdefault(_PENDING, {})[draft] = (tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(others)))


def write_pending(session: Session) -> None:
    """Writes what was `put`, all at once: before it is looked up, and as a last step of a unit of work."""
    pending: dict[int, tuple[tuple[int, ...], tuple[tuple[int, Kind], ...]]] = session.info.pop(_PENDING, {})
    if not pending:
        return
    session.flush()
    for table in (Fingerprint, Relation):
        session.execute(delete(table).where(table.draft.in_(list(pending))))
    keys = [{"key": key, "draft": draft} for draft, (found, _) in pending.items() for key in found]
    others = [
        {"draft": draft, "other": other, "kind": kind} for draft, (_, found) in pending.items() for other, kind in found
    ]
    for table, rows in ((Fingerprint, keys), (Relation, others)):
        if rows:
            session.execute(insert(table), rows)


def known(session: Session, keys: Collection[int]) -> frozenset[int]:
    """Those of the numbers that a draft has already; however many drafts have one, it is looked up once."""
    asked = list(keys)
    if session.get_bind().dialect.name == "postgresql":
        key: Any = func.unnest(literal(asked, ARRAY(BigInteger))).column_valued("asked")
    else:
        key = func.json_each(json.dumps(asked)).table_valued("value").c.value
    return (
        frozenset(session.scalars(select(key).where(exists().where(Fingerprint.key == key)))) if asked else frozenset()
    )


def nearest(session: Session, keys: Sequence[int], most: int) -> list[int]:
    """Ids of drafts that share numbers with these, those that share most and the rarest first, then the oldest."""
    if not keys:
        return []
    write_pending(session)
    newest = [_newest(key).subquery() for key in keys]
    rows = session.execute(union_all(*(select(one.c.key, one.c.draft) for one in newest))).all()
    sharing = Counter(row[0] for row in rows)
    weights: defaultdict[int, float] = defaultdict(float)
    for key, draft in rows:
        weights[draft] += 1 / sharing[key]
    return sorted(weights, key=lambda draft: (-weights[draft], draft))[:most]


def _newest(key: int) -> Select[int, int]:
    query = select(Fingerprint.key, Fingerprint.draft).where(Fingerprint.key == key)
    return query.order_by(Fingerprint.draft.desc()).limit(_OF_A_KEY)


def relations(session: Session, draft: int) -> list[tuple[int, str, bool]]:
    """(the other draft, kind, whether this one is the later) of every relation that a draft has."""
    later = select(Relation.other, Relation.kind).where(Relation.draft == draft)
    earlier = select(Relation.draft, Relation.kind).where(Relation.other == draft)
    found = [(row[0], row[1], True) for row in session.execute(later)]
    return found + [(row[0], row[1], False) for row in session.execute(earlier)]
