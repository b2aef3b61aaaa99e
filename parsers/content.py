"""The one value that every reader of a text returns, be it a Word file, a PDF or the body of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parsers.submission import Blob, Finding, Status


@dataclass(frozen=True)
class Block:
    """One piece of a text, in reading order: a paragraph, a heading, a table, a list item, a picture."""

    kind: Literal["paragraph", "heading", "table", "item", "picture"]
    text: str
    """Plain text: lines within a paragraph end in a line feed, cells of a table in a tab."""
    html: str
    """Clean HTML of this block alone (the vocabulary of parsers.html)."""
    centered: bool = False
    bold: bool = False
    size: float | None = None
    """Of the type, in points, where the file says it."""
    place: Literal["body", "header", "footer", "note"] = "body"
    """Headers and footers of pages, and footnotes, stand apart from the text."""


class Sealed(bytes):
    """The bytes of a member that is behind a password, as they stand in the archive: `attachments.read` says so."""


@dataclass(frozen=True)
class Member:
    """A file inside a file: of an archive, a forwarded message, a winmail.dat."""

    name: str
    """Its base name, without folders."""
    data: bytes
    """`Sealed` where no password opened it."""


@dataclass(frozen=True)
class Content:
    """What a reader found in one file."""

    kind: str
    status: Status
    blocks: tuple[Block, ...] = ()
    blobs: tuple[Blob, ...] = ()
    """Pictures that the blocks show, as `<img src="sha256:HEX">`."""
    members: tuple[Member, ...] = ()
    findings: tuple[Finding, ...] = ()
    hidden_text: str = ""
    """Text that is not shown (hidden sheets, comments) but must be screened."""
    by_ocr: bool = False

    @property
    def text(self) -> str:
        """The plain text of the body, a line a block."""
        return "\n".join(block.text for block in self.blocks if block.place == "body" and block.text)

    @property
    def html(self) -> str:
        """The body as clean HTML."""
        return "".join(block.html for block in self.blocks if block.place == "body")
