"""Files that were dropped into a Word file as icons: they are sent along, so they are listed like other attachments."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from io import BytesIO

import olefile

from parsers.attachments.detect import OLE, kind_of
from parsers.attachments.errors import Unreadable
from parsers.attachments.package import Parts
from parsers.charsets import guess
from parsers.content import Member
from parsers.names import base_name

_NATIVE = "\x01Ole10Native"
_OFFICE = {"doc", "xls", "ppt", "docx", "xlsx", "pptx"}
_MOST = 50


def members(package: Parts, related: Mapping[str, tuple[str, str]]) -> tuple[Member, ...]:
    """The files inside, as far as they can be had. Formulas are embedded too, and are none; workbooks behind charts
    are referred to by the chart, not by the document."""
    targets = dict.fromkeys(target for kind, target in related.values() if kind in ("package", "oleObject"))
    return tuple(member for target in [*targets][:_MOST] for member in _members(package, target))


def _members(package: Parts, target: str) -> Iterator[Member]:
    if target not in package:
        return
    try:
        data = package.read(target)
    except Unreadable:
        package.broken.append(target)
        return
    native = _native(data) if data.startswith(OLE) else None
    if native:
        yield native
    elif kind_of(data, posixpath.basename(target)) in _OFFICE:
        yield Member("", data)


def _native(data: bytes) -> Member | None:
    """A file of any kind in the stream that Windows packs it into (MS-OLEDS, 2.3.6): label, path, path, size, bytes."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            stream = ole.openstream(_NATIVE).read() if ole.exists(_NATIVE) else b""
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken sector chain leads to
        return None
    label, _, rest = stream[6:].partition(b"\0")
    _, _, rest = rest.partition(b"\0")
    start = 8 + int.from_bytes(rest[4:8], "little")
    size = int.from_bytes(rest[start : start + 4], "little")
    content = rest[start + 4 : start + 4 + size]
    return Member(base_name(guess(label)) or "", content) if content else None
