"""Every sample mail and every file in it cut off at each 1,000th byte, with bits flipped and pieces moved.

`python -m tests.fuzz` does all of it (38,000 readings, half an hour on two cores) and tells what was
slowest; tests/parsers/test_fuzz.py does a part of it in the suite.
"""

from __future__ import annotations

import email.policy
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path

from daemon.settings import load
from parsers import attachments
from parsers.message import parse_message
from parsers.office import Office
from parsers.readers import NoReaders
from tests.corpus import CORPUS, messages
from tests.offices import HOME

STEP = 1000
SECONDS = 20
"""Of CPU that any of them may take: what a light worker is given."""
MEMORY = 2 * 2**30
OWN = HOME / "tests" / "messages"
_NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
_STATUSES = {"read", "stored", "scanned", "encrypted", "damaged", "refused"}


def mails() -> list[Path]:
    """The sample mails: the corpus, where it is on this machine, and our own."""
    return [*messages(), *sorted(OWN.rglob("*.eml"))]


def files(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a mail as they travel."""
    for part in email.message_from_bytes(raw, policy=email.policy.compat32).walk():
        data = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(data, bytes) and data and part.get_content_maintype() != "text":
            yield part.get_filename() or "", data


def cuts(data: bytes) -> Iterator[bytes]:
    """The beginning of it, up to each 1,000th byte."""
    return (data[:end] for end in range(STEP, len(data), STEP))


def damaged(data: bytes, seed: str, times: int = 1) -> Iterator[bytes]:
    """With bits flipped, and with a piece moved."""
    chance = random.Random(seed)
    for _ in range(times):
        flipped = bytearray(data)
        for _ in range(chance.choice((1, 20, 300))):
            flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield bytes(flipped)
        begin, end, to = (chance.randrange(len(data)) for _ in range(3))
        yield data[:to] + data[min(begin, end) : max(begin, end)] + data[to:]


def check_mail(raw: bytes) -> float:
    """Reads it as the daemon does, to the words of its drafts; gives the seconds of CPU."""
    began = time.process_time()
    found = parse_message(raw, _office(), _NOON, NoReaders())
    "".join(draft.title + draft.body_html + draft.body_text for draft in found.drafts).encode()
    return _in_bounds(began)


def check_file(name: str, data: bytes) -> float:
    """Reads a file alone."""
    began = time.process_time()
    assert attachments.read(name, data, NoReaders()).status in _STATUSES
    return _in_bounds(began)


def _in_bounds(began: float) -> float:
    taken = time.process_time() - began
    assert taken < SECONDS, f"{taken:.1f} s"
    return taken


@cache
def _office() -> Office:
    folder = CORPUS / "config"
    return load(folder if folder.exists() else OWN / "config").office_value


def _everything(path: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    raw = path.read_bytes()
    for number, broken in enumerate((*cuts(raw), *damaged(raw, path.name, 20))):
        yield f"{path.name} {number}", partial(check_mail, broken)
    for name, data in files(raw):
        for number, broken in enumerate((*cuts(data), *damaged(data, name, 20))):
            yield f"{path.name}: {name} {number}", partial(check_file, name, broken)


def _run(path: Path) -> tuple[int, float, str, list[str]]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    number, slowest, which, failed = 0, 0.0, "", list[str]()
    for what, check in _everything(path):
        number += 1
        try:
            taken = check()
        except Exception as error:  # noqa: BLE001 - what this program looks for
            failed.append(f"{what}: {type(error).__name__}: {error}")
            continue
        if taken > slowest:
            slowest, which = taken, what
    return number, slowest, which, failed


def main() -> int:
    """All of it; 1 where anything failed."""
    began, total, failures = time.monotonic(), 0, list[str]()
    slowest, which = 0.0, ""
    with Pool(maxtasksperchild=8) as pool:
        for number, longest, what, failed in pool.imap_unordered(_run, mails()):
            total, failures = total + number, failures + failed
            slowest, which = max((slowest, which), (longest, what))
    sys.stdout.write("\n".join((*failures, "")))
    sys.stdout.write(f"{total} readings, {len(failures)} failed, {time.monotonic() - began:.0f} s; ")
    sys.stdout.write(f"slowest {slowest:.2f} s: {which}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
