"""Polling a real Dovecot: each message once, none lost, nothing answered that lay there before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.poll import PollReport, poll
from daemon.mail.errors import FetchFailed, MailboxUnavailable
from daemon.mail.mailbox import Listed, Mailbox
from daemon.settings import Settings
from daemon.store.schema import Message, Sighting
from daemon.store.unit_of_work import Store
from tests.daemon.desk.office import NOW, RECEIVED, rows, settings_of
from tests.dovecot import Account, Dovecot

pytestmark = pytest.mark.server

MINUTE = timedelta(minutes=1)


def letter(number: int, body: str = "") -> bytes:
    return f"Message-ID: <{number}@town.example.cn>\r\nSubject: mail {number}\r\n\r\n{body}\r\n".encode()


@dataclass
class Desk:
    """An office that polls an account."""

    store: Store
    account: Account
    folder: Path

    def settings(self, **changes: Any) -> Settings:
        folder = self.folder / f"config{len(list(self.folder.iterdir()))}"
        return settings_of(folder, self.account.server.settings(self.account, **{"start": "all", **changes}))

    def poll(self, now: datetime = NOW, **changes: Any) -> PollReport:
        return self.poll_by(Mailbox, now, **changes)

    def poll_by(self, kind: Callable[..., Mailbox], now: datetime = NOW, **changes: Any) -> PollReport:
        settings = self.settings(**changes)
        mailbox = kind(settings.mailbox)
        try:
            return poll(self.store, mailbox, settings, now)
        finally:
            mailbox.close()

    def bodies(self) -> list[bytes]:
        return [self.store.blobs.read(message.sha256) for message in rows(self.store, Message)]

    def states(self) -> list[str]:
        return [sighting.state for sighting in rows(self.store, Sighting)]


@pytest.fixture
def desk(store: Store, dovecot: Dovecot, tmp_path: Path) -> Desk:
    return Desk(store, dovecot.account(), tmp_path)


def test_each_message_is_taken_in_once(desk: Desk) -> None:
    for number in range(3):
        desk.account.deliver(letter(number), RECEIVED + number * MINUTE)
    assert desk.poll() == PollReport(listed=3, stored=3)
    assert desk.poll() == PollReport()
    assert desk.bodies() == [letter(number) for number in range(3)]


def test_the_time_of_receipt_is_the_servers(desk: Desk) -> None:
    desk.account.append(letter(1), RECEIVED)
    desk.poll()
    assert [message.received_at for message in rows(desk.store, Message)] == [RECEIVED]


def test_the_same_bytes_twice_are_one_message_seen_twice(desk: Desk) -> None:
    desk.account.deliver(letter(1), RECEIVED)
    desk.account.deliver(letter(1), RECEIVED + MINUTE)
    desk.poll()
    assert len(rows(desk.store, Message)) == 1
    assert desk.states() == ["stored", "stored"]


def test_the_first_poll_of_an_old_mailbox_takes_in_nothing(desk: Desk) -> None:
    desk.account.deliver(letter(1), RECEIVED - 900 * timedelta(days=1))
    desk.account.deliver(letter(2), RECEIVED)
    assert desk.poll(start="now") == PollReport()
    assert desk.states() == []
    desk.account.deliver(letter(3), NOW)
    assert desk.poll(start="now") == PollReport(listed=1, stored=1)


def test_mail_from_before_a_start_date_is_left_alone(desk: Desk) -> None:
    desk.account.deliver(letter(1), datetime(2026, 10, 31, 23, 59, tzinfo=NOW.tzinfo))
    desk.account.deliver(letter(2), datetime(2026, 11, 1, tzinfo=NOW.tzinfo))
    assert desk.poll(start=date(2026, 11, 1)) == PollReport(listed=1, stored=1)
    assert desk.bodies() == [letter(2)]


def test_old_mail_that_a_person_moves_here_counts_as_new(desk: Desk) -> None:
    desk.account.deliver(letter(1), RECEIVED)
    desk.poll(start=date(2026, 11, 1))
    desk.account.deliver(letter(2), datetime(2026, 10, 5, tzinfo=NOW.tzinfo))
    assert desk.poll(start=date(2026, 11, 1)).stored == 1


def test_a_message_over_the_limit_is_recorded_and_left_on_the_server(desk: Desk) -> None:
    desk.account.deliver(letter(1, "x" * 1_100_000), RECEIVED)
    desk.account.deliver(letter(2), RECEIVED + MINUTE)
    assert desk.poll(max_size="1MB") == PollReport(listed=2, stored=1)
    large = rows(desk.store, Sighting)[0]
    assert (large.state, large.message_id) == ("too_large", "<1@town.example.cn>")
    assert "1 MB" in (large.error or "")
    assert len(desk.account.flags()) == 2


def test_polling_leaves_no_trace_in_the_mailbox(desk: Desk) -> None:
    desk.account.append(letter(1), RECEIVED, (b"\\Flagged",))
    desk.account.append(letter(2, "x" * 5_000_000), RECEIVED)
    before = desk.account.flags()
    desk.poll()
    assert [{flag for flag in flags if flag != b"\\Recent"} for flags in desk.account.flags().values()] == [
        {flag for flag in flags if flag != b"\\Recent"} for flags in before.values()
    ]


class TestChangedUidvalidity:
    def test_takes_in_nothing_twice_and_misses_nothing(self, desk: Desk) -> None:
        for number in range(4):
            desk.account.deliver(letter(number), RECEIVED + number * MINUTE)
        desk.poll()
        desk.account.change_uidvalidity()
        desk.account.deliver(letter(9), RECEIVED - 60 * MINUTE)
        assert desk.poll(now=NOW + MINUTE) == PollReport(listed=1, stored=1)
        assert len(desk.bodies()) == 5
        assert desk.poll(now=NOW + 2 * MINUTE) == PollReport()

    def test_is_survived_again_and_again(self, desk: Desk) -> None:
        desk.account.deliver(letter(1), RECEIVED)
        desk.poll()
        for _ in range(3):
            desk.account.change_uidvalidity()
            assert desk.poll() == PollReport()

    def test_does_not_fetch_what_is_known(self, desk: Desk) -> None:
        desk.account.deliver(letter(1), RECEIVED)
        desk.poll()
        desk.account.change_uidvalidity()
        desk.account.keep_log()
        desk.poll()
        assert [line for line in desk.account.log() if "BODY.PEEK[]" in line] == []

    def test_does_not_bring_up_what_lay_there_before_the_start(self, desk: Desk) -> None:
        desk.account.deliver(letter(1), RECEIVED - timedelta(days=90))
        desk.poll(start="now")
        desk.account.change_uidvalidity()
        assert desk.poll(start="now") == PollReport()
        desk.account.deliver(letter(2), NOW + MINUTE)
        assert desk.poll(start="now", now=NOW + 2 * MINUTE).stored == 1

    def test_keeps_apart_two_mails_of_one_second_size_and_message_id(self, desk: Desk) -> None:
        desk.account.deliver(letter(1, "one"), RECEIVED)
        desk.poll()
        desk.account.change_uidvalidity()
        desk.account.deliver(letter(1, "two"), RECEIVED)
        desk.poll()
        assert sorted(desk.bodies()) == sorted([letter(1, "one"), letter(1, "two")])

    def test_goes_on_with_what_could_not_be_fetched(self, desk: Desk) -> None:
        desk.account.deliver(letter(1), RECEIVED)
        assert desk.poll_by(Refusing).failed == 1
        desk.account.change_uidvalidity()
        assert desk.poll() == PollReport(listed=1, stored=1)
        assert desk.states() == ["stored"]


class Refusing(Mailbox):
    """A server that won't give the message with UID 1."""

    def fetch_many(self, listed: Any) -> dict[int, bytes]:
        if any(one.uid == 1 for one in listed):
            raise FetchFailed("服务器没有给出邮件内容：NO")
        return super().fetch_many(listed)

    def fetch(self, uid: int) -> bytes:
        if uid == 1:
            raise FetchFailed("服务器没有给出邮件内容：NO")
        return super().fetch(uid)


class HangingUp(Mailbox):
    """A server that hangs up over the message with UID 2."""

    def fetch_many(self, listed: Any) -> dict[int, bytes]:
        if any(one.uid == 2 for one in listed):
            raise MailboxUnavailable("连接中断")
        return super().fetch_many(listed)

    def fetch(self, uid: int) -> bytes:
        if uid == 2:
            raise MailboxUnavailable("连接中断")
        return super().fetch(uid)


def test_one_message_that_cannot_be_fetched_does_not_block_the_others(desk: Desk) -> None:
    for number in range(3):
        desk.account.deliver(letter(number), RECEIVED + number * MINUTE)
    assert desk.poll_by(Refusing) == PollReport(listed=3, stored=2, failed=1)
    assert desk.poll_by(Refusing, now=NOW + MINUTE).failed == 1
    assert desk.poll_by(Refusing, now=NOW + 1.5 * MINUTE).failed == 0
    assert rows(desk.store, Sighting)[0].next_try_at == NOW + 2 * MINUTE
    assert desk.poll(now=NOW + 2 * MINUTE).stored == 1


def test_a_message_over_which_the_server_hangs_up_comes_last(desk: Desk) -> None:
    for number in range(4):
        desk.account.deliver(letter(number), RECEIVED + number * MINUTE)
    for minutes in range(8):
        try:
            desk.poll_by(HangingUp, now=NOW + minutes * 60 * MINUTE)
        except MailboxUnavailable:
            continue
    assert desk.states() == ["stored", "failed", "stored", "stored"]


def test_a_message_that_was_taken_away_is_not_asked_for_for_ever(desk: Desk) -> None:
    desk.account.deliver(letter(1), RECEIVED)
    settings = desk.settings()
    mailbox = Gone(settings.mailbox)
    mailbox.account = desk.account
    assert poll(desk.store, mailbox, settings, NOW).failed == 1
    mailbox.close()
    assert desk.poll(now=NOW + timedelta(days=30)) == PollReport()
    assert "已不在服务器上" in (rows(desk.store, Sighting)[0].error or "")


class Gone(Mailbox):
    """A mailbox whose messages are deleted between listing and fetching."""

    account: Account

    def listing(self, after_uid: int) -> tuple[Listed, ...]:
        listed = super().listing(after_uid)
        self.close()
        with self.account.client() as client:
            client.delete_messages(client.search())
            client.expunge()
        self.state()
        return listed


def test_a_later_poll_costs_two_commands_however_old_the_mailbox_is(desk: Desk) -> None:
    for number in range(50):
        desk.account.deliver(letter(number), RECEIVED)
    desk.poll(start="now")
    desk.account.keep_log()
    assert desk.poll(start="now") == PollReport()
    said = [" ".join(line.split()[2:3]) for line in desk.account.log() if len(line.split()) > 2]
    assert [word for word in said if word not in ("CAPABILITY", "ID", "LOGOUT")] == ["EXAMINE"]


@pytest.mark.slow
def test_thirty_thousand_old_messages_cost_a_later_poll_nothing(desk: Desk, dovecot: Dovecot) -> None:
    few, many = desk.account, dovecot.account()
    few.fill(100, RECEIVED)
    many.fill(30_000, RECEIVED)
    heard = []
    for account in (few, many):
        settings = settings_of(desk.folder / account.user, dovecot.settings(account, start="now", name=account.user))
        mailbox = Mailbox(settings.mailbox)
        assert poll(desk.store, mailbox, settings, NOW) == PollReport()
        mailbox.close()
        account.keep_log()
        assert poll(desk.store, mailbox, settings, NOW) == PollReport()
        account.deliver(letter(1), NOW)
        assert poll(desk.store, mailbox, settings, NOW).listed == 1
        mailbox.close()
        heard.append(len(account.heard()))
    assert heard[0] > 500
    # What the server says is as long for the one as for the other, but for the digits of its numbers.
    assert abs(heard[1] - heard[0]) < 100


def test_ends_between_batches_when_the_daemon_stops(desk: Desk) -> None:
    desk.account.deliver(letter(1), RECEIVED)
    settings = desk.settings()
    mailbox = Mailbox(settings.mailbox)
    assert poll(desk.store, mailbox, settings, NOW, stopped=lambda: True) == PollReport(listed=1)
    assert poll(desk.store, mailbox, settings, NOW) == PollReport(stored=1)
    mailbox.close()
