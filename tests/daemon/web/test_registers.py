"""The pages of the registers, of what is due today and of what will end, asked without a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from daemon.desk.expire import expire
from daemon.store.registers import Change, Consultation
from daemon.store.schema import Draft, Journal, Letter
from daemon.web.site import site_of
from tests.daemon.desk.desks import received, rows
from tests.daemon.web.conftest import Visit
from tests.samples import NOW

UNIT = "唐山镇人民政府"
CHANGE = {
    "unit": UNIT,
    "column": "领导分工",
    "day": "2026-11-18",
    "hour": "09:00",
    "what": "张三任副镇长",
    "source": "",
}
CASE = {
    "kind": "complaint", "at": "2026-11-20T09:00", "subject": "夜间施工扰民", "person": "张三丰 13805331234",
    "text": "唐山镇集市夜间施工，电话 13805331234。",
}  # fmt: skip


@pytest.fixture
def editor(visit: Visit) -> Visit:
    visit.login()
    return visit


def step(visit: Visit, action: str, **fields: Any) -> str:
    (row,) = rows(visit.desk, Consultation)
    answer = visit.post(f"/cases/{row.id}/{action}", f"/cases/{row.id}", version=str(row.version), **fields)
    assert answer.status_code == 302
    return visit.text(f"/cases/{row.id}")


@pytest.mark.parametrize("path", ["/today", "/expiring", "/registers/changes", "/cases"])
def test_the_pages_say_what_to_do_where_there_is_nothing_and_are_for_editors_alone(visit: Visit, path: str) -> None:
    assert visit.get(path).status_code == 302
    visit.login()
    text = visit.text(path)
    assert 'class="empty"' in text
    assert f'href="{path}" aria-current="page"' in text


def test_a_change_is_entered_amended_and_ticked(editor: Visit) -> None:
    assert editor.post("/registers/changes", "/registers/changes", **CHANGE).status_code == 302
    text = editor.text("/registers/changes")
    for words in ("张三任副镇长", UNIT, "2026年11月18日 09:00变更", "逾期"):
        assert words in text
    (row,) = rows(editor.desk, Change)
    editor.post(
        f"/registers/changes/{row.id}/amend",
        "/registers/changes",
        version="1",
        column="机构概况",
        day="2026-11-20",
        hour="",
    )
    assert "时刻不详" in editor.text("/registers/changes")
    assert "已被他人修改" in _follow(
        editor, f"/registers/changes/{row.id}/done", "/registers/changes", version="1", reason="已核对"
    )
    assert "已办结" in _follow(
        editor, f"/registers/changes/{row.id}/done", "/registers/changes", version="2", reason="已核对"
    )
    assert "张三任副镇长" not in editor.text("/registers/changes")
    assert "王芳：已核对" in editor.text("/registers/changes?state=done")


def _follow(visit: Visit, path: str, form_of: str, **fields: Any) -> str:
    visit.post(path, form_of, **fields)
    return visit.text(form_of)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"unit": ""}, "请选择变更的单位"), ({"day": "x"}, "变更日期应写作"), ({"hour": "25"}, "变更时刻应写作")],
)
def test_a_change_that_lacks_something_keeps_what_was_typed(editor: Visit, fields: dict[str, str], why: str) -> None:
    answer = editor.post("/registers/changes", "/registers/changes", **(CHANGE | fields))
    assert answer.status_code == 422
    assert why in answer.get_data(as_text=True)
    assert 'value="张三任副镇长"' in answer.get_data(as_text=True)


def test_a_change_is_made_out_of_a_draft_in_one_click(editor: Visit) -> None:
    number = received(editor.desk, "关于张三任职、调整领导分工的通知", unit=UNIT)
    assert "登记变更" in editor.text(f"/drafts/{number}")
    editor.post(f"/drafts/{number}/change", f"/drafts/{number}")
    (row,) = rows(editor.desk, Change)
    assert (row.unit, row.column) == (UNIT, "领导分工")
    assert f"稿件 {row.source.split()[-1]}" in editor.text("/registers/changes")


def test_a_case_goes_its_way_from_entry_to_close(editor: Visit) -> None:
    answer = editor.post("/cases", "/cases", **CASE)
    assert answer.headers["Location"] == "/cases/1"
    page = editor.text("/cases/1")
    for words in ("投诉第1号", "张三丰 13805331234", "告知投诉人已受理及答复时限", "选定承办单位并转办", f"提到{UNIT}"):
        assert words in page
    assert "电话 138****34" in page
    page = step(editor, "pass_on", unit=UNIT, text="集市夜间施工。", contact="13805331234")
    assert f"等待{UNIT}答复" in page
    (letter,) = rows(editor.desk, Letter)
    assert "13805331234" not in letter.text
    step(editor, "tell", at="2026-11-20T10:00", how="电话告知")
    assert "已告知去向：转唐山镇" in step(editor, "hand_on", at="2026-11-20T10:05", how="转唐山镇，0533-1")
    assert "审核答复，告知当事人后办结" in step(editor, "answer", at="2026-11-20T11:00", text="已整改。")
    step(editor, "close", result="已电话答复")
    assert "没有办理中的咨询投诉" in editor.text("/cases")
    assert "已电话答复" in editor.text("/cases?state=closed")


def test_who_asked_is_named_on_the_case_s_own_page_alone(editor: Visit) -> None:
    editor.post("/cases", "/cases", **CASE)
    for path in ("/cases", "/today", "/queue/all?words=张三丰"):
        assert "张三丰 138" not in editor.text(path)
    with editor.desk.store.read() as session:
        assert not [row for row in session.scalars(select(Journal)) if "张三丰" in f"{row.note}{row.after}"]


def test_what_a_case_lacks_is_said(editor: Visit) -> None:
    assert editor.post("/cases", "/cases", **(CASE | {"text": " "})).status_code == 422
    assert editor.get("/cases/99").status_code == 404
    editor.post("/cases", "/cases", **CASE)
    assert "请选择承办单位" in step(editor, "pass_on", unit="", text="x")
    assert "时间应写作" in step(editor, "tell", at="昨天", how="电话")


def test_today_lists_what_is_due_by_whose_clock_it_is(editor: Visit) -> None:
    late = received(editor.desk, "逾期的稿件", received_at=NOW - timedelta(days=4))
    fresh = received(editor.desk, "今天的稿件")
    with editor.desk.store.write() as session:
        for number, hours in ((late, 1), (fresh, 60)):
            draft = session.get_one(Draft, number)
            draft.publish_due_at = NOW + timedelta(hours=hours)
    editor.post("/registers/changes", "/registers/changes", **CHANGE)
    editor.post("/cases", "/cases", **CASE)
    text = editor.text("/today")
    for words in ("编辑部办理期限", "上网期限", "变更登记", "咨询投诉", "张三任副镇长", "夜间施工扰民", "逾期的稿件"):
        assert words in text
    assert f'href="/drafts/{late}"' in text
    assert "今天的稿件" not in text


def test_a_secret_is_on_the_chief_s_page_alone(visit: Visit) -> None:
    number = received(visit.desk, "秘密稿件", received_at=NOW - timedelta(days=4))
    with visit.desk.store.write() as session:
        session.get_one(Draft, number).secret = True
    visit.login()
    assert "秘密稿件" not in visit.text("/today")
    visit.post("/logout", "/today")
    visit.login("张主编")
    assert "秘密稿件" in visit.text("/today")


def test_from_december_on_the_missing_holidays_of_next_year_are_told(editor: Visit) -> None:
    assert "2027 年的放假和调休安排尚未录入" not in editor.text("/today")
    editor.moved = timedelta(days=11)
    editor.login()
    assert "2027 年的放假和调休安排尚未录入" in editor.text("/today")


def test_what_will_end_is_listed_by_date(editor: Visit) -> None:
    for title, day in (("甲公示", 30), ("乙公示", 25), ("丙公示", 16)):
        number = received(
            editor.desk, title, column="政务公告", body_html=f"公示期：2026年11月13日至2026年11月{day}日。"
        )
        with editor.desk.store.write() as session:
            draft = session.get_one(Draft, number)
            draft.state, draft.published_at = "published", NOW - timedelta(days=7)
            session.add(Journal(at=NOW, who="王芳", action="confirm", draft=number))
    office = site_of(editor.app)
    expire(editor.desk.store, office.settings, office.calendar, NOW)
    text = editor.text("/expiring")
    assert text.index("丙公示") < text.index("乙公示") < text.index("甲公示")
    assert "还有 5 天" in text
    assert "已过" in text
    assert "丙公示" in editor.text("/today")
    assert "乙公示" not in editor.text("/today")
