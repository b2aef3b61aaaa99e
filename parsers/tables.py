"""Tables of HTML: which ones hold data and which only lay out a page, and how the former are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup, Tag

from parsers.content import Block
from parsers.runs import Run, escape, line_html, line_text, split_lines, tidy
from parsers.styles import attribute, is_hidden, style_of

_WIDEST = 100
_LONG_CELL = 1000
_SHORT_CELL = 60
_LOOKED_AT = 40
_BORDER = re.compile(r"solid|double|dotted|dashed|inset|outset")

ReadCell = Callable[[Tag], list[Run]]


def tables_with_tables(soup: BeautifulSoup) -> frozenset[int]:
    """The tables (by identity) that have another one inside: pages are laid out with them."""
    found: set[int] = set()
    open_tables: list[Tag] = []
    stack: list[Tag | None] = [soup]
    while stack:
        tag = stack.pop()
        if tag is None:
            open_tables.pop()
            continue
        if tag.name == "table":
            found.update(map(id, open_tables[-1:]))
            open_tables.append(tag)
            stack.append(None)
        stack.extend(child for child in reversed(tag.contents) if isinstance(child, Tag))
    return frozenset(found)


def is_data(table: Tag, with_tables: frozenset[int]) -> bool:
    """Whether a table holds data: several columns, and lines, heads, or short cells in several rows."""
    if id(table) in with_tables:  # asked first: looking through every level would be quadratic
        return False
    rows = [cells for _, cells in _rows(table)]
    texts = [len(cell.get_text()) for cells in rows for cell in cells]
    if max(map(len, rows), default=0) < 2 or max(texts) > _LONG_CELL:
        return False
    if _is_bare(table, rows) or _is_ruled(table, rows):
        return True
    return len(rows) > 1 and sum(texts) <= _SHORT_CELL * len(texts) and texts.count(0) * 2 <= len(texts)


def read_table(table: Tag, read_cell: ReadCell) -> Iterator[Block]:
    """A table of data as a block: cells end in tabs, rows in line feeds. Its caption comes before it."""
    caption = table.find("caption")
    if isinstance(caption, Tag) and not is_hidden(caption) and (text := caption.get_text(" ", strip=True)):
        yield Block("paragraph", text, f"<p>{escape(text)}</p>", centered=True)
    rows = [(head, [_cell(cell, read_cell) for cell in cells]) for head, cells in _rows(table)]
    if not any(text or "<img" in html for _, cells in rows for text, html in cells):
        return
    head = "".join(_row(cells) for is_head, cells in rows if is_head)
    body = "".join(_row(cells) for is_head, cells in rows if not is_head)
    html = (f"<thead>{head}</thead>" if head else "") + (f"<tbody>{body}</tbody>" if body else "")
    ordered = sorted(rows, key=lambda row: not row[0])
    yield Block(
        "table", "\n".join("\t".join(text for text, _ in cells) for _, cells in ordered), f"<table>{html}</table>"
    )


def _rows(table: Tag) -> Iterator[tuple[bool, list[Tag]]]:
    """The rows that are shown, each with whether it is one of the head."""
    for row in table.find_all("tr"):
        parent = row.parent
        if is_hidden(row) or (parent is not None and is_hidden(parent)):
            continue
        cells = [
            cell for cell in row.children if isinstance(cell, Tag) and cell.name in ("td", "th") and not is_hidden(cell)
        ]
        if cells:
            yield parent is not None and parent.name == "thead", cells


def _is_bare(table: Tag, rows: list[list[Tag]]) -> bool:
    """Without any attribute but spans: as our own clean tables are; who lays out a page needs some."""
    attributes = {name for cells in rows for cell in cells for name in cell.attrs}
    return not table.attrs and attributes <= {"colspan", "rowspan"}


def _is_ruled(table: Tag, rows: list[list[Tag]]) -> bool:
    if attribute(table, "border").strip("0 px") or "grid" in attribute(table, "class").lower():
        return True
    cells = [cell for cells in rows for cell in cells][:_LOOKED_AT]
    return any(cell.name == "th" or _has_border(cell) for cell in cells)


def _has_border(cell: Tag) -> bool:
    return any(name.startswith("border") and _BORDER.search(value) for name, value in style_of(cell).items())


def _cell(cell: Tag, read_cell: ReadCell) -> tuple[str, str]:
    """A cell's text, and its HTML with its own tag."""
    lines = [line for line in map(tidy, split_lines(read_cell(cell))) if line]
    inner = "<br>".join(map(line_html, lines))
    spans = "".join(f' {name}="{span}"' for name in ("colspan", "rowspan") if (span := _span(cell, name)) > 1)
    text = " ".join(filter(None, map(line_text, lines)))
    return text, f"<{cell.name}{spans}>{inner}</{cell.name}>"


def _span(cell: Tag, name: str) -> int:
    given = attribute(cell, name).strip()
    return min(int(given), _WIDEST) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _row(cells: list[tuple[str, str]]) -> str:
    return f"<tr>{''.join(html for _, html in cells)}</tr>"
