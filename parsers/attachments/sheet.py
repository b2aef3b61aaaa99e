"""Spreadsheets: xlsx, xls, et and csv. What is shown is the text; what is hidden is screened, and told."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import olefile
from office_oxide import Document, OfficeOxideError

from parsers.attachments import biff, blocks, xls_locks, zips
from parsers.attachments.blocks import Cell
from parsers.attachments.detect import OLE, ole_streams
from parsers.attachments.errors import Damaged, Refused
from parsers.attachments.findings import finding
from parsers.attachments.number_format import BUILT_IN, as_shown
from parsers.budgets import Budget
from parsers.charsets import guess
from parsers.content import Block, Content
from parsers.submission import Finding

_TOO_LARGE = "表格过大，未在页面上列出，文字已全部检查，请下载原文件查看。"
_CUT = "表格行数过多，只列出前面部分，请下载原文件查看。"
_Sheet = dict[str, Any]


def read(data: bytes, kind: str, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """The sheets of a workbook. Raises Unreadable where there is none to be had."""
    data = _opened(data, budget, passwords)
    try:
        with Document.from_bytes(data, "xls" if data.startswith(OLE) else "xlsx") as workbook:
            text = workbook.plain_text()
            if text.count("\t") + text.count("\n") > budget.sheet_cells:
                return too_large(kind, text, budget)
            sheets: list[_Sheet] = workbook.to_ir()["sections"]
            if data.startswith(OLE):
                _show_dates(sheets, biff.dates(_stream(data)))
    except OfficeOxideError as error:
        raise Damaged from error
    return content(kind, sheets, budget)


def read_csv(data: bytes, budget: Budget) -> Content:
    """Comma or tab separated values."""
    text = blocks.clean(guess(data[: budget.xml]))
    if text.count(",") + text.count("\t") + text.count("\n") > budget.sheet_cells:
        return too_large("csv", text, budget)
    delimiter = "\t" if text[:4096].count("\t") > text[:4096].count(",") else ","
    try:
        block = blocks.grid(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:  # a quotation mark that never ends
        return Content("csv", "read", tuple(blocks.paragraphs(text[: budget.text])))
    return Content("csv", "read", (block,) if block else ())


def too_large(kind: str, text: str, budget: Budget) -> Content:
    """A workbook that is screened, but not shown."""
    hidden = blocks.clean(text)[: budget.text]
    return Content(kind, "read", findings=(finding("attachment.partly_read", _TOO_LARGE),), hidden_text=hidden)


def content(kind: str, sheets: Sequence[_Sheet], budget: Budget) -> Content:
    """The content of sheets in the form of office-oxide's tree: the shown ones as blocks, the hidden ones told."""
    shown = [sheet for sheet in sheets if not sheet.get("hidden")]
    hidden = [sheet for sheet in sheets if sheet.get("hidden")]
    filled = [sheet for sheet in shown if any(_tables(sheet))]
    found = [block for sheet in filled for block in _sheet_blocks(sheet, named=len(filled) > 1)]
    return Content(
        kind=kind,
        status="read",
        blocks=tuple(blocks.cut(found, budget.text)),
        findings=tuple(_findings(hidden, shown)),
        hidden_text="\n".join(block.text for sheet in hidden for block in _sheet_blocks(sheet, named=True))[
            : budget.text
        ],
    )


def _findings(hidden: Sequence[_Sheet], shown: Sequence[_Sheet]) -> Iterator[Finding]:
    names = "、".join(f"“{blocks.clean(str(sheet.get('title', '')))}”" for sheet in hidden)
    if names:
        message = f"表格中有隐藏的工作表{names}，未列入正文，发布附件前请核对或请报送单位删除。"
        yield finding("attachment.hidden_sheet", message)
    if any(len(table["rows"]) >= 10_000 for sheet in shown for table in _tables(sheet)):
        yield finding("attachment.partly_read", _CUT)


def _text(sheet: _Sheet) -> str:
    return "\n".join(block.text for block in _sheet_blocks(sheet, named=True))


def _tables(sheet: _Sheet) -> Iterator[dict[str, Any]]:
    return (element for element in sheet.get("elements", ()) if element.get("type") == "table" and element["rows"])


def _sheet_blocks(sheet: _Sheet, *, named: bool) -> list[Block]:
    """A sheet: its name where there are several, the lines above the table as paragraphs, the table."""
    title = blocks.paragraph(str(sheet.get("title", "")), level=1) if named else None
    found = [title] if title else []
    for table in _tables(sheet):
        rows = [[_cell(cell) for cell in row["cells"]] for row in table["rows"]]
        head = _heading_rows(rows)
        found += [block for row in rows[:head] if (block := _heading(row))]
        block = blocks.table(_trimmed(rows[head:]))
        found += [block] if block else []
    return found


def _heading_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows stand above the table: those with one text alone, as a title or 单位：万元."""
    if all(_alone(row) for row in rows):
        return len(rows) if all(len(row) == 1 and row[0].colspan == 1 for row in rows) else min(len(rows), 1)
    return next(index for index, row in enumerate(rows) if not _alone(row))


def _alone(row: Sequence[Cell]) -> bool:
    return sum(bool(cell.text.strip()) for cell in row) <= 1 and all(cell.rowspan == 1 for cell in row)


def _heading(row: Sequence[Cell]) -> Block | None:
    cell = next((cell for cell in row if cell.text.strip()), None)
    return blocks.paragraph(cell.text, centered=cell.colspan > 1) if cell else None


def _trimmed(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Without empty cells at the end that no row fills: formatting alone makes cells."""
    width = max((_width(row) for row in rows), default=0)
    out = []
    for row in rows:
        kept = list(row)
        while kept and not kept[-1].text and sum(cell.colspan for cell in kept) > width:
            kept.pop()
        out.append(kept)
    return out


def _width(row: Sequence[Cell]) -> int:
    """Columns up to the last one that is filled."""
    width = filled = 0
    for cell in row:
        width += cell.colspan
        filled = width if cell.text else filled
    return filled


def _cell(cell: dict[str, Any]) -> Cell:
    text = blocks.clean("\n".join(_texts(cell.get("content", ())))).strip()
    code = _code(cell)
    text = text if code is None else as_shown(text, code)
    return Cell(text, blocks.inline(text), int(cell.get("col_span", 1)), int(cell.get("row_span", 1)))


def _show_dates(sheets: Sequence[_Sheet], dates: Mapping[str, deque[str]]) -> None:
    """Writes the dates of an old workbook as its formats show them: in its tree they are all 2026-03-05."""
    cells = (cell for sheet in sheets for table in _tables(sheet) for row in table["rows"] for cell in row["cells"])
    for cell in cells if dates else ():
        shown = dates.get("\n".join(_texts(cell.get("content", ()))))
        if shown:
            cell["content"] = [{"content": [{"text": shown.popleft()}]}]


def _code(cell: dict[str, Any]) -> str | None:
    """The code of a cell's number format; None of text, empty of old sheets and where none is given."""
    if cell.get("data_type") not in ("date", "number", None):
        return None
    return BUILT_IN.get(cell.get("number_format_id", 0)) or str(cell.get("number_format") or "")


def _texts(elements: Sequence[dict[str, Any]]) -> Iterator[str]:
    for element in elements:
        content = element.get("content", ())
        yield "".join(str(piece.get("text", "\n" if "break" in piece.get("type", "") else "")) for piece in content)


def _opened(data: bytes, budget: Budget, passwords: tuple[str, ...]) -> bytes:
    """The workbook without its lock. Raises Encrypted where that stays, Refused for a bomb: the reader says neither."""
    if data.startswith(OLE):
        return xls_locks.unlocked(data, _stream_name(data), passwords) if _is_locked(data) else data
    left = budget.xml
    with zips.opened(data, budget) as package:
        for info in package.infolist():
            if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                left -= zips.unpacked_size(package, info, left)
                if left < 0:
                    raise Refused
    return data


def _is_locked(data: bytes) -> bool:
    """A FILEPASS record near the start of the workbook's stream (MS-XLS, 2.4.117)."""
    return any(record.kind == biff.FILEPASS for record in biff.records(_stream(data)[:4096]))


def _stream_name(data: bytes) -> str:
    return "Workbook" if "Workbook" in ole_streams(data) else "Book"


def _stream(data: bytes) -> bytes:
    """The workbook's stream; empty where a broken file has none: its reader will say so."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            return bytes(ole.openstream(_stream_name(data)).read())
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken sector chain leads to
        return b""
