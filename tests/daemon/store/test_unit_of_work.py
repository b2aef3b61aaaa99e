"""Units of work on SQLite and PostgreSQL: all or nothing, one writer after another, refusals that say what to do."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from daemon.blobs import StoreUnavailable
from daemon.store.schema import Journal, Message, ReceiptNumber, Sighting
from daemon.store.unit_of_work import Store
from tests.servers import Postgres

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'baosong.sqlite3'}", tmp_path) as store:
        yield store


def entry(note: str = "") -> Journal:
    return Journal(at=NOON, who="系统", action="test", note=note)


def notes(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Journal.note).order_by(Journal.id)))


def test_a_unit_of_work_is_committed_at_its_end(store: Store) -> None:
    with store.write() as session:
        session.add(entry("kept"))
    assert notes(store) == ["kept"]


def test_a_unit_of_work_that_fails_leaves_no_trace(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as session:
        session.add(entry("lost"))
        session.flush()
        _ = 1 / 0
    assert notes(store) == []


def test_what_was_loaded_can_be_used_after_the_session(store: Store) -> None:
    with store.write() as session:
        written = entry("kept")
        session.add(written)
    assert written.note == "kept"
    assert written.id == 1


def test_a_look_cannot_write(store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="只读"), store.read() as session:
        session.add(entry())
        session.flush()
    assert notes(store) == []


def test_a_look_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as look:
        assert look.scalar(select(Journal.id)) is None
        with store.write() as session:
            session.add(entry("new"))
        assert look.scalar(select(Journal.id)) is None
    assert notes(store) == ["new"]


def test_a_row_that_refers_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(Sighting(mailbox="main", uidvalidity=1, uid=1, state="stored", size=1, received_at=NOON,
                             message=99, noted_at=NOON))  # fmt: skip


def test_times_come_back_as_they_were_meant(store: Store) -> None:
    with store.write() as session:
        session.add(entry())
    with store.read() as session:
        at = session.scalars(select(Journal.at)).one()
    assert at == NOON
    assert at.tzinfo == UTC


def test_a_time_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="naive time"), store.write() as session:
        session.add(Journal(at=datetime(2026, 11, 20), who="系统", action="test"))


@pytest.mark.parametrize("hostile", ["a\0b", "a\ud800b", "\ud83d\ude00", "\udcff"])
def test_hostile_text_is_kept_as_far_as_a_database_can(store: Store, hostile: str) -> None:
    with store.write() as session:
        session.add(Journal(at=NOON, who="系统", action="test", note=hostile, after={hostile: [hostile, ["公示"]]}))
    with store.read() as session:
        found = session.scalars(select(Journal)).one()
    assert "\ufffd" in found.note
    assert list(found.after.values()) == [[found.note, ["公示"]]]


def test_numbers_of_a_mail_server_fit(store: Store) -> None:
    most = 2**32 - 1
    with store.write() as session:
        session.add(Sighting(mailbox="main", uidvalidity=most, uid=most, state="listed", size=1, received_at=NOON,
                             noted_at=NOON))  # fmt: skip
    with store.read() as session:
        assert session.scalars(select(Sighting.uid)).one() == most


def test_writers_that_read_first_lose_no_update(sqlite: Store) -> None:
    with sqlite.write() as session:
        session.add(ReceiptNumber(year=2026, last=0))

    def count(_: int) -> None:
        with sqlite.write() as session:
            session.get_one(ReceiptNumber, 2026).last += 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(count, range(200)))
    with sqlite.read() as session:
        assert session.get_one(ReceiptNumber, 2026).last == 200


def test_a_busy_writer_does_not_starve_the_others(sqlite: Store) -> None:
    done = threading.Event()

    def take_in_a_backlog() -> None:
        while not done.is_set():
            with sqlite.write() as session:
                session.add(entry())
                session.flush()
                time.sleep(0.05)

    with ThreadPoolExecutor(1) as threads:
        backlog = threads.submit(take_in_a_backlog)
        began = time.monotonic()
        for _ in range(5):
            with sqlite.write() as session:
                session.add(entry("a click"))
        waited = time.monotonic() - began
        done.set()
    assert backlog.exception() is None
    assert waited < 2


@pytest.mark.slow
def test_who_waits_in_vain_leaves_the_queue_to_others(sqlite: Store) -> None:
    with ThreadPoolExecutor(1) as threads:
        with sqlite.write() as session:
            late = threads.submit(lambda: sqlite.write().__enter__())
            assert isinstance(late.exception(20), StoreUnavailable)
            session.add(entry("kept"))
        with sqlite.write() as session:
            session.add(entry("kept"))
    assert notes(sqlite) == ["kept", "kept"]


def test_sqlite_is_set_to_lose_nothing(sqlite: Store) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with sqlite.read() as session:
        assert [session.scalar(text(f"PRAGMA {name}")) for name in names] == ["wal", 2, 1, 5000]


@pytest.mark.slow
def test_a_locked_database_is_told_after_five_seconds(sqlite: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "baosong.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="锁定超过 5 秒"), sqlite.write() as session:
            session.add(entry("lost"))
    with sqlite.write() as session:
        session.add(entry("kept"))
    assert notes(sqlite) == ["kept"]


def test_a_full_disk_is_told(sqlite: Store) -> None:
    with pytest.raises(StoreUnavailable, match="磁盘已满"), sqlite.write() as session:
        session.execute(text("PRAGMA max_page_count = 1"))
        session.add(entry("长" * 500_000))
    assert notes(sqlite) == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "baosong.sqlite3").write_bytes(b"PK\3\4" * 500)
    with pytest.raises(StoreUnavailable, match="不是 SQLite 数据库"):
        Store.open(f"sqlite:///{tmp_path / 'baosong.sqlite3'}", tmp_path)


@pytest.mark.parametrize(
    ("url", "said"), [("sqlite://", "缺少文件名"), ("mysql://host/x", "不支持的数据库 mysql"), ("baosong.db", "看不懂")]
)
def test_an_address_that_does_not_do_is_told(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(StoreUnavailable, match=said):
        Store.open(url, tmp_path)


@pytest.mark.server
def test_a_server_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="连不上数据库服务器"):
        Store.open("postgresql+psycopg://tester@127.0.0.1:1/baosong", tmp_path)


@pytest.mark.server
def test_a_lost_connection_costs_one_unit_of_work(postgres: Postgres, tmp_path: Path) -> None:
    with Store.open(postgres.create(), tmp_path, alone=True) as store:
        with pytest.raises(StoreUnavailable, match=r"正在停止或重启|连不上"), store.write() as session:
            session.add(entry("lost"))
            session.flush()
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        with store.write() as session:
            session.add(entry("kept"))
        assert notes(store) == ["kept"]


def test_ping_is_content_with_a_database_that_works(store: Store) -> None:
    store.ping()


def test_reading_a_message_is_possible_while_another_thread_writes(store: Store) -> None:
    def write(number: int) -> None:
        with store.write() as session:
            session.add(Message(sha256=f"{number:064x}", size=1, stored_at=NOON, source="imap", state="stored"))

    def look(_: int) -> int:
        with store.read() as session:
            return len(session.scalars(select(Message.id)).all())

    with ThreadPoolExecutor(6) as threads:
        seen = [threads.submit(task, number) for number in range(40) for task in (write, look)]
        assert all(future.exception() is None for future in seen)
    assert look(0) == 40
