"""咨询投诉: by mail or by form, passed on by letter, answered by a plain reply, told, handed on and closed; and nowhere
but on its page a word of who asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from daemon.desk import assess, consultations
from daemon.desk.accounts import Actor
from daemon.desk.call_sheet import call_sheet
from daemon.desk.consultations import NewCase
from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.lagging import lagging
from daemon.desk.receive import begin_attempt, parse_again, take_in
from daemon.desk.register_hand import EntryHand
from daemon.desk.tick import tick
from daemon.rules.assessment import as_json
from daemon.settings import Settings, load
from daemon.store import search
from daemon.store.registers import Consultation
from daemon.store.schema import Draft, Journal, Letter, Mailbox
from daemon.store.unit_of_work import Store
from parsers.submission import Attachment, Finding, Sender
from tests.daemon.desk.office import NOW, OFFICE, found, letters, rows, settings_of, submission, take

UNIT, CENTRE = "甲镇人民政府", "县投诉中心"
EDITOR = Actor(1, "王芳", "editor")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUESTION = "姓名：张三丰\n电话：13805331234\n甲镇农贸市场夜间施工扰民，请予解决。"
PLAIN = """
columns:
  - {name: 文件, role: document, keywords: [通知], submit_within: 3d}
"""
WITH_ANSWERS = f"{PLAIN}  - {{name: 咨询答复, role: consultation, keywords: [答复]}}\n"
UNITS = f"""
units:
  - {{name: {UNIT}, aliases: [甲镇], kind: town, addresses: [jia@town.example.cn],
     escalate_to: [leader@town.example.cn]}}
  - {{name: 乙镇人民政府, aliases: [乙镇], kind: town, addresses: ["@yi.example.cn"]}}
  - {{name: {CENTRE}, kind: office, addresses: [centre@office.example.cn]}}
"""


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    office = {
        "name": "县政务网编辑部",
        "address": OFFICE,
        "phone": "0500-1234567",
        "editors": ["wang@office.example.cn"],
    }
    folder = settings_of(tmp_path / "office", office=office).folder
    (folder / "columns.yaml").write_text(WITH_ANSWERS, "utf-8")
    (folder / "units.yaml").write_text(UNITS, "utf-8")
    return load(folder)


def asked(subject: str = "[投诉] 夜间施工扰民", **values: Any) -> Any:
    """What the complaint centre forwards; the parsers take it for an article."""
    facts = {"unit": CENTRE, "sender": Sender("投诉中心", "centre@office.example.cn"), "note": QUESTION}
    article = found(title="夜间施工扰民", body_text=QUESTION, document_number=None, issued_on=None)
    return submission(article, subject=subject, **(facts | values))


def only(store: Store) -> Consultation:
    (row,) = rows(store, Consultation)
    return row


def hand(store: Store, settings: Settings, now: Any = NOW) -> EntryHand:
    row = only(store)
    return EntryHand(row.id, row.version, EDITOR, now, settings)


def opened(store: Store, settings: Settings, **values: Any) -> Consultation:
    facts: dict[str, Any] = {
        "key": "form:1", "kind": "complaint", "important": False, "received_at": NOW - HOUR, "subject": "夜间施工",
        "text": QUESTION, "person": "张三丰 13805331234",
    }  # fmt: skip
    with store.write() as session:
        return consultations.open_case(session, NewCase(**(facts | values)), EDITOR.name, settings, NOW)


def passed(store: Store, settings: Settings, contact: str = "", unit: str = UNIT) -> Letter:
    """Passes the case on; gives the letter."""
    with store.write() as session:
        words = "甲镇农贸市场夜间施工扰民，请予解决。"
        consultations.pass_on(session, hand(store, settings), unit, words, contact)
    return next(letter for letter in reversed(letters(store)) if letter.kind == "consultation")


def reply(letter: Letter, words: str, *drafts: Any, **values: Any) -> Any:
    facts = {
        "kind": "reply", "note": words, "message_id": f"<answer.{len(words)}@town.example.cn>", "references": (),
        "in_reply_to": letter.message_id, "subject": f"Re: {letter.subject}", "received_at": NOW + HOUR,
    }  # fmt: skip
    return submission(*drafts, **(facts | values))


def answered(store: Store, settings: Settings, words: str, *drafts: Any, **values: Any) -> Consultation:
    letter = next(one for one in reversed(letters(store)) if one.kind == "consultation")
    read = reply(letter, words, *drafts, **values)
    take(store, settings, read, received_at=NOW + HOUR, now=NOW + HOUR)
    return only(store)


def test_a_forwarded_mail_with_the_mark_opens_a_case_and_makes_no_draft(store: Store, settings: Settings) -> None:
    message = take(store, settings, asked())
    row = only(store)
    assert (row.kind, row.subject, row.proposed, row.state) == ("complaint", "夜间施工扰民", UNIT, "open")
    assert row.person == "姓名：张三丰；电话：13805331234"
    assert row.notice_due_at == row.received_at + DAY
    assert rows(store, Draft) == []
    assert (message.kind, message.kind_reason) == ("other", "已登记为投诉第1号")
    assert "来信已登记为投诉第1号" in letters(store)[0].text


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ({}, True),
        ({"unit": None, "unit_evidence": None, "sender": Sender("编辑部", OFFICE)}, True),
        ({"unit": UNIT, "unit_evidence": "document", "sender": Sender("编辑", "wang@office.example.cn")}, True),
        ({"unit_evidence": "domain"}, True),
        ({"unit_evidence": "document"}, False),
        ({"unit": None, "unit_evidence": None, "sender": Sender("路人", "x@elsewhere.example")}, False),
        ({"findings": (Finding("sender.spoofed", "block", "冒名"),)}, False),
        ({"subject": "Re: [投诉] 夜间施工扰民"}, False),
    ],
)
def test_only_the_office_the_centre_and_units_open_cases(
    store: Store, settings: Settings, values: dict[str, Any], opens: bool
) -> None:
    take(store, settings, asked(**values))
    cases = rows(store, Consultation)
    assert [case.proposed for case in cases] == [UNIT] * opens


def test_reading_a_mail_again_opens_no_second_case(store: Store, settings: Settings) -> None:
    message = take(store, settings, asked())
    parse_again(store, message.id, NOW, "王芳")
    begin_attempt(store, [message.id], NOW)
    take_in(store, [(message.id, asked())], settings, NOW, lambda *_: None)
    assert only(store).id == 1
    assert rows(store, Draft) == []


def test_who_asked_stands_in_no_letter_no_journal_and_no_search(store: Store, settings: Settings) -> None:
    take(store, settings, asked())
    passed(store, settings)
    answered(store, settings, "该工地已停工整改，夜间不再施工。")
    tick(store, settings, settings.calendar, NOW + 10 * DAY)
    written = [f"{letter.subject}{letter.text}{letter.html}" for letter in letters(store)]
    noted = [f"{row.note}{row.before}{row.after}" for row in rows(store, Journal)]
    assert not [text for text in (*written, *noted) if "张三丰" in text or "13805331234" in text]
    with store.read() as session:
        found = select(func.count()).select_from(Draft).where(*search.matching(session, "张三丰"))
        assert session.scalar(found) == 0


def test_the_letter_names_limit_and_question_and_the_contact_only_where_an_editor_says_so(
    store: Store, settings: Settings
) -> None:
    opened(store, settings, important=True)
    plain = passed(store, settings)
    assert (plain.kind, plain.to, plain.state) == ("consultation", "jia@town.example.cn", "waiting")
    assert plain.subject == "投诉转办：投诉第1号（重要），请于2026年11月23日 24时前答复"
    for words in ("夜间施工扰民", "无法答复的", "县政务网编辑部"):
        assert words in plain.text
        assert words in plain.html
    assert "mailto:" in plain.html
    assert "联系方式" not in plain.text
    assert "联系方式：13805331234（仅供办理本件使用" in passed(store, settings, contact="13805331234").text


def test_the_same_click_twice_writes_one_letter(store: Store, settings: Settings) -> None:
    opened(store, settings)
    same = hand(store, settings)
    with store.write() as session:
        consultations.pass_on(session, same, UNIT, "请办理", "")
    with pytest.raises(ConflictError), store.write() as session:
        consultations.pass_on(session, same, UNIT, "请办理", "")
    assert [letter.kind for letter in letters(store)] == ["consultation"]


def test_a_unit_without_an_address_has_to_be_called(store: Store, settings: Settings) -> None:
    opened(store, settings)
    with pytest.raises(InvalidInput, match="没有可用的邮箱地址"):
        passed(store, settings, unit="乙镇人民政府")


def test_the_unit_s_plain_reply_becomes_a_draft_answer(store: Store, settings: Settings) -> None:
    opened(store, settings)
    passed(store, settings)
    row = answered(store, settings, "该工地已停工整改，夜间不再施工。")
    (draft,) = rows(store, Draft)
    assert (row.state, row.answer, row.answer_draft) == ("answered", "该工地已停工整改，夜间不再施工。", draft.id)
    assert row.answered_at == NOW + HOUR
    assert (draft.column, draft.unit, draft.state) == ("咨询答复", UNIT, "pending")
    assert draft.title == "关于“夜间施工”的答复"
    assert draft.body_text == "问：甲镇农贸市场夜间施工扰民，请予解决。\n答：该工地已停工整改，夜间不再施工。"
    assert "投诉第1号的答复收悉" in letters(store)[-1].text


def test_without_a_column_for_answers_the_answer_stands_in_the_case(store: Store, settings: Settings) -> None:
    (settings.folder / "columns.yaml").write_text(PLAIN, "utf-8")
    plain = load(settings.folder)
    opened(store, plain)
    passed(store, plain)
    row = answered(store, plain, "该工地已停工整改。")
    assert (row.state, row.answer, row.answer_draft) == ("answered", "该工地已停工整改。", None)
    assert rows(store, Draft) == []


def test_an_answer_can_come_as_a_file_or_by_the_link_of_the_letter(store: Store, settings: Settings) -> None:
    opened(store, settings)
    passed(store, settings)
    file = Attachment("答复.docx", "docx", 10, "1" * 64, "main", "read")
    document = found(title="答复", body_text="该工地已停工整改。", attachments=(file,))
    by_link = {"in_reply_to": None, "kind": "submission", "subject": "答复 投诉第1号"}
    row = answered(store, settings, "见附件", document, **by_link)
    assert row.answer == "该工地已停工整改。"
    (draft,) = rows(store, Draft)
    with store.read() as session:
        assert [one.name for one in session.get_one(Draft, draft.id).attachments] == ["答复.docx"]


def test_a_second_reply_adds_to_the_first_and_keeps_its_time(store: Store, settings: Settings) -> None:
    opened(store, settings)
    passed(store, settings)
    answered(store, settings, "该工地已停工整改。")
    row = answered(store, settings, "补充：已对施工单位罚款。")
    assert row.answer == "该工地已停工整改。\n\n补充答复：\n补充：已对施工单位罚款。"
    (draft,) = rows(store, Draft)
    assert any("补充答复" in finding["message"] for finding in draft.findings)


@pytest.mark.parametrize("values", [{"unit": "乙镇人民政府"}, {"unit_evidence": "document"}])
def test_nobody_else_can_answer(store: Store, settings: Settings, values: dict[str, Any]) -> None:
    opened(store, settings)
    passed(store, settings)
    assert answered(store, settings, "我来答复。", **values).state == "open"


def test_thanks_is_no_answer(store: Store, settings: Settings) -> None:
    opened(store, settings)
    passed(store, settings)
    assert answered(store, settings, "收到，谢谢。").state == "open"


def test_a_unit_that_it_does_not_belong_to_gives_it_back(store: Store, settings: Settings) -> None:
    opened(store, settings)
    passed(store, settings)
    row = answered(store, settings, "该事项不属于我镇职责，应由住建局办理。")
    assert (row.state, row.unit, row.passed_at) == ("open", None, None)
    assert "另行转办" in letters(store)[-1].text


def test_what_is_passed_on_and_not_answered_is_in_the_unit_s_letter_and_then_its_leader_s(
    store: Store, settings: Settings
) -> None:
    opened(store, settings)
    with store.read() as session:
        assert lagging(session, settings, settings.calendar, NOW + 10 * DAY) == []
    passed(store, settings)
    for ago in (5, 6, 7, 10):
        tick(store, settings, settings.calendar, NOW + ago * DAY)
        with store.write() as session:
            for letter in session.scalars(select(Letter)):
                letter.state = "sent"
    reminders = [one for one in letters(store) if one.kind == "reminder"]
    assert "投诉第1号" in reminders[0].text
    assert "尚未收到答复，答复期限为2026年11月25日 24时" in reminders[0].text
    assert "投诉第1号" in next(one for one in letters(store) if one.kind == "escalation").text
    with store.read() as session:
        (call,) = call_sheet(session, settings, settings.calendar, NOW + 10 * DAY).calls
    assert call.unit.name == UNIT
    answered(store, settings, "该工地已停工整改。")
    with store.read() as session:
        assert lagging(session, settings, settings.calendar, NOW + 10 * DAY) == []


def test_told_handed_on_and_closed_are_ticked_with_time_and_contact(store: Store, settings: Settings) -> None:
    opened(store, settings)
    with store.write() as session:
        consultations.tell(session, hand(store, settings), NOW, "电话告知，3个工作日内答复")
    with store.write() as session:
        consultations.hand_on(session, hand(store, settings), NOW, "转甲镇办理，0533-1234567")
    with store.write() as session:
        consultations.answer(session, hand(store, settings), NOW, "已整改")
    with store.write() as session:
        consultations.close(session, hand(store, settings), "已电话答复，表示满意")
    row = only(store)
    assert (row.told_at, row.told_how) == (NOW, "电话告知，3个工作日内答复")
    assert (row.handed_at, row.handed_how) == (NOW, "转甲镇办理，0533-1234567")
    assert (row.state, row.closed_by, row.result) == ("closed", "王芳", "已电话答复，表示满意")
    with pytest.raises(ConflictError, match="已经办结"), store.write() as session:
        consultations.tell(session, hand(store, settings), NOW, "再告知一次")
    with store.read() as session:
        done = [entry.action for entry in consultations.history(session, row)]
    assert done == ["case.close", "case.answer", "case.hand_on", "case.tell", "case.open"]


@pytest.mark.parametrize("at", [NOW + HOUR, NOW - 2 * HOUR])
def test_nothing_is_told_before_it_came_or_in_time_to_come(store: Store, settings: Settings, at: Any) -> None:
    opened(store, settings)
    with pytest.raises(InvalidInput, match="收到之后、现在之前"), store.write() as session:
        consultations.tell(session, hand(store, settings), at, "电话")


def test_another_weight_makes_other_clocks(store: Store, settings: Settings) -> None:
    opened(store, settings)
    with store.write() as session:
        row = consultations.rate(session, hand(store, settings), "consultation", important=True)
    assert (row.notice_due_at, row.answer_due_at) == (None, NOW.replace(day=24, hour=0))


@pytest.mark.parametrize(
    ("passed_after", "answered_after", "figures"),
    [
        (HOUR, DAY, {"answered": 1, "late": 0}),
        (HOUR, 7 * DAY, {"answered": 1, "late": 1}),
        (HOUR, None, {"answered": 0, "late": 1}),
        (7 * DAY, None, {"answered": 0, "late": 0}),
    ],
)
def test_the_report_counts_answers_and_those_that_are_late_to_the_unit_that_let_it_pass(
    store: Store, settings: Settings, passed_after: timedelta, answered_after: timedelta | None, figures: dict[str, int]
) -> None:
    received = NOW - 15 * DAY
    opened(store, settings, received_at=received)
    with store.write() as session:
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=0, first_polled_at=received - 30 * DAY, start_at=None))
        row = session.get_one(Consultation, 1)
        row.unit, row.passed_at = UNIT, received + passed_after
        if answered_after:
            row.state, row.answered_at = "answered", received + answered_after
    report = as_json(assess.assess(store, settings, settings.calendar, "2026-11", NOW))
    shown = {unit["unit"]: unit["consultations"] for unit in report["units"]}
    assert shown[UNIT] == figures
    assert shown[CENTRE] == {"answered": 0, "late": 0}


def test_a_question_counts_in_the_period_in_which_it_came(store: Store, settings: Settings) -> None:
    opened(store, settings)
    passed(store, settings)
    with store.read() as session:
        october = consultations.figures(
            session, settings.calendar, date(2026, 10, 1), date(2026, 10, 31), NOW + 30 * DAY, [UNIT]
        )
        november = consultations.figures(
            session, settings.calendar, date(2026, 11, 1), date(2026, 11, 30), NOW + 30 * DAY, [UNIT]
        )
    assert (october, november) == ({UNIT: (0, 0)}, {UNIT: (0, 1)})


def test_a_limit_that_is_not_certain_makes_nobody_late(store: Store, settings: Settings) -> None:
    calendar = replace(settings.calendar, workdays=frozenset())
    opened(store, settings)
    with store.write() as session:
        row = session.get_one(Consultation, 1)
        row.unit, row.passed_at, row.certain = UNIT, NOW, False
    with store.read() as session:
        found = consultations.figures(session, calendar, date(2026, 11, 1), date(2026, 11, 30), NOW + 30 * DAY, [UNIT])
    assert found == {UNIT: (0, 0)}
