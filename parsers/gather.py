"""Every file that a mail brings, read: parts, members of archives, what stands in forwarded messages. Bounded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO

from PIL import Image

from parsers import attachments
from parsers.budgets import BUDGET, Budget
from parsers.content import Content, Member
from parsers.likeness import shingles
from parsers.mime import Mail, read_mail
from parsers.names import unnamed
from parsers.quoting import BodySplit, read_body
from parsers.readers import Readers
from parsers.submission import Finding

_PASSWORD = re.compile(r"密\s*码\s*(?:是|为)?\s*[:：]?\s*([A-Za-z0-9@#$%&*_.+!-]{3,32})")
_PICTURES = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
_NOTE = 50_000
"""Characters of a mail's text that are looked at for a password."""
_TEXT_PARTS = frozenset({"text/calendar", "message/delivery-status", "message/disposition-notification"})


@dataclass(frozen=True)
class File:
    """One file of a mail, read. `path` is where it stood: "3" a part, "3/1" a member of it."""

    name: str
    data: bytes = field(repr=False)
    content: Content
    path: str
    inline: bool = False
    """The HTML body shows it."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def shorter_side(self) -> int | None:
        """Of a picture, in pixels; None where it can't be told."""
        try:
            with Image.open(BytesIO(self.data), formats=_PICTURES) as opened:
                return min(opened.size)
        except Exception:  # noqa: BLE001 - Pillow raises whatever a broken header leads to
            return None

    @property
    def kind(self) -> str:
        return self.content.kind

    @property
    def stem(self) -> str:
        """The name without its extension."""
        stem, dot, extension = self.name.rpartition(".")
        return stem if dot and len(extension) <= 5 else self.name

    @property
    def folder(self) -> str:
        """The path of the file that it stood in; empty for a part of the mail."""
        return self.path.rpartition("/")[0]

    @property
    def readable(self) -> bool:
        return bool(self.content.text.strip())

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles(self.content.text)


@dataclass(frozen=True)
class Gathered:
    """A mail with its body taken apart, its files read, and the messages that stand inside it."""

    mail: Mail
    body: BodySplit
    files: tuple[File, ...] = ()
    inner: tuple[Gathered, ...] = ()

    @property
    def all_files(self) -> tuple[File, ...]:
        """The files of the mail and of every message inside it, in order."""
        return (*self.files, *(file for one in self.inner for file in one.all_files))

    @property
    def all_inner(self) -> tuple[Gathered, ...]:
        """Every message inside, the outer ones first."""
        return tuple(each for one in self.inner for each in (one, *one.all_inner))


def gather(mail: Mail, readers: Readers, budget: Budget = BUDGET) -> Gathered:
    """Everything in the mail, read within the budget; what lies beyond it is kept unread, with a finding."""
    return _Gatherer(readers, budget).mail(mail, "", 0)


class _Gatherer:
    """Counts what was read, so that no nesting of archives and messages costs more than the budget."""

    def __init__(self, readers: Readers, budget: Budget) -> None:
        self.readers = readers
        self.budget = budget
        self.read = 0
        self.unnamed = 0
        self.unpacked = 0

    def mail(self, mail: Mail, path: str, depth: int, passwords: tuple[str, ...] = ()) -> Gathered:
        known = passwords + _passwords(mail)
        files: list[File] = []
        inner: list[Gathered] = []
        for number, part in enumerate(mail.parts, 1):
            if part.media_type not in _TEXT_PARTS:
                name = self.name(part.name, part.data)
                files += self.file(name, part.data, f"{path}{number}", known, depth, inner, part.inline)
        return Gathered(mail, read_body(mail, mail.pictures), tuple(files), tuple(inner))

    def file(
        self,
        name: str,
        data: bytes,
        path: str,
        passwords: tuple[str, ...],
        depth: int,
        inner: list[Gathered],
        inline: bool,
    ) -> Iterator[File]:
        """The file, then what stands inside it."""
        content = self.content(name, data, passwords)
        members = self.within(content.members, path)
        if len(members) < len(content.members):
            content = replace(
                content, findings=(*content.findings, _left_out(name, len(content.members) - len(members)))
            )
        yield File(name, data, content, path, inline)
        if content.kind == "eml":
            inner += self.message(data, path, depth, passwords)
            return
        for number, member in enumerate(members, 1):
            own = self.name(member.name, member.data)
            yield from self.file(own, member.data, f"{path}/{number}", passwords, depth, inner, False)

    def content(self, name: str, data: bytes, passwords: tuple[str, ...]) -> Content:
        self.read += 1
        if self.read > self.budget.readable_attachments:
            message = f"附件超过{self.budget.readable_attachments}个，此件未读取，已原样保存，请人工查看。"
            finding = Finding("attachment.refused", "warn", message, place=name)
            return Content(attachments.kind_of(data, name), "stored", findings=(finding,))
        return attachments.read(name, data, self.readers, self.budget, passwords)

    def message(self, data: bytes, path: str, depth: int, passwords: tuple[str, ...]) -> list[Gathered]:
        """A message that was attached as a file."""
        if depth >= self.budget.nested_messages:
            return []
        return [self.mail(read_mail(data), f"{path}/", depth + 1, passwords)]

    def within(self, members: tuple[Member, ...], path: str) -> tuple[Member, ...]:
        """The members that the budget still allows."""
        if path.count("/") >= self.budget.archive_depth:
            return ()
        kept = []
        for member in members:
            self.unpacked += len(member.data)
            if self.unpacked <= self.budget.unpacked:
                kept.append(member)
        return tuple(kept)

    def name(self, given: str | None, data: bytes) -> str:
        if given and given.strip():
            return re.split(r"[/\\]", given.strip())[-1] or given.strip()
        self.unnamed += 1
        return unnamed(self.unnamed, attachments.kind_of(data, ""))


def _left_out(name: str, count: int) -> Finding:
    message = f"压缩包嵌套过深或内容过大，其中{count}个文件未读取，请报送单位拆分后重新发送。"
    return Finding("attachment.refused", "warn", message, place=name)


def _passwords(mail: Mail) -> tuple[str, ...]:
    """Passwords that the mail itself names ("解压密码：…")."""
    text = mail.plain or re.sub(r"<[^<>]{0,500}>", " ", (mail.html or "")[:_NOTE])
    return tuple(dict.fromkeys(_PASSWORD.findall(text[:_NOTE])))[:5]
