"""What the pool's tests have its workers do: the ways in which a message can hurt the process that reads it."""

from __future__ import annotations

import ctypes
import os
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from daemon.blobs import StoreUnavailable
from daemon.readers import worker
from daemon.readers.worker import HeavyNeeded, Setup
from parsers.submission import Sender, Submission


def found(subject: str) -> Submission:
    """A submission that says what the worker did."""
    return Submission(None, subject, Sender(None, None), None, None, None, "other")


def hang() -> None:
    while True:
        pass


def hang_beside(folder: Path) -> None:
    (folder / "confidential").write_text("x")
    hang()


def eat(setup: Setup) -> None:
    bytearray(setup.limits.memory)


def fail() -> None:
    raise ValueError


def fill() -> None:
    raise StoreUnavailable("磁盘已满")


def ask_for_ocr(setup: Setup) -> None:
    if not setup.heavy:
        raise HeavyNeeded


ORDERS: dict[str, Callable[[Setup], object]] = {
    "hang": lambda _: hang(),
    "hang in C": lambda _: ctypes.CDLL(None).pause(),
    "crash": lambda _: os.abort(),
    "die": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "eat": eat,
    "raise": lambda _: fail(),
    "heavy": ask_for_ocr,
    "full": lambda _: fill(),
    "leave a file": lambda _: hang_beside(Path(tempfile.mkdtemp())),
    "sleep": lambda _: time.sleep(0.2),
}


def read_and_tell(setup: Setup, path: Path, received_at: datetime | None) -> Submission:
    """Reads the message as ever, and tells in which lane."""
    lane = "heavy" if setup.heavy else "light"
    return replace(worker.read(setup, path, received_at), subject=lane)


def read_scans_for_minutes(setup: Setup, path: Path, received_at: datetime | None) -> Submission:
    """Reads the message as ever; one that says so takes the heavy lane for longer than a test lasts."""
    if b"long scan" in path.read_bytes():
        ask_for_ocr(setup)
        time.sleep(250)
    return worker.read(setup, path, received_at)


def obey(setup: Setup, path: Path, received_at: datetime | None) -> Submission:
    """Does what the file says, and tells in which lane which process did it."""
    order = path.read_text(encoding="utf-8")
    if order in ORDERS:
        ORDERS[order](setup)
    return found(f"{order} {'heavy' if setup.heavy else 'light'} {os.getpid()}")
