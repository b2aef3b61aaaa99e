"""The automatic numbers of slides (ECMA-376, part 1, 21.1.2.4.1), which the reader of slides leaves out."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from lxml import etree

from parsers.attachments.package import Package, local
from parsers.attachments.word_numbering import numeral
from parsers.budgets import Budget

_SIGNS = {"Period": ("", "."), "ParenR": ("", ")"), "ParenBoth": ("(", ")"), "Plain": ("", ""), "Minus": ("", "-")}
_FORMS = {
    "arabic": "decimal",
    "arabicDb": "decimal",
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNumDb": "decimalEnclosedCircle",
    "circleNumWdWhite": "decimalEnclosedCircle",
    "ea1Chs": "chineseCounting",
    "ea1Cht": "chineseCounting",
    "ea1JpnChsDb": "chineseCounting",
}
_CHINESE = "ea1"
_LEVELS = 9
_HIGHEST = 32_767


def numbers(data: bytes, budget: Budget) -> dict[str, deque[str]]:
    """For the text of each numbered paragraph the number that stands before it, in the order of the slides."""
    package = Package(data, budget)
    found: dict[str, deque[str]] = defaultdict(deque)
    for name in package.names:
        if name.lower().startswith("ppt/slides/slide") and b"buAutoNum" in package.read(name):
            root = package.optional_xml(name)
            for text, label in _labelled(root) if root is not None else ():
                found[text].append(label)
    return found


def _labelled(root: etree._Element) -> Iterator[tuple[str, str]]:
    for body in (element for element in root.iter() if local(element) == "txBody"):
        counts: list[tuple[str, int]] = [("", 0)] * _LEVELS
        for paragraph in (child for child in body if local(child) == "p"):
            level, kind, start = _numbering(paragraph)
            text = "".join(element.text or "" for element in paragraph.iter() if local(element) == "t")
            if not text.strip():
                continue
            before, count = counts[level]
            count = count + 1 if kind and before == kind else start
            counts[level:] = [(kind, count), *[("", 0)] * (_LEVELS - level - 1)]
            if kind:
                yield text, _label(kind, count)


def _numbering(paragraph: etree._Element) -> tuple[int, str, int]:
    """Level, kind (empty: not numbered) and first number of a paragraph."""
    properties = next((child for child in paragraph if local(child) == "pPr"), None)
    if properties is None:
        return 0, "", 1
    mark = next((child for child in properties if local(child) == "buAutoNum"), None)
    level = min(_whole(properties.get("lvl"), 0), _LEVELS - 1)
    return (
        (level, mark.get("type", "arabicPeriod"), _whole(mark.get("startAt"), 1))
        if mark is not None
        else (level, "", 1)
    )


def _whole(text: str | None, default: int) -> int:
    return min(int(text), _HIGHEST) if text and text.isascii() and text.isdigit() and len(text) < 8 else default


def _label(kind: str, number: int) -> str:
    sign = next((sign for sign in _SIGNS if kind.endswith(sign)), "")
    before, behind = _SIGNS.get(sign, ("", "."))
    if kind.startswith(_CHINESE) and sign == "Period":
        behind = "、"
    return before + numeral(number, _FORMS.get(kind.removesuffix(sign), "decimal")) + behind
