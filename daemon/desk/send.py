"""Sends what waits in the outbox. No transaction is open while SMTP runs.

Dying between SMTP's 250 and our commit sends a letter twice, with the same Message-ID; none is lost (DESIGN.md, 5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from daemon.desk.bounces import Lost, lose
from daemon.mail.delivery import Delivered, Outcome, Refused, Unreachable
from daemon.mail.errors import SmtpUnavailable
from daemon.mail.letter import Envelope, LetterText, compose
from daemon.settings import Settings
from daemon.store.schema import Letter
from daemon.store.unit_of_work import Store

Deliver = Callable[[str, bytes], Outcome]

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240))
"""How long to wait at least after the n-th failure; the last holds for all that follow."""
SPREAD = 0.25
"""A wait is up to so much longer, each letter's by another part: what was put off together comes back apart."""


@dataclass(frozen=True)
class SendReport:
    """What one pass did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    """Refused for good, or put off for longer than `smtp.retry_for`."""
    left: int = 0
    """Due, but over what the provider lets go in a minute or a day."""


def send_waiting(store: Store, deliver: Deliver, settings: Settings, now: datetime) -> SendReport:
    """Sends due letters, the oldest first, as many as the provider lets go.

    SmtpUnavailable: the server is away or wants none of them now; what was sent until then is noted.
    """
    due = _due(store, now)
    allowed = max(0, _allowance(store, settings, now))
    ended = [_send(store, deliver, settings, row, now) for row in due[:allowed]]
    return SendReport(ended.count("sent"), ended.count("waiting"), ended.count("failed"), len(due) - len(ended))


def next_wait(attempts: int, retry_for: timedelta) -> timedelta | None:
    """How long to wait after so many failures; None: it has been tried for `retry_for` and is given up."""
    waits = [WAITS[min(attempt, len(WAITS) - 1)] for attempt in range(attempts)]
    return waits[-1] if sum(waits, timedelta()) <= retry_for else None


def _due(store: Store, now: datetime) -> list[int]:
    query = select(Letter.id).where(Letter.state == "waiting", Letter.next_try_at <= now).order_by(Letter.id)
    with store.read() as session:
        return list(session.scalars(query))


def _allowance(store: Store, settings: Settings, now: datetime) -> int:
    """How many letters may go now, by `smtp.per_minute` and `smtp.per_day`."""
    limits = {timedelta(minutes=1): settings.smtp.per_minute, timedelta(days=1): settings.smtp.per_day}
    with store.read() as session:
        sent = {
            span: session.scalar(select(func.count()).select_from(Letter).where(Letter.sent_at > now - span)) or 0
            for span in limits
        }
    return min(limit - sent[span] for span, limit in limits.items())


def _send(store: Store, deliver: Deliver, settings: Settings, row: int, now: datetime) -> str:
    """Sends one letter and notes what became of it; gives its state, "" where it is no longer to be sent."""
    with store.read() as session:
        letter = session.get_one(Letter, row)
    if letter.state != "waiting":
        return ""
    try:
        raw = compose(LetterText(letter.subject, letter.text, letter.html), _envelope(letter, settings), now)
    except ValueError as error:
        outcome: Outcome = Refused(str(error))
    else:
        outcome = deliver(letter.to, raw)
    state = _note(store, letter, outcome, settings, now)
    if isinstance(outcome, Unreachable):
        raise SmtpUnavailable(outcome.reason)
    return state


def _envelope(letter: Letter, settings: Settings) -> Envelope:
    return Envelope(
        sender_name=settings.office.name,
        sender=settings.smtp.from_address,
        reply_to=settings.office.address,
        to=letter.to,
        kind=letter.kind,
        message_id=letter.message_id,
        in_reply_to=letter.in_reply_to,
        references=tuple(letter.references),
    )


def _note(store: Store, letter: Letter, outcome: Outcome, settings: Settings, now: datetime) -> str:
    attempts = letter.attempts + 1
    values = {"attempts": attempts} | _result(outcome, attempts, _spread(letter, attempts), settings, now)
    change = update(Letter).where(Letter.id == letter.id)
    if not isinstance(outcome, Delivered):
        # An editor may have cancelled it meanwhile.
        change = change.where(Letter.state == "waiting")
    with store.write() as session:
        session.execute(change.values(values))
        if isinstance(outcome, Delivered | Refused):
            _lose(session, letter.id, outcome, settings, now)
    return str(values["state"])


def _lose(session: Session, row: int, outcome: Delivered | Refused, settings: Settings, now: datetime) -> None:
    """The server knows nobody at an address: the letter goes where its unit can be reached, as after a bounce."""
    letter = session.get_one(Letter, row)
    for address in outcome.nobody if letter.state != "cancelled" else ():
        said = f"（{outcome.reason}）" if isinstance(outcome, Refused) else ""
        lose(session, Lost(letter, address, f"收件地址 {address} 不存在{said}"), settings, now)


def _spread(letter: Letter, attempts: int) -> float:
    """By what a wait is multiplied: as if by chance, and the same when it is reckoned again."""
    return 1 + SPREAD * (crc32(f"{letter.message_id} {attempts}".encode()) % 1000) / 1000


def _result(outcome: Outcome, attempts: int, spread: float, settings: Settings, now: datetime) -> dict[str, object]:
    if isinstance(outcome, Delivered):
        return {"state": "sent", "sent_at": now, "error": None}
    if isinstance(outcome, Refused):
        return {"state": "failed", "error": outcome.reason}
    wait = next_wait(attempts, settings.smtp.retry_for)
    if isinstance(outcome, Unreachable):
        # The server's fault, not the letter's: it is never given up for that.
        return {"state": "waiting", "error": outcome.reason, "next_try_at": now + (wait or WAITS[-1]) * spread}
    if wait is None:
        return {"state": "failed", "error": f"多次重试未能发出：{outcome.reason}"}
    return {"state": "waiting", "error": outcome.reason, "next_try_at": now + wait * spread}
