"""Letters that come back: the letter has failed, its address is marked, the unit's other address is written to.

An address is dead from the bounce until its owner writes from it again.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk.drafting import SYSTEM, Intake
from daemon.desk.outbox import is_written, write_again
from daemon.mail.letter import is_deliverable, recipients
from daemon.store.schema import Journal, Letter, Message
from parsers.office import Unit
from parsers.submission import Bounce

BOUNCED = "letter.bounced"
_LATELY = 500
"""Sent letters among which one is looked for by address and subject, where no Message-ID came back."""


def take_bounce(intake: Intake) -> None:
    """Does what a bounce calls for; one that gives back no letter of ours, or only reports a delay, nothing."""
    bounce = intake.found.bounce
    if bounce is None or not bounce.permanent:
        return
    for letter in _letters(intake.session, bounce):
        for address in _failed(letter, bounce):
            _mark(intake, letter, address, bounce)


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


def _mark(intake: Intake, letter: Letter, address: str, bounce: Bounce) -> None:
    reason = f"退信：{address} 无法送达（{bounce.reason}）"
    letter.state, letter.error = "failed", reason
    _record(intake, letter, BOUNCED, {"state": "failed", "address": address}, reason)
    intake.session.flush()
    unit = intake.settings.office_value.unit(letter.unit)
    others = living(intake.session, unit, recipients(letter.to)) if unit else []
    key = f"again:{letter.id}"
    if not others:
        _record(intake, letter, "letter.no_recipient", {}, f"{address} 无法送达，没有其他可用的邮箱，请电话联系")
    elif not is_written(intake.session, key):
        again = write_again(intake.session, letter, key, others[0], intake.settings, intake.now)
        _record(intake, again, "letter.again", {"address": others[0]}, f"{address} 无法送达，改寄 {others[0]}")


def _record(intake: Intake, letter: Letter, action: str, after: dict[str, str], note: str) -> None:
    intake.session.add(
        Journal(
            at=intake.now, who=SYSTEM, action=action, letter=letter.id, draft=letter.draft, unit=letter.unit,
            message=intake.message.id, after=after, note=note,
        )
    )  # fmt: skip


def _dead(session: Session, unit: str) -> frozenset[str]:
    rows = session.scalars(select(Journal).where(Journal.action == BOUNCED, Journal.unit == unit)).all()
    last = {row.after["address"]: row for row in sorted(rows, key=lambda row: row.id)}
    return frozenset(address for address, row in last.items() if not _has_written_since(session, address, row))


def _has_written_since(session: Session, address: str, bounced: Journal) -> bool:
    query = select(Message.id).where(func.lower(Message.sender_address) == address, Message.id > (bounced.message or 0))
    return session.scalar(query.limit(1)) is not None
