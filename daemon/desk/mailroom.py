"""What the pages show besides drafts: other letters, unreadable ones, the outbox, the reminders to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, load_only

from daemon.desk.accounts import Actor
from daemon.store.schema import Draft, Journal, Letter, Message, ReminderHold, Sighting

PAGE = 50

OTHER_LETTER: ColumnElement[bool] = and_(
    Message.state == "parsed", Message.history.is_(False), ~exists().where(Draft.message_row == Message.id)
)
"""What was judged nothing to publish: it made no draft."""
UNFETCHED: ColumnElement[bool] = Sighting.state.in_(("too_large", "failed"))
LETTER_STATES = ("held", "waiting", "failed", "sent", "cancelled")


@dataclass(frozen=True)
class Unfetched:
    """A mail that lies on the server and could not be taken in."""

    id: int
    state: str
    size: int
    received_at: datetime
    tries: int
    next_try_at: datetime | None
    error: str | None


@dataclass(frozen=True)
class MessagePage:
    rows: tuple[Message, ...]
    after: int | None
    """The number after which the next page begins; None: this is the last."""


def other_letters(session: Session, kind: str | None, after: int | None) -> MessagePage:
    """Mail that made no draft, the newest first."""
    query = select(Message).where(OTHER_LETTER)
    if kind is not None:
        query = query.where(Message.kind == kind)
    return _page_of(session, query, after)


def unreadable(session: Session, after: int | None) -> MessagePage:
    """Mail that is here and could not be parsed, the newest first."""
    return _page_of(session, select(Message).where(Message.state == "unreadable"), after)


def unfetched(session: Session) -> tuple[Unfetched, ...]:
    """Mail that could not be fetched, the newest first; at most a page of it."""
    query = select(
        Sighting.id, Sighting.state, Sighting.size, Sighting.received_at, Sighting.tries, Sighting.next_try_at,
        Sighting.error,
    ).where(UNFETCHED)  # fmt: skip
    return tuple(Unfetched(*row) for row in session.execute(query.order_by(Sighting.id.desc()).limit(PAGE)))


def message_view(session: Session, message_id: int, who: Actor) -> Message | None:
    """One mail; None where there is none for this person: a mail with a secret draft is for the chief alone."""
    message = session.get(Message, message_id)
    if message is None or (is_secret(session, message.id) and not who.sees_secrets):
        return None
    return message


def is_secret(session: Session, message_id: int) -> bool:
    """Whether a draft of this mail bears a secrecy mark."""
    query = select(exists().where(Draft.message_row == message_id, Draft.secret))
    return bool(session.scalar(query))


@dataclass(frozen=True)
class LetterPage:
    rows: tuple[Letter, ...]
    after: int | None


def outbox(session: Session, state: str | None, after: int | None) -> LetterPage:
    """Letters, the newest first, without their texts."""
    query = select(Letter).options(
        load_only(
            Letter.id, Letter.kind, Letter.state, Letter.to, Letter.unit, Letter.subject, Letter.created_at,
            Letter.sent_at, Letter.attempts, Letter.next_try_at, Letter.error, Letter.hold_reason,
        )
    )  # fmt: skip
    query = query.where(*([Letter.state == state] if state else []), *([Letter.id < after] if after else []))
    rows = tuple(session.scalars(query.order_by(Letter.id.desc()).limit(PAGE + 1)))
    return LetterPage(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def letter_counts(session: Session) -> dict[str, int]:
    """How many letters are in each state."""
    query = select(Letter.state, func.count()).group_by(Letter.state)
    return {row[0]: row[1] for row in session.execute(query)}


def letter_view(session: Session, letter_id: int, who: Actor) -> Letter | None:
    """One letter; None where there is none for this person."""
    letter = session.get(Letter, letter_id)
    if letter is None or (not who.sees_secrets and _concerns_secret(session, letter)):
        return None
    return letter


def _concerns_secret(session: Session, letter: Letter) -> bool:
    about = [Draft.id == letter.draft] if letter.draft else []
    about += [Draft.message_row == letter.message] if letter.message else []
    return bool(about) and bool(session.scalar(select(exists().where(Draft.secret, or_(*about)))))


def _page_of(session: Session, query: Select[Message], after: int | None) -> MessagePage:
    if after is not None:
        query = query.where(Message.id < after)
    query = query.options(load_only(*_SHOWN)).order_by(Message.id.desc()).limit(PAGE + 1)
    rows = tuple(session.scalars(query))
    return MessagePage(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


_SHOWN = (
    Message.id, Message.subject, Message.sender_name, Message.sender_address, Message.unit, Message.kind,
    Message.kind_reason, Message.received_at, Message.stored_at, Message.size, Message.error, Message.attempts,
    Message.attachments, Message.note,
)  # fmt: skip


def hold_reminder(session: Session, unit: str, day: date, kept: bool, who: Actor, now: datetime) -> None:
    """Keeps a unit's reminder of a day back before it is written, or lets it go after all. Safe to repeat."""
    there = session.get(ReminderHold, (unit, day))
    if kept == (there is not None):
        return
    if there is None:
        session.add(ReminderHold(unit=unit, day=day, who=who.name, at=now))
    else:
        session.delete(there)
    action = "reminder.hold" if kept else "reminder.unhold"
    session.add(Journal(at=now, who=who.name, action=action, unit=unit, after={"day": day.isoformat()}))
