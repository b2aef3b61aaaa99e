"""Until when a text holds, by its own words, and which earlier texts it ends (公示期, 有效期, 报名截止, 同时废止).

Dates stated are given as dates; spans ("公示7天", "有效期5年") as spans with their beginning, for a calendar to count.
What is not said is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from parsers.dates import FoundDate, find_dates, fold, number
from parsers.document_numbers import cited_numbers
from parsers.office import Period, PeriodUnit
from parsers.personal import around

EndKind = Literal["public_notice", "validity", "deadline"]

_READ = 60_000
"""Characters of a text that are read: what holds for all of it stands at its beginning or end."""
_MOST = 10
_NUMBER = r"(?<![\d年月至到.-])(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_SPAN = re.compile(
    rf"(?P<amount>{_NUMBER})\s?(?:\([^)]{{1,4}}\)\s?)?(?P<unit>个?工作日|个月|日|天|周年|年)(?![份度前])"
)
_UNITS: dict[str, PeriodUnit] = {"工作日": "wd", "月": "mo", "日": "d", "天": "d", "周年": "mo", "年": "mo"}
_PUBLIC = re.compile(r"公示(?:期限?|时间|日期|时限)(?!满)")
_VALID = re.compile(r"(?:有效|试行|暂行)(?:期限?|时间)")
_FORCE = r"(?:施行|实施|执行|试行|生效)"
_UNTIL_END = re.compile(
    rf"起[^。;\n]{{0,6}}?{_FORCE}[^。;\n]{{0,8}}?(?:至|到)(?=[\d二])|(?:试行|执行|实施)(?:至|到)(?=[\d二])"
)
_CLOSING = re.compile(
    r"(?:报名|申报|申请|投标|响应|报价|征求意见|征集|意见反馈|反馈意见|提交|递交)[^。;\n]{0,14}?(?:截止(?:时间|日期|期)?|期限|时间|日期)"
    r"|截止(?:时间|日期|期)"
)
_BY_THEN = re.compile(r"(?:前|之前|以前)[^。;\n]{0,40}?(?:报名|反馈|提出意见|提交意见|意见和?建议)")
_NOT_ITS_OWN = re.compile(r"(?:证|照|许可|资质|合同|协议|卡|码|疫苗|保险|报告|投标|响应文件|报价)[^。,;\n]{0,6}$")
_SINCE = re.compile(rf"(?:自|从|于)(?P<from>[^。;\n]{{2,30}}?)(?:之?日?起)(?P<later>[^。;\n]{{0,8}}?){_FORCE}")
_ISSUE = re.compile(r"(?:印发|发布|公布|颁布|下发)之?")
_SECOND = re.compile(
    r"\s?(?:\([^)]{1,8}\))?\s?(?:\d{1,2}[:时点]\S{0,4})?\s?(?:起|开始)?\s?(?:至|到|-|~)+\s?"
    r"(?:(?P<year>\d{4})[年./-])?(?:(?P<month>\d{1,2})[月./-])?(?P<day>\d{1,2})(?:[日号]|(?![\d年月]))"
)
_LEADS = re.compile(r"(?:[、()一-龥]{0,16}\n)?[\s:为是在]{0,4}(?:截?止?于)?|[^。;]{0,40}(?:至|到)\s?")
"""What stands between a label and the one day that it means."""
_ENDS = re.compile(r"同时废止|予以废止|即行废止|相应废止|一并废止|自行废止|停止执行|不再执行|同时失效|作废|废止")
_NAMED = re.compile(
    r"《([^《》]{2,150}(?:《[^《》]{2,150}》[^《》]{0,50})?)》(?P<part>[^,。;《》]{0,12}第[一二三四五六七八九十\d]+[条款项])?"
)


@dataclass(frozen=True)
class End:
    """One end that a text states for itself: a day (`on`, the last good one) or a `span` that runs from `since`."""

    kind: EndKind
    excerpt: str
    on: date | None = None
    span: Period | None = None
    since: date | None = None
    """None: from issue or publication, as the kind has it."""


@dataclass(frozen=True)
class Repeal:
    """Earlier documents that a text ends."""

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    on: date | None
    """The day on which the text itself comes into force, where it states one."""
    excerpt: str


def ends(text: str, issued_on: date | None = None) -> tuple[End, ...]:
    """Every end that the text states, in order; `issued_on` lends its year to days without one."""
    plain = fold(text[:_READ])
    found = [*_public(plain, issued_on), *_valid(plain), *_deadlines(plain, issued_on)]
    once = {(end.kind, end.on, end.span, end.since): end for end in reversed(found)}
    return tuple(reversed(once.values()))[:_MOST]


def repeals(text: str) -> Repeal | None:
    """The documents that the text ends as a whole; None: it names none."""
    plain = fold(text[:_READ])
    sentences = [sentence for sentence in re.split(r"[。;\n]", plain) if _ENDS.search(sentence)]
    whole = [_NAMED.sub(lambda named: "" if named["part"] else named[0], sentence) for sentence in sentences]
    names = tuple(dict.fromkeys(name for sentence in whole for name, _ in _NAMED.findall(sentence)))[:_MOST]
    numbers = tuple(dict.fromkeys(found for sentence in whole for found in cited_numbers(sentence)))[:_MOST]
    if not names and not numbers:
        return None
    return Repeal(numbers, names, _in_force_since(plain), sentences[0].strip()[:120])


def _public(plain: str, issued_on: date | None) -> Iterator[End]:
    for match in _PUBLIC.finditer(plain):
        window = _window(plain, match.end())
        excerpt = around(plain, match.start(), min(match.end() + 40, len(plain)))
        if last := _last_day(window, issued_on):
            yield End("public_notice", excerpt, on=last)
        elif span := _span(window):
            first = next(
                (one.day for one in _dates(window, issued_on) if window[: one.start].endswith(("自", "从"))), None
            )
            yield End("public_notice", excerpt, span=span, since=first)


def _valid(plain: str) -> Iterator[End]:
    for match in _VALID.finditer(plain):
        if _NOT_ITS_OWN.search(plain[max(0, match.start() - 20) : match.start()]):
            continue
        window = re.split(r"[,。;\n]", plain[match.end() : match.end() + 40], maxsplit=1)[0]
        excerpt = around(plain, match.start(), match.end() + len(window))
        if last := _last_day(window, None):
            yield End("validity", excerpt, on=last)
        elif span := _span(window):
            yield from _counted(plain, span, excerpt)
    for match in _UNTIL_END.finditer(plain):
        if dates := find_dates(plain[match.end() : match.end() + 20]):
            yield End("validity", around(plain, match.start(), match.end() + 12), on=dates[0].day)


def _counted(plain: str, span: Period, excerpt: str) -> Iterator[End]:
    """A validity of so long: from the day of its coming into force, where that is a day or the day of issue."""
    since = _SINCE.search(plain)
    day = _in_force_since(plain)
    if day or since is None or (_ISSUE.fullmatch(since["from"].strip()) and not since["later"].strip()):
        yield End("validity", excerpt, span=span, since=day)


def _deadlines(plain: str, issued_on: date | None) -> Iterator[End]:
    for match in _CLOSING.finditer(plain):
        window = _window(plain, match.end())
        if last := _last_day(window, issued_on):
            yield End("deadline", around(plain, match.start(), min(match.end() + 40, len(plain))), on=last)
    for match in _BY_THEN.finditer(plain):
        before = plain[max(0, match.start() - 30) : match.start()]
        if dates := _dates(before, issued_on):
            yield End("deadline", around(plain, max(0, match.start() - 20), match.end()), on=dates[-1].day)


def _window(plain: str, start: int) -> str:
    return re.split(r"[。;]|\n\s?\n", plain[start : start + 80], maxsplit=1)[0]


def _last_day(window: str, issued_on: date | None) -> date | None:
    """The end of a range of days, else a day after 至 or at the very beginning."""
    dates = _dates(window, issued_on)
    if not dates:
        return None
    first = dates[0]
    if ranged := _SECOND.match(window, first.end):
        return _second(ranged, first.day)
    return first.day if _LEADS.fullmatch(window[: first.start]) else None


def _second(ranged: re.Match[str], first: date) -> date | None:
    year, month = int(ranged["year"] or first.year), int(ranged["month"] or first.month)
    if not ranged["year"] and month < first.month:
        year += 1
    try:
        last = date(year, month, int(ranged["day"]))
    except ValueError:
        return None
    return last if last >= first else None


def _dates(window: str, issued_on: date | None) -> list[FoundDate]:
    """Full dates; where there is none, days without a year in the year of issue, or the next one if long past."""
    dates = find_dates(window)
    if dates or issued_on is None:
        return dates
    found = (_of_year(match, issued_on) for match in re.finditer(r"(?<![\d年])(\d{1,2})月(\d{1,2})[日号]", window))
    return [one for one in found if one]


def _of_year(match: re.Match[str], issued_on: date) -> FoundDate | None:
    month = int(match[1])
    year = issued_on.year + (1 if month + 6 < issued_on.month else 0)
    try:
        return FoundDate(match.start(), match.end(), date(year, month, int(match[2])))
    except ValueError:
        return None


def _span(window: str) -> Period | None:
    match = _SPAN.search(window)
    amount = number(match["amount"].replace("两", "二")) if match else None
    if match is None or not amount:
        return None
    unit = match["unit"].removeprefix("个")
    return Period(amount * 12 if unit in ("年", "周年") else amount, _UNITS[unit])


def _in_force_since(plain: str) -> date | None:
    since = _SINCE.search(plain)
    dates = find_dates(since["from"] + "日" if since["from"][-1:].isdigit() else since["from"]) if since else []
    return dates[0].day if dates else None
