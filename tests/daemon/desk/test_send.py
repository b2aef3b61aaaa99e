"""The outbox over a real SMTP server: what is due goes out once, in order, and nothing is lost."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from daemon.desk.send import SPREAD, WAITS, SendReport, next_wait, send_waiting
from daemon.mail.delivery import Delivery, Outcome
from daemon.mail.errors import SmtpUnavailable
from daemon.settings import Settings
from daemon.store.schema import Letter
from daemon.store.unit_of_work import Store
from tests.daemon.desk.office import NOW, OFFICE, found, letters, settings_of, submission, take
from tests.smtp import DROP, KEEP_AND_DROP, USER, SmtpServer

pytestmark = pytest.mark.server

MINUTE = timedelta(minutes=1)
MOODS_OF_163 = (
    ("MAIL", "421 HL:IFC"), ("MAIL", "450 MI:DMC"), ("RCPT", "450 MI:CEL"), ("DATA", "451 DT:SPM"),
    ("MAIL", "421 HL:IFC"), ("DATA", "421 HL:ICC"), ("DATA", DROP), ("RCPT", "451 RP:QRC"), ("MAIL", "450 MI:DMC"),
)  # fmt: skip
"""What it answers when letters come too many in a session or too fast, or look odd to it."""


class Post:
    """An office with a store, an outbox and the real server."""

    def __init__(self, store: Store, server: SmtpServer, folder: Path) -> None:
        self.store, self.server, self.folder = store, server, folder

    def settings(self, **changes: Any) -> Settings:
        folder = self.folder / f"config{len(list(self.folder.iterdir()))}"
        return settings_of(folder, smtp=self.server.settings(**changes))

    def write(self, number: int) -> None:
        """So many receipts in the outbox."""
        for _ in range(number):
            take(self.store, self.settings(), submission(found()))

    def send(self, after: timedelta = timedelta(), **changes: Any) -> SendReport:
        settings = self.settings(**changes)
        with Delivery(settings.smtp) as deliver:
            return send_waiting(self.store, deliver, settings, NOW + after)

    def states(self) -> list[str]:
        return [letter.state for letter in letters(self.store)]


@pytest.fixture
def post(store: Store, smtp_server: SmtpServer, tmp_path: Path) -> Post:
    return Post(store, smtp_server, tmp_path)


def test_a_letter_arrives_as_it_stands_in_the_outbox(post: Post) -> None:
    post.write(1)
    assert post.send() == SendReport(sent=1)
    (letter,), (received,) = letters(post.store), post.server.received
    message = received.message
    assert (received.sender, received.recipients) == (USER, ("jia@town.example.cn",))
    assert message["Message-ID"] == letter.message_id
    assert message["In-Reply-To"] == "<mail.1@town.example.cn>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Reply-To"] == OFFICE
    assert str(make_header(decode_header(message["Subject"]))) == letter.subject
    texts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    assert texts == [letter.text.encode(), letter.html.encode()]
    assert (letter.state, letter.sent_at, letter.attempts) == ("sent", NOW, 1)


def test_letters_go_in_the_order_of_their_writing_and_once(post: Post) -> None:
    post.write(3)
    post.send()
    post.send(MINUTE)
    assert [letter.message["Message-ID"] for letter in post.server.received] == [
        letter.message_id for letter in letters(post.store)
    ]


def test_held_letters_stay(post: Post) -> None:
    post.write(1)
    with post.store.write() as session:
        session.execute(update(Letter).values(state="held"))
    assert post.send() == SendReport()
    assert post.server.received == []


def test_a_letter_put_off_goes_later_under_the_same_message_id(post: Post) -> None:
    post.write(1)
    post.server.answer("DATA", "451 DT:SPM", times=2)
    assert post.send() == SendReport(put_off=1)
    assert letters(post.store)[0].error == "451 DT:SPM"
    assert post.send(0.9 * MINUTE) == SendReport()
    assert post.send(1.25 * MINUTE) == SendReport(put_off=1)
    assert post.send(4 * MINUTE) == SendReport(sent=1)
    (letter,) = letters(post.store)
    assert (letter.attempts, letter.error) == (3, None)
    assert post.server.received[0].message["Message-ID"] == letter.message_id


def test_one_letter_put_off_does_not_hold_up_the_others(post: Post) -> None:
    post.write(2)
    post.server.answer("RCPT", "450 RP:DRC")
    assert post.send() == SendReport(sent=1, put_off=1)


def test_a_letter_put_off_for_too_long_is_given_up(post: Post) -> None:
    post.write(1)
    post.server.answer("DATA", "450 MI:SFQ", times=3)
    for after in (0, 2, 5):
        post.send(after * MINUTE, retry_for="3min")
    (letter,) = letters(post.store)
    assert letter.state == "failed"
    assert "450 MI:SFQ" in (letter.error or "")


def test_letters_put_off_together_do_not_come_back_together(post: Post) -> None:
    post.write(8)
    post.server.answer("RCPT", "450 MI:SFQ", times=8)
    assert post.send() == SendReport(put_off=8)
    waits = {letter.next_try_at - NOW for letter in letters(post.store)}
    assert len(waits) == 8
    assert all(WAITS[0] <= wait <= WAITS[0] * (1 + SPREAD) for wait in waits)


def test_a_server_like_163_gets_every_letter_once_in_the_end(post: Post) -> None:
    """A foreign envelope until the config is right; many in a session, too fast, a dubious one, a line that breaks."""
    post.write(12)
    post.server.only_sender = USER
    with pytest.raises(SmtpUnavailable, match="553"):
        post.send(envelope="null")
    for command, reply in MOODS_OF_163:
        post.server.answer(command, reply)
    for minute in range(2, 120):
        with suppress(SmtpUnavailable):
            post.send(minute * MINUTE, per_minute=3)
    assert post.states() == ["sent"] * 12
    arrived = [letter.message["Message-ID"] for letter in post.server.received]
    assert sorted(arrived) == sorted(letter.message_id for letter in letters(post.store))
    assert {letter.sender for letter in post.server.received} == {USER}


def test_a_refused_letter_is_shown_as_failed(post: Post) -> None:
    post.write(2)
    post.server.answer("RCPT", "550 5.7.1 spam")
    assert post.send() == SendReport(sent=1, failed=1)
    assert letters(post.store)[0].error == "550 5.7.1 spam"
    assert post.send(timedelta(days=1)) == SendReport()


@pytest.mark.parametrize(("command", "reply"), [("MAIL", "450 MI:DMC"), ("MAIL", "421 HL:IFC"), ("DATA", DROP)])
def test_a_server_that_wants_none_now_gets_all_in_the_end(post: Post, command: str, reply: str) -> None:
    post.write(3)
    post.server.answer(command, reply)
    with pytest.raises(SmtpUnavailable):
        post.send()
    assert post.send().sent == 2
    assert post.send(1.25 * MINUTE).sent == 1
    assert post.states() == ["sent", "sent", "sent"]


def test_no_letter_is_given_up_for_a_server_that_is_away(post: Post) -> None:
    post.write(1)
    for days in range(0, 12, 2):
        with pytest.raises(SmtpUnavailable):
            post.send(timedelta(days=days), port=1)
    assert post.states() == ["waiting"]
    assert post.send(timedelta(days=14)).sent == 1


def test_a_connection_lost_after_the_letter_was_taken_sends_it_again_under_the_same_message_id(post: Post) -> None:
    post.write(1)
    post.server.answer("DATA", KEEP_AND_DROP)
    with pytest.raises(SmtpUnavailable):
        post.send()
    assert post.send(1.25 * MINUTE).sent == 1
    ids = [letter.message["Message-ID"] for letter in post.server.received]
    assert ids == [letters(post.store)[0].message_id] * 2


def test_death_between_sending_and_noting_it_sends_the_letter_again_under_the_same_message_id(post: Post) -> None:
    post.write(1)
    settings = post.settings()
    with Delivery(settings.smtp) as deliver:

        def die(to: str, raw: bytes) -> Outcome:
            deliver(to, raw)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            send_waiting(post.store, die, settings, NOW)
    assert post.send().sent == 1
    assert len({letter.message["Message-ID"] for letter in post.server.received}) == 1
    assert len(post.server.received) == 2


def test_only_so_many_go_in_a_minute_and_a_day(post: Post) -> None:
    post.write(5)
    assert post.send(per_minute=2, per_day=3) == SendReport(sent=2, left=3)
    assert post.send(0.5 * MINUTE, per_minute=2, per_day=3) == SendReport(left=3)
    assert post.send(1.5 * MINUTE, per_minute=2, per_day=3) == SendReport(sent=1, left=2)
    assert post.send(timedelta(hours=23), per_minute=2, per_day=3) == SendReport(left=2)
    assert post.send(timedelta(hours=25), per_minute=2, per_day=3) == SendReport(sent=2)


def test_a_foreign_sender_does_not_fail_the_letters(post: Post) -> None:
    post.write(1)
    post.server.only_sender = "another@example.cn"
    with pytest.raises(SmtpUnavailable, match="不接受发信人"):
        post.send()
    assert post.states() == ["waiting"]


def test_a_letter_cancelled_while_it_was_tried_stays_cancelled(post: Post) -> None:
    post.write(1)
    settings = post.settings()

    def cancelled_meanwhile(to: str, raw: bytes) -> Outcome:
        with post.store.write() as session:
            session.execute(update(Letter).values(state="cancelled"))
        with Delivery(settings.smtp) as deliver:
            post.server.answer("RCPT", "450 later")
            return deliver(to, raw)

    send_waiting(post.store, cancelled_meanwhile, settings, NOW)
    assert post.states() == ["cancelled"]


def test_waits_grow_and_end() -> None:
    assert [next_wait(attempts, timedelta(days=3)) for attempts in (1, 2, 3, 9)] == [*WAITS[:3], WAITS[-1]]
    assert next_wait(99, timedelta(days=3)) is None
