"""The replay of the editors' corrections."""

from __future__ import annotations

from daemon.desk.evaluate import HEADINGS, Span, evaluate, line, replay
from daemon.desk.learn import Word
from daemon.settings import Settings
from daemon.store.unit_of_work import Store
from tests.daemon.desk.desks import staffed
from tests.daemon.desk.test_learn import correct_some


def word(number: int, column: str, unit: str = "甲镇人民政府") -> Word:
    title = f"关于第{number}次招聘工作的通知"
    return Word(title, unit, None, None, "", 0, False, column)


def replayed(settings: Settings, *history: Word) -> Span:
    found = tuple(replay(history, settings.office_value))
    return Span(1, len(found), found)


def test_each_draft_is_judged_before_it_is_learned(settings: Settings) -> None:
    span = replayed(settings, *(word(number, "公告公示") for number in range(20)))
    assert not span.replayed[0].both
    assert span.share("rules") == 0
    assert span.share("both") > 0.8
    assert span.share("model") > 0.8


def test_where_the_rules_are_right_both_are_from_the_start(settings: Settings) -> None:
    span = replayed(settings, *(word(number, "文件") for number in range(20)))
    assert (span.share("rules"), span.share("both")) == (1, 1)
    assert not span.replayed[0].model
    assert len(span.sure) >= 18


def test_columns_that_are_gone_or_closed_to_the_unit_are_left_out(settings: Settings) -> None:
    assert replayed(settings, word(1, "从前的栏目"), word(2, "部门动态")).replayed == ()


def test_the_history_is_told_as_a_whole_and_in_stretches(store: Store, settings: Settings) -> None:
    desk = staffed(store, settings)
    with store.read() as session:
        assert evaluate(session, settings.office_value) == []
    correct_some(desk, count=52)
    with store.read() as session:
        spans = evaluate(session, settings.office_value)
    assert [(span.first, span.last) for span in spans] == [(1, 52), (1, 50), (51, 52)]
    assert line(spans[-1])[:3] == ("第 51 至 52 篇", "2", "0.0%")
    assert len(line(spans[0])) == len(HEADINGS)


def test_a_stretch_without_a_sure_answer_says_so(settings: Settings) -> None:
    assert line(replayed(settings, word(1, "公告公示")))[-1] in {"—", "0.0%"}
