"""Presentations: pptx and ppt, slide by slide; notes and hidden slides are screened, not shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from office_oxide import Document, OfficeOxideError

from parsers.attachments import blocks, pptx_numbers
from parsers.attachments.blocks import Cell
from parsers.attachments.detect import OLE
from parsers.attachments.errors import Damaged
from parsers.budgets import Budget
from parsers.content import Block, Content

_DEEP = 10
_Element = dict[str, Any]


def read(data: bytes, kind: str, budget: Budget) -> Content:
    """The text of a presentation. Raises Unreadable where there is none to be had."""
    try:
        with Document.from_bytes(data, "ppt" if data.startswith(OLE) else "pptx") as presentation:
            slides: list[_Element] = presentation.to_ir()["sections"]
            if not data.startswith(OLE):
                _number(slides, pptx_numbers.numbers(data, budget))
    except OfficeOxideError as error:
        raise Damaged from error
    shown = [block for slide in slides if not slide.get("hidden") for block in _blocks(slide.get("elements", ()), 0)]
    hidden = [block.text for slide in slides if slide.get("hidden") for block in _blocks(slide.get("elements", ()), 0)]
    return Content(
        kind, "read", blocks=tuple(blocks.cut(shown, budget.text)), hidden_text="\n".join(hidden)[: budget.text]
    )


def _blocks(elements: Sequence[_Element], depth: int) -> Iterator[Block]:
    for element in elements if depth < _DEEP else ():
        kind = element.get("type")
        if kind in ("heading", "paragraph"):
            block = blocks.paragraph(text_of(element), level=1 if kind == "heading" else None)
            if block:
                yield block
        elif kind == "table":
            block = blocks.table([[_cell(cell) for cell in row["cells"]] for row in element["rows"]])
            if block:
                yield block
        else:
            for inner in ("items", "elements", "content", "children"):
                if isinstance(element.get(inner), list):
                    yield from _blocks([item for item in element[inner] if isinstance(item, dict)], depth + 1)


def _number(slides: list[_Element], numbers: Mapping[str, deque[str]]) -> None:
    """Writes the automatic numbers before their paragraphs."""
    for paragraph in (
        (item for slide in slides for item in _paragraphs(slide.get("elements", ()), 0)) if numbers else ()
    ):
        labels = numbers.get(text_of(paragraph))
        if labels:
            paragraph["content"] = [{"text": labels.popleft()}, *paragraph["content"]]


def _paragraphs(elements: Sequence[_Element], depth: int) -> Iterator[_Element]:
    """The paragraphs of lists and text boxes; those of tables have no numbers."""
    for element in elements if depth < _DEEP else ():
        if element.get("type") in ("paragraph", "heading"):
            yield element
        for inner in ("items", "elements", "content", "children"):
            if isinstance(element.get(inner), list) and element.get("type") not in ("paragraph", "heading"):
                yield from _paragraphs([item for item in element[inner] if isinstance(item, dict)], depth + 1)


def text_of(element: _Element) -> str:
    """The text of a paragraph or heading of office-oxide's tree."""
    pieces = (piece for piece in element.get("content", ()) if isinstance(piece, dict))
    return "".join(str(piece.get("text", "\n" if "break" in piece.get("type", "") else "")) for piece in pieces)


def _cell(cell: _Element) -> Cell:
    text = blocks.clean("\n".join(text_of(part) for part in cell.get("content", ()))).strip()
    return Cell(text, blocks.inline(text), int(cell.get("col_span", 1)), int(cell.get("row_span", 1)))
