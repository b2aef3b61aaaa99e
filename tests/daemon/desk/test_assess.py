"""The assessment from the store: a simulated year, every figure against a count written straight from the notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from daemon.desk.assess import assess
from daemon.rules.assessment import PeriodError, UnitAssessment, as_json
from daemon.rules.deadlines import submit_due, verdict
from daemon.settings import Settings, load
from daemon.store.schema import Draft, Mailbox
from daemon.store.unit_of_work import Store
from tests.daemon.desk.year import ZONE, Count, Item, counted, units, year
from tests.samples import HOME

AFTERWARDS = datetime(2027, 1, 4, 9, tzinfo=ZONE)
PERIODS = [*(f"2026-{month:02}" for month in range(1, 13)), "2026-H1", "2026-H2", "2026"]


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The notice as the shipped config has it, for the simulated units."""
    shipped = load(HOME / "config")
    mailbox = shipped.mailbox.model_copy(update={"start": date(2026, 1, 1)})
    return replace(shipped, mailbox=mailbox, office_value=replace(shipped.office_value, units=units()))


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return year()


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, settings: Settings, items: list[Item]) -> Iterator[Store]:
    """A store that holds the whole year."""
    folder = tmp_path_factory.mktemp("year")
    with Store.open(f"sqlite:///{folder}/year.sqlite3", folder) as store:
        with store.write() as session:
            session.execute(insert(Draft), [row(item, settings) for item in items])
        yield store


def row(item: Item, settings: Settings) -> dict[str, Any]:
    """The draft as receiving leaves it: its limit and verdict by the rules."""
    column = settings.office_value.column(item.column)
    due = submit_due(item.issued, None, column, settings.calendar)
    out = datetime.combine(item.published, datetime.min.time(), ZONE) if item.published else None
    return {
        "ordinal": 0, "receipt": item.receipt, "state": item.state, "unit": item.unit.name, "column": item.column,
        "title": item.title, "body_html": "", "body_text": "", "received_at": item.received, "received_on": item.day,
        "issued_on": item.issued, "published_at": out, "submit_due_at": due.at if due else None,
        "due_certain": bool(due and due.certain), "timeliness": verdict(due, item.received),
        "duplicate_of": 1 if item.duplicate else None, "created_at": item.received, "updated_at": item.received,
    }  # fmt: skip


def figures(one: UnitAssessment) -> Count:
    duties = one.duties
    news = duties.columns[0]
    return Count(
        duties.on_time, duties.late, duties.unknown, duties.returned, duties.days_without_news,
        news.owed, news.delivered, news.missing, duties.interpretations.owed, duties.interpretations.delivered,
        None if one.points is None else float(one.points),
    )  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_of_a_year_agrees_with_a_count_by_hand(
    full: Store, settings: Settings, items: list[Item], period: str
) -> None:
    found = assess(full, settings, settings.calendar, period, AFTERWARDS)
    of_unit = defaultdict(list)
    for item in items:
        of_unit[item.unit.name].append(item)
    first, last = found.period.first, found.period.last
    expected = {unit.name: counted(unit, of_unit[unit.name], first, last) for unit in units()}
    assert {one.unit.name: figures(one) for one in found.units} == {
        name: one for name, one in expected.items() if one is not None
    }


@pytest.mark.parametrize("period", PERIODS)
def test_ranks_and_receipts_of_a_year_hold(full: Store, settings: Settings, items: list[Item], period: str) -> None:
    found = as_json(assess(full, settings, settings.calendar, period, AFTERWARDS))
    owner = {item.receipt: (item.unit.name, item.column) for item in items}
    for one in found["units"]:
        rivals = [other["points"] for other in found["units"] if other["kind"] == one["kind"]]
        assert one["rank"] == 1 + sum(points > one["points"] for points in rivals)
        for column in one["columns"]:
            assert column["delivered"] == len(set(column["drafts"]))
            assert {owner[receipt] for receipt in column["drafts"]} <= {(one["unit"], column["column"])}


def test_the_year_has_all_that_it_is_meant_to_try(items: list[Item]) -> None:
    """So that agreement means something."""
    counts = [counted(unit, [item for item in items if item.unit == unit], date(2026, 1, 1), date(2026, 12, 31))
              for unit in units()]  # fmt: skip
    assert len(items) > 10_000
    for name in Count.__annotations__:
        assert len({getattr(one, name) for one in counts}) > 3, name


def test_one_query_reads_the_drafts_of_all_units(full: Store, settings: Settings) -> None:
    statements: list[str] = []
    event.listen(full.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assess(full, settings, settings.calendar, "2026-11", AFTERWARDS)
    assert sum("FROM drafts" in statement for statement in statements) == 1


def test_it_reads_by_indexes_alone(full: Store, settings: Settings) -> None:
    statements: list[tuple[str, Any]] = []
    event.listen(full.engine, "before_cursor_execute", lambda *call: statements.append((call[2], call[3])))
    assess(full, settings, settings.calendar, "2026-11", AFTERWARDS)
    query, values = next(one for one in statements if "FROM drafts" in one[0])
    with full.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()
    assert not [step for step in plan if "SCAN" in step[3]]


def test_without_a_start_duties_count_from_the_first_poll(store: Store, settings: Settings) -> None:
    fresh = replace(settings, mailbox=settings.mailbox.model_copy(update={"start": "now"}))
    without = {one.unit.name for one in assess(store, fresh, settings.calendar, "2026-11", AFTERWARDS).units}
    assert without == {unit.name for unit in units() if unit.since and not unit.until}
    polled = datetime(2026, 11, 10, 3, tzinfo=UTC)
    with store.write() as session:
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=0, first_polled_at=polled, start_at=polled))
    found = assess(store, fresh, settings.calendar, "2026-11", AFTERWARDS)
    town = next(one.duties for one in found.units if one.unit == units()[0])
    assert (town.columns[0].owed, town.days_without_news) == (0, 21)


@pytest.mark.parametrize(
    ("published", "delivered"),
    [
        ("2026-10-31T23:59:59.999", 0),
        ("2026-11-01T00:00:00", 1),
        ("2026-11-30T23:59:59.999", 1),
        ("2026-12-01T00:00:00", 0),
    ],
)
def test_old_news_counts_in_the_month_in_which_it_is_published(
    store: Store, settings: Settings, published: str, delivered: int
) -> None:
    unit = units()[-1]
    old = Item("2026-000001", unit, "部门动态", "活动", datetime(2026, 8, 3, 9, tzinfo=ZONE), state="published")
    moment = datetime.fromisoformat(published).replace(tzinfo=ZONE)
    with store.write() as session:
        session.execute(insert(Draft), [row(old, settings) | {"published_at": moment}])
    found = assess(store, settings, settings.calendar, "2026-11", AFTERWARDS)
    (news,) = (one.duties.columns[0] for one in found.units if one.unit == unit)
    assert news.delivered == delivered


def test_a_running_month_is_assessed_as_far_as_it_goes(full: Store, settings: Settings) -> None:
    noon = datetime(2026, 11, 11, 12, tzinfo=ZONE)
    found = assess(full, settings, settings.calendar, "2026-11", noon)
    assert not found.is_over
    assert max(one.duties.days_without_news for one in found.units) == 10


def test_a_secret_draft_is_counted_and_not_named(store: Store, settings: Settings, items: list[Item]) -> None:
    with store.write() as session:
        session.execute(insert(Draft), [row(items[0], settings) | {"secret": True}])
    found = assess(store, settings, settings.calendar, "2026-01", AFTERWARDS)
    (one,) = (one for unit in found.units for one in unit.evidence)
    assert (one.draft.receipt, one.draft.title) == (items[0].receipt, "")


def test_the_config_says_how_points_are_made_and_kinds_are_called(full: Store, settings: Settings) -> None:
    changed = settings.assessment.model_copy(
        update={"weights": settings.assessment.weights.model_copy(update={"punctuality": 0})}
    )
    found = assess(full, replace(settings, assessment=changed), settings.calendar, "2026-11", AFTERWARDS)
    assert list(found.by_kind) == ["镇（街道）", "县政府各部门、各单位"]
    assert not [rule for rule in found.points_rules if "报送时效" in rule]
    before = assess(full, settings, settings.calendar, "2026-11", AFTERWARDS)
    assert [one.points for one in found.units] != [one.points for one in before.units]


def test_what_is_no_period_is_refused(store: Store, settings: Settings) -> None:
    with pytest.raises(PeriodError, match="2026-13"):
        assess(store, settings, settings.calendar, "2026-13", AFTERWARDS)
    with pytest.raises(PeriodError, match="尚未开始"):
        assess(store, settings, settings.calendar, "2027-02", AFTERWARDS + timedelta(days=1))
