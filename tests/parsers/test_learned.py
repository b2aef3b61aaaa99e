"""The online model: a fold over lessons, and what holds of it whatever they are."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.learned import Example, Learner, Lesson, Model, fold, from_json, to_json

COLUMNS = ("甲", "乙", "丙", "丁")


@st.composite
def examples(draw: st.DrawFn) -> Example:
    marks = draw(st.sets(st.sampled_from("abcdefgh"), max_size=6))
    open_to = draw(st.sets(st.sampled_from(COLUMNS), min_size=1))
    return Example(tuple(sorted(marks)), tuple((name, draw(st.floats(0.001, 1))) for name in sorted(open_to)))


@st.composite
def lessons(draw: st.DrawFn) -> Lesson:
    example = draw(examples())
    return Lesson(example, draw(st.sampled_from([name for name, _ in example.prior])))


def test_nothing_learned_repeats_the_prior() -> None:
    assert Model().probabilities(Example(("a",), (("甲", 0.9), ("乙", 0.1)))) == pytest.approx({"甲": 0.9, "乙": 0.1})


@given(st.lists(lessons(), max_size=12), examples())
def test_probabilities_are_of_the_open_columns_alone_and_add_up(history: list[Lesson], asked: Example) -> None:
    likely = fold(history).probabilities(asked)
    assert set(likely) == {name for name, _ in asked.prior}
    assert sum(likely.values()) == pytest.approx(1)


@given(st.lists(lessons(), max_size=8), lessons())
def test_a_lesson_never_makes_its_own_column_less_likely(history: list[Lesson], new: Lesson) -> None:
    before = fold(history).probabilities(new.example)[new.column]
    after = fold([*history, new]).probabilities(new.example)[new.column]
    assert after >= before - 0.001


@given(st.lists(lessons(), max_size=12), st.integers(0, 12))
def test_one_by_one_and_all_at_once_are_the_same(history: list[Lesson], pause: int) -> None:
    learner = Learner()
    for lesson in history[:pause]:
        learner.learn(lesson)
    halfway = learner.model()
    for lesson in history[pause:]:
        learner.learn(lesson)
    assert learner.model() == fold(history)
    assert halfway == fold(history[:pause])


@given(st.lists(lessons(), max_size=12))
def test_a_model_survives_the_file_and_the_way_to_a_worker(history: list[Lesson]) -> None:
    model = fold(history, "版本")
    assert from_json(to_json(model)) == model
    assert pickle.loads(pickle.dumps(model)) == model


@pytest.mark.parametrize("text", ["", "[]", "{}", '["1", 2, 3]', '["1", 2, {"a": 1}]', "null"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


def test_what_is_said_often_outweighs_a_slip() -> None:
    example = Example(("a", "b"), (("甲", 0.5), ("乙", 0.5)))
    history = [Lesson(example, "甲")] * 10 + [Lesson(example, "乙")] + [Lesson(example, "甲")] * 2
    assert fold(history).probabilities(example)["甲"] > 0.8
