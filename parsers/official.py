"""The elements of an official document after GB/T 9704-2012 and, before it, -1999 (DOMAIN.md, section 4)."""

from __future__ import annotations

from parsers.content import Block
from parsers.elements import Elements
from parsers.office import Office


def read_official(
    blocks: tuple[Block, ...], office: Office, file_name: str | None = None, subject: str | None = None, part: str = "body"
) -> Elements:
    """The elements of an official document, its letterhead and foot taken out of the text."""
    title = next((block.text for block in blocks if block.text), None)
    return Elements(form="official", title=title, body=tuple(block for block in blocks if block.place == "body")[1:])


def is_official(elements: Elements) -> float:
    """How much it looks like an official document, 0 to 1: number, addressee, signature with date, type word."""
    return float(elements.document_number is not None)
