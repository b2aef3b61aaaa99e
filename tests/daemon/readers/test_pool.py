"""Workers: what a message may do to one of them, and what it may not do to the others."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.blobs import Blobs, StoreUnavailable
from daemon.readers.pool import Outcome, ParserPool
from daemon.settings import Settings, load
from parsers.submission import Submission
from tests.daemon.readers.tasks import obey
from tests.offices import HOME, write_desk

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LANE = {"time": "1s", "memory": "2GB"}


def settings_of(folder: Path, **readers: Any) -> Settings:
    mailbox = {"host": "127.0.0.1", "user": "desk", "password": "secret"}
    smtp = {"host": "127.0.0.1", "user": "desk", "password": "secret", "from": "desk@office.example.cn"}
    return load(write_desk(folder, mailbox, smtp, readers={"workers": 1, **readers}).config)


class Orders:
    """A pool whose workers do what a file says."""

    def __init__(self, folder: Path, pool: ParserPool) -> None:
        self._folder, self.pool = folder, pool

    def give(self, order: str) -> Future[Outcome]:
        path = self._folder / order
        path.write_text(order, encoding="utf-8")
        return self.pool.submit(path, NOON)

    def reason(self, order: str) -> str:
        outcome = self.give(order).result(20)
        assert isinstance(outcome, str), outcome
        return outcome

    def answer(self, order: str) -> list[str]:
        """What was done, in which lane, by which process."""
        outcome = self.give(order).result(20)
        assert isinstance(outcome, Submission), outcome
        assert outcome.subject is not None
        return outcome.subject.split()


@pytest.fixture
def orders(tmp_path: Path) -> Iterator[Orders]:
    settings = settings_of(tmp_path / "office", light=dict(LANE), heavy=dict(LANE))
    with ParserPool(settings, Blobs(tmp_path / "blobs"), obey) as pool:
        yield Orders(tmp_path, pool)


def test_a_worker_serves_one_message_after_another(orders: Orders) -> None:
    assert orders.answer("first")[2] == orders.answer("second")[2]


def test_what_needs_ocr_or_the_office_suite_goes_to_the_heavy_lane(orders: Orders) -> None:
    assert orders.answer("light")[1] == "light"
    assert orders.answer("heavy")[1] == "heavy"


@pytest.mark.parametrize("order", ["hang", "hang in C"])
def test_a_message_that_takes_too_long_ends_its_worker(orders: Orders, order: str) -> None:
    began = time.monotonic()
    assert orders.reason(order) == "解析超过 1 秒仍未完成"
    assert time.monotonic() - began < 10
    assert orders.answer("next")


def test_nothing_of_a_message_stays_behind_when_its_worker_is_killed(orders: Orders, tmp_path: Path) -> None:
    assert orders.reason("leave a file") == "解析超过 1 秒仍未完成"
    assert orders.answer("next")
    assert [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()] == []


def test_the_time_limit_is_of_each_message_not_of_the_worker(orders: Orders) -> None:
    assert len({orders.answer("sleep")[2] for _ in range(7)}) == 1


def test_a_worker_that_waits_for_work_is_left_alone(orders: Orders) -> None:
    before = orders.answer("first")[2]
    time.sleep(1.3)
    assert orders.answer("next")[2] == before


def test_a_message_that_wants_too_much_memory_is_told_so(orders: Orders) -> None:
    assert orders.reason("eat") == "解析所需内存超过上限（2048 MB）"
    assert orders.answer("next")


def test_a_library_that_aborts_takes_only_its_own_message_along(orders: Orders) -> None:
    orders.answer("warm")
    neighbours = [orders.give(f"neighbour-{number}") for number in range(5)]
    crash = orders.give("crash")
    after = [orders.give(f"after-{number}") for number in range(5)]
    assert crash.result(20) == "解析进程异常退出（代码 -6）"
    assert all(isinstance(future.result(20), Submission) for future in [*neighbours, *after])


def test_a_killed_worker_is_replaced(orders: Orders) -> None:
    assert orders.reason("die") == "解析进程被系统强行终止，可能是内存不足"
    assert orders.answer("next")


@pytest.mark.parametrize("pause", [0, 0.5])
def test_an_idle_worker_that_is_killed_costs_no_message(orders: Orders, pause: float) -> None:
    os.kill(int(orders.answer("first")[2]), signal.SIGKILL)
    time.sleep(pause)
    assert orders.answer("next")


def test_a_parser_that_fails_gives_a_reason(orders: Orders) -> None:
    assert orders.reason("raise") == "解析程序出错（ValueError）"


def test_a_full_disk_is_not_the_messages_fault(orders: Orders) -> None:
    with pytest.raises(StoreUnavailable, match="磁盘已满"):
        orders.give("full").result(20)


def test_closing_ends_what_is_being_read(orders: Orders) -> None:
    worker = int(orders.answer("first")[2])
    reading = orders.give("hang")
    orders.pool.close()
    with pytest.raises(CancelledError):
        reading.result(20)
    assert not is_alive(worker)
    with pytest.raises(CancelledError):
        orders.give("late").result(20)


def test_workers_keep_attachments_themselves_and_give_the_facts(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    raw = (
        b"From: jia@town.example.cn\r\nSubject: =?utf-8?b?6YCa55+l?=\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: application/octet-stream; name="a.bin"\r\nContent-Disposition: attachment; filename="a.bin"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n"
    )
    name = blobs.put(raw)
    with ParserPool(settings_of(tmp_path / "office"), blobs) as pool:
        outcome = pool.parse(Stored(name, NOON)).result(60)
    assert isinstance(outcome, Submission), outcome
    assert (outcome.unit, outcome.received_at, outcome.blobs) == ("甲镇人民政府", NOON, ())
    files = [*outcome.attachments, *(file for draft in outcome.drafts for file in draft.attachments)]
    assert [file.name for file in files] == ["a.bin"]
    assert blobs.read(files[0].sha256) == bytes(range(5))


def test_workers_die_with_a_daemon_that_is_killed(tmp_path: Path) -> None:
    settings_of(tmp_path / "office", light={"time": "60s", "memory": "2GB"})
    script = tmp_path / "serve.py"
    script.write_text(textwrap.dedent(DAEMON), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(HOME)}
    command = [sys.executable, str(script), str(tmp_path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        worker = int(daemon.stdout.readline())
        assert is_alive(worker)
        daemon.kill()
    wait_for(lambda: not is_alive(worker))


DAEMON = """
    import sys
    from pathlib import Path

    from daemon.blobs import Blobs
    from daemon.readers.pool import ParserPool
    from daemon.settings import load
    from tests.daemon.readers.tasks import obey

    if __name__ == "__main__":
        folder = Path(sys.argv[1])
        pool = ParserPool(load(folder / "office" / "config"), Blobs(folder / "blobs"), obey)
        for order in ("first", "hang"):
            (folder / order).write_text(order, encoding="utf-8")
        print(pool.submit(folder / "first", None).result().subject.split()[2], flush=True)
        pool.submit(folder / "hang", None).result()
"""


class Stored:
    """A message as the desk hands it to the pool."""

    def __init__(self, name: str, received_at: datetime | None) -> None:
        self.sha256, self.received_at = name, received_at


def is_alive(process: int) -> bool:
    """Whether the process still runs; one that has ended and was not yet waited for does not."""
    with contextlib.suppress(FileNotFoundError):
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return False


def wait_for(condition: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)
