"""附件识别中: a mail whose scans take long is acknowledged within ten minutes, and not twice without need."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from daemon.desk.acknowledge import EARLY, acknowledge
from daemon.desk.read import Reading
from daemon.desk.receive import Arrival, begin_attempt, keep, note_glances, resume, take_in
from daemon.desk.send import send_waiting
from daemon.desk.tell_slow import tell_slow
from daemon.desk.tick import tick
from daemon.mail.delivery import Delivered, Outcome
from daemon.readers.pool import ParserPool
from daemon.settings import Settings
from daemon.store.schema import Message
from daemon.store.unit_of_work import Store
from parsers.submission import Draft, Finding, Sender, Submission
from tests.daemon.desk.office import NOW, RECEIVED, found, letters, rows, settings_of, submission
from tests.daemon.readers.tasks import read_scans_for_minutes
from tests.generated import generated

SCAN = b"From: jia@town.example.cn\r\nMessage-ID: <scan@town.example.cn>\r\nSubject: long scan\r\n\r\n"
GLANCE = replace(submission(), kind="other", sender=Sender("", "jia@town.example.cn"))
SUBJECT = "收稿回执（附件识别中）"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office")


@pytest.fixture
def scanning(store: Store) -> int:
    """The row of a mail that has been in the slow readers' hands since it came."""
    return _begun(store, GLANCE)


def _begun(store: Store, glance: Submission) -> int:
    (kept,) = keep(store, [Arrival(SCAN, RECEIVED, source="imap")], NOW)
    begin_attempt(store, [kept.message_row], NOW)
    note_glances(store, {kept.message_row: glance})
    return kept.message_row


def _told(store: Store, settings: Settings, at: datetime) -> list[str]:
    return tell_slow(store, settings, settings.calendar, at)


def _sent(store: Store, settings: Settings, at: datetime) -> None:
    def deliver(to: str, raw: bytes) -> Outcome:
        return Delivered()

    send_waiting(store, deliver, settings, at)


def _read(store: Store, settings: Settings, row: int, read: Submission, at: datetime) -> None:
    take_in(store, [(row, read)], settings, at, acknowledge)


def test_the_letter_is_written_after_eight_minutes_and_once(store: Store, settings: Settings, scanning: int) -> None:
    assert _told(store, settings, NOW + EARLY - timedelta(seconds=1)) == []
    assert _told(store, settings, NOW + EARLY) == ["附件识别中：甲镇人民政府 → jia@town.example.cn"]
    assert _told(store, settings, NOW + 2 * EARLY) == []
    (letter,) = letters(store)
    assert (letter.kind, letter.state, letter.to) == ("acknowledgement", "waiting", "jia@town.example.cn")
    assert (letter.subject, letter.in_reply_to) == (SUBJECT, "<mail.1@town.example.cn>")
    assert "2026年11月20日 9时31分来信收悉" in letter.text
    assert letter.next_try_at == NOW + EARLY


def test_a_dry_run_writes_nothing(store: Store, settings: Settings, scanning: int) -> None:
    assert tick(store, settings, settings.calendar, NOW + EARLY, dry_run=True)[0].startswith("附件识别中")
    assert letters(store) == []


def test_text_and_html_say_the_same(store: Store, settings: Settings, scanning: int) -> None:
    _told(store, settings, NOW + EARLY)
    (letter,) = letters(store)
    for sentence in ("所附扫描件、图片等正在识别", "请勿重复发送", "其余情况不再另发回执", "收稿回执（附件识别中）"):
        assert sentence in letter.html, sentence
    assert "报送时间按本次收到时间认定" in letter.text


def test_a_unit_that_was_told_hears_no_second_time_that_all_is_well(
    store: Store, settings: Settings, scanning: int
) -> None:
    _told(store, settings, NOW + EARLY)
    _sent(store, settings, NOW + EARLY)
    _read(store, settings, scanning, submission(found()), NOW + 2 * EARLY)
    assert [letter.subject for letter in letters(store)] == [SUBJECT]


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (found(issued_on=date(2026, 11, 3)), "收到时已超过报送期限"),
        (found(issued_on=None, findings=(Finding("document.no_date", "warn", "没有日期。"),)), "需补充"),
    ],
)
def test_what_asks_something_of_it_is_told(
    store: Store, settings: Settings, scanning: int, needs: Draft, words: str
) -> None:
    _told(store, settings, NOW + EARLY)
    _sent(store, settings, NOW + EARLY)
    _read(store, settings, scanning, submission(needs), NOW + 2 * EARLY)
    assert words in letters(store)[1].text


def test_a_letter_that_has_not_gone_yet_makes_way_for_the_receipt(
    store: Store, settings: Settings, scanning: int
) -> None:
    _told(store, settings, NOW + EARLY)
    _read(store, settings, scanning, submission(found()), NOW + EARLY)
    assert [(letter.subject[:6], letter.state) for letter in letters(store)] == [
        ("收稿回执（附", "cancelled"),
        ("收稿回执（2", "waiting"),
    ]
    assert _told(store, settings, NOW + 2 * EARLY) == []


@pytest.mark.parametrize(
    "glance",
    [
        replace(GLANCE, unit=None, unit_evidence=None),
        replace(GLANCE, unit_evidence="document"),
        replace(GLANCE, kind="auto_reply"),
        replace(GLANCE, unanswerable="邮件列表"),
        replace(GLANCE, sender=Sender(None, None)),
    ],
    ids=["stranger", "named only", "machine", "list", "nobody"],
)
def test_nobody_else_is_told_anything_early(store: Store, settings: Settings, glance: Submission) -> None:
    _begun(store, glance)
    assert _told(store, settings, NOW + EARLY) == []


def test_mail_that_waits_for_its_turn_or_was_read_before_is_no_slow_one(store: Store, settings: Settings) -> None:
    keep(store, [Arrival(SCAN, RECEIVED, source="imap")], NOW)
    assert _told(store, settings, NOW + EARLY) == []


def test_a_daemon_that_died_meanwhile_changes_nothing(store: Store, settings: Settings, scanning: int) -> None:
    resume(store, NOW)
    begin_attempt(store, [scanning], NOW)
    note_glances(store, {scanning: GLANCE})
    assert len(_told(store, settings, NOW + EARLY)) == 1
    resume(store, NOW + EARLY)
    assert _told(store, settings, NOW + 2 * EARLY) == []


def test_a_heavy_lane_that_is_really_busy_gives_the_letter(store: Store, settings: Settings) -> None:
    keep(store, [Arrival(SCAN, RECEIVED, source="imap")], NOW)
    with ParserPool(settings, store.blobs, read_scans_for_minutes) as pool:
        _step_until(Reading(store, pool, lambda: settings, acknowledge, lambda: NOW), lambda: _is_named(store))
    assert _told(store, settings, NOW + EARLY) == ["附件识别中：甲镇人民政府 → jia@town.example.cn"]
    (message,) = rows(store, Message)
    assert (message.state, message.kind, message.subject) == ("stored", None, "long scan")


@pytest.mark.slow
def test_a_scan_of_300_pages_delays_the_next_plain_mail_by_less_than_two_seconds(
    store: Store, settings: Settings
) -> None:
    keep(store, [Arrival(_mail_with(_scan(300)), RECEIVED, source="imap")], NOW)
    with ParserPool(settings, store.blobs) as pool:
        reading = Reading(store, pool, lambda: settings, acknowledge, lambda: NOW)
        _step_until(reading, lambda: _is_named(store))
        time.sleep(1)
        keep(store, [Arrival(generated(4), RECEIVED, source="imap")], NOW)
        began = time.monotonic()
        _step_until(reading, lambda: bool(letters(store)))
        assert time.monotonic() - began < 2
        assert pool.slow == 1


def _step_until(reading: Reading, is_so: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not is_so():
        reading.step(0.05)
        assert time.monotonic() - began < 60


def _is_named(store: Store) -> bool:
    return any(message.state == "stored" and message.sender_address for message in rows(store, Message))


def _scan(pages: int) -> bytes:
    """A PDF of pictures of pages, no two alike."""
    page = Image.new("L", (1240, 1754), 255)
    pages_ = []
    for number in range(pages):
        shown = page.copy()
        ImageDraw.Draw(shown).text((100, 100), f"page {number} " * 9, fill=0, font_size=24)
        pages_.append(shown)
    packed = BytesIO()
    pages_[0].save(packed, "PDF", save_all=True, append_images=pages_[1:], resolution=150)
    return packed.getvalue()


def _mail_with(pdf: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "jia@town.example.cn", "扫描件"
    mail.set_content("见附件。")
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename="扫描件.pdf")
    return mail.as_bytes()
