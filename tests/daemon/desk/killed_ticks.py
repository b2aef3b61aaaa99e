"""A program for a process of its own: the timers killed before each of their statements in turn, each in a copy.

Usage: python -m tests.daemon.desk.killed_ticks CONFIG BEFORE COPIES TIME
Makes COPIES/1, COPIES/2 … and prints how many.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from datetime import datetime
from itertools import count
from pathlib import Path

from sqlalchemy import event

from daemon.desk.tick import tick
from daemon.settings import load
from daemon.store.unit_of_work import Store


def opened(folder: Path) -> Store:
    """The store in this folder."""
    return Store.open(f"sqlite:///{folder}/test.sqlite3", folder / "data")


def main(config: Path, before: Path, copies: Path, now: datetime) -> int:
    """Gives after how many statements the timers came to their end."""
    for number in count(1):
        copy = copies / str(number)
        shutil.copytree(before, copy)
        child = os.fork()
        if child == 0:
            _tick_until(number, config, copy, now)
        if os.waitpid(child, 0)[1] == 0:
            return number
    raise AssertionError


def _tick_until(number: int, config: Path, folder: Path, now: datetime) -> None:
    store, left, settings = opened(folder), iter(range(1, number)), load(config)

    def die_in_time(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", die_in_time)
    event.listen(store.engine, "commit", die_in_time)
    tick(store, settings, settings.calendar, now)
    os._exit(0)


if __name__ == "__main__":
    config, before, copies, now = sys.argv[1:]
    sys.stdout.write(str(main(Path(config), Path(before), Path(copies), datetime.fromisoformat(now))))
