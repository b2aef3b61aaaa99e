"""A TCP proxy before a real server, which makes it behave as providers and bad lines do."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator


class Behaviour:
    """What the proxy does to a conversation; this one does nothing. One object sees all connections."""

    def said(self, line: bytes) -> bytes | None:
        """The client said this line: an answer in the server's place, or None to pass it on."""
        return None

    def answered(self, chunk: bytes) -> bytes:
        """The server answered this: what the client gets of it."""
        return chunk

    def passes(self, chunk: bytes, client: socket.socket) -> None:
        """Hands the answer over."""
        client.sendall(chunk)


class NetEase(Behaviour):
    """163 and 126: no folder without ID, no IDLE, no UIDNEXT."""

    def __init__(self) -> None:
        self.introduced = False

    def said(self, line: bytes) -> bytes | None:
        tag, _, command = line.partition(b" ")
        self.introduced = self.introduced or command.upper().startswith(b"ID ")
        if command.upper().startswith((b"SELECT", b"EXAMINE")) and not self.introduced:
            return tag + b" NO EXAMINE Unsafe Login. Please contact kefu@188.com for help\r\n"
        return None

    def answered(self, chunk: bytes) -> bytes:
        return re.sub(rb"\* OK \[UIDNEXT \d+\][^\r]*\r\n| IDLE\b", b"", chunk)


class Trickling(Behaviour):
    """After a while, a byte every tenth of a second: a socket's own time-out never comes."""

    def __init__(self, after: bytes) -> None:
        self.after = after
        self.begun = False

    def said(self, line: bytes) -> bytes | None:
        self.begun = self.begun or self.after in line
        return None

    def passes(self, chunk: bytes, client: socket.socket) -> None:
        if not self.begun:
            client.sendall(chunk)
            return
        for byte in chunk:
            client.sendall(bytes([byte]))
            time.sleep(0.1)


class CutOff(Behaviour):
    """Hangs up once, after so many bytes of the answer to a command."""

    def __init__(self, command: bytes, after_bytes: int) -> None:
        self.command, self.left = command, after_bytes
        self.begun = self.done = False

    def said(self, line: bytes) -> bytes | None:
        self.begun = self.begun or self.command in line
        return None

    def passes(self, chunk: bytes, client: socket.socket) -> None:
        if not self.begun or self.done:
            client.sendall(chunk)
            return
        client.sendall(chunk[: self.left])
        self.left -= len(chunk)
        if self.left <= 0:
            self.done = True
            client.shutdown(socket.SHUT_RDWR)


class Silent(Behaviour):
    """Says nothing more once it has heard a command."""

    def __init__(self, command: bytes) -> None:
        self.command = command
        self.begun = False

    def said(self, line: bytes) -> bytes | None:
        self.begun = self.begun or self.command in line
        return None

    def passes(self, chunk: bytes, client: socket.socket) -> None:
        if not self.begun:
            client.sendall(chunk)


@contextlib.contextmanager
def proxied(target_port: int, behaviour: Behaviour) -> Iterator[int]:
    """The port of a proxy before 127.0.0.1:target_port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, target_port, behaviour), daemon=True).start()
        yield int(listener.getsockname()[1])
        # accept() in the other thread would hold the port.
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, target_port: int, behaviour: Behaviour) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", target_port))
            threading.Thread(target=_ask, args=(client, server, behaviour), daemon=True).start()
            threading.Thread(target=_answer, args=(client, server, behaviour), daemon=True).start()


def _ask(client: socket.socket, server: socket.socket, behaviour: Behaviour) -> None:
    with contextlib.suppress(OSError, ValueError), client.makefile("rb") as lines:
        for line in lines:
            if (own := behaviour.said(line)) is None:
                server.sendall(line)
            else:
                client.sendall(own)
    with contextlib.suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)


def _answer(client: socket.socket, server: socket.socket, behaviour: Behaviour) -> None:
    with contextlib.suppress(OSError), client, server:
        while chunk := server.recv(65536):
            behaviour.passes(behaviour.answered(chunk), client)
