"""The assessment of a period: figures that are receipts, points that are told, ranks that ties share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.assessment import PeriodError, Report, UnitAssessment, as_json, assess_units, parse_period
from daemon.rules.calendar import Calendar
from daemon.rules.points import Criterion, Share, Weights, points_of, ranks_of
from daemon.rules.quotas import Basis, DeliveredDraft
from daemon.rules.rule_texts import column_rule, points_rules
from parsers.office import Column, Period, Quota, Unit
from tests.daemon.rules.samples import (
    CALENDAR,
    DEPARTMENT,
    DEPARTMENT_NEWS,
    INTERPRETATIONS,
    NOTICES,
    OFFICE,
    RULES,
    TOWN,
    TOWN_NEWS,
    basis,
    draft,
)

AFTERWARDS = basis("2026-11-02T09:00")
SHARES: dict[Criterion, Share] = {"completeness": Share(1, 2), "punctuality": Share(1, 1)}


def report(
    drafts: Iterable[DeliveredDraft],
    unit: Unit = TOWN,
    period: str = "2026-10",
    on: Basis = AFTERWARDS,
    weights: Weights = Weights(),  # noqa: B008
) -> Report:
    """The report where only this unit has drafts."""
    office = replace(on.office, units=tuple(unit if one.name == unit.name else one for one in on.office.units))
    return assess_units({unit.name: list(drafts)}, parse_period(period), weights, replace(on, office=office))


def of(found: Report, unit: Unit = TOWN) -> UnitAssessment:
    return next(one for one in found.units if one.unit.name == unit.name)


def daily(first: int, last: int) -> list[DeliveredDraft]:
    """One item of news on each of these days of October."""
    return [draft(TOWN_NEWS, f"2026-10-{day:02}") for day in range(first, last + 1)]


@pytest.mark.parametrize(
    ("text", "said", "first", "last"),
    [
        ("2026-11", "2026年11月", date(2026, 11, 1), date(2026, 11, 30)),
        ("2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-H1", "2026年上半年", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", "2026年下半年", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", "2026年度", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_a_month_a_half_year_or_a_year(text: str, said: str, first: date, last: date) -> None:
    period = parse_period(text)
    assert (period.text, period.said, period.first, period.last) == (text, said, first, last)


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-00", "2026-1", "2026-H3", "2026-h1", "26-11", "１２３４", "2026-11-01", "2026-11\n", "0000"],
)
def test_anything_else_is_no_period_and_says_what_is(text: str) -> None:
    with pytest.raises(PeriodError, match=r"2026-11.*2026-H1.*2026"):
        parse_period(text)


def test_a_period_that_has_not_begun_is_refused() -> None:
    with pytest.raises(PeriodError, match="2026年12月尚未开始"):
        report([], period="2026-12")


def test_the_json_has_the_fields_of_the_contract_and_no_other() -> None:
    found = as_json(report(daily(1, 28)))
    assert list(found) == ["period", "from", "until", "frozen", "rules", "units"]
    assert (found["period"], found["from"], found["until"], found["frozen"]) == (
        "2026-10", "2026-10-01", "2026-10-31", None,
    )  # fmt: skip
    town = found["units"][0]
    assert list(town) == [
        "unit", "kind", "rank", "points", "on_time", "late", "unknown", "returned", "days_without_news", "columns",
        "interpretations", "consultations", "excused", "given",
    ]  # fmt: skip
    assert list(town["columns"][0]) == ["column", "owed", "delivered", "missing", "drafts"]
    assert (town["interpretations"], town["consultations"], town["excused"]) == (
        {"owed": 0, "delivered": 0}, {"answered": 0, "late": 0}, [],
    )  # fmt: skip


def test_every_number_is_the_number_of_its_receipts() -> None:
    documents = [
        draft(NOTICES, "2026-10-08", timeliness="on_time"),
        draft(NOTICES, "2026-10-09", timeliness="late", state="returned"),
        draft(NOTICES, "2026-10-10", timeliness="late", due_certain=False),
        draft(NOTICES, "2026-10-11", timeliness="late", state="rejected"),
        draft(NOTICES, "2026-10-12", timeliness="late", is_duplicate=True),
        draft(RULES, "2026-10-13", title="青石镇关于印发青石镇集市管理办法的通知"),
        draft(RULES, "2026-10-14", title="青石镇关于印发青石镇河道保护办法的通知"),
        draft(INTERPRETATIONS, "2026-11-01", title="《青石镇集市管理办法》解读"),
    ]
    found = of(report([*daily(1, 28), *documents]))
    receipts = {
        verdict: [one.draft.receipt for one in found.evidence if one.verdict == verdict]
        for verdict in ("on_time", "late", "unknown")
    }
    assert receipts["on_time"] == [documents[0].receipt]
    assert receipts["late"] == [documents[1].receipt]
    assert documents[2].receipt in receipts["unknown"]
    duties = found.duties
    assert (duties.on_time, duties.late, duties.unknown) == (1, 1, len(receipts["unknown"]))
    assert [one.draft.receipt for one in found.evidence if one.returned] == [documents[1].receipt]
    assert [(one.draft.receipt, one.interpreted_by) for one in found.evidence if one.owes_interpretation] == [
        (documents[5].receipt, documents[7].receipt),
        (documents[6].receipt, None),
    ]
    for column in duties.columns:
        counted = [one.draft for one in found.evidence if one.delivered and one.draft.column == column.column]
        assert tuple(one.receipt for one in counted) == column.receipts
        assert column.delivered == len(column.receipts)


def test_a_draft_that_does_not_count_is_shown_and_imported_history_is_not() -> None:
    rejected, old = (
        draft(NOTICES, "2026-10-11", state="rejected"),
        draft(NOTICES, "2026-10-11", state="archived"),
    )
    assert [one.draft for one in of(report([rejected, old])).evidence] == [rejected]


def test_what_came_before_and_was_published_in_the_period_counts_for_the_number_alone() -> None:
    late = draft(DEPARTMENT_NEWS, "2026-09-30", published_on=date(2026, 10, 31), state="published", timeliness="late")
    found = of(report([late], DEPARTMENT), DEPARTMENT)
    (one,) = found.evidence
    assert (one.delivered, one.verdict, found.duties.late) == (True, None, 0)


def test_the_days_without_news_are_named() -> None:
    found = of(report(daily(1, 28)))
    assert found.silent_days == (date(2026, 10, 29), date(2026, 10, 30), date(2026, 10, 31))
    assert found.duties.days_without_news == 3


def test_the_points_are_the_weighted_mean_of_what_can_be_measured() -> None:
    found = of(report([*daily(1, 28), draft(NOTICES, "2026-10-08", timeliness="on_time")]))
    # 28 of 31 items and of 31 days; all on time; no interpretation owed: 100 · (50 + 10) · 28/31 + 30, of 90.
    assert found.points == Decimal("93.55")
    assert found.shares == {
        "completeness": Share(28, 31), "punctuality": Share(1, 1), "liveliness": Share(28, 31),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("weights", "points"),
    [
        (Weights(1, 1, 0, 0), "75.00"),
        (Weights(2, 1, 0, 0), "66.67"),
        (Weights(0, 1, 0, 0), "100.00"),
        (Weights(1, 0, 5, 5), "50.00"),
    ],
)
def test_weights_are_a_proportion(weights: Weights, points: str) -> None:
    assert points_of(SHARES, weights) == Decimal(points)


def test_without_anything_to_measure_there_are_no_points_and_no_rank() -> None:
    assert points_of({}, Weights()) is None
    assert points_of(SHARES, Weights(0, 0, 1, 1)) is None
    unit = replace(DEPARTMENT, exempt=(DEPARTMENT_NEWS.name,))
    found = of(report([], unit), unit)
    assert (found.points, found.rank) == (None, None)


def test_ties_share_a_rank_and_the_next_one_is_left_out() -> None:
    points = [Decimal("90.00"), Decimal("80.00"), Decimal("90.00"), None, Decimal("70.00")]
    assert ranks_of(points) == {Decimal("90.00"): 1, Decimal("80.00"): 3, Decimal("70.00"): 4, None: None}


@given(st.lists(st.decimals(0, 100, places=2), max_size=30))
def test_a_rank_is_one_more_than_how_many_are_better(points: list[Decimal]) -> None:
    ranks = ranks_of(points)
    assert all(ranks[one] == 1 + sum(other > one for other in points) for one in points)


def test_units_are_ranked_among_their_own_kind() -> None:
    second = Unit("白沙镇人民政府", "town")
    office = replace(OFFICE, units=(second, DEPARTMENT, TOWN))
    on = replace(AFTERWARDS, office=office)
    drafts = {TOWN.name: daily(1, 31), second.name: daily(1, 3)}
    found = assess_units(drafts, parse_period("2026-10"), Weights(), on)
    assert [(one.unit.name, one.rank) for one in found.units] == [
        (TOWN.name, 1),
        (second.name, 2),
        (DEPARTMENT.name, 1),
    ]


def test_units_that_were_not_on_duty_in_the_period_are_left_out() -> None:
    gone, to_come = replace(TOWN, until=date(2026, 9, 30)), replace(TOWN, since=date(2026, 11, 1))
    for unit in (gone, to_come):
        assert [one.unit.name for one in report([], unit).units] == [DEPARTMENT.name]
    assert report([], period="2026-10", on=basis("2026-11-02T09:00", start=date(2026, 11, 1))).units == ()


def test_partial_months_owe_no_number_and_what_came_in_them_still_counts_as_delivered() -> None:
    unit = replace(TOWN, since=date(2026, 9, 10), until=date(2026, 11, 1))
    news = [draft(TOWN_NEWS, f"2026-09-{day:02}") for day in (9, 10, 11)] + daily(1, 30)
    column = of(report(news, unit, period="2026-H2"), unit).duties.columns[0]
    assert (column.owed, column.delivered, column.missing) == (31, 32, 1)
    assert news[0].receipt not in column.receipts


def test_the_months_of_a_year_sum_to_the_year() -> None:
    drafts = [draft(TOWN_NEWS, f"2026-{month:02}-{day:02}") for month in range(1, 13) for day in range(1, 29, month)]
    on = basis("2027-01-02T09:00")
    year = of(report(drafts, period="2026", on=on)).duties
    months = [of(report(drafts, period=f"2026-{month:02}", on=on)).duties for month in range(1, 13)]
    assert year.columns[0].delivered == sum(month.columns[0].delivered for month in months)
    assert year.days_without_news == sum(month.days_without_news for month in months)
    assert year.unknown == sum(month.unknown for month in months)


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        (TOWN_NEWS, "不设报送期限；每天不少于1条（按收到之日计）；每月不少于30条（按收到之日计）。"),
        (
            replace(DEPARTMENT_NEWS, submit_within=Period(3, "wd")),
            "成文后3个工作日内报送（成文当日不计）；每月不少于15条（按发布之日计）。",
        ),
        (
            RULES,
            "成文后3日内报送（成文当日不计，末日为休息日的顺延至其后第一个工作日）；每件应有配套的解读或便民问答。",
        ),
        (Column("公告", submit_within=Period(24, "h")), "成文后24小时内报送（只有日期的，自当日24时起算）。"),
        (
            Column("动态", quotas=(Quota(2, "day", days="working"),)),
            "不设报送期限；每个工作日不少于2条（按收到之日计）。",
        ),
    ],
)
def test_the_rule_of_a_column_is_told(column: Column, rule: str) -> None:
    assert column_rule(column, CALENDAR) == rule


def test_a_calendar_that_does_not_roll_over_is_told() -> None:
    assert "顺延" not in column_rule(RULES, Calendar(roll_over=False))


def test_only_what_has_a_weight_is_told_as_a_rule_of_points() -> None:
    told = "".join(points_rules(Weights(60, 40, 0, 0)))
    assert "报送数量（权重60）" in told
    assert "报送时效（权重40）" in told
    assert "信息活跃" not in told
    assert "政策解读" not in told


def test_the_share_of_late_ones_leaves_the_unknown_out() -> None:
    some = [draft(NOTICES, "2026-10-08", timeliness="late"), draft(NOTICES, "2026-10-08", timeliness="on_time")]
    unknown = draft(NOTICES, "2026-10-08")
    assert of(report([*some, unknown])).late_share == 1 / 2
    assert of(report([unknown])).late_share is None
