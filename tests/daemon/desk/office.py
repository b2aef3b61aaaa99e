"""What the tests of the desk share: a small office's settings, its store, mail that units send, its clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import inspect, select

from daemon.desk.acknowledge import acknowledge
from daemon.desk.receive import Arrival, begin_attempt, keep, take_in
from daemon.settings import Settings, load
from daemon.store.schema import Base, Letter, Message
from daemon.store.unit_of_work import Store
from parsers.submission import Draft as Found
from parsers.submission import Sender, Submission
from tests.offices import write_desk

Row = TypeVar("Row", bound=Base)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
"""A Friday morning at work."""
RECEIVED = NOW - timedelta(minutes=29)
OFFICE = "desk@office.example.cn"
_numbers = count(1)
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
        return list(session.scalars(select(table).order_by(*inspect(table).primary_key)))


def found(**values: Any) -> Found:
    """A document as the parsers find it."""
    return Found(
        **{
            "title": "甲镇人民政府关于做好秋季防火工作的通知",
            "column": "文件",
            "confidence": 0.93,
            "document_number": "甲政发〔2026〕12号",
            "issuer": "甲镇人民政府",
            "issued_on": date(2026, 11, 18),
            "printed_on": None,
            "addressee": "各村：",
            "body_html": "<p>正文</p>",
            "body_text": "正文",
            **values,
        }
    )


def submission(*drafts: Found, **values: Any) -> Submission:
    """A mail of 甲镇 as the parsers read it."""
    return Submission(
        **{
            "message_id": "<mail.1@town.example.cn>",
            "subject": "报送通知",
            "sender": Sender("甲镇信息员", "jia@town.example.cn"),
            "unit": "甲镇人民政府",
            "unit_evidence": "address",
            "received_at": RECEIVED,
            "kind": "submission" if drafts else "other",
            "drafts": drafts,
            "references": ("<earlier@town.example.cn>",),
            **values,
        }
    )


def take(
    store: Store, settings: Settings, read: Submission, received_at: datetime | None = RECEIVED, now: datetime = NOW
) -> Message:
    """Receives a mail that was read so, and answers it as the daemon does."""
    raw = f"{next(_numbers)}".encode()
    (kept,) = keep(store, [Arrival(raw, received_at, source="imap")], now)
    begin_attempt(store, [kept.message_row], now)
    take_in(store, [(kept.message_row, read)], settings, now, acknowledge)
    with store.read() as session:
        return session.get_one(Message, kept.message_row)


def letters(store: Store) -> list[Letter]:
    """The outbox."""
    return rows(store, Letter)
