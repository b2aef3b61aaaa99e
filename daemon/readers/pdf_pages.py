"""Pages of a PDF as pictures, each made in a process of its own: what a hostile file does there harms nobody.

As a program (`python -m daemon.readers.pdf_pages FILE PAGE`): writes the page as PNG to standard output, for page 0 the
number of pages.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

import pypdfium2

WIDTH = 1000
"""Pixels; a page that is far taller than wide is made narrower, so that it has no more than MOST of them."""
MOST = 4_000_000
SECONDS = 20
MEMORY = 2 * 2**30
_AT_ONCE = BoundedSemaphore(2)
"""Each takes a processor for itself, and the daemon has work to do too."""


def count_pages(file: Path) -> int:
    """How many pages it has; 0 where it can't be read."""
    answer = _ask(file, 0)
    return int(answer) if answer else 0


def page_picture(file: Path, number: int) -> bytes | None:
    """The page (from 1 on) as PNG; None where there is none to be had."""
    return _ask(file, number) or None


def _ask(file: Path, number: int) -> bytes:
    command = [sys.executable, "-m", __name__, str(file), str(number)]
    root = Path(__file__).resolve().parents[2]
    try:
        with _AT_ONCE:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, cwd=root, check=False)
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""


def _answer(file: str, number: int) -> bytes:
    with pypdfium2.PdfDocument(file) as document:
        if number == 0:
            return str(len(document)).encode()
        page = document[number - 1]
        scale = min(WIDTH / page.get_width(), (MOST / (page.get_width() * page.get_height())) ** 0.5)
        return _png(page.render(scale=scale).to_pil())


def _png(picture: object) -> bytes:
    from io import BytesIO

    stream = BytesIO()
    picture.save(stream, "PNG")  # type: ignore[attr-defined]
    return stream.getvalue()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(_answer(sys.argv[1], int(sys.argv[2])))
