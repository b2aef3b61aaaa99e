"""Letters that wait for a person: let go, tried once more, or cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.outbox import AT_ANY_HOUR, within_hours
from daemon.settings import Settings
from daemon.store.schema import Journal, Letter

STOPPED = ("held", "failed")
"""These go nowhere by themselves."""
UNSENT = ("held", "waiting", "failed")


def let_go(session: Session, ids: Iterable[int], who: Actor, settings: Settings, now: datetime) -> int:
    """Held and failed letters will be sent, at an hour at which such letters are; gives how many. Others stay."""
    letters = _those(session, ids, STOPPED)
    for letter in letters:
        _record(session, letter, "letter.let_go", "waiting", who, now)
        letter.state, letter.hold_reason, letter.error, letter.attempts = "waiting", None, None, 0
        letter.next_try_at = now if letter.kind in AT_ANY_HOUR else within_hours(settings, now)
    return len(letters)


def cancel(session: Session, ids: Iterable[int], who: Actor, now: datetime) -> int:
    """Letters that have not gone yet never will; gives how many. Others stay."""
    letters = _those(session, ids, UNSENT)
    for letter in letters:
        _record(session, letter, "letter.cancel", "cancelled", who, now)
        letter.state = "cancelled"
    return len(letters)


def _those(session: Session, ids: Iterable[int], states: Sequence[str]) -> list[Letter]:
    query = select(Letter).where(Letter.id.in_(list(ids)), Letter.state.in_(states)).with_for_update()
    return list(session.scalars(query))


def _record(session: Session, letter: Letter, action: str, after: str, who: Actor, now: datetime) -> None:
    before = {"state": letter.state, "hold_reason": letter.hold_reason, "error": letter.error}
    session.add(
        Journal(
            at=now, who=who.name, action=action, letter=letter.id, draft=letter.draft, unit=letter.unit, before=before,
            after={"state": after},
        )
    )  # fmt: skip
