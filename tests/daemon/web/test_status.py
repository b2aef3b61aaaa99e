"""运行状态: what is done now, what failed, what can be done again."""

from __future__ import annotations

from datetime import timedelta

from daemon.store.schema import Journal, Letter, Message, Sighting
from daemon.web.site import site_of
from tests.daemon.desk.desks import received, rows
from tests.daemon.web.conftest import Visit
from tests.samples import NOW


def test_the_page_tells_of_loops_mail_letters_timers_readers_and_disk(visit: Visit) -> None:
    running = site_of(visit.app).running
    running.begins("邮箱")
    running.fails("邮箱", "无法连接邮箱服务器", 60)
    visit.login()
    page = visit.text("/status")
    for said in (
        "本次启动于",
        "失败 1 次",
        "无法连接邮箱服务器",
        "还没有收过信",
        "待识别",
        "LibreOffice",
        "剩余",
        "最近的错误",
    ):
        assert said in page


def test_what_is_being_read_is_told_with_the_time_at_which_it_was_begun(visit: Visit) -> None:
    with visit.desk.store.write() as session:
        session.add(Message(sha256="a" * 64, size=1, stored_at=NOW, source="imap", state="stored", begun_at=NOW))
    visit.login()
    assert "始于" in visit.text("/status")


def test_retry_makes_due_what_waits_after_a_failure(visit: Visit) -> None:
    received(visit.desk)
    later = NOW + timedelta(hours=1)
    with visit.desk.store.write() as session:
        session.add(
            Sighting(
                mailbox="main", uidvalidity=1, uid=7, state="failed", size=1, tries=2, next_try_at=later, noted_at=NOW,
                received_at=NOW, error="连接中断",
            )
        )  # fmt: skip
        letter = session.query(Letter).one()
        letter.attempts, letter.next_try_at = 1, later
    visit.login()
    assert "第 7 号，已试 2 次" in visit.text("/status")
    visit.post("/status/retry", "/status")
    assert [one.next_try_at for one in (*rows(visit.desk, Sighting), *rows(visit.desk, Letter))] == [NOW, NOW]
    assert site_of(visit.app).running.asked == 1
    assert rows(visit.desk, Journal)[-1].after == {"mails": 1, "letters": 1}


def test_all_that_could_not_be_read_is_read_once_more(visit: Visit) -> None:
    with visit.desk.store.write() as session:
        session.add(
            Message(sha256="a" * 64, size=1, stored_at=NOW, source="imap", state="unreadable", attempts=3, error="超时")
        )
    visit.login()
    visit.post("/status/parse", "/status")
    (message,) = rows(visit.desk, Message)
    assert (message.state, message.attempts, message.error) == ("stored", 0, None)
    assert rows(visit.desk, Journal)[-1].action == "parse_again"
