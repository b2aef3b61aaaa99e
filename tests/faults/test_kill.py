"""kill -9 at any moment: the next start goes on as if nothing had happened.

Longer: `make kill-test` (30 kills, 300 messages), or any number by BAOSONG_KILLS and BAOSONG_MESSAGES.
"""

from __future__ import annotations

import logging
import os
import random
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from tests.dovecot import Account, Dovecot
from tests.generated import generated, has_draft, received_at
from tests.offices import Desk, kill, write_desk
from tests.servers import free_port, listens, wait_until
from tests.smtp import SmtpServer

KILLS = int(os.environ.get("BAOSONG_KILLS", "10"))
MESSAGES = int(os.environ.get("BAOSONG_MESSAGES", "100"))
log = logging.getLogger(__name__)
LETTERS = {"acknowledge_within": "forever", "per_address_a_day": 100_000, "total_a_day": 100_000}


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.timeout(60 + 20 * KILLS)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_daemon_killed_again_and_again_keeps_each_message_draft_and_acknowledgement_once(
    database: str,
    dovecot: Dovecot,
    smtp_server: SmtpServer,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    account = dovecot.account()
    desk = _desk(tmp_path, dovecot, account, smtp_server, _database(database, request))
    takeovers = list(_killed_again_and_again(desk, account))
    with _daemon(desk):
        wait_until(lambda: _at_rest(desk), "the intake of all messages", 120)
    _assert_once_each(desk, smtp_server)
    log.info("%d kills on %s: the next pages after %.1f s (median)", KILLS, database, median(takeovers))


def _database(kind: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    return {} if kind == "sqlite" else {"database": {"url": request.getfixturevalue("postgres_url")}}


def _desk(folder: Path, dovecot: Dovecot, account: Account, smtp: SmtpServer, database: dict[str, Any]) -> Desk:
    return write_desk(
        folder / "desk",
        dovecot.settings(account),
        smtp.settings(per_minute=100_000, per_day=100_000),
        letters=LETTERS,
        web={"port": free_port()},
        readers={"workers": 2},
        **database,
    )


def _killed_again_and_again(desk: Desk, account: Account) -> Iterator[float]:
    """Delivers a share of the mail before each start and kills the daemon at a random moment of its intake.

    Yields the seconds from each start to the first page served.
    """
    moments = random.Random(20261124)
    for number in range(KILLS):
        for one in range(number * MESSAGES // KILLS, (number + 1) * MESSAGES // KILLS):
            account.deliver(generated(one), received_at(one))
        started = time.monotonic()
        with _daemon(desk) as process:
            yield time.monotonic() - started
            time.sleep(moments.uniform(0, 1.5))
            kill(process)


@contextmanager
def _daemon(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """A running daemon that serves its pages; ended by SIGTERM if it still runs."""
    with (desk.folder / "daemon.log").open("a") as log:
        process = desk.start("run", stderr=log, stdout=log)
    try:
        wait_until(lambda: listens(_port(desk)), f"the start of the daemon (see {log.name})", 30)
        yield process
    finally:
        process.terminate()
        assert process.wait(15) in (0, -9)


def _port(desk: Desk) -> int:
    return int(yaml.safe_load((desk.config / "office.yaml").read_text("utf-8"))["web"]["port"])


def _at_rest(desk: Desk) -> bool:
    """Everything is read, and every acknowledgement has gone out."""
    messages, letters = desk.rows("messages"), _acknowledgements(desk)
    read = [row["state"] for row in messages] == ["parsed"] * MESSAGES
    return read and all(letter["state"] == "sent" for letter in letters)


def _acknowledgements(desk: Desk) -> list[dict[str, Any]]:
    """Of the outbox; the timers may write reminders beside them."""
    return [letter for letter in desk.rows("outbox") if letter["kind"] == "acknowledgement"]


def _assert_once_each(desk: Desk, smtp: SmtpServer) -> None:
    messages, drafts, letters = desk.rows("messages"), desk.rows("drafts"), _acknowledgements(desk)
    wanted = {f"<generated-{number}@example.cn>" for number in range(MESSAGES)}
    with_draft = {f"<generated-{number}@example.cn>" for number in range(MESSAGES) if has_draft(number)}
    assert sorted(row["message_id"] for row in messages) == sorted(wanted)
    assert sorted(row["message_id"] for row in drafts) == sorted(with_draft)
    assert {row["receipt"] for row in drafts} == {f"2026-{number:06d}" for number in range(1, len(with_draft) + 1)}
    assert sorted(letter["in_reply_to"] for letter in letters) == sorted(with_draft)
    _assert_each_came(letters, smtp)


def _assert_each_came(letters: list[dict[str, Any]], smtp: SmtpServer) -> None:
    """Each letter arrived at least once, and always with the Message-ID that it was written with."""
    came: defaultdict[str, set[str]] = defaultdict(set)
    for received in smtp.received:
        if received.message["In-Reply-To"]:
            came[str(received.message["In-Reply-To"])].add(str(received.message["Message-ID"]))
    assert came == {letter["in_reply_to"]: {letter["message_id"]} for letter in letters}
