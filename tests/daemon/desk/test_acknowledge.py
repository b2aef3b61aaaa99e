"""The receipt: who gets one, what it says, and who never gets one."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from daemon.desk.acknowledge import acknowledge
from daemon.settings import Settings
from daemon.store.schema import Draft, Message
from daemon.store.unit_of_work import Store
from parsers.submission import Attachment, Finding, Sender
from tests.daemon.desk.office import (
    NOW,
    OFFICE,
    RECEIVED,
    SHANGHAI,
    found,
    letters,
    rows,
    settings_of,
    submission,
    take,
)

STRANGER = {"sender": Sender("某人", "someone@elsewhere.example"), "unit": None, "unit_evidence": None}
MISSING = Finding("message.attachment_missing", "warn", "来信称有附件，但没有收到附件。")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office")


def attachment(name: str, status: str) -> Attachment:
    return Attachment(name, "docx", 10, "0" * 64, "main", status)  # type: ignore[arg-type]


def test_a_receipt_says_what_was_recognised_and_when(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    (letter,) = letters(store)
    assert (letter.kind, letter.state, letter.to) == ("acknowledgement", "waiting", "jia@town.example.cn")
    assert letter.subject == "收稿回执（2026-000001）：甲镇人民政府关于做好秋季防火工作的通知"
    for words in (
        "甲镇人民政府：", "2026-000001", "甲镇人民政府关于做好秋季防火工作的通知", "甲政发〔2026〕12号", "文件",
        "成文日期：2026年11月18日", "收到时间：2026年11月20日 9时31分", "报送期限：2026年11月23日 24时前",
        "在报送期限内收到（以编辑部核定为准）", "县政务网编辑部", "2026年11月20日", "0500-1234567",
    ):  # fmt: skip
        assert words in letter.text, words


def test_text_and_html_say_the_same(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(), found(title="关于停水的公告", column="公告公示")))
    (letter,) = letters(store)
    shown = re.sub(r"<style.*?</style>|<title>.*?</title>|<[^>]+>", " ", letter.html, flags=re.DOTALL)
    words = re.findall(r"[一-龥〔〕0-9-]{2,}", letter.text)
    assert [word for word in words if word not in shown] == []
    assert "<script" not in letter.html
    assert "http" not in letter.html


def test_one_letter_answers_a_mail_with_several_drafts(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(), found(title="关于停水的公告"), found(title="关于停电的公告")))
    (letter,) = letters(store)
    assert letter.subject == "收稿回执（2026-000001 等3件）"
    assert re.findall(r"^\d\. .*", letter.text, re.MULTILINE) == [
        "1. 甲镇人民政府关于做好秋季防火工作的通知", "2. 关于停水的公告", "3. 关于停电的公告",
    ]  # fmt: skip


def test_a_receipt_joins_the_conversation(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    (letter,) = letters(store)
    assert letter.in_reply_to == "<mail.1@town.example.cn>"
    assert letter.references == ["<earlier@town.example.cn>", "<mail.1@town.example.cn>"]
    assert letter.message_id == f"<20261120100000.{letter.id}.acknowledgement@office.example.cn>"


def test_a_mail_is_answered_once(store: Store, settings: Settings) -> None:
    message = take(store, settings, submission(found()))
    with store.write() as session:
        assert acknowledge(session, session.get_one(Message, message.id), settings, NOW) is None
    assert len(letters(store)) == 1


class TestVerdict:
    def test_late_is_said_where_the_limit_is_certain(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found(issued_on=date(2026, 11, 3))))
        assert "收到时已超过报送期限（以编辑部核定为准）" in letters(store)[0].text

    @pytest.mark.parametrize("uncertain", [{"issued_on_certain": False}, {"issued_on": None}])
    def test_late_is_never_said_where_it_is_not(
        self, store: Store, settings: Settings, uncertain: dict[str, object]
    ) -> None:
        take(store, settings, submission(found(**{"issued_on": date(2026, 11, 3), **uncertain})))
        text = letters(store)[0].text
        assert "待核定（以编辑部核定为准）" in text
        assert "超过" not in text

    def test_a_doubtful_column_is_marked_so(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found(confidence=0.4), found(title="无栏目", column=None)))
        assert "文件（待核）" in letters(store)[0].text
        assert "待编辑部确定" in letters(store)[0].text


class TestNobodyIsAnswered:
    @pytest.mark.parametrize("kind", ["auto_reply", "bounce"])
    def test_who_is_a_machine(self, store: Store, settings: Settings, kind: str) -> None:
        take(store, settings, submission(found(), kind=kind))
        assert letters(store) == []

    def test_who_must_not_be_answered(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found(), unanswerable="邮件列表"))
        assert letters(store) == []

    @pytest.mark.parametrize("address", [None, OFFICE, OFFICE.upper(), "a b@c.cn", "a@b.cn,c@d.cn", "用户@b.cn"])
    def test_whose_address_is_ours_or_none(self, store: Store, settings: Settings, address: str | None) -> None:
        take(store, settings, submission(found(), sender=Sender("甲镇", address)))
        assert letters(store) == []

    def test_who_sent_nothing_to_publish(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission())
        assert letters(store) == []

    def test_whose_mail_was_imported_as_history(self, store: Store, settings: Settings) -> None:
        message = take(store, settings, submission())
        with store.write() as session:
            row = session.get_one(Message, message.id)
            row.history, row.kind = True, "submission"
            assert acknowledge(session, row, settings, NOW) is None


class TestWhatIsMissing:
    def test_an_attachment_that_was_forgotten_is_asked_for(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(kind="submission", findings=(MISSING,)))
        (letter,) = letters(store)
        assert (letter.kind, letter.subject) == ("resend_request", "请补发附件：报送通知")
        assert "未收到附件，请补发" in letter.text

    def test_a_stranger_is_not_asked(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(kind="submission", findings=(MISSING,), **STRANGER))
        assert letters(store) == []

    @pytest.mark.parametrize(("status", "plea"), [("encrypted", "密码"), ("damaged", "原文件"), ("refused", "拆分")])
    def test_a_file_that_cannot_be_read_is_asked_for_again(
        self, store: Store, settings: Settings, status: str, plea: str
    ) -> None:
        take(store, settings, submission(found(attachments=(attachment("通知.docx", status),))))
        assert re.search(f"附件“通知.docx”.*{plea}", letters(store)[0].text)

    def test_a_missing_date_is_asked_for(self, store: Store, settings: Settings) -> None:
        no_date = Finding("document.no_date", "warn", "没有成文日期")
        take(store, settings, submission(found(issued_on=None, findings=(no_date,))))
        assert "未识别出成文日期" in letters(store)[0].text

    def test_a_file_behind_a_dead_link_is_asked_for_once(self, store: Store, settings: Settings) -> None:
        link = Finding("attachment.expired_link", "warn", "链接已过期")
        take(store, settings, submission(found(), found(title="另一篇"), findings=(link,)))
        assert letters(store)[0].text.count("链接已失效") == 1


class TestSecret:
    MARK = Finding("secret.marking", "block", "文中有密级标志")

    def test_a_receipt_names_no_secret_title(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found(title="关于某事的机密通知", findings=(self.MARK,))))
        (letter,) = letters(store)
        for part in (letter.subject, letter.text, letter.html):
            assert "某事" not in part
            assert "甲政发" not in part
        assert "2026-000001" in letter.text
        assert "涉密文件不得通过互联网电子邮箱报送" in letter.text


class TestStrangers:
    def test_learn_that_their_mail_is_here_and_not_a_word_of_it(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found(), **STRANGER))
        (letter,) = letters(store)
        assert letter.to == "someone@elsewhere.example"
        for part in (letter.subject, letter.text, letter.html):
            for word in ("防火", "甲镇", "报送通知"):
                assert word not in part
        assert "2026-000001" in letter.text

    def test_are_written_to_once_a_day(self, store: Store, settings: Settings) -> None:
        for hours in (0, 1, 13.9):
            take(store, settings, submission(found(), **STRANGER), now=NOW + timedelta(hours=hours))
        assert len(letters(store)) == 1
        take(store, settings, submission(found(), **STRANGER), now=NOW + timedelta(hours=14))
        assert len(letters(store)) == 2

    def test_are_not_written_to_where_the_office_says_so(self, store: Store, tmp_path: Path) -> None:
        settings = settings_of(tmp_path / "strict", letters={"unverified": "never"})
        take(store, settings, submission(found(), **STRANGER))
        assert letters(store) == []

    def test_who_merely_name_a_unit_are_strangers(self, store: Store, settings: Settings) -> None:
        forger = {"sender": Sender("甲镇", "jiazhen@evil.example"), "unit_evidence": "document"}
        take(store, settings, submission(found(), **forger))
        assert "甲镇" not in letters(store)[0].text


class TestBudgets:
    def test_old_mail_is_answered_only_by_a_person(self, store: Store, settings: Settings) -> None:
        take(store, settings, submission(found()), received_at=NOW - timedelta(days=3, seconds=1))
        (letter,) = letters(store)
        assert letter.state == "held"
        assert "3 天" in (letter.hold_reason or "")

    def test_one_address_gets_so_many_a_day(self, store: Store, tmp_path: Path) -> None:
        settings = settings_of(tmp_path / "small", letters={"per_address_a_day": 2})
        for _ in range(4):
            take(store, settings, submission(found()))
        assert [letter.state for letter in letters(store)] == ["waiting", "waiting", "held", "held"]

    def test_all_together_get_so_many_a_day(self, store: Store, tmp_path: Path) -> None:
        settings = settings_of(tmp_path / "small", letters={"total_a_day": 1})
        take(store, settings, submission(found()))
        other = {"sender": Sender("", "yi@town.example.cn"), "unit": "乙镇人民政府"}
        take(store, settings, submission(found(), **other))
        assert [letter.state for letter in letters(store)] == ["waiting", "held"]

    def test_a_new_day_begins_at_midnight_of_the_office(self, store: Store, tmp_path: Path) -> None:
        settings = settings_of(tmp_path / "small", letters={"per_address_a_day": 1})
        late = datetime(2026, 11, 20, 23, 59, tzinfo=SHANGHAI)
        for now in (late, late + timedelta(minutes=1)):
            take(store, settings, submission(found()), received_at=RECEIVED, now=now)
        assert [letter.state for letter in letters(store)] == ["waiting", "waiting"]


def test_no_header_can_be_broken_by_what_a_mail_says(store: Store, settings: Settings) -> None:
    evil = "标题\r\nBcc: victim@example.com\r\n\r\n正文\u202e"
    take(store, settings, submission(found(title=evil), subject=evil, message_id="<a@b>\r\nBcc: x@y"))
    (letter,) = letters(store)
    assert "\n" not in letter.subject
    assert "\u202e" not in letter.text
    assert "\nBcc" not in letter.text


def test_markup_in_a_title_stays_text(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(title="<img src=x onerror=alert(1)>关于<b>防火</b>的通知")))
    assert "<img" not in letters(store)[0].html
    assert "&lt;img" in letters(store)[0].html


def test_receipt_numbers_stand_in_the_letter_as_in_the_queue(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(), found(title="另一篇")))
    for draft in rows(store, Draft):
        assert draft.receipt in letters(store)[0].text
