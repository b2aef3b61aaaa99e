"""Letters that reach nobody: the letter has failed, its address is marked, the unit's other address is written to.

They come back as mail, or the server refuses the address at once. It is dead from then on until its owner writes from
it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk.drafting import SYSTEM, Intake
from daemon.desk.outbox import is_written, write_again
from daemon.mail.letter import is_deliverable, recipients
from daemon.settings import Settings
from daemon.store.schema import Journal, Letter, Message
from parsers.office import Unit
from parsers.submission import Bounce

BOUNCED = "letter.bounced"
_LATELY = 500
"""Sent letters among which one is looked for by address and subject, where no Message-ID came back."""


@dataclass(frozen=True)
class Lost:
    """An address of a letter that has no owner, and how that is known."""

    letter: Letter
    address: str
    reason: str
    """In Chinese."""
    message: int | None = None
    """The mail that gave it back; None: the server said so."""


def take_bounce(intake: Intake) -> None:
    """Does what a bounce calls for; one that gives back no letter of ours, or only reports a delay, nothing."""
    bounce = intake.found.bounce
    if bounce is None or not bounce.permanent:
        return
    for letter in _letters(intake.session, bounce):
        for address in _failed(letter, bounce):
            reason = f"退信：{address} 无法送达（{bounce.reason}）"
            lose(intake.session, Lost(letter, address, reason, intake.message.id), intake.settings, intake.now)


def lose(session: Session, lost: Lost, settings: Settings, now: datetime) -> None:
    """Marks the address and sees to it that the letter reaches its unit: once, where none of its addresses is left."""
    letter = lost.letter
    unit = settings.office_value.unit(letter.unit)
    newest = session.scalar(select(func.max(Message.id))) if lost.message is None else lost.message
    after = {"state": "failed", "address": lost.address.lower(), "until": newest or 0}
    _record(session, lost, now, BOUNCED, after, lost.reason)
    session.flush()
    letter.error = lost.reason
    if unit and any(address.lower() not in _dead(session, unit.name) for address in recipients(letter.to)):
        return
    letter.state = "failed"
    others, key = _others(session, unit, letter), f"again:{letter.id}"
    if not others:
        note = f"{lost.address} 无法送达，没有其他可用的邮箱，请电话联系"
        _record(session, lost, now, "letter.no_recipient", {}, note)
    elif not is_written(session, key):
        again = write_again(session, letter, key, others[0], settings, now)
        note = f"{lost.address} 无法送达，改寄 {others[0]}"
        told = Lost(again, lost.address, lost.reason, lost.message)
        _record(session, told, now, "letter.again", {"address": others[0]}, note)


def living(session: Session, unit: Unit | None, wanted: Iterable[str]) -> list[str]:
    """Where a unit's letter goes: those of the wanted addresses that are not dead; where all are, the unit's others."""
    dead = _dead(session, unit.name) if unit else frozenset()
    asked = [address.lower() for address in wanted]
    alive = [address for address in asked if address not in dead]
    if alive or unit is None or not asked:
        return alive
    own = (address.lower() for address in (*unit.notify, *unit.addresses) if not address.startswith("@"))
    return [address for address in dict.fromkeys(own) if address not in dead and is_deliverable(address)][:1]


def _letters(session: Session, bounce: Bounce) -> list[Letter]:
    query = select(Letter).where(Letter.state == "sent")
    if bounce.letters:
        return list(session.scalars(query.where(Letter.message_id.in_(bounce.letters))))
    latest = session.scalars(query.order_by(Letter.id.desc()).limit(_LATELY))
    found = (one for one in latest if _failed(one, bounce) and _squeezed(one.subject) in _squeezed(bounce.words))
    return list(found)[:1]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _failed(letter: Letter, bounce: Bounce) -> list[str]:
    """Those of the letter's addresses that the bounce names. Where it gives back the letter itself and names nobody, or
    only where a forwarding address leads, there must be one alone."""
    addresses = [address.lower() for address in recipients(letter.to)]
    named = [one for one in addresses if one in bounce.addresses]
    return named or (addresses if bounce.letters and len(addresses) == 1 else [])


def _others(session: Session, unit: Unit | None, letter: Letter) -> list[str]:
    """What is said to a unit's leader is not for those of whom it speaks."""
    return [] if unit is None or letter.kind == "escalation" else living(session, unit, recipients(letter.to))


def _record(session: Session, lost: Lost, now: datetime, action: str, after: dict[str, str | int], note: str) -> None:
    letter = lost.letter
    session.add(
        Journal(
            at=now, who=SYSTEM, action=action, letter=letter.id, draft=letter.draft, unit=letter.unit,
            message=lost.message, after=after, note=note,
        )
    )  # fmt: skip


def _dead(session: Session, unit: str) -> frozenset[str]:
    rows = session.scalars(select(Journal).where(Journal.action == BOUNCED, Journal.unit == unit)).all()
    last = {row.after["address"]: row for row in sorted(rows, key=lambda row: row.id)}
    return frozenset(address for address, row in last.items() if not _has_written_since(session, address, row))


def _has_written_since(session: Session, address: str, bounced: Journal) -> bool:
    since = bounced.message or bounced.after.get("until", 0)
    query = select(Message.id).where(func.lower(Message.sender_address) == address, Message.id > since)
    return session.scalar(query.limit(1)) is not None
