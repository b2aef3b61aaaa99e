"""Wires everything: mailbox, workers, outbox, timers and pages in one process (DESIGN.md, "The way of a message")."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import schedule
from rich.console import Console
from rich.progress import Progress

from daemon import clock
from daemon.blobs import StoreUnavailable
from daemon.desk.acknowledge import acknowledge
from daemon.desk.import_mail import import_mail, sources
from daemon.desk.learn import Learning
from daemon.desk.overlay import Current
from daemon.desk.poll import PollReport, poll
from daemon.desk.read import Reading
from daemon.desk.send import send_waiting
from daemon.desk.tick import tick
from daemon.mail.delivery import Delivery
from daemon.mail.errors import MailError
from daemon.mail.mailbox import Mailbox, retry_after
from daemon.readers import model_file, overlay_file
from daemon.readers.pool import ParserPool
from daemon.running import Running
from daemon.settings import Settings, SettingsError, load
from daemon.store.unit_of_work import Store
from daemon.web import server
from daemon.web.app import create_app

log = logging.getLogger("baosong")
ENDING = 8.0
"""Seconds that the message in hand may take after SIGTERM."""
LEARNING = 10.0
"""Seconds between two looks at what the editors have said of columns."""


@dataclass(frozen=True)
class Desk:
    """An opened office: what every loop of the daemon needs."""

    settings: Settings
    """Of the files; `current` is what holds now."""
    store: Store
    pool: ParserPool
    clock: Callable[[], datetime]
    current: Current

    def reading(self) -> Reading:
        """The workers' hands; one a process."""
        return Reading(self.store, self.pool, self.current.settings, acknowledge, self.clock)

    def learning(self) -> Learning:
        """Hands the editors' habits to the workers; one a process."""
        path = self.settings.data_dir / model_file.NAME
        known = model_file.read(path)
        keep = partial(model_file.write, path)
        return Learning(self.store, self.settings.office_value, keep, known.version if known else "")


@contextmanager
def opened(settings: Settings, now: Callable[[], datetime] | None = None) -> Iterator[Desk]:
    """The office as its one daemon: database locked and up to date, workers at hand."""
    moment = now or partial(clock.now, settings.office_value.zone)
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings.database.url(), settings.data_dir, alone=True))
        pool = stack.enter_context(ParserPool(settings, store.blobs, model=settings.data_dir / model_file.NAME))
        tell = partial(overlay_file.write, settings.data_dir / overlay_file.NAME)
        yield Desk(settings, store, pool, moment, Current(store, settings, tell))


def run(config: Path) -> int:
    """The daemon, until SIGTERM or Ctrl-C; SIGHUP reads the config again."""
    _log_to_stderr()
    signals = Signals()
    settings = load(config)
    while not signals.ended.is_set():
        with opened(settings) as desk:
            serve(desk, signals.any)
        settings = _read_again(config, settings, signals)
    log.info("已停止")
    return 0


class Signals:
    """What the process was told: to end (SIGTERM, SIGINT), or to read its config again (SIGHUP)."""

    def __init__(self) -> None:
        self.any, self.ended = threading.Event(), threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, lambda *_: self.any.set())

    def _end(self, *_: object) -> None:
        self.ended.set()
        self.any.set()


def serve(desk: Desk, stop: threading.Event, *, on_ready: Callable[[str], None] | None = None) -> None:
    """Runs all loops until `stop`, then lets the message in hand end."""
    running = Running(desk.settings.data_dir, desk.clock)
    app = create_app(desk.store, desk.settings, desk.settings.calendar, desk.clock, desk.current, running)
    pages = server.serve(app, desk.settings.web.host, desk.settings.web.port)
    try:
        log.info("审稿页面：%s", desk.settings.base_url)
        loops = Loops(desk, stop, running)
        loops.start()
        if on_ready:
            on_ready(desk.settings.base_url)
        stop.wait()
        log.info("正在停止，先完成手头的邮件")
        loops.join()
        running.stops()
    finally:
        pages.stop()


class Loops:
    """Mailbox, workers, outbox and timers, each in a thread that outlives whatever its servers do."""

    def __init__(self, desk: Desk, stop: threading.Event, running: Running) -> None:
        self._desk, self._stop, self._running = desk, stop, running
        self._arrived, self._written = threading.Event(), threading.Event()
        steps = {"邮箱": self._fetch, "阅读": self._read, "发信": self._send, "定时": self._time, "学习": self._learn}
        self._threads = [
            threading.Thread(target=self._repeat, args=(name, step), name=name, daemon=True)
            for name, step in steps.items()
        ]
        self._mailbox = Mailbox(desk.settings.mailbox)
        self._delivery = Delivery(desk.settings.smtp)
        self._reading = desk.reading()
        self._learning = desk.learning()
        self._timers = self._schedule()

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """After `stop`: lets the message in hand end, within ENDING seconds; the rest is read at the next start."""
        self._arrived.set()
        self._written.set()
        until = time.monotonic() + ENDING
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._mailbox.close()
        self._delivery.close()

    def _repeat(self, name: str, step: Callable[[], None]) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                self._running.begins(name)
                step()
                self._running.ends(name)
                if failures:
                    log.info("%s：已恢复", name)
                failures = 0
            except Exception as error:  # noqa: BLE001 — a loop outlives whatever one pass meets
                failures += 1
                self._report(name, error, pause := retry_after(failures))
                self._running.fails(name, str(error), pause)
                self._pause(pause)

    def _pause(self, seconds: float) -> None:
        """Waits; not on when a person wants it tried now."""
        end, asked = time.monotonic() + seconds, self._running.asked
        while not self._stop.is_set() and self._running.asked == asked and (left := end - time.monotonic()) > 0:
            self._stop.wait(min(left, 0.5))

    def _report(self, name: str, error: Exception, pause: float) -> None:
        expected = isinstance(error, MailError | StoreUnavailable)
        log.warning("%s：%s；%.0f 秒后再试", name, error, pause, exc_info=None if expected else error)

    def _fetch(self) -> None:
        report = poll(self._desk.store, self._mailbox, self._desk.settings, self._desk.clock())
        if report.stored:
            log.info("邮箱：收到 %d 封", report.stored)
            self._arrived.set()
        self._mailbox.wait(self._desk.settings.mailbox.poll_every.total_seconds(), self._stop)

    def _read(self) -> None:
        if self._reading.idle:
            self._arrived.wait(2)
            self._arrived.clear()
        if self._reading.step(0.5):
            self._written.set()
        if self._stop.is_set():
            self._finish()

    def _finish(self) -> None:
        until = time.monotonic() + ENDING - 1
        while not self._reading.idle and time.monotonic() < until:
            self._reading.step(0.2, more=False)

    def _send(self) -> None:
        report = send_waiting(self._desk.store, self._delivery, self._desk.current.settings(), self._desk.clock())
        if report.sent:
            log.info("发信：发出 %d 封", report.sent)
        self._written.wait(5)
        self._written.clear()

    def _learn(self) -> None:
        if not self._learning.step():
            self._stop.wait(LEARNING)

    def _time(self) -> None:
        self._timers.run_pending()
        # schedule goes by the wall clock: after a step back its jobs would wait for the time to come round again.
        if (self._timers.idle_seconds or 0) > 60:
            self._timers = self._schedule()
        self._stop.wait(1)

    def _schedule(self) -> schedule.Scheduler:
        timers = schedule.Scheduler()
        timers.every(20).seconds.do(self._tick)
        timers.every(60).seconds.do(self._desk.store.ping)
        return timers

    def _tick(self) -> None:
        desk = self._desk
        for line in tick(desk.store, desk.current.settings(), desk.settings.calendar, desk.clock()):
            log.info("定时：%s", line)
            self._written.set()


def poll_once(settings: Settings) -> int:
    """Fetches what is new, reads it, sends what waits; 1 where a server could not be reached, with the rest done."""
    with opened(settings) as desk, ExitStack() as stack:
        failures: list[MailError] = []
        learning = desk.learning()
        while learning.step():
            pass
        with _fetching(desk) as fetched:
            read = sum(_read_while(fetched, desk.reading()))
        kept = _or_failed(lambda: fetched.result().stored, failures)
        delivery = stack.enter_context(Delivery(settings.smtp))
        sent = _or_failed(lambda: send_waiting(desk.store, delivery, settings, desk.clock()).sent, failures)
    print(f"收到 {kept} 封，读完 {read} 封，发出 {sent} 封")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


@contextmanager
def _fetching(desk: Desk) -> Iterator[Future[PollReport]]:
    """Fetches what is new, in a thread, so that it can be read meanwhile; at the end the batch in hand is kept."""
    ended = threading.Event()
    with closing(Mailbox(desk.settings.mailbox)) as mailbox, ThreadPoolExecutor(1) as thread:
        try:
            yield thread.submit(poll, desk.store, mailbox, desk.settings, desk.clock(), ended.is_set)
        finally:
            ended.set()


def _read_while(fetched: Future[PollReport], reading: Reading) -> Iterator[int]:
    """Reads what comes in, then all that is left, telling after each step how many messages ended."""
    while not fetched.done():
        if reading.idle:
            wait([fetched], 0.2)
        yield reading.step(0.2)
    yield from reading.steps()


def _or_failed(step: Callable[[], int], failures: list[MailError]) -> int:
    try:
        return step()
    except MailError as failure:
        failures.append(failure)
        return 0


def import_paths(settings: Settings, paths: Sequence[Path], *, live: bool) -> int:
    """Takes in mail from files and reads it; a second run changes nothing."""
    found = sources(paths)
    with opened(settings) as desk, Progress(console=Console(stderr=True)) as bar:
        storing = bar.add_task("存入", total=len(found))
        new = 0
        for read, fresh in import_mail(desk.store, found, history=not live, now=desk.clock()):
            bar.advance(storing, read)
            new += fresh
        parsing = bar.add_task("阅读", total=new)
        for ended in desk.reading().steps():
            bar.advance(parsing, ended)
    print(f"共 {len(found)} 封，新存入 {new} 封，此前已有 {len(found) - new} 封")
    return 0


def _read_again(config: Path, settings: Settings, signals: Signals) -> Settings:
    """After SIGHUP: the config as it is now; the one before where the new one is wrong."""
    if signals.ended.is_set():
        return settings
    signals.any.clear()
    try:
        return load(config)
    except SettingsError as mistake:
        log.warning("配置有误，继续使用原配置：%s", mistake)
        return settings


def _log_to_stderr() -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
