"""The demonstration's mail servers, inside the process: IMAP by pymap, SMTP by aiosmtpd, on 127.0.0.1 alone."""

from __future__ import annotations

import asyncio
import socket
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPService

USER = "bianjibu"
PASSWORD = "demonstration"  # noqa: S105 — of a server that lives in this process and listens on 127.0.0.1 alone
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Servers:
    """Where the two servers listen."""

    imap_port: int
    smtp_port: int

    def deliver(self, raw: bytes, received_at: datetime) -> None:
        """Puts a message into the mailbox over IMAP, as received at that moment."""
        with IMAPClient(HOST, port=self.imap_port, ssl=False) as client:
            client.login(USER, PASSWORD)
            client.append("INBOX", raw, msg_time=received_at)


class _Letters:
    """Accepts every letter: the outbox keeps what was sent, so nothing needs to be kept here."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 accepted"


@contextmanager
def servers() -> Iterator[Servers]:
    """Both servers on free ports, for as long as the block runs."""
    smtp = Controller(_Letters(), hostname=HOST, port=free_port())
    smtp.start()
    try:
        with _imap(free_port()) as imap_port:
            yield Servers(imap_port, smtp.port)
    finally:
        smtp.stop()


@contextmanager
def _imap(port: int) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    ready, stop = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_serve_imap(port, ready, stop),), daemon=True)
    thread.start()
    if not ready.wait(timeout=30):
        raise RuntimeError("the demonstration's IMAP server did not start within 30 seconds")
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=5)


async def _serve_imap(port: int, ready: threading.Event, stop: asyncio.Event) -> None:
    backend, config = await DictBackend.init(_imap_arguments(port))
    config.apply_context()
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        await IMAPService(backend, config).start(stack)
        ready.set()
        await stop.wait()


def _imap_arguments(port: int) -> Namespace:
    """What pymap's own command line would have made of these words."""
    parser = ArgumentParser()
    parser.set_defaults(debug=False, passlib_cfg=None, inherited_sockets=None)
    DictBackend.add_subparser("dict", parser.add_subparsers(dest="backend"))
    IMAPService.add_arguments(parser)
    words = ["--host", HOST, "--port", str(port), "--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD]
    return parser.parse_args(words)


def free_port(wanted: int = 0) -> int:
    """The wanted port if nobody listens there, else any free one."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, wanted))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
