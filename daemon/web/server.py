"""The application behind waitress, in a thread of its own."""

from __future__ import annotations

import socket
from threading import Thread
from typing import Any

from flask import Flask
from waitress.server import create_server

THREADS = 6
LONGEST_STOP = 5.0
"""Seconds that requests in hand may still take."""


class WebServer:
    """Serves from its making on until `stop`, which may be called from any thread."""

    def __init__(self, server: Any, listener: socket.socket) -> None:
        self._server = server
        self.port = int(listener.getsockname()[1])
        self._thread = Thread(target=self._loop, name="web", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Accepts nothing more, lets the requests in hand end, closes."""
        if not self._thread.is_alive():
            return
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=LONGEST_STOP)
        self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(LONGEST_STOP)

    def _loop(self) -> None:
        self._server.asyncore.loop(map=self._server._map, timeout=1)

    def _close_all(self) -> None:
        """In the server's own thread: its loop ends when nothing is left to wait for."""
        for channel in list(self._server._map.values()):
            channel.close()


def serve(app: Flask, host: str, port: int) -> WebServer:
    """Serves the pages at this address (port 0: any). OSError, in Chinese, where it can't be had."""
    listener = _listen(host, port)
    server = create_server(
        app, sockets=[listener], threads=THREADS, ident=None, max_request_body_size=16 * 2**20, channel_timeout=60,
        connection_limit=500, clear_untrusted_proxy_headers=False,
    )  # fmt: skip
    return WebServer(server, listener)


def _listen(host: str, port: int) -> socket.socket:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise OSError(
            f"网页地址 {host}:{port} 无法使用（{error.strerror}），请检查 office.yaml 的 web.host 和 web.port"
        ) from error
    return listener
