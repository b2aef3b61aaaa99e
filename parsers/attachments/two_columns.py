"""Pages set in two columns, as bulletins are: which pieces stand in which, read one column after the other."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from parsers.attachments.layout import Line, rows

_FEW = 5
"""Lines that each column must have, and that must stand side by side."""
_ACROSS = 20
"""Lines over both columns that a page may have: titles, headings, its number."""
_MIDDLE = (0.35, 0.65)
"""Of the width of the text: where the right column may begin."""
_RAGGED = 3
"""Characters that a line of running text may lack at its end; cells of a table end anywhere."""


def in_columns(pieces: Sequence[Line]) -> list[Line] | None:
    """The lines in reading order, each with its column (0: across both); None where the page has one column."""
    start = _right_column(pieces)
    if start is None:
        return None
    across = rows(piece for piece in pieces if piece.left < start < piece.right)
    if len(across) > _ACROSS:
        return None
    out: list[Line] = []
    ceiling = float("-inf")
    for floor in (*(line.top for line in across), float("inf")):
        band = [piece for piece in pieces if ceiling <= piece.top < floor]
        out += [replace(line, column=1) for line in rows(piece for piece in band if piece.right <= start)]
        out += [replace(line, column=2) for line in rows(piece for piece in band if piece.left >= start)]
        out += [line for line in across if line.top == floor]
        ceiling = floor
    return out


def _right_column(pieces: Sequence[Line]) -> float | None:
    """Where the right column begins; None where nothing says that there are two."""
    if len(pieces) < 2 * _FEW:
        return None
    size = median(piece.size for piece in pieces)
    start = _common_start(pieces, size)
    if start is None:
        return None
    left = [piece for piece in pieces if piece.right <= start]
    right = [piece for piece in pieces if piece.left >= start]
    if min(len(left), len(right)) < _FEW or _beside(left, right) < _FEW:
        return None
    return start if _is_running(left, size) and _is_running(right, size) else None


def _common_start(pieces: Sequence[Line], size: float) -> float | None:
    """The place in the middle of the page where most pieces begin."""
    from_left, until = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    low, high = (from_left + share * (until - from_left) for share in _MIDDLE)
    starts = Counter(round(piece.left / size) for piece in pieces if low < piece.left < high)
    if not starts:
        return None
    usual = starts.most_common(1)[0][0]
    return min(piece.left for piece in pieces if low < piece.left and abs(piece.left / size - usual) <= 1) - size / 4


def _beside(left: Sequence[Line], right: Sequence[Line]) -> int:
    """How many lines of one column have one of the other at their side."""
    heights = sorted((piece.top + piece.bottom) / 2 for piece in left)
    return sum(bisect(heights, piece.bottom) > bisect(heights, piece.top) for piece in right)


def _is_running(column: Sequence[Line], size: float) -> bool:
    """Most lines reach the right edge of the column."""
    edge = max(piece.right for piece in column)
    return sum(edge - piece.right < _RAGGED * size for piece in column) > len(column) / 2
