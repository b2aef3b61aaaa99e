"""Replies that need more than one look: several drafts in a mail, secrets, a second reading, an amended receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.acknowledge import acknowledge, amend
from daemon.desk.delivered import delivered
from daemon.desk.receive import begin_attempt, parse_again, take_in
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Message
from daemon.store.unit_of_work import Store
from parsers.submission import Attachment, Finding, Submission
from tests.daemon.desk.office import NOW, found, letters, rows, settings_of, submission, take

SECRET = Finding("secret.marking", "block", "带有密级标志", "机密")
NUMBERS = ("甲政发〔2026〕12号", "甲政发〔2026〕13号", "甲政发〔2026〕14号")
TITLES = ("甲镇人民政府关于防火的通知", "甲镇人民政府关于停水的公告", "甲镇人民政府关于选举的公示")
DOCX = Attachment("新.docx", "docx", 10, "1" * 64, "main", "read")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office", letters={"per_address_a_day": 100})


@pytest.fixture
def three(store: Store, settings: Settings) -> None:
    """A mail of three drafts, and its receipt."""
    documents = [
        found(title=title, document_number=number, body_text=f"{title}的正文，各不相同。")
        for title, number in zip(TITLES, NUMBERS, strict=True)
    ]
    take(store, settings, submission(*documents))


def reply(store: Store, note: str, *drafts: Any, **values: Any) -> Submission:
    """An answer to the first letter."""
    first = letters(store)[0]
    facts = {
        "kind": "reply", "note": note, "message_id": "<answer@town.example.cn>", "references": (),
        "in_reply_to": first.message_id, "subject": f"Re: {first.subject}",
    }  # fmt: skip
    return submission(*drafts, **(facts | values))


def states(store: Store) -> list[str]:
    return [draft.state for draft in rows(store, Draft)]


def notes(store: Store) -> list[int]:
    return [sum(finding["code"] == "reply.note" for finding in draft.findings) for draft in rows(store, Draft)]


@pytest.mark.usefixtures("three")
class TestOfSeveralDrafts:
    @pytest.mark.parametrize(
        ("words", "gone"),
        [
            ("三篇都请撤回。", {1, 2, 3}),
            ("请撤回第二篇。", {2}),
            ("请撤回2026-000003。", {3}),
            ("请撤回《甲镇人民政府关于停水的公告》。", {2}),
            ("请撤回第一篇和第三篇。", {1, 3}),
        ],
    )
    def test_those_that_the_words_name_are_withdrawn(
        self, store: Store, settings: Settings, words: str, gone: set[int]
    ) -> None:
        take(store, settings, reply(store, words))
        assert {draft.id for draft in rows(store, Draft) if draft.state == "withdrawn"} == gone

    def test_none_is_where_the_words_name_none(self, store: Store, settings: Settings) -> None:
        take(store, settings, reply(store, "请撤回。"))
        assert states(store) == ["pending"] * 3
        assert notes(store) == [1, 1, 1]

    def test_a_document_becomes_the_revision_of_the_one_that_it_is_like(self, store: Store, settings: Settings) -> None:
        document = found(title=TITLES[1], document_number=NUMBERS[1], body_text="改动后的正文。", attachments=(DOCX,))
        take(store, settings, reply(store, "", document))
        assert [draft.revision for draft in rows(store, Draft)] == [1, 2, 1]


def test_a_reply_that_is_read_again_acts_once(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    document = found(body_text="改动后的正文。", attachments=(DOCX,))
    read = reply(store, "更正稿，请以此件为准。", document)
    row = take(store, settings, read).id
    parse_again(store, row, NOW, "王芳")
    begin_attempt(store, [row], NOW)
    take_in(store, [(row, read)], settings, NOW, acknowledge)
    assert [(draft.revision, draft.body_text) for draft in rows(store, Draft)] == [(2, "改动后的正文。")]
    assert len(letters(store)) == 2


def test_a_withdrawal_that_is_read_again_leaves_what_was_reopened(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    read = reply(store, "请撤回。")
    row = take(store, settings, read).id
    with store.write() as session:
        session.get_one(Draft, 1).state = "pending"
    parse_again(store, row, NOW, "王芳")
    begin_attempt(store, [row], NOW)
    take_in(store, [(row, read)], settings, NOW, acknowledge)
    assert states(store) == ["pending"]


def test_an_editors_column_and_what_he_kept_back_outlive_a_correction(store: Store, settings: Settings) -> None:
    annex = replace(DOCX, name="附件1.xlsx", kind="xlsx", sha256="2" * 64, role="annex")
    take(store, settings, submission(found(attachments=(replace(DOCX, sha256="3" * 64), annex))))
    with store.write() as session:
        draft = session.get_one(Draft, 1)
        draft.column, draft.attachments[1].publish = "公告公示", False
    take(store, settings, reply(store, "已更正", found(body_text="改动后的正文。", attachments=(DOCX,))))
    with store.read() as session:
        draft = session.get_one(Draft, 1)
        assert draft.column == "公告公示"
        assert [(one.name, one.publish) for one in draft.attachments] == [("新.docx", True), ("附件1.xlsx", False)]


def test_a_secrets_words_stand_in_no_letter_and_no_journal(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(findings=(SECRET,))))
    take(store, settings, reply(store, "请撤回，附防火机密要点三条。"))
    assert states(store) == ["withdrawn"]
    shown = "".join(letter.subject + letter.text + letter.html for letter in letters(store))
    shown += "".join(f"{row.note}{row.before}{row.after}" for row in rows(store, Journal))
    assert "防火" not in shown


def test_a_correction_with_a_secrecy_mark_is_for_the_chief(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    take(store, settings, reply(store, "更正", found(findings=(SECRET,), body_text="改", attachments=(DOCX,))))
    (draft,) = rows(store, Draft)
    assert (draft.state, draft.secret, draft.revision) == ("quarantined", True, 2)


def test_a_spoofed_sender_gets_no_letter_unless_an_editor_lets_it_go(store: Store, settings: Settings) -> None:
    spoofed = Finding("sender.spoofed", "block", "疑似冒用")
    take(store, settings, submission(found(findings=(spoofed,)), unit=None, unit_evidence=None))
    (letter,) = letters(store)
    assert letter.state == "held"
    assert "防火" not in letter.text


def test_a_resent_mail_is_a_duplicate_and_a_correction_is_none(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    take(store, settings, submission(found()))
    take(store, settings, submission(found(), note="前一稿有误，请以此件为准。"))
    assert [(draft.duplicate_of, draft.supersedes) for draft in rows(store, Draft)] == [
        (None, None),
        (1, None),
        (None, 2),
    ]


class TestAmendedReceipt:
    def edited(self, store: Store, settings: Settings, day: date, version: int = 2) -> None:
        with store.write() as session:
            draft = session.get_one(Draft, 1)
            draft.issued_on, draft.version = day, version
            session.flush()
            amend(session, draft, settings, NOW)

    def test_says_what_holds_now_and_replaces_one_that_has_not_gone(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found()))
        self.edited(store, settings, date(2026, 11, 17))
        self.edited(store, settings, date(2026, 11, 16), 3)
        first, replaced, last = letters(store)
        assert (first.state, replaced.state, last.state) == ("waiting", "cancelled", "waiting")
        assert last.subject.startswith("收稿回执（更正）（2026-000001）")
        assert "此前回执以本件为准" in last.text
        assert "成文日期：2026年11月16日" in last.text
        assert last.in_reply_to == first.in_reply_to

    def test_goes_to_nobody_who_has_had_none(self, store: Store, settings: Settings) -> None:
        stranger = {"unit": None, "unit_evidence": None}
        take(store, settings, submission(found(), **stranger))
        self.edited(store, settings, date(2026, 11, 17))
        assert len(letters(store)) == 1


def test_a_receipt_offers_ready_made_answers(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(issued_on=date(2026, 11, 3))))
    (letter,) = letters(store)
    assert "\n   如需办理，请回复本邮件并写明：更正、撤回、异议\n\n" in letter.text
    assert letter.html.count('href="mailto:desk@office.example.cn?subject=') == 3


def test_the_message_of_a_reply_stays_to_be_read(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    row = take(store, settings, reply(store, "请撤回。")).id
    with store.read() as session:
        assert session.get_one(Message, row).note == "请撤回。"


def test_a_correction_is_not_counted_beside_what_it_corrects(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    take(store, settings, submission(found(), note="前一稿有误，请以此件为准。"))
    for state, repeats in (("pending", [False, True]), ("withdrawn", [False, False])):
        with store.write() as session:
            session.get_one(Draft, 1).state = state
        with store.read() as session:
            counted = delivered(session, settings.calendar)["甲镇人民政府"]
        assert [draft.is_duplicate for draft in counted] == repeats
