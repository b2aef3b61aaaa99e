"""One daemon a database, in processes of their own, since that is what the lock is about."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from daemon.store.errors import AlreadyRunning
from daemon.store.unit_of_work import Store
from tests.offices import HOME
from tests.servers import Postgres

HOLD = """
import sys, time
from pathlib import Path
from daemon.store.unit_of_work import Store
store = Store.open(sys.argv[1], Path(sys.argv[2]), alone=True)
print("holds", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(store_url: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that is this database's daemon."""
    command = [sys.executable, "-c", HOLD, store_url, str(tmp_path / "data")]
    environment = os.environ | {"PYTHONPATH": str(HOME)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        yield process
        process.kill()


@pytest.mark.parametrize("data", ["data", "other"])
def test_a_second_daemon_is_refused_and_told_which_process_is_the_first(
    holder: subprocess.Popen[str], store_url: str, tmp_path: Path, data: str
) -> None:
    with pytest.raises(AlreadyRunning, match=rf"\b{holder.pid}\b"):
        Store.open(store_url, tmp_path / data, alone=True)


def test_other_commands_work_beside_the_daemon(holder: subprocess.Popen[str], store_url: str, tmp_path: Path) -> None:
    with Store.open(store_url, tmp_path / "data") as store:
        store.ping()


def test_a_killed_daemon_is_followed_within_two_seconds(
    holder: subprocess.Popen[str], store_url: str, tmp_path: Path
) -> None:
    holder.kill()
    began = time.monotonic()
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        store.ping()
    assert time.monotonic() - began < 2


def test_a_daemon_that_has_ended_leaves_the_database_free(store_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        with Store.open(store_url, tmp_path / "data", alone=True) as store:
            store.ping()


@pytest.mark.server
def test_a_server_that_dropped_the_lock_gives_it_back(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create()
    with Store.open(url, tmp_path / "data", alone=True) as store:
        drop_connections(url, tmp_path)
        store.ping()
        with pytest.raises(AlreadyRunning, match=rf"\b{os.getpid()}\b"):
            Store.open(url, tmp_path / "other", alone=True)


@pytest.mark.server
def test_a_daemon_whose_lock_went_to_another_is_told(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.create()
    with Store.open(url, tmp_path / "data", alone=True) as store:
        drop_connections(url, tmp_path)
        with Store.open(url, tmp_path / "other", alone=True), pytest.raises(AlreadyRunning):
            store.ping()


def drop_connections(url: str, folder: Path) -> None:
    """What a restart of the server does to its clients."""
    with Store.open(url, folder) as store, store.read() as session:
        session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        )  # fmt: skip
