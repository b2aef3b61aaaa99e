"""`demo`: the whole daemon on embedded servers, with sample mails that arrive one after another over real IMAP.

The clock is set: it jumps to the moment at which each sample mail came in, so that due times and verdicts are those
of the day, and goes on from there.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from daemon.demo.editors import deal_with_all
from daemon.demo.servers import HOST, PASSWORD, USER, Servers, free_port, servers
from daemon.desk import accounts
from daemon.rules import states
from daemon.service import Desk, opened, serve
from daemon.settings import load
from daemon.store.schema import Draft, Letter, Message
from parsers.mime import topmost_received

HERE = Path(__file__).resolve().parent
CONFIG, MESSAGES = HERE / "config", HERE / "messages"
"""Its own, whatever the office has made of the folder `config`: the sample mails come from these units."""
PATIENCE = 120
"""Seconds that one sample mail may take."""
PORT = 8025
VERDICTS = {"on_time": "按时", "late": "逾期", "unknown": "未载明日期"}
KINDS = {"reply": "回信", "auto_reply": "自动回复", "bounce": "退信", "other": "其他来信", "submission": "报送"}


@dataclass
class SetClock:
    """A clock that is set to the moments of the samples and runs on from there; never back."""

    zone: ZoneInfo
    moment: datetime
    since: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return self.moment + timedelta(seconds=time.monotonic() - self.since)

    def set_to(self, moment: datetime) -> None:
        """Jumps forward to this moment; a moment that has passed leaves the clock as it is."""
        if moment > self():
            self.moment, self.since = moment.astimezone(self.zone), time.monotonic()


@dataclass(frozen=True)
class Sample:
    """A sample mail: its file's name, its bytes, when it comes in."""

    name: str
    raw: bytes
    received_at: datetime


@dataclass(frozen=True)
class Result:
    """What became of a sample mail: a line for each draft, or one for a mail without."""

    sample: Sample
    source: str
    """Which unit, or what kind of mail."""
    drafts: tuple[str, ...]
    letter: str
    accounted_for: bool = True


def show(*, once: bool) -> int:
    """Runs the demonstration; with `once` it ends after the last mail: 0 if each is accounted for."""
    console = Console(width=None if Console().is_terminal else 150, highlight=False)
    samples = _samples()
    with tempfile.TemporaryDirectory(prefix="baosong-demo-") as folder, servers() as mail:
        settings = load(_demo_config(Path(folder), mail))
        clock = SetClock(settings.office_value.zone, samples[0].received_at - timedelta(minutes=5))
        with opened(settings, clock) as desk, _serving(desk) as address:
            _greet(console, desk, address)
            results = list(_arrivals(console, desk, mail, clock, samples))
            _summarize(console, results)
            if not once:
                _wait_for_end(console, address)
    return 0 if all(result.accounted_for for result in results) else 1


def _samples() -> list[Sample]:
    """In the order of their arrival; one that does not say when it was received comes last."""
    read = [(path.name, path.read_bytes()) for path in sorted(MESSAGES.glob("*.eml"))]
    times = {name: topmost_received(raw) for name, raw in read}
    last = max(moment for moment in times.values() if moment) + timedelta(minutes=30)
    return sorted((Sample(name, raw, times[name] or last) for name, raw in read), key=lambda one: one.received_at)


def _demo_config(folder: Path, mail: Servers) -> Path:
    """The units and columns of the sample mails, with the embedded servers and a folder that goes away."""
    target = folder / "config"
    shutil.copytree(CONFIG, target)
    office = yaml.safe_load((CONFIG / "office.yaml").read_text("utf-8"))
    server = {"host": HOST, "security": "none", "user": USER, "password": PASSWORD}
    office |= {
        "mailbox": server | {"port": mail.imap_port, "poll_every": "1s", "start": "all"},
        "smtp": {
            "host": HOST,
            "security": "none",
            "port": mail.smtp_port,
            "from": office["office"]["address"],
            "per_minute": 1000,
        },
        "database": {"url": f"sqlite:///{folder}/data/baosong.sqlite3"},
        "data_dir": str(folder / "data"),
        "publishing": {"folder": str(folder / "export")},
        "web": {"host": HOST, "port": free_port(PORT), "session": "365d"},  # the clock leaps; nobody is to log in anew
    }
    (target / "office.yaml").write_text(yaml.safe_dump(office, allow_unicode=True), "utf-8")
    return target


@contextmanager
def _serving(desk: Desk) -> Iterator[str]:
    """The daemon in a thread; gives the address of its pages."""
    stop, ready = threading.Event(), threading.Event()
    address: list[str] = []

    def on_ready(url: str) -> None:
        address.append(url)
        ready.set()

    thread = threading.Thread(target=serve, args=(desk, stop), kwargs={"on_ready": on_ready})
    thread.start()
    try:
        if not ready.wait(30):
            raise RuntimeError("the daemon did not start within 30 seconds")
        yield address[0]
    finally:
        stop.set()
        thread.join()


def _greet(console: Console, desk: Desk, address: str) -> None:
    password = secrets.token_hex(4)
    with desk.store.write() as session:
        for name, role in (("zhubian", "chief"), ("bianji", "editor"), ("guanli", "admin")):
            accounts.add_user(session, name, password, role, desk.clock())
    console.print(f"审稿队列：[bold]{address}[/]")
    console.print("登录：主编 [bold]zhubian[/]，编辑 [bold]bianji[/]，管理员 [bold]guanli[/]，", end="")
    console.print(f"密码均为 [bold]{password}[/]\n")


def _arrivals(console: Console, desk: Desk, mail: Servers, clock: SetClock, samples: list[Sample]) -> Iterator[Result]:
    """The mails one after another; what came more than a week before the last one has been dealt with."""
    recent = samples[-1].received_at - timedelta(days=7)
    for sample in samples:
        yield _arrive(console, desk, mail, clock, sample)
        if sample.received_at < recent:
            clock.set_to(sample.received_at + timedelta(minutes=40))
            deal_with_all(desk)


def _arrive(console: Console, desk: Desk, mail: Servers, clock: SetClock, sample: Sample) -> Result:
    """One mail comes in; waits until the daemon has dealt with it, and tells how."""
    before = _newest_message(desk)
    clock.set_to(sample.received_at + timedelta(seconds=5))
    mail.deliver(sample.raw, sample.received_at)
    result = _result(desk, sample, before)
    console.print(f"[dim]{sample.received_at.astimezone(clock.zone):%m-%d %H:%M}[/] {result.source}")
    for line in (*result.drafts, result.letter):
        console.print(f"            {line}", soft_wrap=True)
    return result


def _result(desk: Desk, sample: Sample, before: int) -> Result:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := _outcome(desk, sample, before):
            return found
        time.sleep(0.1)
    return Result(sample, sample.name, (f"[red]{PATIENCE} 秒内没有处理完[/]",), "", accounted_for=False)


def _newest_message(desk: Desk) -> int:
    with desk.store.read() as session:
        return session.scalar(select(func.max(Message.id))) or 0


def _outcome(desk: Desk, sample: Sample, before: int) -> Result | None:
    """What became of the message that came after this one; None while it is still in the daemon's hands."""
    with desk.store.read() as session:
        query = select(Message).where(Message.id > before).options(selectinload(Message.drafts))
        message = session.scalar(query)
        if message is None or message.state == "stored":
            return None
        letter = session.scalar(select(Letter).where(Letter.message == message.id))
        if letter is not None and letter.state == "waiting":
            return None
        drafts = tuple(map(_draft_line, message.drafts)) or (message.error or message.kind_reason or "",)
        return Result(sample, _source(message), drafts, _letter_line(letter))


def _source(message: Message) -> str:
    kind = "" if message.kind == "submission" else f" · {KINDS.get(message.kind or '', '无法解析')}"
    return f"{message.unit or message.sender_address or '来源不明'}{kind}"


def _draft_line(draft: Draft) -> str:
    blocks = sum(finding["severity"] == "block" for finding in draft.findings)
    title = "（涉密标志，标题不显示）" if draft.secret else draft.title
    name = states.STATE_NAMES[draft.state]  # type: ignore[index]
    line = f"{draft.receipt} {title} → [bold]{draft.column or '栏目待定'}[/] · {VERDICTS[draft.timeliness]} · {name}"
    return f"{line} · [red]须处理 {blocks} 条[/]" if blocks else line


def _letter_line(letter: Letter | None) -> str:
    if letter is None:
        return "不回信"
    sent = {"sent": "已发出", "held": f"留待编辑放行：{letter.hold_reason}", "failed": f"未能发出：{letter.error}"}
    return f"回信{sent.get(letter.state, letter.state)}"


def _summarize(console: Console, results: list[Result]) -> None:
    table = Table("收到", "来自", "稿件", "回信", title="演示小结", title_justify="left")
    for result in results:
        moment = f"{result.sample.received_at:%m-%d %H:%M}"
        table.add_row(moment, result.source, "\n".join(result.drafts), result.letter.removeprefix("回信"))
    console.print()
    console.print(table)
    done = sum(result.accounted_for for result in results)
    console.print(f"{len(results)} 封样例邮件，已处理 {done} 封。")


def _wait_for_end(console: Console, address: str) -> None:
    console.print(f"\n审稿队列继续运行：[bold]{address}[/]，按 Ctrl-C 结束。")
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    end.wait()
