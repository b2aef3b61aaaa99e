"""Text files, web pages and saved web pages (mht)."""

from __future__ import annotations

import re

from parsers import html as clean_html
from parsers.attachments import blocks
from parsers.budgets import Budget
from parsers.charsets import decode, guess
from parsers.content import Content
from parsers.mime import read_mail

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
_MHT = re.compile(rb"[A-Za-z][\w-]*:")


def read_text(data: bytes, budget: Budget) -> Content:
    """A text file, its lines joined to paragraphs."""
    found = clean_html.plain_blocks(blocks.clean(guess(data)[: budget.text]))
    return Content("txt", "read", blocks=found)


def read_html(data: bytes, budget: Budget) -> Content:
    """A web page, or one saved with its pictures."""
    if _MHT.match(data.removeprefix(b"\xef\xbb\xbf").lstrip()[:100]):
        return _read_saved(data, budget)
    label = _CHARSET.search(data[:4096])
    text = decode(data[: budget.body_html], label[1].decode("ascii") if label else None)
    return Content("html", "read", blocks=clean_html.read_html(text, budget=budget))


def _read_saved(data: bytes, budget: Budget) -> Content:
    saved = read_mail(data, budget)
    if saved.html is None:
        return Content("html", "read", blocks=clean_html.plain_blocks(saved.plain or ""))
    found = clean_html.read_html(saved.html, saved.pictures, budget)
    shown = set(saved.pictures.values())
    kept = (blocks.blob(part.data) for part in saved.parts)
    return Content("html", "read", blocks=found, blobs=tuple(blob for blob in kept if blob.sha256 in shown))
