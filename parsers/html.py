"""Any HTML to a small clean vocabulary, and to blocks.

h2–h4 p br strong em u sub sup ul li blockquote table thead tbody tr th td img a; nothing else survives. Numbers of
ordered lists become text, so that they are found, copied and screened as they print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from urllib.parse import unquote

import nh3
from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from parsers.budgets import BUDGET, Budget
from parsers.charsets import clean_line
from parsers.content import Block
from parsers.plain import plain_blocks
from parsers.runs import BREAK, Look, Run, escape, is_indented, line_html, line_text, split_lines, tidy, wanted
from parsers.styles import attribute, is_hidden, look_inside, style_of
from parsers.tables import is_data, read_table, tables_with_tables

__all__ = ["Piece", "blocks", "clean", "escape", "plain_blocks", "read_html", "read_pieces"]

NO_PICTURES: Mapping[str, str] = MappingProxyType({})
_BLOCK_NAMES = """p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd table caption thead tbody tfoot tr td th blockquote pre
center article section header footer main aside nav figure figcaption address form fieldset legend body html"""
_BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
_PICTURE_TAGS = ("img", "v:imagedata")
_SMALLEST_PICTURE = 4
"""Pixels: what is smaller counts readers or draws lines."""
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_NO_CAPTION = re.compile(
    r"(图片|image|img|照片|截图|pic|picture|photo|说明.*|cid:.*|\S+\.(jpe?g|png|gif|bmp))?[\s\d_-]*", re.IGNORECASE
)
_SENTENCE_END = tuple("。！？；!?;”’）)：:")
_FULL_LINE = 30
_NUMBERED = re.compile(r"([一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\s*\S")
_HEADING_LENGTH = 40
_DEEPEST_ZONE = 200
_INSTRUCTION = re.compile(r"<\?[^>]{0,500}>")
"""Word's `<?xml:namespace …>`: the parser would take the page for XML."""

Zone = Callable[[Tag], str]


@dataclass(frozen=True)
class Piece:
    """A block and where it stood; without a block, a rule (`hr`)."""

    block: Block | None
    zone: str = ""
    """The zones that it stands in, the outermost first: "/quote/signature"."""
    gap: bool = False
    """An empty line stands before it."""


def clean(html: str, pictures: Mapping[str, str] = NO_PICTURES, budget: Budget = BUDGET) -> str:
    """HTML in the clean vocabulary. `pictures`: how the HTML names a picture ("cid:…", a Content-Location) → its
    SHA-256 in hexadecimal; pictures that are clean already stay, all others go. Cleaning twice changes nothing."""
    cleaned = "".join(block.html for block in _read(html, pictures, budget, keep_digests=True))
    return cleaned.replace("</blockquote><blockquote>", "").replace("</ul><ul>", "")


def read_html(html: str, pictures: Mapping[str, str] = NO_PICTURES, budget: Budget = BUDGET) -> tuple[Block, ...]:
    """The blocks of any HTML, with what its styles say (centred, bold, size) kept beside them. A picture is shown
    only if it is one of `pictures`: a mail cannot name the blobs of others."""
    return _read(html, pictures, budget, keep_digests=False)


def blocks(clean_html: str) -> tuple[Block, ...]:
    """The blocks of HTML that `clean` has made."""
    return _read(clean_html, NO_PICTURES, BUDGET, keep_digests=True)


def read_pieces(html: str, pictures: Mapping[str, str], zone: Zone, budget: Budget = BUDGET) -> tuple[Piece, ...]:
    """The blocks of any HTML with the zone that each stands in. `zone` names the zone that a tag opens; empty: none."""
    return tuple(_Reader(pictures, zone, keep_digests=False).read(_parse(html, budget)))


def _read(html: str, pictures: Mapping[str, str], budget: Budget, keep_digests: bool) -> tuple[Block, ...]:
    reader = _Reader(pictures, lambda _: "", keep_digests)
    return tuple(piece.block for piece in reader.read(_parse(html, budget)) if piece.block)


def _parse(html: str, budget: Budget) -> BeautifulSoup:
    bounded = html[: budget.body_html]
    if bounded.count("<") > budget.html_tags:
        bounded = "<".join(bounded.split("<", budget.html_tags)[: budget.html_tags])
    return BeautifulSoup(f"<div>{_INSTRUCTION.sub('', wanted(bounded))}</div>", "lxml")


@dataclass
class _Reader:
    """A walk over the tree without recursion (mail nests as deep as it likes), gathering runs until a block ends."""

    pictures: Mapping[str, str]
    zone: Zone
    keep_digests: bool
    pieces: list[Piece] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    gap: bool = False
    item: bool = False
    """The next block is the first one of a list item."""
    label: Run | None = None
    """The number of a list item, until there is a text that it stands before."""
    numbers: dict[int, int] = field(default_factory=dict)
    nested: frozenset[int] = frozenset()

    def read(self, soup: BeautifulSoup) -> list[Piece]:
        self.nested = tables_with_tables(soup)
        self._walk(soup, Look())
        return self.pieces

    def _walk(self, root: Tag, look: Look) -> None:
        stack: list[tuple[object, Look]] = [(root, look)]
        while stack:
            node, look = stack.pop()
            if node is None:
                self._flush()
            elif type(node) in (NavigableString, CData):
                self._text(str(node), look)
            elif isinstance(node, Tag) and not is_hidden(node):
                stack.extend(self._enter(node, look))

    def _enter(self, tag: Tag, look: Look) -> Iterator[tuple[object, Look]]:
        """What stands inside a tag, last first, for the stack. Tags without an inside are dealt with here."""
        zone = self.zone(tag)
        if zone and len(look.zone) < _DEEPEST_ZONE:
            look = replace(look, zone=f"{look.zone}/{zone}")
        if tag.name == "br":
            self.runs.append(Run(BREAK, look))
        elif tag.name == "hr":
            self._flush()
            self.pieces.append(Piece(None, look.zone, self.gap))
            self.gap = False
        elif tag.name in _PICTURE_TAGS:
            self._picture(tag, look)
        elif tag.name == "table" and is_data(tag, self.nested):
            self._flush()
            self._table(tag, look)
        else:
            yield from self._inside(tag, look)

    def _inside(self, tag: Tag, outer: Look) -> Iterator[tuple[object, Look]]:
        look = look_inside(tag, outer)
        if tag.name == "blockquote":
            look = replace(look, quoted=not tag.attrs)  # with attributes it is a program's indent or quote
        if tag.name in _BLOCK_TAGS:
            self._flush()
            yield None, look
        if tag.name == "li":
            self._begin_item(tag, look)
        for child in reversed(tag.contents):
            yield child, look

    def _begin_item(self, tag: Tag, look: Look) -> None:
        """Numbers of ordered lists are text; other items are marked as such."""
        parent = tag.parent
        if parent is None or parent.name != "ol":
            self.item = True
            return
        start = attribute(tag, "value") or (attribute(parent, "start") if id(parent) not in self.numbers else "")
        number = (
            int(start)
            if start.isascii() and start.isdigit() and len(start) < 6
            else self.numbers.get(id(parent), 0) + 1
        )
        self.numbers[id(parent)] = number
        self.label = Run(f"{number}. ", replace(look, bold=False))

    def _text(self, text: str, look: Look) -> None:
        text = wanted(text)
        if self.label and text.strip():
            self.runs.append(self.label)
            self.label = None
        if not look.preformatted:
            self.runs.append(Run(text, look))
            return
        for number, line in enumerate(text.splitlines()):
            if number:
                self.runs.append(Run(BREAK, look))
            self.runs.append(Run(line, look))

    def _picture(self, tag: Tag, look: Look) -> None:
        digest = self._digest(attribute(tag, "src"))
        if digest and not _is_tiny(tag) and not (self.runs and self.runs[-1].digest == digest):
            self.runs.append(Run(_caption(tag), look, digest))

    def _digest(self, source: str) -> str:
        known = _DIGEST.fullmatch(source)
        if known:
            return known[1] if self.keep_digests or known[1] in self.pictures.values() else ""
        bare = unquote(source.strip())
        return self.pictures.get(bare) or self.pictures.get(bare.replace("CID:", "cid:", 1)) or ""

    def _table(self, tag: Tag, look: Look) -> None:
        for block in read_table(tag, lambda cell: self._cell(cell, look)):
            self._emit(block, look.zone)

    def _cell(self, cell: Tag, look: Look) -> list[Run]:
        inner = _CellReader(self.pictures, self.zone, self.keep_digests, nested=self.nested)
        inner._walk(cell, look)
        return inner.runs

    def _flush(self) -> None:
        """Ends a block: what was gathered becomes paragraphs."""
        lines, self.runs = split_lines(self.runs), []
        for paragraph, gap in _paragraphs(lines):
            self.gap = self.gap or gap
            for block, zone in self._blocks_of(paragraph):
                self._emit(block, zone)
        self.gap = self.gap or _ends_blank(lines)

    def _emit(self, block: Block, zone: str) -> None:
        html = _gate(block.html)
        self.pieces.append(Piece(block if html == block.html else replace(block, html=html), zone, self.gap))
        self.gap = False

    def _blocks_of(self, lines: list[list[Run]]) -> Iterator[tuple[Block, str]]:
        """The blocks of one paragraph: pictures in it stand by themselves."""
        for group in _around_pictures(lines):
            look = _main_look(group)
            if group[0][0].digest:
                yield Block("picture", "", f"<p>{line_html(group[0])}</p>", look.centered), look.zone
            else:
                yield _text_block(group, look, self.item), look.zone
                self.item = False


class _CellReader(_Reader):
    """The same walk inside a cell of a table, where blocks are only lines."""

    def _flush(self) -> None:
        self.runs.append(Run(BREAK))


def _paragraphs(lines: list[list[Run]]) -> Iterator[tuple[list[list[Run]], bool]]:
    """Lines as paragraphs, each with whether an empty line stands before it."""
    paragraph: list[list[Run]] = []
    gap = False
    for raw in lines:
        line = tidy(raw)
        if paragraph and not (line and _continues(paragraph[-1], raw)):
            yield paragraph, gap
            paragraph, gap = [], False
        if line:
            paragraph.append(line)
        gap = gap or not (line or paragraph)
    if paragraph:
        yield paragraph, gap


def _continues(line: list[Run], following: list[Run]) -> bool:
    """Whether a line break stands inside a paragraph: titles and addresses do so, full sentences do not."""
    text = line_text(line)
    full = len(text) >= _FULL_LINE and text.endswith(_SENTENCE_END)
    return following[0].look.keeps_lines and not full and not is_indented(following)


def _ends_blank(lines: list[list[Run]]) -> bool:
    """Whether an empty line is seen at the end: the last break of a block shows nothing, a hard space does."""
    last, before = lines[-1], lines[-2:-1]
    if tidy(last):
        return False
    return any("\xa0" in run.text for run in last) or any(not tidy(line) for line in before)


def _around_pictures(lines: list[list[Run]]) -> Iterator[list[list[Run]]]:
    """A paragraph cut at its pictures: groups of lines of text, and single pictures."""
    group: list[list[Run]] = []
    for line in lines:
        for is_picture, runs in groupby(line, key=lambda run: bool(run.digest)):
            if not is_picture:
                group.append(tidy(list(runs)))
                continue
            yield from [group] if any(group) else []
            yield from ([[run]] for run in runs)
            group = []
    group = [line for line in group if line]
    if group:
        yield group


def _main_look(lines: list[list[Run]]) -> Look:
    return max((run for line in lines for run in line), key=lambda run: len(run.text)).look


def _text_block(lines: list[list[Run]], look: Look, item: bool) -> Block:
    text = BREAK.join(map(line_text, lines))
    bold = all(run.look.bold for line in lines for run in line if run.text.strip()) or bool(look.level)
    level = _heading_level(text, look.level, bold) if not item else 0
    inner = "<br>".join(line_html(line, drop_bold=bool(level)) for line in lines)
    html = f"<h{level}>{inner}</h{level}>" if level else f"<ul><li>{inner}</li></ul>" if item else f"<p>{inner}</p>"
    return Block(
        "heading" if level else "item" if item else "paragraph",
        text,
        f"<blockquote>{html}</blockquote>" if look.quoted else html,
        look.centered,
        bold,
        look.size,
    )


def _heading_level(text: str, level: int, bold: bool) -> int:
    """Marked headings that are short enough; and bold lines numbered 一、 or （一） that are no sentence."""
    if level:
        return level if len(text) <= 2 * _HEADING_LENGTH else 0
    certain = (
        bold
        and len(text) <= _HEADING_LENGTH
        and _NUMBERED.match(text)
        and not text.endswith(("。", "；", "，", "：", "、"))
    )
    return 3 if certain else 0


def _is_tiny(tag: Tag) -> bool:
    style = style_of(tag)
    sizes = (attribute(tag, side) or style.get(side, "") for side in ("width", "height"))
    return any(_pixels(size) < _SMALLEST_PICTURE for size in sizes)


def _pixels(length: str) -> float:
    match = re.match(r"\d{1,6}", length.strip()) if "%" not in length else None
    return float(match[0]) if match else _SMALLEST_PICTURE


def _caption(tag: Tag) -> str:
    """The alt text, unless it only names a file or says that this is a picture."""
    text = clean_line(wanted(attribute(tag, "alt")))[:200]
    return "" if _NO_CAPTION.fullmatch(text) else text


def _gate(html: str) -> str:
    """The last gate: whatever the code above missed, only the vocabulary passes."""
    return nh3.clean(html, tags=_VOCABULARY, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)


_VOCABULARY_TAGS = "h2 h3 h4 p br strong em u sub sup ol ul li blockquote table thead tbody tr th td img a"
_VOCABULARY = set(_VOCABULARY_TAGS.split())
_ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}, "a": {"href"}}
_SCHEMES = {"http", "https", "mailto", "sha256"}
