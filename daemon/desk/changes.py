"""变更登记: what changed at a unit and has to be brought onto the portal; met by a draft, or ticked by an editor."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.register_hand import EntryHand, filled, held, record, swap
from daemon.rules.calendar import Calendar
from daemon.rules.registers import Moment, OpenEntry, change_due, marked, moment_of, named_column, stated_moment
from daemon.settings import Settings
from daemon.store.registers import Change
from daemon.store.schema import Draft, Journal, Message
from daemon.store.unit_of_work import Store

SYSTEM = "系统"
_UNCOUNTED = ("archived", "quarantined", "rejected", "withdrawn", "returned")
"""States of a draft that brings nothing."""


@dataclass(frozen=True)
class NewChange:
    """What is entered. `key` says what called for it; the same one opens no second entry."""

    key: str
    unit: str
    column: str | None
    what: str
    moment: Moment
    source: str
    message: int | None = None


@dataclass(frozen=True)
class Entered:
    """A form's fields."""

    unit: str
    column: str
    what: str
    day: date
    hour: time | None
    source: str

    @property
    def key(self) -> str:
        """The same form sent twice is one entry."""
        words = "\n".join(map(str, (self.unit, self.column, self.what, self.day, self.hour)))
        return f"form:{sha256(words.encode(errors='replace')).hexdigest()[:40]}"


def enter(session: Session, entered: Entered, who: str, settings: Settings, now: datetime) -> Change:
    """Opens an entry from the form; InvalidInput says what is missing."""
    moment = moment_of(entered.day, entered.hour, settings.calendar)
    if moment.at > now:
        raise InvalidInput("变更时间不能晚于现在。")
    what, column = filled(entered.what, "变更内容"), entered.column or None
    new = NewChange(entered.key, entered.unit, column, what, moment, entered.source.strip()[:200])
    return open_change(session, new, who, settings, now)


def open_change(session: Session, new: NewChange, who: str, settings: Settings, now: datetime) -> Change:
    """The entry with this key, made where there is none yet."""
    there = session.scalar(select(Change).where(Change.key == new.key))
    if there is not None:
        return there
    office = settings.office_value
    if office.unit(new.unit) is None:
        raise InvalidInput("请选择变更的单位。")
    column = office.column(new.column)
    if new.column and column is None:
        raise InvalidInput("没有这个栏目，请重新选择。")
    due = change_due(new.moment, column, settings.calendar)
    row = Change(
        key=new.key, state="open", unit=new.unit, column=new.column, what=new.what, source=new.source,
        changed_at=new.moment.at, hour_known=new.moment.hour_known, due_at=due.at, certain=due.certain,
        message=new.message, created_at=now, created_by=who, version=1,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(
        Journal(
            at=now, who=who, action="change.open", unit=row.unit, message=new.message, after={"change": row.id},
            note=row.what,
        )
    )  # fmt: skip
    return row


def from_message(session: Session, message: Message, who: str, settings: Settings, now: datetime) -> Change:
    """An entry out of a mail: its unit, the column and the moment that it states."""
    unit = settings.office_value.unit(message.unit)
    if unit is None:
        raise InvalidInput("来信的单位不明，请在“变更登记”中填写。")
    mark, words = marked(message.subject), f"{message.subject or ''}\n{message.note}"
    what = mark.rest if mark else (message.subject or "").strip()
    moment = stated_moment(words, message.received_at or now, settings.calendar)
    column = named_column(words, unit, settings.office_value)
    new = NewChange(f"message:{message.id}", unit.name, column, what or "见来信", moment, "单位来信", message.id)
    return open_change(session, new, who, settings, now)


def from_draft(session: Session, draft: Draft, who: str, settings: Settings, now: datetime) -> Change:
    """An entry out of a draft that tells of a change, which is for another column as a rule (任免 → 领导分工)."""
    if draft.secret:
        raise InvalidInput("带有密级标志的稿件不能登记变更。")
    unit = settings.office_value.unit(draft.unit)
    if unit is None:
        raise InvalidInput("稿件的单位不明，请在“变更登记”中填写。")
    words = f"{draft.title}\n{draft.body_text}"
    moment = stated_moment(words, draft.received_at or now, settings.calendar)
    column = named_column(words, unit, settings.office_value)
    source = f"稿件 {draft.receipt}"
    new = NewChange(f"draft:{draft.id}", unit.name, column, draft.title, moment, source, draft.message_row)
    return open_change(session, new, who, settings, now)


def amend(session: Session, hand: EntryHand, column: str | None, day: date, hour: time | None) -> Change:
    """Another column or moment, and the limit that follows from them."""
    row, calendar = _open(session, hand), hand.settings.calendar
    found = hand.settings.office_value.column(column)
    if column and found is None:
        raise InvalidInput("没有这个栏目，请重新选择。")
    moment = moment_of(day, hour, calendar)
    if moment.at > hand.now:
        raise InvalidInput("变更时间不能晚于现在。")
    due = change_due(moment, found, calendar)
    swap(
        session, row, column=column or None, changed_at=moment.at, hour_known=moment.hour_known, due_at=due.at,
        certain=due.certain,
    )  # fmt: skip
    record(
        session,
        hand,
        "change.amend",
        row,
        f"栏目：{column or '未定'}；变更时间：{day}{f' {hour:%H:%M}' if hour else ''}",
    )
    return row


def tick_off(session: Session, hand: EntryHand, reason: str) -> Change:
    """An editor says that it is done, and why no draft shows it."""
    row, why = _open(session, hand), filled(reason, "办结说明")
    swap(session, row, state="done", done_at=hand.now, done_by=hand.who.name, reason=why)
    record(session, hand, "change.done", row, why)
    return row


def settle(store: Store, settings: Settings, calendar: Calendar, now: datetime, dry_run: bool = False) -> list[str]:
    """Closes what a draft of the unit and the column has brought since, and opens again what was brought by one that
    was not used after all. A second call finds nothing to do."""
    with store.read() as session:
        met, lost = _met(session), _lost(session)
    if (met or lost) and not dry_run:
        with store.write() as session:
            for row, draft in met:
                _meet(session, row, draft, now)
            for row in lost:
                _reopen(session, row, now)
    brought = [f"{_named(row)}已由来稿落实" for row, _ in met]
    return [*brought, *(f"{_named(row)}所据来稿未采用，重新待办" for row in lost)]


def open_entries(session: Session) -> dict[str, list[OpenEntry]]:
    """What is open against each unit, for its letter."""
    found: defaultdict[str, list[OpenEntry]] = defaultdict(list)
    for row in session.scalars(select(Change).where(Change.state == "open").order_by(Change.due_at, Change.id)):
        entry = OpenEntry(f"change:{row.id}", "change", row.column, row.what, row.due_at, row.certain)
        found[row.unit].append(entry)
    return found


@dataclass(frozen=True)
class ChangeRow:
    """An entry with the draft that met it, as the list shows it."""

    change: Change
    draft: tuple[int, str] | None
    """Its id and receipt."""


def listed(session: Session, state: str, limit: int = 200) -> list[ChangeRow]:
    """Open ones by their limit, done ones the newest first; `all`: both, the newest first."""
    by_limit = state == "open"
    order: tuple[Any, ...] = (Change.due_at, Change.id) if by_limit else (Change.id.desc(),)
    query = select(Change, Draft.id, Draft.receipt).outerjoin(Draft, Draft.id == Change.met_by).order_by(*order)
    wanted = query if state == "all" else query.where(Change.state == state)
    return [
        ChangeRow(row, (draft, receipt) if draft else None)
        for row, draft, receipt in session.execute(wanted.limit(limit))
    ]


def of_drafts(session: Session, drafts: list[int]) -> dict[int, int]:
    """By draft: the entry that it met."""
    rows = session.execute(select(Change.met_by, Change.id).where(Change.met_by.in_(drafts)).order_by(Change.id))
    return {draft: number for draft, number in rows if draft is not None}


def _open(session: Session, hand: EntryHand) -> Change:
    row = held(session, Change, hand)
    if row.state != "open":
        raise ConflictError("该条登记已经办结。")
    return row


def _named(row: Change) -> str:
    return f"变更登记第{row.id}号（{row.unit}）："


def _met(session: Session) -> list[tuple[Change, int]]:
    """Open entries with the first draft that came for them; few are open at a time."""
    rows = session.scalars(select(Change).where(Change.state == "open", Change.column.is_not(None)).order_by(Change.id))
    found = ((row, session.scalar(_bringing(row))) for row in rows.all())
    return [(row, draft) for row, draft in found if draft is not None]


def _bringing(row: Change) -> Select[int]:
    return (
        select(Draft.id)
        .where(Draft.unit == row.unit, Draft.column == row.column, Draft.received_at >= row.changed_at)
        .where(Draft.state.not_in(_UNCOUNTED), Draft.duplicate_of.is_(None))
        .order_by(Draft.received_at, Draft.id)
        .limit(1)
    )


def _lost(session: Session) -> list[Change]:
    unfit = or_(Draft.state.in_(_UNCOUNTED), Draft.unit != Change.unit, Draft.column != Change.column)
    query = select(Change).join(Draft, Draft.id == Change.met_by).where(Change.state == "done", unfit)
    return list(session.scalars(query.order_by(Change.id)))


def _meet(session: Session, row: Change, draft: int, now: datetime) -> None:
    values = {"state": "done", "met_by": draft, "done_at": now, "done_by": SYSTEM}
    if _moved(session, row, values):
        note = f"变更登记第{row.id}号由本稿落实：{row.what}"
        session.add(_note(row, "change.met", draft, note, now))


def _reopen(session: Session, row: Change, now: datetime) -> None:
    values = {"state": "open", "met_by": None, "done_at": None, "done_by": None}
    if _moved(session, row, values):
        note = f"变更登记第{row.id}号重新待办：本稿未采用"
        session.add(_note(row, "change.reopen", row.met_by, note, now))


def _moved(session: Session, row: Change, values: dict[str, Any]) -> bool:
    """Whether the entry was still as it was seen."""
    statement = update(Change).where(Change.id == row.id, Change.version == row.version)
    values = {**values, "version": row.version + 1}
    return session.scalar(statement.values(values).returning(Change.id)) is not None


def _note(row: Change, action: str, draft: int | None, note: str, now: datetime) -> Journal:
    about = {"draft": draft, "message": row.message, "after": {"change": row.id}}
    return Journal(at=now, who=SYSTEM, action=action, unit=row.unit, note=note, **about)
