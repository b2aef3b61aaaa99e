"""What the tests of the desk share: a small office's settings, its store, mail that units send, its clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from daemon.settings import Settings, load
from daemon.store.schema import Base
from daemon.store.unit_of_work import Store
from tests.offices import write_desk

Row = TypeVar("Row", bound=Base)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
"""A Friday morning at work."""
RECEIVED = NOW - timedelta(minutes=29)
OFFICE = "desk@office.example.cn"
NO_SERVER: dict[str, Any] = {"host": "127.0.0.1", "port": 1, "user": OFFICE, "password": "x"}


def settings_of(
    folder: Path, mailbox: dict[str, Any] | None = None, smtp: dict[str, Any] | None = None, **sections: Any
) -> Settings:
    """The settings of a small office."""
    desk = write_desk(folder, mailbox or NO_SERVER, smtp or NO_SERVER | {"from": OFFICE}, **sections)
    return load(desk.config)


def rows(store: Store, table: type[Row]) -> list[Row]:
    """All rows of a table, in the order of their making."""
    with store.read() as session:
        return list(session.scalars(select(table)))
