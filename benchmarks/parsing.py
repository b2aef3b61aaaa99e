"""How fast mails are read, by what they carry, beside mail-parser and the standard library, in one run, as ratios.

Usage: python benchmarks/parsing.py [--seconds 2] [FOLDER …]

FOLDER holds .eml files, or any others, each of which makes a mail (default: the tests' own). The other two only take a
mail apart and decode its parts; we also read what stands in its files, so "÷ mail-parser" says what reading costs.
Mails with scans are left out: a page of OCR takes seconds whatever else is done. One process, one thread, CPU time,
each group read again and again.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import logging
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mailparser
from rich.console import Console
from rich.table import Table

from daemon.settings import load
from parsers.attachments import kind_of
from parsers.message import parse_message
from parsers.mime import read_mail
from parsers.office import Office
from parsers.readers import NoReaders, OcrLine
from tests.generated import generated

HOME = Path(__file__).resolve().parent.parent
KINDS = (
    "ofd",
    "archive",
    "pptx",
    "ppt",
    "doc",
    "wps",
    "rtf",
    "odt",
    "pdf",
    "ods",
    "xls",
    "et",
    "xlsx",
    "odp",
    "docx",
    "image",
)
"""A mail belongs to the first of these that it carries; to plain text, if it carries none."""
GENERATED = 10
_NO_MAIL = {".py", ".json", ".md", ".yaml", ".pyc"}
Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Speed:
    """Of one reader on one group of mails."""

    messages: float
    """A second."""
    megabytes: float
    """A second, of raw mail."""


class NotesScans(NoReaders):
    """Notes whether a page was met that only OCR could read."""

    scan = False

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        self.scan = True
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "folders", nargs="*", type=Path, default=[HOME / "tests" / "messages", HOME / "tests" / "files"]
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="CPU time for each reader and group")
    arguments = parser.parse_args()
    for secret in ("BAOSONG_IMAP_PASSWORD", "BAOSONG_SMTP_PASSWORD"):
        os.environ.setdefault(secret, "not used")
    logging.disable()  # mail-parser warns of every part that it passes over
    office = load(HOME / "tests" / "messages" / "config").office_value
    paths = [path for folder in arguments.folders for path in sorted(folder.rglob("*")) if path.is_file()]
    mails = [_mail(path) for path in paths if path.suffix not in _NO_MAIL]
    groups = _grouped([*mails, *(generated(number) for number in range(GENERATED))], office)
    readers: dict[str, Read] = {
        "baosong": lambda raw: parse_message(raw, office, None, NoReaders()),
        "mail-parser": _by_mail_parser,
        "stdlib": _by_standard_library,
    }
    Console(width=120).print(_table(groups, readers, arguments.seconds))


def _mail(path: Path) -> bytes:
    if path.suffix == ".eml":
        return path.read_bytes()
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "unit@example.cn", "报送材料"
    mail.set_content("请查收附件。")
    mail.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=path.name)
    return mail.as_bytes()


def _grouped(mails: Sequence[bytes], office: Office) -> dict[str, list[bytes]]:
    groups = defaultdict(list)
    for raw in mails:
        readers = NotesScans()
        parse_message(raw, office, None, readers)
        if not readers.scan:
            groups[_kind(raw)].append(raw)
    return {kind: groups[kind] for kind in (*KINDS, "plain") if kind in groups}


def _kind(raw: bytes) -> str:
    held = {kind_of(part.data, part.name or "") for part in read_mail(raw).parts}
    return next((kind for kind in KINDS if kind in held), "plain")


def _by_mail_parser(raw: bytes) -> object:
    mail = mailparser.parse_from_bytes(raw)
    return mail.subject, mail.from_, mail.body, mail.attachments


def _by_standard_library(raw: bytes) -> object:
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    return [part.get_payload(decode=True) for part in mail.walk()]


def _speed(read: Read, mails: Sequence[bytes], seconds: float) -> Speed:
    for raw in mails:  # loads what is loaded at first use
        read(raw)
    rounds, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        rounds += 1
        for raw in mails:
            read(raw)
    used = time.process_time() - began
    return Speed(rounds * len(mails) / used, rounds * sum(map(len, mails)) / used / 1e6)


def _table(groups: dict[str, list[bytes]], readers: dict[str, Read], seconds: float) -> Table:
    title = "messages/s (MB/s) of one process"
    table = Table("mails with", "mails", "KB each", *readers, "÷ mail-parser", "÷ stdlib", title=title)
    for kind, mails in groups.items():
        speeds = {name: _speed(read, mails, seconds) for name, read in readers.items()}
        ours, theirs, bare = (speeds[name].messages for name in readers)
        table.add_row(
            kind,
            str(len(mails)),
            f"{sum(map(len, mails)) / len(mails) / 1000:.0f}",
            *(f"{speed.messages:.0f} ({speed.megabytes:.1f})" for speed in speeds.values()),
            f"{ours / theirs:.2f}",
            f"{ours / bare:.2f}",
        )
    return table


if __name__ == "__main__":
    main()
