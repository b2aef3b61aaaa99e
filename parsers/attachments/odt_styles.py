"""Styles of OpenDocument: how text looks, how lists are numbered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from parsers.attachments.package import local

_FORMS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting", "甲, 乙, 丙, ...": "ideographTraditional",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "壹, 贰, 叁, ...": "chineseLegalSimplified", "１, ２, ３, ...": "decimalFullWidth",
}  # fmt: skip
_MOST = 200
_POINTS = re.compile(r"([\d.]{1,8})pt")


@dataclass(frozen=True)
class Look:
    """What a style says; None where it says nothing."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    hidden: bool | None = None
    centered: bool | None = None
    size: float | None = None

    def over(self, below: Look) -> Look:
        """This look, and where it says nothing the one below."""
        return replace(below, **{name: value for name, value in vars(self).items() if value is not None})


@dataclass(frozen=True)
class Level:
    """One level of a list: its number's form, with what stands before and behind it."""

    form: str
    before: str
    behind: str
    start: int
    shown: int


def read_looks(roots: Sequence[etree._Element | None]) -> dict[str, Look]:
    """The styles by name, each flattened over its parents."""
    own: dict[str, tuple[Look, str]] = {}
    for root in roots:
        for element in root.iter() if root is not None else ():
            if local(element) == "style":
                own[get(element, "name")] = (_look(element), get(element, "parent-style-name"))
    return {name: _flattened(name, own) for name in own}


def _flattened(name: str, own: dict[str, tuple[Look, str]]) -> Look:
    look, parent = own[name]
    for _ in range(20):
        if parent not in own:
            break
        below, parent = own[parent]
        look = look.over(below)
    return look


def _look(style: etree._Element) -> Look:
    said = {str(key).rpartition("}")[2]: value for child in style for key, value in child.attrib.items()}
    size = _POINTS.fullmatch(str(said.get("font-size-asian", said.get("font-size", ""))))
    align = said.get("text-align")
    weight = said.get("font-weight-asian", said.get("font-weight"))
    return Look(
        bold=weight == "bold" if weight else None,
        italic=said["font-style"] == "italic" if "font-style" in said else None,
        underline=said["text-underline-style"] != "none" if "text-underline-style" in said else None,
        hidden=said["display"] == "none" if "display" in said else None,
        centered=align == "center" if align else None,
        size=float(size[1]) if size and size[1].count(".") <= 1 else None,
    )


def read_lists(roots: Sequence[etree._Element | None]) -> dict[str, list[Level]]:
    """The levels of each list style."""
    return {
        get(element, "name"): [_level(child) for child in element]
        for root in roots
        if root is not None
        for element in root.iter()
        if local(element) == "list-style"
    }


def _level(element: etree._Element) -> Level:
    if local(element) != "list-level-style-number":
        return Level("none", "", "• ", 1, 1)
    form = get(element, "num-format")
    label = get(element, "num-prefix"), get(element, "num-suffix")
    start, shown = count(get(element, "start-value"), 1), count(get(element, "display-levels"), 1)
    return Level(_FORMS.get(form, "decimal") if form else "none", *label, start, shown)


def get(element: etree._Element, name: str) -> str:
    """An attribute by its name without namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def count(text: str, default: int) -> int:
    """A small number in an attribute."""
    return min(int(text), _MOST) if text.isascii() and text.isdigit() and len(text) < 6 else default
