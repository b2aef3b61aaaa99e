"""A bounded walk of a message's MIME tree, from the raw bytes (DOMAIN.md, section 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsers.submission import Finding


@dataclass(frozen=True)
class Part:
    """A leaf of the MIME tree, decoded as far as it goes."""

    path: str
    """Its place in the tree, such as "1.2"."""
    name: str | None
    """The file name as the mail gives it, decoded, base name only; None where it gives none."""
    media_type: str
    data: bytes
    charset: str | None = None
    content_id: str | None = None
    content_location: str | None = None
    disposition: str | None = None
    inline: bool = False
    """The HTML body really refers to it."""


@dataclass(frozen=True)
class Mail:
    """A message taken apart: headers decoded, its own text, its files, the messages it forwards."""

    subject: str | None
    sender_name: str | None
    sender_address: str | None
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    received: tuple[datetime, ...]
    """Times of the Received headers, topmost first, aware."""
    headers: tuple[tuple[str, str], ...]
    """All headers, names in lower case, values decoded and without control characters."""
    html: str | None
    """The HTML of the mail's own text, decoded, not yet cleaned."""
    plain: str | None
    parts: tuple[Part, ...] = ()
    """Every leaf that is not the text itself: attachments, pictures, inline or not."""
    forwarded: tuple[Mail, ...] = ()
    """Messages that stand inside as message/rfc822."""
    findings: tuple[Finding, ...] = ()

    def header(self, name: str) -> str | None:
        """The first header of this name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)
