"""What today's reminder names, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.quotas import DeliveredDraft
from daemon.rules.reminders import Leads, ReminderItem, is_time, reminder_items
from parsers.office import Period, Unit
from tests.daemon.rules.samples import (
    CALENDAR,
    DEPARTMENT,
    DEPARTMENT_NEWS,
    NOTICES,
    RULES,
    TOWN,
    TOWN_NEWS,
    at,
    basis,
    draft,
)

LEADS = Leads(document=Period(1, "d"), quota=Period(5, "wd"))


def items(unit: Unit, drafts: list[DeliveredDraft], now: str) -> tuple[ReminderItem, ...]:
    """The items of the unit's letter at this moment."""
    return reminder_items(unit, drafts, LEADS, basis(now))


def news(*days: str) -> list[DeliveredDraft]:
    """One item of the town's news for each day."""
    return [draft(TOWN_NEWS, day) for day in days]


def every_day_to(last: int) -> list[DeliveredDraft]:
    """The town's news of November 2026, a day each."""
    return news(*(f"2026-11-{day:02}" for day in range(1, last + 1)))


def returned(due: str, certain: bool = True) -> DeliveredDraft:
    """A department's returned notice with this limit."""
    return draft(
        NOTICES, "2026-11-18", title="关于停水的公告", state="returned", submit_due_at=at(due), due_certain=certain
    )


def test_a_unit_that_owes_nothing_gets_no_letter() -> None:
    assert items(TOWN, every_day_to(16), "2026-11-17T09:00") == ()
    assert items(DEPARTMENT, [], "2026-11-17T09:00") == ()


# --- documents


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        ("2026-11-19T23:59", []),
        ("2026-11-20T00:00", ["due_soon"]),
        ("2026-11-20T23:59:59", ["due_soon"]),
        ("2026-11-21T00:00", ["overdue"]),
    ],
)
def test_a_returned_document_is_named_on_its_last_day_and_when_it_is_overdue(now: str, kinds: list[str]) -> None:
    assert [item.kind for item in items(DEPARTMENT, [returned("2026-11-21")], now)] == kinds


def test_nobody_is_told_to_be_late_on_an_uncertain_limit() -> None:
    (item,) = items(DEPARTMENT, [returned("2026-11-21", certain=False)], "2026-11-23T09:00")
    assert (item.kind, item.certain, item.due_at) == ("due_soon", False, at("2026-11-21"))


def test_a_document_is_named_with_what_it_needs() -> None:
    rule = draft(RULES, "2026-11-18", title="云溪县供水办法", submit_due_at=at("2026-11-21"), due_certain=True)
    (item,) = items(DEPARTMENT, [rule], "2026-11-23T09:00")
    assert (item.kind, item.needs, item.title, item.receipt, item.column) == (
        "overdue", "interpretation", "云溪县供水办法", rule.receipt, RULES.name,
    )  # fmt: skip


def test_an_interpretation_is_asked_for_though_no_limit_is_known() -> None:
    rule = draft(RULES, "2026-11-18", title="云溪县供水办法")
    (item,) = items(DEPARTMENT, [rule], "2026-11-19T09:00")
    assert (item.kind, item.needs, item.due_at) == ("unexplained", "interpretation", None)


# --- quotas


def test_yesterday_s_missing_item_is_named_once() -> None:
    drafts = every_day_to(16) + news("2026-11-18")
    (item,) = items(TOWN, drafts, "2026-11-18T09:00")
    assert (item.kind, item.days, item.owed, item.missing) == ("daily_quota", (date(2026, 11, 17),), 1, 1)
    assert items(TOWN, drafts, "2026-11-19T09:00") == ()


def test_monday_s_letter_names_the_days_since_friday() -> None:
    (item,) = items(TOWN, every_day_to(20), "2026-11-23T09:00")
    assert (item.days, item.missing) == ((date(2026, 11, 21), date(2026, 11, 22)), 2)


def test_the_letter_after_a_long_holiday_names_its_days_over_the_end_of_a_month() -> None:
    drafts = news(*(f"2026-09-{day:02}" for day in range(1, 30)), "2026-10-07")
    found = items(TOWN, drafts, "2026-10-08T09:00")
    assert {item.kind for item in found} == {"daily_quota"}  # September is over: its thirtieth item can't be sent in
    days = [day for item in found for day in item.days]
    assert days == [date(2026, 9, 30), *(date(2026, 10, day) for day in range(1, 7))]


@pytest.mark.parametrize(("now", "named"), [("2026-11-23T23:59", 0), ("2026-11-24T00:00", 1), ("2026-11-30T23:59", 1)])
def test_a_month_s_quota_is_named_on_its_last_five_working_days(now: str, named: int) -> None:
    drafts = [draft(DEPARTMENT_NEWS, "2026-11-02", state="published", published_on=date(2026, 11, 3))]
    found = items(DEPARTMENT, drafts, now)
    assert len(found) == named
    assert all((item.kind, item.owed, item.delivered, item.missing) == ("monthly_quota", 15, 1, 14) for item in found)
    assert all(item.due_at == at("2026-12-01") for item in found)


def test_a_unit_is_not_asked_for_what_waits_for_the_desk() -> None:
    published = [draft(DEPARTMENT_NEWS, "2026-11-02", state="published", published_on=date(2026, 11, 3))] * 10
    drafts = published + [draft(DEPARTMENT_NEWS, "2026-11-20") for _ in range(4)]
    (item,) = items(DEPARTMENT, drafts, "2026-11-26T09:00")
    assert (item.delivered, item.waiting, item.missing) == (10, 4, 1)
    assert items(DEPARTMENT, [*drafts, draft(DEPARTMENT_NEWS, "2026-11-25")], "2026-11-26T09:00") == ()


# --- silence


def test_a_silent_column_is_named_with_its_last_day() -> None:
    found = items(TOWN, every_day_to(9), "2026-11-13T09:00")
    assert [item.kind for item in found] == ["daily_quota", "stale"]
    assert (found[1].last_on, found[1].silent_days, found[1].due_at) == (date(2026, 11, 9), 3, at("2026-11-13"))


# --- who and when


def test_the_most_urgent_kind_comes_first() -> None:
    drafts = [*every_day_to(20), returned("2026-11-26"), returned("2026-11-21")]
    kinds = [item.kind for item in items(TOWN, drafts, "2026-11-25T09:00")]
    assert kinds == ["overdue", "due_soon", "daily_quota", "monthly_quota", "stale"]


def test_who_is_not_yet_or_no_longer_on_duty_gets_no_letter() -> None:
    drafts = [returned("2026-11-21")]
    assert items(replace(TOWN, since=date(2026, 11, 26)), drafts, "2026-11-25T09:00") == ()
    assert items(replace(TOWN, until=date(2026, 11, 24)), drafts, "2026-11-25T09:00") == ()
    assert items(replace(TOWN, until=date(2026, 11, 25)), drafts, "2026-11-25T09:00") != ()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-20T08:59:59", False),
        ("2026-11-20T09:00", True),
        ("2026-11-20T23:00", True),
        ("2026-11-21T09:00", False),
        ("2026-10-10T09:00", True),
        ("2026-10-05T09:00", False),
    ],
)
def test_letters_are_written_on_working_days_from_their_hour_on(now: str, due: bool) -> None:
    assert is_time(at(now), time(9), CALENDAR) is due


@given(st.sets(st.integers(1, 30)), st.integers(1, 30))
def test_what_is_missing_is_never_negative_and_never_of_today(sent: set[int], today: int) -> None:
    drafts = news(*(f"2026-11-{day:02}" for day in sent))
    for item in items(TOWN, drafts, f"2026-11-{today:02}T09:00"):
        assert item.missing >= 0
        assert all(day < date(2026, 11, today) and day.day not in sent for day in item.days if day.month == 11)
