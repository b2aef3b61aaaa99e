"""Blocks as lines, and the blocks again without some of their lines: what is cut from a text is cut by the line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from parsers.content import Block

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_WHOLE = re.compile(r"<(p|div|h[1-6]|li)\b[^>]*>(.*)</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^>]*?(/?)>", re.IGNORECASE)
_CHINESE_GAP = re.compile(r"(?<=[^\x00-\xff])\s+(?=[^\x00-\xff])")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True)
class Line:
    """One line of the text: its block's index, its own within the block, how it is set."""

    block: int
    index: int
    text: str
    """Without white space around it."""
    centered: bool = False
    size: float | None = None
    table: bool = False
    """A table of more than one cell a row: stands for all its rows."""
    picture: bool = False


def lines_of(blocks: tuple[Block, ...]) -> list[Line]:
    """The lines of a text that hold something, in reading order; headers, footers and notes of pages stand apart."""
    return [line for index, block in enumerate(blocks) if block.place == "body" for line in _lines(index, block)]


def _lines(index: int, block: Block) -> list[Line]:
    if block.kind == "picture":
        return [Line(index, 0, visible(block.text), picture=True)]
    if block.kind == "table" and "\t" in block.text.strip():
        return [Line(index, 0, block.text.strip(), table=True)]
    texts = ((number, visible(text)) for number, text in enumerate(block.text.split("\n")))
    return [Line(index, number, text, block.centered, block.size) for number, text in texts if text]


def visible(text: str) -> str:
    """Without invisible characters, and without white space at both ends (the full-width space counts)."""
    return _INVISIBLE.sub("", text).strip()


def closed_up(text: str) -> str:
    """Without the white space between Chinese characters that spreads a word (通　知); a space beside Latin stays."""
    words = visible(text).split()
    return _CHINESE_GAP.sub("", " ".join(words)) if len(words) > 1 else "".join(words)


def without(blocks: tuple[Block, ...], cut: set[tuple[int, int]]) -> tuple[Block, ...]:
    """The blocks of the text without the lines of `cut` (block, line); empty paragraphs go as well."""
    lines: dict[int, set[int]] = {}
    for at, line in cut:
        lines.setdefault(at, set()).add(line)
    body = ((index, block) for index, block in enumerate(blocks) if block.place == "body")
    kept = (_kept(block, lines.get(index, set())) for index, block in body)
    return tuple(block for block in kept if block is not None)


def by_the_line(block: Block) -> tuple[Block, ...]:
    """A paragraph of several lines as a paragraph a line; anything else as it is."""
    lines = block.text.split("\n")
    pieces = _pieces(block.html, len(lines)) if len(lines) > 1 and block.kind in {"paragraph", "heading"} else None
    if pieces is None:
        return (block,)
    found = ((line, piece.strip()) for line, piece in zip(lines, pieces, strict=True))
    kept = ((line, piece) for line, piece in found if visible(line) or "<img" in piece)
    return tuple(replace(block, kind="paragraph", text=line, html=f"<p>{piece}</p>") for line, piece in kept)


def _kept(block: Block, cut: set[int]) -> Block | None:
    lines = block.text.split("\n")
    if not cut:
        return block if visible(block.text) or "<img" in block.html else None
    if block.kind == "table" and "\t" in block.text:
        return None
    stays = [number for number, line in enumerate(lines) if number not in cut and visible(line)]
    if not stays:
        return None
    pieces = _pieces(block.html, len(lines)) or [escape(line) for line in lines]
    html = "<p>" + "<br>".join(pieces[number].strip() for number in stays) + "</p>"
    return replace(block, kind="paragraph", text="\n".join(lines[number] for number in stays), html=html)


def _pieces(html: str, wanted: int) -> list[str] | None:
    """The HTML of each line of a paragraph, where its line breaks cut no element in two."""
    whole = _WHOLE.fullmatch(html.strip())
    pieces = _BREAK.split(whole[2]) if whole else []
    return pieces if len(pieces) == wanted and all(map(_balanced, pieces)) else None


def _balanced(html: str) -> bool:
    open_tags: list[str] = []
    for closing, name, empty in _TAG.findall(html):
        if empty or name.lower() == "img":
            continue
        if not closing:
            open_tags.append(name.lower())
        elif not open_tags or open_tags.pop() != name.lower():
            return False
    return not open_tags
