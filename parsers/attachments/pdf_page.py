"""One PDF page taken apart: its characters as lines, its pictures, whether rules are drawn on it."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.attachments.layout import Line, rows
from parsers.attachments.two_columns import in_columns

_OBJECTS = 3000
"""Objects of a page that are looked at; drawings have hundreds of thousands."""
_RULES = 4
_SPACED = 0.3
_GUTTER = 1.2
"""Characters of white between two columns."""


@dataclass(frozen=True)
class Char:
    """A character with its box (x0, top, x1, bottom), y downwards, as the page is seen."""

    text: str
    box: tuple[float, float, float, float]
    size: float
    generated: bool = False
    """A space that pdfium adds where it sees a gap."""


@dataclass(frozen=True)
class Frame:
    """A page's box in its own coordinates, and how far it is turned to be seen."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point as it is seen: from the top left corner, y downwards."""
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def frame_of(page: pypdfium2.PdfPage) -> Frame:
    left, bottom, right, top = page.get_bbox()
    return Frame(left, bottom, right, top, page.get_rotation())


def chars(page: pypdfium2.PdfPage, limit: int) -> list[Char]:
    """The characters of a page in the order of the file; slanted ones (watermarks, seals) left out."""
    frame = frame_of(page)
    text_page = page.get_textpage()
    try:
        count = min(pdfium.FPDFText_CountChars(text_page), limit)
        return [char for index in range(count) if (char := _char(text_page, index, frame))]
    finally:
        text_page.close()


def lines(found: Sequence[Char]) -> list[Line]:
    """Characters as lines, from top to bottom, one column after the other; in the order of the file where the page is
    set in some other way that makes many lines of few rows."""
    columns = in_columns([_line(piece) for run in _runs(found) for piece in _apart(run)])
    if columns:
        return columns
    pieces = [_line(run) for run in _runs(found)]
    sorted_rows = rows(pieces)
    return _neighbours(pieces) if len(_neighbours(pieces)) > len(sorted_rows) + 3 else sorted_rows


def has_rules(page: pypdfium2.PdfPage) -> bool:
    """Lines are drawn, as around a table; a drawing of thousands of lines is none."""
    count = 0
    for count, _ in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3), 1):
        if count > _OBJECTS:
            return False
    return count >= _RULES


def picture_share(page: pypdfium2.PdfPage) -> float:
    """The share of the page under its pictures, 0 to 1 and above where they overlap."""
    width, height = page.get_size()
    area = 0.0
    for count, image in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if count > _OBJECTS:
            break
        left, bottom, right, top = image.get_bounds()
        area += max(right - left, 0) * max(top - bottom, 0)
    return area / (width * height) if width * height else 0.0


def _char(text_page: pypdfium2.PdfTextPage, index: int, frame: Frame) -> Char | None:
    code = pdfium.FPDFText_GetUnicode(text_page, index)
    if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return None
    if code in (10, 13):
        return Char("\n", (0, 0, 0, 0), 0)
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
    pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix))
    if _slanted(matrix):
        return None
    x0, y0 = frame.seen(box.left, box.top)
    x1, y1 = frame.seen(box.right, box.bottom)
    size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    generated = code == 32 and pdfium.FPDFText_IsGenerated(text_page, index) == 1
    return Char(chr(code), (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), size, generated)


def _slanted(matrix: pdfium.FS_MATRIX) -> bool:
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 90
    return 4 < angle < 86


def _runs(found: Sequence[Char]) -> Iterator[list[Char]]:
    """Characters that follow one another on one line."""
    run: list[Char] = []
    inked: Char | None = None
    for char in found:
        if run and inked and (char.text == "\n" or not _follows(inked, char)):
            yield run
            run = []
        inked = inked if char.text.isspace() else char
        if char.text != "\n" and (run or not char.text.isspace()):
            run.append(char)
    if run:
        yield run


def _apart(run: list[Char]) -> Iterator[list[Char]]:
    """A run cut where white as wide as between two columns stands in it."""
    inked = [char for char in run if not char.text.isspace()]
    cuts = {id(char) for before, char in pairwise(inked) if char.box[0] - before.box[2] > _GUTTER * char_size(before)}
    piece: list[Char] = []
    for char in run:
        if id(char) in cuts:
            yield piece
            piece = []
        piece.append(char)
    yield piece


def _follows(before: Char, char: Char) -> bool:
    if char.text.isspace():
        return True
    overlap = min(before.box[3], char.box[3]) - max(before.box[1], char.box[1])
    height = min(before.box[3] - before.box[1], char.box[3] - char.box[1])
    return overlap > 0.4 * height and char.box[0] > before.box[0] - max(before.size, 1)


def _line(run: list[Char]) -> Line:
    inked = [char for char in run if not char.text.isspace()]
    return Line(
        text=_text(run).strip(),
        left=inked[0].box[0],
        right=max(char.box[2] for char in inked),
        top=median(char.box[1] for char in inked),
        bottom=median(char.box[3] for char in inked),
        size=median(char.size for char in inked) or 1.0,
    )


def _text(run: Sequence[Char]) -> str:
    """The text of a run, without the narrow spaces that pdfium adds where a justified line is stretched, or that a
    scanner's program sets between all characters."""
    spaced = sum(char.text.isspace() for char in run) > _SPACED * len(run)
    return "".join(
        char.text
        for index, char in enumerate(run)
        if not ((char.generated or spaced) and 0 < index < len(run) - 1 and _is_tight(run[index - 1], run[index + 1]))
    )


def _is_tight(before: Char, after: Char) -> bool:
    """Two characters stand so near that no space belongs between them; between Latin words one always does."""
    latin = before.text.isascii() and after.text.isascii()
    return not latin and after.box[0] - before.box[2] < 0.4 * char_size(before)


def char_size(char: Char) -> float:
    return char.size or char.box[3] - char.box[1]


def _neighbours(pieces: Sequence[Line]) -> list[Line]:
    """Pieces joined only to the one before them."""
    out: list[Line] = []
    for piece in pieces:
        joined = rows([out[-1], piece]) if out else []
        if len(joined) == 1 and piece.left >= out[-1].right - piece.size:
            out[-1] = joined[0]
        else:
            out.append(piece)
    return out
