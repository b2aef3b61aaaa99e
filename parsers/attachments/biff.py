"""The records of an old workbook (MS-XLS): how its dates are to be shown, which its reader does not say."""

from __future__ import annotations

import struct
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from parsers.attachments.number_format import BUILT_IN, date_as_shown, is_date, moment_of

EOF, BOF, FILEPASS, BOUNDSHEET = 0x0A, 0x809, 0x2F, 0x85
_DATE1904, _FORMAT, _XF = 0x22, 0x41E, 0xE0
_NUMBER, _RK, _MULRK, _FORMULA = 0x203, 0x27E, 0xBD, 0x06
_BIFF8 = 0x600
_DATES = 200_000
"""Dates of a workbook whose looks are kept."""


@dataclass(frozen=True)
class Record:
    """One record: its kind, where its data begins in the stream, and the data."""

    kind: int
    at: int
    data: bytes


@dataclass
class _Book:
    """What the records before the sheets say."""

    is_biff8: bool = True
    from_1904: bool = False
    codes: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)

    def code(self, cell_format: int) -> str:
        number = self.formats[cell_format] if cell_format < len(self.formats) else 0
        return self.codes.get(number) or BUILT_IN.get(number, "")


def records(stream: bytes) -> Iterator[Record]:
    """The records of a workbook's stream, as far as they are whole."""
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield Record(kind, position + 4, stream[position + 4 : position + 4 + length])
        position += 4 + length


def dates(stream: bytes) -> dict[str, deque[str]]:
    """For every date as the reader writes it (2026-03-05), how its cells show it, in the order of the cells."""
    book = _Book()
    found: dict[str, deque[str]] = defaultdict(deque)
    left = _DATES
    for record in records(stream):
        _note(record, book)
        for cell_format, number in _numbers(record):
            code = book.code(cell_format)
            moment = moment_of(number, book.from_1904) if code and is_date(code) else None
            if moment is not None and left > 0:
                left -= 1
                found[_as_read(number, moment, code)].append(date_as_shown(moment, code))
    return found


def _as_read(number: float, moment: datetime, code: str) -> str:
    """What the reader writes of it: hours alone, and what it knows no date in, as the number that they are."""
    if number < 1 or "上午" in code:
        return repr(number)
    return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M:%S}"


def _note(record: Record, book: _Book) -> None:
    data = record.data
    if record.kind == BOF and len(data) >= 2:
        book.is_biff8 = struct.unpack_from("<H", data)[0] == _BIFF8
    elif record.kind == _DATE1904:
        book.from_1904 = data[:1] == b"\1"
    elif record.kind == _XF and len(data) >= 4:
        book.formats.append(struct.unpack_from("<H", data, 2)[0])
    elif record.kind == _FORMAT and len(data) >= 5:
        book.codes[struct.unpack_from("<H", data)[0]] = _code(data, book.is_biff8)


def _code(data: bytes, is_biff8: bool) -> str:
    if not is_biff8:
        return data[3 : 3 + data[2]].decode("gb18030", "replace")
    length, wide = struct.unpack_from("<HB", data, 2)
    return (
        data[5 : 5 + 2 * length].decode("utf-16-le", "replace") if wide & 1 else data[5 : 5 + length].decode("latin-1")
    )


def _numbers(record: Record) -> Iterator[tuple[int, float]]:
    """The format and value of each number that a record holds."""
    data = record.data
    if record.kind in (_NUMBER, _FORMULA) and len(data) >= 14:
        cell_format, number = struct.unpack_from("<Hd", data, 4)
        if number == number:  # a formula that gives text holds no number there
            yield cell_format, number
    elif record.kind == _RK and len(data) >= 10:
        yield struct.unpack_from("<H", data, 4)[0], _rk(data, 6)
    elif record.kind == _MULRK:
        for place in range(4, len(data) - 7, 6):
            yield struct.unpack_from("<H", data, place)[0], _rk(data, place + 2)


def _rk(data: bytes, place: int) -> float:
    """A number packed into four bytes (MS-XLS, 2.5.122)."""
    packed = struct.unpack_from("<I", data, place)[0]
    if packed & 2:
        number = float(struct.unpack_from("<i", data, place)[0] >> 2)
    else:
        number = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & 0xFFFFFFFC))[0]
    return number / 100 if packed & 1 else number
