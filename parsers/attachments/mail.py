"""Messages that come as files: eml, Outlook's msg and winmail.dat. Their files are members; their text is blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import olefile

from parsers import html as clean_html
from parsers.attachments import blocks, tnef
from parsers.attachments.errors import Damaged
from parsers.budgets import Budget
from parsers.charsets import guess
from parsers.content import Block, Content, Member
from parsers.mime import read_mail
from parsers.names import base_name

_SUBJECT, _BODY, _HTML = "0037", "1000", "1013"
_LONG_NAME, _SHORT_NAME, _DATA = "3707", "3704", "3701"
_NESTED = 3


@dataclass
class _Found:
    """What a message held: its text, its files."""

    budget: Budget
    blocks: list[Block] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    def add_text(self, subject: str, html: str, plain: str) -> None:
        heading = blocks.paragraph(subject, centered=True)
        self.blocks += [heading] if heading else []
        self.blocks += (
            clean_html.read_html(html, budget=self.budget) if html.strip() else clean_html.plain_blocks(plain)
        )

    def content(self, kind: str) -> Content:
        members = tuple(self.members[: self.budget.archive_members])
        return Content(kind, "read", blocks=tuple(blocks.cut(self.blocks, self.budget.text)), members=members)


def read_eml(data: bytes, budget: Budget) -> Content:
    """A message as a file."""
    mail = read_mail(data, budget)
    found = _Found(budget)
    found.add_text(mail.subject or "", mail.html or "", mail.plain or "")
    found.members += [Member(part.name or "", part.data) for part in mail.parts]
    return found.content("eml")


def read_msg(data: bytes, budget: Budget) -> Content:
    """An Outlook message (MS-OXMSG), with the messages inside it."""
    found = _Found(budget)
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            _read_storage(_Storage(ole, ()), found, 0)
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:  # a broken sector chain
        raise Damaged from error
    return found.content("msg")


def read_tnef(data: bytes, budget: Budget) -> Content:
    """A winmail.dat: what Outlook packs a message's files into."""
    packed = tnef.read(data)
    found = _Found(budget)
    found.add_text("", packed.html, packed.plain)
    found.members += [Member(file.name, file.data) for file in packed.files]
    return found.content("archive")


@dataclass(frozen=True)
class _Storage:
    """A folder of an OLE file that holds the properties of a message or of one of its files."""

    ole: olefile.OleFileIO
    path: tuple[str, ...]

    def text(self, tag: str) -> str:
        """A property that is text: Unicode, else bytes in the sender's code."""
        for kind, decoded in (("001F", _utf16), ("001E", _old), ("0102", _old)):
            data = self.binary(tag, kind)
            if data is not None:
                return decoded(data).rstrip("\0")
        return ""

    def binary(self, tag: str, kind: str = "0102") -> bytes | None:
        place = [*self.path, f"__substg1.0_{tag}{kind}"]
        return self.ole.openstream(place).read() if self.ole.exists(place) else None

    def folders(self, start: str) -> Iterator[_Storage]:
        depth = len(self.path)
        entries = (tuple(entry) for entry in self.ole.listdir(streams=False, storages=True))
        for entry in entries:
            if len(entry) == depth + 1 and entry[:depth] == self.path and entry[-1].startswith(start):
                yield _Storage(self.ole, entry)


def _read_storage(message: _Storage, found: _Found, depth: int) -> None:
    found.add_text(message.text(_SUBJECT), message.text(_HTML), message.text(_BODY))
    for file in message.folders("__attach_version1.0_#"):
        data = file.binary(_DATA)
        if data is not None:
            name = base_name(file.text(_LONG_NAME) or file.text(_SHORT_NAME)) or ""
            found.members.append(Member(name, data))
        elif depth < _NESTED:
            for inner in file.folders(f"__substg1.0_{_DATA}000D"):
                _read_storage(inner, found, depth + 1)


def _old(data: bytes) -> str:
    """Text in the code of the sender's machine; zeros at its end would make it look like UTF-16."""
    return guess(data.rstrip(b"\0"))


def _utf16(data: bytes) -> str:
    return data.decode("utf-16-le", "replace")
