"""Slips of the pen in official text that a machine can see: a short list of common ones, none of them in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from parsers.dates import fold
from parsers.misspelt import misspelt
from parsers.office import Office
from parsers.typos import ANY, TYPOS, UNTIL

_DOUBLED = re.compile(r"[，。；：、]{2,}|的的(?!确)|了了(?![之解])|和和(?![美气睦])|(?<![一-龥])进行进行")
_DAY = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_WIDE, _NARROW = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+"), re.compile(r"[0-9A-Za-z]+")
_HALF = re.compile(r"(?<=[一-龥])[,;](?=[一-龥])")
_RARE = 8
"""One of these in so many is a slip."""
_MOST = 5
_SEARCHED = 200_000
"""Characters in which names of units are looked for."""


def suspects(text: str, office: Office) -> list[tuple[str, str]]:
    """(words, what is likely meant) for at most five likely slips."""
    names = ((slip, f"疑为“{name}”") for slip, name in misspelt(text[:_SEARCHED], office))
    found = dict.fromkeys((*_typos(text), *_impossible_days(text), *_of_width(text), *names))
    return list(found)[:_MOST]


def _typos(text: str) -> Iterator[tuple[str, str]]:
    for pattern, meant in TYPOS if ANY.search(text) else ():
        yield from ((match[0], f"疑为“{meant}”") for match in pattern.finditer(text))
    for match in UNTIL.finditer(fold(text)):
        yield match[1], "疑为“截至”"
    for match in _DOUBLED.finditer(text):
        yield match[0], "标点或字词重复"


def _impossible_days(text: str) -> Iterator[tuple[str, str]]:
    for match in _DAY.finditer(fold(text)):
        try:
            date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            yield match[0], "日期不存在"


def _of_width(text: str) -> Iterator[tuple[str, str]]:
    """A few full-width digits among half-width ones, a half-width comma among full-width ones: a slip. Where a text has
    more of them, it is how its author types."""
    wide, narrow = _WIDE.findall(text), _NARROW.findall(text)
    if 0 < len(wide) * _RARE <= len(narrow):
        yield from ((digits, f"全角字符，疑为“{fold(digits)}”") for digits in wide)
    half, full = list(_HALF.finditer(text)), text.count("，") + text.count("；")
    if 0 < len(half) * _RARE <= full:
        yield from ((text[one.start() - 4 : one.end() + 4].strip(), "半角标点，应为全角") for one in half)
