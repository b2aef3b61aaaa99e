"""What somebody is writing on a draft and has not saved yet: one row a draft and person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from daemon.store.schema import Base


class Autosave(Base):
    """The fields of the edit page as they stand there. No change of the draft, so nothing of it is in the journal."""

    __tablename__ = "autosaves"

    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)
    who: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]
    version: Mapped[int]
    """Of the draft that was being edited."""
    revision: Mapped[int]
    form: Mapped[dict[str, Any]]
    """Field → text, as it was sent."""
