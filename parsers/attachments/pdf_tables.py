"""Tables of a PDF page, found by their drawn rules (pdfplumber), filled with the page's own characters."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Sequence
from io import BytesIO

import pdfplumber

from parsers.attachments import blocks
from parsers.attachments.blocks import Cell
from parsers.attachments.layout import join
from parsers.attachments.pdf_page import Char, lines
from parsers.content import Block

Box = tuple[float, float, float, float]
_NEAR = 2.0
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # else each broken object is a warning


def find(data: bytes, number: int, password: str) -> list[list[Box]]:
    """The cells of each table of a page (counted from 0), as boxes, y downwards; none where the page defeats it."""
    try:
        with pdfplumber.open(BytesIO(data), pages=[number + 1], password=password) as document:
            return [list(table.cells) for table in document.pages[0].find_tables()]
    except Exception:  # noqa: BLE001 - pdfminer raises whatever a broken object leads to; the text is there without tables
        return []


def table(cells: Sequence[Box], chars: Sequence[Char]) -> tuple[Block | None, list[Char]]:
    """The table of these cells, and the characters outside it. A frame of one cell or column is no table."""
    columns, row_edges = _edges([cell[0] for cell in cells]), _edges([cell[1] for cell in cells])
    if len(columns) < 2 or len(row_edges) < 2:
        return None, list(chars)
    held: dict[Box, list[Char]] = {cell: [] for cell in cells}
    outside: list[Char] = []
    for char in chars:
        cell = _cell_at(cells, char)
        (held[cell] if cell else outside).append(char)
    rows: list[list[Cell]] = [[] for _ in row_edges]
    for cell in sorted(cells, key=lambda cell: (_place(row_edges, cell[1]), cell[0])):
        rows[_place(row_edges, cell[1])].append(_cell(cell, held[cell], columns, row_edges))
    return blocks.table([row for row in rows if row]), outside


def top(cells: Sequence[Box]) -> float:
    return min(cell[1] for cell in cells)


def _cell(cell: Box, chars: Sequence[Char], columns: list[float], row_edges: list[float]) -> Cell:
    text = ""
    for line in lines(chars):
        text = join(text, line.text) if text else line.text
    width = _place(columns, cell[2] - _NEAR * 2) - _place(columns, cell[0]) + 1
    height = _place(row_edges, cell[3] - _NEAR * 2) - _place(row_edges, cell[1]) + 1
    return Cell(text, blocks.inline(text), max(width, 1), max(height, 1))


def _edges(values: Sequence[float]) -> list[float]:
    """Distinct positions in order; those nearer than a line's width are one."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _NEAR:
            out.append(value)
    return out


def _place(edges: list[float], value: float) -> int:
    """The number of the last edge at or before a position."""
    return max(bisect_left(edges, value + _NEAR) - 1, 0)


def _cell_at(cells: Sequence[Box], char: Char) -> Box | None:
    x, y = (char.box[0] + char.box[2]) / 2, (char.box[1] + char.box[3]) / 2
    if char.text == "\n":
        return None
    return next((cell for cell in cells if cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]), None)
