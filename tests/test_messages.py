"""The mails of other offices, whose authors had not seen the parsers: each is read as its author meant it.

What each mail tries is its `note` in truth.json. Where two readings are right, the answer there is a list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from daemon.readers import MachineReaders
from daemon.rules.deadlines import judge
from daemon.settings import Settings, load
from parsers.dates import fold
from parsers.message import parse_message
from parsers.mime import topmost_received
from parsers.submission import as_json

OFFICES = [Path(__file__).parent / "messages" / name for name in ("linhe", "naling", "narenhe")]
TRUTH: list[tuple[Path, dict[str, Any]]] = [
    (office, truth) for office in OFFICES for truth in json.loads((office / "truth.json").read_text("utf-8"))
]
ALIKE = 0.9
"""Share of a title that OCR must have read right."""


@cache
def settings(office: Path) -> Settings:
    return load(office / "config")


@pytest.mark.parametrize(
    ("office", "truth"), TRUTH, ids=[f"{office.name}-{one['file'].removesuffix('.eml')}" for office, one in TRUTH]
)
def test_a_mail_is_read_as_its_author_meant_it(office: Path, truth: dict[str, Any]) -> None:
    said = parsed(office, truth["file"])
    assert said["kind"] in options(truth["kind"])
    assert said["unit"] in options(truth["unit"])
    assert len(said["drafts"]) == len(truth["drafts"]), [draft["title"] for draft in said["drafts"]]
    for wanted in truth["drafts"]:
        differences = [list(disagreements(wanted, draft)) for draft in said["drafts"]]
        assert [] in differences, min(differences, key=len)


def parsed(office: Path, name: str) -> dict[str, Any]:
    raw = (office / "messages" / name).read_bytes()
    given = settings(office)
    found = parse_message(raw, given.office_value, topmost_received(raw), MachineReaders())
    return as_json(judge(found, given.office_value, given.calendar), name)


def disagreements(wanted: dict[str, Any], said: dict[str, Any]) -> Iterable[str]:
    """What of the main facts of a draft is not as it should be, in words."""
    if not any(same_title(title, said["title"], wanted.get("ocr", False)) for title in options(wanted["title"])):
        yield f"title: {said['title']}"
    if said["column"] not in wanted["columns"]:
        yield f"column: {said['column']}"
    for name in ("document_number", "issued_on", "timeliness"):
        if said[name] not in options(wanted[name]):
            yield f"{name}: {said[name]}"
    if instant(said["submit_due_at"]) not in map(instant, options(wanted["submit_due_at"])):
        yield f"submit_due_at: {said['submit_due_at']}"


def same_title(wanted: str, said: str, by_ocr: bool) -> bool:
    one, other = (re.sub(r"\s", "", fold(title)) for title in (wanted, said))
    return one == other or (by_ocr and SequenceMatcher(None, one, other).ratio() >= ALIKE)


def options(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
