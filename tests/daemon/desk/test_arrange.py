"""Files of a draft are put into the order in which they are published."""

from __future__ import annotations

import pytest

from daemon.desk.arrange import move_file
from daemon.desk.hand import ConflictError, NotFound
from daemon.settings import Settings
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from tests.daemon.desk.desks import journal, received, staffed
from tests.samples import Desk, attached


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def with_files(desk: Desk) -> int:
    return received(desk, attachments=tuple(attached(f"{n}.docx", "docx", "annex", b"%d" % n)[0] for n in (1, 2, 3)))


def names(desk: Desk, number: int) -> dict[str, int]:
    with desk.store.read() as session:
        return {one.name: one.id for one in session.get_one(Draft, number).attachments}


def test_a_file_changes_places_with_its_neighbour_on_record(desk: Desk) -> None:
    number = with_files(desk)
    desk.do(number, move_file, names(desk, number)["3.docx"], -1)
    assert list(names(desk, number)) == ["1.docx", "3.docx", "2.docx"]
    desk.do(number, move_file, names(desk, number)["1.docx"], 1)
    assert list(names(desk, number)) == ["3.docx", "1.docx", "2.docx"]
    assert journal(desk, number)[-1].after == {"files": ["3.docx", "1.docx", "2.docx"]}


def test_the_first_has_none_before_it(desk: Desk) -> None:
    number = with_files(desk)
    rows = len(journal(desk, number))
    desk.do(number, move_file, names(desk, number)["1.docx"], -1)
    assert list(names(desk, number)) == ["1.docx", "2.docx", "3.docx"]
    assert len(journal(desk, number)) == rows


def test_a_key_that_is_pressed_twice_moves_it_once(desk: Desk) -> None:
    number = with_files(desk)
    hand, file = desk.hand(number), names(desk, number)["1.docx"]
    with desk.store.write() as session:
        move_file(session, hand, file, 1)
    with pytest.raises(ConflictError), desk.store.write() as session:
        move_file(session, hand, file, 1)
    assert list(names(desk, number)) == ["2.docx", "1.docx", "3.docx"]


def test_another_drafts_file_is_not_moved(desk: Desk) -> None:
    number, other = with_files(desk), received(desk, "别的稿件")
    with pytest.raises(NotFound):
        desk.do(other, move_file, names(desk, number)["2.docx"], -1)
