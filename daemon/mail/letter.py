"""Letters: from templates to text, from text to the bytes that travel. Pure but for reading the templates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

Kind = Literal[
    "acknowledgement", "answer", "return", "resend_request", "reminder", "escalation", "confirmation_request",
    "consultation", "expiry", "statement", "bulletin", "test",
]  # fmt: skip

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"
SUBJECT_LENGTH = 100
REFERENCES = 20
"""Message-IDs that a letter refers to at most: the first and the last ones of a long conversation."""
_ANSWERS = frozenset({"acknowledgement", "answer", "resend_request"})
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,249}>")
_ADDRESS = re.compile(r"[!#-'*+./0-9=?A-Z^-~-]{1,64}@[0-9A-Za-z.-]{1,253}")


@dataclass(frozen=True)
class LetterText:
    """What a letter says: the same in plain text and in HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Envelope:
    """Who writes a letter to whom, and where it belongs."""

    sender_name: str
    sender: str
    reply_to: str
    to: str
    """One address, or several with commas between."""
    kind: str
    message_id: str
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


def render(kind: Kind, values: Mapping[str, Any]) -> LetterText:
    """The letter of this kind. Every text among the values is taken for hostile: it stays one line, and is escaped."""
    subject, text = plain(kind, values)
    return LetterText(subject, text, _part(kind, "html", values).strip() + "\n")


def plain(kind: Kind, values: Mapping[str, Any]) -> tuple[str, str]:
    """Its subject and its plain text, for who reads a hundred letters on a page."""
    subject, text = _part(kind, "subject", values), _part(kind, "txt", values)
    return shortened(one_line(subject), SUBJECT_LENGTH), _tidy(text)


def _part(kind: Kind, part: str, values: Mapping[str, Any]) -> str:
    return _environment().get_template(f"{kind}.{part}.j2").render(values)


def compose(letter: LetterText, envelope: Envelope, at: datetime) -> bytes:
    """The message as SMTP takes it, dated `at`. ValueError where an address can't be written to."""
    message = MIMEMultipart("alternative")
    for name, value in _headers(letter, envelope, at):
        message[name] = value
    message.attach(MIMEText(letter.text, "plain", "utf-8"))
    message.attach(MIMEText(letter.html, "html", "utf-8"))
    return re.sub(rb"\r?\n", b"\r\n", message.as_bytes())


def new_message_id(written_at: datetime, number: int, kind: str, office_address: str) -> str:
    """`<YYYYMMDDhhmmss.number.kind@domain>`; the time as it stands, the domain that of the office's address."""
    domain = office_address.rpartition("@")[2].encode("idna").decode("ascii")
    return f"<{written_at:%Y%m%d%H%M%S}.{number}.{kind}@{domain}>"


def is_deliverable(address: str | None) -> bool:
    """Whether a letter can be addressed so: one plain ASCII address."""
    return address is not None and _ADDRESS.fullmatch(address) is not None


def recipients(to: str) -> list[str]:
    """The addresses of a letter's `to`."""
    return [address.strip() for address in to.split(",")]


def known_references(message_id: str | None, references: Sequence[str]) -> tuple[str, ...]:
    """The References of an answer to a message (RFC 5322, 3.6.4), bounded, without what is no Message-ID."""
    chain = [reference for reference in (*references, message_id) if reference and is_message_id(reference)]
    chain = list(dict.fromkeys(chain))
    return tuple(chain if len(chain) <= REFERENCES else [chain[0], *chain[1 - REFERENCES :]])


def is_message_id(text: str) -> bool:
    """Whether this can stand in a header of ours."""
    return _MESSAGE_ID.fullmatch(text) is not None


def one_line(text: str) -> str:
    """The text without control, invisible direction and half characters, its white space collapsed."""
    seen = text if text.isprintable() else "".join(map(_visible, text))
    return " ".join(seen.split())


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    return "" if kind in {"Cf", "Cs"} else " " if kind in {"Cc", "Zl", "Zp"} else character


def shortened(text: str, length: int) -> str:
    """At most `length` characters, an ellipsis for what is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def said_day(day: date | datetime) -> str:
    """2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def said_time(moment: datetime) -> str:
    """2026年11月20日 9时31分; a full hour without minutes. The moment must be in the office's zone already."""
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{said_day(moment)} {moment.hour}时{minutes}"


def said_due(end: datetime) -> str:
    """The end of a period from its first moment that is too late: midnight is said as 24时 of the day before."""
    at_midnight = (end.hour, end.minute, end.second) == (0, 0, 0)
    return f"{said_day(end - timedelta(days=1))} 24时" if at_midnight else said_time(end)


def _headers(letter: LetterText, envelope: Envelope, at: datetime) -> list[tuple[str, str]]:
    for address in (envelope.sender, envelope.reply_to, *recipients(envelope.to)):
        if not is_deliverable(address):
            raise ValueError(f"不能作为收发信地址：{one_line(address)[:100]}")
    headers: list[tuple[str, str]] = [
        ("From", _mailbox(envelope.sender_name, envelope.sender)),
        ("To", ", ".join(recipients(envelope.to))),
        ("Subject", _encoded(letter.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", envelope.message_id),
        ("Auto-Submitted", "auto-replied" if envelope.kind in _ANSWERS else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if envelope.reply_to != envelope.sender:
        headers.append(("Reply-To", envelope.reply_to))
    if envelope.in_reply_to and is_message_id(envelope.in_reply_to):
        headers.append(("In-Reply-To", envelope.in_reply_to))
    if references := known_references(None, envelope.references):
        headers.append(("References", "\r\n ".join(references)))
    return headers


def _encoded(text: str) -> str:
    return Header(one_line(text), "utf-8", maxlinelen=75).encode()


def _mailbox(name: str, address: str) -> str:
    return f"{_encoded(name)} <{address}>"


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    environment.filters.update(day=said_day, moment=said_time, shortened=shortened)
    return environment


def _plain(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) and not isinstance(value, Markup) else value
