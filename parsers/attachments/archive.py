"""Archives: their members' names and bytes, unpacked in memory within bounds. No path or link in one is followed."""

from __future__ import annotations

import bz2
import gzip
import locale
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, cast

import archi

from parsers.attachments import sevens, zips
from parsers.attachments.errors import Damaged, Encrypted, Refused
from parsers.attachments.findings import of_error
from parsers.budgets import Budget
from parsers.charsets import guess
from parsers.content import Content, Member, Sealed
from parsers.names import base_name

_CHUNK = 256 * 1024
_RATIO_FROM = 10 * 2**20
_PACKED_RATIO = 20
"""What is packed already hardly packs again: an archive inside one that shrinks more than this is a bomb."""
_SEVEN = b"7z\xbc\xaf"
_PACKED = (b"PK\3\4", b"Rar!", _SEVEN, b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_JUNK = {"thumbs.db", "desktop.ini", ".ds_store"}
_STREAMS: tuple[tuple[bytes, Callable[[BytesIO], BinaryIO]], ...] = (
    (b"\x1f\x8b\x08", lambda data: cast(BinaryIO, gzip.open(data))),  # noqa: SIM115 - closed where it is read
    (b"BZh", lambda data: cast(BinaryIO, bz2.open(data))),  # noqa: SIM115
    (b"\xfd7zXZ\0", lambda data: cast(BinaryIO, lzma.open(data))),  # noqa: SIM115
)
_STREAM_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)
_LOCKED_FOR_GOOD = "加密的 rar 压缩包有密码也无法打开，请报送单位取消密码，或改用 zip 格式压缩后重新发送。"
_BOMB = "压缩包解压后体积异常庞大，疑似恶意文件，未予打开，请报送单位直接发送原文件。"


@dataclass
class Unpacking:
    """Counts what is unpacked of one archive. Its methods raise Refused over a bound."""

    packed: int
    budget: Budget
    members: list[Member] = field(default_factory=list)
    bytes_out: int = 0

    def read(self, stream: Callable[[int], bytes], packed: int | None = None) -> bytes:
        """A member's bytes, a piece at a time. `packed`: its size in the archive, where that is known."""
        pieces = []
        size = 0
        while piece := stream(_CHUNK):
            pieces.append(piece)
            size += len(piece)
            self.count(len(piece))
            if packed and size > _PACKED_RATIO * packed + _CHUNK and pieces[0].startswith(_PACKED):
                raise Refused(_BOMB)
        return b"".join(pieces)

    def add(self, name: str, data: bytes) -> None:
        """A member by its base name; what programs leave behind (resource forks, thumbnails) is passed over."""
        if len(self.members) >= self.budget.archive_members:
            message = f"压缩包内文件超过 {self.budget.archive_members} 个，未予打开，请报送单位分批发送。"
            raise Refused(message)
        self.members.append(Member(base_name(name) or "", data))

    def count(self, size: int) -> None:
        """So many bytes more. Raises Refused over a bound."""
        self.bytes_out += size
        ratio = self.bytes_out > max(_RATIO_FROM, self.budget.unpacked_ratio * self.packed)
        if ratio or self.bytes_out > self.budget.unpacked:
            raise Refused(_BOMB)


def read(name: str, data: bytes, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """The members of an archive; Sealed ones where it is locked. Raises Unreadable where none are to be had."""
    unpacking = Unpacking(len(data), budget)
    if data.startswith(b"PK"):
        locked = _read_zip(data, unpacking, passwords)
    else:
        locked = False
        _read_other(name, data, unpacking, passwords)
    findings = (of_error(Encrypted()),) if locked else ()
    return Content("archive", "encrypted" if locked else "read", members=tuple(unpacking.members), findings=findings)


def is_junk(name: str) -> bool:
    """A file that a program left, not a person."""
    path = name.replace("\\", "/")
    base = path.rpartition("/")[2]
    return path.startswith("__MACOSX/") or base.lower() in _JUNK or base.startswith(("~$", "._"))


def _read_zip(data: bytes, unpacking: Unpacking, passwords: tuple[str, ...]) -> bool:
    """Whether a member stayed locked."""
    locked = False
    with zips.opened(data, unpacking.budget) as archive:
        for info in archive.infolist():
            name = zips.member_name(info)
            if info.is_dir() or is_junk(name) or stat.S_ISLNK(info.external_attr >> 16):
                continue
            content = _member(archive, info, unpacking, passwords)
            locked = locked or isinstance(content, Sealed)
            unpacking.add(name, content)
    if unpacking.members and not any(member.data for member in unpacking.members):
        raise Damaged
    return locked


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, unpacking: Unpacking, passwords: tuple[str, ...]) -> bytes:
    """A member's bytes, Sealed where it is locked, none where it is broken: it then reads as damaged by itself."""
    try:
        content = zips.read_member(archive, info, unpacking.read, passwords)
        return Sealed(zips.raw(archive, info)) if content is None else content
    except Damaged:
        return b""


def _read_other(name: str, data: bytes, unpacking: Unpacking, passwords: tuple[str, ...]) -> None:
    for magic, open_stream in _STREAMS:
        if data.startswith(magic):
            inner = _read_stream(open_stream, data, unpacking)
            if inner[257:262] != b"ustar":
                unpacking.add(_unpacked_name(name), inner)
                return
            data = inner
    try:
        for member, content in _entries(data, unpacking):
            unpacking.add(member, content)
    except Encrypted:
        _unlock(data, unpacking, passwords)


def _unlock(data: bytes, unpacking: Unpacking, passwords: tuple[str, ...]) -> None:
    """All members of a locked 7z anew: some may have been in the open."""
    if not data.startswith(_SEVEN):
        raise Encrypted(_LOCKED_FOR_GOOD)
    unpacking.members.clear()
    unpacking.bytes_out = 0
    for name, content in sevens.members(data, passwords, unpacking.count):
        if not is_junk(name):
            unpacking.add(name, content)


def _read_stream(open_stream: Callable[[BytesIO], BinaryIO], data: bytes, unpacking: Unpacking) -> bytes:
    try:
        with open_stream(BytesIO(data)) as stream:
            return unpacking.read(stream.read)
    except _STREAM_ERRORS as error:
        raise Damaged from error


def _unpacked_name(name: str) -> str:
    stem, dot, _ = name.rpartition(".")
    return stem if dot else name


@contextmanager
def _utf8_names() -> Iterator[None]:
    """libarchive turns names of 7z into the locale's characters and fails in the C locale: what a mail holds must not
    depend on how the daemon was started."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:  # a system without it: names as the locale has them
        yield
        return
    try:
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _entries(data: bytes, unpacking: Unpacking) -> Iterator[tuple[str, bytes]]:
    """Members by libarchive: each must be read before the next is asked for."""
    try:
        with _utf8_names():
            for entry in archi.Archive(BytesIO(data)):
                name = guess(os.fsencode(entry.filename))
                if stat.S_ISREG(entry.mode) and not is_junk(name):
                    yield name, unpacking.read(entry.read)
    except (archi.Error, archi.ArchiveWarning, OSError, ValueError, TypeError) as error:
        said = str(error)
        raise (Encrypted() if "ncrypt" in said or "assphrase" in said else Damaged()) from error
