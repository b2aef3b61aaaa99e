"""The mailbox before servers as they really are: 163, trickling lines, lines that break."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from daemon.mail import mailbox as module
from daemon.mail.errors import FolderRefused, MailboxUnavailable
from daemon.mail.mailbox import Mailbox
from daemon.settings import models
from tests.dovecot import Account, Dovecot
from tests.proxy import Behaviour, CutOff, NetEase, Silent, Trickling, proxied

pytestmark = pytest.mark.server

NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
RAW = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 20_000


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    account = dovecot.account()
    account.deliver(RAW, NOON)
    return account


@contextmanager
def behind(account: Account, behaviour: Behaviour) -> Iterator[Mailbox]:
    with proxied(account.server.plain_port, behaviour) as port:
        settings = account.server.settings(account, port=port, security="none")
        mailbox = Mailbox(models.Mailbox.model_validate(settings))
        yield mailbox
        mailbox.close()


def test_163_lets_us_in_because_we_say_who_we_are(account: Account) -> None:
    with behind(account, NetEase()) as mailbox:
        assert mailbox.state().uidnext == 2
        assert [one.uid for one in mailbox.listing(0)] == [1]
        assert mailbox.fetch(1) == RAW


def test_163_refuses_who_does_not_and_the_administrator_reads_why(account: Account) -> None:
    class Forgetful(NetEase):
        def said(self, line: bytes) -> bytes | None:
            self.introduced = False
            return b"" if b" ID " in line else super().said(line)

        def answered(self, chunk: bytes) -> bytes:
            return super().answered(chunk).replace(b" ID ", b" ")

    with behind(account, Forgetful()) as mailbox, pytest.raises(FolderRefused, match="Unsafe Login"):
        mailbox.state()


def test_an_empty_mailbox_at_163_has_its_first_uid_to_come(dovecot: Dovecot) -> None:
    account = dovecot.account()
    with behind(account, NetEase()) as mailbox:
        assert mailbox.state().uidnext == 1
        account.deliver(RAW, NOON)
        assert mailbox.state().uidnext == 2


def test_without_idle_it_sleeps_and_can_be_woken_to_stop(account: Account) -> None:
    with behind(account, NetEase()) as mailbox:
        mailbox.state()
        stop = threading.Event()
        threading.Timer(0.2, stop.set).start()
        start = time.monotonic()
        assert not mailbox.wait(30, stop)
        assert 0.1 < time.monotonic() - start < 5


@pytest.mark.parametrize("behaviour", [Trickling(b"BODY"), Silent(b"BODY")])
def test_a_server_that_trickles_or_falls_silent_is_hung_up_on(
    account: Account, behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1.0)
    monkeypatch.setattr(module, "SLOWEST", 10 * 2**20)
    with behind(account, behaviour) as mailbox:
        mailbox.state()
        start = time.monotonic()
        with pytest.raises(MailboxUnavailable):
            mailbox.fetch(1)
        assert time.monotonic() - start < 10


@pytest.mark.parametrize("after", [0, 1, 100_000])
def test_a_line_that_breaks_within_a_message_gives_no_half_message(account: Account, after: int) -> None:
    with behind(account, CutOff(b"BODY", after)) as mailbox:
        mailbox.state()
        with pytest.raises(MailboxUnavailable):
            mailbox.fetch(1)
        mailbox.state()
        assert mailbox.fetch(1) == RAW
