"""来信请求: each is granted or closed by one click, once."""

from __future__ import annotations

import pytest

from daemon.desk.overlay import Current
from daemon.store.overlay import AnsweredRequest
from daemon.store.schema import Draft, Journal
from tests.daemon.desk.desks import draft, received, rows
from tests.daemon.web.conftest import Visit
from tests.samples import NOW

UNIT = "唐山镇人民政府"


@pytest.fixture
def desk(visit: Visit) -> Visit:
    visit.login("张主编")
    return visit


def asked(visit: Visit, action: str, draft_id: int | None = None, **after: str) -> int:
    with visit.desk.store.write() as session:
        row = Journal(at=NOW, who="系统", action=action, draft=draft_id, unit=UNIT, after=after, note="请予办理")
        session.add(row)
        session.flush()
        return row.id


def click(visit: Visit, request: int, outcome: str = "accept") -> str:
    visit.post(f"/requests/{request}/{outcome}", "/requests")
    return visit.text("/requests")


def test_a_published_post_is_withdrawn_at_the_unit_s_request(desk: Visit) -> None:
    number = received(desk.desk, unit=UNIT)
    with desk.desk.store.write() as session:
        session.get_one(Draft, number).state = "published"
    request = asked(desk, "reply.withdraw_asked", number)
    assert "单位要求撤回" in desk.text("/requests")
    assert "没有待办的来信请求" in click(desk, request)
    assert draft(desk.desk, number).state == "withdrawn"
    last = rows(desk.desk, Journal)[-1]
    assert (last.action, last.who, last.draft, last.after) == ("request.accept", "张主编", number, {"request": request})


def test_who_may_not_do_it_is_told_and_the_request_stays(desk: Visit) -> None:
    number = received(desk.desk, unit=UNIT)
    with desk.desk.store.write() as session:
        session.get_one(Draft, number).state = "exported"
    page = click(desk, asked(desk, "reply.withdraw_asked", number))
    assert "不能“撤回”" in page
    assert "采纳" in page
    assert rows(desk.desk, AnsweredRequest) == []


def test_a_column_that_the_unit_proposes_becomes_the_draft_s(desk: Visit) -> None:
    number = received(desk.desk, unit=UNIT, column="政府公文")
    click(desk, asked(desk, "reply.column", number, column="政务公告"))
    assert draft(desk.desk, number).column == "政务公告"


def test_a_new_liaison_holds_at_once(desk: Visit) -> None:
    click(desk, asked(desk, "reply.liaison", name="赵新", phone="0533-1234567"))
    unit = Current(desk.desk.store, desk.desk.settings).settings().office_value.unit(UNIT)
    assert unit
    assert (unit.liaison_name, unit.liaison_phone) == ("赵新", "0533-1234567")


def test_a_note_is_closed_and_nothing_else_happens(desk: Visit) -> None:
    number = received(desk.desk, unit=UNIT)
    before = draft(desk.desk, number)
    request = asked(desk, "reply.note", number)
    assert ">采纳<" not in desk.text("/requests")
    assert "没有待办的来信请求" in click(desk, request, "decline")
    assert draft(desk.desk, number).version == before.version
    assert rows(desk.desk, Journal)[-1].action == "request.decline"


def test_a_second_click_does_nothing(desk: Visit) -> None:
    request = asked(desk, "reply.liaison", name="赵新", phone="1")
    click(desk, request)
    written = len(rows(desk.desk, Journal))
    asked(desk, "reply.note")
    assert "此前已经办理" in click(desk, request)
    assert len(rows(desk.desk, Journal)) == written + 1


def test_what_is_about_a_secret_draft_is_for_the_chief_alone(desk: Visit) -> None:
    number = received(desk.desk, unit=UNIT)
    with desk.desk.store.write() as session:
        session.get_one(Draft, number).secret = True
    asked(desk, "reply.note", number)
    assert "请予办理" in desk.text("/requests")
    desk.post("/logout", "/requests")
    desk.login("刘洋")
    assert "请予办理" not in desk.text("/requests")
