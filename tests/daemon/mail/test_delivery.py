"""Sending over a real SMTP server, which refuses, puts off and hangs up as providers do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from daemon.mail.delivery import Delivered, Delivery, Refused, TryLater, Unreachable
from daemon.mail.errors import SmtpLoginRefused, SmtpUnavailable
from daemon.settings import models
from tests.smtp import DROP, USER, SmtpServer

pytestmark = pytest.mark.server

RAW = b"Subject: x\r\n\r\n.one line\r\n"
TO = "jia@town.example.cn"
UNKNOWN = (
    "550 5.1.1 User unknown", "550 User not found: jia", "553 5.1.3 Bad address syntax", "550 Mailbox not found",
    "551 5.1.6 User has moved", "550 5.2.1 Mailbox disabled", "550 收件人不存在", "550 no such user here",
    "550 5.1.1 <jia@town.example.cn>: Recipient address rejected: User unknown in local recipient table",
)  # fmt: skip
UNWANTED = (
    "550 5.7.1 Service unavailable; client host blocked", "550 DT:SPM", "553 5.7.1 Relaying denied", "550 Denied",
    "554 5.7.1 User unknown to the spam filter", "552 5.2.2 Mailbox full", "554 Invalid user", "550 5.7.1 User unknown",
    "550 Requested action not taken: suspected spam", "550 Connection frequency limited",
)  # fmt: skip


def delivery_of(server: SmtpServer, security: str = "tls", **changes: Any) -> Delivery:
    return Delivery(models.Smtp.model_validate(server.settings(security, **changes)))


@pytest.fixture
def delivery(smtp_server: SmtpServer) -> Iterator[Delivery]:
    with delivery_of(smtp_server) as delivery:
        yield delivery


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_letter_arrives_as_it_was_written(smtp_server: SmtpServer, security: str) -> None:
    with delivery_of(smtp_server, security) as deliver:
        assert deliver(TO, RAW) == Delivered()
    (letter,) = smtp_server.received
    assert (letter.sender, letter.recipients, letter.raw) == (USER, (TO,), RAW)


def test_a_batch_shares_one_connection(smtp_server: SmtpServer, delivery: Delivery) -> None:
    for _ in range(3):
        assert delivery(TO, RAW) == Delivered()
    assert smtp_server.logins == 1


def test_an_own_server_may_be_told_the_null_sender(smtp_server: SmtpServer) -> None:
    with delivery_of(smtp_server, envelope="null") as deliver:
        assert deliver(TO, RAW) == Delivered()
    assert smtp_server.received[0].sender == ""


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_letter_can_be_put_off_alone(smtp_server: SmtpServer, delivery: Delivery, command: str) -> None:
    smtp_server.answer(command, "451 DT:SPM")
    assert delivery(TO, RAW) == TryLater("451 DT:SPM")
    assert delivery(TO, RAW) == Delivered()
    assert smtp_server.logins == 1


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_letter_can_be_refused_alone(smtp_server: SmtpServer, delivery: Delivery, command: str) -> None:
    smtp_server.answer(command, "550 DT:SPM spam")
    assert delivery(TO, RAW) == Refused("550 DT:SPM spam")
    assert delivery(TO, RAW) == Delivered()


@pytest.mark.parametrize("reply", UNKNOWN)
def test_a_server_that_knows_no_such_user_is_told_from_one_that_wants_no_letter(
    smtp_server: SmtpServer, delivery: Delivery, reply: str
) -> None:
    smtp_server.answer("RCPT", reply)
    assert delivery(TO, RAW) == Refused(reply, nobody=(TO,))


@pytest.mark.parametrize("reply", UNWANTED)
def test_a_letter_that_is_not_wanted_says_nothing_of_its_address(
    smtp_server: SmtpServer, delivery: Delivery, reply: str
) -> None:
    smtp_server.answer("RCPT", reply)
    assert delivery(TO, RAW) == Refused(reply)


def test_one_good_recipient_is_enough(smtp_server: SmtpServer, delivery: Delivery) -> None:
    smtp_server.answer("RCPT", "550 User not found")
    gone = "gone@town.example.cn"
    assert delivery(f"{gone}, jia@town.example.cn", RAW) == Delivered(nobody=(gone,))
    assert smtp_server.received[0].recipients == (TO,)


@pytest.mark.parametrize(
    ("command", "reply"),
    [("MAIL", "450 MI:DMC"), ("MAIL", "553 foreign sender"), ("DATA", "421 HL:IFC"), ("DATA", DROP)],
)
def test_what_concerns_all_letters_ends_the_batch(
    smtp_server: SmtpServer, delivery: Delivery, command: str, reply: str
) -> None:
    smtp_server.answer(command, reply)
    assert isinstance(delivery(TO, RAW), Unreachable)
    assert delivery(TO, RAW) == Delivered()
    assert smtp_server.logins == 2


def test_tells_what_to_do_about_a_refused_login(smtp_server: SmtpServer) -> None:
    with delivery_of(smtp_server, password="wrong") as deliver:
        outcome = deliver(TO, RAW)
        assert isinstance(outcome, Unreachable)
        assert "授权码" in outcome.reason
        with pytest.raises(SmtpLoginRefused):
            deliver.try_login()


def test_tells_what_to_do_about_a_port_where_nobody_listens(smtp_server: SmtpServer) -> None:
    with delivery_of(smtp_server, port=1) as deliver, pytest.raises(SmtpUnavailable, match=r"smtp\.port"):
        deliver.try_login()


def test_tells_what_to_do_about_an_unknown_certificate(smtp_server: SmtpServer) -> None:
    with delivery_of(smtp_server, ca_file=None) as deliver:
        outcome = deliver(TO, RAW)
    assert isinstance(outcome, Unreachable)
    assert "smtp.ca_file" in outcome.reason
