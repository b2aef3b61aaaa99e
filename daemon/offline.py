"""`parse`: message files to JSON lines, without mailbox or database. Writes into a temporary folder only."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path

from daemon.blobs import Blobs
from daemon.readers import MachineReaders
from daemon.readers.pool import Outcome, ParserPool
from daemon.rules.deadlines import judge
from daemon.settings import Settings
from parsers.mime import topmost_received
from parsers.submission import Finding, Sender, Submission, as_json

AHEAD = 32
"""Files given to the workers before the first of them is printed."""


def parse_files(files: Sequence[str], settings: Settings) -> int:
    """Prints one JSON object for each file, in their order; 1 where a file could not be opened."""
    missing = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="baosong-parse-")))
        pool = stack.enter_context(ParserPool(settings, Blobs(folder / "blobs")))
        for name, outcome in _outcomes(files, pool, folder):
            if isinstance(outcome, OSError):
                missing += 1
                print(f"{name}: {outcome.strerror}", file=sys.stderr)
            else:
                _print(name, outcome, settings)
    return 1 if missing else 0


def explain_files(files: Sequence[str], settings: Settings) -> int:
    """Prints for a person how each answer was found, in this very process: the files are the person's own."""
    from parsers.explain import explain  # loads every parser; no other command needs them in its own process

    readers = MachineReaders(settings.readers.ocr == "auto", settings.readers.office_suite == "auto")
    for name in files:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        print(f"== {name}")
        print(explain(raw, settings.office_value, topmost_received(raw), readers))
    return 0


def _outcomes(files: Iterable[str], pool: ParserPool, folder: Path) -> Iterator[tuple[str, Outcome | OSError]]:
    """Keeps the workers ahead of the printing, and the order of the files."""
    ahead: deque[tuple[str, Future[Outcome] | OSError]] = deque()
    for name in files:
        ahead.append((name, _submit(name, pool, folder)))
        if len(ahead) >= AHEAD:
            yield _result(*ahead.popleft())
    while ahead:
        yield _result(*ahead.popleft())


def _submit(name: str, pool: ParserPool, folder: Path) -> Future[Outcome] | OSError:
    try:
        path = _spooled(folder) if name == "-" else Path(name).absolute()
        return pool.submit(path, topmost_received(path.read_bytes()))
    except OSError as error:
        return error


def _spooled(folder: Path) -> Path:
    path = folder / "standard-input.eml"
    path.write_bytes(sys.stdin.buffer.read())
    return path


def _result(name: str, ahead: Future[Outcome] | OSError) -> tuple[str, Outcome | OSError]:
    return name, ahead if isinstance(ahead, OSError) else ahead.result()


def _print(name: str, outcome: Outcome, settings: Settings) -> None:
    found = _unreadable(outcome) if isinstance(outcome, str) else outcome
    judged = judge(found, settings.office_value, settings.calendar)
    print(json.dumps(as_json(judged, name), ensure_ascii=False), flush=True)


def _unreadable(reason: str) -> Submission:
    """What `parse` says of a file that ended its worker; the daemon shows such a message under 无法解析."""
    finding = Finding("message.unreadable", "block", f"邮件无法解析：{reason}。请查看原始邮件。")
    return Submission(None, None, Sender(None, None), None, None, None, "other", findings=(finding,))
