"""What both servers need: certificates checked, and a bound on the whole of an exchange."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates are checked against the system's authorities, or against this file alone."""
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


@contextlib.contextmanager
def watched(hang_up: Callable[[], None], seconds: float) -> Iterator[None]:
    """Hangs up when the exchange takes longer: a socket's own time-out starts again with every byte."""
    watchdog = threading.Timer(seconds, hang_up)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
