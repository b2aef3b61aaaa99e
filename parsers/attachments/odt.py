"""OpenDocument: what every kind of it is made of; odt: lists with their numbers, tables, notes, changes accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

from parsers.attachments import blocks, odf_locks
from parsers.attachments.blocks import Cell, Mark, Place, Span
from parsers.attachments.detect import kind_of
from parsers.attachments.errors import Damaged
from parsers.attachments.findings import finding
from parsers.attachments.odt_styles import Level, Look, count, get, read_lists, read_looks
from parsers.attachments.package import Package, local
from parsers.attachments.word import PAGE_NUMBER
from parsers.attachments.word_numbering import numeral
from parsers.attachments.word_table import cell_of
from parsers.budgets import Budget
from parsers.content import Block, Content
from parsers.submission import Blob

_SKIPPED = {"tracked-changes", "annotation", "annotation-end", "sequence-decls", "forms", "index-title-template"}


_SHAPES = {"custom-shape", "rect", "ellipse", "circle", "line", "polygon", "path", "caption", "g"}
"""Drawn things that can hold text: what Word calls a text box."""


@dataclass
class Reader:
    """Reads content.xml in order; counts lists, keeps pictures and hidden text."""

    package: Package
    looks: dict[str, Look]
    lists: dict[str, list[Level]]
    styles: etree._Element | None = None
    place: Place = "body"
    counts: dict[str, list[int]] = field(default_factory=dict)
    blobs: dict[str, Blob] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)

    def blocks(self, parent: Iterable[etree._Element], label: str = "") -> list[Block]:
        out: list[Block] = []
        for child in parent:
            name = local(child)
            if name in ("p", "h"):
                out += self.paragraph(child, label)
                label = ""
            elif name == "list":
                out += self.numbered(child, "", 0)
            elif name == "table":
                out += self.table(child)
            elif name == "frame":
                out += self.frame(child)
            elif name not in _SKIPPED:
                out += self.blocks(child)
        return out

    def paragraph(self, element: etree._Element, label: str = "") -> list[Block]:
        look = self.look(element, Look())
        spans = [Span(label, _marks(look), size=look.size)] if label else []
        anchored: list[Block] = []
        self.inline(element, look, spans, anchored)
        level = count(get(element, "outline-level"), 1) - 1 if local(element) == "h" else None
        block = blocks.paragraph(spans, centered=bool(look.centered), level=level, place=self.place)
        return [*([block] if block else []), *anchored]

    def inline(self, element: etree._Element, look: Look, spans: list[Span], anchored: list[Block]) -> None:
        self.add(element.text, look, spans)
        for child in element:
            name = local(child)
            if name == "frame":
                anchored += self.frame(child)
            elif name in _SHAPES:
                anchored += self.blocks(child)
            elif name == "note":
                self.note(child, look, spans)
            elif name in ("span", "a", "ruby", "ruby-base", "meta", "meta-field") or _is_field(child):
                self.inline(child, self.look(child, look), spans, anchored)
            else:
                self.add(_sign(child, name), look, spans)
            self.add(child.tail, look, spans)

    def add(self, text: str | None, look: Look, spans: list[Span]) -> None:
        text = re.sub(r"[ \t\r\n]+", " ", text) if text and "\u0001" not in text else (text or "")[1:]
        if look.hidden:
            self.hidden.append(text)
        elif text:
            spans.append(Span(text, _marks(look), size=look.size))

    def look(self, element: etree._Element, below: Look) -> Look:
        return self.looks.get(get(element, "style-name"), Look()).over(below)

    def note(self, element: etree._Element, look: Look, spans: list[Span]) -> None:
        citation = next((child for child in element if local(child) == "note-citation"), None)
        mark = f"[{''.join(map(str, citation.itertext())) if citation is not None else ''}]"
        spans.append(Span(mark, ("sup",), size=look.size))
        place, self.place = self.place, "note"
        for child in element:
            if local(child) == "note-body":
                self.notes += self.blocks(child, mark + " ")
        self.place = place

    def numbered(self, element: etree._Element, style: str, depth: int) -> list[Block]:
        style = get(element, "style-name") or style
        counts = self.counts.setdefault(style, [0] * 10)
        if get(element, "continue-numbering") != "true" and depth < 10:
            counts[depth:] = [0] * (10 - depth)
        out: list[Block] = []
        for item in element:
            if local(item) in ("list-item", "list-header") and depth < 10:
                out += self.item(item, style, depth, counts)
        return out

    def item(self, item: etree._Element, style: str, depth: int, counts: list[int]) -> list[Block]:
        label = self.label(style, depth, counts) if local(item) == "list-item" else ""
        out: list[Block] = []
        for child in item:
            if local(child) == "list":
                out += self.numbered(child, style, depth + 1)
            elif local(child) in ("p", "h"):
                out += self.paragraph(child, label)
                label = ""
        return out

    def label(self, style: str, depth: int, counts: list[int]) -> str:
        levels = self.lists.get(style, [])
        if depth >= len(levels):
            return ""
        level = levels[depth]
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        shown = range(max(depth - level.shown + 1, 0), depth + 1)
        numbers = [numeral(counts[at] or 1, levels[at].form) for at in shown]
        return level.before + ".".join(number for number in numbers if number) + level.behind

    def frame(self, element: etree._Element) -> list[Block]:
        for child in element:
            if local(child) == "image" and (sha := self.keep(get(child, "href"))):
                return [blocks.picture(sha, place=self.place)]
            if local(child) == "text-box":
                return self.blocks(child)
            if local(child) == "table":
                return self.table(child)
        return []

    def keep(self, name: str) -> str | None:
        name = name.removeprefix("./")
        if name not in self.package:
            return None
        blob = blocks.blob(self.package.read(name))
        if kind_of(blob.data) != "image":
            return None
        self.blobs[blob.sha256] = blob
        return blob.sha256

    def table(self, element: etree._Element) -> list[Block]:
        rows = [self.row(row) for row in element.iter() if local(row) == "table-row"][: self.package.budget.sheet_cells]
        if all(len(row) <= 1 for row in rows):
            return [block for row in rows for content, _, _ in row for block in content]
        cells = [[_cell(content, across, down) for content, across, down in row] for row in rows]
        block = blocks.table(cells, self.place)
        return [block] if block else []

    def row(self, element: etree._Element) -> list[tuple[list[Block], int, int]]:
        return [
            (
                self.blocks(cell),
                count(get(cell, "number-columns-spanned"), 1),
                count(get(cell, "number-rows-spanned"), 1),
            )
            for cell in element
            if local(cell) == "table-cell"
        ]


def read(data: bytes, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """The text of an OpenDocument text. Raises Unreadable where there is none to be had."""
    reader, body = opened(data, "text", budget, passwords)
    found = [*reader.blocks(body), *reader.notes]
    found = [*margins(reader, "header"), *found, *margins(reader, "footer")]
    changed = any(local(element) == "tracked-changes" for element in body)
    message = "文件中有尚未接受的修订，已按全部接受处理，请与报送单位核对定稿。"
    return Content(
        kind="odt",
        status="read",
        blocks=tuple(blocks.cut(found, budget.text)),
        blobs=tuple(reader.blobs.values()),
        findings=(finding("text.revisions", message, "info"),) if changed else (),
        hidden_text="".join(reader.hidden)[: budget.text],
    )


def opened(data: bytes, kind: str, budget: Budget, passwords: tuple[str, ...] = ()) -> tuple[Reader, etree._Element]:
    """The reader of a file and its body (`text`, `spreadsheet`, `presentation`). Raises Unreadable."""
    package = Package(data, budget)
    if "content.xml" not in package:
        raise Damaged
    if odf_locks.is_locked(package):
        package = odf_locks.LockedPackage(data, budget, passwords)
    root = package.xml("content.xml")
    styles = package.optional_xml("styles.xml")
    reader = Reader(package, read_looks([styles, root]), read_lists([styles, root]), styles=styles)
    body = next((inner for outer in root if local(outer) == "body" for inner in outer if local(inner) == kind), None)
    if body is None:
        raise Damaged
    return reader, body


def margins(reader: Reader, side: Place) -> list[Block]:
    """Headers or footers of the pages, each text once, page numbers left out."""
    reader.place = side
    found: dict[str, Block] = {}
    for element in reader.styles.iter() if reader.styles is not None else ():
        if local(element) == side:
            for block in reader.blocks(element):
                if not PAGE_NUMBER.fullmatch(block.text):
                    found.setdefault(block.text, block)
    return list(found.values())


def _sign(element: etree._Element, name: str) -> str:
    if name == "s":
        return "\u0001" + " " * count(get(element, "c"), 1)
    return {"tab": "\u0001\u3000", "line-break": "\u0001\n"}.get(name, "")


def _is_field(element: etree._Element) -> bool:
    """A field that shows text, such as a date; not a bookmark or a change mark."""
    return len(element) == 0 and bool(element.text) and local(element) not in _SKIPPED


def _marks(look: Look) -> tuple[Mark, ...]:
    marks: list[Mark] = ["strong"] if look.bold else []
    marks += ["em"] if look.italic else []
    marks += ["u"] if look.underline else []
    return tuple(marks)


def _span(cell: etree._Element, across: str) -> int:
    return count(get(cell, f"number-{across}-spanned"), 1)


def _cell(content: list[Block], across: int, down: int) -> Cell:
    return replace(cell_of(content), colspan=across, rowspan=down)
