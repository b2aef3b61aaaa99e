"""An editor's one key makes a draft of what was judged nothing to publish."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from daemon.desk.make_draft import make_draft
from daemon.desk.receive import begin_attempt, parse_again, take_in
from daemon.settings import Settings
from daemon.store.schema import Journal
from daemon.store.unit_of_work import Store
from parsers.submission import Finding, Submission
from tests.daemon.desk.readings import NOON, drafts, file, found, nobody, reading, taken

LATER = NOON + timedelta(hours=3)


def other(**values: Any) -> Submission:
    return reading(**{"subject": "报送活动情况", "note": "昨日举行了义诊。\n\n有<50>人参加。", **values})


def test_it_has_the_mails_subject_text_and_files(store: Store, settings: Settings) -> None:
    annex, blob = file("名单.docx", b"list")
    row = taken(store, settings, other(attachments=(annex,), blobs=(blob,)))
    number = make_draft(store, row, "王芳", LATER, settings)
    [draft] = drafts(store)
    assert (draft.id, draft.message_row, draft.title, draft.receipt) == (number, row, "报送活动情况", "2026-000001")
    assert draft.body_html == "<p>昨日举行了义诊。</p><p>有&lt;50&gt;人参加。</p>"
    assert [(one.name, one.size, one.text) for one in draft.attachments] == [("名单.docx", 4, "名单.docx")]
    assert (draft.state, draft.unit, draft.received_at, draft.touched) == ("pending", "甲镇人民政府", NOON, True)


def test_it_is_on_record_who_made_it(store: Store, settings: Settings) -> None:
    make_draft(store, taken(store, settings, other()), "王芳", LATER, settings)
    with store.read() as session:
        entry = session.scalars(select(Journal).where(Journal.action == "make_draft")).one()
    assert (entry.who, entry.at, entry.draft) == ("王芳", LATER, 1)


def test_pressing_twice_makes_one(store: Store, settings: Settings) -> None:
    row = taken(store, settings, other())
    assert make_draft(store, row, "王芳", LATER, settings) == make_draft(store, row, "刘洋", LATER, settings)
    assert len(drafts(store)) == 1


def test_a_message_that_has_a_draft_gets_no_other(store: Store, settings: Settings) -> None:
    row = taken(store, settings, reading(found()))
    assert make_draft(store, row, "王芳", LATER, settings) == drafts(store)[0].id


def test_a_mail_without_subject_still_has_a_title(store: Store, settings: Settings) -> None:
    make_draft(store, taken(store, settings, other(subject=None)), "王芳", LATER, settings)
    assert drafts(store)[0].title == "（无标题）"


def test_the_mails_findings_stay_to_be_dealt_with(store: Store, settings: Settings) -> None:
    spoofed = Finding("sender.spoofed", "block", "发件人冒用单位名称")
    make_draft(store, taken(store, settings, other(findings=(spoofed,), unit=None)), "王芳", LATER, settings)
    [draft] = drafts(store)
    assert [finding["code"] for finding in draft.findings] == ["sender.spoofed"]
    assert draft.state == "pending"


def test_reading_the_mail_again_leaves_it_alone(store: Store, settings: Settings) -> None:
    row = taken(store, settings, other())
    make_draft(store, row, "王芳", LATER, settings)
    parse_again(store, row, LATER, "王芳")
    begin_attempt(store, [row], LATER)
    take_in(store, [(row, reading(found()))], settings, LATER, nobody)
    assert [draft.title for draft in drafts(store)] == ["报送活动情况"]
