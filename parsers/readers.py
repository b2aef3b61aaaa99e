"""What the parsers ask of the machine they run on: OCR and an office suite. Handed in, so that parsers stay pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class OcrLine:
    """A line of text on a picture: its box in pixels (left, top, right, bottom) and how sure the reader is, 0 to 1."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float


class Readers(Protocol):
    """Readers outside the process or with heavy models. None says: there is no such reader on this machine."""

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        """The lines on a picture (PNG or JPEG bytes), top to bottom, left to right."""
        ...

    def to_docx(self, data: bytes, extension: str) -> bytes | None:
        """The file converted to .docx by an office suite, in a sandbox; None also where it fails."""
        ...


class NoReaders:
    """A machine with neither: what needs them is stored, with a finding that says what to install."""

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        return None

    def to_docx(self, data: bytes, extension: str) -> bytes | None:
        return None
