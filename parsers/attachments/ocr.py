"""What OCR finds on a picture, as a page of lines; how sure it was, as a finding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

from PIL import Image

from parsers.attachments.findings import finding
from parsers.attachments.layout import Line, Page, rows
from parsers.attachments.two_columns import in_columns
from parsers.readers import OcrLine, Readers
from parsers.submission import Finding

_SURE = 0.5
"""Lines less sure than this are noise: stains, signatures."""
_SURE_SHORT = 0.9
"""The same for one or two characters, which is what a seal leaves behind."""
_DOUBTFUL = 0.85
_BOX = 0.93
"""Of the height of a box, what the type in it may fill."""
_BOX_SHORT = 0.8
"""The same for a few characters, whose box is too wide as well."""
_FEW = 4
_SPACED = 0.25
"""Of a character: what word processors leave between Chinese characters and digits or letters beside them."""
_MIXED = re.compile(r"(?<=[一-龥])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[一-龥])")


def page(picture: Image.Image, readers: Readers, points: float) -> Page | None:
    """The lines on a picture; None where this machine has no OCR. `points` is the size of a pixel on paper."""
    found = readers.ocr(png(picture))
    if found is None:
        return None
    kept = [line for line in found if _is_text(line)]
    pieces = [_line(line) for line in kept]
    lines = _evened(in_columns(pieces) or rows(pieces))
    return Page(picture.width, picture.height, lines, points=points, confidence=_confidence(kept))


def doubts(pages: Sequence[Page]) -> list[Finding]:
    """A finding where the reading is not to be trusted."""
    doubtful = [page for page in pages if page.confidence < _DOUBTFUL]
    if not doubtful:
        return []
    return [finding("text.ocr_doubtful", "扫描件不够清晰，文字识别可能有误，请对照原件逐字核对。", "info")]


def png(picture: Image.Image) -> bytes:
    """A picture as PNG, packed quickly: it lives for one call."""
    out = BytesIO()
    picture.convert("RGB").save(out, "PNG", compress_level=1)
    return out.getvalue()


def _is_text(line: OcrLine) -> bool:
    text = line.text.strip()
    return bool(text) and line.confidence >= (_SURE_SHORT if len(text) <= 2 else _SURE)


def _evened(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Sizes near that of the running text made equal to it: measured on pixels they waver from line to line."""
    sizes = sorted(line.size for line in lines for _ in line.text)
    usual = sizes[len(sizes) // 2] if sizes else 1.0
    return tuple(replace(line, size=usual) if 0.75 < line.size / usual < 1.25 else line for line in lines)


def _line(found: OcrLine) -> Line:
    left, top, right, bottom = found.box
    return Line(found.text.strip(), left, right, top, bottom, _type_size(found))


def _type_size(found: OcrLine) -> float:
    """Height of the type: of a line of Chinese its width by characters; boxes are taller than what stands in them."""
    left, top, right, bottom = found.box
    units = _units(found.text)
    share = _BOX if units >= _FEW else _BOX_SHORT
    return min((right - left) / units, share * (bottom - top)) or 1.0


def _units(text: str) -> float:
    """The width of a text in Chinese characters; never 0."""
    return sum(1.0 if ord(char) > 0x2E7F else 0.5 for char in text) + _SPACED * len(_MIXED.findall(text)) or 1.0


def _confidence(found: Sequence[OcrLine]) -> float:
    weight = sum(len(line.text) for line in found)
    return sum(line.confidence * len(line.text) for line in found) / weight if weight else 1.0
