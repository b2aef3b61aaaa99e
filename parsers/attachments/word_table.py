"""Tables of Word: merged cells kept, layout tables (one cell, one column, one row) unwrapped to paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from parsers.attachments import blocks
from parsers.attachments.blocks import Cell, Place
from parsers.attachments.package import local
from parsers.attachments.word_styles import W, val
from parsers.content import Block

if TYPE_CHECKING:
    from parsers.attachments.word_walk import Walk

COLUMNS = 200


@dataclass
class Slot:
    """A cell with its place in the grid, and whether it goes on from the row above."""

    column: int
    width: int
    goes_on: bool
    content: list[Block] = field(default_factory=list)
    header: bool = False
    height: int = 1


def read(table: etree._Element, walk: Walk) -> list[Block]:
    """A table as one block; a layout table as the blocks of its cells."""
    return of_slots([row for element in _rows(table) if (row := _row(element, walk))], walk.place)


def of_slots(rows: list[list[Slot]], place: Place) -> list[Block]:
    """The same of rows that have been read."""
    if _is_layout(rows):
        return [block for row in rows for slot in row for block in slot.content]
    block = blocks.table([_cells(row) for row in _merged(rows)], place)
    return [block] if block else []


def _is_layout(rows: list[list[Slot]]) -> bool:
    """Red heads and imprints stand in such tables; a table of data has at least two rows of two cells."""
    return len(rows) <= 1 or all(len(row) == 1 for row in rows)


def _rows(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if local(child) == "tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif local(child) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _rows(child)


def _row(element: etree._Element, walk: Walk) -> list[Slot]:
    properties = element.find(W + "trPr")
    header = properties is not None and properties.find(W + "tblHeader") is not None
    column = _count(val(properties, "gridBefore"), 0)
    slots = []
    for cell in _cell_elements(element):
        slot = _slot(cell, column, header, walk)
        column += slot.width
        slots.append(slot)
    return slots


def _cell_elements(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if local(child) == "tc":
            if child.find(f"{W}tcPr/{W}cellDel") is None:
                yield child
        elif local(child) in ("sdt", "sdtContent", "customXml"):
            yield from _cell_elements(child)


def _slot(cell: etree._Element, column: int, header: bool, walk: Walk) -> Slot:
    properties = cell.find(W + "tcPr")
    merge = properties.find(W + "vMerge") if properties is not None else None
    goes_on = merge is not None and merge.get(W + "val", "continue") == "continue"
    width = _count(val(properties, "gridSpan"), 1)
    return Slot(column, max(width, 1), goes_on, walk.blocks(cell), header)


def _merged(rows: list[list[Slot]]) -> list[list[Slot]]:
    """Cells that go on from above lengthen the one that they go on from, and leave their row."""
    above: dict[int, Slot] = {}
    out = []
    for row in rows:
        kept = []
        for slot in row:
            start = above.get(slot.column)
            if slot.goes_on and start is not None:
                start.height += 1
                continue
            above[slot.column] = slot
            kept.append(slot)
        out.append(kept)
    return out


def _cells(row: list[Slot]) -> list[Cell]:
    return [replace(cell_of(slot.content), colspan=slot.width, rowspan=slot.height, header=slot.header) for slot in row]


def cell_of(content: list[Block]) -> Cell:
    """Blocks as the content of one cell: paragraphs parted by line breaks, a table within by its text."""
    html = "<br>".join(_inner(block) for block in content)
    return Cell(" ".join(block.text for block in content if block.text), html)


def _inner(block: Block) -> str:
    if block.kind == "table":
        return blocks.inline(block.text.replace("\t", "\u3000"))
    return block.html.partition(">")[2].rpartition("</")[0]


def _count(text: str | None, default: int) -> int:
    return min(int(text), COLUMNS) if text and text.isascii() and text.isdigit() and len(text) < 6 else default
