"""A person's hand on an entry of a register: which version they saw, and how a change is written without losing
another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.settings import Settings
from daemon.store.registers import Change, Consultation
from daemon.store.schema import Journal

Row = TypeVar("Row", Change, Consultation)
LONGEST = 4000
"""Characters of a text that is entered."""


@dataclass(frozen=True)
class EntryHand:
    """Who does something to which version of which entry, when, under which config."""

    number: int
    version: int
    who: Actor
    now: datetime
    settings: Settings


def held(session: Session, table: type[Row], hand: EntryHand) -> Row:
    """The entry as this person last saw it; NotFound, or ConflictError where it has changed since."""
    row = session.get(table, hand.number)
    if row is None:
        raise NotFound("没有这一条登记。")
    if row.version != hand.version:
        raise _conflict()
    return row


def swap(session: Session, row: Row, **values: Any) -> None:
    """The new values, if nobody was faster than who saw this version."""
    table, version = type(row), row.version
    statement = (
        update(table)
        .where(table.id == row.id, table.version == version)
        .values(version=version + 1, **values)
        .returning(table.id)
        .execution_options(synchronize_session=False)
    )
    if session.scalar(statement) is None:
        raise _conflict()
    session.refresh(row)


def record(session: Session, hand: EntryHand, action: str, row: Row, note: str = "", **about: Any) -> None:
    """The journal's row of what was done; whoever wrote to the office is not named in it."""
    after = {_NUMBERS[type(row)]: row.id}
    session.add(Journal(at=hand.now, who=hand.who.name, action=action, unit=row.unit, after=after, note=note, **about))


def filled(text: str, what: str) -> str:
    """What was entered, without space around it; InvalidInput where nothing was."""
    plain = text.strip()[:LONGEST]
    if not plain:
        raise InvalidInput(f"请填写{what}。")
    return plain


_NUMBERS = {Change: "change", Consultation: "case"}


def _conflict() -> ConflictError:
    return ConflictError("该条登记已被他人修改，您的操作没有执行。请核对最新内容后再操作。")
