"""通报: drafted when the time to object is over, frozen when approved, told when published, amended with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from daemon.desk import review
from daemon.desk.accounts import Actor
from daemon.desk.assess import assess
from daemon.desk.bulletins import Desk, amend, draft_now, redraft
from daemon.desk.frozen import report_of
from daemon.desk.hand import ConflictError, Hand
from daemon.desk.tick import tick
from daemon.rules.assessment import as_json
from daemon.rules.states import NotAllowed
from daemon.settings import Settings
from daemon.store.assessments import FrozenAssessment
from daemon.store.schema import Draft, Journal, Letter, TimerRun
from daemon.store.unit_of_work import Store
from parsers.office import Quota
from tests.daemon.desk.office import SHANGHAI, found, letters, rows, settings_of, submission, take

FIRST = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
MONDAY = datetime(2026, 12, 7, 9, tzinfo=SHANGHAI)
"""The first working day after the three in which units can object."""
DAY = timedelta(days=1)
EDITOR, CHIEF = Actor(1, "王芳", "editor"), Actor(2, "张主编", "chief")
SENT = datetime(2026, 11, 18, 16, 30, tzinfo=SHANGHAI)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_of(tmp_path / "office", review={"steps": ["审核"]})
    return replace(made, assessment=made.assessment.model_copy(update={"bulletin_column": "公告公示"}))


@pytest.fixture
def ran(store: Store, settings: Settings) -> Store:
    """An office that ran in November, got a late document, and sent its statements on the first of December."""
    with store.write() as session:
        for timer in ("statements", "bulletins"):
            session.add(TimerRun(timer=timer, day=date(2026, 10, 1), outcome="done", at=FIRST - 30 * DAY))
    late = found(issued_on=date(2026, 11, 2))
    take(store, settings, submission(late, received_at=SENT), received_at=SENT, now=SENT)
    tick(store, settings, settings.calendar, FIRST)
    return store


@pytest.fixture
def drafted(ran: Store, settings: Settings) -> Store:
    tick(ran, settings, settings.calendar, MONDAY)
    return ran


def standing(store: Store) -> list[tuple[str, int, str]]:
    return [(row.period, row.number, row.state) for row in rows(store, FrozenAssessment)]


def bulletin(store: Store) -> Draft:
    """The draft of the last one."""
    row = rows(store, FrozenAssessment)[-1]
    return next(draft for draft in rows(store, Draft) if draft.id == row.draft)


def hand(store: Store, settings: Settings, now: datetime = MONDAY) -> Hand:
    draft = bulletin(store)
    return Hand(draft.id, draft.version, CHIEF, now, settings)


def approve(store: Store, settings: Settings, now: datetime = MONDAY) -> None:
    for step in (review.take, review.sign):
        with store.write() as session:
            step(session, hand(store, settings, now))


def publish(store: Store, settings: Settings, now: datetime = MONDAY) -> None:
    with store.write() as session:
        review.exported(session, hand(store, settings, now))
    with store.write() as session:
        review.confirm(session, hand(store, settings, now), now, "https://www.example.cn/tb/11.html")


def desk(store: Store, settings: Settings, now: datetime = MONDAY) -> Desk:
    return Desk(store, settings, settings.calendar, now)


def correct_the_date(store: Store) -> None:
    with store.write() as session:
        session.execute(update(Draft).where(Draft.id == 1).values(timeliness="on_time"))


def with_other_quota(settings: Settings) -> Settings:
    """Towns owe sixty instead of thirty a month."""
    office = settings.office_value
    columns = tuple(
        replace(column, quotas=(Quota(60, "month"),)) if column.role == "dynamic" else column
        for column in office.columns
    )
    return replace(settings, office_value=replace(office, columns=columns, config_version="another"))


def figures(store: Store, settings: Settings, now: datetime = MONDAY) -> dict[str, object]:
    return as_json(report_of(store, settings, settings.calendar, "2026-11", now))


def test_it_is_drafted_when_nobody_can_object_any_more(ran: Store, settings: Settings) -> None:
    for days in range(5):
        assert tick(ran, settings, settings.calendar, FIRST + days * DAY)[-1:] != ["通报：2026年11月通报已起草，待审"]
    assert standing(ran) == []
    assert "通报：2026年11月通报已起草，待审" in tick(ran, settings, settings.calendar, MONDAY)
    assert standing(ran) == [("2026-11", 0, "drafted")]
    draft = bulletin(ran)
    assert draft.title == "县政务网编辑部关于2026年11月内容保障情况的通报"
    assert (draft.state, draft.column, draft.unit, draft.message_row) == ("pending", "公告公示", None, None)
    for words in ("<h3>二、分类排名</h3>", "<td>甲镇人民政府</td>", "逾期报送：甲镇人民政府（1件）"):
        assert words in draft.body_html


def test_once_however_often_the_timer_runs(drafted: Store, settings: Settings) -> None:
    for later in (timedelta(minutes=1), DAY, 10 * DAY):
        tick(drafted, settings, settings.calendar, MONDAY + later)
    assert standing(drafted) == [("2026-11", 0, "drafted")]


def test_half_year_and_year_come_with_december(drafted: Store, settings: Settings) -> None:
    for moment in (datetime(2027, 1, 4, 9, tzinfo=SHANGHAI), datetime(2027, 1, 8, 9, tzinfo=SHANGHAI)):
        tick(drafted, settings, settings.calendar, moment)
    assert [period for period, *_ in standing(drafted)] == ["2026-11", "2026-12", "2026-H2", "2026"]


def test_until_it_is_approved_nothing_is_frozen(drafted: Store, settings: Settings) -> None:
    assert figures(drafted, settings)["frozen"] is None


def test_approval_freezes_figures_rules_and_the_config_s_hash(drafted: Store, settings: Settings) -> None:
    before = as_json(assess(drafted, settings, settings.calendar, "2026-11", MONDAY))
    approve(drafted, settings)
    assert standing(drafted) == [("2026-11", 0, "frozen")]
    (row,) = rows(drafted, FrozenAssessment)
    assert (row.config_version, row.frozen_by, row.frozen_at) == (
        settings.office_value.config_version, "张主编", MONDAY,
    )  # fmt: skip
    assert figures(drafted, settings) == before | {"frozen": MONDAY.isoformat()}


def test_a_frozen_november_is_unchanged_by_a_later_quota_edit(drafted: Store, settings: Settings) -> None:
    approve(drafted, settings)
    before = figures(drafted, settings)
    other = with_other_quota(settings)
    correct_the_date(drafted)
    live = as_json(assess(drafted, other, other.calendar, "2026-11", MONDAY))
    assert live["units"] != before["units"]
    assert live["rules"] != before["rules"]
    assert figures(drafted, other) == before


def test_units_are_told_once_it_stands_on_the_portal(drafted: Store, settings: Settings) -> None:
    approve(drafted, settings)
    tick(drafted, settings, settings.calendar, MONDAY)
    assert [letter for letter in letters(drafted) if letter.kind == "bulletin"] == []
    publish(drafted, settings)
    for later in (timedelta(), timedelta(minutes=1), DAY):
        tick(drafted, settings, settings.calendar, MONDAY + later)
    told = [letter for letter in letters(drafted) if letter.kind == "bulletin"]
    reached = [unit.name for unit in settings.office_value.units if unit.notify]
    assert sorted(letter.unit or "" for letter in told) == sorted(reached)
    (town,) = [letter for letter in told if letter.unit == "甲镇人民政府"]
    assert "https://www.example.cn/tb/11.html" in town.text
    assert "逾期：1" in town.text
    assert town.subject == "通报：2026年11月内容保障情况"


def test_an_amendment_names_what_changed_and_is_frozen_itself(drafted: Store, settings: Settings) -> None:
    approve(drafted, settings)
    publish(drafted, settings)
    correct_the_date(drafted)
    amend(desk(drafted, settings), "2026-11", "甲镇成文日期有误。", CHIEF)
    assert standing(drafted) == [("2026-11", 0, "frozen"), ("2026-11", 1, "drafted")]
    draft = bulletin(drafted)
    assert draft.title == "县政务网编辑部关于更正2026年11月内容保障情况的通报"
    assert "因甲镇成文日期有误，现予更正" in draft.body_html
    assert "<td>甲镇人民政府</td><td>逾期</td><td>1</td><td>0</td>" in draft.body_html
    before = figures(drafted, settings)
    approve(drafted, settings, MONDAY + DAY)
    after = figures(drafted, settings)
    assert before["frozen"] != after["frozen"] == (MONDAY + DAY).isoformat()
    assert [row.reason for row in rows(drafted, FrozenAssessment)] == ["", "甲镇成文日期有误"]
    publish(drafted, settings, MONDAY + DAY)
    tick(drafted, settings, settings.calendar, MONDAY + DAY)
    keys = [row.key for row in rows(drafted, Letter) if row.unit == "甲镇人民政府" and row.kind == "bulletin"]
    assert keys == ["bulletin:2026-11:0:甲镇人民政府", "bulletin:2026-11:1:甲镇人民政府"]


def test_nothing_is_amended_where_no_figure_differs_or_nothing_is_frozen(drafted: Store, settings: Settings) -> None:
    with pytest.raises(ConflictError):
        amend(desk(drafted, settings), "2026-11", "有误", CHIEF)
    approve(drafted, settings)
    with pytest.raises(NotAllowed, match="没有需要更正"):
        amend(desk(drafted, settings), "2026-11", "有误", CHIEF)


def test_only_a_chief_amends_or_drafts(drafted: Store, settings: Settings) -> None:
    about = desk(drafted, settings)
    for step in (partial(amend, reason="有误"), redraft, draft_now):
        with pytest.raises(NotAllowed, match="主编"):
            step(about, "2026-11", who=EDITOR)


def test_a_bulletin_in_review_can_be_drafted_anew_by_later_figures(drafted: Store, settings: Settings) -> None:
    former = bulletin(drafted).id
    correct_the_date(drafted)
    redraft(desk(drafted, settings), "2026-11", CHIEF)
    assert standing(drafted) == [("2026-11", 0, "drafted")]
    states = {draft.id: draft.state for draft in rows(drafted, Draft)}
    assert (states[former], states[bulletin(drafted).id]) == ("withdrawn", "pending")
    assert "逾期报送：无。" in bulletin(drafted).body_html
    approve(drafted, settings)
    assert figures(drafted, settings)["frozen"] is not None


def test_a_period_that_still_runs_is_not_drafted(ran: Store, settings: Settings) -> None:
    with pytest.raises(NotAllowed, match="尚未结束"):
        draft_now(desk(ran, settings, FIRST), "2026-12", CHIEF)
    draft_now(desk(ran, settings, FIRST), "2026-11", CHIEF)
    tick(ran, settings, settings.calendar, MONDAY)
    assert standing(ran) == [("2026-11", 0, "drafted")]
    with pytest.raises(ConflictError):
        draft_now(desk(ran, settings, FIRST), "2026-11", CHIEF)


def test_every_change_stands_in_the_journal(drafted: Store, settings: Settings) -> None:
    approve(drafted, settings)
    found = [(row.action, row.who) for row in rows(drafted, Journal) if row.action.startswith("assessment.")]
    assert found == [("assessment.draft", "系统"), ("assessment.freeze", "张主编")]
