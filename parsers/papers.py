"""Candidates for a draft: a file that can be a document, a text that stands in a mail; with their elements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from parsers.attachments.detect import extension
from parsers.content import Block
from parsers.elements import Elements
from parsers.gather import File
from parsers.likeness import folded, shingles
from parsers.submission import Finding

SHEETS = frozenset({"xlsx", "xls", "et", "ods", "csv"})
CONTAINERS = frozenset({"archive", "eml", "msg"})
PAPERS = ("docx", "doc", "wps", "odt", "rtf", "ofd", "pdf", "html", "txt", "pptx", "ppt", "odp")
"""Kinds that can be a document, the one to edit from first."""
_PAPER_NAMES = frozenset({*PAPERS, "docm", "dotx", "wpt", "htm"})


@dataclass(frozen=True)
class Paper:
    """A file that can be a document, with what was recognised in it."""

    file: File
    elements: Elements

    @property
    def title(self) -> str:
        return self.elements.title or self.file.stem

    @property
    def dated(self) -> bool:
        return is_dated(self.elements)


@dataclass(frozen=True)
class Text:
    """A text that stands in a mail itself (or in one inside it) and is worth publishing."""

    blocks: tuple[Block, ...]
    elements: Elements
    subject: str | None
    cut: tuple[str, ...] = ()
    """Greetings, covering lines and signature that stood around it."""
    findings: tuple[Finding, ...] = ()

    @property
    def dated(self) -> bool:
        return is_dated(self.elements)

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles("\n".join(block.text for block in self.blocks))


def is_dated(elements: Elements) -> bool:
    """Something only a document of its own bears: a number, or an issuer with a date."""
    return bool(elements.document_number or (elements.issued_on and elements.issuer))


def is_paper(file: File) -> bool:
    """Whether a file can be a document: by what it is, or by its name where it does not open."""
    if file.kind == "image":
        return file.content.status == "scanned" and len(folded(file.content.text[:1000])) >= 80
    locked = file.content.status in {"encrypted", "damaged", "refused"}
    named = extension(file.name) in _PAPER_NAMES
    return file.kind in PAPERS or (locked and (named or file.kind in CONTAINERS)) or (file.kind == "other" and named)
