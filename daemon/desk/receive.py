"""From arrived bytes to drafts in two transactions: after the first nothing can be lost, after the second it is read.

keep → waiting → begin_attempt → (parse, no transaction open) → take_in, or fail_attempt, or give_back
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from daemon.blobs import StoreUnavailable
from daemon.desk.answer_replies import take_drafts
from daemon.desk.drafting import SYSTEM, Intake, describe, name_sender
from daemon.desk.duplicates import repeated
from daemon.desk.make_draft import put_letter
from daemon.settings import Settings
from daemon.store.schema import Journal, Letter, Message, Sighting
from daemon.store.unit_of_work import Store
from parsers.submission import MACHINES, Submission

ATTEMPTS = 3
"""Failed readings after which a message is `unreadable`."""
INTERRUPTIONS = 10
"""Deaths of the whole daemon while it read the message; far more, since most are not the message's fault."""

Acknowledge = Callable[[Session, Message, Settings, datetime], Letter | None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """A message as it came in. `source`: imap, import, manual; `sighting`: the row of the mailbox's UID.

    `message_id` is the header as the server would give it, for that row.
    """

    raw: bytes
    received_at: datetime | None
    source: str
    history: bool = False
    sighting: int | None = None
    message_id: str | None = None


@dataclass(frozen=True)
class Kept:
    """Where an arrival is kept; `is_new` is False for bytes that were known already."""

    message_row: int
    is_new: bool


@dataclass(frozen=True)
class Waiting:
    """A message still to be read, and what reading it needs."""

    message_row: int
    sha256: str
    received_at: datetime | None


def keep(store: Store, arrivals: Sequence[Arrival], now: datetime) -> list[Kept]:
    """First transaction: bytes on the disk, then a row for each, in one commit. Safe to repeat."""
    if not arrivals:
        return []
    names = store.blobs.put_all([arrival.raw for arrival in arrivals])
    with store.write() as session:
        return keep_in(session, arrivals, names, now)


def keep_in(session: Session, arrivals: Sequence[Arrival], names: Sequence[str], now: datetime) -> list[Kept]:
    """The same in the caller's transaction, of bytes that are on the disk under these names."""
    known = _known(session, names)
    _insert_messages(session, [_new_row(arrival, now) for arrival in arrivals])
    rows = _known(session, names)
    _mark_stored(session, arrivals, [rows[name] for name in names])
    return [Kept(rows[name], name not in known and name not in names[:index]) for index, name in enumerate(names)]


def waiting(store: Store, limit: int | None = None) -> list[Waiting]:
    """What is still to be read and not being read now, the oldest first."""
    query = (
        select(Message.id, Message.sha256, Message.received_at)
        .where(Message.state == "stored", Message.begun_at.is_(None), Message.attempts < ATTEMPTS)
        .order_by(Message.id)
        .limit(limit)
    )
    with store.read() as session:
        return [Waiting(*row) for row in session.execute(query)]


def begin_attempt(store: Store, rows: Iterable[int], now: datetime) -> None:
    """Durably counts an attempt for each message, before anything of it is read."""
    with store.write() as session:
        session.execute(
            update(Message)
            .where(Message.id.in_(list(rows)), Message.state == "stored")
            .values(attempts=Message.attempts + 1, begun_at=now)
        )


def note_glances(store: Store, glances: Mapping[int, Submission]) -> None:
    """Says whose mail it is that waits for slow readers: see `acknowledge.tell_slow`. Safe to repeat.

    A message that a machine wrote also gets its kind, so that no letter answers it; others get theirs when read.
    """
    with store.write() as session:
        for message in _messages(session, list(glances)).values():
            if message.parsed_at is None:
                found = glances[message.id]
                name_sender(message, found)
                message.kind = found.kind if found.kind in MACHINES else None


def fail_attempt(store: Store, row: int, reason: str, now: datetime) -> None:
    """Ends an attempt that gave nothing. The third makes the message `unreadable`, with the (Chinese) reason."""
    with store.write() as session:
        message = session.get_one(Message, row)
        if message.state != "stored":
            return
        message.begun_at = None
        message.error = reason
        if message.attempts >= ATTEMPTS:
            _give_up(session, message, now)


def give_back(store: Store, rows: Iterable[int]) -> None:
    """Ends attempts that were the machine's to fail (its disk is full, it is being stopped): they don't count."""
    with store.write() as session:
        session.execute(
            update(Message)
            .where(Message.id.in_(list(rows)), Message.begun_at.is_not(None))
            .values(attempts=Message.attempts - 1, begun_at=None)
        )


def resume(store: Store, now: datetime) -> int:
    """At start, under the lock: what the last daemon was reading when it died waits again. Gives how many.

    Such an attempt doesn't count; only a message that sees many daemons die is set aside.
    """
    with store.write() as session:
        caught = session.scalars(select(Message).where(Message.state == "stored", Message.begun_at.is_not(None))).all()
        for message in caught:
            message.begun_at = None
            message.attempts -= 1
            message.interruptions += 1
            if message.interruptions >= INTERRUPTIONS:
                message.error = f"读取这封邮件时服务中断了 {INTERRUPTIONS} 次"
                _give_up(session, message, now)
    return len(caught)


def take_in(
    store: Store,
    results: Sequence[tuple[int, Submission]],
    settings: Settings,
    now: datetime,
    acknowledge: Acknowledge,
) -> list[int]:
    """Second transaction: drafts, findings, attachments and acknowledgements of some results in one commit.

    Gives the ids of the drafts made or changed. A message that has been taken in is passed over. A result that can't
    be stored ends its own attempt only, not that of its neighbours. StoreUnavailable: nothing was done, try again.
    """
    store.blobs.put_all([blob.data for _, submission in results for blob in submission.blobs])
    try:
        with store.write() as session:
            rows = _messages(session, [row for row, _ in results])
            names = repeated(session, (draft for _, found in results for draft in found.drafts))
            intakes = [Intake(session, rows[row], found, settings, now, names) for row, found in results]
            return [draft for intake in intakes for draft in _take(intake, acknowledge)]
    except StoreUnavailable:
        raise
    except Exception as error:  # whatever one message provokes must not hold up the others
        if len(results) > 1:
            return [draft for result in results for draft in take_in(store, [result], settings, now, acknowledge)]
        log.exception("message %d could not be taken in", results[0][0])
        fail_attempt(store, results[0][0], f"解析结果无法入库（{type(error).__name__}）", now)
        return []


def parse_again(store: Store, message_row: int, now: datetime, who: str) -> None:
    """Has a message read once more, with the parsers and the config of today."""
    with store.write() as session:
        message = session.get_one(Message, message_row)
        before = {"state": message.state, "error": message.error}
        message.state, message.error, message.begun_at = "stored", None, None
        message.attempts = message.interruptions = 0
        session.add(Journal(at=now, who=who, action="parse_again", message=message_row, before=before))


def _messages(session: Session, rows: list[int]) -> dict[int, Message]:
    return {message.id: message for message in session.scalars(select(Message).where(Message.id.in_(rows)))}


def _take(intake: Intake, acknowledge: Acknowledge) -> list[int]:
    session, message, settings, now = intake.session, intake.message, intake.settings, intake.now
    if message.state != "stored":
        return []
    is_first = message.is_new = message.parsed_at is None
    if is_first:
        set_committed_value(message, "drafts", [])
    describe(message, intake.found, settings.office_value.config_version, now)
    drafts = take_drafts(intake, is_first=is_first)
    if is_first and not drafts and message.source == "manual":  # an editor has judged that there is something
        drafts = [put_letter(session, message, SYSTEM, now, settings)]
    letter = None if message.history else acknowledge(session, message, settings, now)
    if letter is not None:
        session.add(letter)
    message.is_new = False
    return drafts


def _give_up(session: Session, message: Message, now: datetime) -> None:
    message.state = "unreadable"
    after = {"state": "unreadable", "error": message.error}
    session.add(Journal(at=now, who=SYSTEM, action="unreadable", message=message.id, after=after))


def _known(session: Session, names: Sequence[str]) -> dict[str, int]:
    rows = session.execute(select(Message.sha256, Message.id).where(Message.sha256.in_(set(names))))
    return dict(rows.all())


def _new_row(arrival: Arrival, now: datetime) -> dict[str, object]:
    return {
        "sha256": sha256(arrival.raw).hexdigest(),
        "size": len(arrival.raw),
        "received_at": arrival.received_at,
        "stored_at": now,
        "source": arrival.source,
        "history": arrival.history,
        "state": "stored",
    }


def _insert_messages(session: Session, rows: list[dict[str, object]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(Message).on_conflict_do_nothing(index_elements=["sha256"]), rows)


def _mark_stored(session: Session, arrivals: Sequence[Arrival], rows: Sequence[int]) -> None:
    stored = [
        {
            "id": arrival.sighting,
            "state": "stored",
            "message": row,
            "message_id": arrival.message_id,
            "error": None,
            "next_try_at": None,
        }
        for arrival, row in zip(arrivals, rows, strict=True)
        if arrival.sighting is not None
    ]
    if stored:
        session.execute(update(Sighting), stored)
