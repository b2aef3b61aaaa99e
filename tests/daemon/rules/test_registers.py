"""What a mail says of a register, and how long there is (articles 二（一）, 2 and 6 of the notice)."""

from __future__ import annotations

import pytest

from daemon.rules import registers
from daemon.rules.registers import Limits, Marked, Moment, OpenEntry, case_clocks, change_due, marked
from daemon.rules.reminders import Leads, reminder_items, thing_of
from parsers.office import Column, Office, Period, Unit
from tests.daemon.rules.samples import CALENDAR, NOTICES, OFFICE, TOWN, at, basis

LIMITS = Limits(notice=Period(24, "h"), answer=Period(3, "wd"), important=Period(3, "d"))
LEADS = Leads(Period(1, "d"), Period(5, "wd"))


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("[变更] 领导分工有调整", Marked("change", False, "领导分工有调整")),
        ("【变更】：领导分工有调整", Marked("change", False, "领导分工有调整")),
        ("转发：[变更]领导分工有调整", Marked("change", False, "领导分工有调整")),
        ("[变更]", Marked("change", False, "变更")),
        ("[咨询] 社保卡怎么补办", Marked("consultation", False, "社保卡怎么补办")),
        ("Fwd: 网友来信[重要投诉]夜间施工", Marked("complaint", True, "网友来信夜间施工")),
        ("（投诉）夜间施工扰民", Marked("complaint", False, "夜间施工扰民")),
        ("Re: [变更] 领导分工有调整", None),
        ("回复：[投诉] 夜间施工", None),
        ("关于领导分工[变更]的通知", None),
        ("关于变更咨询电话的公告", None),
        (None, None),
    ],
)
def test_a_subject_bears_a_mark_where_no_answer_repeats_it(subject: str | None, found: Marked | None) -> None:
    assert marked(subject) == found


@pytest.mark.parametrize(
    ("text", "moment", "hour_known"),
    [
        ("2026年11月18日下午3时起，张三任副局长", "2026-11-18 15:00", True),
        ("自11月18日9:30起变更", "2026-11-18 09:30", True),
        ("自11月18日起变更", "2026-11-18 00:00", False),
        ("12月20日起变更", "2025-12-20 00:00", False),
        ("2026年12月1日起变更，2026年11月17日研究决定", "2026-11-17 00:00", False),
        ("办事窗口有变化", "2026-11-20 10:00", True),
        ("13月40日", "2026-11-20 10:00", True),
    ],
)
def test_the_hours_run_from_the_moment_that_a_mail_states(text: str, moment: str, hour_known: bool) -> None:
    found = registers.stated_moment(text, at("2026-11-20 10:00"), CALENDAR)
    assert found == Moment(at(moment), hour_known)


def test_a_change_is_to_be_brought_within_24_hours_or_within_its_column_s_limit() -> None:
    moment = Moment(at("2026-11-20 10:00"), hour_known=True)
    plain, short = change_due(moment, Column("领导分工"), CALENDAR), change_due(moment, NOTICES, CALENDAR)
    assert (plain.at, plain.certain) == (at("2026-11-21 10:00"), True)
    assert short.at == at("2026-11-20 22:00")
    assert change_due(moment, None, CALENDAR).at == plain.at


def test_a_change_without_an_hour_runs_from_the_end_of_its_day_and_is_uncertain() -> None:
    due = change_due(Moment(at("2026-11-20 00:00"), hour_known=False), None, CALENDAR)
    assert (due.at, due.certain) == (at("2026-11-22 00:00"), False)


def test_a_question_is_answered_in_three_working_days_and_a_complainant_told_in_24_hours() -> None:
    friday = at("2026-11-20 16:00")
    question = case_clocks("consultation", False, friday, LIMITS, CALENDAR)
    complaint = case_clocks("complaint", False, friday, LIMITS, CALENDAR)
    assert (question.notice, question.answer) == (None, at("2026-11-26 00:00"))
    assert (complaint.notice, complaint.answer) == (at("2026-11-21 16:00"), at("2026-11-26 00:00"))


def test_what_is_important_is_answered_in_three_days() -> None:
    found = case_clocks("complaint", True, at("2026-11-20 16:00"), LIMITS, CALENDAR)
    assert found.answer == at("2026-11-24 00:00")  # the third day is a Monday
    before_the_holiday = case_clocks("complaint", True, at("2026-09-30 16:00"), LIMITS, CALENDAR)
    assert before_the_holiday.answer == at("2026-10-09 00:00")


def test_a_limit_in_a_year_without_official_holidays_is_uncertain() -> None:
    assert not case_clocks("consultation", False, at("2026-12-31 16:00"), LIMITS, CALENDAR).certain


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("青石镇的路灯坏了", "青石镇人民政府"),
        ("青石镇人民政府门前的路灯坏了，青石镇不管", "青石镇人民政府"),
        ("青石镇和云溪县财政局互相推", None),
        ("路灯坏了", None),
    ],
)
def test_the_only_unit_that_a_text_names_is_proposed(text: str, unit: str | None) -> None:
    assert registers.named_unit(text, OFFICE.units) == unit


def test_who_passes_a_question_on_is_not_proposed() -> None:
    centre = Unit("县投诉中心", "office")
    assert registers.named_unit("县投诉中心转来：青石镇路灯坏了", (*OFFICE.units, centre), centre.name) == TOWN.name


def test_a_change_is_of_the_column_that_it_names_or_of_the_only_fixed_one_with_its_words() -> None:
    fixed = Column("领导分工", role="fixed", keywords=("分工", "任职"))
    office = Office("", "", "", "Asia/Shanghai", (TOWN,), (NOTICES, fixed, Column("机构概况", role="fixed")))
    assert registers.named_column("请更新“机构概况”", TOWN, office) == "机构概况"
    assert registers.named_column("张三同志任职", TOWN, office) == "领导分工"
    assert registers.named_column("电话变了", TOWN, office) is None


def test_a_letter_carries_no_word_of_who_asked() -> None:
    text = "姓名：张三\n联系电话：13805331234\n夜间施工扰民，请打 138-0533-1234 联系。\n身份证 370321198001011239"
    shown = registers.without_contact(text)
    assert "张三" not in shown
    assert "1234" not in shown
    assert "370321198001011239" not in shown
    assert "夜间施工扰民" in shown
    assert registers.contact_in(text) == "姓名：张三；联系电话：13805331234"


@pytest.mark.parametrize("text", ["该事项不属于我局职责，应由住建局办理。", "不属本单位职责", "非我局职责范围"])
def test_a_unit_can_say_that_it_is_another_s(text: str) -> None:
    assert registers.declines(text)
    assert not registers.declines("经核实，该路段属我局管理，已修复。")


def kinds(entry: OpenEntry, moment: str) -> list[str]:
    items = reminder_items(TOWN, (), LEADS, basis(moment), [entry])
    return [item.kind for item in items if thing_of(item) == entry.reference]


def test_what_a_register_holds_is_a_line_of_the_unit_s_letter_before_and_after_its_limit() -> None:
    entry = OpenEntry("change:3", "change", "领导分工", "张三任副镇长", at("2026-11-20 10:00"), certain=True)
    assert kinds(entry, "2026-11-19 09:59") == []
    assert kinds(entry, "2026-11-19 10:00") == ["due_soon"]
    assert kinds(entry, "2026-11-20 09:59") == ["due_soon"]
    assert kinds(entry, "2026-11-20 10:00") == ["overdue"]


def test_nobody_is_told_to_be_late_by_an_uncertain_limit() -> None:
    entry = OpenEntry("case:5", "reply", None, "投诉第5号", at("2026-11-20 10:00"), certain=False)
    assert kinds(entry, "2026-11-21 10:00") == ["due_soon"]
