"""The registers that editors keep beside the drafts: changes (变更登记), consultations and complaints (咨询投诉)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from daemon.store.schema import Base


class Change(Base):
    """Something that a unit has to bring onto the portal because it changed (articles 二（一） and 2 of the notice)."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_state_due", "state", "due_at"), Index("ix_changes_unit", "unit"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    """What called for it: the same mail, or the same form sent twice, opens one."""
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10))
    """open, done."""
    unit: Mapped[str]
    column: Mapped[str | None] = mapped_column("column_name")
    """None: a mail did not say; an editor chooses."""
    what: Mapped[str]
    source: Mapped[str]
    changed_at: Mapped[datetime]
    """Where only the day is known, that day's beginning at the office."""
    hour_known: Mapped[bool]
    due_at: Mapped[datetime]
    certain: Mapped[bool]
    message: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """The mail that it was made of."""
    met_by: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    """The draft that brought it; None: an editor has ticked it, or it is open."""
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class Consultation(Base):
    """A question or a complaint of a citizen (article 6). Who wrote it stands here alone: in no journal, no search."""

    __tablename__ = "consultations"
    __table_args__ = (
        Index("ix_consultations_state_due", "state", "answer_due_at"),
        Index("ix_consultations_unit_received", "unit", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(12))
    """consultation, complaint."""
    important: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    """open, answered, closed."""
    received_at: Mapped[datetime]
    subject: Mapped[str]
    text: Mapped[str]
    person: Mapped[str]
    """Name, telephone, address: personal data."""
    message: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    proposed: Mapped[str | None]
    """The unit that the text names."""
    unit: Mapped[str | None]
    """Who has to answer; None: nobody has chosen."""
    notice_due_at: Mapped[datetime | None]
    """Until when the complainant is told; None: a consultation."""
    answer_due_at: Mapped[datetime]
    certain: Mapped[bool]
    passed_at: Mapped[datetime | None]
    letters: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the letters by which it was passed on, oldest first."""
    told_at: Mapped[datetime | None]
    told_how: Mapped[str | None]
    handed_at: Mapped[datetime | None]
    handed_how: Mapped[str | None]
    """What the complainant was told of where it went: unit and its number."""
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answer_draft: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    result: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
