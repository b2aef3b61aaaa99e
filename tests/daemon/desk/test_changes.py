"""变更登记: what changed is owed until a draft of the unit and column brings it, or an editor says why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from daemon.desk import changes
from daemon.desk.accounts import Actor
from daemon.desk.changes import Entered, settle
from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.lagging import lagging
from daemon.desk.register_hand import EntryHand
from daemon.desk.tick import tick
from daemon.settings import Settings, load
from daemon.store.registers import Change
from daemon.store.schema import Draft, Journal
from daemon.store.unit_of_work import Store
from parsers.submission import Attachment
from tests.daemon.desk.office import NOW, found, letters, rows, settings_of, submission, take

UNIT = "甲镇人民政府"
EDITOR = Actor(1, "王芳", "editor")
MONDAY = NOW + timedelta(days=3)
COLUMNS = """
columns:
  - {name: 文件, role: document, keywords: [通知], submit_within: 3d}
  - {name: 领导分工, role: fixed, keywords: [分工, 任职]}
  - {name: 办事指南, role: permit, keywords: [流程], publish_within: 12h}
"""
UNITS = f"units:\n  - {{name: {UNIT}, kind: town, addresses: [jia@town.example.cn]}}\n"
TOLD = "自2026年11月20日9时起，张三同志任副镇长。"


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = settings_of(tmp_path / "office").folder
    (folder / "columns.yaml").write_text(COLUMNS, "utf-8")
    (folder / "units.yaml").write_text(UNITS, "utf-8")
    return load(folder)


def told(**values: Any) -> Any:
    return submission(subject="[变更] 副镇长任职", note=TOLD, kind="other", **values)


def entered(**values: Any) -> Entered:
    fields = {"unit": UNIT, "column": "领导分工", "what": "张三任副镇长", "source": "县政府任免通知"}
    return Entered(**(fields | {"day": date(2026, 11, 20), "hour": time(9)} | values))  # type: ignore[arg-type]


def enter(store: Store, settings: Settings, **values: Any) -> Change:
    with store.write() as session:
        return changes.enter(session, entered(**values), EDITOR.name, settings, NOW)


def bring(store: Store, settings: Settings, column: str = "领导分工", **values: Any) -> int:
    """A draft with the new content."""
    document = found(title=f"甲镇{column}", column=column, document_number=None)
    message = take(store, settings, submission(document, **({"message_id": "<new@town.example.cn>"} | values)))
    with store.read() as session:
        return session.scalars(select(Draft.id).where(Draft.message_row == message.id)).one()


def hand(row: Change, settings: Settings) -> EntryHand:
    return EntryHand(row.id, row.version, EDITOR, NOW, settings)


def settled(store: Store, settings: Settings) -> Change:
    settle(store, settings, settings.calendar, NOW)
    assert settle(store, settings, settings.calendar, NOW) == []
    return rows(store, Change)[0]


def test_a_marked_mail_of_a_unit_opens_an_entry_once(store: Store, settings: Settings) -> None:
    take(store, settings, told())
    (row,) = rows(store, Change)
    assert (row.unit, row.column, row.what, row.state) == (UNIT, "领导分工", "副镇长任职", "open")
    assert row.due_at == NOW.replace(hour=9) + timedelta(days=1)
    assert rows(store, Draft) == []
    assert "变更事项已登记（变更登记第1号）" in letters(store)[0].text


@pytest.mark.parametrize("evidence", ["document", None])
def test_nobody_else_s_mail_opens_one(store: Store, settings: Settings, evidence: str | None) -> None:
    take(store, settings, told(unit_evidence=evidence))
    assert rows(store, Change) == []


def test_a_mail_that_brings_the_new_content_along_opens_an_entry_and_meets_it(store: Store, settings: Settings) -> None:
    file = Attachment("领导分工.docx", "docx", 10, "1" * 64, "main", "read")
    document = found(title="甲镇领导分工", column="领导分工", attachments=(file,))
    take(store, settings, submission(document, subject="[变更] 副镇长任职", note=TOLD))
    row = settled(store, settings)
    assert (row.state, row.met_by) == ("done", rows(store, Draft)[0].id)


def test_the_same_form_sent_twice_opens_one_entry(store: Store, settings: Settings) -> None:
    assert enter(store, settings).id == enter(store, settings).id
    assert enter(store, settings, what="李四任镇长").id != rows(store, Change)[0].id


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"unit": "丙镇"}, "请选择变更的单位"),
        ({"what": " "}, "请填写变更内容"),
        ({"column": "没有"}, "没有这个栏目"),
        ({"day": date(2026, 11, 21)}, "不能晚于现在"),
    ],
)
def test_what_is_missing_is_said(store: Store, settings: Settings, values: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        enter(store, settings, **values)


def test_the_hours_of_an_approval_s_procedure_run_from_the_change(store: Store, settings: Settings) -> None:
    row = enter(store, settings, column="办事指南")
    assert row.due_at == NOW.replace(hour=21)


def test_an_entry_is_met_by_a_draft_of_the_unit_and_column_received_after_it(store: Store, settings: Settings) -> None:
    enter(store, settings)
    bring(store, settings, column="文件")
    assert settled(store, settings).state == "open"
    draft = bring(store, settings, message_id="<second@town.example.cn>")
    row = settled(store, settings)
    assert (row.state, row.met_by, row.done_by) == ("done", draft, "系统")
    with store.read() as session:
        notes = list(
            session.scalars(select(Journal.note).where(Journal.draft == draft, Journal.action == "change.met"))
        )
        assert changes.of_drafts(session, [draft]) == {draft: row.id}
    assert notes == ["变更登记第1号由本稿落实：张三任副镇长"]


def test_a_draft_from_before_the_change_does_not_meet_it(store: Store, settings: Settings) -> None:
    bring(store, settings)
    enter(store, settings, hour=time(9, 50))
    assert settled(store, settings).state == "open"


def test_an_entry_whose_draft_was_not_used_is_open_again(store: Store, settings: Settings) -> None:
    enter(store, settings)
    draft = bring(store, settings)
    assert settled(store, settings).state == "done"
    with store.write() as session:
        session.execute(update(Draft).where(Draft.id == draft).values(state="rejected"))
    assert settled(store, settings).state == "open"


def test_an_editor_ticks_an_entry_with_a_reason_and_never_over_another_s_work(store: Store, settings: Settings) -> None:
    row = enter(store, settings)
    with pytest.raises(InvalidInput, match="请填写办结说明"), store.write() as session:
        changes.tick_off(session, hand(row, settings), " ")
    with store.write() as session:
        changes.tick_off(session, hand(row, settings), "已电话核对，网上内容无须变更")
    with pytest.raises(ConflictError), store.write() as session:
        changes.tick_off(session, hand(row, settings), "再办一次")
    (done,) = rows(store, Change)
    assert (done.state, done.done_by, done.reason) == ("done", "王芳", "已电话核对，网上内容无须变更")
    assert [entry.action for entry in rows(store, Journal)] == ["change.open", "change.done"]


def test_another_column_or_moment_makes_another_limit(store: Store, settings: Settings) -> None:
    row = enter(store, settings, column="")
    with store.write() as session:
        changes.amend(session, hand(row, settings), "办事指南", date(2026, 11, 19), None)
    (row,) = rows(store, Change)
    assert (row.column, row.certain) == ("办事指南", False)
    assert row.due_at == datetime(2026, 11, 20, 12, tzinfo=NOW.tzinfo)


def test_what_is_open_stands_in_the_unit_s_one_letter_until_it_is_met(store: Store, settings: Settings) -> None:
    enter(store, settings)
    tick(store, settings, settings.calendar, MONDAY)
    (letter,) = letters(store)
    assert (letter.kind, letter.to) == ("reminder", "jia@town.example.cn")
    assert "变更事项：张三任副镇长（“领导分工”栏目）" in letter.text
    assert "报送期限为2026年11月21日 9时，已超过。" in letter.text
    bring(store, settings)
    settle(store, settings, settings.calendar, MONDAY)
    with store.read() as session:
        assert lagging(session, settings, settings.calendar, MONDAY) == []


def test_an_entry_can_be_made_out_of_a_draft_or_a_mail(store: Store, settings: Settings) -> None:
    mail = take(store, settings, submission(subject="副镇长任职", note=TOLD, kind="other"))
    notice = take(store, settings, submission(found(title="关于张三任职的通知"), message_id="<2@town.example.cn>"))
    with store.write() as session:
        draft = session.scalars(select(Draft).where(Draft.message_row == notice.id)).one()
        of_mail = changes.from_message(session, mail, EDITOR.name, settings, NOW)
        of_draft = changes.from_draft(session, draft, EDITOR.name, settings, NOW)
        assert changes.from_draft(session, draft, EDITOR.name, settings, NOW) is of_draft
    assert (of_mail.column, of_mail.message) == ("领导分工", mail.id)
    assert (of_draft.column, of_draft.source) == ("领导分工", f"稿件 {draft.receipt}")
