"""A small writer of OLE files (MS-CFB), for what no free program writes: Outlook messages, locked Office files."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_SECTOR, _END, _FREE, _TABLE, _NONE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_SMALLEST = 4096
"""Streams below this would stand in a stream of their own for small ones; they are filled up instead."""


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    children: list[_Entry] = field(default_factory=list)
    number: int = 0
    start: int = 0
    right: int = _NONE
    """The brother after it: brothers hang on one another in the order that the format asks for."""


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file of these streams; a name with slashes stands in storages. Streams are filled up with zeros."""
    root = _Entry("Root Entry", 5)
    for path, data in streams.items():
        _add(root, path.split("/"), data)
    entries = _numbered(root)
    folder_sectors = -(-len(entries) * 128 // _SECTOR)
    sizes = [len(entry.data) // _SECTOR for entry in entries]
    table_sectors = next(n for n in range(1, 109) if n * 128 >= n + sum(sizes) + folder_sectors)
    table, body = [_TABLE] * table_sectors, b""
    for entry, size in zip(entries, sizes, strict=True):
        if entry.kind == 2:
            entry.start = len(table)
            table += [*range(len(table) + 1, len(table) + size), _END]
            body += entry.data
    start = len(table)
    table += [*range(start + 1, start + folder_sectors), _END]
    table += [_FREE] * (128 * table_sectors - len(table))
    folder = b"".join(_written(entry) for entry in entries).ljust(folder_sectors * _SECTOR, b"\0")
    return _header(table_sectors, start) + struct.pack(f"<{len(table)}I", *table) + body + folder


def _add(parent: _Entry, path: list[str], data: bytes) -> None:
    if len(path) == 1:
        filled = data.ljust(max(_SMALLEST, len(data) + (-len(data) % _SECTOR)), b"\0")
        parent.children.append(_Entry(path[0], 2, filled))
        return
    storage = next((child for child in parent.children if child.name == path[0]), None)
    if storage is None:
        storage = _Entry(path[0], 1)
        parent.children.append(storage)
    _add(storage, path[1:], data)


def _numbered(root: _Entry) -> list[_Entry]:
    found = [root]
    for entry in found:
        entry.children.sort(key=lambda child: (len(child.name), child.name.upper()))
        for child in entry.children:
            child.number = len(found)
            found.append(child)
        for left, right in pairwise(entry.children):
            left.right = right.number
    return found


def _written(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    child = entry.children[0].number if entry.children else _NONE
    start = entry.start if entry.kind == 2 else _END if entry.kind == 5 else 0
    head = struct.pack("<64sHBBIII", name, len(name) + 2, entry.kind, 1, _NONE, entry.right, child)
    return head + struct.pack("<16x4x16xIQ", start, len(entry.data))


def _header(table_sectors: int, folder: int) -> bytes:
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", magic, 0x3E, 3, 0xFFFE, 9, 6, 0, table_sectors, folder, 0, _SMALLEST,
                       _END, 0, _END, 0)  # fmt: skip
    return head + struct.pack("<109I", *range(table_sectors), *[_FREE] * (109 - table_sectors))
