"""Every attachment of the sample mails, where they are on this machine, reads as their answers say."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from parsers import attachments
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import NoReaders
from tests.corpus import CORPUS, messages


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
    for part in message.walk():
        data = part.get_payload(decode=True) if isinstance(part, Message) and not part.is_multipart() else None
        if isinstance(data, bytes) and part.get_content_maintype() != "text":
            yield "x." + hashlib.sha256(data).hexdigest()[:8], data


def _contents(name: str, data: bytes, depth: int = 0) -> Iterator[Content]:
    content = attachments.read(name, data, NoReaders())
    yield content
    for member in content.members if depth < Budget().archive_depth else ():
        yield from _contents(member.name, member.data, depth + 1)


@pytest.mark.slow
def test_the_text_of_the_answers_is_found() -> None:
    """Names are withheld, so that content alone decides; scans need the OCR and are tested with it."""
    answers = {one["file"]: one for one in json.loads((CORPUS / "truth.json").read_text("utf-8"))} if messages() else {}
    for path in messages():
        found = [content for name, data in _files(path) for content in _contents(name, data)]
        text = "".join("".join(content.text.split()) for content in found)
        missing = [snippet for snippet in _expected(answers[path.name]) if "".join(snippet.split()) not in text]
        assert missing == [], path.name
        assert "damaged" in path.stem or all(content.status != "damaged" for content in found), path.name


def _expected(answer: dict[str, Any]) -> Iterator[str]:
    for draft in answer["drafts"]:
        if any(one["role"] == "main" and one["status"] == "read" for one in draft["attachments"]):
            yield from draft["contains"]
