"""The fold over the editors' corrections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.desk import learn, review
from daemon.desk.learn import STEP, Learning, last_words, recent, words
from daemon.settings import Settings
from daemon.store.schema import Correction, Draft
from daemon.store.unit_of_work import Store
from parsers.learned import Model
from tests.daemon.desk.desks import ADDRESS, UNIT, received, staffed
from tests.samples import NOW, Desk, attached, found_draft, picture, submission


@pytest.fixture
def desk(store_url: str, tmp_path: Path, settings: Settings) -> Iterator[Desk]:
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield staffed(store, settings)


def say(desk: Desk, draft_id: int, column: str) -> None:
    """The editor puts a draft into a column."""
    with desk.store.write() as session:
        draft = session.get_one(Draft, draft_id)
        session.add(
            Correction(
                at=NOW, who="王芳", draft=draft_id, title=draft.title, unit=draft.unit, was=draft.column, became=column
            )
        )


def correct_some(desk: Desk, column: str = "公告公示", count: int = 3, **values: Any) -> list[int]:
    numbers = [received(desk, f"关于第{column}{number}次招聘的通知", **values) for number in range(count)]
    for number in numbers:
        say(desk, number, column)
    return numbers


def learning(desk: Desk, kept: list[Model], version: str = "") -> Learning:
    return Learning(desk.store, desk.settings.office_value, kept.append, version)


def caught_up(desk: Desk) -> Model:
    """What a daemon learns that has just started."""
    kept: list[Model] = []
    fresh = learning(desk, kept)
    while fresh.step():
        pass
    return kept[-1]


def test_a_confirmation_and_a_correction_are_both_learned(desk: Desk) -> None:
    edited, signed = received(desk, "关于招聘的通知"), received(desk, "关于防火的通知")
    content = {name: getattr(desk_draft(desk, edited), name) for name in review.Content.__dataclass_fields__}
    desk.do(edited, review.edit, review.Content(**(content | {"column": "公告公示"})))
    for who in ("王芳", "王芳", "张主编"):
        desk.do(signed, review.sign if desk_draft(desk, signed).review_step else review.take, name=who)
    with desk.store.read() as session:
        heard = list(words(session, last_words(session)))
    assert [(word.title, word.column) for word in heard] == [("关于招聘的通知", "公告公示"), ("关于防火的通知", "文件")]
    assert caught_up(desk).lessons == 2


def desk_draft(desk: Desk, draft_id: int) -> Draft:
    with desk.store.read() as session:
        return session.get_one(Draft, draft_id)


def test_what_comes_one_by_one_is_learned_as_if_it_had_come_at_once(desk: Desk) -> None:
    kept: list[Model] = []
    running = learning(desk, kept)
    for column in ("公告公示", "文件", "乡镇动态"):
        correct_some(desk, column, 2)
        assert not running.step()
    assert [model.lessons for model in kept] == [2, 4, 6]
    assert kept[-1] == caught_up(desk)


def test_nothing_is_done_where_nothing_was_said(desk: Desk) -> None:
    correct_some(desk)
    kept: list[Model] = []
    running = learning(desk, kept)
    running.step()
    running.step()
    assert len(kept) == 1
    restarted = learning(desk, kept, kept[0].version)
    assert not restarted.step()
    assert len(kept) == 1


def test_a_long_history_is_learned_in_pieces(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    correct_some(desk, count=5)
    whole = caught_up(desk)
    monkeypatch.setattr(learn, "_AT_ONCE", 2)
    kept: list[Model] = []
    running = learning(desk, kept)
    assert [running.step(), running.step(), running.step()] == [True, True, False]
    assert kept == [whole]


def test_the_last_word_on_a_draft_counts_once(desk: Desk) -> None:
    kept: list[Model] = []
    running = learning(desk, kept)
    first, *others = correct_some(desk)
    running.step()
    say(desk, first, "文件")
    running.step()
    assert kept[-1].lessons == 1 + len(others)
    assert kept[-1] == caught_up(desk)
    with desk.store.read() as session:
        heard = list(words(session, last_words(session)))
    assert [word.column for word in heard] == ["公告公示", "公告公示", "文件"]


def test_nothing_is_learned_from_secrets(desk: Desk) -> None:
    (number, _) = correct_some(desk, count=2)
    with desk.store.write() as session:
        session.get_one(Draft, number).secret = True
    assert caught_up(desk).lessons == 1


def test_a_column_that_is_gone_is_passed_over(desk: Desk) -> None:
    correct_some(desk, count=2)
    correct_some(desk, "从前的栏目", count=2)
    assert caught_up(desk).lessons == 2


def test_what_the_rules_saw_is_seen_again(desk: Desk) -> None:
    photo, blob = attached("一.png", "image", "picture", picture("#9fb7c9"), "stored")
    values = {"document_number": "甲政发〔2026〕3号", "issuer": "甲镇人民政府", "body_html": "<p>各村：</p>"}
    number = received(desk, "关于植树", attachments=(photo,), blobs=(blob,), **values)
    say(desk, number, "公告公示")
    with desk.store.read() as session:
        (word,) = words(session, last_words(session))
    assert (word.number, word.issuer, word.dated) == ("甲政发〔2026〕3号", "甲镇人民政府", True)
    assert (word.pictures, "各村" in word.lead) == (1, True)


@given(st.integers(0, 5 * STEP))
def test_the_window_moves_by_whole_steps_and_keeps_the_newest(count: int) -> None:
    numbers = list(range(count))
    kept = recent(numbers)
    assert kept == numbers[len(numbers) - len(kept) :]
    assert min(count, STEP) <= len(kept) < 2 * STEP or count == 0
    assert (count - len(kept)) % STEP == 0


def test_a_draft_keeps_which_model_chose_its_column(desk: Desk) -> None:
    found = submission(UNIT, ADDRESS, "报送", NOW, found_draft("关于招聘的通知", "文件"), model_version="第7版")
    assert desk.draft_of(desk.receive(b"raw", found)).model_version == "第7版"
