"""Locked 7z archives, by a password that the mail gives. libarchive opens no locked ones; py7zr does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO

import py7zr
from py7zr.io import Py7zIO, WriterFactory

from parsers.attachments.errors import Damaged, Encrypted, Unreadable

_AES = b"\x06\xf1\x07\x01"
_ROUNDS = re.compile(re.escape(_AES) + rb".(.)", re.DOTALL)
_HIGHEST_ROUNDS = 20
"""Powers of two that the key may be stirred; 7-Zip itself writes 19. More is made to waste time."""
_FOLDERS = 16
"""Each has a key of its own, a quarter of a second."""
_TOO_COSTLY = "此 7z 压缩包的加密方式过于繁复，未予打开，请报送单位取消密码，或改用 zip 格式压缩后重新发送。"


@dataclass
class _Piece(Py7zIO):
    """A member while it is unpacked: `count` sees each piece before it is kept and raises over a bound."""

    count: Callable[[int], None]
    data: bytearray = field(default_factory=bytearray)

    def write(self, s: bytes | bytearray) -> int:
        self.count(len(s))
        self.data += s
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return bytes(self.data[:size])

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        """Nothing waits."""

    def size(self) -> int:
        return len(self.data)


@dataclass
class _Pieces(WriterFactory):
    count: Callable[[int], None]
    members: list[tuple[str, _Piece]] = field(default_factory=list)

    def create(self, filename: str) -> Py7zIO:
        piece = _Piece(self.count)
        self.members.append((filename, piece))
        return piece


def members(data: bytes, passwords: tuple[str, ...], count: Callable[[int], None]) -> list[tuple[str, bytes]]:
    """Names and bytes by the first password that fits. Raises Encrypted where none does, and what `count` raises."""
    _check_cost(match.group(1)[0] for match in _ROUNDS.finditer(data))
    for password in passwords:
        found = _by(password, data, count)
        if found is not None:
            return found
    raise Encrypted


def _by(password: str, data: bytes, count: Callable[[int], None]) -> list[tuple[str, bytes]] | None:
    """None where the password is wrong, or the archive broken: the two look alike."""
    pieces = _Pieces(count)
    try:
        with py7zr.SevenZipFile(BytesIO(data), password=password) as archive:
            _check_folders(archive)
            archive.extractall(factory=pieces)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - a wrong password gives its decoders noise, on which they raise anything
        return None
    return [(name, bytes(piece.data)) for name, piece in pieces.members]


def _check_folders(archive: py7zr.SevenZipFile) -> None:
    """What only the opened header tells. Links are no members to us, and none is followed."""
    streams = archive.header.main_streams
    folders = streams.unpackinfo.folders if streams else []
    if len(folders) > _FOLDERS:
        raise Encrypted(_TOO_COSTLY)
    coders = [coder for folder in folders for coder in folder.coders if coder["method"] == _AES]
    _check_cost(coder["properties"][0] for coder in coders if coder.get("properties"))
    if any(member.is_symlink for member in archive.files):
        raise Damaged


def _check_cost(firsts: Iterable[int]) -> None:
    """Of each key the first byte of its properties, whose low six bits are the power; 63 means not stirred at all."""
    for first in firsts:
        if (first & 0x3F) > _HIGHEST_ROUNDS and first & 0x3F != 0x3F:
            raise Encrypted(_TOO_COSTLY)
