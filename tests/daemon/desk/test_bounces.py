"""A letter that comes back has failed before the editors' eyes, and its unit is written to elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.desk.outbox import write_again
from daemon.desk.return_to_unit import return_letter
from daemon.store.schema import Draft, Journal
from daemon.store.schema import Letter as Row
from tests.daemon.desk.correspondence import JIA, OTHER, YI, Correspondence, opened
from tests.daemon.desk.mail_clients import DESK, STYLES, Letter, answer, notice
from tests.daemon.desk.office import letters, rows
from tests.dovecot import Dovecot
from tests.smtp import SmtpServer

pytestmark = pytest.mark.server

DSN = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.cn
To: {desk}
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

{nonce}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.cn

Final-Recipient: rfc822; {address}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

Message-ID: {identity}
To: {address}
--b--
"""
PAGE = """\
Return-Path: <>
From: postmaster@163.com
To: {desk}
Subject: =?utf-8?b?57O757uf6YCA5L+h?=
Content-Type: text/html; charset=utf-8

<p>抱歉，您的邮件被退回来了。</p><p>原邮件主题：{subject}</p><p>收件人：{address}</p><p>退信原因：收件人不存在</p>
"""


@pytest.fixture
def office(dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path) -> Iterator[Correspondence]:
    with opened(tmp_path, dovecot.account(), smtp_server) as office:
        yield office


def submitted(office: Correspondence, number: int = 1, sender: str = JIA) -> Row:
    """The receipt for a notice, as it has gone."""
    title = f"关于第{number}次演练的通知"
    files = [("通知.docx", notice(title, f"甲政发〔2026〕{number}号"))]
    office.write(answer(STYLES["fresh"], "请查收。", Letter("", "", title, ""), sender, files=files))
    office.work()
    return letters(office.store)[-1]


def bounced(office: Correspondence, letter: Row, form: str = DSN, **changes: str) -> None:
    values = {
        "desk": DESK, "address": letter.to, "identity": letter.message_id, "action": "failed",
        "subject": letter.subject, "nonce": letter.to,
    }  # fmt: skip
    office.write(form.format(**(values | changes)).encode())
    office.work()


def stand(office: Correspondence) -> list[tuple[str, str]]:
    return [(letter.state, letter.to) for letter in letters(office.store)]


def actions(office: Correspondence) -> list[str]:
    return [row.action for row in rows(office.store, Journal) if row.action.startswith("letter.")]


@pytest.mark.parametrize("form", [DSN, PAGE])
def test_a_bounced_letter_has_failed_and_goes_to_the_units_other_address(office: Correspondence, form: str) -> None:
    letter = submitted(office)
    bounced(office, letter, form)
    assert stand(office) == [("failed", JIA), ("sent", OTHER)]
    first, again = letters(office.store)
    assert first.error is not None
    assert first.error.startswith(f"退信：{JIA} 无法送达（")
    assert (again.text, again.subject) == (first.text, first.subject)
    assert again.message_id != first.message_id
    assert actions(office) == ["letter.bounced", "letter.again"]


def test_the_next_letter_to_the_unit_goes_to_the_other_address_at_once(office: Correspondence) -> None:
    bounced(office, submitted(office))
    assert returned(office) == OTHER


def test_an_address_lives_again_when_its_owner_writes_from_it(office: Correspondence) -> None:
    bounced(office, submitted(office))
    submitted(office, 2)
    assert returned(office) == JIA


def returned(office: Correspondence) -> str:
    """Where a returned draft's letter goes."""
    with office.store.write() as session:
        letter = return_letter(session, session.get_one(Draft, 1), "缺少附件。", office.settings, office.now)
        assert letter is not None
        return letter.to


def test_where_no_address_is_left_a_person_has_to_call(office: Correspondence) -> None:
    letter = submitted(office)
    bounced(office, letter)
    bounced(office, letters(office.store)[-1])
    assert stand(office) == [("failed", JIA), ("failed", OTHER)]
    assert actions(office)[-1] == "letter.no_recipient"


@pytest.mark.parametrize("reply", ["550 5.1.1 User unknown", "550 User not found", "553 5.1.3 Bad address"])
def test_a_letter_to_a_user_whom_the_server_does_not_know_goes_to_the_units_other_address(
    office: Correspondence, smtp_server: SmtpServer, reply: str
) -> None:
    smtp_server.answer("RCPT", reply)
    submitted(office)
    office.send()
    assert stand(office) == [("failed", JIA), ("sent", OTHER)]
    assert letters(office.store)[0].error == f"收件地址 {JIA} 不存在（{reply}）"
    assert actions(office) == ["letter.bounced", "letter.again"]
    assert returned(office) == OTHER


def test_an_address_that_the_server_refused_lives_again_when_its_owner_writes(
    office: Correspondence, smtp_server: SmtpServer
) -> None:
    smtp_server.answer("RCPT", "550 User not found")
    submitted(office)
    submitted(office, 2)
    assert returned(office) == JIA


def test_a_server_that_wants_no_letter_marks_no_address(office: Correspondence, smtp_server: SmtpServer) -> None:
    smtp_server.answer("RCPT", "550 5.7.1 Message rejected as spam")
    submitted(office)
    assert stand(office) == [("failed", JIA)]
    assert (actions(office), returned(office)) == ([], JIA)


def test_a_unit_with_no_address_that_the_server_knows_has_to_be_called(
    office: Correspondence, smtp_server: SmtpServer
) -> None:
    smtp_server.answer("RCPT", "550 User not found", times=2)
    submitted(office)
    office.send()
    assert stand(office) == [("failed", JIA), ("failed", OTHER)]
    assert actions(office)[-1] == "letter.no_recipient"


def test_a_letter_that_reaches_one_of_its_addresses_is_not_written_again(
    office: Correspondence, smtp_server: SmtpServer
) -> None:
    submitted(office)
    with office.store.write() as session:
        again = write_again(session, session.get_one(Row, 1), "both", f"{JIA}, {OTHER}", office.settings, office.now)
    smtp_server.answer("RCPT", "550 User not found")
    office.send()
    office.send()
    assert stand(office)[1:] == [("sent", again.to)]
    assert actions(office) == ["letter.bounced"]
    assert returned(office) == OTHER


def test_what_is_said_to_a_leader_goes_to_nobody_else(office: Correspondence, smtp_server: SmtpServer) -> None:
    submitted(office)
    with office.store.write() as session:
        again = write_again(
            session, session.get_one(Row, 1), "leader", "ld@town.example.cn", office.settings, office.now
        )
        again.kind = "escalation"
    smtp_server.answer("RCPT", "550 User not found")
    office.send()
    assert stand(office)[1:] == [("failed", "ld@town.example.cn")]
    assert actions(office) == ["letter.bounced", "letter.no_recipient"]


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "delayed"},
        {"identity": "<20261120100000.99.acknowledgement@office.example.cn>"},
        {"identity": "<20261120100000.1.acknowledgement@elsewhere.example.cn>", "address": YI},
    ],
)
def test_a_delay_and_a_letter_that_never_was_change_nothing(office: Correspondence, changes: dict[str, str]) -> None:
    letter = submitted(office)
    bounced(office, letter, **changes)
    assert stand(office) == [("sent", JIA)]


def test_a_bounce_is_never_answered_and_acts_once(office: Correspondence) -> None:
    letter = submitted(office)
    bounced(office, letter)
    bounced(office, letter, nonce="again")
    assert len(letters(office.store)) == 2
