"""Dates as official text writes them (DOMAIN.md, section 4): 2026年3月5日, 二〇二六年三月五日, 2026-3-5 …"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

ZERO = "〇○◯Ｏ0零OoΟοОо"
"""What people type for the zero of a year in characters (letters are Latin, Greek and Cyrillic)."""
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9} | dict.fromkeys(ZERO, 0)
_TENS = {"十": 1, "廿": 2, "卅": 3}
_ONE = rf"[0-9一二三四五六七八九{ZERO}]"
_YEAR = rf"(?P<year>{_ONE}(?:\s?{_ONE}){{3}})"
_SMALL = rf"[0-9一二三四五六七八九十廿卅{ZERO}](?:\s?[0-9一二三四五六七八九十廿卅{ZERO}]){{0,3}}"
_HOUR = (
    r"(?:\s*[(,，]?\s*(?P<half>上午|下午|晚上?|凌晨|早上?|中午)?\s*(?P<hour>\d{1,2})\s*"
    r"(?:[时點点]\s*(?:(?P<minute>\d{1,2})\s*分|(?P<half_past>半)|整)?|:(?P<colon>\d{2})(?::\d{2})?)\)?)?"
)
_WORDS = re.compile(
    rf"(?<![0-9]){_YEAR}\s?年\s?(?P<month>元|正|{_SMALL})\s?月\s?初?(?P<day>{_SMALL})\s?(?:[日号]|(?![0-9月年])){_HOUR}"
)
_SIGNS = re.compile(
    rf"(?<![0-9.\-/])(?P<year>(?:19|20)\d\d)\s?([-./])\s?(?P<month>\d{{1,2}})\s?\2\s?(?P<day>\d{{1,2}})(?![0-9]){_HOUR}"
)
_LONGEST_RUN = 12
_RUN = re.compile(r"\s{13,}")
_SPACE = re.compile(r"[^\S\n\t]")
_LINE = 300
_LABEL = re.compile(
    r"^\W*(?:成文日期|成文时间|发文日期|发文时间|签发日期|生成日期|公开日期|发布日期|发布时间|公告日期|日\s*期|时\s*间)\s*:\s*"
)
_AROUND = re.compile(
    r"^[\s()\[\]【】,.。]*(?:(?:于)?\s*(?:发布|公布|公告)?)?(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?[\s()\[\]【】,.。]*$"
)


@dataclass(frozen=True)
class FoundDate:
    """A full date in a text: where it stands (offsets in `fold(text)`), the hour where one follows it."""

    start: int
    end: int
    day: date
    hour: time | None = None


def fold(text: str) -> str:
    """NFKC (full-width digits and signs become plain ones), white space made one; same lines and cells.

    〇 (U+3007) stays as it is. Runs of white space end after 12: no pattern that allows some walks a hostile one."""
    return _fold_line(text) if len(text) <= _LINE else _folded(text)


@lru_cache(maxsize=8192)
def _fold_line(text: str) -> str:
    """A line is asked about by a dozen patterns."""
    return _folded(text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.replace("—", "-").replace("–", "-"))
    return _RUN.sub(lambda run: run[0][:_LONGEST_RUN], _SPACE.sub(" ", plain))


def number(text: str) -> int | None:
    """The number that Arabic digits, characters or a mixture stand for (1 to 99, or a year): 二十一, 廿, 一〇."""
    signs = re.sub(r"\s", "", text)
    if signs in {"元", "正"}:
        return 1
    if any(sign in _TENS for sign in signs):
        return _with_tens(signs)
    digits = [_digit(sign) for sign in signs]
    return None if not digits or None in digits else int("".join(str(digit) for digit in digits))


def _digit(sign: str) -> int | None:
    return _DIGITS.get(sign, int(sign) if sign.isascii() and sign.isdigit() else None)


def _with_tens(signs: str) -> int | None:
    place = next(index for index, sign in enumerate(signs) if sign in _TENS)
    before, after = signs[:place], signs[place + 1 :]
    tens = _digit(before) if before else 1
    ones = _digit(after) if after else 0
    if tens is None or ones is None or len(before) > 1 or len(after) > 1:
        return None
    return tens * _TENS[signs[place]] * 10 + ones


def find_dates(text: str) -> list[FoundDate]:
    """All full dates of a text, in order. A month and day without a year are none."""
    plain = fold(text)
    found = [_found(match) for pattern in (_WORDS, _SIGNS) for match in pattern.finditer(plain)]
    return sorted((one for one in found if one), key=lambda one: one.start)


def whole_date(line: str) -> FoundDate | None:
    """The date of a line that says nothing else but a label, brackets or a weekday; None for any other line."""
    plain = _LABEL.sub("", fold(line).strip())
    if len(plain) > 40:
        return None
    dates = find_dates(plain)
    if len(dates) != 1:
        return None
    rest = plain[: dates[0].start] + plain[dates[0].end :]
    return dates[0] if _AROUND.match(rest) else None


def _found(match: re.Match[str]) -> FoundDate | None:
    year, month, day = (number(match[name]) for name in ("year", "month", "day"))
    if year is None or month is None or day is None or not 1949 <= year <= 2099:
        return None
    try:
        return FoundDate(match.start(), match.end(), date(year, month, day), _hour(match))
    except ValueError:
        return None


def _hour(match: re.Match[str]) -> time | None:
    if not match["hour"]:
        return None
    hour, minute = int(match["hour"]), int(match["minute"] or match["colon"] or (30 if match["half_past"] else 0))
    if match["half"] in {"下午", "晚", "晚上"} and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
