"""The last day on which a text holds, where only a span is stated."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.rules.expiry import last_day
from parsers.office import Period, PeriodUnit
from parsers.validity import End, EndKind
from tests.daemon.rules.samples import CALENDAR

ISSUED, UP = date(2026, 9, 28), date(2026, 9, 29)


@pytest.mark.parametrize(
    ("kind", "amount", "unit", "since", "last"),
    [
        ("public_notice", 7, "d", None, "2026-10-08"),  # 10-06 is a day off
        ("public_notice", 5, "wd", None, "2026-10-12"),  # 09-30, 10-08, 10-09, 10-10 (made up), 10-12
        ("public_notice", 7, "d", date(2026, 11, 19), "2026-11-26"),
        ("validity", 60, "mo", date(2026, 4, 1), "2031-03-31"),
        ("validity", 24, "mo", None, "2028-09-27"),
    ],
)
def test_a_span_ends_where_the_law_has_it(
    kind: EndKind, amount: int, unit: PeriodUnit, since: date | None, last: str
) -> None:
    end = End(kind, "", span=Period(amount, unit), since=since)
    assert last_day(end, ISSUED, UP, CALENDAR) == date.fromisoformat(last)


def test_a_stated_day_is_the_day() -> None:
    assert last_day(End("deadline", "", on=ISSUED), None, UP, CALENDAR) == ISSUED


def test_without_its_beginning_a_validity_has_no_end() -> None:
    assert last_day(End("validity", "", span=Period(12, "mo")), None, UP, CALENDAR) is None


def test_beyond_the_calendar_there_is_no_end() -> None:
    assert last_day(End("validity", "", span=Period(12, "mo"), since=date(9999, 5, 1)), None, UP, CALENDAR) is None
