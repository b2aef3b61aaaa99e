"""Excuses and points given by people: what is not held against a unit, and what is added, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from daemon.rules.assessment import Report, UnitAssessment, as_json, assess_units, parse_period
from daemon.rules.excuses import Excuse, GivenPoints
from daemon.rules.points import Weights
from daemon.rules.quotas import DeliveredDraft
from tests.daemon.rules.samples import DEPARTMENT, DEPARTMENT_NEWS, NOTICES, TOWN, TOWN_NEWS, at, basis, draft

AFTERWARDS = "2026-12-01T09:00"
FLOOD = Excuse("汛期断网", "张主编", TOWN.name, None, date(2026, 11, 10), date(2026, 11, 12))


def report(drafts: list[DeliveredDraft], *excuses: Excuse, given: tuple[GivenPoints, ...] = ()) -> Report:
    about = replace(basis(AFTERWARDS), excuses=excuses)
    return assess_units({TOWN.name: drafts}, parse_period("2026-11"), Weights(), about, given)


def town(drafts: list[DeliveredDraft], *excuses: Excuse, **values: Any) -> UnitAssessment:
    return next(one for one in report(drafts, *excuses, **values).units if one.unit == TOWN)


def news(*days: int) -> list[DeliveredDraft]:
    return [draft(TOWN_NEWS, f"2026-11-{day:02}", unit=TOWN.name) for day in days]


def test_days_of_an_excuse_owe_nothing() -> None:
    found = town(news(*range(1, 10), *range(13, 31)), FLOOD)
    column = found.duties.columns[0]
    assert (column.owed, column.missing) == (27, 0)
    assert (found.duties.days_without_news, found.points) == (0, Decimal("100.00"))


def test_without_it_they_do() -> None:
    found = town(news(*range(1, 10), *range(13, 31)))
    assert (found.duties.columns[0].owed, found.duties.columns[0].missing, found.duties.days_without_news) == (30, 3, 3)


@pytest.mark.parametrize(
    "other",
    [
        replace(FLOOD, unit=DEPARTMENT.name),
        replace(FLOOD, column=NOTICES.name),
        replace(FLOOD, since=date(2026, 10, 1), until=date(2026, 10, 31)),
    ],
    ids=["another unit", "another column", "other days"],
)
def test_an_excuse_holds_for_its_own_unit_column_and_days(other: Excuse) -> None:
    assert town(news(*range(1, 10), *range(13, 31)), other).duties.columns[0].missing == 3


def test_an_excuse_for_all_units_takes_its_share_of_each_month_s_quota() -> None:
    found = report([], replace(FLOOD, unit=None))
    department = next(one for one in found.units if one.unit == DEPARTMENT)
    column = next(one for one in department.duties.columns if one.column == DEPARTMENT_NEWS.name)
    assert column.owed == 15 * 27 // 30


def late(due_on: int, **values: Any) -> DeliveredDraft:
    end = at(f"2026-11-{due_on:02}T00:00") + timedelta(days=1)
    return draft(NOTICES, "2026-11-20", unit=TOWN.name, timeliness="late", submit_due_at=end, **values)


def test_a_limit_that_ended_on_an_excused_day_makes_nobody_late() -> None:
    found = town([late(9), late(10), late(12), late(13)], FLOOD)
    assert (found.duties.late, found.duties.on_time, found.duties.unknown) == (2, 0, 0)
    assert [one.verdict for one in found.evidence] == ["late", None, None, "late"]


def test_an_excused_draft_is_not_late_and_counts_all_the_same() -> None:
    one = late(9)
    found = town([one], Excuse("附件过大，转人工受理", "张主编", receipt=one.receipt))
    column = next(column for column in found.duties.columns if column.column == NOTICES.name)
    assert (found.duties.late, column.receipts) == (0, (one.receipt,))
    assert [excuse.receipt for excuse in found.excused] == [one.receipt]


def test_the_report_tells_every_excuse_with_its_reason() -> None:
    (found,) = (unit for unit in as_json(report([], FLOOD))["units"] if unit["unit"] == TOWN.name)
    assert found["excused"] == [
        {
            "receipt": None, "column": None, "from": "2026-11-10", "until": "2026-11-12", "reason": "汛期断网",
            "who": "张主编",
        }
    ]  # fmt: skip


def test_points_given_by_people_count_for_the_rank_and_are_told() -> None:
    found = report([], given=(GivenPoints(TOWN.name, Decimal("2.5"), "专题报道获市级采用", "张主编"),))
    one = next(one for one in found.units if one.unit == TOWN)
    assert one.points == Decimal("2.50")
    (told,) = (unit["given"] for unit in as_json(found)["units"] if unit["unit"] == TOWN.name)
    assert told == [{"points": 2.5, "reason": "专题报道获市级采用", "who": "张主编"}]


def test_points_never_fall_below_nothing() -> None:
    taken = GivenPoints(TOWN.name, Decimal("-5"), "迟报灾情信息", "张主编")
    assert town([], given=(taken,)).points == Decimal("0.00")
