"""What of a mail's body is the unit's own text, and what is quoted, signature, greeting, disclaimer, download link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from parsers.content import Block
from parsers.html import plain_blocks, read_html
from parsers.mime import Mail


@dataclass(frozen=True)
class CloudLink:
    """A file that the mail only links to (超大附件, 云附件, a share). It is never fetched."""

    name: str | None
    size: str | None
    """As the mail gives it: `35.2M`."""
    expires_at: datetime | None
    """In the office's local time, naive; None where the mail names no end. A day alone counts to its end."""
    url: str | None
    code: str | None
    """提取码."""
    host: Literal["qq", "163", "139", "wps", "baidu", "other"]


@dataclass(frozen=True)
class QuoteHeader:
    """What the head of a quoted or forwarded mail says of it; any of it may be missing."""

    name: str | None = None
    address: str | None = None
    subject: str | None = None
    sent: datetime | None = None
    """As written there, naive: never judged by."""


@dataclass(frozen=True)
class BodySplit:
    """A body taken apart. Nothing is lost: what is in none of the block tuples is in `cut`."""

    own: tuple[Block, ...]
    """The sender's own text, without greetings and covering phrases: empty where the mail only covers attachments."""
    covering: tuple[str, ...] = ()
    """Greetings and covering lines of the sender's own text, in order."""
    quoted: tuple[Block, ...] = ()
    """The mail below, as it stands, without its header lines."""
    forwarded: bool = False
    """The mail below is passed on, not answered."""
    forwarded_own: tuple[Block, ...] = ()
    """Of a forward: the inner message's own text, split in the same way. Else empty."""
    forwarded_covering: tuple[str, ...] = ()
    forwarded_from: QuoteHeader | None = None
    """The head of the mail below, forwarded or answered."""
    cut: tuple[str, ...] = ()
    """Signature, disclaimer and advertisement lines."""
    links: tuple[CloudLink, ...] = ()

    @property
    def text_blocks(self) -> tuple[Block, ...]:
        """The blocks to publish from: the sender's own, else of a forward the inner message's."""
        return self.own or self.forwarded_own


def read_body(mail: Mail, pictures: Mapping[str, str] | None = None) -> BodySplit:
    """The body of a mail taken apart: its HTML where that has text, else its plain text."""
    return split(mail.html, pictures, mail.subject) if mail.html else split_plain(mail.plain or "", mail.subject)


def split(html: str, pictures: Mapping[str, str] | None = None, subject: str | None = None) -> BodySplit:
    """An HTML body taken apart. The subject ("转发：…") tells a forward where the quote's own words do not."""
    return BodySplit(own=read_html(html, pictures or {}))


def split_plain(text: str, subject: str | None = None) -> BodySplit:
    """A plain text body taken apart."""
    return BodySplit(own=plain_blocks(text))


def is_covering(text: str) -> bool:
    """Whether a line only greets or accompanies ("您好", "请查收附件", "请予发布") and is no part of an article."""
    return False
