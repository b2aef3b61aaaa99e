"""Zip files as Chinese programs write them: names in GBK without a flag, members behind a password."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from parsers.attachments.errors import Damaged, Encrypted, Refused
from parsers.budgets import Budget
from parsers.charsets import guess

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_HEADER = 30
_PIECE = 2**20
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
    for password in passwords:
        for encoded in dict.fromkeys((password.encode("utf-8"), password.encode("gb18030"))):
            try:
                return _read(archive, info, reading, encoded)
            except (RuntimeError, Damaged):  # a wrong password: refused by its check byte, or by the check sum
                continue
    return None


def unpacked_size(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> int:
    """How much a member really unpacks to, counted up to just over the limit. Raises Damaged."""
    size = 0
    try:
        with archive.open(info) as stream:
            while size <= limit and (piece := stream.read(_PIECE)):
                size += len(piece)
    except RuntimeError as error:
        raise Encrypted from error
    except ERRORS as error:
        raise Damaged from error
    return size


def raw(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes as they stand in the archive."""
    header = data[info.header_offset : info.header_offset + _HEADER]
    start = (
        info.header_offset + _HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    )
    return data[start : start + info.compress_size]


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, reading: Reading, password: bytes | None) -> bytes:
    try:
        with archive.open(info, pwd=password) as stream:
            return reading(stream.read, info.compress_size)
    except ERRORS as error:
        raise Damaged from error


def _unicode_path(extra: bytes) -> str | None:
    """The name in an Info-ZIP Unicode Path field (APPNOTE 4.6.9): id, length, version, CRC of the other name, UTF-8."""
    position = 0
    while position + 4 <= len(extra):
        field_id = int.from_bytes(extra[position : position + 2], "little")
        length = int.from_bytes(extra[position + 2 : position + 4], "little")
        if field_id == _UNICODE_PATH and length > 5:
            return extra[position + 9 : position + 4 + length].decode("utf-8", "replace")
        position += 4 + length
    return None
