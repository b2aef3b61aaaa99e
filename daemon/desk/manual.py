"""手工登记: what came by paper, WeChat or telephone is a mail of the office to itself that goes the way of all mail.

So nothing of it is special: the same parsers read its files, its drafts get their numbers and verdicts, it counts as
any other. It is for the unit that its subject names (`[代报 …]`), received when the editor says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from daemon.desk.accounts import Actor
from daemon.desk.hand import InvalidInput
from daemon.desk.receive import Arrival, keep_in
from daemon.settings import Settings
from daemon.store.schema import Journal, Message
from daemon.store.unit_of_work import Store

WAYS: Mapping[str, str] = {"paper": "纸质", "wechat": "微信", "phone": "电话", "other": "其他方式"}
MOST_FILES = 20
LARGEST = 60 * 2**20
"""Bytes of all files together."""
_PAGE = 50
_ENTERED = "manual.enter"


@dataclass(frozen=True)
class Entry:
    """What an editor enters. `form`: an identity of the form, so that sending it twice enters it once."""

    form: str
    unit: str
    received_at: datetime
    way: str
    reason: str
    title: str
    text: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Entered:
    """One entry on the list of them."""

    at: datetime
    who: str
    unit: str
    said: str
    message: Message


def enter(store: Store, entry: Entry, who: Actor, settings: Settings, now: datetime) -> int:
    """The row of the message that it became; InvalidInput where it cannot be one. Safe to repeat."""
    _check(entry, settings, now)
    arrival = Arrival(mail_of(entry, settings), entry.received_at, source="manual")
    names = store.blobs.put_all([arrival.raw])
    with store.write() as session:
        (kept,) = keep_in(session, [arrival], names, now)
        if kept.is_new:
            session.add(_journal_row(entry, kept.message_row, who, settings, now))
    return kept.message_row


def mail_of(entry: Entry, settings: Settings) -> bytes:
    """The same entry gives the same bytes."""
    mail = EmailMessage()
    mark = sha256(entry.form.encode()).hexdigest()[:32]
    mail["From"] = mail["To"] = settings.office.address
    mail["Subject"] = f"[代报 {entry.unit}] {entry.title}"
    mail["Date"] = format_datetime(entry.received_at)
    mail["Message-ID"] = f"<manual.{mark}@{settings.office.address.rpartition('@')[2]}>"
    mail.set_content(entry.text if entry.files else f"{entry.title}\n\n{entry.text}", cte="base64")
    for name, data in entry.files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if mail.is_multipart():
        mail.set_boundary(f"manual-{mark}")
    return mail.as_bytes()


def entered(session: Session) -> list[Entered]:
    """The last entries, the newest first."""
    query = (
        select(Journal, Message)
        .join(Message, Message.id == Journal.message)
        .where(Journal.action == _ENTERED)
        .options(selectinload(Message.drafts))
        .order_by(Journal.id.desc())
        .limit(_PAGE)
    )
    return [Entered(row.at, row.who, row.unit or "", row.note, message) for row, message in session.execute(query)]


def _journal_row(entry: Entry, message: int, who: Actor, settings: Settings, now: datetime) -> Journal:
    at = f"{entry.received_at.astimezone(settings.office_value.zone):%Y-%m-%d %H:%M}"
    after = {"way": entry.way, "received_at": entry.received_at.isoformat()}
    note = f"{WAYS[entry.way]}报送，{at} 收到：{entry.reason.strip()}"
    return Journal(at=now, who=who.name, action=_ENTERED, message=message, unit=entry.unit, after=after, note=note)


def _check(entry: Entry, settings: Settings, now: datetime) -> None:
    complaint = (
        _wrong_words(entry, settings)
        or ("收到时间不能晚于现在。" if entry.received_at > now else None)
        or ("请上传文件，或填写正文。" if not entry.files and not entry.text.strip() else None)
        or (f"一次最多上传 {MOST_FILES} 个文件。" if len(entry.files) > MOST_FILES else None)
        or ("文件合计不能超过 60 MB。" if sum(len(data) for _, data in entry.files) > LARGEST else None)
    )
    if complaint:
        raise InvalidInput(complaint)


def _wrong_words(entry: Entry, settings: Settings) -> str | None:
    if settings.office_value.unit(entry.unit) is None:
        return "请选择报送单位。"
    if entry.way not in WAYS:
        return "请选择报送方式。"
    if not entry.reason.strip():
        return "请写明手工登记的原因。"
    title = " ".join(entry.title.split())
    return None if title == entry.title and 0 < len(title) <= 300 else "请填写标题，300 个字以内。"
