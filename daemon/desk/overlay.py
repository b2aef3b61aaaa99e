"""What editors learn of units in the course of a day, over the files: journaled, withdrawn as easily, seen at once.

An address bound to a unit makes that unit's mail of what comes from it; what was held back for want of it is read
again. A hold keeps a unit's reminders back till its last day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.acknowledge import own_addresses
from daemon.desk.hand import InvalidInput
from daemon.mail.letter import is_deliverable
from daemon.rules.overlay import Kind, Learned, laid_over
from daemon.settings import Settings
from daemon.store.overlay import OverlayEntry
from daemon.store.schema import Draft, Journal, Message
from daemon.store.unit_of_work import Store
from parsers.office import Office, Unit
from parsers.sender import by_address, normal

_LONGEST = 200
_Stamp = tuple[int, int]


class Current:
    """The settings as they are now: those of the files with what the desk has learned. Safe to use from threads.

    `changed` is told what was learned whenever it is another than before.
    """

    def __init__(
        self, store: Store, files: Settings, changed: Callable[[tuple[Learned, ...]], None] = lambda _: None
    ) -> None:
        self._store, self.files, self._changed = store, files, changed
        self._known: tuple[_Stamp, Settings] | None = None

    def settings(self) -> Settings:
        """One look at the database; StoreUnavailable where that fails."""
        with self._store.read() as session:
            stamp = _stamp(session)
            known = self._known
            if known is not None and known[0] == stamp:
                return known[1]
            entries = learned(session)
        found = replace(self.files, office_value=laid_over(self.files.office_value, entries))
        self._changed(entries)
        self._known = (stamp, found)
        return found


@dataclass(frozen=True)
class Bound:
    """An address that was bound to a unit, and how many of its mails are read again because of it."""

    unit: str
    address: str
    read_again: int


def learned(session: Session) -> tuple[Learned, ...]:
    """All that holds now, the oldest first."""
    return tuple(
        Learned(cast(Kind, one.kind), one.unit, one.value, one.phone)
        for one in entries(session)
        if one.kind in ("address", "liaison") and one.withdrawn_at is None
    )


def entries(session: Session) -> list[OverlayEntry]:
    """Every entry, withdrawn ones too, the oldest first."""
    return list(session.scalars(select(OverlayEntry).order_by(OverlayEntry.id)))


def bind_address(session: Session, address: str, unit: str, who: Actor, settings: Settings, now: datetime) -> Bound:
    """From now on mail from this address is the unit's; drafts held back for want of it are read again."""
    plain = normal(address)
    office = laid_over(settings.office_value, learned(session))
    found = _unit(office, unit)
    _check_address(plain, found, office, settings)
    if plain not in map(normal, found.addresses):
        _add(session, OverlayEntry(kind="address", unit=unit, value=plain, who=who.name, at=now))
        _record(session, "overlay.address", unit, who, now, {"address": plain}, f"{plain} 登记为{unit}的邮箱")
    return Bound(unit, plain, _read_again(session, plain, who, now))


def set_liaison(
    session: Session, unit: str, name: str, phone: str, who: Actor, settings: Settings, now: datetime
) -> None:
    """The unit's liaison is somebody else now."""
    found = _unit(laid_over(settings.office_value, learned(session)), unit)
    name, phone = _line(name), _line(phone)
    if not name:
        raise InvalidInput("请填写信息员姓名。")
    if (name, phone or found.liaison_phone) == (found.liaison_name, found.liaison_phone):
        return
    _add(session, OverlayEntry(kind="liaison", unit=unit, value=name, phone=phone or None, who=who.name, at=now))
    before = {"liaison": _said(found.liaison_name, found.liaison_phone)}
    after = {"liaison": _said(name, phone or found.liaison_phone)}
    _record(session, "overlay.liaison", unit, who, now, after, f"信息员变更为{after['liaison']}", before)


def hold_reminders(
    session: Session, unit: str, until: date, reason: str, who: Actor, settings: Settings, now: datetime
) -> None:
    """No reminder to the unit goes by itself up to and on that day."""
    _unit(settings.office_value, unit)
    if until < now.astimezone(settings.office_value.zone).date():
        raise InvalidInput("暂缓催报的截止日期不能早于今天。")
    if not _line(reason):
        raise InvalidInput("请写明暂缓催报的原因。")
    _add(session, OverlayEntry(kind="hold", unit=unit, value=_line(reason), until=until, who=who.name, at=now))
    after = {"until": until.isoformat()}
    _record(session, "overlay.hold", unit, who, now, after, f"{unit}的催报暂缓至 {until.isoformat()}：{_line(reason)}")


def holds_on(session: Session, day: date) -> dict[str, OverlayEntry]:
    """By unit: the hold that keeps its reminder of this day back, the longest where there are several."""
    query = select(OverlayEntry).where(
        OverlayEntry.kind == "hold", OverlayEntry.until >= day, OverlayEntry.withdrawn_at.is_(None)
    )
    return {hold.unit: hold for hold in session.scalars(query.order_by(OverlayEntry.until, OverlayEntry.id))}


def withdraw(session: Session, entry_id: int, who: Actor, now: datetime) -> OverlayEntry | None:
    """The entry no longer holds; None where there is none that does."""
    entry = session.get(OverlayEntry, entry_id, with_for_update=True)
    if entry is None or entry.withdrawn_at is not None:
        return None
    entry.withdrawn_by, entry.withdrawn_at = who.name, now
    _record(session, "overlay.withdraw", entry.unit, who, now, {"entry": entry.id}, f"撤销：{entry.value}")
    return entry


def unproven(session: Session, address: str) -> list[Message]:
    """Mail from the address that no unit's registration stood behind, the newest first."""
    query = select(Message).where(
        func.lower(Message.sender_address) == address,
        Message.state == "parsed",
        Message.history.is_(False),
        Message.unit_evidence.is_(None) | Message.unit_evidence.not_in(("address", "domain", "desk")),
    )
    return list(session.scalars(query.order_by(Message.id.desc()).limit(_LONGEST)))


def may_be_bound(message: Message, settings: Settings) -> bool:
    """Whether it makes sense to ask whose address the sender's is."""
    address = normal(message.sender_address)
    if not address or message.kind in ("auto_reply", "bounce") or address in own_addresses(settings):
        return False
    return by_address(address, settings.office_value)[0] is None


def _read_again(session: Session, address: str, who: Actor, now: datetime) -> int:
    """Untouched drafts follow the new reading; what a person has moved stays as it is."""
    again = unproven(session, address)
    for message in again:
        message.state, message.error, message.begun_at = "stored", None, None
        message.attempts = message.interruptions = 0
        after = {"state": "stored"}
        session.add(
            Journal(
                at=now, who=who.name, action="parse_again", message=message.id, after=after, note="发件邮箱已登记到单位"
            )
        )
    return len(again)


def held_back(session: Session, address: str) -> int:
    """How many drafts from the address wait for their source to be confirmed."""
    query = (
        select(func.count())
        .select_from(Draft)
        .join(Message, Message.id == Draft.message_row)
        .where(func.lower(Message.sender_address) == address, Draft.state == "quarantined", Draft.secret.is_(False))
    )
    return session.scalar(query) or 0


def _check_address(address: str, unit: Unit, office: Office, settings: Settings) -> None:
    if not is_deliverable(address) or len(address) > _LONGEST:
        raise InvalidInput("这不是一个完整的邮箱地址。")
    if address in own_addresses(settings):
        raise InvalidInput("这是编辑部自己的邮箱，不能登记给单位。")
    other, _ = by_address(address, office)
    if other is not None and other.name != unit.name:
        raise InvalidInput(f"这个邮箱已登记为{other.name}的，请先撤销或在 units.yaml 中更正。")


def _unit(office: Office, name: str) -> Unit:
    found = office.unit(name)
    if found is None:
        raise InvalidInput("请选择单位。")
    return found


def _add(session: Session, entry: OverlayEntry) -> None:
    session.add(entry)
    session.flush()


def _record(
    session: Session,
    action: str,
    unit: str,
    who: Actor,
    now: datetime,
    after: Mapping[str, object],
    note: str,
    before: Mapping[str, object] | None = None,
) -> None:
    pair = {"before": dict(before or {}), "after": dict(after)}
    session.add(Journal(at=now, who=who.name, action=action, unit=unit, note=note, **pair))


def _said(name: str | None, phone: str | None) -> str:
    return " ".join(filter(None, (name, phone))) or "（空）"


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _stamp(session: Session) -> _Stamp:
    """Changes with every entry made or withdrawn."""
    made, withdrawn = session.execute(select(func.count(), func.count(OverlayEntry.withdrawn_at))).one()
    return made, withdrawn
