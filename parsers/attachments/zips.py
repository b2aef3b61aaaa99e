"""Zip files as Chinese programs write them: names in GBK without a flag, members behind a password."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from parsers.attachments import locks
from parsers.attachments.errors import Damaged, Encrypted, Refused
from parsers.budgets import Budget
from parsers.charsets import guess

_UTF8_FLAG = 0x800
_UNICODE_PATH, _AES = 0x7075, 0x9901
_HEADER = 30
_PIECE = 2**20
_LOCAL = b"PK\3\4"
_MORSEL = 256
"""Bytes that are unpacked at a time where the next ones may be broken: what stands in the same piece is lost."""
ERRORS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(ValueError, NotImplementedError, LookupError, ArithmeticError),
)
Reading = Callable[[Callable[[int], bytes], int | None], bytes]


def opened(data: bytes, budget: Budget) -> zipfile.ZipFile:
    """The archive, its directory read. Raises Damaged; Refused where it says itself that it is over a bound."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except Exception as error:  # zipfile leaks struct, decoding and value errors on broken directories
        raise Damaged from error
    infos = archive.infolist()
    if len(infos) > 2 * budget.archive_members or sum(info.file_size for info in infos) > budget.unpacked:
        raise Refused("压缩包内文件过多或解压后体积过大，未予打开，请报送单位分批发送。")
    return archive


def salvaged(data: bytes, budget: Budget) -> dict[str, bytes]:
    """What can be had of the members of a broken archive, by their own headers; each as far as it goes."""
    found: dict[str, bytes] = {}
    left = budget.unpacked
    position = data.find(_LOCAL)
    while position >= 0 and left > 0 and len(found) < budget.archive_members:
        name, method, start, size = _local_header(data, position)
        end = start + size if 0 < size <= len(data) - start else _next_header(data, start)
        content = _as_far_as_it_goes(data[start:end], method, left)
        left -= len(content)
        found.setdefault(name, content)
        position = data.find(_LOCAL, end)
    return found


def _local_header(data: bytes, position: int) -> tuple[str, int, int, int]:
    """Name, method, where the content begins, its packed size (0: not told here) (APPNOTE 4.3.7)."""
    method, size, name, extra = (
        int.from_bytes(data[position + at : position + at + width], "little")
        for at, width in ((8, 2), (18, 4), (26, 2), (28, 2))
    )
    start = position + _HEADER + name
    return data[position + _HEADER : start].decode("utf-8", "replace"), method, start + extra, size


def _next_header(data: bytes, start: int) -> int:
    places = (data.find(magic, start) for magic in (_LOCAL, b"PK\1\2"))
    return min((place for place in places if place >= 0), default=len(data))


def _as_far_as_it_goes(packed: bytes, method: int, limit: int) -> bytes:
    if method == zipfile.ZIP_STORED:
        return packed[:limit]
    inflater = zlib.decompressobj(-15)
    out = bytearray()
    for at in range(0, len(packed), _MORSEL):
        try:
            out += inflater.decompress(packed[at : at + _MORSEL], limit - len(out))
        except zlib.error:
            break
        if inflater.eof or inflater.unconsumed_tail:
            break
    return bytes(out)


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name: Info-ZIP's Unicode field, the UTF-8 flag, else its bytes guessed (zipfile reads cp437)."""
    unicode_name = _unicode_path(info.extra)
    if unicode_name:
        return unicode_name
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    try:
        return guess(info.orig_filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.orig_filename


def read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, reading: Reading, passwords: tuple[str, ...]
) -> bytes | None:
    """A member's bytes; None where it is behind a password that none of these opens. Raises Damaged."""
    if not info.flag_bits & 1:
        return _read(archive, info, reading, None)
    strength = _aes_strength(info)
    for password in passwords:
        for encoded in dict.fromkeys((password.encode("utf-8"), password.encode("gb18030"))):
            try:
                if strength is None:
                    return _read(archive, info, reading, encoded)
                if (opened := locks.zip_member(raw(archive, info), strength[0], encoded)) is not None:
                    return _unpacked(opened, strength[1], reading, info.compress_size)
            except (RuntimeError, Damaged):  # a wrong password: refused by its check byte, or by the check sum
                continue
    return None


def unpacked_size(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> int:
    """How much a member really unpacks to, counted up to just over the limit, or to where it is broken."""
    size = 0
    try:
        with archive.open(info) as stream:
            while size <= limit and (piece := stream.read(_PIECE)):
                size += len(piece)
    except ERRORS:
        return size
    except RuntimeError as error:
        raise Encrypted from error
    return size


def raw(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes as they stand in the archive."""
    stream = archive.fp
    if stream is None:
        raise Damaged
    stream.seek(info.header_offset)
    header = stream.read(_HEADER)
    name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    stream.seek(name + extra, 1)
    return stream.read(info.compress_size)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, reading: Reading, password: bytes | None) -> bytes:
    try:
        with archive.open(info, pwd=password) as stream:
            return reading(stream.read, info.compress_size)
    except ERRORS as error:
        raise Damaged from error


def _unpacked(packed: bytes, method: int, reading: Reading, size: int) -> bytes:
    """The bytes of a decrypted member, deflated or stored."""
    if method == zipfile.ZIP_STORED:
        return reading(BytesIO(packed).read, size)
    if method != zipfile.ZIP_DEFLATED:
        raise Damaged
    inflater = zlib.decompressobj(-15)
    left = packed

    def more(limit: int) -> bytes:
        nonlocal left
        piece = inflater.decompress(left, limit)
        left = inflater.unconsumed_tail
        return piece

    try:
        return reading(more, size)
    except zlib.error as error:
        raise Damaged from error


def _aes_strength(info: zipfile.ZipInfo) -> tuple[int, int] | None:
    """(strength, real method) of a member that WinZip's AES seals (field 0x9901); None for the old way."""
    field = _field(info.extra, _AES)
    return (field[4], int.from_bytes(field[5:7], "little")) if len(field) >= 7 else None


def _unicode_path(extra: bytes) -> str | None:
    """The name in an Info-ZIP Unicode Path field (APPNOTE 4.6.9): version, CRC of the other name, UTF-8."""
    field = _field(extra, _UNICODE_PATH)
    return field[5:].decode("utf-8", "replace") if len(field) > 5 else None


def _field(extra: bytes, wanted: int) -> bytes:
    """An extra field of a member by its id; empty where it is absent."""
    position = 0
    while position + 4 <= len(extra):
        field_id, length = (int.from_bytes(extra[position + at : position + at + 2], "little") for at in (0, 2))
        if field_id == wanted:
            return extra[position + 4 : position + 4 + length]
        position += 4 + length
    return b""
