"""Pictures that stand in the text of a PDF page: photographs and figures, not logos, rules or seals."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium

from parsers.attachments.pdf_page import frame_of

_SMALLEST = 70.0
"""Points: below this in width or height it is an icon or a line."""
_SEAL = (95.0, 150.0)
"""Points: an official seal is a circle of 42 mm, and belongs to the signature, not to the text."""
_PIXELS = 20_000_000
_MOST = 50


def find(page: pypdfium2.PdfPage) -> Iterator[tuple[float, bytes]]:
    """(top edge, JPEG or PNG bytes) of each picture on the page."""
    frame = frame_of(page)
    for count, image in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if count >= _MOST:
            return
        left, bottom, right, top = image.get_bounds()
        if _belongs_to_text(right - left, top - bottom) and (data := _bytes(image)):
            yield min(frame.seen(left, top)[1], frame.seen(right, bottom)[1]), data


def _belongs_to_text(width: float, height: float) -> bool:
    square = 0.85 < width / max(height, 1) < 1.18
    return min(width, height) >= _SMALLEST and not (square and _SEAL[0] <= width <= _SEAL[1])


def _bytes(image: pypdfium2.PdfImage) -> bytes | None:
    """The JPEG as it stands in the file, else the pixels as PNG; None for a picture that is broken or too large."""
    try:
        width, height = image.get_px_size()
        if width * height > _PIXELS:
            return None
        if list(image.get_filters()) == ["DCTDecode"]:
            return bytes(image.get_data())
        out = BytesIO()
        image.get_bitmap(render=False).to_pil().convert("RGB").save(out, "PNG")
        return out.getvalue()
    except (pypdfium2.PdfiumError, OSError, ValueError, RuntimeError):
        return None
