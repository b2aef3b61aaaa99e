"""The letter with a returned draft."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.return_to_unit import return_letter
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Letter
from daemon.store.unit_of_work import Store
from parsers.submission import Sender
from tests.daemon.desk.office import NOW, SHANGHAI, found, letters, rows, settings_of, submission, take

REASON = "缺少成文日期。\n附件打不开。"
STRANGER = {"sender": Sender("某人", "someone@elsewhere.example"), "unit": None, "unit_evidence": None}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office", letters={"unverified": "never"})


def returned(store: Store, settings: Settings, reason: str = REASON, **change: Any) -> Letter | None:
    """The letter for the only draft, returned with this reason."""
    with store.write() as session:
        draft = session.query(Draft).one()
        for name, value in change.items():
            setattr(draft, name, value)
        return return_letter(session, draft, reason, settings, change.get("updated_at", NOW))


def test_says_what_comes_back_why_and_what_to_do(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    letter = returned(store, settings)
    assert letter is not None
    assert (letter.kind, letter.to, letter.state) == ("return", "jia@town.example.cn", "waiting")
    assert letter.subject == "退稿函（2026-000001）：甲镇人民政府关于做好秋季防火工作的通知"
    reasons = "　　缺少成文日期。\n　　附件打不开。\n"
    for words in ("2026年11月20日 9时31分报送的稿件", reasons, "直接回复本邮件重新报送"):
        assert words in letter.text
    assert letter.in_reply_to == "<mail.1@town.example.cn>"
    assert letter.key == "return:1:1"


def test_each_return_has_its_own_letter(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    returned(store, settings)
    returned(store, settings, version=5)
    assert [letter.key for letter in letters(store) if letter.kind == "return"] == ["return:1:1", "return:1:5"]


def test_waits_for_the_morning_where_an_editor_works_late(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    letter = returned(store, settings, updated_at=datetime(2026, 11, 20, 22, 0, tzinfo=SHANGHAI))
    assert letter is not None
    assert letter.next_try_at == datetime(2026, 11, 21, 8, 30, tzinfo=SHANGHAI)


def test_goes_where_the_unit_wants_letters_when_a_stranger_sent_it(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(), **STRANGER))
    letter = returned(store, settings, unit="甲镇人民政府")
    assert letter is not None
    assert letter.to == "jia@town.example.cn"


def test_quotes_nothing_to_a_stranger(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(), **STRANGER))
    letter = returned(store, settings)
    assert letter is not None
    assert letter.to == "someone@elsewhere.example"
    assert "防火" not in letter.subject + letter.text + letter.html


def test_names_no_secret_title(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    letter = returned(store, settings, secret=True)
    assert letter is not None
    assert "防火" not in letter.subject + letter.text + letter.html


def test_becomes_a_task_where_nobody_can_be_written_to(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(), unanswerable="自动回复", **STRANGER))
    assert returned(store, settings) is None
    assert "letter.no_recipient" in [entry.action for entry in rows(store, Journal)]


def test_markup_in_a_reason_stays_text(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found()))
    letter = returned(store, settings, reason="<script>alert(1)</script>")
    assert letter is not None
    assert "<script" not in letter.html
