"""The tables of what the desk learned over the files, and of requests that were answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from daemon.store.schema import Base


class OverlayEntry(Base):
    """One thing learned at the desk: address, liaison, or hold (of reminders). It holds until withdrawn."""

    __tablename__ = "overlay"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(200))
    value: Mapped[str]
    """The address, the liaison's name, or why reminders are held."""
    phone: Mapped[str | None]
    until: Mapped[date | None]
    """The last day of a hold."""
    who: Mapped[str]
    at: Mapped[datetime]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class AnsweredRequest(Base):
    """What became of a request that a unit made by mail: the journal's row of it, accepted or declined."""

    __tablename__ = "answered_requests"

    journal: Mapped[int] = mapped_column(ForeignKey("journal.id"), primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(20))
    who: Mapped[str]
    at: Mapped[datetime]
