"""The test servers are real, and what tests do to them has the effect that they claim."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Browser

from tests.dovecot import Dovecot
from tests.servers import Postgres
from tests.smtp import PASSWORD, USER, SmtpServer

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=SHANGHAI)

pytestmark = pytest.mark.server


def test_dovecot_shows_delivered_mail_with_the_time_of_delivery(dovecot: Dovecot) -> None:
    account = dovecot.account()
    account.deliver(b"Subject: one\r\n\r\nbody\r\n", NOON)
    account.append(b"Subject: two\r\n\r\nbody\r\n", NOON)
    with account.client() as client:
        client.normalise_times = False
        times = [answer[b"INTERNALDATE"] for answer in client.fetch(client.search(), ["INTERNALDATE"]).values()]
    assert times == [NOON, NOON]
    assert times[0].isoformat() == "2026-11-20T12:00:05+08:00"


def test_a_changed_uidvalidity_keeps_the_mail(dovecot: Dovecot) -> None:
    account = dovecot.account()
    account.deliver(b"Subject: one\r\n\r\nbody\r\n", NOON)
    with account.client() as client:
        before = client.folder_status("INBOX")
    account.change_uidvalidity()
    with account.client() as client:
        after = client.folder_status("INBOX")
    assert after[b"UIDVALIDITY"] != before[b"UIDVALIDITY"]
    assert after[b"MESSAGES"] == before[b"MESSAGES"] == 1


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_the_smtp_server_takes_letters_from_whom_it_knows(smtp_server: SmtpServer, security: str) -> None:
    context = ssl.create_default_context(cafile=str(smtp_server.ca_file))
    port = smtp_server.port(security)
    connect = partial(smtplib.SMTP_SSL, context=context) if security == "tls" else smtplib.SMTP
    with connect("127.0.0.1", port) as client:
        if security == "starttls":
            client.starttls(context=context)
        client.login(USER, PASSWORD)
        smtp_server.answer("DATA", "451 DT:SPM")
        with pytest.raises(smtplib.SMTPDataError, match="DT:SPM"):
            client.sendmail(USER, ["a@example.cn"], b"Subject: x\r\n\r\nx\r\n")
        client.sendmail(USER, ["a@example.cn"], b"Subject: x\r\n\r\nx\r\n")
    assert [letter.recipients for letter in smtp_server.received] == [("a@example.cn",)]


def test_postgres_gives_each_test_its_own_database(postgres: Postgres) -> None:
    one, two = postgres.create(), postgres.create()
    assert one != two
    with psycopg.connect(one.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.browser
def test_chromium_shows_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1>稿件</h1>")
    assert page.inner_text("h1") == "稿件"
    page.close()
