"""Writing letters to the outbox: once for what calls for them, under their final Message-ID, at a decent hour."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.mail.letter import Kind, LetterText, known_references, new_message_id, render
from daemon.settings import Settings
from daemon.store.numbers import next_id
from daemon.store.schema import Draft, Letter, Message

AT_ANY_HOUR = frozenset({"acknowledgement", "answer", "resend_request", "test"})
"""Answers to a mail that has just come, and what an editor sends to the office itself; everything else waits for
`letters.hours`."""
_UNSENT = ("held", "cancelled")
_COUNTED = "letters counted by the midnight before them"
_Written = Counter[tuple[str | None, bool]]
"""Letters by address (None: all) and by whether they are kept back."""


@dataclass(frozen=True)
class Cause:
    """What calls for a letter. `key` is unique: the same cause writes no second letter."""

    key: str
    kind: Kind
    to: str
    unit: str | None = None
    answers: Message | None = None
    draft: Draft | None = None
    hold_reason: str | None = None
    """In Chinese: why a person has to let it go; None: it goes by itself."""


def write_letter(session: Session, cause: Cause, values: dict[str, Any], settings: Settings, now: datetime) -> Letter:
    """The letter's row, in the caller's transaction. The key must be free: see `is_written`."""
    return write_text(session, cause, render(cause.kind, _common(settings, now) | values), settings, now)


def write_text(session: Session, cause: Cause, content: LetterText, settings: Settings, now: datetime) -> Letter:
    """The same for a letter whose words are there already."""
    letter = Letter(
        id=next_id(session, Letter),
        key=cause.key,
        kind=cause.kind,
        state="held" if cause.hold_reason else "waiting",
        hold_reason=cause.hold_reason,
        to=cause.to,
        unit=cause.unit,
        message=cause.answers.id if cause.answers else None,
        draft=cause.draft.id if cause.draft else None,
        subject=content.subject,
        text=content.text,
        html=content.html,
        in_reply_to=cause.answers.message_id if cause.answers else None,
        references=list(_references(cause.answers)),
    )
    return _put(session, letter, settings, now)


def write_again(session: Session, letter: Letter, key: str, to: str, settings: Settings, now: datetime) -> Letter:
    """A letter once more to another address, as a letter of its own."""
    same = ("kind", "unit", "message", "draft", "subject", "text", "html", "in_reply_to", "references")
    copied = {name: getattr(letter, name) for name in same}
    again = Letter(id=next_id(session, Letter), key=key, to=to, state="waiting", **copied)
    return _put(session, again, settings, now)


def _put(session: Session, letter: Letter, settings: Settings, now: datetime) -> Letter:
    local = now.astimezone(settings.office_value.zone)
    letter.message_id = new_message_id(local, letter.id, letter.kind, settings.office.address)
    letter.created_at, letter.next_try_at = now, _first_try(letter.kind, settings, now)
    session.add(letter)
    for day, written in session.info.get(_COUNTED, {}).items():
        if day <= now:
            _count(written, letter.to, letter.state in _UNSENT)
    return letter


def is_written(session: Session, key: str) -> bool:
    """Whether this cause has its letter already."""
    return session.scalar(select(Letter.id).where(Letter.key == key)) is not None


def written_today(
    session: Session, settings: Settings, now: datetime, to: str | None = None, held_too: bool = False
) -> int:
    """How many letters were written on the office's present day, to one address or in all."""
    written = _written(session, _midnight(settings, now))
    return written[to, False] + (written[to, True] if held_too else 0)


def _written(session: Session, midnight: datetime) -> _Written:
    """The letters since then, counted once a unit of work."""
    days: dict[datetime, _Written] = session.info.setdefault(_COUNTED, {})
    if midnight not in days:
        is_kept_back = Letter.state.in_(_UNSENT)
        query = select(Letter.to, is_kept_back, func.count()).where(Letter.created_at >= midnight)
        days[midnight] = Counter()
        for to, kept_back, number in session.execute(query.group_by(Letter.to, is_kept_back)):
            _count(days[midnight], to, bool(kept_back), number)
    return days[midnight]


def _count(written: _Written, to: str, kept_back: bool, number: int = 1) -> None:
    written[to, kept_back] += number
    written[None, kept_back] += number


def _midnight(settings: Settings, now: datetime) -> datetime:
    zone = settings.office_value.zone
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def is_verified(message: Message) -> bool:
    """Whether the mail came from an address that its unit has registered, or an editor passed it on; not from one that
    merely names the unit."""
    return message.unit is not None and message.unit_evidence in ("address", "domain", "desk")


def _common(settings: Settings, now: datetime) -> dict[str, Any]:
    local = now.astimezone(settings.office_value.zone)
    return {"office": settings.office, "now": local, "today": local.date()}


def _references(message: Message | None) -> tuple[str, ...]:
    return known_references(message.message_id, message.references) if message else ()


def _first_try(kind: str, settings: Settings, now: datetime) -> datetime:
    return now if kind in AT_ANY_HOUR else within_hours(settings, now)


def within_hours(settings: Settings, now: datetime) -> datetime:
    """The moment itself if it lies within `letters.hours`, else the next moment that does, on any day of the week."""
    zone, hours = settings.office_value.zone, settings.letters.hours
    local = now.astimezone(zone)
    if hours.opens <= local.time() < hours.closes:
        return now
    day: date = local.date() if local.time() < hours.opens else local.date() + timedelta(days=1)
    return datetime.combine(day, hours.opens, zone)
