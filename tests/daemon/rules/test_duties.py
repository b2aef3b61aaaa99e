"""A unit's account of a period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daemon.rules.duties import (
    Gap,
    Interpretations,
    OpenDocument,
    UnitDuties,
    gaps,
    has_interpretation,
    open_documents,
    unit_duties,
)
from daemon.rules.quotas import Basis, DeliveredDraft
from parsers.office import Column, Unit
from tests.daemon.rules.samples import (
    DEPARTMENT,
    DEPARTMENT_NEWS,
    INTERPRETATIONS,
    NOTICES,
    OFFICE,
    RULES,
    TOWN,
    TOWN_NEWS,
    at,
    basis,
    draft,
)

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
AFTERWARDS = basis("2026-11-02T09:00")


def account(drafts: list[DeliveredDraft], unit: Unit = TOWN, on: Basis = AFTERWARDS) -> UnitDuties:
    """The unit's October."""
    return unit_duties(unit, drafts, FIRST, LAST, on)


def test_on_time_late_and_unknown_are_three_numbers_and_a_returned_draft_is_in_them() -> None:
    drafts = [
        draft(NOTICES, "2026-10-08", timeliness="on_time"),
        draft(NOTICES, "2026-10-09", timeliness="late", state="returned"),
        draft(NOTICES, "2026-10-10", timeliness="unknown", state="published"),
        draft(NOTICES, "2026-10-11", timeliness="late", state="rejected"),
        draft(NOTICES, "2026-09-30", timeliness="late"),
        draft(NOTICES, "2026-11-01", timeliness="late"),
    ]
    found = account(drafts)
    assert (found.on_time, found.late, found.unknown, found.returned) == (1, 1, 1, 1)


def test_what_came_before_duties_began_or_after_they_ended_is_not_in_the_account() -> None:
    drafts = [draft(NOTICES, f"2026-10-{day:02}", timeliness="late") for day in (9, 10, 20, 21)]
    unit = replace(TOWN, since=date(2026, 10, 10), until=date(2026, 10, 20))
    assert account(drafts, unit).late == 2


def test_a_column_is_as_far_behind_as_its_worst_quota() -> None:
    drafts = [draft(TOWN_NEWS, f"2026-10-{day:02}") for day in range(1, 29)]
    column = account(drafts).columns[0]
    assert (column.column, column.owed, column.delivered, column.missing) == (TOWN_NEWS.name, 31, 28, 3)
    assert len(column.receipts) == 28


def test_a_column_without_quota_owes_nothing_and_lists_what_came() -> None:
    notice = draft(NOTICES, "2026-10-10")
    column = next(column for column in account([notice]).columns if column.column == NOTICES.name)
    assert (column.owed, column.delivered, column.missing, column.receipts) == (0, 1, 0, (notice.receipt,))


def test_an_account_of_several_months_adds_them_up() -> None:
    found = unit_duties(TOWN, [], date(2026, 9, 1), date(2026, 10, 31), AFTERWARDS)
    assert (found.columns[0].owed, found.columns[0].missing) == (61, 61)


def test_an_account_has_the_columns_that_the_unit_owes() -> None:
    names = [column.column for column in account([], replace(TOWN, exempt=(RULES.name,))).columns]
    assert names == [TOWN_NEWS.name, NOTICES.name, INTERPRETATIONS.name]


@pytest.mark.parametrize(
    ("unit", "now", "days"),
    [
        (TOWN, "2026-11-02T09:00", 29),
        (TOWN, "2026-10-05T09:00", 3),
        (replace(TOWN, since=date(2026, 10, 20)), "2026-11-02T09:00", 12),
        (replace(TOWN, until=date(2026, 10, 2)), "2026-11-02T09:00", 1),
        (replace(TOWN, since=date(2026, 12, 1)), "2026-11-02T09:00", 0),
    ],
)
def test_days_without_news_are_days_that_are_over_and_owed(unit: Unit, now: str, days: int) -> None:
    drafts = [
        draft(TOWN_NEWS, "2026-10-02"),
        draft(TOWN_NEWS, "2026-10-02"),
        draft(TOWN_NEWS, "2026-10-03", state="returned"),
        draft(NOTICES, "2026-10-04"),
        draft(TOWN_NEWS, "2026-10-06"),
    ]
    assert account(drafts, unit, basis(now)).days_without_news == days


def test_a_unit_without_columns_of_news_has_no_days_without_news() -> None:
    office = replace(OFFICE, columns=(NOTICES,))
    assert account([], TOWN, replace(AFTERWARDS, office=office)).days_without_news == 0


# --- gaps


def test_a_column_is_stale_from_the_end_of_its_period_on() -> None:
    drafts = [draft(TOWN_NEWS, "2026-11-09"), draft(TOWN_NEWS, "2026-11-10", state="rejected")]
    assert gaps(TOWN, drafts, basis("2026-11-12T23:59:59")) == ()
    assert gaps(TOWN, drafts, basis("2026-11-13T00:00")) == (
        Gap(TOWN_NEWS.name, date(2026, 11, 9), 3, at("2026-11-13")),
    )


def test_a_unit_that_never_sent_anything_is_silent_since_its_duties_began() -> None:
    unit = replace(TOWN, since=date(2026, 11, 9))
    assert gaps(unit, [], basis("2026-11-13T00:00")) == (Gap(TOWN_NEWS.name, None, 3, at("2026-11-13")),)
    assert gaps(DEPARTMENT, [], basis("2026-11-13T00:00")) == ()


def test_what_came_before_duties_began_does_not_make_a_unit_silent_earlier() -> None:
    unit = replace(TOWN, since=date(2026, 11, 9))
    old = [draft(TOWN_NEWS, "2026-10-01")]
    assert gaps(unit, old, basis("2026-11-12T09:00")) == ()
    assert gaps(unit, old, basis("2026-11-13T09:00"))[0].last_on == date(2026, 10, 1)


# --- documents that wait for the unit


def waiting(column: Column, **values: object) -> DeliveredDraft:
    """A document whose limit is 21 November."""
    return draft(column, "2026-11-18", submit_due_at=at("2026-11-21"), due_certain=True, **values)


def test_a_returned_document_waits_until_it_is_resent() -> None:
    returned = waiting(NOTICES, title="关于停水的公告", state="returned")
    assert open_documents(OFFICE, [returned]) == (
        OpenDocument(returned.receipt, "关于停水的公告", NOTICES.name, "resend", at("2026-11-21"), certain=True),
    )
    assert open_documents(OFFICE, [replace(returned, state="pending")]) == ()
    assert open_documents(OFFICE, [replace(returned, submit_due_at=None)]) == ()
    assert open_documents(OFFICE, [replace(returned, is_duplicate=True)]) == ()


def test_the_most_urgent_document_comes_first() -> None:
    later = replace(waiting(NOTICES, state="returned"), submit_due_at=at("2026-11-24"))
    sooner = waiting(NOTICES, state="returned")
    assert [found.receipt for found in open_documents(OFFICE, [later, sooner])] == [sooner.receipt, later.receipt]


@pytest.mark.parametrize(
    ("document", "interpretation"),
    [
        ("云溪县农村公路管理办法（试行）", "《云溪县农村公路管理办法（试行）》政策解读"),
        ("云溪县人民政府关于印发《云溪县农村公路管理办法》的通知", "一图读懂：云溪县农村公路管理办法"),
        ("青石镇人民政府关于加强秋季森林防火工作的通知", "关于加强秋季森林防火工作的解读"),
    ],
)
def test_an_interpretation_is_known_by_its_subject(document: str, interpretation: str) -> None:
    rule = waiting(RULES, title=document)
    reading = draft(INTERPRETATIONS, "2026-11-20", title=interpretation)
    assert has_interpretation(rule, OFFICE, [rule, reading])
    assert open_documents(OFFICE, [rule, reading]) == ()


@pytest.mark.parametrize(
    "reading",
    [
        draft(INTERPRETATIONS, "2026-11-20", title="《云溪县城市供水条例》解读"),
        draft(NOTICES, "2026-11-20", title="关于公布云溪县农村公路管理办法的公告"),
        draft(INTERPRETATIONS, "2026-11-20", title="《云溪县农村公路管理办法》解读", state="returned"),
    ],
)
def test_another_subject_another_column_or_a_returned_one_interprets_nothing(reading: DeliveredDraft) -> None:
    rule = waiting(RULES, title="云溪县农村公路管理办法")
    assert [found.needs for found in open_documents(OFFICE, [rule, reading])] == ["interpretation"]


def test_a_subject_of_two_characters_is_too_little_to_know_an_interpretation_by() -> None:
    rule = waiting(RULES, title="供水办法")
    other, own = (draft(INTERPRETATIONS, "2026-11-20", title=title) for title in ("农村供水问答", "《供水办法》解读"))
    assert not has_interpretation(rule, OFFICE, [rule, other])
    assert has_interpretation(rule, OFFICE, [rule, own])


def test_interpretations_are_counted_for_the_documents_that_need_them() -> None:
    drafts = [
        draft(RULES, "2026-10-10", title="云溪县农村公路管理办法"),
        draft(RULES, "2026-10-12", title="云溪县城市供水条例"),
        draft(NOTICES, "2026-10-12", title="关于停水的公告"),
        draft(INTERPRETATIONS, "2026-11-01", title="《云溪县农村公路管理办法》解读"),
    ]
    assert account(drafts).interpretations == Interpretations(owed=2, delivered=1)


def test_what_counts_by_publication_counts_where_it_was_published() -> None:
    published = draft(DEPARTMENT_NEWS, "2026-09-30", published_on=date(2026, 10, 1), state="published")
    waiting_still = draft(DEPARTMENT_NEWS, "2026-10-30")
    (news,) = (duty for duty in account([published, waiting_still], DEPARTMENT).columns if duty.owed)
    assert (news.owed, news.delivered, news.missing, news.receipts) == (15, 1, 14, (published.receipt,))


def test_nobody_is_late_by_a_limit_that_is_not_certain() -> None:
    found = account([draft(NOTICES, "2026-10-09", timeliness="late", due_certain=False)])
    assert (found.on_time, found.late, found.unknown) == (0, 0, 1)


def test_a_document_without_a_title_is_not_taken_for_interpreted() -> None:
    secret = draft(RULES, "2026-10-09", title="")
    assert not has_interpretation(secret, OFFICE, [secret, draft(INTERPRETATIONS, "2026-10-10", title="解读")])
