"""Pictures: which of our bytes are one that every browser shows safely, and which ones a text refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.store.schema import Draft

_REFERENCE = re.compile(r'\bsrc="sha256:([0-9a-f]{64})"')


@dataclass(frozen=True)
class PictureType:
    media_type: str
    extension: str


_TYPES: tuple[tuple[bytes, PictureType], ...] = (
    (b"\x89PNG\r\n\x1a\n", PictureType("image/png", ".png")),
    (b"\xff\xd8\xff", PictureType("image/jpeg", ".jpg")),
    (b"GIF87a", PictureType("image/gif", ".gif")),
    (b"GIF89a", PictureType("image/gif", ".gif")),
    (b"BM", PictureType("image/bmp", ".bmp")),
)


def picture_type(data: bytes) -> PictureType | None:
    """By the first bytes alone. None for everything else, SVG above all: that is a program."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureType("image/webp", ".webp")
    return next((kind for start, kind in _TYPES if data.startswith(start)), None)


def referred(body_html: str) -> tuple[str, ...]:
    """The pictures that a text shows, as SHA-256, in its order, each once."""
    return tuple(dict.fromkeys(_REFERENCE.findall(body_html)))


def only(pictures: frozenset[str], body_html: str) -> str:
    """The text without pictures other than these: a draft cannot show what belongs to another."""
    return _REFERENCE.sub(lambda match: match[0] if match[1] in pictures else 'src=""', body_html)


def shown_by(draft: Draft) -> frozenset[str]:
    """Every picture that a page may show with this draft: those in its text and those attached."""
    attached = {one.sha256 for one in draft.attachments if one.kind == "image"}
    return frozenset(attached | set(referred(draft.body_html)))
