"""Old workbooks behind a password that the mail tells: RC4 as Excel 97 to 2003 use it (MS-XLS 2.2.10, MS-OFFCRYPTO)."""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import olefile
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher

from parsers.attachments import biff
from parsers.attachments.errors import Encrypted

_BLOCK = 1024
"""Bytes of the stream after which the key changes."""
_RC4 = 1
_PLAIN_RC4 = (1, 1)
_OPEN = {biff.BOF, biff.FILEPASS, 0x193, 0x195, 0xE1, 0x196, 0x138}
"""Records that stand unlocked in a locked stream."""
_PASSED_OVER = b"\xff\xff"
"""A kind of record that no reader knows."""
_PLAIN_HEAD = 4
"""Bytes of a BOUNDSHEET that stand unlocked: where the sheet begins."""


@dataclass(frozen=True)
class _Lock:
    """How one password would open a workbook."""

    key: Callable[[int], bytes]
    """Of each block."""
    verifier: bytes
    wanted: bytes
    hash: Callable[[bytes], bytes]

    @property
    def opens(self) -> bool:
        said = Cipher(ARC4(self.key(0)), None).decryptor().update(self.verifier + self.wanted)
        given, wanted = said[: len(self.verifier)], said[len(self.verifier) :]
        return hmac.compare_digest(self.hash(given), wanted)


def unlocked(data: bytes, name: str, passwords: tuple[str, ...]) -> bytes:
    """The file with its stream `name` open. Raises Encrypted where none of the passwords opens it."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            stream = ole.openstream(name).read()
            filepass = next(record for record in biff.records(stream) if record.kind == biff.FILEPASS)
            for password in passwords:
                lock = _lock(filepass.data, password.encode("utf-16-le"))
                if lock is not None and lock.opens:
                    return _with_stream(data, ole, name, _decrypted(stream, lock.key))
    except Exception as error:  # olefile raises whatever a broken sector chain leads to
        raise Encrypted from error
    raise Encrypted


def _lock(said: bytes, password: bytes) -> _Lock | None:
    """None where the file is locked in another way than by RC4."""
    kind, *version = struct.unpack_from("<HHH", said)
    if kind != _RC4:
        return None
    if tuple(version) == _PLAIN_RC4:
        salt, verifier, wanted = said[6:22], said[22:38], said[38:54]
        return _Lock(_plain_key(salt, password), verifier, wanted, _md5)
    return _api_lock(said, password) if version[1] == 2 else None


def _plain_key(salt: bytes, password: bytes) -> Callable[[int], bytes]:
    """MS-OFFCRYPTO 2.3.6.2."""
    start = _md5((_md5(password)[:5] + salt) * 16)[:5]
    return lambda block: _md5(start + struct.pack("<I", block))


def _api_lock(said: bytes, password: bytes) -> _Lock:
    """MS-OFFCRYPTO 2.3.5."""
    header = struct.unpack_from("<I", said, 10)[0]
    bits = struct.unpack_from("<I", said, 14 + 16)[0] or 40
    place = 14 + header
    salt, verifier, wanted = said[place + 4 : place + 20], said[place + 20 : place + 36], said[place + 40 : place + 60]
    start = _sha1(salt + password)

    def key(block: int) -> bytes:
        made = _sha1(start + struct.pack("<I", block))[: bits // 8]
        return made.ljust(16, b"\0") if bits == 40 else made

    return _Lock(key, verifier, wanted, _sha1)


def _decrypted(stream: bytes, key: Callable[[int], bytes]) -> bytes:
    """The stream with every record open and the one that says it is locked out of the way."""
    opened = b"".join(
        Cipher(ARC4(key(block)), None).decryptor().update(stream[place : place + _BLOCK])
        for block, place in enumerate(range(0, len(stream), _BLOCK))
    )
    out = bytearray(stream)
    for record in biff.records(stream):
        begin, end = record.at, record.at + len(record.data)
        if record.kind == biff.FILEPASS:
            out[begin - 4 : begin - 2] = _PASSED_OVER
        elif record.kind not in _OPEN:
            begin += _PLAIN_HEAD if record.kind == biff.BOUNDSHEET else 0
            out[begin:end] = opened[begin:end]
    return bytes(out)


def _with_stream(data: bytes, ole: olefile.OleFileIO, name: str, stream: bytes) -> bytes:
    """The file with other bytes in the sectors of a stream. (olefile's own writing never ends on a circular chain.)"""
    out = bytearray(data)
    entry = next(entry for entry in ole.direntries if entry is not None and entry.name == name)
    if entry.size >= ole.minisectorcutoff:
        step = ole.sectorsize
        places = [(sector + 1) * step for sector in _chain(entry.isectStart, ole.fat, len(stream), step)]
    else:
        step = ole.minisectorsize
        held = _chain(ole.root.isectStart, ole.fat, ole.root.size, ole.sectorsize)
        inner = [sector * step for sector in _chain(entry.isectStart, ole.minifat, len(stream), step)]
        places = [(held[at // ole.sectorsize] + 1) * ole.sectorsize + at % ole.sectorsize for at in inner]
    for number, place in enumerate(places):
        piece = stream[number * step : (number + 1) * step]
        out[place : place + len(piece)] = piece
    return bytes(out)


def _chain(first: int, table: Sequence[int], size: int, step: int) -> list[int]:
    """The sectors of a stream of so many bytes."""
    sectors: list[int] = []
    while len(sectors) < -(-size // step):
        sectors.append(first)
        first = table[first]
    return sectors


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()
