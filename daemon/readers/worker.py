"""What runs in a worker process: one message after another, each within its limits of time, memory and CPU.

The kernel ends a worker that goes over them, whatever code it is stuck in, and one whose daemon has died.
"""

from __future__ import annotations

import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from fcntl import F_GETFL, F_SETFL, F_SETOWN, F_SETSIG, fcntl
from multiprocessing import parent_process
from pathlib import Path

from daemon.blobs import Blobs
from daemon.readers import MachineReaders, model_file, overlay_file, scratch
from daemon.readers.cache import FOLDER, CachedReaders, Readings
from parsers.office import Office
from parsers.readers import OcrLine, Readers
from parsers.submission import Submission

_OCR_THREADS = 4
"""How much faster than the clock a worker may use up CPU."""
_HEAVY_NICENESS = 10
"""A scan may take what CPU the mail that comes meanwhile leaves it."""


@dataclass(frozen=True)
class Limits:
    """Of one lane: seconds of wall clock for a message, bytes of address space for the process."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Setup:
    """What a worker is given once: it is pickled at its start, not for each message."""

    office: Office
    blobs: Path
    limits: Limits
    readers: MachineReaders
    heavy: bool
    model: Path | None = None
    """Where the editors' habits stand, as they are learned; None: columns go by the rules alone."""


class HeavyNeeded(BaseException):
    """A light worker was asked for OCR or the office suite. No Exception: a parser must not take it for a bad file."""


@dataclass(frozen=True)
class ForHeavyLane:
    """What a light worker gives of a message that needs slow readers: what the mail says of itself meanwhile."""

    glance: Submission


class LightReaders:
    """Readers of the light lane: they ask for the heavy one where the machine has what is wanted."""

    def __init__(self, machine: MachineReaders) -> None:
        self._machine = machine

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        if self._machine.has_ocr:
            raise HeavyNeeded
        return None

    def to_docx(self, data: bytes, extension: str) -> bytes | None:
        if self._machine.has_office_suite:
            raise HeavyNeeded
        return None


Task = Callable[[Setup, Path, datetime | None], Submission]
_setup: Setup | None = None
"""Of this process, which serves one lane."""


def start(setup: Setup) -> None:
    """Prepares this process: it dies with its daemon, and can't take more memory than its lane allows."""
    global _setup
    _die_with_daemon()
    resource.setrlimit(resource.RLIMIT_AS, (setup.limits.memory, setup.limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if setup.heavy:
        os.nice(_HEAVY_NICENESS)
    tempfile.tempdir = str(scratch.folder_of_this_process(setup.blobs.with_name(scratch.FOLDER)))
    _setup = setup


def answer() -> None:
    """Says that this process is up."""


def run(task: Task, path: Path, received_at: datetime | None) -> Submission | ForHeavyLane:
    """The task within the limits."""
    assert _setup is not None
    with limited(_setup.limits.seconds):
        try:
            return task(_setup, path, received_at)
        except HeavyNeeded:
            return ForHeavyLane(_glance(_setup, path, received_at))


def read(setup: Setup, path: Path, received_at: datetime | None) -> Submission:
    """What the message in the file holds, its blobs on the disk."""
    from parsers.message import parse_message  # loaded by the fork server; the daemon itself starts without it

    office = model_file.taught(_office_now(setup), setup.model)
    found = parse_message(path.read_bytes(), office, received_at, _readers(setup))
    Blobs(setup.blobs).put_all([blob.data for blob in found.blobs])
    return replace(found, blobs=())


def _glance(setup: Setup, path: Path, received_at: datetime | None) -> Submission:
    from parsers.message import glance  # as above

    return replace(glance(path.read_bytes(), _office_now(setup), received_at), blobs=())


def _office_now(setup: Setup) -> Office:
    """The office with what the desk has learned of its units."""
    return overlay_file.laid(setup.office, setup.model.with_name(overlay_file.NAME) if setup.model else None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """The kernel kills this process after so many seconds of wall clock, or of CPU on all of its threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + seconds * _OCR_THREADS) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _die_with_daemon() -> None:
    """Has the kernel kill this process when the daemon's end of the pipe between them closes.

    PR_SET_PDEATHSIG would do so for the fork server alone, which lives as long as a worker does.
    """
    daemon = parent_process()
    assert daemon is not None
    fcntl(daemon.sentinel, F_SETOWN, os.getpid())
    fcntl(daemon.sentinel, F_SETSIG, signal.SIGKILL)
    fcntl(daemon.sentinel, F_SETFL, fcntl(daemon.sentinel, F_GETFL) | os.O_ASYNC)
    if not daemon.is_alive():
        os._exit(1)


def _readers(setup: Setup) -> Readers:
    """Also the light lane reads what has been read before."""
    machine = setup.readers
    below = machine if setup.heavy else LightReaders(machine)
    return CachedReaders(below, machine, Readings(setup.blobs.with_name(FOLDER)))
