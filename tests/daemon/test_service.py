"""The daemon as a process: it starts, goes on whatever its servers do, and ends cleanly."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from tests.dovecot import Account, Dovecot
from tests.generated import generated, received_at
from tests.offices import Desk, write_desk
from tests.proxy import Behaviour, proxied
from tests.servers import free_port, listens, wait_until
from tests.smtp import SmtpServer

pytestmark = [pytest.mark.server, pytest.mark.slow]


class Closed(Behaviour):
    """While closed, every conversation is cut off."""

    closed = True

    def said(self, line: bytes) -> bytes | None:
        if self.closed:
            raise OSError("closed")
        return None

    def answered(self, chunk: bytes) -> bytes:
        if self.closed:
            raise OSError("closed")
        return chunk


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    return dovecot.account()


def _desk(tmp_path: Path, mailbox: dict[str, Any], smtp: SmtpServer) -> Desk:
    letters = {"acknowledge_within": "forever", "per_address_a_day": 1000, "total_a_day": 1000}
    return write_desk(tmp_path / "desk", mailbox, smtp.settings(), letters=letters, web={"port": free_port()})


@contextmanager
def _running(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    with (desk.folder / "daemon.log").open("a") as out:
        process = desk.start("run", stdout=out, stderr=out)
    try:
        wait_until(lambda: listens(_port(desk)), "the start of the daemon", 30)
        yield process
    finally:
        process.kill()
        process.wait()


def _port(desk: Desk) -> int:
    return int(yaml.safe_load((desk.config / "office.yaml").read_text("utf-8"))["web"]["port"])


def _log(desk: Desk) -> str:
    return (desk.folder / "daemon.log").read_text("utf-8")


def test_a_mail_is_answered_while_the_daemon_runs_and_sigterm_ends_it_within_ten_seconds(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    desk = _desk(tmp_path, dovecot.settings(account), smtp_server)
    with _running(desk) as daemon:
        account.deliver(generated(0), received_at(0))
        wait_until(lambda: len(smtp_server.received) == 1, "the acknowledgement", 60)
        with urlopen(f"http://127.0.0.1:{_port(desk)}/login", timeout=10) as page:
            assert page.status == 200

        daemon.send_signal(signal.SIGTERM)

        assert daemon.wait(10) == 0
    assert "Traceback" not in _log(desk)


def test_mail_in_the_workers_hands_at_sigterm_is_read_before_the_end_or_after_the_next_start(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    for number in range(40):
        account.deliver(generated(number), received_at(number))
    desk = _desk(tmp_path, dovecot.settings(account), smtp_server)
    with _running(desk) as daemon:
        wait_until(lambda: "收到" in _log(desk), "the first mail", 60)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(10) == 0

    desk.run("poll")

    assert [row["state"] for row in desk.rows("messages")] == ["parsed"] * 40
    assert {row["attempts"] for row in desk.rows("messages")} == {1}


def test_a_mailbox_and_an_smtp_server_that_go_away_are_named_and_come_back_by_themselves(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    gate = Closed()
    with proxied(dovecot.plain_port, gate) as imap, proxied(smtp_server.port("none"), gate) as smtp:
        desk = _desk(tmp_path, dovecot.settings(account, port=imap, security="none"), smtp_server)
        _set(desk, "smtp", port=smtp, security="none")
        account.deliver(generated(1), received_at(1))
        with _running(desk):
            wait_until(lambda: f"邮箱服务器 127.0.0.1:{imap}" in _log(desk), "a word on the mailbox", 60)
            gate.closed = False
            wait_until(lambda: len(smtp_server.received) == 1, "the acknowledgement", 60)
            gate.closed = True
            account.deliver(generated(2), received_at(2))
            time.sleep(1)
            gate.closed = False
            wait_until(lambda: len(smtp_server.received) == 2, "the second acknowledgement", 90)
    assert "Traceback" not in _log(desk)


def test_a_database_that_is_locked_for_a_while_stops_nothing_for_good(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    desk = _desk(tmp_path, dovecot.settings(account), smtp_server)
    with _running(desk):
        with sqlite3.connect(desk.folder / "data" / "baosong.sqlite3", isolation_level=None) as other:
            other.execute("BEGIN EXCLUSIVE")
            account.deliver(generated(3), received_at(3))
            wait_until(lambda: "数据库被其他程序锁定" in _log(desk), "a word on the lock", 60)
            other.execute("ROLLBACK")
        wait_until(lambda: len(smtp_server.received) == 1, "the acknowledgement", 90)
    assert "Traceback" not in _log(desk)


def test_a_second_daemon_on_the_same_database_says_who_holds_it(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    desk = _desk(tmp_path, dovecot.settings(account), smtp_server)
    with _running(desk) as daemon:
        second = desk.run("poll")

    assert second.returncode == 1
    assert str(daemon.pid) in second.stderr


def test_sighup_reads_the_config_again_and_keeps_the_old_one_where_the_new_one_is_wrong(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    desk = _desk(tmp_path, dovecot.settings(account), smtp_server)
    with _running(desk) as daemon:
        right = (desk.config / "office.yaml").read_text("utf-8")
        (desk.config / "office.yaml").write_text(right + "nonsense: true\n", "utf-8")
        daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: "配置有误，继续使用原配置" in _log(desk), "a word on the mistake", 30)
        port = free_port()
        (desk.config / "office.yaml").write_text(right, "utf-8")
        _set(desk, "web", port=port)
        daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: listens(port), "the pages on their new port", 30)
        account.deliver(generated(4), received_at(4))
        wait_until(lambda: len(smtp_server.received) == 1, "the acknowledgement", 60)


def _set(desk: Desk, section: str, **values: Any) -> None:
    path = desk.config / "office.yaml"
    office = yaml.safe_load(path.read_text("utf-8"))
    office[section] = office.get(section, {}) | values
    path.write_text(yaml.safe_dump(office, allow_unicode=True), "utf-8")


DSN = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.cn
To: desk@office.example.cn
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

The mail system could not deliver your message.
--b
Content-Type: message/delivery-status

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

Message-ID: {identity}
--b--
"""


def test_a_dead_liaisons_bounce_is_seen_and_the_other_address_written_to_within_a_minute(
    dovecot: Dovecot, account: Account, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    desk = _desk(tmp_path, dovecot.settings(account), smtp_server)
    _second_address(desk, "second@town.example.cn")
    with _running(desk):
        account.deliver(generated(0), received_at(0))
        wait_until(lambda: len(smtp_server.received) == 1, "the acknowledgement", 60)
        first = smtp_server.received[0]
        values = {"address": first.recipients[0], "identity": first.message["Message-ID"]}
        account.deliver(DSN.format(**values).encode(), received_at(1))
        bounced = time.monotonic()
        wait_until(lambda: len(smtp_server.received) == 2, "the letter to the other address", 60)
        assert time.monotonic() - bounced < 60
        wait_until(lambda: desk.rows("outbox")[1]["state"] == "sent", "a word on it", 30)
    assert smtp_server.received[1].recipients == ("second@town.example.cn",)
    first_try = desk.rows("outbox")[0]
    assert first_try["state"] == "failed"
    assert "550 5.1.1 User unknown" in first_try["error"]


def _second_address(desk: Desk, address: str) -> None:
    """Of the unit that the first of the generated mails is from."""
    path = desk.config / "units.yaml"
    units = yaml.safe_load(path.read_text("utf-8"))
    units["units"][0]["addresses"].append(address)
    path.write_text(yaml.safe_dump(units, allow_unicode=True), "utf-8")
