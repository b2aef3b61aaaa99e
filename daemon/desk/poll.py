"""One pass over the mailbox: a row for each new message before the mark moves, then the messages themselves.

So a message that can't be fetched neither blocks the others nor is lost. Both steps are safe to repeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from daemon.desk.receive import Arrival, keep
from daemon.desk.sightings import AT_ONCE, Round, note_new
from daemon.mail.errors import FetchFailed, MailboxUnavailable, TooLarge, Vanished
from daemon.mail.mailbox import PIECE, Listed, Mailbox, message_id_in
from daemon.settings import Settings
from daemon.store.schema import Sighting
from daemon.store.unit_of_work import Store

BATCH_BYTES = 8 * 2**20
WAITS = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 5, 30, 120, 360, 1440))
"""How long to wait after the n-th failure to fetch a message."""
_HEADER = 64 * 2**10


@dataclass(frozen=True)
class PollReport:
    """What one pass did."""

    listed: int = 0
    """Messages seen for the first time."""
    stored: int = 0
    too_large: int = 0
    failed: int = 0


@dataclass(frozen=True)
class _Due:
    """A row whose message is still to be fetched."""

    row: int
    uid: int
    size: int
    received_at: datetime
    tries: int


def poll(
    store: Store, mailbox: Mailbox, settings: Settings, now: datetime, stopped: Callable[[], bool] = lambda: False
) -> PollReport:
    """Takes in what is new. MailboxUnavailable: the server went away; what was taken in so far is kept.

    `stopped` is asked between batches, so that the daemon can end.
    """
    round_ = Round(store, mailbox, settings, mailbox.state(), now)
    listed = note_new(round_)
    ended: Counter[str] = Counter()
    for batch in _batches(_due(round_)):
        if stopped():
            break
        ended.update(_take(round_, batch))
    return PollReport(listed, ended["stored"], ended["too_large"], ended["failed"])


def _due(round_: Round) -> list[_Due]:
    """What is to be fetched now: first what never failed."""
    is_due = or_(Sighting.state == "listed", (Sighting.state == "failed") & (Sighting.next_try_at <= round_.now))
    query = (
        select(Sighting.id, Sighting.uid, Sighting.size, Sighting.received_at, Sighting.tries)
        .where(Sighting.mailbox == round_.settings.mailbox.name, Sighting.state.in_(("listed", "failed")), is_due)
        .where(Sighting.uidvalidity == round_.state.uidvalidity)
        .order_by(Sighting.tries, Sighting.uid)
    )
    with round_.store.read() as session:
        return [_Due(*row) for row in session.execute(query)]


def _batches(due: Iterable[_Due]) -> Iterator[list[_Due]]:
    """Small messages together; a large one, and one that has failed before, alone."""
    batch: list[_Due] = []
    size = 0
    for one in due:
        weight = BATCH_BYTES if one.tries or one.size > PIECE else one.size
        if batch and (len(batch) == AT_ONCE or size + weight > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += weight
    if batch:
        yield batch


def _take(round_: Round, batch: list[_Due]) -> Counter[str]:
    """Fetches and keeps a batch; gives how its messages ended."""
    try:
        raws = _fetch(round_.mailbox, batch)
    except MailboxUnavailable as error:
        # One of them may be what the server chokes on: next time they come one by one.
        _fail(round_, batch, str(error))
        raise
    except FetchFailed as error:
        if len(batch) == 1:
            return _give_back(round_, batch[0], error)
        return sum((_take(round_, [one]) for one in batch), Counter())
    return _keep(round_, batch, raws)


def _fetch(mailbox: Mailbox, batch: list[_Due]) -> dict[int, bytes]:
    if len(batch) == 1:
        return {batch[0].uid: mailbox.fetch(batch[0].uid)}
    return mailbox.fetch_many([Listed(one.uid, one.size, one.received_at) for one in batch])


def _keep(round_: Round, batch: list[_Due], raws: dict[int, bytes]) -> Counter[str]:
    here = [one for one in batch if one.uid in raws]
    keep(round_.store, [_arrival(one, raws[one.uid]) for one in here], round_.now)
    gone = [_give_back(round_, one, Vanished()) for one in batch if one.uid not in raws]
    return sum(gone, Counter(stored=len(here)))


def _arrival(one: _Due, raw: bytes) -> Arrival:
    message_id = message_id_in(raw[:_HEADER].partition(b"\r\n\r\n")[0])
    return Arrival(raw, one.received_at, source="imap", sighting=one.row, message_id=message_id)


def _give_back(round_: Round, one: _Due, error: FetchFailed) -> Counter[str]:
    """Notes why a message could not be had; what is gone or too large is not asked for again."""
    if not isinstance(error, TooLarge | Vanished):
        _fail(round_, [one], str(error))
        return Counter(failed=1)
    state = "too_large" if isinstance(error, TooLarge) else "failed"
    values = {"state": state, "tries": one.tries + 1, "next_try_at": None, "error": str(error)}
    with round_.store.write() as session:
        session.execute(update(Sighting).where(Sighting.id == one.row).values(values))
    return Counter({state: 1})


def _fail(round_: Round, batch: Iterable[_Due], error: str) -> None:
    rows = [
        {
            "id": one.row,
            "state": "failed",
            "tries": one.tries + 1,
            "next_try_at": round_.now + WAITS[min(one.tries, len(WAITS) - 1)],
            "error": error,
        }
        for one in batch
    ]
    with round_.store.write() as session:
        session.execute(update(Sighting), rows)
