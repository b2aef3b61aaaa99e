"""Where a unit's letters go."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.bounces import living
from daemon.mail.letter import is_deliverable
from daemon.store.schema import Message
from parsers.office import Unit


def unit_address(session: Session, unit: Unit) -> str | None:
    """Where the unit wants its letters (by default its first whole address), another of its addresses where they come
    back from there, else where it wrote from last."""
    if alive := living(session, unit, unit.notify):
        return ", ".join(alive)
    last = session.scalar(
        select(Message.sender_address)
        .where(Message.unit == unit.name, Message.unit_evidence.in_(("address", "domain")))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return last.lower() if last and is_deliverable(last) else None
