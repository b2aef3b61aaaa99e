"""What differs between two texts, for the eye: by paragraph, and inside a paragraph by character."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from daemon.desk.drafting import CONTENT

MOST_PARAGRAPHS = 2000
LONGEST_PARAGRAPH = 2000
"""Bounds of what is compared in detail; beyond them the old stands before the new, as a whole."""
FIELDS = tuple(name for name in CONTENT if not name.startswith("body_"))


@dataclass(frozen=True)
class Piece:
    """A stretch of text: in both, only in the new one, or only in the old one."""

    how: Literal["same", "ins", "del"]
    text: str


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True)
class Difference:
    fields: tuple[tuple[str, Paragraph], ...]
    """Of those that differ: the element's name, and what it says."""
    body: tuple[Paragraph, ...]
    layout_only: bool
    """The texts are the same, but not their tables, headings or pictures."""

    @property
    def is_empty(self) -> bool:
        same = all(piece.how == "same" for paragraph in self.body for piece in paragraph)
        return same and not self.fields and not self.layout_only


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Difference:
    """Two contents as revisions keep them."""
    fields = [(name, _said(old, name), _said(new, name)) for name in FIELDS]
    texts = _said(old, "body_text"), _said(new, "body_text")
    return Difference(
        fields=tuple((name, _in_paragraph(was, now)) for name, was, now in fields if was != now),
        body=tuple(_in_text(*(text.splitlines() for text in texts))),
        layout_only=texts[0] == texts[1] and _said(old, "body_html") != _said(new, "body_html"),
    )


def _said(content: Mapping[str, Any], name: str) -> str:
    return str(content.get(name) or "")


def _in_text(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    if max(len(old), len(new)) > MOST_PARAGRAPHS:
        yield from (*_whole("del", old), *_whole("ins", new))
        return
    for how, begin, end, start, stop in SequenceMatcher(None, old, new).get_opcodes():
        if how == "equal":
            yield from _whole("same", new[start:stop])
        else:
            yield from _changed(old[begin:end], new[start:stop])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for was, now in zip_longest(old, new):
        if was is None or now is None:
            yield from _whole("ins", [now]) if was is None else _whole("del", [was])
        else:
            yield _in_paragraph(was, now)


def _whole(how: Literal["same", "ins", "del"], lines: Sequence[str]) -> Iterator[Paragraph]:
    return ((Piece(how, line),) for line in lines)


def _in_paragraph(old: str, new: str) -> Paragraph:
    matcher = SequenceMatcher(None, old, new)
    too_long = max(len(old), len(new)) > LONGEST_PARAGRAPH
    # Where little is the same, single characters that happen to be would only hide what was said.
    if too_long or matcher.quick_ratio() < 0.4 or matcher.ratio() < 0.4:
        return tuple(piece for piece in (Piece("del", old), Piece("ins", new)) if piece.text)
    return tuple(_pieces(matcher, old, new))


def _pieces(matcher: SequenceMatcher[str], old: str, new: str) -> Iterator[Piece]:
    for how, begin, end, start, stop in matcher.get_opcodes():
        if how == "equal":
            yield Piece("same", old[begin:end])
            continue
        if begin < end:
            yield Piece("del", old[begin:end])
        if start < stop:
            yield Piece("ins", new[start:stop])
