"""Several pieces in the text of one mail: what a unit strings together in a letter, as a text for each piece."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from parsers.content import Block
from parsers.lines import lines_of
from parsers.office import Office
from parsers.official_foot import signatures
from parsers.roundup import bare, by_lines, is_headline
from parsers.runs import paragraph
from parsers.titles import type_word

_SERIALS = (*"一二三四五六七八九十", *(f"十{unit}" for unit in "一二三四五六七八九"))
_LABEL = re.compile(
    r"[\s【\[(（<]{0,3}(?:(?:信息|稿件|稿子|新闻稿?|动态|简讯|消息|文稿|文章)\s?(?P<serial>十?[一二三四五六七八九十]|\d{1,2})"
    r"|第\s?(?P<nth>十?[一二三四五六七八九十]|\d{1,2})\s?[篇则])\s?(?:[】\])）>]|[:：、.．]|\s|$)[:：、.．\s]{0,3}(?P<title>.{0,60})"
)
"""What a unit writes above each piece of its letter: 【信息一】, 稿件2：, 第三篇."""
_TITLED = re.compile(r"(?:标\s?题|题\s?目)\s?[:：]\s*(?P<title>.{4,80})")
_TEXT_LABEL = re.compile(r"^(?:正\s?文|内\s?容)\s?[:：]\s*")
_COUNT = r"(?<![第\d十])(?P<{}>[二两三四五六七八九十]|\d{{1,2}})\s?"
_NEWS = r"(?:信息|稿件?|动态|新闻|简讯|消息)"
_STATED = re.compile(
    f"{_COUNT.format('texts')}篇|{_NEWS}[^。]{{0,6}}{_COUNT.format('news')}[条则]|{_COUNT.format('items')}[条则]{_NEWS}"
)
"""3篇, 信息3条; but not 3条措施."""
_PASSES_ON = re.compile(r"印发|转发|批转|公布|下达")
_SHORTEST = 30
"""Characters of a piece below its headline."""
_SHORT_LINE = 40
_MOST = 30
"""Pieces that one letter holds."""

_Text = tuple[Block, ...]


def several(text: _Text, stated: int | None, office: Office) -> tuple[_Text, ...]:
    """The pieces of a letter, each beginning with its headline, without labels and the short lines above the first;
    nothing where it is one piece. `stated`: how many there are, where the letter or its subject says so."""
    parts = by_lines(text)
    return _labelled(parts) or _titled(parts) or _counted(parts, stated) or _signed(parts, office)


def stated_count(words: Iterable[str]) -> int | None:
    """How many pieces a unit says that it sends (本周信息3篇); None where it says nothing or one."""
    found = (str(match[match.lastgroup or 0]) for line in words for match in _STATED.finditer(line))
    counts = {2 if count == "两" else _serial(count) for count in found}
    return counts.pop() if len(counts) == 1 and 2 <= max(counts) <= _MOST else None


def _labelled(parts: _Text) -> tuple[_Text, ...]:
    """Labels that count up from one."""
    labels = [(at, label) for at, part in enumerate(parts) if (label := _LABEL.fullmatch(part.text.strip()))]
    serials = [_serial(label["serial"] or label["nth"]) for _, label in labels]
    return _divided(parts, labels) if serials == list(range(1, len(labels) + 1)) else ()


def _titled(parts: _Text) -> tuple[_Text, ...]:
    """标题：… above each piece; 内容： before its text leaves it as well."""
    labels = [(at, label) for at, part in enumerate(parts) if (label := _TITLED.fullmatch(part.text.strip()))]
    return tuple(_without_text_label(part) for part in _divided(parts, labels))


def _counted(parts: _Text, stated: int | None) -> tuple[_Text, ...]:
    """As many headlines with a text below as the unit says that there are pieces."""
    heads = [at for at, (line, below) in enumerate(pairwise(parts)) if _heads(line, below)]
    if stated is None or len(heads) != stated:
        return ()
    ends = [*heads[1:], len(parts)]
    found = tuple((_line(bare(parts[at].text)), *parts[at + 1 : end]) for at, end in zip(heads, ends, strict=True))
    return _checked(parts[: heads[0]], found)


def _signed(parts: _Text, office: Office) -> tuple[_Text, ...]:
    """Documents of which each has a title of its kind at its head and its own signature and date at its end."""
    lines = lines_of(parts)
    ends = [lines[one.line].block + 1 for one in signatures(lines, 0, office) if one.signers]
    if len(ends) < 2 or ends[-1] != len(parts):
        return ()
    found = tuple(_unruled(parts[start:end]) for start, end in pairwise([0, *ends]))
    titles = [part[0].text for part in found if part]
    own = len(titles) == len(found) and all(type_word(title) for title in titles)
    return _checked((), found) if own and not any(map(_PASSES_ON.search, titles)) else ()


def _divided(parts: _Text, labels: list[tuple[int, re.Match[str]]]) -> tuple[_Text, ...]:
    if len(labels) < 2:
        return ()
    ends = [*(at for at, _ in labels[1:]), len(parts)]
    found = (_under(label["title"], parts[at + 1 : end]) for (at, label), end in zip(labels, ends, strict=True))
    return _checked(parts[: labels[0][0]], tuple(found))


def _under(title: str, below: _Text) -> _Text:
    """The headline may stand on the label's line."""
    return (_line(title.strip()), *below) if title.strip() else below


def _checked(above: _Text, found: tuple[_Text, ...]) -> tuple[_Text, ...]:
    """The pieces, where each is one and only short lines stand above the first."""
    whole = tuple(_unruled(part) for part in found)
    return whole if len(whole) > 1 and all(map(_is_short, above)) and all(map(_is_piece, whole)) else ()


def _is_piece(part: _Text) -> bool:
    lines = [block.text.strip() for block in part if block.kind != "picture" and block.text.strip()]
    return len(lines) > 1 and is_headline(lines[0]) and sum(map(len, lines[1:])) >= _SHORTEST


def _unruled(part: _Text) -> _Text:
    """Without rows of dashes around it."""
    start, end = 0, len(part)
    while start < end and _is_rule(part[start]):
        start += 1
    while end > start and _is_rule(part[end - 1]):
        end -= 1
    return part[start:end]


def _is_rule(block: Block) -> bool:
    return block.kind != "picture" and not re.search(r"\w", block.text) and "<img" not in block.html


def _is_short(block: Block) -> bool:
    return block.kind not in {"table", "picture"} and len(block.text.strip()) <= _SHORT_LINE


def _heads(line: Block, below: Block) -> bool:
    return (
        line.kind != "table" and is_headline(line.text) and not is_headline(below.text) and len(below.text) >= _SHORTEST
    )


def _serial(serial: str) -> int:
    return int(serial) if serial.isdecimal() else _SERIALS.index(serial) + 1 if serial in _SERIALS else 0


def _without_text_label(part: _Text) -> _Text:
    at = next((at for at, block in enumerate(part) if _TEXT_LABEL.match(block.text.strip())), None)
    if at is None:
        return part
    rest = _TEXT_LABEL.sub("", part[at].text.strip())
    return (*part[:at], *((_line(rest),) if rest else ()), *part[at + 1 :])


def _line(text: str) -> Block:
    return Block("paragraph", text, paragraph(text))
