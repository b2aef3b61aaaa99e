"""The last day on which a published text holds (过期及失效信息应及时删除或变更, part 二 of the notice)."""

from __future__ import annotations

from datetime import date, timedelta

from daemon.rules.calendar import Calendar
from parsers.validity import End


def last_day(end: End, issued_on: date | None, published_on: date, calendar: Calendar) -> date | None:
    """The end's last day; None where the day from which it runs is not known, or lies beyond the calendar.

    A public notice runs from the day on which it is up, which is not counted (民法典 201). A validity of months or
    years is one from the day of coming into force, else of issue, to the day before it comes round.
    """
    if end.on is not None or end.span is None:
        return end.on
    start = end.since or (issued_on if end.kind == "validity" else published_on)
    if start is None:
        return None
    try:
        if end.kind == "validity":
            # The last day of a validity is no day on which something has to be done: it moves to no working day.
            return calendar.plain_last_day(start, end.span) - timedelta(days=1)
        return calendar.add(start, end.span).last_day
    except OverflowError:
        return None
