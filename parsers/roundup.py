"""Several news items in one text: where each begins, and the text in parts (DOMAIN.md section 4, news)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from parsers.content import Block
from parsers.html import blocks, clean
from parsers.lines import by_the_line
from parsers.senses import is_event

_LEAD = re.compile(r"^[\s(（【]*(\d{1,2}月\d{1,2}日|近日|日前|近期|连日来|今年以来|本[报网]讯|.{2,8}讯[\s(（])")
"""How an item of news begins."""
_DAY = re.compile(r"^[\s(（【]*(\d{1,2}月\d{1,2}日|本[报网]讯)")
"""One of them at least begins so: 今年以来 stands below the subheadings of one article as well."""
_ORDINAL = re.compile(r"^\W{0,2}(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?[)）.．、]\s*(?=\D)")


@dataclass(frozen=True)
class SplitPoint:
    """Where an item begins."""

    at: int
    """The index, in `paragraphs` of the same HTML, of its headline."""
    title: str


@dataclass(frozen=True)
class Part:
    """What one draft of several would hold."""

    title: str
    """Its headline; empty for what stands before the first one, which keeps the title that the whole has."""
    html: str


def paragraphs(body_html: str) -> tuple[Block, ...]:
    """The text of a draft in the pieces that it can be split between: no two lines of a paragraph stay together."""
    return by_lines(blocks(body_html))


def split_points(body_html: str) -> tuple[SplitPoint, ...]:
    """The headlines of the items that a text strings together; nothing where it is one piece.

    The first item may bear the draft's title, and then has no headline in the text: the others are given."""
    return points(blocks(body_html))


def points(text: tuple[Block, ...]) -> tuple[SplitPoint, ...]:
    """The same of a text whose blocks are at hand."""
    pieces = by_lines(text)
    found = tuple(_headed(pieces))
    under_title = bool(pieces) and bool(_LEAD.match(pieces[0].text))
    several = len(found) > 1 or (under_title and all(is_event(one.title) for one in found))
    dated = any(_DAY.match(piece.text) for one in found for piece in pieces[one.at + 1 : one.at + 3])
    return found if several and dated else ()


def parts(body_html: str, at: Collection[int]) -> tuple[Part, ...]:
    """The text in parts that begin at these paragraphs (0 and up; others are passed over). The paragraph that begins a
    part is its title and leaves the text where it is a line that can be one; all else stays, in its order."""
    pieces = paragraphs(body_html)
    cuts = sorted({one for one in at if 0 <= one < len(pieces)})
    lead = pieces[: cuts[0]] if cuts else pieces
    before = (Part("", _html(lead)),) if lead else ()
    return (*before, *(_part(pieces[start:end]) for start, end in pairwise([*cuts, len(pieces)])))


def items(text: tuple[Block, ...]) -> tuple[tuple[Block, ...], ...]:
    """The news items of a text that begins with the first one's headline, each with its own; else the text as one."""
    following = [*text[1:], None]
    starts = [at for at, block in enumerate(text) if (after := following[at]) and _heads(block.text, after.text)]
    if len(starts) < 2 or starts[0] != 0:
        return (text,)
    return tuple(text[start:end] for start, end in pairwise([*starts, len(text)]))


def by_lines(text: tuple[Block, ...]) -> tuple[Block, ...]:
    """A text with a block for each of its lines."""
    return tuple(piece for block in text for piece in by_the_line(block))


def _headed(pieces: tuple[Block, ...]) -> Iterator[SplitPoint]:
    """A headline stands above the first words of its item; pictures between them belong to the item."""
    worded = [(at, piece.text.strip()) for at, piece in enumerate(pieces) if piece.kind != "picture" and piece.text]
    for (at, line), (_, following) in pairwise(worded):
        if _heads(line, following):
            yield SplitPoint(at, bare(line))


def _heads(line: str, following: str) -> bool:
    return is_headline(line) and len(following) >= 40 and bool(_LEAD.match(following))


def is_headline(line: str) -> bool:
    """A short line that is no sentence and no label."""
    plain = line.strip()
    return 6 <= len(plain) <= 40 and "\n" not in plain and not re.search(r"[。！？；，：:,;]$", plain)


def _part(pieces: tuple[Block, ...]) -> Part:
    first = pieces[0]
    if first.kind in {"table", "picture"} or not is_headline(first.text):
        return Part("", _html(pieces))
    return Part(bare(first.text), _html(pieces[1:]))


def bare(headline: str) -> str:
    """A headline without the number that it has among the items."""
    return _ORDINAL.sub("", headline.strip())


def _html(pieces: tuple[Block, ...]) -> str:
    return clean("".join(piece.html for piece in pieces))
