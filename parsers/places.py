"""Where in a text a line stands, by characters: so that what was recognised can be shown where it was found.

Offsets count characters of the plain text of a part: of a file its `Attachment.text`, of the mail's own text the
`Submission.note`. What is cut out there is the excerpt to the character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.content import Block
from parsers.lines import Line

_BEFORE = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]*")


@dataclass(frozen=True)
class Places:
    """Blocks, the plain text that they make (`Content.text`), and where in it each of them begins."""

    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    text: str

    def span(self, first: Line, last: Line) -> tuple[int, str]:
        """(offset, excerpt) from the beginning of one line to the end of another."""
        start, end = self._within(first)[0], self._within(last)[1]
        return start, self.text[start:end]

    def words(self, line: Line, words: str) -> tuple[int, str]:
        """The same of words within a line; of all of it where they do not stand in it to the letter."""
        start, excerpt = self.span(line, line)
        at = excerpt.find(words) if words else -1
        return (start, excerpt) if at < 0 else (start + at, words)

    def _within(self, line: Line) -> tuple[int, int]:
        """Where a line's own characters begin and end."""
        text, start = self.blocks[line.block].text, self.starts[line.block]
        if not (line.table or line.picture):
            lines = text.split("\n")
            start += sum(len(one) + 1 for one in lines[: line.index])
            text = lines[line.index]
        before = _leading(text)
        return start + before, start + max(before, len(text) - _leading(text[::-1]))


def places_of(blocks: Sequence[Block]) -> Places:
    """What stands in headers, footers and notes is not in the text."""
    starts, words, at = [], [], 0
    for block in blocks:
        starts.append(at)
        if block.place == "body" and block.text:
            words.append(block.text)
            at += len(block.text) + 1
    return Places(tuple(blocks), tuple(starts), "\n".join(words))


def moved(offset: int, excerpt: str, own: Places, whole: str) -> int | None:
    """The same place in `whole`, a text that holds the blocks of `own` in their order; None where it does not."""
    at = offset + _base(own, offset, whole)
    return at if whole.startswith(excerpt, at) else None


def _base(own: Places, offset: int, whole: str) -> int:
    """How far the block at this offset is moved: all blocks stand together in `whole`, or each of them somewhere below
    the one before it."""
    together = whole.find(own.text)
    if together >= 0:
        return together
    base = cursor = 0
    for block, start in zip(own.blocks, own.starts, strict=True):
        found = whole.find(block.text, cursor)
        if start > offset:
            break
        if found >= 0 and block.text:
            base, cursor = found - start, found + len(block.text)
    return base


def _leading(text: str) -> int:
    match = _BEFORE.match(text)
    return match.end() if match else 0
