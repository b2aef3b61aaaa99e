"""What is written and not saved yet is kept for each draft and person, in either database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from daemon.desk import autosave, review
from daemon.desk.hand import InvalidInput, NotFound
from daemon.settings import Settings
from daemon.store.unit_of_work import Store
from parsers.budgets import BUDGET
from parsers.submission import Finding
from tests.daemon.desk.desks import draft, journal, received, staffed
from tests.samples import Desk

FORM = {"title": "没有保存的标题", "body_html": "<p>没有保存的话。</p>"}


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def keep(desk: Desk, number: int, name: str = "王芳", **form: str) -> None:
    hand = desk.hand(number, name)
    with desk.store.write() as session:
        autosave.keep_aside(session, hand, FORM | form)


def kept(desk: Desk, number: int, name: str = "王芳") -> dict[str, str] | None:
    with desk.store.read() as session:
        found = autosave.kept_aside(session, draft(desk, number), name)
    return found.form if found else None


def test_the_last_one_stands_and_the_draft_is_as_it_was(desk: Desk) -> None:
    number = received(desk)
    before = draft(desk, number).version, len(journal(desk, number))
    keep(desk, number)
    keep(desk, number, title="后来的标题")
    assert kept(desk, number) == FORM | {"title": "后来的标题"}
    assert (draft(desk, number).version, len(journal(desk, number))) == before


def test_everybody_has_their_own_and_sees_who_else_is_writing(desk: Desk) -> None:
    number = received(desk)
    keep(desk, number)
    assert kept(desk, number, "刘洋") is None
    hand = desk.hand(number, "刘洋")
    with desk.store.read() as session:
        assert [one.who for one in autosave.writing(session, hand)] == ["王芳"]
    later = desk.hand(number, "刘洋", desk.now + desk.settings.review.lock + timedelta(seconds=1))
    with desk.store.read() as session:
        assert autosave.writing(session, later) == ()


def test_what_was_saved_by_somebody_else_meanwhile_takes_nothing_away(desk: Desk) -> None:
    number = received(desk)
    keep(desk, number)
    desk.do(number, review.set_column, "公告公示", name="刘洋")
    assert kept(desk, number) == FORM


def test_what_is_too_long_is_refused_and_what_was_kept_stays(desk: Desk) -> None:
    number = received(desk)
    keep(desk, number)
    with pytest.raises(InvalidInput, match="先保存"):
        keep(desk, number, body_html="字" * BUDGET.body_html)
    assert kept(desk, number) == FORM


def test_nobody_keeps_anything_on_a_draft_that_is_not_theirs_to_see(desk: Desk) -> None:
    number = received(desk, findings=(Finding("secret.marking", "block", "密级。"),))
    with pytest.raises(NotFound):
        keep(desk, number)


def test_it_goes_when_it_is_let_go_of(desk: Desk) -> None:
    number = received(desk)
    keep(desk, number)
    with desk.store.write() as session:
        autosave.let_go_of(session, desk.hand(number))
    assert kept(desk, number) is None
