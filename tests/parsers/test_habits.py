"""Columns by the rules and the editors' habits together."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import columns
from parsers.choice import Choice, seen
from parsers.learned import Lesson, Model, fold
from parsers.office import Column, Office, Unit
from tests.parsers.papers import COLUMNS, UNITS, office

OFFICE = office()
FINANCE, CIVIL, TOWN = "临川县财政局", "临川县民政局", "清河镇人民政府"
TITLES = (
    "关于做好供暖工作的通知", "临川县财政局关于决算的通知", "供水设备采购公告", "清河镇开展植树活动",
    "临川县供水管理办法", "关于王某同志免职的通知", "秋粮归仓", "残疾人证办理问答",
)  # fmt: skip


def lesson(title: str, unit: str | None, became: str, where: Office = OFFICE) -> Lesson:
    found = columns.lesson(seen(title, where.unit(unit)), where, became)
    assert found is not None
    return found


def taught(*said: tuple[str, str | None, str]) -> Office:
    return replace(OFFICE, model=fold(lesson(*one) for one in said))


def choose(where: Office, title: str, unit: str | None, **more: str) -> Choice:
    return columns.choose(title, where.unit(unit), where, asked_for=more.get("asked_for"))


def recruitments(column: str, unit: str = FINANCE) -> list[tuple[str, str | None, str]]:
    return [(f"{unit}关于{what}的通知", unit, column) for what in ("招聘护士", "招聘教师", "招聘司机", "招聘厨师")]


@pytest.mark.parametrize("model", [None, Model()])
def test_a_new_office_goes_by_the_rules_alone(model: Model | None) -> None:
    for title in TITLES:
        assert choose(replace(OFFICE, model=model), title, FINANCE) == choose(OFFICE, title, FINANCE)


def test_what_the_editors_did_again_and_again_is_done_for_them() -> None:
    where = taught(*recruitments("公告公示"))
    assert choose(OFFICE, "关于招聘会计的通知", FINANCE).column == "文件"
    assert choose(where, "关于招聘会计的通知", FINANCE).column == "公告公示"


def test_the_habits_of_one_unit_are_not_those_of_another() -> None:
    pairs = zip(recruitments("公告公示"), recruitments("文件", CIVIL), strict=True)
    where = taught(*(one for pair in pairs for one in pair))
    assert choose(where, f"{FINANCE}关于招聘会计的通知", FINANCE).column == "公告公示"
    assert choose(where, f"{CIVIL}关于招聘会计的通知", CIVIL).column == "文件"


def test_confirmations_make_the_rules_answer_surer() -> None:
    where = taught(*recruitments("文件"))
    assert (
        choose(where, "关于招聘会计的通知", FINANCE).confidence
        > choose(OFFICE, "关于招聘会计的通知", FINANCE).confidence
    )


def test_no_choice_is_certain() -> None:
    where = taught(*recruitments("文件") * 10)
    assert choose(where, "关于招聘会计的通知", FINANCE).confidence <= 0.99


def test_the_reason_is_the_rule_and_whole_words() -> None:
    where = taught(*recruitments("公告公示"))
    reason = choose(where, f"{FINANCE}关于招聘会计的通知", FINANCE).reason
    assert "规则原判“文件”" in reason
    assert "文种为“通知”" in reason
    habit = reason.partition("规则原判")[0]
    assert set(re.findall("“(.+?)”", habit)) <= {FINANCE, "通知"}
    assert "“" in habit


def test_where_rules_and_habits_agree_the_rule_is_the_reason() -> None:
    where = taught(*recruitments("文件"))
    title = "关于招聘会计的通知"
    assert choose(where, title, FINANCE).reason == choose(OFFICE, title, FINANCE).reason


def test_a_column_that_the_note_asks_for_counts_more_than_any_habit() -> None:
    where = taught(*recruitments("公告公示") * 3)
    choice = choose(where, "关于招聘会计的通知", FINANCE, asked_for="文件")
    assert (choice.column, choice.confidence) == ("文件", 0.97)


def test_habit_fills_in_where_no_rule_has_an_answer() -> None:
    where = office(tuple(one for one in COLUMNS if one.name in {"采购信息", "问答"}))
    history = [lesson("秋粮归仓", None, "问答", where)] * 5
    assert choose(where, "秋粮归仓", None).column is None
    assert choose(replace(where, model=fold(history)), "秋粮归仓", None).column == "问答"
    assert choose(replace(where, model=fold(history[:1])), "春到清河", None).column is None


def test_nothing_is_learned_of_columns_that_are_gone_or_closed_to_the_unit() -> None:
    assert columns.lesson(seen("任意", None), OFFICE, "从前的栏目") is None
    assert columns.lesson(seen("关于王某同志免职的通知", OFFICE.unit(TOWN)), OFFICE, "人事") is None


words = st.tuples(
    st.sampled_from(TITLES), st.sampled_from([None, *(unit.name for unit in UNITS)]), st.sampled_from(COLUMNS)
)


@given(st.lists(words, max_size=10), st.sampled_from(TITLES), st.sampled_from(UNITS))
@settings(deadline=None)
def test_habits_never_overrule_a_from_that_forbids(
    said: list[tuple[str, str | None, Column]], title: str, unit: Unit
) -> None:
    history = [
        found
        for told, who, column in said
        if (found := columns.lesson(seen(told, OFFICE.unit(who)), OFFICE, column.name))
    ]
    where = replace(OFFICE, model=fold(history))
    choice = columns.choose(title, unit, where)
    chosen = where.column(choice.column)
    assert chosen is None or chosen.kinds is None or unit.kind in chosen.kinds
    assert 0 <= choice.confidence <= 0.99
