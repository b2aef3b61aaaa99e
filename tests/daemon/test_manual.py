"""手工登记 and [代报 单位]: what did not come from the unit's mailbox is read, numbered and counted as what did."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import docx
import pytest

from daemon.desk import manual
from daemon.desk.acknowledge import acknowledge
from daemon.desk.hand import InvalidInput
from daemon.desk.manual import Entry, enter
from daemon.desk.read import Reading
from daemon.desk.receive import Arrival, keep
from daemon.readers.pool import ParserPool
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Letter, Message
from daemon.store.unit_of_work import Store
from tests.daemon.desk.desks import UNIT, rows, staffed
from tests.samples import NOW, Desk

RECEIVED = NOW - timedelta(days=2)
TEXT = (
    "11月18日，甲镇组织志愿者开展秋冬季森林防火宣传活动。志愿者走进各村，向群众发放宣传材料二百余份，讲解野外用火的规定，"
    "并对进山路口的值守情况作了检查。下一步，甲镇将继续加强巡查，确保森林安全。"
)


def document() -> bytes:
    made = docx.Document()
    for line in (
        "甲镇人民政府",
        "关于做好秋季防火工作的通知",
        "甲政发〔2026〕8号",
        "各村：",
        "　　现将有关事项通知如下。",
    ):
        made.add_paragraph(line)
    made.add_paragraph("　　一、落实责任。各村要认真组织，安排专人值守，发现火情及时报告。")
    made.add_paragraph("甲镇人民政府")
    made.add_paragraph("2026年11月17日")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


ENTRY = Entry("form-1", UNIT, RECEIVED, "wechat", "单位邮箱故障", "森林防火通知", files=(("通知.docx", document()),))


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def entered(desk: Desk, entry: Entry = ENTRY) -> int:
    return enter(desk.store, entry, desk.actor("王芳"), desk.settings, NOW)


def read(desk: Desk) -> None:
    with ParserPool(desk.settings, desk.store.blobs) as pool:
        list(Reading(desk.store, pool, lambda: desk.settings, acknowledge, lambda: NOW).steps())


def test_a_file_becomes_the_unit_s_draft_with_number_and_verdict_by_the_time_that_was_stated(desk: Desk) -> None:
    entered(desk)
    read(desk)
    (draft,) = rows(desk, Draft)
    assert draft.title == "甲镇人民政府关于做好秋季防火工作的通知"
    assert (draft.unit, draft.unit_evidence, draft.state) == (UNIT, "desk", "pending")
    assert (draft.receipt, draft.received_at, draft.timeliness) == ("2026-000001", RECEIVED, "on_time")
    assert draft.received_on == RECEIVED.date()
    assert (draft.document_number, draft.column) == ("甲政发〔2026〕8号", "文件")
    (message,) = rows(desk, Message)
    assert (message.source, message.kind) == ("manual", "submission")
    assert rows(desk, Letter) == []


def test_it_is_on_record_who_entered_it_how_it_came_and_why(desk: Desk) -> None:
    row = entered(desk)
    (journal,) = rows(desk, Journal)
    assert (journal.who, journal.action, journal.message, journal.unit) == ("王芳", "manual.enter", row, UNIT)
    assert journal.note == "微信报送，2026-11-18 15:10 收到：单位邮箱故障"


def test_sending_the_form_twice_enters_it_once(desk: Desk) -> None:
    assert entered(desk) == entered(desk)
    assert len(rows(desk, Journal)) == 1
    assert entered(desk, replace(ENTRY, form="form-2")) != entered(desk)


def test_a_text_without_a_file_is_a_draft_under_its_title(desk: Desk) -> None:
    entered(desk, replace(ENTRY, title="甲镇开展森林防火宣传活动", text=TEXT, files=()))
    read(desk)
    (draft,) = rows(desk, Draft)
    assert (draft.title, draft.unit, draft.column) == ("甲镇开展森林防火宣传活动", UNIT, "乡镇动态")
    assert "二百余份" in draft.body_text


def test_what_the_readers_find_nothing_in_is_a_draft_all_the_same(desk: Desk) -> None:
    entered(desk, replace(ENTRY, title="电话记录", text="好的，收到。", files=()))
    read(desk)
    (draft,) = rows(desk, Draft)
    assert (draft.title, draft.unit, draft.state) == ("电话记录", UNIT, "pending")


def test_reading_it_again_changes_nothing(desk: Desk) -> None:
    row = entered(desk, replace(ENTRY, title="电话记录", text="好的，收到。", files=()))
    read(desk)
    (before,) = rows(desk, Draft)
    with desk.store.write() as session:
        session.get_one(Message, row).state = "stored"
    read(desk)
    (after,) = rows(desk, Draft)
    assert (after.receipt, after.title, after.state) == (before.receipt, before.title, before.state)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda entry: replace(entry, received_at=NOW + timedelta(minutes=1)), "不能晚于现在"),
        (lambda entry: replace(entry, unit="没有的单位"), "选择报送单位"),
        (lambda entry: replace(entry, way="pigeon"), "报送方式"),
        (lambda entry: replace(entry, reason=" "), "原因"),
        (lambda entry: replace(entry, title=""), "标题"),
        (lambda entry: replace(entry, title="一\n二"), "标题"),
        (lambda entry: replace(entry, files=()), "上传文件，或填写正文"),
        (lambda entry: replace(entry, files=entry.files * 21), "最多上传 20 个"),
        (lambda entry: replace(entry, files=(("大.zip", bytes(manual.LARGEST + 1)),)), "60 MB"),
    ],
)
def test_what_cannot_be_entered_is_refused_with_the_reason(
    desk: Desk, change: Callable[[Entry], Entry], why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        entered(desk, change(ENTRY))
    assert rows(desk, Message) == []


@pytest.mark.parametrize("address", ["desk@office.example.cn", "wang@home.example.com"])
def test_what_the_office_or_an_editor_forwards_for_a_unit_is_the_unit_s(desk: Desk, address: str) -> None:
    office = replace(desk.settings.office_value, editors=("wang@home.example.com",))
    desk = replace(desk, settings=replace(desk.settings, office_value=office))
    raw = (
        f"From: <{address}>\r\nTo: desk@office.example.cn\r\nMessage-ID: <1@home.example.com>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nSubject: Fwd: [代报 甲镇] 甲镇开展森林防火宣传活动\r\n\r\n"
        f"---------- 转发邮件 ----------\r\n发件人: 甲镇 <jia_private@mail.example.com>\r\n"
        f"主题: 甲镇开展森林防火宣传活动\r\n\r\n{TEXT}\r\n"
    ).encode()
    keep(desk.store, [Arrival(raw, RECEIVED, "imap")], NOW)
    read(desk)
    (draft,) = rows(desk, Draft)
    assert (draft.title, draft.unit, draft.unit_evidence) == ("甲镇开展森林防火宣传活动", UNIT, "desk")
    assert (draft.state, draft.received_at) == ("pending", RECEIVED)
