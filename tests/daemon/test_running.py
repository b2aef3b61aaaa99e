"""What the daemon says of itself, and what is left of it after a kill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.running import NAME, Running, read

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def test_a_loop_that_fails_says_why_and_when_it_tries_again_until_it_works(tmp_path: Path) -> None:
    clock = Clock()
    running = Running(tmp_path, clock)
    for _ in range(2):
        running.begins("邮箱")
        running.fails("邮箱", "连接被拒绝", 10)
    (loop,) = running.loops()
    assert (loop.failures, loop.error, loop.next_try_at) == (2, "连接被拒绝", NOON + timedelta(seconds=10))
    running.begins("邮箱")
    running.ends("邮箱")
    (loop,) = running.loops()
    assert (loop.failures, loop.error, loop.next_try_at, loop.done_at) == (0, None, None, NOON)
    assert [one.error for one in running.errors()] == ["连接被拒绝"] * 2


def test_after_a_kill_it_is_known_when_it_was_last_alive_and_what_went_wrong(tmp_path: Path) -> None:
    clock = Clock()
    first = Running(tmp_path, clock)
    first.begins("发信")
    first.fails("发信", "服务器拒收", 5)
    clock.now += timedelta(seconds=30)
    first.begins("发信")
    second = Running(tmp_path, clock)
    assert second.before is not None
    assert (second.before.alive_at, second.before.ended) == (clock.now.isoformat(), False)
    assert [one.error for one in second.errors()] == ["服务器拒收"]


def test_an_orderly_end_is_known_as_one(tmp_path: Path) -> None:
    Running(tmp_path, Clock()).stops()
    life = read(tmp_path / NAME)
    assert life is not None
    assert life.ended


def test_it_is_not_written_at_every_pass(tmp_path: Path) -> None:
    clock = Clock()
    running = Running(tmp_path, clock)
    running.begins("阅读")
    (tmp_path / NAME).unlink()
    running.begins("发信")
    assert not (tmp_path / NAME).exists()
    clock.now += timedelta(seconds=5)
    running.begins("发信")
    assert (tmp_path / NAME).exists()


def test_a_file_that_is_no_such_file_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"started_at": 1}')
    assert Running(tmp_path, Clock()).before is None


def test_where_it_cannot_be_written_the_daemon_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    Running(tmp_path / "data", Clock()).stops()
