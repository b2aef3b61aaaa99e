"""运行状态: what the database says of the daemon's work, and the two things that a person can have done again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.mailroom import letter_counts
from daemon.store.schema import Journal, Letter, Mailbox, Message, Sighting, TimerRun

MOST = 20


@dataclass(frozen=True)
class Work:
    """What is being done and what waits."""

    reading: tuple[Message, ...]
    """In the workers' hands, the longest first."""
    to_read: int
    unreadable: int
    mailboxes: tuple[Mailbox, ...]
    failing: tuple[Sighting, ...]
    """Mails that could not be fetched and will be tried again."""
    letters: dict[str, int]
    timers: tuple[tuple[str, date, datetime], ...]
    """Each timer's last day, and when it ran."""


def work(session: Session) -> Work:
    """As the database has it now."""
    being_read = select(Message).where(Message.state == "stored", Message.begun_at.is_not(None))
    failing = select(Sighting).where(Sighting.state == "failed", Sighting.next_try_at.is_not(None))
    timers = select(TimerRun.timer, func.max(TimerRun.day), func.max(TimerRun.at)).group_by(TimerRun.timer)
    return Work(
        reading=tuple(session.scalars(being_read.order_by(Message.begun_at).limit(MOST))),
        to_read=_count(session, "stored"),
        unreadable=_count(session, "unreadable"),
        mailboxes=tuple(session.scalars(select(Mailbox).order_by(Mailbox.name))),
        failing=tuple(session.scalars(failing.order_by(Sighting.next_try_at).limit(MOST))),
        letters=letter_counts(session),
        timers=tuple((row[0], row[1], row[2]) for row in session.execute(timers.order_by(TimerRun.timer))),
    )


def try_again(session: Session, who: Actor, now: datetime) -> int:
    """What waits after a failure, mails to fetch and letters to send, is due now; gives how many."""
    due = {"next_try_at": now}
    mails = update(Sighting).where(Sighting.state == "failed", Sighting.next_try_at > now).values(due)
    letters = update(Letter).where(Letter.state == "waiting", Letter.attempts > 0, Letter.next_try_at > now).values(due)
    moved = [
        len(session.scalars(mails.returning(Sighting.id)).all()),
        len(session.scalars(letters.returning(Letter.id)).all()),
    ]
    session.add(Journal(at=now, who=who.name, action="status.retry", after={"mails": moved[0], "letters": moved[1]}))
    return sum(moved)


def read_all_again(session: Session, who: Actor, now: datetime) -> int:
    """Every message that could not be read is read once more; gives how many."""
    unreadable = session.scalars(select(Message).where(Message.state == "unreadable").with_for_update()).all()
    for message in unreadable:
        before = {"state": message.state, "error": message.error}
        message.state, message.error, message.begun_at = "stored", None, None
        message.attempts = message.interruptions = 0
        session.add(Journal(at=now, who=who.name, action="parse_again", message=message.id, before=before))
    return len(unreadable)


def _count(session: Session, state: str) -> int:
    query = select(func.count()).select_from(Message).where(Message.state == state)
    return session.scalar(query) or 0
