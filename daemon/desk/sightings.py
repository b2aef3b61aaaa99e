"""The register of the mailbox's messages: a row for each UID, and how far the mailbox was listed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from daemon.mail.mailbox import Listed, Mailbox, State
from daemon.settings import Settings
from daemon.store.schema import Mailbox as Mark
from daemon.store.schema import Sighting
from daemon.store.unit_of_work import Store

AT_ONCE = 200
DONE = ("stored", "too_large")
GONE = "邮箱重建后，这封邮件已不在服务器上"
log = logging.getLogger(__name__)

Place = tuple[datetime, int]
"""INTERNALDATE and size: what a message keeps when its UID changes."""


@dataclass(frozen=True)
class Round:
    """One look at the mailbox: where it stands now, and what that is held against."""

    store: Store
    mailbox: Mailbox
    settings: Settings
    state: State
    now: datetime


def note_new(round_: Round) -> int:
    """A row for each message above the mark, then the mark, in one transaction; gives how many are new."""
    mark = _mark(round_)
    if round_.state.uidvalidity != mark.uidvalidity:
        return _note_renumbered(round_, mark)
    if round_.state.uidnext <= mark.last_uid + 1:
        return 0
    listed = round_.mailbox.listing(mark.last_uid)
    if not listed:
        return 0
    # Above the mark everything counts, old mail that a person has moved here too; below it, what came since the start.
    wanted = [one for one in listed if mark.last_uid or _is_wanted(one, mark)]
    rows = _new_rows(round_, wanted)
    with round_.store.write() as session:
        _write(session, round_, rows, listed)
    return len(rows)


def _mark(round_: Round) -> Mark:
    """How far the mailbox was listed; the first poll decides where it begins."""
    name = round_.settings.mailbox.name
    with round_.store.read() as session:
        if known := session.get(Mark, name):
            return known
    mark = Mark(
        name=name,
        uidvalidity=round_.state.uidvalidity,
        # What lies there already is not even listed, when mail counts from now on.
        last_uid=round_.state.uidnext - 1 if round_.settings.mailbox.start == "now" else 0,
        first_polled_at=round_.now,
        start_at=_start(round_),
    )
    with round_.store.write() as session:
        session.add(mark)
    return mark


def _start(round_: Round) -> datetime | None:
    start = round_.settings.mailbox.start
    if start == "all":
        return None
    return round_.now if start == "now" else datetime.combine(start, time(), round_.settings.office_value.zone)


def _is_wanted(one: Listed, mark: Mark) -> bool:
    return mark.start_at is None or one.received_at >= mark.start_at


def _note_renumbered(round_: Round, mark: Mark) -> int:
    """UIDVALIDITY has changed, all UIDs mean something else: what is known is told by time, size and Message-ID."""
    log.warning("mailbox %s: UIDVALIDITY %d became %d", mark.name, mark.uidvalidity, round_.state.uidvalidity)
    listed = round_.mailbox.listing(0)
    with round_.store.read() as session:
        former = session.scalars(_former(mark)).all()
    places = {_place(one) for one in former}
    wanted = [one for one in listed if _place(one) in places or _is_wanted(one, mark)]
    known = _recognised(round_.mailbox, wanted, [one for one in former if one.state in DONE])
    rows = _new_rows(round_, [one for one in wanted if one.uid not in known])
    with round_.store.write() as session:
        _leave(session, former, {_place(one) for one in wanted})
        _write(session, round_, rows + [_known_row(round_, uid, known[uid]) for uid in known], listed)
    return len(rows)


def _former(mark: Mark) -> Select[Sighting]:
    own = select(Sighting).where(Sighting.mailbox == mark.name, Sighting.uidvalidity == mark.uidvalidity)
    return own.order_by(Sighting.uid)


def _recognised(mailbox: Mailbox, listed: Sequence[Listed], former: Sequence[Sighting]) -> dict[int, Sighting]:
    """The former row of each message that was dealt with. Two alike are two: none stands for both."""
    waiting: dict[tuple[Place, str | None], list[Sighting]] = {}
    for sighting in reversed(former):
        waiting.setdefault((_place(sighting), sighting.message_id), []).append(sighting)
    places = {place for place, _ in waiting}
    candidates = [one for one in listed if _place(one) in places]
    ids = _message_ids(mailbox, [one.uid for one in candidates])
    found: dict[int, Sighting] = {}
    for one in candidates:
        if same := waiting.get((_place(one), ids.get(one.uid))):
            found[one.uid] = same.pop()
    return found


def _message_ids(mailbox: Mailbox, uids: Sequence[int]) -> dict[int, str | None]:
    ids: dict[int, str | None] = {}
    for start in range(0, len(uids), AT_ONCE):
        ids |= mailbox.message_ids(uids[start : start + AT_ONCE])
    return ids


def _leave(session: Session, former: Sequence[Sighting], places: set[Place]) -> None:
    """Former rows without their message: a new row takes over where the message is still there."""
    for one in (one for one in former if one.state not in DONE):
        if _place(one) in places:
            session.execute(delete(Sighting).where(Sighting.id == one.id))
        else:
            gone = {"state": "failed", "next_try_at": None, "error": GONE}
            session.execute(update(Sighting).where(Sighting.id == one.id).values(gone))


def _write(session: Session, round_: Round, rows: list[dict[str, object]], listed: Sequence[Listed]) -> None:
    if rows:
        session.execute(insert(Sighting), rows)
    last_uid = max((one.uid for one in listed), default=0)
    values = {"uidvalidity": round_.state.uidvalidity, "last_uid": last_uid}
    session.execute(update(Mark).where(Mark.name == round_.settings.mailbox.name).values(values))


def _new_rows(round_: Round, wanted: Sequence[Listed]) -> list[dict[str, object]]:
    limit = round_.settings.mailbox.max_size
    # Nobody will read the Message-ID of these from their bytes.
    ids = _message_ids(round_.mailbox, [one.uid for one in wanted if one.size > limit])
    return [_row(round_, one) | _fate(one, limit, ids.get(one.uid)) for one in wanted]


def _fate(one: Listed, limit: int, message_id: str | None) -> dict[str, object]:
    if one.size <= limit:
        return {"state": "listed", "message_id": None, "error": None, "message": None}
    error = f"邮件约 {one.size / 2**20:.0f} MB，超过上限 {limit / 2**20:.0f} MB，未收取，仍在邮箱服务器上"
    return {"state": "too_large", "message_id": message_id, "error": error, "message": None}


def _known_row(round_: Round, uid: int, former: Sighting) -> dict[str, object]:
    row = _row(round_, Listed(uid, former.size, former.received_at))
    return row | {
        "state": former.state,
        "message_id": former.message_id,
        "error": former.error,
        "message": former.message,
    }


def _row(round_: Round, one: Listed) -> dict[str, object]:
    return {
        "mailbox": round_.settings.mailbox.name,
        "uidvalidity": round_.state.uidvalidity,
        "uid": one.uid,
        "size": one.size,
        "received_at": one.received_at,
        "tries": 0,
        "noted_at": round_.now,
    }


def _place(one: Listed | Sighting) -> Place:
    return one.received_at, one.size
