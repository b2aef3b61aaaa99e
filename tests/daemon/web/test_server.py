"""The pages behind waitress."""

from __future__ import annotations

import http.client
import threading
import time

import pytest
from flask import Flask

from daemon.web.server import serve


def _app(asked: threading.Event) -> Flask:
    app = Flask("slow")

    @app.get("/")
    def page() -> str:
        asked.set()
        time.sleep(0.3)
        return "done"

    return app


def test_stopping_lets_a_request_in_hand_end_and_frees_the_address() -> None:
    asked = threading.Event()
    server = serve(_app(asked), "127.0.0.1", 0)
    answers: list[bytes] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/")
        answers.append(connection.getresponse().read())
        connection.close()

    asking = threading.Thread(target=ask)
    asking.start()
    assert asked.wait(10)
    begun = time.monotonic()
    server.stop()
    asking.join(10)
    assert answers == [b"done"]
    assert time.monotonic() - begun < 5
    serve(_app(asked), "127.0.0.1", server.port).stop()


def test_an_address_in_use_is_said_in_words() -> None:
    server = serve(_app(threading.Event()), "127.0.0.1", 0)
    try:
        with pytest.raises(OSError, match=r"web\.port"):
            serve(_app(threading.Event()), "127.0.0.1", server.port)
    finally:
        server.stop()
