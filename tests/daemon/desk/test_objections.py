"""异议: a unit's plain reply opens a case; what an editor decides changes the account, and the unit is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.accounts import Actor
from daemon.desk.assess import assess
from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.objections import Verdict, cases, settle
from daemon.desk.statements import send_statements
from daemon.rules.assessment import UnitAssessment
from daemon.settings import Settings
from daemon.store.assessments import Objection
from daemon.store.schema import Draft, Journal, Letter, Message, Revision, TimerRun
from daemon.store.unit_of_work import Store
from parsers.submission import Sender
from tests.daemon.desk.office import SHANGHAI, found, letters, rows, settings_of, submission, take

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
WEDNESDAY = TUESDAY + timedelta(days=1)
EDITOR = Actor(1, "王芳", "editor")
UNIT = "甲镇人民政府"
SENT = datetime(2026, 11, 18, 16, 30, tzinfo=SHANGHAI)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office")


@pytest.fixture
def told(store: Store, settings: Settings) -> Store:
    """A town whose one document came late, with its statement."""
    with store.write() as session:
        session.add(TimerRun(timer="statements", day=date(2026, 10, 1), outcome="done", at=TUESDAY))
    late = found(issued_on=date(2026, 11, 2))
    take(store, settings, submission(late, received_at=SENT), received_at=SENT, now=SENT)
    send_statements(store, settings, settings.calendar, TUESDAY)
    return store


def statement(store: Store) -> Letter:
    return next(letter for letter in letters(store) if letter.kind == "statement" and letter.unit == UNIT)


def object_(store: Store, settings: Settings, note: str, **values: Any) -> Message:
    """A reply to the statement."""
    letter = statement(store)
    facts = {
        "kind": "reply", "note": note, "message_id": "<objection@town.example.cn>", "references": (),
        "in_reply_to": letter.message_id, "subject": f"Re: {letter.subject}", "received_at": WEDNESDAY,
    }  # fmt: skip
    return take(store, settings, submission(**(facts | values)), received_at=WEDNESDAY, now=WEDNESDAY)


def decide(store: Store, settings: Settings, verdict: Verdict) -> Objection:
    (case,) = rows(store, Objection)
    with store.write() as session:
        return settle(session, case.id, case.version, verdict, EDITOR, WEDNESDAY, settings)


def account(store: Store, settings: Settings) -> UnitAssessment:
    found = assess(store, settings, settings.calendar, "2026-11", WEDNESDAY)
    return next(one for one in found.units if one.unit.name == UNIT)


def answers(store: Store) -> list[str]:
    return [letter.text for letter in letters(store) if letter.kind == "answer"]


def test_a_plain_reply_opens_a_case_on_the_draft_that_it_names(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 该文件11月4日已经送达。")
    (case,) = rows(told, Objection)
    assert (case.unit, case.draft, case.period, case.state) == (UNIT, 1, "2026-11", "open")
    assert "11月4日已经送达" in case.text
    assert "异议已登记，由编辑部核实后答复" in answers(told)[0]
    assert [row.action for row in rows(told, Journal) if row.action.startswith("objection")] == ["objection.open"]


def test_one_that_names_no_draft_is_about_the_month_of_the_statement(told: Store, settings: Settings) -> None:
    object_(told, settings, "对上月对账单有异议，停电三天没有扣除。")
    (case,) = rows(told, Objection)
    assert (case.draft, case.period) == (None, "2026-11")


@pytest.mark.parametrize(
    "values",
    [
        {"unit": None, "unit_evidence": None, "sender": Sender("路人", "x@elsewhere.example")},
        {"unit_evidence": "document"},
        {"note": "收到，无异议。"},
    ],
    ids=["a stranger", "an address that is not registered", "no objection"],
)
def test_nobody_else_opens_one(told: Store, settings: Settings, values: dict[str, Any]) -> None:
    object_(told, settings, values.pop("note", "异议 2026-000001 该文件已经送达。"), **values)
    assert rows(told, Objection) == []


def test_another_unit_s_draft_is_not_objected_to(told: Store, settings: Settings) -> None:
    sender = Sender("乙镇信息员", "yi@town.example.cn")
    object_(told, settings, "异议 2026-000001 这是我镇的稿件。", unit="乙镇人民政府", sender=sender)
    assert rows(told, Objection) == []


def test_an_upheld_one_excuses_the_draft_and_says_so(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 邮箱当日故障。")
    assert account(told, settings).duties.late == 1
    decide(told, settings, Verdict("当日邮箱服务中断，属实", "excuse"))
    found = account(told, settings)
    assert (found.duties.late, [one.reason for one in found.excused]) == (0, ["当日邮箱服务中断，属实"])
    assert "对稿件 2026-000001 的异议经核实成立，有关情况予以免责" in answers(told)[-1]


def test_an_upheld_one_corrects_the_date_and_judges_anew(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 成文日期应为11月16日。")
    decide(told, settings, Verdict("原件落款为11月16日", "issued_on", issued_on=date(2026, 11, 16)))
    (draft,) = rows(told, Draft)
    assert (draft.issued_on, draft.timeliness, draft.revision) == (date(2026, 11, 16), "on_time", 2)
    assert [row.content["issued_on"] for row in rows(told, Revision)] == ["2026-11-02", "2026-11-16"]
    assert (account(told, settings).duties.late, account(told, settings).duties.on_time) == (0, 1)
    assert "成文日期更正为2026年11月16日" in answers(told)[-1]


def test_an_upheld_one_moves_the_draft_to_its_unit(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 不是我镇的文件。")
    decide(told, settings, Verdict("系乙镇代发", "unit", unit="乙镇人民政府"))
    assert account(told, settings).duties.late == 0
    assert rows(told, Draft)[0].unit == "乙镇人民政府"


def test_a_dismissed_one_changes_nothing_and_gives_the_reason(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 已经送达。")
    case = decide(told, settings, Verdict("查无此件"))
    assert (case.state, case.settled_by) == ("dismissed", "王芳")
    assert account(told, settings).duties.late == 1
    assert "不成立，原认定不变。理由：查无此件。" in answers(told)[-1]


def test_days_are_excused_where_it_names_no_draft(told: Store, settings: Settings) -> None:
    object_(told, settings, "对上月对账单有异议，停电三天没有扣除。")
    with pytest.raises(InvalidInput, match="起止日期"):
        decide(told, settings, Verdict("停电属实", "excuse"))
    decide(told, settings, Verdict("停电属实", "excuse", since=date(2026, 11, 10), until=date(2026, 11, 12)))
    assert account(told, settings).duties.columns[0].owed == 27


def test_a_case_is_settled_once(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 已经送达。")
    (stale,) = rows(told, Objection)
    decide(told, settings, Verdict("查无此件"))
    with pytest.raises(ConflictError), told.write() as session:
        settle(session, stale.id, stale.version, Verdict("属实", "excuse"), EDITOR, WEDNESDAY, settings)
    assert len(answers(told)) == 2


def test_without_a_reason_nothing_is_decided(told: Store, settings: Settings) -> None:
    object_(told, settings, "异议 2026-000001 已经送达。")
    with pytest.raises(InvalidInput, match="理由"):
        decide(told, settings, Verdict("  "))
    with told.read() as session:
        assert [case.row.state for case in cases(session, True)] == ["open"]
