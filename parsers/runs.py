"""Runs of text of one look, and how a line of them is written: as clean HTML and as plain text.

The writing is canonical (one order of tags, runs of one look joined), so that cleaning twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape as _escape
from itertools import groupby
from typing import Literal

from parsers.charsets import is_wide


@dataclass(frozen=True)
class Look:
    """How text looks and where it stands, as its elements and their styles say."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    script: Literal["", "sub", "sup"] = ""
    href: str = ""
    centered: bool = False
    size: float | None = None
    level: int = 0
    """Of a heading, 2 to 4; 0: none."""
    keeps_lines: bool = False
    """A line break within it is one inside a paragraph, as in `p`; elsewhere it ends the paragraph."""
    preformatted: bool = False
    quoted: bool = False
    zone: str = ""
    """What the caller sees in the place, such as a quoted mail."""

    @property
    def marks(self) -> tuple[str, bool, bool, bool, str]:
        """What of the look is kept in clean HTML."""
        return self.href, self.bold, self.italic, self.underlined and not self.href, self.script


@dataclass(frozen=True)
class Run:
    """Text of one look, or a picture in it (`digest`, with `text` as its caption), or a line break (`text` = LF)."""

    text: str
    look: Look = Look()
    digest: str = ""


BREAK = "\n"
_CUT = "\x1f"
_SPACE = re.compile(r"[ \t\r\n\f\xa0\u2028\u2029\x1f]*[ \t\r\n\f\xa0\u2028\u2029][ \t\r\n\f\xa0\u2028\u2029\x1f]*")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)
_INDENT = re.compile(r"[\s\x1f]*(\u3000|\xa0{2}|[ \xa0]{3,}[^ \xa0])")


def escape(text: str) -> str:
    """Text as HTML, outside of attributes."""
    return _escape(text, quote=False)


def paragraph(text: str, tag: str = "p") -> str:
    """Plain text as one clean paragraph; its lines stay lines."""
    return f"<{tag}>{'<br>'.join(escape(line) for line in text.split(BREAK))}</{tag}>"


def wanted(text: str) -> str:
    """Text without control and invisible characters. Surrogates would not reach a database."""
    return _UNWANTED.sub("", text).encode("utf-8", "ignore").decode("utf-8")


def split_lines(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs of each line."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == BREAK and not run.digest:
            lines.append([])
        elif run.text or run.digest:
            lines[-1].append(run)
    return lines


def is_indented(line: list[Run]) -> bool:
    """Whether a line begins as a Chinese paragraph does, two characters in."""
    return bool(_INDENT.match("".join(run.text for run in line[:4] if not run.digest)))


def tidy(line: list[Run]) -> list[Run]:
    """A line with its white space collapsed and its ends bare. A line end of the source between two Chinese
    characters is nothing (CSS Text 3, segment breaks), elsewhere it is a space."""
    if not line:
        return []
    joined = _SPACE.sub(_collapsed, _CUT.join("\ufffc" if run.digest else run.text for run in line))
    bare = _trimmed(joined)
    texts = bare.split(_CUT)
    tidied = (_saying(run, text) for run, text in zip(line, texts, strict=True))
    return [run for run in tidied if run.text or run.digest]


def _saying(run: Run, text: str) -> Run:
    return run if run.digest or run.text == text else replace(run, text=text)


def _collapsed(match: re.Match[str]) -> str:
    text, cuts = match.string, _CUT * match[0].count(_CUT)
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    source_break = "\n" in match[0] and "\xa0" not in match[0]
    joins = source_break and before and after and is_wide(before) and is_wide(after)
    return cuts if joins else " " + cuts


def _trimmed(text: str) -> str:
    left = text.lstrip(" \u3000" + _CUT)
    right = left.rstrip(" \u3000" + _CUT)
    return _CUT * text[: len(text) - len(left)].count(_CUT) + right + _CUT * left[len(right) :].count(_CUT)


def line_text(line: list[Run]) -> str:
    """The plain text of a tidied line; pictures have none."""
    return "".join(run.text for run in line if not run.digest)


def line_html(line: list[Run], drop_bold: bool = False) -> str:
    """A tidied line as clean HTML."""
    runs = [replace(run, look=replace(run.look, bold=False)) for run in line] if drop_bold else line
    return "".join(_marked(run.look, _inner(same)) for (run, same) in _same_looks(runs))


def _same_looks(runs: list[Run]) -> Iterable[tuple[Run, list[Run]]]:
    for _, group in groupby(runs, key=lambda run: run.look.marks):
        same = list(group)
        yield same[0], same


def _inner(runs: list[Run]) -> str:
    return "".join(picture(run) if run.digest else escape(run.text) for run in runs)


def picture(run: Run) -> str:
    """A picture as clean HTML."""
    return f'<img src="sha256:{run.digest}" alt="{_escape(run.text)}">'


def _marked(look: Look, inner: str) -> str:
    href, bold, italic, underlined, script = look.marks
    for applies, tag in ((script, script), (underlined, "u"), (italic, "em"), (bold, "strong")):
        if applies:
            inner = f"<{tag}>{inner}</{tag}>"
    return f'<a href="{_escape(href)}">{inner}</a>' if href else inner
