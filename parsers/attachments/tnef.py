"""winmail.dat (MS-OXTNEF): the files that Outlook packs away. Own, since tnefparse copies the rest of the file at
every attribute (quadratic) and takes names for UTF-8."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.attachments.errors import Damaged
from parsers.charsets import guess
from parsers.names import base_name

_SIGNATURE = 0x223E9F78
_RENDER, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_MESSAGE_PROPERTIES, _BODY = 0x9003, 0x800C
_LONG_NAME, _OBJECT, _PLAIN, _HTML = 0x3707, 0x3701, 0x1000, 0x1013
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = {0xD, 0x1E, 0x1F, 0x102}
_UNICODE = 0x1F
_MULTIPLE = 0x1000
_MESSAGE_ID = 16
"""Bytes of the interface id before an embedded object."""


@dataclass
class PackedFile:
    """A file in a winmail.dat."""

    name: str = ""
    data: bytes = b""


@dataclass
class Packed:
    """What a winmail.dat holds."""

    files: list[PackedFile]
    plain: str = ""
    html: str = ""


def read(data: bytes) -> Packed:
    """The files and the text, as far as they go. Raises Damaged where it is no TNEF or breaks off at once."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        raise Damaged
    packed = Packed([])
    for attribute, value in _attributes(data):
        if attribute == _RENDER:
            packed.files.append(PackedFile())
        elif attribute == _BODY:
            packed.plain = _old(value)
        elif attribute == _MESSAGE_PROPERTIES:
            _read_message(packed, value)
        elif packed.files:
            _read_file(packed.files[-1], attribute, value)
    if not packed.files and not packed.plain and not packed.html:
        raise Damaged
    return packed


def _read_message(packed: Packed, value: bytes) -> None:
    for tag, kind, content in _properties(value):
        if tag == _HTML:
            packed.html = _text(content, kind)
        elif tag == _PLAIN:
            packed.plain = _text(content, kind)


def _read_file(file: PackedFile, attribute: int, value: bytes) -> None:
    if attribute == _TITLE:
        file.name = file.name or _name(_old(value))
    elif attribute == _DATA:
        file.data = value
    elif attribute == _PROPERTIES:
        for tag, kind, content in _properties(value):
            if tag == _LONG_NAME:
                file.name = _name(_text(content, kind)) or file.name
            elif tag == _OBJECT and not file.data:
                file.data = content[_MESSAGE_ID:] if kind == 0xD else content


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, value) of each attribute: level, id, type, length, value, check sum."""
    position = 6
    while position + 9 <= len(data):
        attribute, _, length = struct.unpack_from("<HHI", data, position + 1)
        position += 9
        if position + length > len(data):
            return
        yield attribute, data[position : position + length]
        position += length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(id, type, first value) of each MAPI property; ends where the structure breaks."""
    try:
        count = struct.unpack_from("<I", data)[0]
        position = 4
        for _ in range(min(count, 10_000)):
            kind, tag = struct.unpack_from("<HH", data, position)
            position = _after_name(data, position + 4, tag)
            value, position = _value(data, position, kind)
            yield tag, kind & ~_MULTIPLE, value
    except (struct.error, KeyError):
        return


def _after_name(data: bytes, position: int, tag: int) -> int:
    """Behind the name that properties of numbers from 0x8000 on carry."""
    if tag < 0x8000:
        return position
    named, length = struct.unpack_from("<II", data, position + 16)
    return position + 24 + (_padded(length) if named == 1 else 0)


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """The first value of a property, and where the next property begins."""
    base = kind & ~_MULTIPLE
    count = 1
    if base in _VARIABLE or kind & _MULTIPLE:
        count = struct.unpack_from("<I", data, position)[0]
        position += 4
    if base not in _VARIABLE:
        size = _FIXED[base]
        return data[position : position + size], position + size * count
    first = b""
    for number in range(count):
        length = struct.unpack_from("<I", data, position)[0]
        first = data[position + 4 : position + 4 + length] if number == 0 else first
        position += 4 + _padded(length)
    return first, position


def _padded(length: int) -> int:
    return length + (-length) % 4


def _text(value: bytes, kind: int) -> str:
    return value.decode("utf-16-le", "replace").rstrip("\0") if kind == _UNICODE else _old(value)


def _old(value: bytes) -> str:
    """Text in the code of the sender's machine; zeros at its end would make it look like UTF-16."""
    return guess(value.rstrip(b"\0"))


def _name(text: str) -> str:
    return base_name(text.rstrip("\0")) or ""
