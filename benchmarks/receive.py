"""How fast `poll` takes in a full mailbox, beside a bare IMAP fetch and a hobby script, in one run, as ratios.

Usage: python benchmarks/receive.py [--messages 2000]

Two mailboxes: `stored` holds mails whose attachments nobody reads (pictures), `read` the mix of tests/generated.py
with Word files and sheets, which `poll` reads and the hobby script only stores. All three run on the same Dovecot.
CPU counts the whole process tree; memory is its largest sum, each shared page counted by its share (PSS).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.table import Table

from tests.dovecot import Account, Dovecot
from tests.generated import generated, received_at
from tests.offices import write_desk
from tests.servers import certificate, other_user, scratch, started_dovecot
from tests.smtp import SmtpServer

HERE = Path(__file__).resolve().parent
WITH_PICTURE = 7
"""The kind of generated mail that carries a picture: `generated(10 * n + 7)`."""


@dataclass(frozen=True)
class Cost:
    """What one program used: seconds of wall clock and CPU, bytes of memory at the most."""

    wall: float
    cpu: float
    memory: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=2000)
    messages = parser.parse_args().messages
    with ExitStack() as stack:
        tls_files = certificate(stack.enter_context(scratch(other_user())))
        dovecot = stack.enter_context(started_dovecot(tls_files))
        smtp = stack.enter_context(SmtpServer(tls_files))
        for name, numbers in (
            ("attachments stored", range(WITH_PICTURE, 10 * messages, 10)),
            ("attachments read", range(messages)),
        ):
            _compare(name, _mailbox(dovecot, numbers), dovecot, smtp, messages)


def _mailbox(dovecot: Dovecot, numbers: Sequence[int]) -> Account:
    account = dovecot.account()
    for number in numbers:
        account.deliver(generated(number), received_at(number % 1000))
    with account.client() as client:  # lets Dovecot index the mail before anybody is timed
        client.search("ALL")
    return account


def _compare(name: str, account: Account, dovecot: Dovecot, smtp: SmtpServer, messages: int) -> None:
    words = [str(dovecot.tls_port), account.user, account.password, str(dovecot.ca_file)]
    with tempfile.TemporaryDirectory() as hobby, tempfile.TemporaryDirectory() as ours:
        desk = write_desk(Path(ours) / "desk", dovecot.settings(account), smtp.settings(), letters={"total_a_day": 1})
        costs = {
            "bare fetch": _measured([sys.executable, str(HERE / "bare.py"), *words]),
            "hobby script": _measured([sys.executable, str(HERE / "hobby.py"), *words, hobby]),
            "poll": _measured(desk.command("poll"), cwd=desk.folder),
        }
        assert len(desk.rows("messages")) == messages
    _print(name, costs, messages)


def _measured(command: Sequence[str], cwd: Path | None = None) -> Cost:
    before, started = os.times(), time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, start_new_session=True)
    memory = 0
    workers: dict[Path, float] = {}
    while process.poll() is None:
        running = [one for one in Path("/proc").glob("[0-9]*") if _session(one) == process.pid]
        memory = max(memory, sum(map(_memory, running)))
        workers |= {one: used for one in running if one.name != str(process.pid) and (used := _cpu(one))}
        time.sleep(0.05)
    ended, after = time.monotonic(), os.times()
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(ended - started, cpu + sum(workers.values()), memory)


def _cpu(process: Path) -> float:
    """Seconds so far. Workers are the fork server's children: what they used is never told to who waits for `poll`."""
    try:
        user, system = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
    except (OSError, ValueError):
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _session(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except (OSError, IndexError):
        return None


def _memory(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _print(name: str, costs: dict[str, Cost], messages: int) -> None:
    table = Table("", "messages/s", "times the hobby script", "CPU s", "peak MB", title=f"{messages} messages, {name}")
    hobby = costs["hobby script"]
    for who, cost in costs.items():
        table.add_row(
            who,
            f"{messages / cost.wall:.0f}",
            f"{hobby.wall / cost.wall:.2f}",
            f"{cost.cpu:.1f}",
            f"{cost.memory / 2**20:.0f}",
        )
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
