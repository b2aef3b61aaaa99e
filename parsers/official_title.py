"""Which lines are the title of a document: by how they are set, by what they say (GB/T 9704-2012, 7.3.1)."""

from __future__ import annotations

import re

from parsers.dates import find_dates, fold, whole_date
from parsers.document_numbers import whole_number
from parsers.lines import Line, closed_up
from parsers.office import Office
from parsers.organs import organs
from parsers.titles import balanced, is_whole, joined, stem, type_word

_TITLE_LINES = 8
_LOOK_AHEAD = 4
_LABEL_LENGTH = 12
"""Characters of what may follow a title in 《》: 政策解读, 起草说明."""
_STEP = 1.2
"""Between the sizes of type of one purpose and of another: a letterhead has 30 points and more, a title 22, text 16."""
HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[((][一二三四五六七八九十\d]{1,3}[))]|第[一二三四五六七八九十百\d]{1,4}(?:[章条节编篇]|部分)|\d{1,2}\s*[.、．](?!\d))"
)
ASKED = re.compile(r"^(?:问|答|Q|A)\s*\d{0,2}\s*[:、.]")
BYLINE = re.compile(
    r"^[\s()\[\]【】/]*(?:(?:本报|本网|特约|通讯|见习)?(?:记者|通讯员|供稿|撰稿|作者|来源|编辑|责任编辑|责编|摄影|文\s*/\s*图|图\s*/\s*文|审核|编审|信息来源|供图)(?:\s*[:/]|\s+|[一-龥]{0,3}\s))"
)
_PERSON = re.compile(r"(?:长|主任|书记|主席|局长)\s[一-龥·]{1,4}(?:\s[一-龥]{1,2})?$")
"""Who speaks, below the title of a report or a speech."""


def title_span(lines: list[Line], first: int, office: Office) -> tuple[int, ...]:
    """Indices of the lines of the title that begins at `first`; none where that line is no title."""
    if first >= len(lines) or not (can_begin(lines[first]) or _names_whose(lines, first)):
        return ()
    span = [first]
    while span[-1] + 1 < len(lines) and len(span) < _TITLE_LINES and _goes_on(lines, span, office):
        span.append(span[-1] + 1)
    below = span[-1] + 1
    if below < len(lines) and _is_kicker(lines[span[-1]], lines[below], office):
        return title_span(lines, below, office)
    return tuple(span)


def _names_whose(lines: list[Line], at: int) -> bool:
    """某镇： alone above the rest of a headline, set as that is; at the margin it is an addressee."""
    line = lines[at]
    short = len(line.text) <= _LABEL_LENGTH and fold(line.text).endswith(":")
    return (
        short and line.centered and at + 1 < len(lines) and can_begin(lines[at + 1]) and _set_alike(line, lines[at + 1])
    )


def _is_kicker(line: Line, below: Line, office: Office) -> bool:
    """引题: a line above the headline in smaller type. It stays in the text."""
    larger = bool(line.size and below.size and below.size > line.size) and not of_one_size(line, below)
    return larger and line.centered and below.centered and _may_follow(below) and not organs(line.text, office)


def can_begin(line: Line) -> bool:
    """The line may be one of a title: it is neither text nor byline, question, date, table or picture."""
    plain = fold(line.text)
    return not (
        line.table or line.picture or is_prose(plain) or BYLINE.match(plain) or ASKED.match(plain) or whole_date(plain)
    )


def of_one_size(one: Line, other: Line) -> bool:
    """Nothing says that they are set in type of different sizes. What OCR measures wavers."""
    return not one.size or not other.size or max(one.size, other.size) < _STEP * min(one.size, other.size)


def is_prose(plain: str) -> bool:
    """A sentence or a salutation, no title."""
    return len(plain) > 180 or "。" in plain or plain.endswith((";", ":", ",", "、"))


def _goes_on(lines: list[Line], span: list[int], office: Office) -> bool:
    """The line below belongs to the title as well."""
    before, line = lines[span[-1]], lines[span[-1] + 1]
    so_far = joined([lines[at].text for at in span])
    plain = fold(line.text).strip()
    if not _may_follow(line) or _is_smaller(before, line) or _opens_contents(lines, span[-1] + 1):
        return False
    if not balanced(fold(so_far)):
        return True
    if re.match(r"^[(\[【]", plain):
        return _is_suffix(plain)
    if re.match(r"^(?:--|-|的(?![一-龥]*者))", plain):
        return True
    if is_whole(so_far):
        return _is_rest(so_far, before, line)
    return _set_alike(before, line) or _completes(so_far, lines[span[-1] + 1 : span[-1] + 1 + _LOOK_AHEAD], office)


def _may_follow(line: Line) -> bool:
    plain = fold(line.text).strip()
    apart = HEADING.match(plain) or _PERSON.search(plain) or whole_number(plain)
    return can_begin(line) and not apart and len(plain) <= 70


def _is_rest(so_far: str, before: Line, line: Line) -> bool:
    """What seems whole goes on with the one character that found no room (答复/函), and 《…方案》 with 政策解读."""
    plain = closed_up(fold(line.text))
    names_other = fold(so_far).endswith("》") and len(plain) <= _LABEL_LENGTH and type_word(plain) is not None
    return names_other or (len(plain) == 1 and _set_alike(before, line))


def _is_smaller(before: Line, line: Line) -> bool:
    """Below a centred title, small type from the margin on is the text."""
    smaller = (before.size or 0) > (line.size or 0) and not of_one_size(before, line)
    return before.centered and not line.centered and smaller


def _opens_contents(lines: list[Line], at: int) -> bool:
    """目录 with headings below it is a table of contents; without, it may be a title's last word."""
    below = fold(lines[at + 1].text) if at + 1 < len(lines) else ""
    listed = HEADING.match(below) or re.search(r"[.…·]{2}|\d$", below)
    return closed_up(lines[at].text) in {"目录", "目次"} and bool(listed)


def _is_suffix(plain: str) -> bool:
    """（试行）, （2026年修订）: part of the title; a note of passage or a number is not."""
    return bool(
        re.match(
            r"^[(\[【][^()]{1,14}(?:试行|暂行|修订|修正|草案|稿|年度|版|废止|[批期次轮])[^()]{0,4}[)\]】]$|^[(\[【](?:试行|暂行)[)\]】]$",
            plain,
        )
    )


def _set_alike(before: Line, line: Line) -> bool:
    """Both lines are centred, in type of about one size; or one paragraph is broken by hand."""
    same = before.block == line.block and not is_prose(fold(line.text))
    return of_one_size(before, line) and ((before.centered and line.centered) or same)


def _completes(so_far: str, below: list[Line], office: Office) -> bool:
    """Without any sign of the setting: an organ's name before 关于, or lines that bring the title to its type word."""
    if re.match(r"关于|印发|转发", fold(below[0].text)):
        return bool(organs(so_far, office))
    opened = "关于" in so_far or bool(organs(so_far, office))
    for reach in range(1, len(below) + 1 if opened else 2):
        texts = [line.text for line in below[:reach]]
        if not _may_follow(below[reach - 1]) or find_dates(texts[-1]):
            return False
        if is_whole(joined([so_far, *texts])):
            return opened or len(stem(texts[-1])) <= 30
    return False
