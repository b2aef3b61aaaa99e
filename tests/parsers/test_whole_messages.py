"""The whole step from bytes to drafts ends soon whatever the bytes are, and the same in any process."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from daemon.settings import load
from parsers.message import parse_message
from parsers.office import Office
from parsers.readers import NoReaders
from parsers.submission import Submission, as_json
from tests.corpus import messages
from tests.parsers.test_hostile_mail import HOSTILE

HOME = Path(__file__).resolve().parents[2]
MESSAGES = HOME / "tests" / "messages"
OWN = sorted(MESSAGES.rglob("*.eml"))
ROUNDS = int(os.environ.get("BAOSONG_FUZZ", "1"))
"""How often each mail is damaged in each way."""
SECONDS = 20


@cache
def office() -> Office:
    return load(MESSAGES / "config").office_value


def parsed(raw: bytes) -> Submission:
    """What a mail holds; asserts that reading it ended soon, in a value that can be printed."""
    began = time.process_time()
    found = parse_message(raw, office(), None, NoReaders())
    assert time.process_time() - began < SECONDS
    assert as_json(found, "x.eml")["kind"] in {"submission", "reply", "auto_reply", "bounce", "other"}
    return found


def damaged(raw: bytes, others: list[bytes], chance: random.Random) -> Iterator[bytes]:
    """The mail cut off at some thousandth byte, with flipped bits, with a piece of another mail in it, without one."""
    yield raw[: 1000 * chance.randrange(1 + len(raw) // 1000)]
    flipped = bytearray(raw)
    for _ in range(chance.choice((1, 20, 300))):
        flipped[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    yield bytes(flipped)
    other = chance.choice(others)
    here, there = chance.randrange(len(raw)), chance.randrange(len(other))
    yield raw[:here] + other[there : there + chance.choice((100, 5000, 200_000))] + raw[here:]
    yield raw[:here] + raw[here + chance.choice((1, 100, 10_000)) :]


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_damaged_mails_end_in_a_submission(share: int) -> None:
    mails = [path.read_bytes() for path in (*OWN, *messages())]
    chance = random.Random(share)
    for raw in mails[share::4]:
        for _ in range(ROUNDS):
            for broken in damaged(raw, mails, chance):
                parsed(broken)


DIV = b"Content-Type: text/html; charset=utf-8\n\n" + b"<div>" * 100_000 + "防火".encode() + b"</div>" * 100_000
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"
WHOLE = {
    **HOSTILE,
    "100,000 divisions, closed": DIV,
    "50,000 attachments": MIXED + b'--b\nContent-Disposition: attachment; filename="a.txt"\n\nx\n' * 50_000,
    "50,000 pictures": MIXED + b"--b\nContent-Type: image/png\n\n\x89PNG\r\n\n" * 50_000,
    "multipart 1000 deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(1000)
    )
    + b"Content-Type: text/plain\n\nx",
    "titles without end": b"\n\n" + "关于关于的通知通知".encode() * 200_000,
    "numbers of documents": b"\n\n" + "甲政发〔2026〕12号".encode() * 100_000,
    "dates": b"\n\n" + "二〇二六年十一月二十日 2026-11-20\n".encode() * 60_000,
    "annexes": b"\n\n" + "附件：1.表\n2.表\n".encode() * 60_000,
    "quoted heads": b"\n\n" + "发件人：甲\n发送时间：2026年\n收件人：乙\n主题：丙\n".encode() * 30_000,
    "identity numbers": b"\n\n" + b"370321190501011234 6222021234567890123 " * 50_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("raw", WHOLE.values(), ids=WHOLE)
def test_hostile_mails_end_in_a_submission(raw: bytes) -> None:
    parsed(raw)


def digests() -> Iterator[str]:
    """A mark of everything that was found in a mail, the order of it included."""
    for path in OWN[::3]:
        yield f"{path.name} {hashlib.sha256(repr(parsed(path.read_bytes())).encode()).hexdigest()}"


@pytest.mark.slow
def test_a_mail_reads_the_same_twice_and_in_any_process() -> None:
    here = list(digests())
    assert here == list(digests())
    for seed, zone, tongue in (("1", "America/St_Johns", "C"), ("77", "Pacific/Auckland", "C.UTF-8")):
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": tongue, "PYTHONPATH": str(HOME), "PATH": "/bin"}
        script = f"from {__name__} import digests; print(*digests(), sep=chr(10))"
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.split("\n")[:-1] == here
