"""A real SMTP server that keeps what it gets and, when told to, refuses, puts off or hangs up as providers do."""

from __future__ import annotations

import ssl
from asyncio import Transport
from collections import defaultdict, deque
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "bianjibu@example.cn", "shouquanma465"
DROP = "drop"
"""Hang up instead of answering."""
KEEP_AND_DROP = "keep and drop"
"""Take the letter, then hang up before saying so."""


@dataclass(frozen=True)
class Received:
    """One letter as it arrived."""

    sender: str
    """The envelope's; empty: the null sender."""
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> Message:
        return BytesParser().parsebytes(self.raw)


class SmtpServer:
    """Three ports, one box. `answer(command, reply, times)` scripts what MAIL, RCPT or DATA is told next."""

    def __init__(self, tls_files: tuple[Path, Path]) -> None:
        self.ca_file = tls_files[0]
        self.received: list[Received] = []
        self.logins = 0
        self.connections = 0
        self.only_sender: str | None = None
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, tls_files))
        self._controllers = {
            "tls": _controller(self, ssl_context=context),
            "starttls": _controller(self, tls_context=context, require_starttls=True),
            "none": _controller(self),
        }

    def __enter__(self) -> SmtpServer:
        for controller in self._controllers.values():
            controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for controller in self._controllers.values():
            controller.stop()

    def reset(self) -> None:
        """An empty box, no script."""
        self.received.clear()
        self._answers.clear()
        self.logins = self.connections = 0
        self.only_sender = None

    def answer(self, command: str, reply: str, times: int = 1) -> None:
        """The next `times` of MAIL, RCPT or DATA get this reply (such as `451 DT:SPM`), DROP or KEEP_AND_DROP."""
        self._answers[command].extend([reply] * times)

    def port(self, security: str = "tls") -> int:
        """The port of tls, starttls or none."""
        return int(self._controllers[security].port)

    def settings(self, security: str = "tls", **changes: Any) -> dict[str, Any]:
        """The `smtp` section of office.yaml for this server."""
        return {
            "host": "127.0.0.1", "port": self.port(security), "security": security, "user": USER,
            "password": PASSWORD, "from": USER, "ca_file": str(self.ca_file), **changes,
        }  # fmt: skip

    # What aiosmtpd calls.

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, host: str, replies: Any) -> Any:
        self.connections += 1
        session.host_name = host
        return replies

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.only_sender is not None and address != self.only_sender:
            return "553 Mail from must equal authorized user"
        return self._scripted(server, "MAIL") or _accept(envelope, address)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if scripted := self._scripted(server, "RCPT"):
            return scripted
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        sender = (envelope.mail_from or "").removeprefix("<>")
        letter = Received(sender, tuple(envelope.rcpt_tos), bytes(envelope.original_content or b""))
        queue = self._answers["DATA"]
        if queue and queue[0] == KEEP_AND_DROP:
            self.received.append(letter)
        if scripted := self._scripted(server, "DATA"):
            return scripted
        self.received.append(letter)
        return "250 Mail OK queued"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """PASSWORD lets USER in."""
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.logins += right
        return AuthResult(success=right, handled=False, message=None if right else "535 Error: authentication failed")

    def _scripted(self, server: SMTP, command: str) -> str | None:
        queue = self._answers[command]
        if not queue:
            return None
        reply = queue.popleft()
        if reply in (DROP, KEEP_AND_DROP):
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        return reply


def _accept(envelope: Envelope, address: str) -> str:
    envelope.mail_from = address
    return "250 OK"


def _controller(handler: SmtpServer, **options: Any) -> Controller:
    from tests.servers import free_port

    return Controller(
        handler, hostname="127.0.0.1", port=free_port(), authenticator=handler.authenticate,
        auth_require_tls=False, **options,
    )  # fmt: skip
