"""The command line as its users meet it: in a process of its own, on real servers."""

from __future__ import annotations

import json
import mailbox
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.desk import overlay
from daemon.desk.accounts import Actor
from daemon.settings import load
from daemon.store.unit_of_work import Store
from tests.dovecot import Dovecot
from tests.generated import generated, received_at
from tests.offices import Desk, write_desk
from tests.smtp import SmtpServer

NOWHERE = {"host": "127.0.0.1", "port": 1, "security": "none", "user": "desk", "password": "secret"}
pytestmark = pytest.mark.server


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office whose servers are away."""
    smtp = {**NOWHERE, "from": "desk@office.example.cn"}
    return write_desk(tmp_path / "desk", NOWHERE, smtp, letters={"acknowledge_within": "forever"})


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """Ten mails as files."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for number in range(10):
        received = received_at(number).strftime("%a, %d %b %Y %H:%M:%S +0000")
        raw = f"Received: from mail by mx.example.cn; {received}\r\n".encode() + generated(number)
        (folder / f"{number}.eml").write_bytes(raw)
    return folder


def test_a_mail_in_the_mailbox_becomes_a_draft_and_the_unit_gets_its_receipt(
    dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    account = dovecot.account()
    account.deliver(generated(0), received_at(0))
    letters = {"acknowledge_within": "forever"}
    desk = write_desk(tmp_path / "desk", dovecot.settings(account), smtp_server.settings(), letters=letters)

    done = desk.run("poll")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "收到 1 封，读完 1 封，发出 1 封\n"
    (draft,) = desk.rows("drafts")
    assert draft["title"] == "甲镇人民政府关于做好第0阶段森林防火工作的通知"
    assert (draft["receipt"], draft["state"], draft["column"]) == ("2026-000001", "pending", "文件")
    assert (draft["received_at"], draft["timeliness"]) == ("2026-11-02T09:00:00+08:00", "on_time")
    (received,) = smtp_server.received
    assert received.recipients == ("jia@town.example.cn",)
    assert received.message["In-Reply-To"] == "<generated-0@example.cn>"
    assert received.message["Auto-Submitted"] == "auto-replied"


def test_a_second_pass_over_the_same_mailbox_changes_nothing(
    dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    account = dovecot.account()
    account.deliver(generated(4), received_at(4))
    desk = write_desk(tmp_path / "desk", dovecot.settings(account), smtp_server.settings())
    desk.run("poll")
    before = [desk.rows(listing) for listing in ("messages", "drafts", "outbox")]

    assert desk.run("poll").stdout == "收到 0 封，读完 0 封，发出 0 封\n"

    assert [desk.rows(listing) for listing in ("messages", "drafts", "outbox")] == before
    assert b"\\Seen" not in account.flags()[1]


def test_a_pass_with_both_servers_away_does_the_rest_and_says_what_is_wrong(desk: Desk, mails: Path) -> None:
    desk.run("import", "--live", str(mails))

    done = desk.run("poll")

    assert done.returncode == 1
    mailbox_line, smtp_line = done.stderr.splitlines()
    assert mailbox_line == "无法连接邮箱服务器 127.0.0.1:1：服务器拒绝连接，请检查 mailbox.port"
    assert "发信服务器 127.0.0.1:1" in smtp_line


def test_mail_imported_as_history_is_archived_and_answers_nobody(desk: Desk, mails: Path) -> None:
    done = desk.run("import", str(mails))

    assert (done.returncode, done.stdout) == (0, "共 10 封，新存入 10 封，此前已有 0 封\n")
    assert {row["state"] for row in desk.rows("messages")} == {"parsed"}
    assert {row["state"] for row in desk.rows("drafts")} == {"archived"}
    assert len(desk.rows("drafts")) == 8
    assert desk.rows("outbox") == []


def test_importing_again_changes_nothing_whatever_the_mails_come_in(desk: Desk, mails: Path, tmp_path: Path) -> None:
    desk.run("import", str(mails))
    before = desk.rows("messages")
    box, maildir = mailbox.mbox(tmp_path / "mails.mbox"), mailbox.Maildir(tmp_path / "maildir")
    for path in sorted(mails.iterdir()):
        box.add(path.read_bytes())
        maildir.add(path.read_bytes())
    box.close()

    again = desk.run("import", str(mails), str(tmp_path / "maildir"))

    assert again.stdout == "共 20 封，新存入 0 封，此前已有 20 封\n"
    assert desk.rows("messages") == before
    assert desk.run("import", str(tmp_path / "mails.mbox")).stdout.startswith("共 10 封")


def test_live_mail_from_files_is_treated_as_received(desk: Desk, mails: Path) -> None:
    desk.run("import", "--live", str(mails))

    assert {row["state"] for row in desk.rows("drafts", "--state", "pending")} == {"pending"}
    assert len(desk.rows("drafts")) == 8


def test_files_are_parsed_in_their_order_and_standard_input_too(desk: Desk, mails: Path) -> None:
    files = [str(mails / "5.eml"), "-", str(mails / "0.eml")]

    done = desk.run("parse", *files, stdin=(mails / "4.eml").read_text("utf-8"))

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["file"] for row in rows] == files
    assert [row["message_id"] for row in rows] == [f"<generated-{number}@example.cn>" for number in (5, 4, 0)]
    assert list(desk.folder.iterdir()) == [desk.config]


def test_a_file_that_is_not_there_is_named_and_the_others_are_parsed(desk: Desk, mails: Path) -> None:
    done = desk.run("parse", "nowhere.eml", str(mails / "0.eml"))

    assert done.returncode == 1
    assert done.stderr == "nowhere.eml: No such file or directory\n"
    assert len(done.stdout.splitlines()) == 1


def test_a_person_is_told_how_each_answer_was_found(desk: Desk, mails: Path) -> None:
    done = desk.run("parse", "--explain", str(mails / "0.eml"))

    assert done.returncode == 0
    assert "成文日期 = 2026-11-02" in done.stdout


def test_a_mistake_in_the_config_is_one_line_with_file_key_and_value(desk: Desk) -> None:
    office = desk.config / "office.yaml"
    office.write_text(office.read_text("utf-8").replace("poll_every: 1s", "poll_every: soon"), "utf-8")

    done = desk.run("drafts")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert all(word in done.stderr for word in ("office.yaml", "mailbox.poll_every", "soon"))


def test_check_says_of_each_server_what_is_wrong(desk: Desk) -> None:
    done = desk.run("check")

    assert done.returncode == 1
    assert "✓ 数据库" in done.stdout
    assert "✗ 邮箱 127.0.0.1:1" in done.stdout
    assert "✗ 发信 127.0.0.1:1" in done.stdout


def test_check_sends_a_letter_to_the_office_itself(dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path) -> None:
    desk = write_desk(tmp_path / "desk", dovecot.settings(dovecot.account()), smtp_server.settings())

    done = desk.run("check")

    assert done.returncode == 0, done.stdout
    assert [letter.recipients for letter in smtp_server.received] == [("desk@office.example.cn",)]


def test_an_account_is_added_once_and_its_password_is_never_shown(desk: Desk) -> None:
    words = ("user", "add", "王芳", "--role", "chief", "--password-stdin")

    assert desk.run(*words, stdin="a long password\n").stdout == "已添加账号 王芳（chief）\n"

    again = desk.run(*words, stdin="a long password\n")
    assert (again.returncode, again.stderr) == (1, "用户名“王芳”已经存在\n")


def test_what_the_desk_learned_is_printed_as_the_file_would_have_it_and_the_file_stays(desk: Desk) -> None:
    before = (desk.config / "units.yaml").read_text("utf-8")
    assert desk.run("config", "export").stdout == before
    settings = replace(load(desk.config), data_dir=desk.folder / "data")
    url = f"sqlite:///{settings.data_dir}/baosong.sqlite3"
    with Store.open(url, settings.data_dir) as store, store.write() as session:
        editor = Actor(1, "王芳", "editor")
        overlay.bind_address(session, "news@jia.example.cn", "甲镇人民政府", editor, settings, received_at(0))

    done = desk.run("config", "export")

    assert done.returncode == 0
    assert done.stdout == before.replace("[jia@town.example.cn]", '[jia@town.example.cn, "news@jia.example.cn"]')
    assert (desk.config / "units.yaml").read_text("utf-8") == before


def test_the_timers_can_be_asked_about_a_day_to_come_but_not_made_to_write_for_it(desk: Desk) -> None:
    asked = desk.run("tick", "--dry-run", "--now", "2099-01-04T09:00")
    refused = desk.run("tick", "--now", "2099-01-04T09:00")

    assert asked.returncode == 0
    assert (refused.returncode, refused.stderr) == (2, "--now 晚于当前时间：只能与 --dry-run 一起使用\n")
    assert desk.rows("outbox") == []


def test_wrong_usage_is_told_at_both_levels(desk: Desk) -> None:
    assert desk.run("publish").returncode == 2
    assert desk.run("drafts", "--state", "lost").returncode == 2
    assert "mailbox" in desk.run("--help").stdout
    assert "--dry-run" in desk.run("tick", "--help").stdout


def test_a_mail_that_names_no_charset_and_has_no_end_is_still_one_line(desk: Desk, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "x" * 100_000
    (tmp_path / "odd.eml").write_bytes(mail.as_bytes() + b"\xff" * 100_000)

    done = desk.run("parse", str(tmp_path / "odd.eml"))

    assert done.returncode == 0
    assert json.loads(done.stdout)["drafts"] == []


def test_pages_on_a_port_that_is_taken_say_so_in_one_line(
    dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    web = {"port": dovecot.plain_port}
    desk = write_desk(tmp_path / "desk", dovecot.settings(dovecot.account()), smtp_server.settings(), web=web)

    done = desk.run("run")

    assert done.returncode == 1
    assert str(web["port"]) in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
