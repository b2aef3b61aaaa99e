"""The word that a mail is here while its files are still being recognised (附件识别中): within ten minutes, whatever
they take. To a unit's own address alone: of any other mail nobody knows yet whether it calls for an answer.

The receipt that follows is sent only where it says more than "in time": see `acknowledge`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from daemon.desk.acknowledge import EARLY, early_key, hold_reason, is_answerable, mail_values
from daemon.desk.outbox import Cause, is_verified, write_letter
from daemon.rules.calendar import Calendar
from daemon.settings import Settings
from daemon.store.schema import Letter, Message
from daemon.store.unit_of_work import Store


def tell_slow(store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False) -> list[str]:
    """Writes the letter for every mail whose files take that long, once; gives a line for each."""
    with store.read() as session:
        late = [message for message in _waiting(session, now) if _may_be_told(session, message, settings, now)]
    for message in late if not dry_run else ():
        _tell(store, message.id, settings, now)
    return [f"附件识别中：{message.unit} → {message.sender_address}" for message in late]


def _waiting(session: Session, now: datetime) -> list[Message]:
    """Mail of which a glance has said whose it is, and no reading yet what it holds."""
    query = select(Message).where(
        Message.state == "stored",
        Message.parsed_at.is_(None),
        Message.sender_address.is_not(None),
        Message.stored_at <= now - EARLY,
        ~exists().where(Letter.message == Message.id),
    )
    return list(session.scalars(query.order_by(Message.id)))


def _may_be_told(session: Session, message: Message, settings: Settings, now: datetime) -> bool:
    """What a person would have to let go waits for the receipt itself."""
    if message.received_at is None or not (is_answerable(message, settings) and is_verified(message)):
        return False
    return hold_reason(session, message, [], settings, now) is None


def _tell(store: Store, row: int, settings: Settings, now: datetime) -> None:
    try:
        with store.write() as session:
            message = session.get_one(Message, row)
            if message.state == "stored":
                _write(session, message, settings, now)
    except IntegrityError:
        # Another process has just written it.
        return


def _write(session: Session, message: Message, settings: Settings, now: datetime) -> None:
    assert message.sender_address is not None
    to = message.sender_address.lower()
    cause = Cause(early_key(message), "acknowledgement", to, message.unit, answers=message)
    said = {"receipts": (), "requests": (), "headline": None, "amended": False, "recognising": True}
    write_letter(session, cause, mail_values(message, True, settings) | said, settings, now)
