"""Plain text to paragraphs: lines that a program has wrapped are joined as Chinese is joined, without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.charsets import is_wide
from parsers.content import Block
from parsers.runs import paragraph, wanted

_NARROWEST, _WIDEST = 40, 100
"""Columns (a Chinese character takes two) between which programs wrap."""
_SLACK = 4
"""Columns that a full line may lack: a character or sign that had to move to the next one."""
_ENOUGH = 2
_SENTENCE_END = tuple("。！？!?：:；;…”）)")
_INDENT = re.compile(r"(\u3000|\t| {2,}|\xa0{2,})")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十百]{1,4}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、)）]|第[一二三四五六七八九十百\d]{1,4}[条章节]"
    r"|[①-⑳●•·\-*—]|附件|(19|20)\d\d[年.-]"
)


@dataclass(frozen=True)
class Line:
    """A line of plain text, with whether it is indented and whether an empty one stands before it."""

    text: str
    indented: bool
    gap: bool


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Plain text as paragraphs."""
    return tuple(Block("paragraph", line.text, paragraph(line.text)) for line in plain_lines(text))


def plain_lines(text: str) -> list[Line]:
    """The paragraphs of a plain text, wrapped lines joined."""
    lines = list(_lines(text))
    width = _wrap_width(lines)
    joined: list[Line] = []
    last = ""
    for line in lines:
        if width and joined and _is_wrapped(last, line, width):
            before = joined[-1]
            joined[-1] = Line(_join(before.text, line.text), before.indented, before.gap)
        else:
            joined.append(line)
        last = " " * 2 * line.indented + line.text
    return joined


def _lines(text: str) -> Iterator[Line]:
    gap = False
    for raw in wanted(text).splitlines():
        bare = raw.strip()
        if bare:
            yield Line(bare.replace("\xa0", " "), bool(_INDENT.match(raw)), gap)
        gap = not bare


def _wrap_width(lines: list[Line]) -> int:
    """The column at which the text was wrapped; 0 where it was not: no line is longer, and several lines that do not
    end a sentence come close to it."""
    width = max((_columns(line.text) for line in lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = [line for line in lines if _columns(line.text) >= width - _SLACK and not line.text.endswith(_SENTENCE_END)]
    return width if len(full) >= _ENOUGH else 0


def _is_wrapped(last: str, line: Line, width: int) -> bool:
    if line.gap or line.indented or _NUMBERED.match(line.text):
        return False
    return _columns(last) >= width - _SLACK - 2


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _join(before: str, after: str) -> str:
    glued = is_wide(before[-1]) or is_wide(after[0]) or before.endswith("-")
    return f"{before}{after}" if glued else f"{before} {after}"


def unflow(text: str, delete_space: bool) -> str:
    """Text of `format=flowed` with its soft line ends taken out (RFC 3676)."""
    lines: list[str] = []
    flowing = False
    for line in text.splitlines():
        bare = line.removeprefix(" ")
        if flowing and not bare.startswith(">") and bare != "-- ":
            lines[-1] = (lines[-1][:-1] if delete_space else lines[-1]) + bare
        else:
            lines.append(bare)
        flowing = bare.endswith(" ") and bare != "-- " and not bare.startswith(">")
    return "\n".join(lines)
