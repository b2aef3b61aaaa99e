"""Counting time as the law does: days off, make-up days, periods.

Civil Code of the PRC (民法典), articles 200–204: the day of the event is not counted; a period in hours runs from its
moment; a period in days or months ends at 24:00 of its last day; a last day that is a statutory holiday or a rest day
moves to the next working day. `chinese_calendar` knows the State Council's lists of 2004–2026; calendar.yaml stands
over it.
"""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import chinese_calendar

from parsers.office import Period

_DAY = timedelta(days=1)
_SECONDS = {"s": 1, "min": 60, "h": 3600}
_STATUTORY = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the statutory days off that need no lunar calendar (全国年节及纪念日放假办法, as of 2025)."""


@dataclass(frozen=True)
class Due:
    """The end of a period: `at` is the first moment that is too late, in the office's time zone.

    `certain` is False where the count touched a year whose days off are not official yet, or began at a day whose hour
    is not known.
    """

    at: datetime
    certain: bool

    @property
    def last_day(self) -> date:
        """The day in which the last good moment lies."""
        return (self.at - timedelta(microseconds=1)).date()


@dataclass(frozen=True)
class Calendar:
    """The office's calendar: what calendar.yaml says, over what the library knows, over weekends and fixed days."""

    timezone: str = "Asia/Shanghai"
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    official_years: frozenset[int] = frozenset()
    roll_over: bool = True

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day; a guess where `is_certain` says no."""
        if day in self.workdays or day in self.holidays:
            return day in self.workdays
        if day.year in self.official_years:
            return day.weekday() < 5
        known = _library_says(day)
        return known if known is not None else day.weekday() < 5 and (day.month, day.day) not in _STATUTORY

    def is_certain(self, year: int) -> bool:
        """Whether the days off of this year are official. Single dates in calendar.yaml don't make a year official."""
        return year in self.official_years or _library_says(date(year, 6, 30)) is not None

    def missing_year(self, today: date) -> int | None:
        """The year whose official days off the administrator should enter by now: from December on, the next one.

        The State Council's office publishes them in November; None: all is there.
        """
        wanted = today.year + (today.month == 12)
        return None if self.is_certain(wanted) else wanted

    def add(self, start: date | datetime, period: Period) -> Due:
        """The end of a period that starts with this event.

        In hours from a bare date it runs from the end of that day and is uncertain. OverflowError beyond year 9999.
        """
        if period.unit in _SECONDS:
            return self._add_hours(start, timedelta(seconds=period.amount * _SECONDS[period.unit]))
        first = self.local_date(start)
        plain = self.plain_last_day(first, period)
        if period.unit == "wd":
            return self._end_of(plain, since=first)
        if not self.roll_over:
            return Due(self.midnight(plain + _DAY), certain=True)
        return self._end_of(self.rolled(plain), since=plain)

    def plain_last_day(self, first: date, period: Period) -> date:
        """The last day of a period in days, working days or months, days off or not. OverflowError beyond year 9999."""
        if period.unit == "wd":
            return self.working_day_after(first, period.amount)
        return first + period.amount * _DAY if period.unit == "d" else _months_later(first, period.amount)

    def local_date(self, moment: date | datetime) -> date:
        """The day at the office in which the moment lies."""
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment

    def midnight(self, day: date) -> datetime:
        """The moment at which the day begins at the office."""
        return datetime.combine(day, time(), self.zone)

    def rolled(self, day: date) -> date:
        """The day itself if it is a working day, else the next one that is."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def working_day_after(self, day: date, count: int = 1) -> date:
        """The `count`-th working day after this day."""
        for _ in range(count):
            day = self.rolled(day + _DAY)
        return day

    def working_day_before(self, day: date, count: int = 1) -> date:
        """The `count`-th working day before this day."""
        for _ in range(count):
            day -= _DAY
            while not self.is_working_day(day):
                day -= _DAY
        return day

    def working_days(self, first: date, last: date) -> int:
        """How many working days there are from `first` to `last`, both included."""
        return sum(self.is_working_day(first + n * _DAY) for n in range((last - first).days + 1))

    def before(self, end: datetime, lead: Period) -> datetime:
        """The moment that lies a lead before the end: working days and days before its day, hours before its moment."""
        end = end.astimezone(self.zone)
        if lead.unit in _SECONDS:
            return (end.astimezone(UTC) - timedelta(seconds=lead.amount * _SECONDS[lead.unit])).astimezone(self.zone)
        if lead.unit == "wd":
            return self.midnight(self.working_day_before(end.date(), lead.amount))
        day = end.date() - lead.amount * _DAY if lead.unit == "d" else _months_later(end.date(), -lead.amount)
        return datetime.combine(day, end.time(), self.zone)

    def is_open(self, moment: datetime, opens: time, closes: time) -> bool:
        """Whether the moment lies on a working day, from `opens` on and before `closes`, at the office."""
        local = moment.astimezone(self.zone)
        return self.is_working_day(local.date()) and opens <= local.time() < closes

    def next_open(self, moment: datetime, opens: time, closes: time) -> datetime:
        """The moment itself if the office is open then, else the next moment at which it opens."""
        local = moment.astimezone(self.zone)
        if self.is_open(local, opens, closes):
            return local
        day = local.date() if local.time() < opens else local.date() + _DAY
        return datetime.combine(self.rolled(day), opens, self.zone)

    def _add_hours(self, start: date | datetime, span: timedelta) -> Due:
        # Over UTC, so that a change to summer time makes no hour longer.
        moment = start if isinstance(start, datetime) else self.midnight(start + _DAY)
        return Due((moment.astimezone(UTC) + span).astimezone(self.zone), certain=isinstance(start, datetime))

    def _end_of(self, last: date, since: date) -> Due:
        certain = all(self.is_certain(year) for year in range(since.year, last.year + 1))
        return Due(self.midnight(last + _DAY), certain)


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of this day's month."""
    length = month_lengths.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=length)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has none (article 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def _library_says(day: date) -> bool | None:
    """Whether the library takes it for a working day; None: it doesn't know that year."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
