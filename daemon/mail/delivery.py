"""Sends letters over SMTP, one connection for a batch. How many and when is the caller's business."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from dataclasses import dataclass
from functools import partial
from types import TracebackType

from daemon.mail.errors import SmtpLoginRefused, SmtpUnavailable, reason, said
from daemon.mail.letter import recipients
from daemon.mail.refusals import names_nobody
from daemon.mail.wire import tls_context, watched
from daemon.settings import models

TIMEOUT = 30.0
PATIENCE = 120.0
"""Seconds that one letter or one login may take in all."""


@dataclass(frozen=True)
class Delivered:
    """The server has taken it: what it does from now on comes back as mail, if at all."""

    nobody: tuple[str, ...] = ()
    """Those of its addresses that have no owner."""


@dataclass(frozen=True)
class TryLater:
    """This letter was put off; others may go."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """This letter will never be taken."""

    reason: str
    nobody: tuple[str, ...] = ()
    """Those of its addresses that have no owner."""


@dataclass(frozen=True)
class Unreachable:
    """No letter can be sent now: the server is away, puts all off, or doesn't want us."""

    reason: str


Outcome = Delivered | TryLater | Refused | Unreachable


class Delivery:
    """Calling it sends one letter. The connection is made when needed and kept until `close`."""

    def __init__(self, settings: models.Smtp) -> None:
        self._settings = settings
        self._client: smtplib.SMTP | None = None

    def __call__(self, to: str, raw: bytes) -> Outcome:
        """Hands over one letter, to one address or several with commas between; never raises for what servers do.

        It is delivered when one of them was taken.
        """
        try:
            client = self._client = self._client or self._connect()
            with watched(partial(_hang_up, client), PATIENCE):
                outcome = self._send(client, to, raw)
        except SmtpUnavailable as error:
            outcome = Unreachable(str(error))
        except (smtplib.SMTPException, OSError) as error:
            outcome = Unreachable(f"{self._where()}：{reason(error, 'smtp')}")
        if isinstance(outcome, Unreachable):
            self.close()
        return outcome

    def try_login(self) -> None:
        """Connects and logs in; SmtpUnavailable says what is wrong."""
        self._client = self._client or self._connect()

    def close(self) -> None:
        """Ends the connection. Never raises."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError), watched(partial(_hang_up, client), 5):
                client.quit()
            client.close()

    def __enter__(self) -> Delivery:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _send(self, client: smtplib.SMTP, to: str, raw: bytes) -> Outcome:
        sender = "" if self._settings.envelope == "null" else self._settings.from_address
        code, answer = client.mail(sender)
        if code != 250:
            # It is us whom the server doesn't want, or not now: that holds for every letter.
            return Unreachable(f"{self._where()}不接受发信人 {sender or '<>'}（{_line(code, answer)}）")
        answers = {address: client.rcpt(address) for address in recipients(to)}
        nobody = tuple(address for address, said in answers.items() if names_nobody(said[0], _text(said[1])))
        if not any(code in (250, 251) for code, _ in answers.values()):
            return self._reset(client, _judged(*min(answers.values()), nobody))
        try:
            code, answer = client.data(raw)
        except smtplib.SMTPDataError as error:
            code, answer = error.smtp_code, _bytes(error.smtp_error)
        return Delivered(nobody) if code == 250 else self._reset(client, _judged(code, answer, nobody))

    def _reset(self, client: smtplib.SMTP, outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Unreachable):
            client.rset()
        return outcome

    def _connect(self) -> smtplib.SMTP:
        try:
            client = self._greeted()
        except (smtplib.SMTPException, OSError) as error:
            raise SmtpUnavailable(f"无法连接{self._where()}：{reason(error, 'smtp')}") from error
        try:
            with watched(partial(_hang_up, client), PATIENCE):
                self._log_in(client)
        except BaseException:
            client.close()
            raise
        return client

    def _greeted(self) -> smtplib.SMTP:
        settings, context = self._settings, tls_context(self._settings.ca_file)
        name = settings.from_address.rpartition("@")[2]
        connect = partial(smtplib.SMTP_SSL, context=context) if settings.security == "tls" else smtplib.SMTP
        client = connect(settings.host, settings.port, local_hostname=name, timeout=TIMEOUT)
        try:
            if settings.security == "starttls":
                client.starttls(context=context)
        except BaseException:
            client.close()
            raise
        return client

    def _log_in(self, client: smtplib.SMTP) -> None:
        user, password = self._settings.user, self._settings.password
        try:
            client.ehlo_or_helo_if_needed()
            if user is not None and password is not None:
                client.login(user, password())
        except smtplib.SMTPAuthenticationError as error:
            hint = "请检查 smtp.user 和 smtp.password；网易、腾讯邮箱须填写客户端授权码"
            answer = _line(error.smtp_code, _bytes(error.smtp_error))
            raise SmtpLoginRefused(f"{self._where()}拒绝 {user} 登录（{answer}），{hint}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise SmtpUnavailable(f"{self._where()}：{reason(error, 'smtp')}") from error

    def _where(self) -> str:
        return f"发信服务器 {self._settings.host}:{self._settings.port}"


def _judged(code: int, answer: bytes, nobody: tuple[str, ...]) -> Outcome:
    if code == 421:
        return Unreachable(f"发信服务器暂停服务（{_line(code, answer)}）")
    return TryLater(_line(code, answer)) if 400 <= code < 500 else Refused(_line(code, answer), nobody)


def _line(code: int, answer: bytes) -> str:
    return said(Exception(f"{code} {_text(answer)}"))


def _text(answer: bytes) -> str:
    return answer.decode("utf-8", "replace")


def _bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()


def _hang_up(client: smtplib.SMTP) -> None:
    if client.sock is not None:
        with contextlib.suppress(OSError):
            # SSLSocket.shutdown would go on in plain text.
            socket.socket.shutdown(client.sock, socket.SHUT_RDWR)
