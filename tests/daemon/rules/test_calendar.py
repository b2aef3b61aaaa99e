"""Counting as DOMAIN.md, section 3, has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.calendar import Calendar, Due, month_of
from parsers.office import Period, PeriodUnit

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar()
PLAIN = Calendar(roll_over=False)
THREE_DAYS, THREE_WORKING_DAYS = Period(3, "d"), Period(3, "wd")

known_days = st.dates(date(2005, 1, 1), date(2026, 11, 30))
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
day_like: st.SearchStrategy[PeriodUnit] = st.sampled_from(["d", "wd", "mo"])
periods = st.builds(Period, st.integers(1, 60), day_like)
hours = st.builds(Period, st.integers(1, 200), st.sampled_from(["s", "min", "h"]))
moments = st.datetimes(datetime(2005, 1, 1), datetime(2026, 11, 30), timezones=st.just(SHANGHAI))


def at(text: str) -> datetime:
    """A moment at the office."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("issued", "plain", "rolled", "working"),
    [
        (date(2026, 9, 30), date(2026, 10, 3), date(2026, 10, 8), date(2026, 10, 10)),
        (date(2026, 2, 14), date(2026, 2, 17), date(2026, 2, 24), date(2026, 2, 26)),
    ],
)
def test_three_days_and_three_working_days_are_two_clocks(
    issued: date, plain: date, rolled: date, working: date
) -> None:
    assert PLAIN.add(issued, THREE_DAYS).last_day == plain
    assert CALENDAR.add(issued, THREE_DAYS).last_day == rolled
    assert CALENDAR.add(issued, THREE_WORKING_DAYS).last_day == working


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        ("2026-09-14", "2026-09-18"),  # an ordinary week
        ("2026-09-16", "2026-09-21"),  # the last day is Saturday, the Sunday after it is worked
        ("2026-09-17", "2026-09-21"),  # the last day is that worked Sunday
        ("2026-09-22", "2026-09-29"),  # the last day is Mid-Autumn
        ("2026-09-28", "2026-10-09"),  # the last day is National Day
        ("2026-10-07", "2026-10-11"),  # the last day is a worked Saturday
        ("2026-10-21", "2026-10-27"),  # the last day is Saturday
        ("2026-11-13", "2026-11-17"),  # from a Friday to a Monday
    ],
)
def test_a_document_is_too_late_at_the_midnight_after_its_last_day(issued: str, due: str) -> None:
    found = CALENDAR.add(date.fromisoformat(issued), THREE_DAYS)
    assert found == Due(at(due), certain=True)
    assert found.at.isoformat() == f"{due}T00:00:00+08:00"


def test_the_last_microsecond_of_the_last_day_is_in_time_and_midnight_is_not() -> None:
    due = CALENDAR.add(date(2026, 9, 30), THREE_DAYS)
    assert at("2026-10-08T23:59:59.999999") < due.at
    assert not at("2026-10-09T00:00:00") < due.at


@pytest.mark.parametrize("hour", ["00:00:00", "12:00:00", "23:59:59.999999"])
def test_the_hour_of_the_event_does_not_matter_to_days(hour: str) -> None:
    assert CALENDAR.add(at(f"2026-09-30T{hour}"), THREE_DAYS) == CALENDAR.add(date(2026, 9, 30), THREE_DAYS)


def test_the_day_of_an_event_is_the_day_at_the_office() -> None:
    evening_in_london = datetime(2026, 9, 29, 17, 0, tzinfo=UTC)
    assert CALENDAR.add(evening_in_london, THREE_DAYS).last_day == date(2026, 10, 8)


def test_hours_run_from_their_moment_through_nights_and_holidays() -> None:
    assert CALENDAR.add(at("2026-09-30T15:20"), Period(24, "h")) == Due(at("2026-10-01T15:20"), certain=True)
    assert CALENDAR.add(at("2026-09-30T15:20"), Period(90, "min")).at == at("2026-09-30T16:50")


def test_hours_from_a_date_alone_run_from_the_end_of_that_day_and_are_uncertain() -> None:
    assert CALENDAR.add(date(2026, 9, 30), Period(12, "h")) == Due(at("2026-10-01T12:00"), certain=False)


def test_an_hour_stays_an_hour_when_the_clocks_change() -> None:
    berlin = Calendar(timezone="Europe/Berlin")
    before = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert berlin.add(before, Period(1, "h")).at.isoformat() == "2026-03-29T03:30:00+02:00"


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2025-08-12", 1, "2025-09-12"),
        ("2026-01-31", 1, "2026-02-28"),  # no 31 February (article 202); a worked Saturday
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-12-09", 2, "2026-02-09"),
    ],
)
def test_a_period_in_months_ends_on_the_same_day_of_a_later_month(start: str, months: int, last: str) -> None:
    assert CALENDAR.add(date.fromisoformat(start), Period(months, "mo")).last_day == date.fromisoformat(last)


# --- what is official


@pytest.mark.parametrize("day", ["2026-10-01", "2026-02-16", "2025-10-08", "2026-11-21"])
def test_the_library_knows_days_off(day: str) -> None:
    assert not CALENDAR.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-10-10", "2026-02-14", "2026-02-28", "2026-11-20"])
def test_the_library_knows_make_up_days(day: str) -> None:
    assert CALENDAR.is_working_day(date.fromisoformat(day))


def test_calendar_yaml_stands_over_the_library() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 11, 20)}), workdays=frozenset({date(2026, 11, 21)}))
    assert not calendar.is_working_day(date(2026, 11, 20))
    assert calendar.is_working_day(date(2026, 11, 21))


@pytest.mark.parametrize("year", [2003, 2027, 2060])
def test_other_years_have_weekends_and_fixed_days_and_are_provisional(year: int) -> None:
    assert not CALENDAR.is_certain(year)
    assert not any(CALENDAR.is_working_day(date(year, month, day)) for month, day in ((1, 1), (5, 1), (10, 1), (10, 3)))
    assert CALENDAR.is_working_day(date(2027, 10, 4))
    assert not CALENDAR.is_working_day(date(2027, 10, 9))


def test_a_count_that_touches_a_provisional_year_is_uncertain() -> None:
    assert CALENDAR.add(date(2026, 12, 28), THREE_DAYS).certain
    across = CALENDAR.add(date(2026, 12, 29), THREE_DAYS)
    assert across == Due(at("2027-01-05"), certain=False)
    assert not CALENDAR.add(date(2026, 12, 30), THREE_WORKING_DAYS).certain


def test_a_count_that_begins_in_a_provisional_year_and_ends_in_an_official_one_is_uncertain() -> None:
    calendar = Calendar(official_years=frozenset({2028}))
    due = calendar.add(date(2027, 12, 29), THREE_WORKING_DAYS)
    assert (due.last_day, due.certain) == (date(2028, 1, 3), False)


def test_without_roll_over_days_need_no_calendar() -> None:
    assert PLAIN.add(date(2029, 12, 30), THREE_DAYS) == Due(at("2030-01-03"), certain=True)


@pytest.mark.parametrize(
    ("today", "year"), [("2026-11-30", None), ("2026-12-01", 2027), ("2027-03-01", 2027), ("2025-12-31", None)]
)
def test_from_december_on_the_next_year_s_days_off_are_asked_for(today: str, year: int | None) -> None:
    assert CALENDAR.missing_year(date.fromisoformat(today)) == year
    assert Calendar(official_years=frozenset({2027})).missing_year(date.fromisoformat(today)) is None


def test_one_date_does_not_make_a_year_official_but_official_years_does() -> None:
    one = Calendar(holidays=frozenset({date(2027, 2, 6)}))
    assert not one.is_certain(2027)
    listed = replace(one, official_years=frozenset({2027}), workdays=frozenset({date(2027, 2, 14)}))
    assert listed.is_certain(2027)
    assert listed.add(date(2027, 2, 5), Period(1, "d")) == Due(at("2027-02-09"), certain=True)
    assert listed.is_working_day(date(2027, 2, 14))
    assert listed.is_working_day(date(2027, 10, 1))  # a complete list that doesn't have it is believed


def test_the_end_of_the_calendar_is_an_overflow_and_not_an_endless_search() -> None:
    for period in (THREE_DAYS, THREE_WORKING_DAYS, Period(1, "mo")):
        with pytest.raises(OverflowError):
            CALENDAR.add(date(9999, 12, 31), period)


# --- before, and opening hours


@pytest.mark.parametrize(
    ("end", "lead", "moment"),
    [
        ("2026-11-21T00:00", Period(1, "d"), "2026-11-20T00:00"),
        ("2026-11-20T15:00", Period(2, "h"), "2026-11-20T13:00"),
        ("2026-11-01T00:00", Period(5, "wd"), "2026-10-26T00:00"),  # the last five working days of October
        ("2026-10-09T00:00", Period(2, "wd"), "2026-09-30T00:00"),  # over the holiday
        ("2026-03-31T00:00", Period(1, "mo"), "2026-02-28T00:00"),
    ],
)
def test_a_lead_before_an_end(end: str, lead: Period, moment: str) -> None:
    assert CALENDAR.before(at(end), lead) == at(moment)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-20T09:31", "2026-11-20T09:31"),
        ("2026-11-20T08:30", "2026-11-20T08:30"),
        ("2026-11-20T06:00", "2026-11-20T08:30"),
        ("2026-11-20T17:30", "2026-11-23T08:30"),
        ("2026-11-21T12:00", "2026-11-23T08:30"),
        ("2026-09-30T23:59", "2026-10-08T08:30"),
    ],
)
def test_letters_wait_for_the_office_to_open(moment: str, opening: str) -> None:
    opens, closes = time(8, 30), time(17, 30)
    assert CALENDAR.next_open(at(moment), opens, closes) == at(opening)
    assert CALENDAR.is_open(at(moment), opens, closes) == (moment == opening)


def test_working_days_of_a_stretch_are_counted_with_both_ends() -> None:
    assert CALENDAR.working_days(date(2026, 9, 30), date(2026, 10, 10)) == 4
    assert CALENDAR.working_days(date(2026, 10, 1), date(2026, 10, 7)) == 0


def test_a_month_has_its_first_and_last_day() -> None:
    assert month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))


# --- laws


@given(days, days, periods)
def test_who_starts_later_is_not_due_earlier(one: date, other: date, period: Period) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.add(first, period).at <= CALENDAR.add(second, period).at


@given(days, st.integers(1, 60), day_like)
def test_a_longer_period_does_not_end_earlier(start: date, amount: int, unit: PeriodUnit) -> None:
    assert CALENDAR.add(start, Period(amount, unit)).at <= CALENDAR.add(start, Period(amount + 1, unit)).at


@given(days, periods)
def test_a_period_ends_at_a_midnight_after_a_working_day_that_follows_its_start(start: date, period: Period) -> None:
    due = CALENDAR.add(start, period)
    assert due.at.timetz().replace(tzinfo=None) == time()
    assert due.last_day > start
    assert CALENDAR.is_working_day(due.last_day)


@given(days, periods)
def test_rolling_over_moves_only_forward_and_only_over_days_off(start: date, period: Period) -> None:
    plain, rolled = PLAIN.add(start, period).last_day, CALENDAR.add(start, period).last_day
    assert rolled >= plain
    between = [plain + timedelta(days=n) for n in range((rolled - plain).days)]
    assert not any(CALENDAR.is_working_day(day) for day in between)


@given(known_days, st.integers(1, 60))
def test_working_days_are_as_many_as_they_say(start: date, amount: int) -> None:
    last = CALENDAR.add(start, Period(amount, "wd")).last_day
    assert CALENDAR.working_days(start + timedelta(days=1), last) == amount


@given(known_days, st.integers(1, 60))
def test_so_many_working_days_back_and_forth_lead_to_the_same_working_day(start: date, amount: int) -> None:
    day = CALENDAR.rolled(start)
    assert CALENDAR.working_day_before(CALENDAR.working_day_after(day, amount), amount) == day


@given(moments, hours)
def test_hours_are_exact_and_before_takes_them_back(start: datetime, period: Period) -> None:
    due = CALENDAR.add(start, period)
    seconds = period.amount * {"s": 1, "min": 60, "h": 3600}[period.unit]
    assert due.at - start == timedelta(seconds=seconds)
    assert CALENDAR.before(due.at, period) == start


@given(moments)
def test_the_next_opening_is_open_and_not_in_the_past(moment: datetime) -> None:
    opens, closes = time(8, 30), time(17, 30)
    opening = CALENDAR.next_open(moment, opens, closes)
    assert opening >= moment
    assert CALENDAR.is_open(opening, opens, closes)
