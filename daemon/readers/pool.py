"""Warm worker processes that read messages, apart from the daemon: what a message does to a worker hurts no other.

Two lanes: light, and heavy for what needs OCR or the office suite, so that a long scan delays no news.
Workers are started with the first message, so that a pass that finds nothing new costs nothing.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError, wait
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import partial
from multiprocessing import forkserver
from pathlib import Path
from typing import Protocol

from pebble import ProcessExpired, ProcessPool

import parsers
from daemon.blobs import Blobs, StoreUnavailable
from daemon.readers import MachineReaders, worker
from daemon.readers.worker import ForHeavyLane, Limits, Setup, Task
from daemon.settings import Settings
from daemon.settings.models import Lane as LaneSection
from parsers.submission import Submission

Outcome = Submission | str
"""What a message held, or (in Chinese) why nothing could be read of it."""
_TASKS = 500
"""Messages after which a worker is replaced, so that what a library leaks ends with it."""
_REPEATS = 3
"""Times that a message is given out again because an idle worker's death broke the pool around it."""
_START_SECONDS = 60
"""How long a worker may take to load everything, on a machine with much else to do."""
_TIMERS = {-signal.SIGALRM, -signal.SIGXCPU}
log = logging.getLogger(__name__)


class Stored(Protocol):
    """A message whose raw bytes are a blob."""

    @property
    def sha256(self) -> str: ...

    @property
    def received_at(self) -> datetime | None: ...


class ParserPool:
    """Reads messages in worker processes. Safe to use from several threads; ends its workers at the end.

    `model`: the file that the editors' habits are learned into (see model_file); None: columns by the rules alone.
    """

    def __init__(
        self, settings: Settings, blobs: Blobs, task: Task = worker.read, *, model: Path | None = None
    ) -> None:
        self._blobs, self._task = blobs, task
        self._warm = False
        self._outcomes: set[Future[Outcome]] = set()
        self._slow: set[Future[Outcome]] = set()
        self._glances: dict[Future[Outcome], Submission] = {}
        readers = settings.readers
        workers = len(os.sched_getaffinity(0)) if readers.workers == "auto" else readers.workers
        setup = partial(_setup, settings, blobs, model)
        self._light = _Lane(workers, setup(readers.light, heavy=False))
        self._heavy = _Lane(max(1, workers // 2), setup(readers.heavy, heavy=True))

    def parse(self, message: Stored) -> Future[Outcome]:
        """Has a stored message read. The future raises only StoreUnavailable: its blobs could not be written."""
        return self.submit(self._blobs.path(message.sha256), message.received_at)

    def submit(self, path: Path, received_at: datetime | None) -> Future[Outcome]:
        """The same for a message in a file."""
        outcome: Future[Outcome] = Future()
        outcome.set_running_or_notify_cancel()
        self._outcomes.add(outcome)
        outcome.add_done_callback(self._outcomes.discard)
        outcome.add_done_callback(self._slow.discard)
        _Errand(self._task, path, received_at, outcome, self._to_heavy).give(self._light)
        return outcome

    def warm(self) -> None:
        """Returns when a worker of the light lane has everything loaded; at once where one has."""
        if not self._warm:
            self._light.start()
            self._warm = True

    @property
    def slow(self) -> int:
        """How many of the messages in hand are in the heavy lane, where a scan may take minutes."""
        return len(self._slow)

    def glances(self) -> dict[Future[Outcome], Submission]:
        """What the messages that went into the heavy lane since the last call say of themselves."""
        new: dict[Future[Outcome], Submission] = {}
        while self._glances:
            future, glance = self._glances.popitem()
            new[future] = glance
        return new

    def _to_heavy(self, errand: _Errand, glance: Submission) -> None:
        self._slow.add(errand.outcome)
        self._glances[errand.outcome] = glance
        errand.give(self._heavy)

    def close(self) -> None:
        """Ends the workers at once; what they were reading ends in CancelledError."""
        self._light.stop()
        self._heavy.stop()
        for outcome in tuple(self._outcomes):
            _settle(outcome, CancelledError())

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Lane:
    """A pool that is made anew when it has broken."""

    def __init__(self, workers: int, setup: Setup) -> None:
        self.setup = setup
        self._workers = workers
        self._pool: ProcessPool | None = None
        self._ended = False
        self._lock = threading.Lock()

    def schedule(self, task: Task, path: Path, received_at: datetime | None) -> Future[Submission | ForHeavyLane]:
        with self._lock:
            future: Future[Submission | ForHeavyLane] = self._live_pool().schedule(
                worker.run, args=(task, path, received_at)
            )
            return future

    def start(self) -> None:
        """Waits for the first worker. One that can't start is told by the message that is given to it."""
        with self._lock:
            first = self._live_pool().schedule(worker.answer)
        wait([first], _START_SECONDS)

    def _live_pool(self) -> ProcessPool:
        if self._ended:
            raise CancelledError
        if self._pool is None or not self._pool.active:
            self._pool = self._made_pool()
        return self._pool

    def stop(self) -> None:
        with self._lock:
            self._ended = True
            pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)

    def _made_pool(self) -> ProcessPool:
        if self._pool is not None:
            log.warning("a pool of workers has broken and is made anew")
            # In a thread of its own, since one of the pool's may be who noticed.
            threading.Thread(target=_end, args=(self._pool,), daemon=True).start()
        return ProcessPool(self._workers, _TASKS, worker.start, (self.setup,), context=_context())


class _Errand:
    """One message on its way through the lanes."""

    def __init__(
        self,
        task: Task,
        path: Path,
        received_at: datetime | None,
        outcome: Future[Outcome],
        to_heavy: Callable[[_Errand, Submission], None],
    ) -> None:
        self._message = (task, path, received_at)
        self.outcome = outcome
        self._to_heavy = to_heavy
        self._repeats = 0

    def give(self, lane: _Lane) -> None:
        try:
            future = lane.schedule(*self._message)
        except CancelledError as error:
            _settle(self.outcome, error)
        except RuntimeError:  # the pool broke this moment
            self._again(lane)
        else:
            future.add_done_callback(partial(self._done, lane))

    def _done(self, lane: _Lane, future: Future[Submission | ForHeavyLane]) -> None:
        error = CancelledError() if future.cancelled() else future.exception()
        if isinstance(error, BrokenProcessPool):
            self._again(lane)
        elif isinstance(error, StoreUnavailable | CancelledError):
            _settle(self.outcome, error)
        elif error is not None:
            _settle(self.outcome, _reason(error, lane.setup.limits))
        elif isinstance(found := future.result(), ForHeavyLane):
            self._to_heavy(self, found.glance)
        else:
            _settle(self.outcome, found)

    def _again(self, lane: _Lane) -> None:
        self._repeats += 1
        if self._repeats > _REPEATS:
            _settle(self.outcome, "解析进程无法启动，请查看日志")
        else:
            self.give(lane)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _settle(outcome: Future[Outcome], result: Outcome | BaseException) -> None:
    """Only the first word on a message counts: its pool may close while it ends."""
    with contextlib.suppress(InvalidStateError):
        if isinstance(result, BaseException):
            outcome.set_exception(result)
        else:
            outcome.set_result(result)


def _reason(error: BaseException, limits: Limits) -> str:
    """Why nothing could be read, in Chinese."""
    if isinstance(error, ProcessExpired):
        return _death(error.exitcode, limits)
    if isinstance(error, MemoryError):
        return f"解析所需内存超过上限（{limits.memory // 2**20} MB）"
    log.error("reading a message failed", exc_info=error)
    return f"解析程序出错（{type(error).__name__}）"


def _death(code: int, limits: Limits) -> str:
    if code in _TIMERS:
        return f"解析超过 {limits.seconds:g} 秒仍未完成"
    if code == -signal.SIGKILL:
        return "解析进程被系统强行终止，可能是内存不足"
    return f"解析进程异常退出（代码 {code}）"


def _setup(settings: Settings, blobs: Blobs, model: Path | None, lane: LaneSection, *, heavy: bool) -> Setup:
    return Setup(
        office=settings.office_value,
        blobs=blobs.folder,
        limits=Limits(lane.time.total_seconds(), lane.memory),
        readers=MachineReaders(settings.readers.ocr == "auto", settings.readers.office_suite == "auto"),
        heavy=heavy,
        model=model.absolute() if model else None,
    )


def _context() -> multiprocessing.context.ForkServerContext:
    """Workers are forked from a small process that has the parsers loaded and no thread, lock or connection of ours."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker.__name__, "parsers.message"])
    path = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(parsers.__path__[0]).parent), path)))
    try:
        forkserver.ensure_running()  # it looks for what to preload in PYTHONPATH alone
    finally:
        if path is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = path
    return context
