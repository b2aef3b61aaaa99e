"""Which drafts have a finding that nobody has dealt with yet, by its code: what lists are narrowed by.

Drafts keep their findings whole, as JSON, which no database looks through fast. Here are the codes alone, brought up
to date by the unit of work that changes a draft's findings.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, exists, insert, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from daemon.store.schema import Base, Draft

_FEW = 500
_CHANGED = "drafts whose findings changed"


class OpenFinding(Base):
    """A draft has at least one open finding of this code."""

    __tablename__ = "draft_open_findings"
    __table_args__ = (Index("ix_draft_open_findings_draft", "draft"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)


def having(session: Session, code: str) -> ColumnElement[bool]:
    """The condition on a query of drafts. Neither planner knows how rare a code is, so drafts are named where they are
    few, and looked for in the order of the list where they are many."""
    few = session.scalars(select(OpenFinding.draft).where(OpenFinding.code == code).limit(_FEW + 1)).all()
    if len(few) <= _FEW:
        return Draft.id.in_(few)
    return exists().where(OpenFinding.code == code, OpenFinding.draft == Draft.id)


def put(session: Session, draft: Draft) -> None:
    """Has the codes say what the draft's findings say at the end of the unit of work. Needed only after a statement
    that goes past the session: `notice` sees all else."""
    changed: dict[int, Draft] = session.info.setdefault(_CHANGED, {})
    changed[draft.id] = draft


def notice(session: Session, _context: object) -> None:
    """After a flush: the drafts whose findings it wrote."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Draft) and inspect(row).attrs.findings.history.has_changes():
            put(session, row)


def write_pending(session: Session) -> None:
    """Writes the codes of drafts that changed, all at once: a last step of a unit of work."""
    session.flush()
    changed: dict[int, Draft] = session.info.pop(_CHANGED, {})
    if not changed:
        return
    session.execute(delete(OpenFinding).where(OpenFinding.draft.in_(list(changed))))
    rows = [{"code": code, "draft": number} for number, draft in changed.items() for code in codes(draft)]
    if rows:
        session.execute(insert(OpenFinding), rows)


def codes(draft: Draft) -> list[str]:
    """Of its open findings, each once."""
    return list(dict.fromkeys(one["code"] for one in draft.findings if not one.get("settled")))
