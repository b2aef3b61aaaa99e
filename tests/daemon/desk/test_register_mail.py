"""The registers by plain email, over a real Dovecot and a real SMTP server, as real programs write."""

from __future__ import annotations

from collections.abc import Iterator
from email.header import Header
from email.mime.text import MIMEText
from email.utils import make_msgid
from pathlib import Path

import pytest

from daemon.desk import consultations
from daemon.desk.accounts import Actor
from daemon.desk.changes import settle
from daemon.desk.register_hand import EntryHand
from daemon.store.registers import Change, Consultation
from daemon.store.schema import Draft
from tests.daemon.desk.correspondence import JIA, Correspondence, opened
from tests.daemon.desk.mail_clients import DESK, STYLES, Letter, answer, notice
from tests.daemon.desk.office import rows
from tests.dovecot import Dovecot
from tests.smtp import SmtpServer

pytestmark = [pytest.mark.server, pytest.mark.slow]
CENTRE = "ly@bureau.example.cn"
WORDS = "经现场核实，该工地已停工整改，夜间不再施工，并已向周边居民作出说明。"
QUESTION = """转来群众投诉一件，请编辑部办理。

姓名：张三丰
电话：13805331234
甲镇农贸市场旁的工地连续三晚施工到凌晨，影响休息，请予解决。
"""


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer) -> Iterator[Correspondence]:
    with opened(tmp_path, dovecot.account(), smtp_server) as correspondence:
        yield correspondence


def mail(sender: str, subject: str, text: str) -> bytes:
    message = MIMEText(text, "plain", "gb18030")
    message["From"], message["To"] = sender, DESK
    message["Subject"] = Header(subject, "gb18030").encode()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    return message.as_bytes()


def passed_on(office: Correspondence) -> Letter:
    """A complaint that came by mail and was passed to 甲镇; gives the letter as 甲镇's program shows it."""
    office.write(mail(CENTRE, "转发: [投诉] 工地夜间施工", QUESTION))
    office.work()
    (case,) = rows(office.store, Consultation)
    assert (case.proposed, case.subject) == ("甲镇人民政府", "工地夜间施工")
    hand = EntryHand(case.id, case.version, Actor(1, "王芳", "editor"), office.now, office.settings)
    with office.store.write() as session:
        consultations.pass_on(session, hand, "甲镇人民政府", "甲镇农贸市场旁的工地连续三晚施工到凌晨。", "")
    office.send()
    return next(letter for letter in office.letters().values() if "投诉转办" in letter.subject)


@pytest.mark.parametrize(
    "client", ["netease", "qq", "foxmail", "outlook", "iphone", "below", "unmarked", "headless", "headless netease"]
)
def test_a_plain_reply_from_any_program_is_the_answer_and_nothing_of_the_letter_is(
    office: Correspondence, client: str
) -> None:
    letter = passed_on(office)
    office.write(answer(STYLES[client], WORDS, letter, JIA))
    office.work()
    (case,) = rows(office.store, Consultation)
    assert case.state == "answered"
    assert WORDS in (case.answer or "")
    assert "转贵单位办理" not in (case.answer or "")
    told = [one for one in office.letters().values() if "答复收悉" in one.text]
    assert len(told) == 1
    assert WORDS not in told[0].text
    assert rows(office.store, Draft) == []


def test_who_asked_is_found_by_no_search_and_told_to_nobody(office: Correspondence) -> None:
    passed_on(office)
    assert rows(office.store, Draft) == []
    assert not [one for one in office.letters().values() if "张三丰" in one.text or "13805331234" in one.text]


def test_a_change_told_by_mail_is_met_by_the_mail_that_brings_it(office: Correspondence) -> None:
    office.write(mail(JIA, "[变更] 文件", "自2026年11月20日8时起，办事窗口移至一楼。"))
    office.work()
    (change,) = rows(office.store, Change)
    assert (change.unit, change.column, change.state) == ("甲镇人民政府", "文件", "open")
    document = notice("甲镇人民政府关于调整办事窗口的通知", "甲政发〔2026〕30号")
    nothing = Letter("", "", "报送：关于调整办事窗口的通知", "")
    office.write(answer(STYLES["fresh"], "请查收。", nothing, JIA, files=[("通知.docx", document)]))
    office.work()
    settle(office.store, office.settings, office.settings.calendar, office.now)
    (draft,) = rows(office.store, Draft)
    assert (rows(office.store, Change)[0].met_by, draft.column) == (draft.id, "文件")
