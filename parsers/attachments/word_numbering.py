"""Word's automatic numbering written out as it prints: 一、（一）1. 第一条. No library does this (LIBRARIES.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from parsers.attachments.package import local
from parsers.attachments.word_styles import W, val

_DIGITS = "〇一二三四五六七八九"
_LEGAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
_COUNTING = ("〇一二三四五六七八九", "十百千", "万")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"),          (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_COUNTED = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "koreanCounting",
}  # fmt: skip
_ENCLOSED = {
    "decimalEnclosedCircle": (0x2460, 20), "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20), "ideographEnclosedCircle": (0x3280, 10), "bulletCircle": (0x2460, 20),
}  # fmt: skip
_HIGHEST = 1_000_000


@dataclass(frozen=True)
class Level:
    """One level of a list: what is counted, from where, and how it is written (`%1` is the first level's number)."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False


@dataclass
class Numbering:
    """Counts the paragraphs of each list in reading order."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    styled: dict[tuple[str, str], int] = field(default_factory=dict)
    """(abstract list, paragraph style) → the level that the style stands for."""
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def depth(self, list_id: str, style: str) -> int:
        """The level that a paragraph style stands for in this list."""
        return self.styled.get((self.lists.get(list_id, ""), style), 0)

    def label(self, list_id: str, depth: int) -> str:
        """The number before the next paragraph of this list and level; empty where it has none."""
        abstract_id = self.lists.get(list_id)
        if abstract_id is None or not 0 <= depth <= 8:
            return ""
        levels = self.abstract.get(abstract_id, {}) | self.overrides.get(list_id, {})
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract_id, [None] * 9)
        self._advance(counts, levels, list_id, depth)
        return _written(counts, levels, depth)

    def _advance(self, counts: list[int | None], levels: dict[int, Level], list_id: str, depth: int) -> None:
        restart = self.restarts.get(list_id, {}).get(depth)
        if restart is not None and (list_id, depth) not in self._seen:
            counts[depth] = None
            levels[depth] = replace(levels[depth], start=restart)
        self._seen.add((list_id, depth))
        before = counts[depth]
        counts[depth] = levels[depth].start if before is None else min(before + 1, _HIGHEST)
        for lower in range(depth + 1, 9):
            if levels.get(lower, Level()).restart != 0:
                counts[lower] = None


def read_numbering(root: etree._Element | None) -> Numbering:
    """The lists of word/numbering.xml."""
    numbering = Numbering()
    links: dict[str, str] = {}
    styles: dict[str, str] = {}
    for element in root if root is not None else ():
        if local(element) == "abstractNum":
            _read_abstract(element, numbering, links, styles)
    for element in root if root is not None else ():
        if local(element) == "num":
            _read_list(element, numbering)
    for abstract_id, style in links.items():
        numbering.abstract[abstract_id] = numbering.abstract.get(styles.get(style, ""), {})
    return numbering


def _read_abstract(
    element: etree._Element, numbering: Numbering, links: dict[str, str], styles: dict[str, str]
) -> None:
    abstract_id = element.get(W + "abstractNumId", "")
    numbering.abstract[abstract_id] = {}
    for level in element.iterchildren(W + "lvl"):
        numbering.abstract[abstract_id][_depth(level)] = _read_level(level)
        if style := val(level, "pStyle"):
            numbering.styled[abstract_id, style] = _depth(level)
    if link := val(element, "numStyleLink"):
        links[abstract_id] = link
    if style := val(element, "styleLink"):
        styles[style] = abstract_id


def _read_list(element: etree._Element, numbering: Numbering) -> None:
    list_id = element.get(W + "numId", "")
    numbering.lists[list_id] = val(element, "abstractNumId") or ""
    for override in element.iterchildren(W + "lvlOverride"):
        depth = _depth(override)
        if (start := _number(val(override, "startOverride"))) is not None:
            numbering.restarts.setdefault(list_id, {})[depth] = start
        level = override.find(W + "lvl")
        if level is not None:
            numbering.overrides.setdefault(list_id, {})[depth] = _read_level(level)


def _read_level(element: etree._Element) -> Level:
    start = _number(val(element, "start"))
    form = element.find(f".//{W}numFmt")
    legal = element.find(W + "isLgl")
    return Level(
        start=1 if start is None else start,
        form=form.get(W + "val", "decimal") if form is not None else "decimal",
        text=val(element, "lvlText") or "",
        suffix=val(element, "suff") or "tab",
        restart=_number(val(element, "lvlRestart")),
        legal=legal is not None and legal.get(W + "val", "1") not in ("0", "false", "off"),
    )


def _written(counts: list[int | None], levels: dict[int, Level], depth: int) -> str:
    level = levels[depth]
    if level.form == "bullet":
        return "• " if level.text.strip() else ""

    def number(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        other = levels.get(place, Level())
        count = counts[place]
        return numeral(other.start if count is None else count, "decimal" if level.legal else other.form)

    label = re.sub(r"%([1-9])", number, level.text)
    return label + _gap(label, level.suffix)


def _gap(label: str, suffix: str) -> str:
    """A space after 第一条 or 1.1, none after 一、 or （一）, where the sign itself parts number and text."""
    if not label or suffix == "nothing" or label[-1] in "、，．.）)：:〉》】」 　":
        return ""
    return " "


def numeral(number: int, form: str) -> str:
    """A number in one of Word's forms; forms that no Chinese document uses come out as digits."""
    if form in ("none", "bullet") or number < 0:
        return ""
    if form in _COUNTED:
        return _chinese(number, _COUNTING).removeprefix("一") if 10 <= number < 20 else _chinese(number, _COUNTING)
    if form in _ENCLOSED:
        first, many = _ENCLOSED[form]
        return chr(first + number - 1) if 1 <= number <= many else str(number)
    simple = _SIMPLE.get(form)
    return simple(number) if simple else str(number)


_Form = Callable[[int], str]


def _letters(number: int) -> str:
    """a … z aa bb, as Word repeats letters."""
    return chr(97 + (number - 1) % 26) * min((number - 1) // 26 + 1, 40) if number > 0 else ""


def _roman(number: int) -> str:
    if not 0 < number < 5000:
        return str(number)
    out = ""
    for worth, sign in _ROMAN:
        out += sign * (number // worth)
        number %= worth
    return out


def _cycle(signs: str, number: int) -> str:
    return signs[(number - 1) % len(signs)] if number > 0 else ""


def _chinese(number: int, style: tuple[str, str, str]) -> str:
    """A number in Chinese words, up to 99,999,999."""
    digits, units, ten_thousand = style
    high, low = divmod(number, 10_000)
    text = _chinese(high, style) + ten_thousand if high else ""
    gap = bool(high) and low < 1000
    for power, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit, low = divmod(low, power)
        if digit:
            text += (digits[0] if gap and text else "") + digits[digit] + unit
            gap = False
        elif text:
            gap = True
    return text or digits[0]


def _depth(element: etree._Element) -> int:
    return _number(element.get(W + "ilvl")) or 0


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else None


_SIMPLE: dict[str, _Form] = {
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": lambda number: f"{number}.",
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "japaneseDigitalTenThousand": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "ideographTraditional": lambda number: _cycle("甲乙丙丁戊己庚辛壬癸", number),
    "ideographZodiac": lambda number: _cycle("子丑寅卯辰巳午未申酉戌亥", number),
    "chineseLegalSimplified": lambda number: _chinese(number, _LEGAL),
    "ideographLegalTraditional": lambda number: _chinese(number, _LEGAL),
    "japaneseLegal": lambda number: _chinese(number, _LEGAL),
}
