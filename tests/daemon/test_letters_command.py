"""`letters` on the command line: looked at on the screen or in a file, sent to one address over the real server."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from daemon.commands import main
from daemon.mail.letter import Kind
from daemon.mail.samples import kinds, samples
from daemon.store.schema import Draft, Message
from tests.daemon.desk.correspondence import JIA, Correspondence, opened
from tests.daemon.desk.office import OFFICE, letters, rows
from tests.dovecot import Dovecot
from tests.smtp import SmtpServer

pytestmark = pytest.mark.server


@pytest.fixture
def office(dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path) -> Iterator[Correspondence]:
    with opened(tmp_path, dovecot.account(), smtp_server) as office:
        yield office


def command(office: Correspondence, *words: str) -> int:
    return main(["--config", str(office.settings.folder), "letters", *words])


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_is_printed_and_sent_to_one_address_as_a_test(
    office: Correspondence, kind: Kind, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(office, "preview", kind) == 0
    shown = capsys.readouterr().out
    assert all(f"——{case.name}——" in shown for case in samples(kind, office.settings, office.now))
    assert command(office, "send-test", kind, "me@elsewhere.example") == 0
    (sent,) = office.server.received
    assert sent.recipients == ("me@elsewhere.example",)
    assert str(make_header(decode_header(sent.message["Subject"]))).startswith("【测试】")
    assert letters(office.store) == []


@pytest.mark.parametrize(("ending", "begins"), [("html", b"<!DOCTYPE html>"), ("txt", "收稿回执".encode())])
def test_a_file_holds_what_its_ending_says(office: Correspondence, tmp_path: Path, ending: str, begins: bytes) -> None:
    out = tmp_path / f"letter.{ending}"
    assert command(office, "preview", "acknowledgement", "--out", str(out)) == 0
    assert out.read_bytes().startswith(begins)


def test_a_mail_file_opens_in_a_mail_program(office: Correspondence, tmp_path: Path) -> None:
    assert command(office, "preview", "return", "--out", str(tmp_path / "letter.eml")) == 0
    message = message_from_bytes((tmp_path / "letter.eml").read_bytes())
    assert message["To"] == OFFICE
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_wrong_words_are_told(office: Correspondence, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(office, "preview", "return", "--out", str(tmp_path / "letter.pdf")) == 2
    assert ".html" in capsys.readouterr().err
    assert command(office, "send-test", "return", "nobody") == 2
    assert "邮箱地址" in capsys.readouterr().err


def test_a_server_that_refuses_is_named(office: Correspondence, capsys: pytest.CaptureFixture[str]) -> None:
    office.server.answer("RCPT", "550 User not found")
    assert command(office, "send-test", "return", JIA) == 1
    assert "550 User not found" in capsys.readouterr().err


def test_test_letters_that_come_back_to_the_office_make_no_draft_and_get_no_answer(office: Correspondence) -> None:
    for kind in kinds():
        assert command(office, "send-test", kind, OFFICE) == 0
    for one in office.server.received:
        office.write(one.raw)
    office.work()
    assert [message.kind for message in rows(office.store, Message)] == ["other"] * len(kinds())
    assert rows(office.store, Draft) == []
    assert letters(office.store) == []
