"""Pictures: which of our bytes are one that every browser shows safely, and which ones a text refers to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.store.schema import Draft, Revision

_REFERENCE = re.compile(r'\bsrc="sha256:([0-9a-f]{64})"')
_CAPTIONED = re.compile(r'<img src="sha256:([0-9a-f]{64})" alt="([^"]*)">')
"""A picture as clean HTML has it."""
LONGEST_CAPTION = 200


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
    """The pictures in its text and those attached."""
    attached = {one.sha256 for one in draft.attachments if one.kind == "image"}
    return frozenset(attached | set(referred(draft.body_html)))


def of_draft(session: Session, draft: Draft) -> frozenset[str]:
    """Every picture that a page may show with this draft: also those that an edit took out of its text, which can be
    put back."""
    former = select(Revision.content).where(Revision.draft == draft.id)
    texts = (content["body_html"] for content in session.scalars(former))
    return shown_by(draft).union(*map(referred, texts))


def captions(session: Session, draft: Draft) -> dict[str, str]:
    """The draft's pictures with the words beneath them: those in its text in their order, then the others."""
    in_text = {digest: unescape(words) for digest, words in _CAPTIONED.findall(draft.body_html)}
    return in_text | dict.fromkeys(sorted(of_draft(session, draft) - in_text.keys()), "")


def with_captions(clean_html: str, words: Mapping[str, str]) -> str:
    """The text with these words beneath its pictures, by SHA-256; those that are not named keep theirs."""

    def captioned(picture: re.Match[str]) -> str:
        if picture[1] not in words:
            return picture[0]
        return f'<img src="sha256:{picture[1]}" alt="{escape(_line(words[picture[1]]))}">'

    return _CAPTIONED.sub(captioned, clean_html)


def _line(words: str) -> str:
    return " ".join(words.split())[:LONGEST_CAPTION]
