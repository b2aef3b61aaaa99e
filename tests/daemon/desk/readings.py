"""Readings written down instead of parsed, for tests of what becomes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from daemon.desk.receive import Arrival, begin_attempt, keep, take_in
from daemon.settings import Settings
from daemon.store.schema import Draft, Message
from daemon.store.unit_of_work import Store
from parsers.submission import Attachment, Blob, Sender, Submission
from parsers.submission import Draft as Found

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
"""Friday, 12 o'clock in the office."""
TEXT = "为切实做好秋冬季森林防火工作，现将有关事项通知如下，请认真贯彻执行。"


def found(title: str = "关于做好森林防火工作的通知", **values: Any) -> Found:
    """A draft as the parsers give it: a document of the unit 甲镇人民政府."""
    text = values.pop("text", TEXT)
    facts: dict[str, Any] = {
        "column": "文件", "confidence": 0.9, "document_number": None, "issuer": "甲镇人民政府",
        "issued_on": date(2026, 11, 18), "printed_on": None, "addressee": None,
        "body_html": f"<p>{text}</p>", "body_text": text,
    }  # fmt: skip
    return Found(title=title, **(facts | values))


def reading(*drafts: Found, **values: Any) -> Submission:
    """A message as the parsers give it."""
    facts: dict[str, Any] = {
        "message_id": "<1@town.example.cn>", "subject": "报送", "sender": Sender("甲镇", "jia@town.example.cn"),
        "unit": "甲镇人民政府", "unit_evidence": "address", "received_at": NOON,
        "kind": "submission" if drafts else "other", "parser_version": 1,
    }  # fmt: skip
    return Submission(drafts=drafts, **(facts | values))


def file(name: str, data: bytes, role: str = "annex") -> tuple[Attachment, Blob]:
    digest = sha256(data).hexdigest()
    return Attachment(name, "docx", len(data), digest, role, "read", text=name), Blob(digest, data)  # type: ignore[arg-type]


def nobody(session: Session, message: Message, settings: Settings, now: datetime) -> None:
    """Acknowledges nothing."""


def kept(store: Store, *raws: bytes, **values: Any) -> list[int]:
    """The rows of messages that have arrived and are being read."""
    arrivals = [Arrival(raw, values.get("received_at", NOON), "imap", values.get("history", False)) for raw in raws]
    rows = [one.message_row for one in keep(store, arrivals, NOON)]
    begin_attempt(store, rows, NOON)
    return rows


def taken(store: Store, settings: Settings, submission: Submission, raw: bytes | None = None, **values: Any) -> int:
    """The row of a message that has been read and taken in."""
    [row] = kept(store, raw or repr(submission).encode(), **(values or {"received_at": submission.received_at}))
    take_in(store, [(row, submission)], settings, NOON, nobody)
    return row


def drafts(store: Store) -> list[Draft]:
    """All drafts with their files, in the order of their making."""
    with store.read() as session:
        return list(session.scalars(select(Draft).options(selectinload(Draft.attachments)).order_by(Draft.id)))


def message(store: Store, row: int) -> Message:
    with store.read() as session:
        return session.get_one(Message, row)
