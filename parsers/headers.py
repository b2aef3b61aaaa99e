"""What the structured headers say: the sender, and the servers that a message came through. Bounded, never raising."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from mailparser.exceptions import MailParserReceivedParsingError
from mailparser.utils import parse_received

from parsers.charsets import clean_line, decode_header

_FROM = 4096
_ADDRESS_LENGTH, _NAME_LENGTH = 320, 200
_HOPS, _HOP_LENGTH = 50, 4000
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*+"')
_ANGLE = re.compile(rb"<([^<>]*+)>")
_OPEN_ANGLE = re.compile(rb"<([^<>]*+)\Z")
_BARE = re.compile(rb"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
_COMMENT = re.compile(rb"\(([^()]*+)\)")


@dataclass(frozen=True)
class Hop:
    """One Received header. Only those that the office's own server wrote can be believed."""

    by: str | None
    """The host that took the message, in lower case."""
    origin: str | None
    """From whom: as said in the greeting and, in brackets, as seen."""
    at: datetime | None
    """Aware."""


def read_sender(value: bytes) -> tuple[str | None, str | None]:
    """Display name and address of a From header. An address inside the quoted name is part of the name, never the
    sender's; of several senders the first counts."""
    data = value[:_FROM]
    found = _read_mailbox(data)
    if found[1] is None and b"=?" in data:  # some programs encode the address together with the name
        found = _read_mailbox(decode_header(data).encode())
    return found


def read_hops(values: Iterable[str]) -> tuple[Hop, ...]:
    """The Received headers in their order, topmost first; at most 50."""
    return tuple(_read_hop(value) for value, _ in zip(values, range(_HOPS), strict=False))


def received_time(value: str) -> datetime | None:
    """The time of a Received header: what follows its last semicolon. None where there is none with a zone."""
    _, semicolon, text = value[-_HOP_LENGTH:].rpartition(";")
    try:
        at = parsedate_to_datetime(text[:200].strip()) if semicolon else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return at if at and at.tzinfo else None


def _read_hop(value: str) -> Hop:
    try:
        clauses = parse_received(value[:_HOP_LENGTH])
    except MailParserReceivedParsingError:
        clauses = {}
    words = (clauses.get("by") or "").split()
    return Hop(words[0].lower() if words else None, clauses.get("from") or None, received_time(value))


def _read_mailbox(data: bytes) -> tuple[str | None, str | None]:
    masked = _QUOTED.sub(lambda quoted: b"_" * len(quoted[0]), data)
    angle = _ANGLE.search(masked) or _OPEN_ANGLE.search(masked)
    if angle and b"@" in angle[1]:
        return _display(data[: angle.start()]), _address(angle[1])
    bare = _BARE.search(masked)
    if not bare:
        return _display(data), None
    comment = _COMMENT.search(masked, bare.end())
    name = data[comment.start(1) : comment.end(1)] if comment else data[: bare.start()]
    return _display(name), _address(bare[0])


def _display(name: bytes) -> str | None:
    """A display name without its quotes and what a program left before it."""
    bare = name.rpartition(b",")[2] if b'"' not in name else name
    text = decode_header(bare.strip().strip(b'"').replace(b'\\"', b'"'))
    ends = "\\\"' " if "<" in text and ">" in text else "\\\"'<> "
    return clean_line(text.strip(ends))[:_NAME_LENGTH] or None


def _address(value: bytes) -> str | None:
    address = decode_header(value).replace(" ", "").strip("<>.,;'\"")
    return address[:_ADDRESS_LENGTH] if "@" in address else None
