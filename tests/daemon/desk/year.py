"""A year of forty units with habits, and what the notice says of it, counted here by hand from dates alone.

Nothing of `daemon.rules` is asked: the days off are the State Council's list for 2026, written down.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import count
from zoneinfo import ZoneInfo

from parsers.office import Unit

ZONE = ZoneInfo("Asia/Shanghai")
TOWN_NEWS, DEPARTMENT_NEWS, DOCUMENTS, RULES, READINGS = (
    "镇（街道）动态",
    "部门动态",
    "政府公文",
    "法律法规",
    "政策解读",
)
DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
HABITS = ("punctual", "lazy", "silent", "bursts", "last minute", "newcomer", "leaver", "careless", "late", "holidays")
_LAST_MOMENT = time(23, 59, 59, 999000)


def _days(first: str, last: str) -> set[date]:
    begin = date.fromisoformat(first)
    return {begin + n * DAY for n in range((date.fromisoformat(last) - begin).days + 1)}


OFF = (
    _days("2026-01-01", "2026-01-03") | _days("2026-02-15", "2026-02-23") | _days("2026-04-04", "2026-04-06")
    | _days("2026-05-01", "2026-05-05") | _days("2026-06-19", "2026-06-21") | _days("2026-09-25", "2026-09-27")
    | _days("2026-10-01", "2026-10-07") | _days("2027-01-01", "2027-01-03")
)  # fmt: skip
MADE_UP = {
    date.fromisoformat(day)
    for day in ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
}


def is_off(day: date) -> bool:
    return day in OFF or (day.weekday() >= 5 and day not in MADE_UP)


@dataclass(frozen=True)
class Item:
    """One draft of the year."""

    receipt: str
    unit: Unit
    column: str
    title: str
    received: datetime
    issued: date | None = None
    published: date | None = None
    state: str = "approved"
    duplicate: bool = False

    @property
    def day(self) -> date:
        return self.received.date()

    @property
    def counts(self) -> bool:
        return self.state not in ("rejected", "withdrawn", "quarantined", "archived") and not self.duplicate

    @property
    def is_late(self) -> bool:
        """Sent in after the third day, which moves to the next working day (articles 三 and 民法典 203)."""
        assert self.issued is not None
        last = self.issued + 3 * DAY
        while is_off(last):
            last += DAY
        return self.day > last


def units() -> tuple[Unit, ...]:
    """Twenty towns and twenty departments, two of each habit."""
    return tuple(
        Unit(
            f"{'镇' if kind == 'town' else '局'}{number:02}{HABITS[number % len(HABITS)]}",
            kind,
            since=date(2026, 4, 15) if HABITS[number % len(HABITS)] == "newcomer" else None,
            until=date(2026, 9, 15) if HABITS[number % len(HABITS)] == "leaver" else None,
        )
        for kind in ("town", "department")
        for number in range(20)
    )


def year() -> list[Item]:
    """All that the units sent in 2026."""
    chance, numbers = random.Random(2026), count(1)
    return [item for unit in units() for item in _of(unit, chance, numbers)]


def _of(unit: Unit, chance: random.Random, numbers: Iterator[int]) -> Iterator[Item]:
    habit = unit.name[3:]
    for n in range(365):
        day = FIRST + n * DAY
        for at in _news_times(habit, day, chance):
            yield _news(unit, at, habit, chance, next(numbers))
        if habit != "silent" and chance.random() < 0.15:
            yield from _document(unit, day, habit, chance, numbers)


def _news_times(habit: str, day: date, chance: random.Random) -> list[datetime]:
    at = datetime.combine(day, time(9), ZONE)
    if habit == "silent":
        return []
    if habit == "bursts":
        return [at] * 30 if day.day == 1 else []
    if habit == "last minute":
        return [datetime.combine(day, _LAST_MOMENT, ZONE), datetime.combine(day, time(), ZONE)][: 1 + day.day % 2]
    return [at] if chance.random() < {"lazy": 0.6, "careless": 0.9}.get(habit, 1) else []


def _news(unit: Unit, at: datetime, habit: str, chance: random.Random, number: int) -> Item:
    state = chance.choice(("rejected", "withdrawn", "returned", "published")) if habit == "careless" else "published"
    column = TOWN_NEWS if unit.kind == "town" else DEPARTMENT_NEWS
    out = at.date() + chance.randrange(4) * DAY if state == "published" and chance.random() < 0.7 else None
    twin = habit == "careless" and chance.random() < 0.1
    return Item(f"2026-{number:06}", unit, column, f"活动{number}", at, None, out, state, twin)


def _document(unit: Unit, issued: date, habit: str, chance: random.Random, numbers: Iterator[int]) -> Iterator[Item]:
    number = next(numbers)
    delay = {"late": 6, "lazy": chance.randrange(8), "last minute": 3, "holidays": chance.randrange(12)}.get(habit, 1)
    clock = _LAST_MOMENT if habit == "last minute" else time(8, 30)
    received = datetime.combine(min(issued + delay * DAY, LAST), clock, ZONE)
    is_rule = chance.random() < 0.3
    subject = f"第{number}号集市管理办法"
    dated = None if habit == "careless" and chance.random() < 0.3 else issued
    state = chance.choice(("returned", "quarantined", "approved")) if habit == "careless" else "approved"
    title = f"{unit.name}关于印发{subject}的通知"
    yield Item(f"2026-{number:06}", unit, RULES if is_rule else DOCUMENTS, title, received, dated, None, state)
    if is_rule and chance.random() < 0.5:
        after = datetime.combine(min(received.date() + chance.randrange(60) * DAY, LAST), time(10), ZONE)
        yield Item(f"2026-{next(numbers):06}", unit, READINGS, f"《{subject}》政策解读", after)


@dataclass(frozen=True)
class Count:
    """A unit's figures of a period, as the notice has them."""

    on_time: int
    late: int
    unknown: int
    returned: int
    days_without_news: int
    owed: int
    delivered: int
    missing: int
    rules: int
    explained: int
    points: float | None


def counted(unit: Unit, items: list[Item], first: date, last: date) -> Count | None:
    """None: it was not on duty then."""
    begin, end = max(first, unit.since or first), min(last, unit.until or last)
    if begin > end:
        return None
    here = [item for item in items if begin <= item.day <= end]
    judged = [item for item in here if item.counts and item.issued]
    late = sum(item.is_late for item in judged)
    good = [item for item in here if item.counts and item.state != "returned"]
    days = [begin + n * DAY for n in range((end - begin).days + 1)]
    with_news = {item.day for item in good if item.column in (TOWN_NEWS, DEPARTMENT_NEWS)}
    rules = [item for item in good if item.column == RULES]
    readings = " ".join(item.title for item in items if item.column == READINGS)
    explained = sum(item.title[item.title.index("第") : -3] in readings for item in rules)
    owed, delivered, missing = _numbers(unit, items, begin, end)
    on_time = len(judged) - late
    silent = sum(day not in with_news for day in days)
    shares = [
        (50, owed - missing, owed), (30, on_time, len(judged)), (10, len(days) - silent, len(days)),
        (10, explained, len(rules)),
    ]  # fmt: skip
    return Count(
        on_time, late, sum(item.counts for item in here) - len(judged),
        sum(item.state == "returned" for item in here), silent, owed, delivered, missing, len(rules), explained,
        _points(shares),
    )  # fmt: skip


def _points(shares: list[tuple[int, int, int]]) -> float | None:
    known = [(weight, Fraction(part, whole)) for weight, part, whole in shares if whole]
    whole = sum(weight for weight, _ in known)
    exact = sum((weight * share for weight, share in known), Fraction()) * 10000 / whole
    return int(exact + Fraction(1, 2)) / 100


def _numbers(unit: Unit, items: list[Item], begin: date, end: date) -> tuple[int, int, int]:
    """Articles 3 and 4: towns send in one each day and thirty a month, departments' fifteen a month are published."""
    if unit.kind == "town":
        news = [item.day for item in items if item.column == TOWN_NEWS and item.counts and item.state != "returned"]
    else:
        news = [item.published for item in items if item.column == DEPARTMENT_NEWS and item.counts and item.published]
    delivered = sum(begin <= day <= end for day in news)
    months = [_month(number) for number in range(1, 13)]
    full = [(first, last) for first, last in months if begin <= first and last <= end]
    per_month = 30 if unit.kind == "town" else 15
    lacking = sum(max(0, per_month - sum(first <= day <= last for day in news)) for first, last in full)
    if unit.kind != "town":
        return per_month * len(full), delivered, lacking
    days = [first + n * DAY for first, last in full for n in range((last - first).days + 1)]
    empty = sum(day not in news for day in days)
    return max(len(days), per_month * len(full)), delivered, max(empty, lacking)


def _month(number: int) -> tuple[date, date]:
    following = date(2026 + number // 12, number % 12 + 1, 1)
    return date(2026, number, 1), following - DAY
