"""Building blocks of a text: spans to clean HTML, cells to tables. Everything a file says is escaped here, once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from parsers.content import Block
from parsers.submission import Blob

Place = Literal["body", "header", "footer", "note"]
Mark = Literal["strong", "em", "u", "sup", "sub"]

_INVISIBLE: dict[int, str | None] = {
    **dict.fromkeys((*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, 0xFEFF, 0xFFFC, 0xFFFD)),
    **dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0xD800, 0xE000))),
    **dict.fromkeys((0x0C, 0x0D, 0x2028, 0x2029), "\n"),
}
_LINKS = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Span:
    """A run of characters that look alike."""

    text: str
    marks: tuple[Mark, ...] = ()
    href: str | None = None
    size: float | None = None


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `html` is clean already."""

    text: str
    html: str
    colspan: int = 1
    rowspan: int = 1
    header: bool = False


def clean(text: str) -> str:
    """Without control characters, surrogates, invisible and direction marks (they hide text from search and eye)."""
    return text.translate(_INVISIBLE)


def inline(text: str) -> str:
    """Text as HTML, line feeds as `<br>`."""
    return escape(clean(text), quote=False).replace("\n", "<br>")


def render(spans: Sequence[Span]) -> str:
    """Spans as HTML, neighbours of one look in one element."""
    return "".join(_render_span(span) for span in _merged(spans))


def plain(spans: Iterable[Span]) -> str:
    return clean("".join(span.text for span in spans))


def trimmed(spans: Sequence[Span]) -> list[Span]:
    """Without white space at both ends: indents are layout, not text."""
    rest = [span for span in spans if span.text]
    while rest and not rest[0].text.strip():
        rest.pop(0)
    while rest and not rest[-1].text.strip():
        rest.pop()
    if rest:
        rest[0] = replace(rest[0], text=rest[0].text.lstrip())
        rest[-1] = replace(rest[-1], text=rest[-1].text.rstrip())
    return rest


def paragraph(
    spans: Sequence[Span] | str, *, centered: bool = False, level: int | None = None, place: Place = "body"
) -> Block | None:
    """A paragraph, or a heading where a level (0 is the highest) is given; None where there is nothing to see."""
    kept = trimmed([Span(spans)] if isinstance(spans, str) else spans)
    text = plain(kept)
    if not text.strip():
        return None
    tag = "p" if level is None else f"h{min(level, 2) + 2}"
    return Block(
        kind="paragraph" if level is None else "heading",
        text=text,
        html=f"<{tag}>{render(kept)}</{tag}>",
        centered=centered,
        bold=all("strong" in span.marks for span in kept if span.text.strip()),
        size=_main_size(kept),
        place=place,
    )


def paragraphs(text: str, place: Place = "body") -> list[Block]:
    """Each line that is not empty as a paragraph."""
    return [block for line in clean(text).splitlines() if (block := paragraph(line, place=place))]


def table(rows: Sequence[Sequence[Cell]], place: Place = "body") -> Block | None:
    """A table of cells that are there: what a merge covers is absent from its row; None where it is empty."""
    text = "\n".join("\t".join(cell.text.replace("\n", " ").strip() for cell in row) for row in rows)
    if not text.strip() and not any("<img" in cell.html for row in rows for cell in row):
        return None
    head = 0
    while head < len(rows) and rows[head] and all(cell.header for cell in rows[head]):
        head += 1
    html = _section("thead", rows[:head]) + _section("tbody", rows[head:])
    return Block(kind="table", text=text, html=f"<table>{html}</table>", place=place)


def grid(rows: Iterable[Sequence[str]], place: Place = "body") -> Block | None:
    """A table of plain texts without merged cells."""
    return table([[Cell(clean(text), inline(text)) for text in row] for row in rows], place)


def picture(sha256: str, alt: str = "", place: Place = "body") -> Block:
    """A picture that stands in the text."""
    return Block(kind="picture", text="", html=f"<p>{image(sha256, alt)}</p>", place=place)


def image(sha256: str, alt: str = "") -> str:
    return f'<img src="sha256:{sha256}" alt="{escape(clean(alt))}">'


def blob(data: bytes) -> Blob:
    return Blob(hashlib.sha256(data).hexdigest(), data)


def safe_link(target: str) -> str | None:
    """The target where it is one that a reader may follow, else None (javascript, file, UNC paths)."""
    target = clean(target).strip()
    return target if target.lower().startswith(_LINKS) and len(target) < 2000 else None


def cut(blocks: Iterable[Block], characters: int) -> list[Block]:
    """The first blocks, up to so many characters of text."""
    kept: list[Block] = []
    for block in blocks:
        characters -= len(block.text)
        if characters < 0:
            break
        kept.append(block)
    return kept


def _merged(spans: Sequence[Span]) -> list[Span]:
    out: list[Span] = []
    for span in spans:
        if out and (out[-1].marks, out[-1].href) == (span.marks, span.href):
            out[-1] = replace(out[-1], text=out[-1].text + span.text)
        elif span.text:
            out.append(span)
    return out


def _render_span(span: Span) -> str:
    html = inline(span.text)
    if not span.text.strip():
        return html
    for mark in span.marks:
        html = f"<{mark}>{html}</{mark}>"
    return f'<a href="{escape(span.href)}">{html}</a>' if span.href else html


def _main_size(spans: Sequence[Span]) -> float | None:
    """The size of most characters."""
    sizes: dict[float, int] = {}
    for span in spans:
        if span.size:
            sizes[span.size] = sizes.get(span.size, 0) + len(span.text)
    return max(sizes, key=lambda size: sizes[size]) if sizes else None


def _section(tag: str, rows: Sequence[Sequence[Cell]]) -> str:
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return f"<{tag}>{body}</{tag}>" if body else ""


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    spans += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return f"<{tag}{spans}>{cell.html}</{tag}>"
