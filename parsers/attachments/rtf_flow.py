"""A run of paragraphs and tables of a rich text file, while it is read: its body, a header, a note, a text box."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.attachments import blocks, word_table
from parsers.attachments.blocks import Place, Span
from parsers.attachments.errors import Refused
from parsers.attachments.word_table import Slot
from parsers.budgets import Budget
from parsers.content import Block


@dataclass
class _Row:
    """The cells of a row: the right edge of each in twips, whether it goes on from above, what stands in it."""

    left: int = 0
    edges: list[int] = field(default_factory=list)
    goes_on: list[bool] = field(default_factory=list)
    cells: list[list[Block]] = field(default_factory=list)


@dataclass(eq=False)
class Flow:
    """Paragraphs and tables as they come; what is anchored in a paragraph follows it."""

    budget: Budget
    place: Place
    is_comment: bool = False
    label: str | None = None
    """Of a note: its number."""
    spans: list[Span] = field(default_factory=list)
    anchored: list[Block] = field(default_factory=list)
    _blocks: list[Block] = field(default_factory=list)
    _cell: list[Block] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)
    _row: _Row = field(default_factory=_Row)
    _left_cells: int = -1
    _centered: bool = False
    _in_table: bool = False
    _level: int | None = None
    _next_goes_on: bool = False

    def reset(self) -> None:
        """A new paragraph's properties begin."""
        self._centered, self._in_table, self._level = False, False, None

    def set_centered(self) -> None:
        self._centered = True

    def set_in_table(self) -> None:
        self._in_table = True

    def set_level(self, level: int) -> None:
        self._level = level if 0 <= level < 9 else None

    def end_paragraph(self) -> None:
        block = blocks.paragraph(self.spans, centered=self._centered, level=self._level, place=self.place)
        found = [*([block] if block else []), *self.anchored]
        self.spans, self.anchored = [], []
        if self._in_table:
            self._cell += found
        elif found:
            self._end_table()
            self._blocks += found

    def begin_row(self) -> None:
        """Properties of a row: they stand before its cells, behind them, or both."""
        self._row.left, self._row.edges, self._row.goes_on, self._next_goes_on = 0, [], [], False

    def set_left(self, left: int) -> None:
        self._row.left = left

    def set_goes_on(self) -> None:
        self._next_goes_on = True

    def add_edge(self, edge: int) -> None:
        self._row.edges.append(edge)
        self._row.goes_on.append(self._next_goes_on)
        self._next_goes_on = False

    def end_cell(self) -> None:
        self._in_table = True
        self.end_paragraph()
        self._row.cells.append(self._cell)
        self._cell = []
        if sum(len(row.cells) for row in self._rows[-1:]) + len(self._row.cells) > self.budget.sheet_cells:
            raise Refused

    def end_row(self) -> None:
        if self._row.cells:
            self._rows.append(self._row)
        row = self._row
        # The next row may say nothing of its cells: it has those of this one.
        self._row = _Row(row.left, list(row.edges), list(row.goes_on))
        if len(self._rows) > self.budget.sheet_cells:
            raise Refused

    def finished(self) -> list[Block]:
        self._in_table = False
        self.end_paragraph()
        if self._row.cells:
            self.end_row()
        self._end_table()
        self._blocks += self._cell
        self._cell = []
        return self._blocks

    def _end_table(self) -> None:
        if self._rows:
            rows, self._rows = self._rows, []
            edges = sorted({edge for row in rows for edge in (row.left, *row.edges)})
            columns = {edge: at for at, edge in enumerate(edges)}
            self._blocks += word_table.of_slots([_slots(row, columns) for row in rows], self.place)


def _slots(row: _Row, columns: dict[int, int]) -> list[Slot]:
    """The cells of a row on the columns that the edges of all rows make."""
    slots = []
    column = columns.get(row.left, 0)
    for at, content in enumerate(row.cells):
        end = columns[row.edges[at]] if at < len(row.edges) else column + 1
        width = min(max(1, end - column), word_table.COLUMNS)
        slots.append(Slot(column, width, at < len(row.goes_on) and row.goes_on[at], content))
        column = max(column + 1, end)
    return slots
