"""Real servers for the tests, each started once a worker: Dovecot, an SMTP server, PostgreSQL, Chromium.

A server that is not installed fails its tests with one line that says what to install.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.dovecot import Dovecot
from tests.smtp import SmtpServer

PR_SET_PDEATHSIG = 1


def program(name: str, package: str, *folders: str) -> str:
    """The path of a system program; the test fails with what to install where it is missing."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *folders])
    found = shutil.which(name, path=path)
    if not found:
        pytest.fail(f"{name} is not installed: apt-get install {package}", pytrace=False)
    return found


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Polls until `ready`; the test fails naming `what` otherwise."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {seconds} s", pytrace=False)
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Whether something accepts connections there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def scratch(owner: str | None) -> Iterator[Path]:
    """A short-named folder outside pytest's own, which other users may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="bs-"))
    try:
        if owner:
            shutil.chown(folder, owner)
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def other_user() -> str | None:
    """Whom servers that refuse root run as; None: as whoever runs the tests."""
    return "nobody" if os.geteuid() == 0 else None


def as_other_user() -> dict[str, Any]:
    """What subprocess needs to become `other_user`."""
    user = other_user()
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def running(command: list[str], log: Path, environment: dict[str, str] | None = None) -> Iterator[None]:
    """The command in the foreground as `other_user`, ended afterwards and when the tests are killed."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env=os.environ | (environment or {}), preexec_fn=_die_with_parent,
            **as_other_user(),
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and localhost, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = "subjectAltName=IP:127.0.0.1,DNS:localhost"
    command = [program("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext", names]
    command += ["-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o644)
    return cert, key


@pytest.fixture(scope="session")
def tls_files() -> Iterator[tuple[Path, Path]]:
    """Certificate and key of the test servers; the certificate is its own authority (`ca_file`)."""
    with scratch(other_user()) as folder:
        yield certificate(folder)


@pytest.fixture(scope="session")
def dovecot(tls_files: tuple[Path, Path]) -> Iterator[Dovecot]:
    """A real Dovecot: IMAP over TLS and plain. `dovecot.account()` is a new, empty mailbox."""
    with started_dovecot(tls_files) as server:
        yield server


@contextlib.contextmanager
def started_dovecot(tls_files: tuple[Path, Path]) -> Iterator[Dovecot]:
    """Dovecot for as long as the block runs; the benchmarks use it too."""
    binary = program("dovecot", "dovecot-imapd")
    with scratch(other_user()) as folder:
        server = Dovecot(folder, other_user(), tls_port=free_port(), plain_port=free_port(), ca_file=tls_files[0])
        config = server.write_config(*tls_files)
        with running([binary, "-F", "-c", str(config)], folder / "out.log", {"TZ": "Asia/Shanghai"}):
            wait_until(lambda: listens(server.tls_port) and listens(server.plain_port), f"Dovecot in {folder}")
            yield server


@pytest.fixture(scope="session")
def smtp_service(tls_files: tuple[Path, Path]) -> Iterator[SmtpServer]:
    """The SMTP server itself; tests take `smtp_server`, which is emptied for each."""
    with SmtpServer(tls_files) as server:
        yield server


@pytest.fixture
def smtp_server(smtp_service: SmtpServer) -> SmtpServer:
    """A real SMTP server that keeps what it gets, over TLS, STARTTLS and plain, and refuses when told to."""
    smtp_service.reset()
    return smtp_service


class Postgres:
    """A PostgreSQL cluster of this worker's own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def create(self) -> str:
        """A new, empty database: its URL as SQLAlchemy takes it."""
        name = f"t{uuid4().hex[:12]}"
        with self._connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/{name}"

    def answers(self) -> bool:
        """Whether it has started up: it listens before that."""
        with contextlib.suppress(psycopg.OperationalError), self._connect():
            return True
        return False

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(f"postgresql://tester@127.0.0.1:{self.port}/postgres", autocommit=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, without fsync: `postgres.create()` is the URL of a new database."""
    versions = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    initdb, server = (program(name, "postgresql", *versions) for name in ("initdb", "postgres"))
    with scratch(other_user()) as folder:
        data = folder / "data"
        command = [initdb, "-D", str(data), "-U", "tester", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_other_user())
        cluster = Postgres(folder, free_port())
        options = f"-p {cluster.port} -h 127.0.0.1 -k {folder} -c fsync=off -c full_page_writes=off"
        with running([server, "-D", str(data), *options.split()], folder / "out.log"):
            wait_until(cluster.answers, f"PostgreSQL in {folder}", 30)
            yield cluster


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """A new, empty database in PostgreSQL."""
    return postgres.create()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, driven by Playwright. `browser.new_page(viewport=…)` is a fresh window."""
    chromium = program("chromium", "chromium fonts-noto-cjk", "/usr/lib/chromium")
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield window
        window.close()
