"""The page of units and liaisons, and the one click by which a sender becomes a unit's."""

from __future__ import annotations

import pytest

from daemon.store.schema import Draft, Message
from parsers.submission import Finding
from tests.daemon.desk.desks import received, rows
from tests.daemon.web.conftest import Visit
from tests.samples import NOW, found_draft, mail, submission

STRANGER = "tangshan_news@mail.example.com"
UNIT = "唐山镇人民政府"
UNKNOWN = Finding("sender.unknown", "warn", "发件地址不在单位登记之中。", STRANGER)


@pytest.fixture
def desk(visit: Visit) -> Visit:
    visit.login()
    return visit


def stranger_s(visit: Visit) -> Draft:
    found = submission(
        UNIT, STRANGER, "唐山镇动态", NOW, found_draft("唐山镇召开工作会议", None), unit_evidence="document",
        findings=(UNKNOWN,),
    )  # fmt: skip
    return visit.desk.draft_of(visit.desk.receive(mail("唐山镇动态", STRANGER, "<p>唐山镇</p>"), found))


def test_a_draft_of_an_unknown_sender_offers_the_unit_that_it_names(desk: Visit) -> None:
    draft = stranger_s(desk)
    page = desk.text(f"/drafts/{draft.id}")
    assert f'value="{STRANGER}"' in page
    assert f"<option selected>{UNIT}</option>" in page


def test_a_draft_of_a_known_sender_asks_nothing(desk: Visit) -> None:
    number = received(desk.desk, unit=UNIT, address="tszxxy@163.com")
    assert 'id="bind-unit"' not in desk.text(f"/drafts/{number}")


def test_one_click_makes_the_sender_the_unit_s_and_has_its_mail_read_again(desk: Visit) -> None:
    draft = stranger_s(desk)
    path = f"/drafts/{draft.id}"
    answer = desk.post("/units/addresses", path, address=STRANGER, unit=UNIT, draft=str(draft.id))
    assert answer.headers["Location"].endswith(path)
    page = desk.text(path)
    assert "此前来自该邮箱的 1 封来信正在重新识别" in page
    assert 'id="bind-unit"' not in page
    assert [message.state for message in rows(desk.desk, Message)] == ["stored"]


def test_the_page_shows_the_files_and_what_was_learned_side_by_side(desk: Visit) -> None:
    desk.post("/units/addresses", "/units", address=STRANGER, unit=UNIT)
    desk.post("/units/liaisons", "/units", unit=UNIT, name="赵新", phone="0533-1234567")
    desk.post("/units/holds", "/units", unit=UNIT, until="2026-12-31", reason="换届期间")
    page = desk.text("/units")
    assert "tszxxy@163.com" in page
    for said in (f"邮箱 {STRANGER}", "信息员 赵新 0533-1234567", "催报暂缓至 2026年12月31日：换届期间"):
        assert page.count(said) == 2


def test_what_was_learned_is_withdrawn_and_stays_on_record(desk: Visit) -> None:
    desk.post("/units/addresses", "/units", address=STRANGER, unit=UNIT)
    assert "已撤销。" in desk.text(desk.post("/units/1/withdraw", "/units").headers["Location"])
    page = desk.text("/units")
    assert page.count(f"邮箱 {STRANGER}") == 1
    assert "王芳" in page


@pytest.mark.parametrize(
    ("path", "fields", "why"),
    [
        ("/units/addresses", {"address": "x", "unit": UNIT}, "不是一个完整的邮箱"),
        ("/units/liaisons", {"unit": UNIT, "name": " ", "phone": ""}, "请填写信息员姓名"),
        ("/units/holds", {"unit": UNIT, "until": "soon", "reason": "x"}, "请填写暂缓到哪一天"),
    ],
)
def test_what_does_not_do_is_refused_with_the_reason(desk: Visit, path: str, fields: dict[str, str], why: str) -> None:
    desk.post(path, "/units", **fields)
    assert why in desk.text("/units")
