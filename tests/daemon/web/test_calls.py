"""Whom to call today: those whom letters don't reach or have not moved, with what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from daemon.desk.expire import expire
from daemon.desk.overlay import Current
from daemon.desk.tick import tick
from daemon.store.schema import Draft, Journal, Letter, Mailbox
from daemon.web.site import site_of
from parsers.office import Unit
from tests.daemon.desk.desks import received
from tests.daemon.web.conftest import Visit
from tests.samples import NOW

SILENT = Unit("静水镇人民政府", "town", liaison_name="赵敏", liaison_phone="0533-5550101")
REACHED = Unit("清泉镇人民政府", "town", notify=("qq@town.example.cn",))


@pytest.fixture
def editor(visit: Visit) -> Visit:
    """An editor of an office that has polled for forty days; two towns have sent nothing."""
    visit.login()
    office = site_of(visit.app)
    value = replace(office.settings.office_value, units=(SILENT, REACHED))
    office.current = Current(visit.desk.store, replace(office.settings, office_value=value))
    office.settings = office.current.settings()
    with visit.desk.store.write() as session:
        polled = NOW - timedelta(days=40)
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=1, first_polled_at=polled, start_at=polled))
    return visit


def remind(visit: Visit, days: int, **values: Any) -> None:
    """The timers of the last working days, the letters then so."""
    office = site_of(visit.app)
    for ago in range(days - 1, -1, -1):
        tick(visit.desk.store, office.settings, office.calendar, (NOW - timedelta(days=ago)).replace(hour=9, minute=0))
    with visit.desk.store.write() as session:
        session.execute(update(Letter).values(**values))


def test_a_unit_that_no_letter_reaches_is_on_the_sheet_with_its_number_and_what_is_missing(editor: Visit) -> None:
    text = editor.text("/calls")
    for words in (SILENT.name, "赵敏", "0533-5550101", "没有可用的邮箱地址", "“镇（街道）动态”栏目", "接听人："):
        assert words in text
    assert REACHED.name not in text
    assert "另有 1 个单位" in text


def test_what_three_reminders_have_not_moved_is_called_for(editor: Visit) -> None:
    remind(editor, 3, state="sent")
    text = editor.text("/calls")
    assert "已连续催报3次未办" in text
    assert text.index(REACHED.name) < text.index(SILENT.name)
    assert "电话未登记" in text


def test_a_reminder_that_failed_is_called_for(editor: Visit) -> None:
    remind(editor, 1, state="failed", error="550 User not found")
    assert "催报信没有送达（550 User not found）" in editor.text("/calls")


def test_where_nobody_is_to_be_called_the_sheet_says_so(editor: Visit) -> None:
    office = site_of(editor.app)
    alone = replace(office.settings, office_value=replace(office.settings.office_value, units=(REACHED,)))
    office.current = Current(editor.desk.store, alone)
    assert "今天没有需要打电话的单位" in editor.text("/calls")


def test_what_has_ended_and_still_stands_on_the_portal_is_for_the_editors(editor: Visit) -> None:
    body = "公示期：2026年11月13日至2026年11月19日。"
    number = received(editor.desk, "拟录用人员公示", column="政务公告", body_html=body)
    with editor.desk.store.write() as session:
        draft = session.get_one(Draft, number)
        draft.state, draft.published_at = "published", NOW - timedelta(days=7)
        session.add(Journal(at=NOW, who="王芳", action="confirm", draft=number))
    office = site_of(editor.app)
    assert "已到期" not in editor.text("/calls")
    expire(editor.desk.store, office.settings, office.calendar, NOW)
    text = editor.text("/calls")
    assert f'<a href="/drafts/{number}">拟录用人员公示</a>' in text
    assert "公示期至2026年11月19日" in text
    with editor.desk.store.write() as session:
        session.get_one(Draft, number).state = "withdrawn"
    assert "拟录用人员公示" not in editor.text("/calls")


def test_missing_document_numbers_are_a_line_in_the_unit_s_month(editor: Visit) -> None:
    for serial, day in ((3, 2), (5, 10)):
        number = received(editor.desk, f"通知{serial}", column="政府公文", document_number=f"静政发〔2026〕{serial}号")
        with editor.desk.store.write() as session:
            draft = session.get_one(Draft, number)
            draft.unit, draft.received_on = SILENT.name, date(2026, 11, day)
    text = editor.text("/numbers")
    assert "未见静政发〔2026〕第4号" in text
    assert 'href="/numbers?month=2026-10"' in text
    assert "2026-12" not in text
    assert "没有发现" in editor.text("/numbers?month=2026-10")
    assert editor.get("/numbers?month=2026-13").status_code == 400


def test_the_sheet_is_reached_from_the_reminders_and_by_nobody_from_outside(visit: Visit) -> None:
    assert visit.get("/calls").status_code == 302
    assert visit.get("/numbers").status_code == 302
    visit.login()
    assert 'href="/calls"' in visit.text("/reminders")
