"""Where in a text an element was read: the words marked in its clean HTML, across tags, line ends and spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

LONGEST = 1_000_000
"""Characters of HTML that are looked through; in longer texts nothing is marked."""
_PIECE = re.compile(r'<(?:[^>"]|"[^"]*")*>|&#?\w{1,10};|\S|\s+')


def marked(html: str, words: str, text: str = "", offset: int | None = None) -> str | None:
    """The HTML with the words in `<mark>`, the first one `id="found"`; None where they don't stand in it.

    `offset`: where in `text`, the same without tags, they stand, if they stand there more than once."""
    needle = _bare(words)
    if not needle or len(html) > LONGEST:
        return None
    places = list(_characters(html))
    bare = "".join(character for _, _, character in places)
    at = _occurrence(bare, needle, _bare(text[:offset]).count(needle) if offset else 0)
    if at < 0:
        return None
    return _wrapped(html, places[at][0], places[at + len(needle) - 1][1])


def _bare(text: str) -> str:
    return "".join(text.split())


def _characters(html: str) -> Iterator[tuple[int, int, str]]:
    """Begin and end of each character that is seen, and what it is."""
    for piece in _PIECE.finditer(html):
        if not piece[0].startswith("<") and (character := unescape(piece[0]).strip()):
            yield piece.start(), piece.end(), character[0]


def _occurrence(bare: str, needle: str, number: int) -> int:
    """Where the words stand for the n-th time, counted from 0; the first time where they don't so often."""
    first = at = bare.find(needle)
    for _ in range(number):
        at = bare.find(needle, at + len(needle))
        if at < 0:
            return first
    return at


def _wrapped(html: str, begin: int, end: int) -> str:
    parts = (part for part in re.split(r'(<(?:[^>"]|"[^"]*")*>)', html[begin:end]) if part)
    inside = "".join(part if part.startswith("<") or part.isspace() else f"<mark>{part}</mark>" for part in parts)
    return html[:begin] + inside.replace("<mark>", '<mark id="found">', 1) + html[end:]
