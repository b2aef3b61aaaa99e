"""考核: results that lead to their mails, what people say of them, freezing, the month, a unit's record."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from daemon.desk.accounts import Actor
from daemon.desk.bulletins import Desk, draft_now
from daemon.store.assessments import FrozenAssessment, Objection
from daemon.store.registers import Consultation
from daemon.store.schema import Draft, Journal, Mailbox
from tests.daemon.desk.desks import ADDRESS, UNIT, received, rows
from tests.daemon.web.conftest import Visit
from tests.samples import NOW, submission

TOWN = "唐山镇人民政府"
OCTOBER = NOW - timedelta(days=30)


@pytest.fixture
def chief(visit: Visit) -> Visit:
    """The chief of an office that has been at it since September; a town sent a late document in October."""
    with visit.desk.store.write() as session:
        polled = NOW - timedelta(days=80)
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=1, first_polled_at=polled, start_at=polled))
    number = received(visit.desk, "关于开展秋季防火工作的通知", column="政府公文", unit=TOWN, received_at=OCTOBER)
    with visit.desk.store.write() as session:
        draft = session.get_one(Draft, number)
        draft.timeliness, draft.due_certain, draft.unit = "late", True, TOWN
    visit.login("张主编")
    return visit


def frozen(visit: Visit, period: str = "2026-10") -> None:
    desk = Desk(visit.desk.store, visit.desk.settings, visit.desk.settings.calendar, visit.now())
    draft_now(desk, period, Actor(3, "张主编", "chief"))
    with visit.desk.store.write() as session:
        row = session.query(FrozenAssessment).one()
        row.state, row.frozen_by, row.frozen_at = "frozen", "张主编", visit.now()


def asked(visit: Visit) -> None:
    """A citizen's question of October, which the town was passed and has not answered."""
    with visit.desk.store.write() as session:
        session.add(
            Consultation(
                key="form:1", kind="consultation", important=False, state="open", subject="夜间施工", text="何时停工？",
                person="张三丰", unit=TOWN, received_at=OCTOBER, passed_at=OCTOBER, created_at=OCTOBER,
                answer_due_at=OCTOBER + timedelta(days=3), certain=True, created_by="张主编",
            )
        )  # fmt: skip


def late_of(text: str) -> str:
    """The town's number of late drafts as the page says it."""
    found = re.search(rf'aria-label="{TOWN}逾期([^"]+)"', text)
    assert found
    return found[1]


def test_the_last_month_is_shown_with_every_unit_ranked_in_its_kind(chief: Visit) -> None:
    text = chief.text("/assessment")
    for words in ("2026年10月", "镇（街道）", "县政府各部门、各单位", "尚未核定", "考核口径"):
        assert words in text
    assert late_of(text) == "1"


@pytest.mark.parametrize(
    ("period", "said"), [("2026-11", "2026年11月"), ("2026-H2", "2026年下半年"), ("2026", "2026年度")]
)
def test_every_period_can_be_chosen(chief: Visit, period: str, said: str) -> None:
    assert f'<option value="{period}" selected>{said}</option>' in chief.text(f"/assessment?period={period}")


@pytest.mark.parametrize(
    "address", ["/assessment?period=2026-13", "/assessment?period=2031-01", "/month?month=2026-13"]
)
def test_what_is_no_period_is_refused_in_a_sentence(chief: Visit, address: str) -> None:
    answer = chief.get(address)
    assert answer.status_code == 400
    assert re.search("考核期间|尚未开始|月份", answer.get_data(as_text=True))


def test_a_figure_leads_to_the_mails_that_sum_to_it(chief: Visit) -> None:
    assert f'href="/assessment/2026-10/unit?unit={TOWN}#逾期"' in _decoded(chief.text("/assessment"))
    text = chief.text(f"/assessment/2026-10/unit?unit={TOWN}")
    assert re.search(r'<a href="/drafts/1">2026-\d{6}</a>', text)
    assert "关于开展秋季防火工作的通知" in text
    assert "无信息日期" in text
    assert chief.get("/assessment/2026-10/unit?unit=某镇").status_code == 404


def test_questions_of_citizens_are_shown_where_a_unit_was_asked(chief: Visit) -> None:
    addresses = "/assessment", f"/assessment/2026-10/unit?unit={TOWN}", f"/record?unit={TOWN}"
    assert not any(">答复逾期</" in chief.text(address) for address in addresses)
    asked(chief)
    assert all(">答复逾期</" in chief.text(address) for address in addresses)
    assert re.search(rf'aria-label="{TOWN}答复逾期1"', chief.text("/assessment"))
    other = chief.text("/assessment/2026-10/unit?unit=果里镇人民政府")
    assert "答复逾期</dt>" not in other


def _decoded(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)


def test_the_sheet_has_real_numbers_a_frozen_heading_and_filters(chief: Visit) -> None:
    data = chief.get("/assessment/2026-10.xlsx").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(data))["单位"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    headings = [cell.value for cell in sheet[1]]
    town = next(row for row in sheet.iter_rows(min_row=2, values_only=True) if TOWN in row)
    assert town[headings.index("逾期")] == 1


@pytest.mark.parametrize("ending", ["docx", "html", "json"])
def test_other_forms_are_downloaded_too(chief: Visit, ending: str) -> None:
    answer = chief.get(f"/assessment/2026-10.{ending}")
    assert (answer.status_code, len(answer.get_data()) > 1000) == (200, True)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert chief.get("/assessment/2026-10.pdf").status_code == 404


def test_points_and_excuses_are_given_with_a_reason_and_shown_with_it(chief: Visit) -> None:
    before = _points(chief)
    chief.post("/points", "/excuses", unit=TOWN, period="2026-10", points="1.5", reason="专题报道获市级采用")
    chief.post("/excuses", "/excuses", receipt=rows(chief.desk, Draft)[0].receipt, reason="当日邮箱故障")
    text = chief.text("/assessment")
    assert "+1.50分（专题报道获市级采用）" in text
    assert "免责：当日邮箱故障" in text
    assert late_of(text) == "0"
    assert _points(chief) >= before + 1.5
    assert {row.action for row in rows(chief.desk, Journal)} >= {"points.give", "excuse.give"}


def test_what_was_given_can_be_taken_back_and_stays_on_record(chief: Visit) -> None:
    chief.post("/excuses", "/excuses", receipt=rows(chief.desk, Draft)[0].receipt, reason="当日邮箱故障")
    chief.post("/excuses/1/revoke", "/excuses")
    assert late_of(chief.text("/assessment")) == "1"
    assert "当日邮箱故障" in chief.text("/excuses")
    assert "张主编于" in chief.text("/excuses")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "理由"),
        ({"reason": "故障"}, "起止日期"),
        ({"reason": "故障", "since": "2026-10-05", "until": "2026-10-01"}, "止日不能早于起日"),
        ({"reason": "故障", "receipt": "2026-999999"}, "没有回执编号"),
        ({"reason": "故障", "unit": "某镇", "since": "2026-10-01", "until": "2026-10-01"}, "没有名为"),
    ],
)
def test_a_mistaken_excuse_is_refused_with_why(chief: Visit, fields: dict[str, str], said: str) -> None:
    answer = chief.post("/excuses", "/excuses", **fields)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text
    assert all(f'value="{typed}"' in text for name, typed in fields.items() if typed and name != "unit")


@pytest.mark.parametrize("points", ["", "十分", "0", "1.234", "+-1"])
def test_mistaken_points_are_refused(chief: Visit, points: str) -> None:
    text = chief.post("/points", "/excuses", unit=TOWN, period="2026-10", points=points, reason="表扬").get_data(
        as_text=True
    )
    assert "分值应为" in text
    assert (text.count('value="表扬"'), text.count('value="2026-10"'), text.count(f"<option selected>{TOWN}")) == (
        1,
        1,
        1,
    )


def test_an_editor_gives_neither(chief: Visit) -> None:
    chief.post("/logout", "/assessment")
    chief.login("王芳")
    assert "登记免责</button>" not in chief.text("/excuses")
    chief.post("/points", "/objections", unit=TOWN, period="2026-10", points="1", reason="表扬")
    assert "须由主编办理" in chief.text("/excuses") or rows(chief.desk, FrozenAssessment) == []
    assert "+1.00分" not in chief.text("/assessment")


def test_a_chief_drafts_the_bulletin_of_a_month_that_is_over(chief: Visit) -> None:
    chief.post("/assessment/2026-10/draft", "/assessment")
    text = chief.text("/assessment")
    assert "通报待审" in text
    assert "按最新数据重新起草" in text
    assert "关于2026年10月内容保障情况的通报" in chief.text("/queue/pending")


def test_a_frozen_month_shows_what_has_changed_and_is_amended_with_a_reason(chief: Visit) -> None:
    frozen(chief)
    assert "现有数据与核定结果不同" not in chief.text("/assessment")
    with chief.desk.store.write() as session:
        session.get_one(Draft, 1).timeliness = "on_time"
    text = chief.text("/assessment")
    assert "已核定" in text
    assert "现有数据与核定结果不同" in text
    assert late_of(text) == "1"
    assert json.loads(chief.text("/assessment/2026-10.json"))["frozen"]
    chief.post("/assessment/2026-10/amend", "/assessment", reason="成文日期有误")
    assert "第1次更正通报（成文日期有误）" in chief.text("/assessment")


def test_the_month_shows_each_unit_s_days_in_words_too(chief: Visit) -> None:
    text = chief.text("/month?month=2026-10")
    row = next(part for part in text.split("<tr>") if TOWN in part)
    assert f'title="{OCTOBER.day}日：收到1件，逾期1件，缺动态信息"' in row
    assert '<span class="visually-hidden">，含逾期1件</span>' in row
    assert len(re.findall("<td", row)) == 32
    assert 'href="/month?month=2026-09"' in text


def test_days_to_come_are_blank(chief: Visit) -> None:
    assert 'title="30日：未到"' in chief.text("/month?month=2026-11")


def test_a_unit_s_record_has_its_months_late_drafts_and_letters(chief: Visit) -> None:
    text = chief.text(f"/record?unit={TOWN}")
    assert "10月" in text
    assert '<a href="/drafts/1">' in text
    assert "2026年档案" in text
    assert chief.get("/record?unit=某镇").status_code == 404


def test_charts_have_their_table_beside_them_and_run_from_our_own_files(chief: Visit) -> None:
    for path in ("/assessment", f"/record?unit={TOWN}"):
        text = chief.text(path)
        for table in re.findall(r'data-table="([^"]+)"', text):
            assert f'id="{table}"' in text
        assert re.search(r'<script src="/static/charts\.js[^"]*" type="module">', text)
        assert 'src="http' not in text


def case(visit: Visit, **values: Any) -> None:
    """An objection to the draft."""
    row = visit.desk.receive(b"objection", submission(UNIT, ADDRESS, "异议", NOW))
    facts = {"unit": TOWN, "draft": 1, "period": "2026-10", "message": row, "text": "该文件当日已经送达。", "at": NOW}
    with visit.desk.store.write() as session:
        session.add(Objection(**(facts | values)))


def test_an_editor_decides_a_case(chief: Visit) -> None:
    assert "没有待办的异议" in chief.text("/objections")
    case(chief)
    assert "该文件当日已经送达。" in chief.text("/objections")
    chief.post(
        "/objections/1", "/objections", version="1", how="issued_on", issued_on="2026-10-20", reason="以原件为准"
    )
    text = chief.text("/objections")
    assert "异议成立：以原件为准" in text
    assert rows(chief.desk, Draft)[0].issued_on == date(2026, 10, 20)
    assert late_of(chief.text("/assessment")) == "0"


def test_a_case_that_another_has_decided_is_not_decided_again(chief: Visit) -> None:
    case(chief)
    chief.post("/objections/1", "/objections", version="1", how="dismiss", reason="查无此件")
    case_page = chief.text("/objections")
    assert "异议不成立：查无此件" in case_page
    chief.post("/objections/1", "/objections", version="1", how="excuse", reason="属实")
    assert "已由他人办理" in chief.text("/objections")


def test_nobody_from_outside_sees_any_of_it(visit: Visit) -> None:
    for path in ("/assessment", "/assessment/2026-10.json", "/month", "/record", "/objections", "/excuses"):
        assert visit.get(path).status_code == 302


def _points(visit: Visit) -> float:
    units = json.loads(visit.text("/assessment/2026-10.json"))["units"]
    return float(next(unit["points"] for unit in units if unit["unit"] == TOWN))
