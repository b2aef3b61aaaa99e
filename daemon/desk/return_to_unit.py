"""The letter with a returned draft: why it comes back and what the unit should do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from daemon.desk.bounces import living
from daemon.desk.outbox import Cause, is_verified, write_letter
from daemon.mail.answers import answer_links
from daemon.mail.letter import is_deliverable, one_line
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Letter, Message


def return_letter(session: Session, draft: Draft, reason: str, settings: Settings, now: datetime) -> Letter | None:
    """Writes the letter, in the transaction that returns the draft; `reason` is the editor's, in one or more lines.

    None where nobody can be written to: the journal then tells the editors to speak to the unit.
    """
    message = session.get(Message, draft.message_row) if draft.message_row is not None else None
    to = _recipient(session, draft, message, settings)
    if to is None:
        session.add(_task(draft, now))
        return None
    cause = Cause(
        key=f"return:{draft.id}:{draft.version}",
        kind="return",
        to=to,
        unit=draft.unit,
        answers=message,
        draft=draft,
    )
    return write_letter(session, cause, _values(draft, message, to, reason, settings), settings, now)


def _task(draft: Draft, now: datetime) -> Journal:
    note = "没有可用的收件地址，退稿函未发出，请电话告知报送单位"
    return Journal(at=now, who="系统", action="letter.no_recipient", draft=draft.id, unit=draft.unit, note=note)


def _recipient(session: Session, draft: Draft, message: Message | None, settings: Settings) -> str | None:
    """The unit's address that sent it, else where the unit wants its letters, else whoever sent it; none of the unit's
    that letters came back from."""
    unit = settings.office_value.unit(draft.unit)
    sender = message.sender_address if message and not message.unanswerable else None
    own = [sender] if sender and message and is_verified(message) and message.unit == draft.unit else []
    wanted = [address for address in (*own, *(unit.notify[:1] if unit else ())) if is_deliverable(address)]
    found = living(session, unit, wanted)
    others = [sender.lower()] if sender and not own and is_deliverable(sender) else []
    return next(iter((*found, *others)), None)


def _values(draft: Draft, message: Message | None, to: str, reason: str, settings: Settings) -> dict[str, object]:
    unit = settings.office_value.unit(draft.unit)
    is_known = bool(unit and to in (*unit.notify, *unit.addresses)) or bool(message and is_verified(message))
    title = draft.title if is_known and not draft.secret else None
    received = draft.received_at
    return {
        "addressee": draft.unit if is_known else "您好",
        "title": title,
        "receipt": draft.receipt,
        "received_at": received.astimezone(settings.office_value.zone) if received else None,
        "links": answer_links(settings.office.address, draft.receipt, title, ("更正", "撤回", "异议")),
        "reasons": [line for line in map(one_line, reason.splitlines()) if line],
    }
