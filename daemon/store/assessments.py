"""The tables of the assessment: what was frozen, what units object to, what is excused, what people give points for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from daemon.store.schema import Base


class FrozenAssessment(Base):
    """An assessment as its bulletin has it: drafted → frozen. Number 0 is the first, each amendment one more."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("period", "number"), Index("ix_assessments_draft", "draft"))

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """The whole report, its rules included, as compressed JSON: bytes, since a database would sort the rules."""
    config_version: Mapped[str] = mapped_column(String(64))
    """The hash of the config that it was made by."""
    draft: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    """The bulletin in the review queue."""
    reason: Mapped[str] = mapped_column(default="")
    """Of an amendment."""
    who: Mapped[str]
    at: Mapped[datetime]
    frozen_by: Mapped[str | None]
    frozen_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When the bulletin was written to the units."""


class Objection(Base):
    """A unit's 异议, a case for the editors: open → upheld | dismissed."""

    __tablename__ = "objections"
    __table_args__ = (UniqueConstraint("message", "draft"), Index("ix_objections_state", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    unit: Mapped[str]
    draft: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    """None: the reply names no draft."""
    period: Mapped[str | None] = mapped_column(String(10))
    message: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(default="")
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What upholding it changed: `excuse`, `issued_on` or `unit`."""
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]


class ExcuseEntry(Base):
    """Days, or a draft, that are not held against a unit; with its reason, on record."""

    __tablename__ = "excuses"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str | None]
    """None: all units."""
    column: Mapped[str | None] = mapped_column("column_name")
    """None: all columns."""
    since: Mapped[date | None]
    until: Mapped[date | None]
    draft: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    reason: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]


class PointsEntry(Base):
    """Points that a person adds to or takes from a unit's in one period."""

    __tablename__ = "given_points"
    __table_args__ = (Index("ix_given_points_period", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    period: Mapped[str] = mapped_column(String(10))
    hundredths: Mapped[int]
    """Of a point: no database rounds them."""
    reason: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
