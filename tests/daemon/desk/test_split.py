"""A draft becomes two, two become one, and either is undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.merge import candidates, merge
from daemon.desk.receive import begin_attempt, take_in
from daemon.desk.shares import undo, undoable
from daemon.desk.split import split
from daemon.rules.states import NotAllowed
from daemon.settings import Settings
from daemon.store import search
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from parsers.submission import Finding
from tests.daemon.desk.desks import BLOCK, draft, journal, received, rows, staffed
from tests.samples import NOW, Desk, attached, found_draft, submission

FIRST = "<p>11月18日，甲镇召开防火会议，部署冬季森林防火工作，要求各村压实责任、加强巡查，确保不出问题。</p>"
SECOND = "<h3>甲镇开展敬老活动</h3><p>11月19日，甲镇志愿者走进敬老院，为老人理发、包饺子、打扫房间，送去温暖。</p>"
NUMBER = "<p>联系人身份证号370321190501011237。</p>"


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def files_of(desk: Desk, draft_id: int) -> list[str]:
    with desk.store.read() as session:
        return [one.name for one in session.get_one(Draft, draft_id).attachments]


def two_in_one(desk: Desk, body: str = FIRST + SECOND, **values: Any) -> int:
    files = tuple(attached(f"附件{n}.docx", "docx", "annex", f"{n}".encode())[0] for n in (1, 2, 3))
    return received(desk, "甲镇召开防火会议", body_html=body, attachments=files, **values)


def cut(desk: Desk, number: int, at: int = 1, title: str = "", moved: int = 1, both: int = 2) -> int:
    hand = desk.hand(number)
    with desk.store.write() as session:
        files = [one.id for one in session.get_one(Draft, number).attachments]
        return split(session, hand, at, title, files[moved : moved + 1], files[both : both + 1]).id


def joined(desk: Desk, number: int, other: int, headed: bool = True) -> None:
    hand, version = desk.hand(number), draft(desk, other).version
    with desk.store.write() as session:
        merge(session, hand, other, version, headed)


def undone(desk: Desk, number: int) -> None:
    row = next(one for one in reversed(journal(desk, number)) if one.action in ("split", "merge"))
    hand = desk.hand(number)
    with desk.store.write() as session:
        undo(session, hand, row.id)


def test_a_draft_is_split_at_a_heading_and_both_keep_what_is_theirs(desk: Desk) -> None:
    number = two_in_one(desk)
    other = cut(desk, number)
    first, second = draft(desk, number), draft(desk, other)
    assert (first.body_html, first.receipt, first.revision) == (FIRST, "2026-000001", 2)
    assert (second.title, second.receipt, second.state) == ("甲镇开展敬老活动", "2026-000002", "pending")
    assert "敬老院" in second.body_text
    assert "防火" not in second.body_text
    assert (second.unit, second.received_at, second.timeliness) == (first.unit, first.received_at, first.timeliness)
    assert files_of(desk, number) == ["附件1.docx", "附件3.docx"]
    assert files_of(desk, other) == ["附件2.docx", "附件3.docx"]


def test_both_are_on_record_and_found_by_their_own_words(desk: Desk) -> None:
    number = two_in_one(desk)
    other = cut(desk, number)
    assert [row.action for row in journal(desk, number)][-2:] == ["edit", "split"]
    assert journal(desk, other)[0].note == "从 2026-000001 分出"
    with desk.store.read() as session:
        found = {words: search_ids(session, words) for words in ("敬老院", "森林防火")}
    assert found == {"敬老院": [other], "森林防火": [number]}


def search_ids(session: Session, words: str) -> list[int]:
    return list(session.scalars(select(Draft.id).where(*search.matching(session, words))))


def test_a_second_press_of_the_key_splits_nothing_more(desk: Desk) -> None:
    number = two_in_one(desk)
    hand = desk.hand(number)
    with desk.store.write() as session:
        split(session, hand, 1, "", (), ())
    with pytest.raises(ConflictError), desk.store.write() as session:
        split(session, hand, 1, "", (), ())
    assert len(rows(desk, Draft)) == 2


@pytest.mark.parametrize("at", [0, 3, -1, 10**9])
def test_the_first_paragraph_and_none_at_all_are_no_place_to_split(desk: Desk, at: int) -> None:
    with pytest.raises(InvalidInput, match="第一段除外"):
        cut(desk, two_in_one(desk), at)


def test_where_no_line_is_a_title_one_is_asked_for(desk: Desk) -> None:
    number = two_in_one(desk)
    with pytest.raises(InvalidInput, match="填写新稿的标题"):
        cut(desk, number, at=2)
    assert draft(desk, cut(desk, number, at=2, title="敬老活动")).body_text.startswith("11月19日")


def test_personal_data_stays_a_finding_of_the_draft_that_it_stands_in_alone(desk: Desk) -> None:
    sender = Finding("sender.unknown", "warn", "发件人不明。")
    number = two_in_one(desk, FIRST + SECOND + NUMBER, findings=(BLOCK, sender))
    other = cut(desk, number)
    assert [one["code"] for one in draft(desk, number).findings] == ["sender.unknown"]
    assert [one["code"] for one in draft(desk, other).findings] == ["pii.id_number", "sender.unknown"]


def test_what_waits_for_its_source_to_be_confirmed_is_split_into_two_that_do(desk: Desk) -> None:
    number = two_in_one(desk, findings=(Finding("sender.spoofed", "block", "冒名。"),))
    assert draft(desk, number).state == "quarantined"
    assert draft(desk, cut(desk, number)).state == "quarantined"


def test_reading_the_mail_again_leaves_both_parts_alone(desk: Desk) -> None:
    number = two_in_one(desk)
    other = cut(desk, number)
    row = draft(desk, number).message_row
    assert row is not None
    title = "甲镇召开防火会议"
    found = submission("甲镇人民政府", "jia@town.example.cn", title, NOW, found_draft(title, "文件"))
    begin_attempt(desk.store, [row], NOW)
    take_in(desk.store, [(row, replace(found, parser_version=9))], desk.settings, NOW, lambda *_: None)
    assert draft(desk, number).body_html == FIRST
    assert [one.action for one in journal(desk, other)] == ["split_off"]


def test_a_split_that_is_undone_leaves_the_text_and_the_files_as_they_were(desk: Desk) -> None:
    number = two_in_one(desk)
    whole = draft(desk, number).body_html
    other = cut(desk, number)
    undone(desk, number)
    assert (draft(desk, number).body_html, draft(desk, number).revision) == (whole, 3)
    assert files_of(desk, number) == ["附件1.docx", "附件2.docx", "附件3.docx"]
    assert (draft(desk, other).state, draft(desk, other).receipt) == ("withdrawn", "2026-000002")
    with pytest.raises(InvalidInput, match="已经撤销"):
        undone(desk, number)


def test_after_a_later_edit_a_split_is_not_undone_as_a_whole(desk: Desk) -> None:
    number = two_in_one(desk)
    other = cut(desk, number)
    with desk.store.read() as session:
        assert len(undoable(session, session.get_one(Draft, number), desk.hand(number))) == 1
    desk.do(other, review.set_column, "乡镇动态")
    with desk.store.read() as session:
        assert undoable(session, session.get_one(Draft, number), desk.hand(number)) == frozenset()
    with pytest.raises(InvalidInput, match="此后稿件又有修改"):
        undone(desk, number)


def test_two_drafts_of_a_unit_become_one_with_the_files_of_both(desk: Desk) -> None:
    number = two_in_one(desk, FIRST)
    extra = attached("附件9.docx", "docx", "annex", b"9")[0]
    other = received(desk, "甲镇防火会议续报", body_html="<p>会后各村签订责任书。</p>", attachments=(extra,))
    joined(desk, number, other)
    merged, gone = draft(desk, number), draft(desk, other)
    assert merged.body_html == f"{FIRST}<h3>甲镇防火会议续报</h3><p>会后各村签订责任书。</p>"
    assert files_of(desk, number) == ["附件1.docx", "附件2.docx", "附件3.docx", "附件9.docx"]
    assert (gone.state, gone.receipt, files_of(desk, other)) == ("withdrawn", "2026-000002", [])
    assert journal(desk, other)[-1].note.startswith("已并入 2026-000001")


def test_what_stood_in_the_way_of_one_stands_in_the_way_of_both_together(desk: Desk) -> None:
    number = received(desk, "甲镇甲事", body_html="<p>甲事。</p>")
    joined(desk, number, received(desk, "甲镇乙事", body_html=NUMBER, findings=(BLOCK,)))
    assert [one["code"] for one in draft(desk, number).findings] == ["pii.id_number"]


def test_a_merge_that_is_undone_gives_both_back(desk: Desk) -> None:
    number = received(desk, "甲镇甲事", body_html="<p>甲事。</p>")
    extra = attached("附件9.docx", "docx", "annex", b"9")[0]
    other = received(desk, "甲镇乙事", body_html="<p>乙事。</p>", attachments=(extra,))
    joined(desk, number, other)
    undone(desk, number)
    assert draft(desk, number).body_html == "<p>甲事。</p>"
    assert (draft(desk, other).state, draft(desk, other).body_html) == ("pending", "<p>乙事。</p>")
    assert (files_of(desk, number), files_of(desk, other)) == ([], ["附件9.docx"])


def test_drafts_of_different_units_are_not_merged_nor_what_is_not_vouched_for(desk: Desk) -> None:
    number = received(desk)
    stranger = received(desk, "乙镇的事", unit="乙镇人民政府", address="yi@town.example.cn")
    doubtful = received(desk, "可疑的事", findings=(Finding("sender.spoofed", "block", "冒名。"),))
    for other in (stranger, doubtful, number):
        with pytest.raises((NotAllowed, InvalidInput)):
            joined(desk, number, other)
    with desk.store.read() as session:
        assert candidates(session, session.get_one(Draft, number), True) == ()
