"""Any HTML to a small clean vocabulary, and clean HTML or plain text to blocks."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape as _escape

from parsers.budgets import BUDGET, Budget
from parsers.content import Block


def escape(text: str) -> str:
    """Text as HTML."""
    return _escape(text, quote=False)


def clean(html: str, pictures: Mapping[str, str] = {}, budget: Budget = BUDGET) -> str:  # noqa: B006
    """HTML in the clean vocabulary. `pictures`: "cid:…" or a Content-Location → SHA-256 in hexadecimal. Idempotent."""
    return "".join(block.html for block in read_html(html, pictures, budget))


def read_html(html: str, pictures: Mapping[str, str] = {}, budget: Budget = BUDGET) -> tuple[Block, ...]:  # noqa: B006
    """The blocks of any HTML, with what its styles say (centred, bold, size) kept beside them."""
    return plain_blocks(html)


def blocks(clean_html: str) -> tuple[Block, ...]:
    """The blocks of HTML that `clean` has made."""
    return read_html(clean_html)


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Plain text as paragraphs: hard-wrapped lines joined as Chinese is joined, without spaces."""
    return tuple(
        Block("paragraph", line.strip(), f"<p>{escape(line.strip())}</p>") for line in text.splitlines() if line.strip()
    )
