"""How much a unit owes, and what counts as delivered (DOMAIN.md, section 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.quotas import (
    ALWAYS,
    Basis,
    DeliveredDraft,
    QuotaState,
    counts_for_punctuality,
    counts_for_quota,
    duty_start,
    owes_column,
    owes_month,
    quota_state,
)
from daemon.rules.states import STATES
from parsers.office import Column, Quota, Unit
from tests.daemon.rules.samples import DEPARTMENT, DEPARTMENT_NEWS, NOTICES, TOWN, TOWN_NEWS, basis, draft

DAILY, MONTHLY = TOWN_NEWS.quotas
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def state_of(
    drafts: list[DeliveredDraft], quota: Quota, month: date, on: Basis, unit: Unit = TOWN, column: Column = TOWN_NEWS
) -> QuotaState:
    """The quota's state, which must be owed."""
    state = quota_state(unit, column, quota, drafts, month, on)
    assert state is not None
    return state


def every_day(month: str, days: range) -> list[DeliveredDraft]:
    """One draft a day."""
    return [draft(TOWN_NEWS, f"{month}-{day:02}") for day in days]


# --- what counts


def test_what_counts_is_what_the_domain_says() -> None:
    one = draft(TOWN_NEWS, "2026-11-02")
    never = {"archived", "quarantined", "rejected", "withdrawn"}
    assert {state for state in STATES if not counts_for_punctuality(replace(one, state=state))} == never
    assert {state for state in STATES if not counts_for_quota(replace(one, state=state))} == never | {"returned"}


def test_a_duplicate_counts_for_nothing() -> None:
    twin = draft(TOWN_NEWS, "2026-11-02", is_duplicate=True)
    assert not counts_for_punctuality(twin)
    assert not counts_for_quota(twin)


def test_a_draft_counts_in_its_present_column_alone() -> None:
    moved = draft(NOTICES, "2026-11-02")
    assert state_of([moved], MONTHLY, NOVEMBER, basis("2026-11-03T09:00")).delivered == 0


# --- months


def test_a_month_owes_its_number_from_its_first_day_on() -> None:
    state = state_of(every_day("2026-11", range(1, 11)), MONTHLY, NOVEMBER, basis("2026-11-10T09:00"))
    assert (state.owed, state.delivered, state.missing) == (30, 10, 20)
    assert (state.first, state.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert len(state.receipts) == 10


def test_a_daily_item_in_every_day_of_february_still_fails_thirty_a_month() -> None:
    drafts, on = every_day("2026-02", range(1, 29)), basis("2026-03-02T09:00")
    assert state_of(drafts, DAILY, date(2026, 2, 1), on).missing == 0
    assert state_of(drafts, MONTHLY, date(2026, 2, 1), on).missing == 2


def test_more_than_owed_leaves_nothing_missing() -> None:
    drafts = every_day("2026-10", range(1, 32))
    state = state_of(drafts, MONTHLY, OCTOBER, basis("2026-11-02T09:00"))
    assert (state.delivered, state.missing) == (31, 0)


def test_where_the_published_count_the_day_of_publishing_does() -> None:
    quota = DEPARTMENT_NEWS.quotas[0]
    drafts = [
        draft(DEPARTMENT_NEWS, "2026-10-30", state="published", published_on=date(2026, 11, 2)),
        draft(DEPARTMENT_NEWS, "2026-11-03", state="in_review", published_on=date(2026, 11, 4)),  # being corrected
        draft(DEPARTMENT_NEWS, "2026-11-05", state="approved"),
        draft(DEPARTMENT_NEWS, "2026-11-06", state="withdrawn", published_on=date(2026, 11, 6)),
    ]
    state = state_of(drafts, quota, NOVEMBER, basis("2026-11-20T09:00"), DEPARTMENT, DEPARTMENT_NEWS)
    assert (state.delivered, state.missing, state.waiting) == (2, 13, 1)
    last_day = state_of(drafts, quota, NOVEMBER, basis("2026-11-30T23:00"), DEPARTMENT, DEPARTMENT_NEWS)
    assert last_day.waiting == 1
    over = state_of(drafts, quota, NOVEMBER, basis("2026-12-01T09:00"), DEPARTMENT, DEPARTMENT_NEWS)
    assert (over.missing, over.waiting) == (13, 0)


# --- days


def test_today_is_not_over_so_nothing_of_today_is_missing() -> None:
    drafts = every_day("2026-11", range(1, 10))
    state = state_of(drafts, DAILY, NOVEMBER, basis("2026-11-10T23:59"))
    assert (state.owed, state.delivered, state.missing, state.lacking) == (9, 9, 0, ())


def test_two_items_on_one_day_do_not_make_good_the_day_before() -> None:
    drafts = [draft(TOWN_NEWS, "2026-11-02"), draft(TOWN_NEWS, "2026-11-02")]
    state = state_of(drafts, DAILY, NOVEMBER, basis("2026-11-04T09:00"))
    assert (state.owed, state.delivered, state.missing) == (3, 2, 2)
    assert state.lacking == ((date(2026, 11, 1), 1), (date(2026, 11, 3), 1))


def test_days_are_calendar_days_unless_the_quota_says_working_days() -> None:
    working = replace(DAILY, days="working")
    on = basis("2026-10-13T09:00")
    assert state_of([], DAILY, OCTOBER, on).missing == 12
    assert [day.day for day, _ in state_of([], working, OCTOBER, on).lacking] == [8, 9, 10, 12]
    assert state_of([], working, OCTOBER, on).certain


def test_working_days_of_a_provisional_year_are_uncertain() -> None:
    working = replace(DAILY, days="working")
    assert not state_of([], working, date(2027, 2, 1), basis("2027-02-10T09:00")).certain
    assert state_of([], DAILY, date(2027, 2, 1), basis("2027-02-10T09:00")).certain


# --- who owes


@pytest.mark.parametrize(
    ("since", "until", "month", "owes"),
    [
        (None, None, NOVEMBER, True),
        (date(2026, 11, 1), None, NOVEMBER, True),
        (date(2026, 11, 2), None, NOVEMBER, False),
        (date(2026, 11, 2), None, date(2026, 12, 1), True),
        (None, date(2026, 11, 29), NOVEMBER, False),
        (None, date(2026, 11, 30), NOVEMBER, True),
        (None, date(2026, 11, 29), OCTOBER, True),
    ],
)
def test_partial_first_and_last_months_owe_no_quota(
    since: date | None, until: date | None, month: date, owes: bool
) -> None:
    unit = replace(TOWN, since=since, until=until)
    on = basis("2026-12-15T09:00")
    assert owes_month(unit, month, on) is owes
    assert (quota_state(unit, TOWN_NEWS, MONTHLY, [], month, on) is not None) is owes
    assert (quota_state(unit, TOWN_NEWS, DAILY, [], month, on) is not None) is owes


def test_a_month_to_come_owes_nothing_yet() -> None:
    assert quota_state(TOWN, TOWN_NEWS, MONTHLY, [], date(2026, 12, 1), basis("2026-11-30T23:00")) is None


def test_units_owe_nothing_of_other_kinds_of_exempt_columns_or_of_others_documents() -> None:
    assert owes_column(TOWN, TOWN_NEWS)
    assert not owes_column(DEPARTMENT, TOWN_NEWS)
    assert not owes_column(replace(TOWN, exempt=(TOWN_NEWS.name,)), TOWN_NEWS)
    assert owes_column(TOWN, NOTICES)
    assert owes_column(TOWN, replace(NOTICES, issuers=("青石镇",)))
    assert owes_column(replace(TOWN, document_prefixes=("青政发",)), replace(NOTICES, issuers=("青政发",)))
    assert not owes_column(TOWN, replace(NOTICES, issuers=("云溪县财政局",)))


def test_duties_begin_where_the_mailbox_does() -> None:
    first_poll = date(2026, 11, 20)
    assert duty_start("now", first_poll) == first_poll
    assert duty_start("all", first_poll) == ALWAYS
    assert duty_start(date(2026, 3, 1), first_poll) == date(2026, 3, 1)


def test_the_month_of_the_first_poll_owes_nothing() -> None:
    on = basis("2026-11-25T09:00", start=date(2026, 11, 20))
    assert quota_state(TOWN, TOWN_NEWS, MONTHLY, [], NOVEMBER, on) is None


# --- laws

some_drafts = st.lists(
    st.builds(
        lambda day, state: draft(TOWN_NEWS, f"2026-11-{day:02}", state=state),
        st.integers(1, 30),
        st.sampled_from(STATES),
    ),
    max_size=40,
)


@given(some_drafts, st.integers(1, 30), st.sampled_from([DAILY, MONTHLY, replace(DAILY, at_least=3, days="working")]))
def test_delivered_and_missing_cover_what_is_owed(drafts: list[DeliveredDraft], today: int, quota: Quota) -> None:
    state = state_of(drafts, quota, NOVEMBER, basis(f"2026-11-{today:02}T09:00"))
    assert 0 <= state.missing <= state.owed
    assert state.delivered + state.missing >= state.owed
    assert state.delivered == len(state.receipts)


@given(some_drafts, st.integers(1, 30))
def test_one_more_draft_never_leaves_more_missing(drafts: list[DeliveredDraft], day: int) -> None:
    on = basis("2026-12-01T09:00")
    more = [*drafts, draft(TOWN_NEWS, f"2026-11-{day:02}")]
    for quota in (DAILY, MONTHLY):
        assert state_of(more, quota, NOVEMBER, on).missing <= state_of(drafts, quota, NOVEMBER, on).missing
