"""Lines on pages to paragraphs, for files that only say where characters stand: PDF, OFD, scans.

A line runs on into the next where it reaches the right margin and the next starts at the left one: Chinese
paragraphs are indented by two characters. Lines that repeat at the edge of pages, and page numbers, stand apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.attachments import blocks
from parsers.content import Block
from parsers.document_numbers import whole_number
from parsers.titles import OFFICIAL_TYPES

_DASH = r"[—\-－–―·\s]*"
_PAGE_NUMBER = re.compile(_DASH + r"第?\s*(\d{1,4}|[ivxIVX]{1,5})\s*页?\s*([/共，,]{1,2}\s*\d{1,4}\s*页?)?" + _DASH)
_EDGE = 0.12
"""Share of a page's height at top and bottom where running heads and page numbers stand."""
_FULL = 1.6
"""Characters that may be missing at the right of a full line: punctuation may not start the next one."""
_INDENT = 1.2
_BIG = 1.1
"""How much larger type is of another kind: 三号 of the text is 16 points, 四号 of the foot 14."""
_AIRY = 1.6
"""Times the usual way from line to line: from here on a blank line stands between."""
_PAIRS = 3
"""Pairs of lines that must be seen before anything is said of their distance."""
_OUTSET = 0.4
"""Share of the width: what begins farther in is a signature or a date, no paragraph."""
_TITLE_END = re.compile(rf"(?:的|》)(?:[一-龥]{{0,4}})?(?:{'|'.join(OFFICIAL_TYPES)})(?:[(（][^()（）]{{1,14}}[)）])?$")
_LONGEST_TITLE = 150
_LABEL = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])\S")
"""Of headings (GB/T 9704-2012, 7.3.3)."""
_SENTENCE_END = re.compile(r"[。！？；：.!?;:][”’」』）)]?\s*$")
_LONGEST_HEADING = 40
_ADDRESSES = re.compile(r"^(?:各|有关|全|市|县|区|旗|州|盟|省|本).*[、，,]|[:：]$")
"""How 主送机关 begins, or ends, on the line below the title."""


@dataclass(frozen=True)
class Line:
    """A line of text; y grows downwards, in one unit for the page, `size` is the height of the type in it."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    column: int = 0
    """1 or 2 on a page of two columns; 0 goes over the whole width."""

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Page:
    """A page's lines in reading order, and what stands between them as blocks already, each with its top edge."""

    width: float
    height: float
    lines: tuple[Line, ...]
    placed: tuple[tuple[float, Block], ...] = ()
    points: float = 1.0
    """Points in one unit of the page, for the size of type."""
    confidence: float = 1.0
    """Below 1 where the lines were read by OCR."""


@dataclass(frozen=True)
class _Frame:
    """Where the text of pages of one format stands."""

    left: float
    right: float
    size: float
    pitch: float | None = None
    """From line to line within paragraphs; None where too few lines show it."""


_Frames = dict[tuple[int, int, int], _Frame]


def read(pages: Sequence[Page]) -> list[Block]:
    """The blocks of all pages: running heads first, then the text, then feet."""
    running = _running(pages)
    heads, feet = _margins(pages, running)
    return [*heads, *_text(pages, running), *feet]


def rows(fragments: Iterable[Line]) -> list[Line]:
    """Pieces that stand on one line joined to it, left to right; lines top to bottom."""
    out: list[list[Line]] = []
    for piece in sorted(fragments, key=lambda piece: (piece.top + piece.bottom) / 2):
        if out and _same_row(out[-1][-1], piece):
            out[-1].append(piece)
        else:
            out.append([piece])
    return [_row(sorted(pieces, key=lambda piece: piece.left)) for pieces in out]


def join(left: str, right: str) -> str:
    """Two lines of one paragraph: Chinese without a space, words of letters with one."""
    gap = left[-1:].isascii() and left[-1:].isalpha() and right[:1].isascii() and right[:1].isalpha()
    return f"{left} {right}" if gap else left + right


def _same_row(one: Line, other: Line) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def _row(pieces: list[Line]) -> Line:
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        text += _gap(before, piece) + piece.text
    return Line(
        text=text,
        left=pieces[0].left,
        right=max(piece.right for piece in pieces),
        top=min(piece.top for piece in pieces),
        bottom=max(piece.bottom for piece in pieces),
        size=max(pieces, key=lambda piece: len(piece.text)).size,
    )


def _gap(before: Line, piece: Line) -> str:
    """What stands for the white between two pieces of a line."""
    width = (piece.left - before.right) / piece.size
    return "\u3000" if width > 0.9 else " " if width > 0.4 else ""


def _text(pages: Sequence[Page], running: set[tuple[str, str]]) -> Iterator[Block]:
    frames = _frames(pages)
    open_line: tuple[Line, Page] | None = None
    for page in pages:
        for item in _items(page, running):
            if isinstance(item, Line) and open_line and _goes_on(open_line, (item, page), frames):
                open_line = (_joined(open_line[0], item), page)
                continue
            if open_line:
                yield from _block(*open_line, frames)
            open_line = (item, page) if isinstance(item, Line) else None
            if isinstance(item, Block):
                yield item
    if open_line:
        yield from _block(*open_line, frames)


def _items(page: Page, running: set[tuple[str, str]]) -> list[Line | Block]:
    """Lines and placed blocks in reading order."""
    out: list[Line | Block] = []
    waiting = sorted(page.placed, key=lambda placed: placed[0])
    for line in page.lines:
        if _edge_role(line, page, running):
            continue
        while waiting and waiting[0][0] < line.top:
            out.append(waiting.pop(0)[1])
        out.append(line)
    return out + [block for _, block in waiting]


def _block(line: Line, page: Page, frames: _Frames) -> Iterator[Block]:
    block = blocks.paragraph(line.text, centered=_is_centered(line, frames[_key(line, page)]))
    if block:
        yield replace(block, size=round(line.size * page.points, 1))


def _is_centered(line: Line, frame: _Frame) -> bool:
    off = abs(line.middle - (frame.left + frame.right) / 2)
    inset = line.left - frame.left
    return off < line.size and (inset > 2.5 * line.size or line.size > _BIG * frame.size)


def _goes_on(before: tuple[Line, Page], after: tuple[Line, Page], frames: _Frames) -> bool:
    """The line runs on in the next one, which may stand on the next page or in the next column."""
    below = before[1] is after[1] and before[0].column == after[0].column
    return _runs_on(before[0], after[0], frames[_key(*before)], frames[_key(*after)], below)


def _runs_on(before: Line, line: Line, frame: _Frame, next_frame: _Frame, below: bool) -> bool:
    if before.size > _BIG * line.size or line.size > _BIG * before.size:
        return False
    if _is_centered(line, next_frame) and line.size > _BIG * next_frame.size:
        return False
    if (below and _is_far(before, line, frame)) or _stands_alone(before.text, line.text):
        return False
    begins = before.left - frame.left < _OUTSET * (frame.right - frame.left)
    return begins and _is_full(before, frame) and line.left - next_frame.left < _INDENT * line.size


def _stands_alone(before: str, line: str) -> bool:
    """However full its line: 发文字号 with 签发人, what ends before a heading, a title that has come to its type word
    with 主送机关 below it."""
    if whole_number(before) or _heads_new(before, line):
        return True
    titled = len(before) <= _LONGEST_TITLE and not re.search(r"[，。；：,;:!?！？]", before)
    return titled and bool(_TITLE_END.search(before.strip()) and _ADDRESSES.search(line.strip()))


def _heads_new(before: str, line: str) -> bool:
    """The line is a heading (一、…), and no wrapped line that happens to begin so: a sentence ended before it, or
    another heading stands there."""
    heading = bool(_LABEL.match(before.strip())) and len(before) <= _LONGEST_HEADING and "。" not in before
    return bool(_LABEL.match(line.strip())) and (heading or bool(_SENTENCE_END.search(before)))


def _is_full(line: Line, frame: _Frame) -> bool:
    return frame.right - line.right < _FULL * line.size


def _is_far(before: Line, line: Line, frame: _Frame) -> bool:
    """White stands between the two lines, as below a title."""
    if line.top - before.bottom > 2.5 * line.size:
        return True
    return frame.pitch is not None and line.bottom - before.bottom > _AIRY * frame.pitch


def _joined(before: Line, line: Line) -> Line:
    """`left` and `top` are where the paragraph begins, the rest is of its last line."""
    return replace(line, text=join(before.text, line.text), left=before.left, top=before.top, size=before.size)


def _format(page: Page) -> tuple[int, int]:
    return round(page.width / 10), round(page.height / 10)


def _key(line: Line, page: Page) -> tuple[int, int, int]:
    """Lines of one key share a frame: those of one column on pages of one format."""
    return (*_format(page), line.column)


def _frames(pages: Sequence[Page]) -> _Frames:
    alike: dict[tuple[int, int], list[Page]] = {}
    for page in pages:
        alike.setdefault(_format(page), []).append(page)
    return {
        (*form, column): _frame([_only(page, column) for page in found])
        for form, found in alike.items()
        for column in {line.column for page in found for line in page.lines}
    }


def _only(page: Page, column: int) -> Page:
    """The page with the lines of one column; what goes over the whole width is held against all of them."""
    return replace(page, lines=tuple(line for line in page.lines if column in (0, line.column)))


def _frame(pages: Sequence[Page]) -> _Frame:
    lines = [line for page in pages for line in page.lines if line.text.strip()]
    if not lines:
        return _Frame(0, 0, 1)
    weights: Counter[float] = Counter()
    for line in lines:
        weights[round(line.size)] += len(line.text)
    size = weights.most_common(1)[0][0] or 1
    body = [line for line in lines if abs(line.size - size) <= 0.2 * size] or lines
    right = _right_edge(body, size)
    full = [line for line in body if right - line.right < _FULL * size] or body
    in_columns = any(line.column for line in body)
    left = min(line.left for line in body) if in_columns else _left_edge(full, body, pages[0].width - right, size)
    edges = _Frame(left, right, size)
    return replace(edges, pitch=_pitch(pages, edges))


def _pitch(pages: Sequence[Page], frame: _Frame) -> float | None:
    """How far the lines of one paragraph stand apart: the middle of what is measured below full lines."""
    pairs = [pair for page in pages for pair in pairwise(page.lines) if _is_pair(*pair, frame)]
    apart = sorted(line.bottom - before.bottom for before, line in pairs)
    return apart[len(apart) // 2] if len(apart) >= _PAIRS else None


def _is_pair(before: Line, line: Line, frame: _Frame) -> bool:
    alike = max(abs(one.size - frame.size) for one in (before, line)) <= 0.2 * frame.size
    under = 0 < line.bottom - before.bottom < 4 * frame.size
    return alike and under and _is_full(before, frame) and line.left - frame.left < _INDENT * frame.size


def _left_edge(full: Sequence[Line], body: Sequence[Line], margin: float, size: float) -> float:
    """Where lines begin that run on. Where all begin at one place, far inside the margin on the other side of the
    page, they are the first lines of paragraphs, and the text has no line that runs on."""
    left = min(line.left for line in body)
    alone = max(line.left for line in full) - left < _INDENT * size
    return left - 2 * size if alone and left - margin > 1.5 * size else left


def _right_edge(body: Sequence[Line], size: float) -> float:
    """Where most wide lines end: the farthest end may be a signature's, or a sign hanging over the margin."""
    last = max(line.column for line in body)
    body = [line for line in body if line.column == last]
    widest = max(line.right - line.left for line in body)
    ends = Counter(round(2 * line.right / size) for line in body if line.right - line.left > 0.7 * widest)
    best = max(ends, key=lambda end: (ends[end], end))
    return max(line.right for line in body if round(2 * line.right / size) == best)


def _margins(pages: Sequence[Page], running: set[tuple[str, str]]) -> tuple[list[Block], list[Block]]:
    found: dict[tuple[str, str], Block] = {}
    for page in pages:
        for line in page.lines:
            role = _edge_role(line, page, running)
            if role in ("header", "footer"):
                block = blocks.paragraph(line.text, place="header" if role == "header" else "footer")
                if block:
                    found.setdefault((role, _shape(line.text)), block)
    return ([found[key] for key in found if key[0] == "header"], [found[key] for key in found if key[0] == "footer"])


def _running(pages: Sequence[Page]) -> set[tuple[str, str]]:
    """(edge, shape) of the lines that stand at the edge of most pages; digits may differ."""
    counts: Counter[tuple[str, str]] = Counter()
    for page in pages:
        counts.update({(edge, _shape(line.text)) for line in page.lines if (edge := _edge(line, page))})
    return {key for key, count in counts.items() if count >= 3 or (count == 2 and len(pages) <= 3)}


def _edge_role(line: Line, page: Page, running: set[tuple[str, str]]) -> str | None:
    """`header` or `footer` for a running line, `number` for a page number, None for text."""
    edge = _edge(line, page)
    if edge is None:
        return None
    if _PAGE_NUMBER.fullmatch(line.text.strip()):
        return "number"
    return edge if (edge, _shape(line.text)) in running else None


def _edge(line: Line, page: Page) -> str | None:
    if line.bottom < _EDGE * page.height:
        return "header"
    return "footer" if line.top > (1 - _EDGE) * page.height else None


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))
