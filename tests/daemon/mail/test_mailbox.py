"""The mailbox against a real Dovecot over TLS."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from daemon.mail.errors import FolderRefused, LoginRefused, MailboxUnavailable, TooLarge, Vanished
from daemon.mail.mailbox import PIECE, Mailbox, message_id_in, retry_after
from daemon.settings import models
from tests.dovecot import Account, Dovecot

pytestmark = pytest.mark.server

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=SHANGHAI)


def letter(number: int, body: str = "正文") -> bytes:
    """A small mail that differs from all others."""
    return f"Message-ID: <{number}@example.cn>\r\nSubject: mail {number}\r\n\r\n{body} {number}\r\n".encode()


def mailbox_of(account: Account, **changes: Any) -> Mailbox:
    return Mailbox(models.Mailbox.model_validate(account.server.settings(account, **changes)))


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    return dovecot.account()


@pytest.fixture
def mailbox(account: Account) -> Iterator[Mailbox]:
    mailbox = mailbox_of(account)
    yield mailbox
    mailbox.close()


def test_lists_only_what_lies_above_a_uid(account: Account, mailbox: Mailbox) -> None:
    for number in range(3):
        account.deliver(letter(number), NOON + timedelta(minutes=number))
    assert mailbox.state().uidnext == 4
    listed = mailbox.listing(1)
    assert [one.uid for one in listed] == [2, 3]
    assert [one.size for one in listed] == [len(letter(1)), len(letter(2))]


def test_lists_nothing_where_nothing_is_new(account: Account, mailbox: Mailbox) -> None:
    account.deliver(letter(1), NOON)
    mailbox.state()
    assert mailbox.listing(1) == ()


def test_knows_an_empty_mailbox(mailbox: Mailbox) -> None:
    assert mailbox.state().uidnext == 1
    assert mailbox.listing(0) == ()


def test_gives_the_time_of_receipt_with_its_zone(account: Account, mailbox: Mailbox) -> None:
    account.append(letter(1), datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC))
    mailbox.state()
    assert mailbox.listing(0)[0].received_at.isoformat() == "2026-11-20T09:02:03+08:00"


def test_fetches_many_small_messages_at_once(account: Account, mailbox: Mailbox) -> None:
    for number in range(5):
        account.deliver(letter(number), NOON)
    mailbox.state()
    fetched = mailbox.fetch_many(mailbox.listing(0))
    assert sorted(fetched.values()) == [letter(number) for number in range(5)]


@pytest.mark.parametrize("size", [PIECE - 300, PIECE, 2 * PIECE + 17])
def test_fetches_a_large_message_in_pieces(account: Account, mailbox: Mailbox, size: int) -> None:
    head = b"Subject: large\r\n\r\n"
    raw = head + (b"0123456789abcde\n" * (size // 16 + 1))[: size - len(head)]
    account.deliver(raw.replace(b"\n", b"\r\n"), NOON)
    mailbox.state()
    assert mailbox.fetch(1) == raw.replace(b"\n", b"\r\n")


def test_stops_at_a_message_larger_than_it_said(account: Account) -> None:
    account.deliver(b"Subject: large\r\n\r\n" + b"x" * (2 * PIECE), NOON)
    mailbox = mailbox_of(account, max_size="1MB")
    mailbox.state()
    with pytest.raises(TooLarge, match="max_size"):
        mailbox.fetch(1)
    mailbox.close()


def test_says_that_a_message_is_gone(account: Account, mailbox: Mailbox) -> None:
    mailbox.state()
    with pytest.raises(Vanished):
        mailbox.fetch(99)
    assert mailbox.fetch_many([]) == {}


def test_tells_message_ids_of_many(account: Account, mailbox: Mailbox) -> None:
    account.deliver(letter(1), NOON)
    account.deliver(b"Subject: none\r\n\r\nx\r\n", NOON + timedelta(seconds=1))
    mailbox.state()
    assert mailbox.message_ids([1, 2]) == {1: "<1@example.cn>", 2: None}


def test_reads_a_message_id_that_a_client_has_folded() -> None:
    assert message_id_in(b"Subject: x\r\nMESSAGE-ID :\r\n <a.b@c>\r\nTo: y\r\n") == "<a.b@c>"
    assert message_id_in(b"Subject: x\r\nX-Message-ID: <a@b>\r\n") is None


def test_never_marks_mail_as_read(account: Account, mailbox: Mailbox) -> None:
    account.deliver(letter(1), NOON)
    mailbox.state()
    mailbox.message_ids([1])
    mailbox.fetch_many(mailbox.listing(0))
    mailbox.fetch(1)
    mailbox.close()
    assert b"\\Seen" not in account.flags()[1]


def test_says_who_it_is_before_it_opens_the_folder(account: Account, mailbox: Mailbox) -> None:
    account.keep_log()
    mailbox.state()
    mailbox.close()
    said = [line.split()[2].upper() for line in account.log() if len(line.split()) > 2]
    assert said.index("ID") < said.index("EXAMINE")
    assert "SELECT" not in said


def test_says_nothing_that_changes_the_mailbox(account: Account, mailbox: Mailbox) -> None:
    account.deliver(letter(1), NOON)
    account.keep_log()
    mailbox.state()
    mailbox.message_ids([1])
    mailbox.fetch_many(mailbox.listing(0))
    mailbox.wait(0.1, threading.Event())
    mailbox.close()
    fetch = r"UID FETCH [\d:*,]+ \((UID INTERNALDATE RFC822.SIZE|BODY.PEEK.*)\)"
    allowed = rf"\d+\.\d+ (\w+ (CAPABILITY|ID .*|EXAMINE INBOX|{fetch}|IDLE|LOGOUT)|DONE)"
    lines = [line.replace('"', "") for line in account.log() if line]
    assert [line for line in lines if not re.fullmatch(allowed, line)] == []


@pytest.mark.parametrize("security", ["none", "starttls"])
def test_speaks_without_tls_and_with_starttls(account: Account, security: str) -> None:
    mailbox = mailbox_of(account, port=account.server.plain_port, security=security)
    assert mailbox.state().uidnext == 1
    mailbox.close()


def test_tells_what_to_do_about_a_refused_login(account: Account) -> None:
    with pytest.raises(LoginRefused, match="授权码"):
        mailbox_of(account, password="wrong").state()


def test_tells_what_to_do_about_a_folder_that_is_not_there(account: Account) -> None:
    with pytest.raises(FolderRefused, match=r"mailbox\.folder"):
        mailbox_of(account, folder="稿件").state()


def test_tells_what_to_do_about_an_unknown_certificate(account: Account) -> None:
    with pytest.raises(MailboxUnavailable, match=r"mailbox\.ca_file"):
        mailbox_of(account, ca_file=None).state()


def test_tells_what_to_do_about_a_port_where_nobody_listens(account: Account) -> None:
    with pytest.raises(MailboxUnavailable, match=r"mailbox\.port"):
        mailbox_of(account, port=1).state()


def test_reconnects_after_the_server_has_hung_up(account: Account, mailbox: Mailbox) -> None:
    mailbox.state()
    assert mailbox._client is not None
    mailbox._client.hang_up()
    with pytest.raises(MailboxUnavailable):
        mailbox.state()
    assert mailbox.state().uidnext == 1


def test_wakes_up_when_mail_arrives(account: Account, mailbox: Mailbox) -> None:
    mailbox.state()
    threading.Timer(0.3, account.append, (letter(1), NOON)).start()
    start = time.monotonic()
    assert mailbox.wait(30, threading.Event())
    assert time.monotonic() - start < 10
    assert mailbox.state().uidnext == 2


def test_does_not_sleep_over_mail_that_came_before_it_waited(account: Account, mailbox: Mailbox) -> None:
    mailbox.state()
    account.append(letter(1), NOON)
    start = time.monotonic()
    assert mailbox.wait(30, threading.Event())
    assert time.monotonic() - start < 5


def test_sleep_ends_when_the_daemon_stops(mailbox: Mailbox) -> None:
    mailbox.state()
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    start = time.monotonic()
    assert not mailbox.wait(60, stop)
    assert time.monotonic() - start < 5
    assert mailbox.state().uidnext == 1


def test_waits_longer_after_each_failure() -> None:
    assert [retry_after(failures) for failures in (1, 2, 3, 99)] == [5, 10, 20, 300]
