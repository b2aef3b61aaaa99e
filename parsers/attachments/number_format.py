"""How a sheet shows a number: dates by the code of their cell's format (ECMA-376, part 1, 18.8.30 and 18.8.31).

The reader of sheets gives amounts and shares as they are shown, but every date as 2026-03-05; units write 3月5日.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

BUILT_IN = {
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒",
    **dict.fromkeys((27, 36, 50, 52, 57), "yyyy年m月"), **dict.fromkeys((28, 29, 51, 53, 54, 58), "m月d日"),
    **dict.fromkeys((34, 55), "上午/下午h时mm分"), **dict.fromkeys((35, 56), "上午/下午h时mm分ss秒"),
}  # fmt: skip
"""Codes that a Chinese Excel gives to the numbers that a file may use without saying what they are."""
GENERAL = 11
"""Characters in which a number without a format is shown."""
_LONG_DATE, _LONG_TIME = "yyyy年m月d日", "h:mm:ss"
_DIGITS = "〇一二三四五六七八九"
_FINANCIAL = "零壹贰叁肆伍陆柒捌玖"
_WEEKDAYS = "一二三四五六日"
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_START, _LOTUS_START = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1899-12-31")
_REAL_MARCH = 60
"""Lotus took 1900 for a leap year, and so does every sheet since: days count from another one before its March."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<noon>am/pm|a/p|上午/下午)'
    r"|(?P<fraction>\.0+)|(?P<field>y+|m+|d+|h+|s+|a{3,}|e+)|(?P<other>.)",
    re.I | re.S,
)
_DATE_BITS = re.compile(r"[ymdhs]", re.I)
_PLAIN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_ZEROS = re.compile(r"0{2,20}")
_LONGEST_CODE = 255


@dataclass(frozen=True)
class _Piece:
    """A bit of a code: what kind of bit (`field`, `literal`, …), and its letters."""

    kind: str
    text: str


def is_date(code: str) -> bool:
    """Whether numbers under this code are shown as dates or times."""
    code = code[:_LONGEST_CODE].partition(";")[0]
    elapsed = re.search(r"\[(h+|m+|s+)\]", code, re.I)
    bare = _PLAIN.sub("", code)
    return bool(elapsed) or (bool(_DATE_BITS.search(bare)) and "general" not in bare.lower() and "E+" not in bare)


def as_shown(text: str, code: str) -> str:
    """A cell's text as its format shows it; the text itself where the format says nothing more of it."""
    if is_date(code):
        moment = _moment(text)
        return (moment and date_as_shown(moment, code)) or text
    if _ZEROS.fullmatch(code) and text.isascii() and text.isdigit():
        return text.rjust(len(code), "0")
    return _general(text) if code.lower() in ("", "general") else text


def date_as_shown(moment: datetime, code: str) -> str:
    """A moment under a date's code; empty where the code shows nothing of it."""
    pieces = list(_pieces(code[:_LONGEST_CODE].partition(";")[0]))
    half_day = any(piece.kind == "noon" for piece in pieces)
    numeral = _numeral(pieces)
    shown = [_shown(piece, at, pieces, moment, half_day, numeral) for at, piece in enumerate(pieces)]
    return "".join(shown).strip()


def moment_of(serial: float, from_1904: bool = False) -> datetime | None:
    """The moment that a number stands for, to the second; None beyond the years that sheets know."""
    days = serial + 1462 if from_1904 else serial
    if not 0 <= days < 2_958_466:
        return None
    start = _START if days >= _REAL_MARCH else _LOTUS_START
    return start + timedelta(seconds=round(days * 86400))


def _moment(text: str) -> datetime | None:
    if _ISO.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    try:
        return moment_of(float(text))
    except ValueError:
        return None


def _pieces(code: str) -> Iterator[_Piece]:
    if "[$-F800]" in code.upper() or "[$-F400]" in code.upper():  # the system's own long date and time
        code = _LONG_DATE if "[$-F800]" in code.upper() else _LONG_TIME
    for found in _TOKEN.finditer(code):
        kind, text = found.lastgroup, found.group(found.lastgroup) if found.lastgroup else ""
        if kind in ("quoted", "escaped", "other"):
            yield _Piece("literal", "" if kind == "other" and text in "@" else text)
        elif kind == "bracket" and re.fullmatch(r"(h+|m+|s+)", text, re.I):
            yield _Piece("elapsed", text.lower())
        elif kind == "bracket":
            yield _Piece("bracket", text.upper())
        elif kind is not None:
            yield _Piece(kind, text.lower())


def _numeral(pieces: list[_Piece]) -> Callable[[int, bool], str] | None:
    """How [DBNum1] and its like write numbers; None: in plain digits."""
    marks = {piece.text for piece in pieces if piece.kind == "bracket"}
    if "DBNUM1" in marks:
        return lambda number, is_year: _chinese(number, _DIGITS, "十") if not is_year else _each(number, _DIGITS)
    if "DBNUM2" in marks:
        return lambda number, is_year: _chinese(number, _FINANCIAL, "拾") if not is_year else _each(number, _FINANCIAL)
    return None


def _each(number: int, digits: str) -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _chinese(number: int, digits: str, ten: str) -> str:
    """A number under 100: 五, 十, 二十五."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ten if tens == 1 and digits is _DIGITS else digits[tens % 10] + ten
    return head + (digits[ones] if ones or not tens else "")


def _shown(
    piece: _Piece,
    at: int,
    pieces: list[_Piece],
    moment: datetime,
    half_day: bool,
    numeral: Callable[[int, bool], str] | None,
) -> str:
    if piece.kind == "literal":
        return piece.text
    if piece.kind == "elapsed":
        return _elapsed(moment, piece.text)
    if piece.kind == "noon":
        return _noon(moment, piece.text)
    if piece.kind != "field":
        return ""
    if piece.text[0] == "m" and _is_minute(at, pieces):
        return str(moment.minute).rjust(len(piece.text), "0")
    value = _field(piece.text, moment, half_day)
    if isinstance(value, str):
        return value
    number, is_year = value % 100 if piece.text in ("y", "yy") else value, piece.text[0] in "ye"
    if numeral is not None:
        return numeral(number, is_year)
    return str(number).rjust(2 if piece.text == "y" else len(piece.text) if not is_year else 2, "0")


def _field(letters: str, moment: datetime, half_day: bool) -> int | str:
    """What one field shows: a number, or a name."""
    weekday = moment.weekday()
    names: dict[str, str] = {
        "mmm": _SHORT_MONTHS[moment.month - 1],
        "mmmm": _LONG_MONTHS[moment.month - 1],
        "mmmmm": _SHORT_MONTHS[moment.month - 1][0],
        "ddd": _LONG_DAYS[weekday][:3],
        "dddd": _LONG_DAYS[weekday],
        "aaa": _WEEKDAYS[weekday],
        "aaaa": f"星期{_WEEKDAYS[weekday]}",
    }
    if letters in names:
        return names[letters]
    numbers = {
        "y": moment.year,
        "e": moment.year,
        "m": moment.month,
        "d": moment.day,
        "h": (moment.hour % 12 or 12) if half_day else moment.hour,
        "s": moment.second,
    }
    return numbers.get(letters[0], "")


def _is_minute(at: int, pieces: list[_Piece]) -> bool:
    """`m` after hours or before seconds is minutes, else months."""
    times = [(place, piece.text[0]) for place, piece in enumerate(pieces) if piece.kind in ("field", "elapsed")]
    before = [letter for place, letter in times if place < at][-1:]
    after = [letter for place, letter in times if place > at][:1]
    return len(pieces[at].text) <= 2 and (before == ["h"] or after == ["s"])


def _elapsed(moment: datetime, letters: str) -> str:
    start = _START if (moment - _START).days > _REAL_MARCH else _LOTUS_START
    seconds = round((moment - start).total_seconds())
    return str(seconds // {"h": 3600, "m": 60, "s": 1}[letters[0]]).rjust(len(letters), "0")


def _noon(moment: datetime, words: str) -> str:
    morning, _, afternoon = (words.upper() if words.isascii() else words).partition("/")
    return morning if moment.hour < 12 else afternoon


def _general(text: str) -> str:
    """A long fraction as far as a cell without a format shows it: 0.333333333."""
    whole, point, fraction = text.partition(".")
    if len(text) <= GENERAL or not point or not (whole.lstrip("-").isdigit() and fraction.isdigit()):
        return text
    return f"{float(text):.{max(GENERAL - len(whole) - 1, 0)}f}".rstrip("0").rstrip(".")
