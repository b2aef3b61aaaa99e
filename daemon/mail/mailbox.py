"""The office's mailbox over IMAP: what is new there, and its bytes. Reads only: nothing is flagged, moved or deleted.

Only numbers and constants reach the wire (besides user, password and folder of the config). It works with servers
that have no IDLE, no UIDNEXT in their answers, and that refuse clients without an RFC 2971 ID (163, 126).
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import ProtocolError
from imapclient.response_parser import parse_fetch_response

from daemon.mail.errors import FetchFailed, FolderRefused, LoginRefused, MailboxUnavailable, TooLarge, Vanished, said
from daemon.mail.errors import reason as reason_of
from daemon.mail.wire import tls_context, watched
from daemon.settings import models

PIECE = 4 * 2**20
"""Bytes of a large message that one FETCH asks for."""
PATIENCE = 60.0
"""Seconds that a command may take, besides the time for its bytes."""
SLOWEST = 16 * 2**10
"""Bytes a second below which a server trickles, and is hung up on."""
CONNECT_SECONDS = 20.0
LISTED_AT_ONCE = 2000
_FACTS = "(UID INTERNALDATE RFC822.SIZE)"
_WHO = {"name": "baosong", "version": "0.1.0", "vendor": "baosong"}
_MESSAGE_ID = re.compile(rb"^message-id[ \t]*:(?:[ \t]|\r?\n[ \t])*(\S[^\r\n]{0,900})", re.I | re.M)


@dataclass(frozen=True)
class State:
    """Where the folder stands: every message to come has a UID of `uidnext` or more, while `uidvalidity` lasts."""

    uidvalidity: int
    uidnext: int


@dataclass(frozen=True)
class Listed:
    """A message on the server. `received_at` is INTERNALDATE with the server's zone; `size` is what the server says."""

    uid: int
    size: int
    received_at: datetime


class Mailbox:
    """One folder, one connection that is kept. Not for several threads. Every method may raise MailboxUnavailable,
    after which the next call connects anew."""

    def __init__(self, settings: models.Mailbox) -> None:
        self._settings = settings
        self._client: _Client | None = None
        self._exists = 0
        self._state: State | None = None

    def state(self) -> State:
        """How far the folder goes now. Costs one EXAMINE, however much mail there is."""
        with self._speaking() as client:
            facts = self._examine(client)
            uidnext = _number(facts.get(b"UIDNEXT")) or self._highest_uid(client) + 1
            validity = _number(facts.get(b"UIDVALIDITY"))
            if validity is None:
                raise ProtocolError("no UIDVALIDITY")
            self._state = State(validity, uidnext)
            return self._state

    def listing(self, after_uid: int) -> tuple[Listed, ...]:
        """What lies above this UID, in ascending order. Call `state` first."""
        with self._speaking(self._exists * 100) as client:
            # `n:*` always answers with the last message too.
            return tuple(one for one in client.facts(f"{after_uid + 1}:*") if one.uid > after_uid)

    def message_ids(self, uids: Sequence[int]) -> dict[int, str | None]:
        """The Message-ID of each, in one command; UIDs that are gone are left out."""
        answers = self._fetch(uids, "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]", len(uids) * 500)
        return {uid: message_id_in(content) for uid, content in answers.items()}

    def fetch_many(self, listed: Sequence[Listed]) -> dict[int, bytes]:
        """The bytes of small messages, in one command; UIDs that are gone are left out. FetchFailed: it won't."""
        return self._fetch([one.uid for one in listed], "BODY.PEEK[]", sum(one.size for one in listed))

    def fetch(self, uid: int) -> bytes:
        """The bytes of one message, piece by piece, since its size is only the server's word. FetchFailed or its kinds
        where they are not to be had or more than `mailbox.max_size`."""
        raw = bytearray()
        while len(piece := self._piece(uid, len(raw))) == PIECE:
            raw += piece
            if len(raw) > self._settings.max_size:
                raise TooLarge(f"邮件超过 mailbox.max_size（{self._settings.max_size // 2**20} MB）")
        return bytes(raw + piece)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Sleeps until the server tells of something new (True), the time is over or `stop` is set (False)."""
        if self._client is None or not self._client.has_capability("IDLE"):
            stop.wait(seconds)
            return False
        before = self._state
        if self.state() != before:
            return True
        with self._speaking(seconds * SLOWEST) as client:
            client.idle()
            awake = client.readable_within(seconds, stop)
            client.idle_done()
        return awake

    def close(self) -> None:
        """Logs out. Never raises."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(imaplib.IMAP4.error, OSError), watched(client.hang_up, 5):
                client.logout()

    def _piece(self, uid: int, offset: int) -> bytes:
        answers = self._fetch([uid], f"BODY.PEEK[]<{offset}.{PIECE}>", PIECE)
        if uid not in answers:
            raise Vanished
        return answers[uid]

    def _fetch(self, uids: Iterable[int], item: str, size: int) -> dict[int, bytes]:
        with self._speaking(size) as client:
            try:
                answers = client.fetch(list(uids), [item])
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                if isinstance(error, ProtocolError):
                    raise
                raise FetchFailed(f"服务器没有给出邮件内容：{said(error)}") from error
        return {uid: content for uid, answer in answers.items() if (content := _content(answer)) is not None}

    def _examine(self, client: _Client) -> dict[bytes, Any]:
        folder = self._settings.folder
        try:
            facts: dict[bytes, Any] = client.select_folder(folder, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            self._drop()
            sentence = f"{self._where()}不允许打开文件夹 {folder}（{said(error)}），请检查 mailbox.folder"
            raise FolderRefused(sentence) from error
        self._exists = _number(facts.get(b"EXISTS")) or 0
        return facts

    def _highest_uid(self, client: _Client) -> int:
        return max((one.uid for one in client.facts("*")), default=0) if self._exists else 0

    @contextlib.contextmanager
    def _speaking(self, size: float = 0) -> Iterator[_Client]:
        """The connection, for one exchange of about `size` bytes; a server that is too slow is hung up on."""
        client = self._client = self._client or self._connect()
        try:
            with watched(client.hang_up, PATIENCE + size / SLOWEST):
                yield client
        except (imaplib.IMAP4.abort, ProtocolError, OSError, ValueError) as error:
            self._drop()
            raise MailboxUnavailable(f"{self._where()}：{reason_of(error, 'mailbox')}") from error

    def _connect(self) -> _Client:
        context = tls_context(self._settings.ca_file)
        try:
            client = _Client(self._settings, context)
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnavailable(f"无法连接{self._where()}：{reason_of(error, 'mailbox')}") from error
        try:
            with watched(client.hang_up, PATIENCE):
                client.introduce(self._settings, context)
        except (imaplib.IMAP4.error, OSError) as error:
            client.hang_up()
            if isinstance(error, imaplib.IMAP4.abort | OSError):
                raise MailboxUnavailable(f"{self._where()}：{reason_of(error, 'mailbox')}") from error
            raise LoginRefused(_login_sentence(self._where(), self._settings.user, error)) from error
        return client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.hang_up()
        self._client = self._state = None

    def _where(self) -> str:
        return f"邮箱服务器 {self._settings.host}:{self._settings.port}"


class _Client(IMAPClient):  # type: ignore[misc]
    """IMAPClient with what it lacks: ranges of UIDs, hanging up from another thread, waiting on the socket."""

    def __init__(self, settings: models.Mailbox, context: ssl.SSLContext) -> None:
        super().__init__(
            settings.host,
            settings.port,
            ssl=settings.security == "tls",
            ssl_context=context if settings.security == "tls" else None,
            timeout=SocketTimeout(CONNECT_SECONDS, PATIENCE),
        )
        self.normalise_times = False

    def introduce(self, settings: models.Mailbox, context: ssl.SSLContext) -> None:
        """Logs in and says who we are, before any folder is opened: 163 and 126 refuse it otherwise."""
        if settings.security == "starttls":
            self.starttls(context)
        password = settings.password()
        if not (password.isascii() and settings.user.isascii()):
            raise imaplib.IMAP4.error("user and password must be ASCII")
        self.login(settings.user, password)
        if self.has_capability("ID"):
            self.id_(_WHO)

    def facts(self, uid_range: str) -> Iterator[Listed]:
        """UID, time and size of a range such as `7:*`, ascending; `fetch` takes no ranges."""
        kind, lines = self._imap.uid("FETCH", uid_range, _FACTS)
        self._checkok("fetch", kind, lines)
        found = [one for some in _slices(lines, LISTED_AT_ONCE) for one in _listed(some)]
        return iter(sorted(found, key=lambda one: one.uid))

    def hang_up(self) -> None:
        """Closes the connection under whoever is reading from it."""
        with contextlib.suppress(OSError):
            # SSLSocket.shutdown would go on in plain text.
            socket.socket.shutdown(self.socket(), socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._imap.shutdown()

    def readable_within(self, seconds: float, stop: threading.Event) -> bool:
        """Whether the server says something before the time is over or `stop` is set."""
        end = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self.socket().fileno(), select.POLLIN)
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            if poll.poll(min(left, 0.5) * 1000):
                return True
        return False


def message_id_in(header: bytes) -> str | None:
    """The Message-ID of a header, as it stands; None where there is none."""
    match = _MESSAGE_ID.search(header)
    return match[1].decode("ascii", "replace").strip() if match else None


def retry_after(failures: int) -> float:
    """Seconds to wait after so many failures to reach a server in a row: 5, 10, 20 … 300."""
    return float(min(300, 5 * 2 ** min(max(failures, 1) - 1, 10)))


def _listed(lines: list[Any]) -> Iterator[Listed]:
    for uid, answer in parse_fetch_response(lines, normalise_times=False).items():
        # Another program's change of flags comes unasked, without size and time.
        if b"RFC822.SIZE" in answer and b"INTERNALDATE" in answer:
            yield Listed(int(uid), int(answer[b"RFC822.SIZE"]), _aware(answer[b"INTERNALDATE"]))


def _aware(moment: Any) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ProtocolError(f"bad INTERNALDATE {moment!r}")
    return moment


def _content(answer: dict[bytes, Any]) -> bytes | None:
    return next((value or b"" for key, value in answer.items() if key.startswith(b"BODY[")), None)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _slices(lines: list[Any], length: int) -> Iterator[list[Any]]:
    for start in range(0, len(lines), length):
        yield lines[start : start + length]


def _login_sentence(where: str, user: str, error: Exception) -> str:
    hint = "请检查 mailbox.user 和 mailbox.password；网易、腾讯邮箱须填写客户端授权码，并在网页邮箱设置中开启 IMAP"
    return f"{where}拒绝 {user} 登录（{said(error)}），{hint}"
