"""OpenDocument sheets and presentations: brought into the form in which xlsx and pptx are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from parsers.attachments import blocks, odt, sheet
from parsers.attachments.errors import Refused
from parsers.attachments.odt_styles import get
from parsers.attachments.package import local
from parsers.budgets import Budget
from parsers.content import Block, Content

_REPEATED = 1000
"""Times that a cell or row is written out for its `repeated`."""
_EMPTY = 200
"""Empty cells in a row that are no more part of the table: the rest of the sheet."""


def read_sheets(data: bytes, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """The sheets of a workbook. Raises Unreadable where there is none to be had."""
    reader, body = odt.opened(data, "spreadsheet", budget, passwords)
    tables = [element for element in body if local(element) == "table"]
    if sum(1 for table in tables for element in table.iter() if local(element) == "table-cell") > budget.sheet_cells:
        return sheet.too_large("ods", "\n".join(map(_text, tables)), budget)
    hidden = _styles_with(reader, "display", "false")
    left = [budget.sheet_cells]
    return sheet.content("ods", [_sheet(table, get(table, "style-name") in hidden, left) for table in tables], budget)


def read_slides(data: bytes, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """The text of a presentation; notes and hidden slides are screened, not shown. Raises Unreadable."""
    reader, body = odt.opened(data, "presentation", budget, passwords)
    hidden = _styles_with(reader, "visibility", "hidden")
    shown: list[Block] = []
    unseen: list[str] = []
    for page in (element for element in body if local(element) == "page"):
        for element in page:
            found = _title(element) or reader.blocks([element])
            if local(element) == "notes" or get(page, "style-name") in hidden:
                unseen += [block.text for block in found]
            else:
                shown += found
    return Content(
        kind="odp",
        status="read",
        blocks=tuple(blocks.cut(shown, budget.text)),
        blobs=tuple(reader.blobs.values()),
        hidden_text="\n".join(unseen)[: budget.text],
    )


def _title(element: etree._Element) -> list[Block]:
    block = blocks.paragraph(_text(element), level=1) if get(element, "class") in ("title", "subtitle") else None
    return [block] if block else []


def _styles_with(reader: odt.Reader, name: str, value: str) -> set[str]:
    """The styles of the content that say so in one of their properties."""
    root = reader.package.xml("content.xml")
    styles = (element for element in root.iter() if local(element) == "style")
    return {get(style, "name") for style in styles if any(get(properties, name) == value for properties in style)}


def _sheet(table: etree._Element, hidden: bool, left: list[int]) -> dict[str, Any]:
    """A sheet in the form of office-oxide's tree. `left`: the cells that may still be written out."""
    rows = [{"cells": cells} for row in table.iter() if local(row) == "table-row" for cells in _rows(row, left)]
    element = {"type": "table", "rows": rows}
    return {"title": get(table, "name"), "hidden": hidden, "elements": [element] if any(map(_filled, rows)) else []}


def _rows(row: etree._Element, left: list[int]) -> Iterator[list[dict[str, Any]]]:
    cells = [cell for element in row for cell in _cells(element)]
    if not _filled({"cells": cells}):
        return
    for _ in range(_times(row, "number-rows-repeated")):
        left[0] -= len(cells)
        if left[0] < 0:
            raise Refused
        yield cells


def _cells(element: etree._Element) -> Iterator[dict[str, Any]]:
    if local(element) != "table-cell":
        return
    text, times = _text(element), _times(element, "number-columns-repeated")
    cell = {
        "content": [{"content": [{"text": text}]}],
        "col_span": _times(element, "number-columns-spanned"),
        "row_span": _times(element, "number-rows-spanned"),
    }
    yield from [cell] * (times if text or times < _EMPTY else 0)


def _filled(row: dict[str, Any]) -> bool:
    return any(cell["content"][0]["content"][0]["text"] for cell in row["cells"])


def _text(element: etree._Element) -> str:
    """The paragraphs of a cell or frame, comments left out."""
    return "\n".join("".join(map(str, paragraph.itertext())) for paragraph in _paragraphs(element))


def _paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if local(child) == "p":
            yield child
        elif local(child) != "annotation":
            yield from _paragraphs(child)


def _times(element: etree._Element, name: str) -> int:
    text = get(element, name)
    return max(1, min(int(text), _REPEATED)) if text.isascii() and text.isdigit() and len(text) < 8 else 1
