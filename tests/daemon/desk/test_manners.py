"""What every letter owes the person who gets it: a decent hour, and not a word that is another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rounds
from hypothesis import strategies as st

from daemon.desk.outbox import AT_ANY_HOUR, Cause, write_text
from daemon.mail.letter import Kind, LetterText
from daemon.mail.samples import kinds
from daemon.settings import Settings
from daemon.store.schema import Letter
from daemon.store.unit_of_work import Store
from parsers.submission import Attachment, Finding
from tests.daemon.desk.office import NOW, SHANGHAI, found, letters, settings_of, submission, take

STRANGER: dict[str, Any] = {"unit": None, "unit_evidence": None}
SECRETS = ("防火工作的机密", "甲政发〔2026〕12号", "正文里的话", "附件名单", "报送主题")
ANSWERS: set[Kind] = {"acknowledgement", "answer", "resend_request"}
NIGHT = datetime(2026, 11, 20, 23, 30, tzinfo=SHANGHAI)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office", letters={"per_address_a_day": 1000, "total_a_day": 100000})


def written(store: Store, settings: Settings, kind: Kind, at: datetime) -> Letter:
    with store.write() as session:
        cause = Cause(f"{kind}:{at.isoformat()}", kind, "jia@town.example.cn")
        return write_text(session, cause, LetterText("主题", "正文", "<p>正文</p>"), settings, at)


@pytest.mark.parametrize("kind", kinds())
def test_only_what_answers_a_mail_goes_at_night(store: Store, settings: Settings, kind: Kind) -> None:
    letter = written(store, settings, kind, NIGHT)
    morning = datetime(2026, 11, 21, 8, 30, tzinfo=SHANGHAI)
    assert letter.next_try_at == (NIGHT if kind in ANSWERS else morning)


def test_the_list_of_letters_that_may_go_at_night_is_no_longer() -> None:
    assert {*ANSWERS, "test"} == AT_ANY_HOUR


@given(st.integers(0, 60 * 24 * 400))
@rounds(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_at_whatever_minute_a_reminder_is_written_it_goes_within_the_hours(
    store: Store, settings: Settings, minute: int
) -> None:
    at = NOW + timedelta(minutes=minute)
    with store.read() as session:
        if session.query(Letter).filter_by(key=f"reminder:{at.isoformat()}").count():
            return
    first_try = written(store, settings, "reminder", at).next_try_at
    assert at <= first_try < at + timedelta(days=1)
    assert time(8, 30) <= first_try.astimezone(SHANGHAI).time() < time(17, 30)


def everything(**values: Any) -> Any:
    """A mail that is full of what nobody else should read."""
    document = found(
        title="防火工作的机密", body_text="正文里的话", findings=(Finding("document.no_date", "warn", "没有日期"),),
        attachments=(Attachment("附件名单.docx", "docx", 10, "1" * 64, "main", "damaged"),),
    )  # fmt: skip
    return submission(document, subject="报送主题", note="正文里的话", **values)


def test_who_proves_no_address_is_told_a_number_and_nothing_of_any_mail(store: Store, settings: Settings) -> None:
    take(store, settings, everything(**STRANGER))
    (letter,) = letters(store)
    assert "2026-000001" in letter.text
    assert [word for word in SECRETS if word in letter.subject + letter.text + letter.html] == []


def test_an_answer_in_a_strangers_name_draws_no_title_out_of_us(store: Store, settings: Settings) -> None:
    take(store, settings, everything())
    first = letters(store)[0]
    asked = submission(
        kind="reply", subject="Re: 2026-000001", note="请问这篇稿件是什么？", in_reply_to=first.message_id,
        message_id="<q@elsewhere.example>", **STRANGER,
    )  # fmt: skip
    take(store, settings, replace(asked, sender=replace(asked.sender, address="x@elsewhere.example")))
    (answer,) = letters(store)[1:]
    assert answer.to == "x@elsewhere.example"
    assert [word for word in SECRETS if word in answer.subject + answer.text + answer.html] == []


def test_another_unit_that_names_a_number_is_told_no_title(store: Store, settings: Settings) -> None:
    take(store, settings, everything())
    asked = submission(kind="reply", subject="撤回 2026-000001", note="请撤回 2026-000001", unit="乙镇人民政府")
    take(store, settings, replace(asked, sender=replace(asked.sender, address="yi@town.example.cn")))
    for letter in letters(store)[1:]:
        assert [word for word in SECRETS if word in letter.subject + letter.text + letter.html] == []


@pytest.mark.parametrize(("politeness", "count"), [("one_a_day", 1), ("never", 0)])
def test_strangers_get_no_more_than_the_politeness_that_is_set(
    store: Store, tmp_path: Path, politeness: str, count: int
) -> None:
    settings = settings_of(tmp_path / "polite", letters={"unverified": politeness})
    for number in range(5):
        take(store, settings, submission(found(title=f"第{number}篇"), **STRANGER), now=NOW + timedelta(hours=number))
    assert len(letters(store)) == count
