"""A test letter from the pages: to the office's own address, by the way that all letters go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.outbox import Cause, is_written, write_text
from daemon.mail.samples import Sample, marked
from daemon.settings import Settings
from daemon.store.schema import Journal


def try_letter(session: Session, sample: Sample, who: Actor, settings: Settings, now: datetime) -> None:
    """Writes it to the outbox, marked as a test; never to a unit, and once in a second."""
    key = f"test:{sample.kind}:{sample.name}:{now:%Y%m%d%H%M%S}"
    if not is_written(session, key):
        cause = Cause(key, "test", settings.office.address)
        letter = write_text(session, cause, marked(sample.letter), settings, now)
        session.add(Journal(at=now, who=who.name, action="letter.test", letter=letter.id, note=sample.letter.subject))
