"""What old mail costs: the first and a later `poll` of a mailbox with 100 and with 30,000 messages, in one run.

Usage: python benchmarks/mailbox.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.table import Table

from daemon.desk.poll import PollReport, poll
from daemon.mail.mailbox import Mailbox
from daemon.settings import load
from daemon.store.unit_of_work import Store
from tests.dovecot import Dovecot
from tests.offices import write_desk
from tests.servers import certificate, other_user, scratch, started_dovecot

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
SMTP = {"host": "127.0.0.1", "from": "desk@office.example.cn"}


def main() -> None:
    table = Table("old messages", "first poll, ms", "later poll, ms (median of 50)", "rows written")
    with ExitStack() as stack:
        dovecot = stack.enter_context(started_dovecot(certificate(stack.enter_context(scratch(other_user())))))
        for old in (100, 30_000):
            table.add_row(f"{old:,}", *_costs(dovecot, old))
    Console(width=100).print(table)


def _costs(dovecot: Dovecot, old: int) -> tuple[str, str, str]:
    account = dovecot.account()
    account.fill(old, NOW - timedelta(days=30))
    with account.client() as client:  # read by people long ago, so that Dovecot has no new mail to move
        client.search("ALL")
    with tempfile.TemporaryDirectory() as folder:
        settings = load(write_desk(Path(folder) / "desk", dovecot.settings(account, start="now"), SMTP).config)
        with (
            Store.open(f"sqlite:///{folder}/baosong.sqlite3", Path(folder) / "data", alone=True) as store,
            closing(Mailbox(settings.mailbox)) as mailbox,
        ):
            reports: list[PollReport] = []
            first = _milliseconds(lambda: reports.append(poll(store, mailbox, settings, NOW)))
            later = [_milliseconds(lambda: reports.append(poll(store, mailbox, settings, NOW))) for _ in range(50)]
    return f"{first:.0f}", f"{median(later):.1f}", str(sum(report.listed for report in reports))


def _milliseconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
