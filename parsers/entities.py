"""The wire format of mail, bounded and linear: header fields, bodies, the pieces of a multipart, transfer encodings.

The standard library's parser recurses for every level (a RecursionError at 1,000) and looks at every line once for each
level; a boundary that an inner part lacks swallows the outer ones. Here the outer boundary is looked for first, offsets
stand in for copies, and what is broken is read as far as it goes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from parsers.budgets import Budget
from parsers.charsets import unbase64
from parsers.names import parameters

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)")
_BLANK = re.compile(rb"\r?\n")
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_MBOX = re.compile(rb">?From ")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,80}")
_LIKELY_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[A-Za-z-]{3,40}:)", re.MULTILINE)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_DELIMITER_REST = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
_VALUE = 16 * 1024
"""Bytes kept of one header field."""
_PADDINGS = 1000


@dataclass(frozen=True)
class Entity:
    """A message or a part of one: its fields in order, names in lower case, and where its body stands in `raw`."""

    fields: tuple[tuple[str, bytes], ...]
    raw: bytes
    begin: int
    end: int
    default_type: str = "text/plain"

    def first(self, name: str) -> bytes:
        """The first field of this lower-case name, as it stands; empty where there is none."""
        return next((value for key, value in self.fields if key == name), b"")

    @cached_property
    def parameters(self) -> dict[str, bytes]:
        """The parameters of the Content-Type."""
        return dict(parameters(self.first("content-type")))

    @cached_property
    def media_type(self) -> str:
        """The Content-Type in lower case; where it is missing or broken, what stands in its place by RFC 2045."""
        given = self.first("content-type").split(b";")[0].decode("latin-1").strip().lower()
        return given if _MEDIA_TYPE.fullmatch(given) else self.default_type

    @cached_property
    def disposition(self) -> str | None:
        given = self.first("content-disposition").split(b";")[0].decode("latin-1").strip().lower()
        return given or None

    @property
    def payload(self) -> bytes:
        """The body without its transfer encoding."""
        return _decoded(self.raw[self.begin : self.end], self.first("content-transfer-encoding"))


def read_entity(
    raw: bytes, budget: Budget, begin: int = 0, end: int | None = None, default: str = "text/plain"
) -> Entity:
    """The entity that stands in `raw` between two offsets."""
    stop = len(raw) if end is None else end
    fields, body = _read_fields(raw, begin, stop, budget)
    return Entity(tuple(fields), raw, body, stop, default)


def pieces(entity: Entity, limit: int) -> list[tuple[int, int]]:
    """Where the parts of a multipart stand, at most `limit` of them. A boundary that is missing or wrong is guessed;
    without any there are none."""
    boundary = _boundary(entity)
    found = list(_between(entity, boundary, limit)) if boundary else []
    if found:
        return found
    likely = _LIKELY_BOUNDARY.search(entity.raw, entity.begin, entity.end)
    return list(_between(entity, likely[1], limit)) if likely else []


def _boundary(entity: Entity) -> bytes:
    given = entity.parameters.get("boundary") or entity.parameters.get("boundary*0", b"") + entity.parameters.get(
        "boundary*1", b""
    )
    return given[:200].rstrip()


def _between(entity: Entity, boundary: bytes, limit: int) -> Iterator[tuple[int, int]]:
    begin, count = -1, 0
    for start, end, is_last in _delimiters(entity, b"--" + boundary):
        if begin >= 0:
            yield begin, _without_line_end(entity.raw, begin, start)
            count += 1
        if is_last or count >= limit:
            return
        begin = end
    if begin >= 0:
        yield begin, entity.end


def _delimiters(entity: Entity, sign: bytes) -> Iterator[tuple[int, int, bool]]:
    """The lines that begin with the sign and say nothing else: from where, to where, and whether it is the last one.
    Not by one pattern: that would be compiled for each mail, and tried at every line of its attachments."""
    raw, position = entity.raw, entity.begin
    while (start := raw.find(sign, position, entity.end)) >= 0:
        position = start + len(sign)
        rest = _DELIMITER_REST.match(raw, position, entity.end)
        if rest and (start == 0 or raw[start - 1 : start] == b"\n"):
            position = rest.end()
            yield start, position, rest[1] is not None


def _without_line_end(raw: bytes, begin: int, end: int) -> int:
    """A delimiter owns the line end before it."""
    for line_end in (b"\r\n", b"\n"):
        if raw.endswith(line_end, begin, end):
            return end - len(line_end)
    return end


def _read_fields(raw: bytes, begin: int, end: int, budget: Budget) -> tuple[list[tuple[str, bytes]], int]:
    """Header fields, and where the body begins. Lines that are no fields are passed over if a field follows."""
    fields: list[tuple[str, bytes]] = []
    position, kept = begin, 0
    while position < end and not (blank := _BLANK.match(raw, position, end)):
        field = _FIELD.match(raw, position, end)
        if not field:
            skipped = _LINE.match(raw, position, end) if fields or _MBOX.match(raw, position) else None
            field = _FIELD.match(raw, skipped.end(), end) if skipped else None
        if not field:
            return fields, position
        if len(fields) < budget.header_fields and kept < budget.header_bytes:
            value = field[2][:_VALUE]
            fields.append((field[1].decode("latin-1").lower(), value.strip()))
            kept += len(value)
        position = field.end()
    return fields, blank.end() if position < end and blank else position


def _decoded(body: bytes, encoding: bytes) -> bytes:
    name = encoding.split(b";")[0].strip(b" \t\r\n\"'").lower()
    if name == b"base64":
        return _from_base64(body)
    if name in (b"quoted-printable", b"quotedprintable"):
        return binascii.a2b_qp(body)
    if name in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        return b"".join(data for _, data, _, _ in uuencoded(body)) or body
    return body


def _from_base64(body: bytes) -> bytes:
    """What base64 holds; what only claims to be base64 stays as it is; pieces with their own padding are joined."""
    foreign = len(_NOT_BASE64.findall(body[:_VALUE]))
    if foreign * 10 > min(len(body), _VALUE):
        return body
    if body.count(b"=") > _PADDINGS or b"=" not in body.rstrip(b"=\r\n\t "):
        return unbase64(body)
    return b"".join(unbase64(piece) for piece in re.split(rb"=+", body) if piece)


_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300}?)[ \t]*\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?(?:\n|\Z)", re.MULTILINE)


def uuencoded(body: bytes) -> Iterator[tuple[bytes, bytes, int, int]]:
    """The uuencoded files in a text: (name, data, from where, to where). One that is cut off is read to the end."""
    position = 0
    while begin := _UU_BEGIN.search(body, position):
        end = _UU_END.search(body, begin.end())
        stop = end.start() if end else len(body)
        data = _from_uu(body[begin.end() : stop])
        position = end.end() if end else len(body)
        if data:
            yield begin[1], data, begin.start(), position


def _from_uu(text: bytes) -> bytes:
    decoded = []
    for line in text.splitlines():
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:  # some encoders count wrongly; what the count announces is still there
            decoded.append(_uu_line_by_count(line))
    return b"".join(decoded)


def _uu_line_by_count(line: bytes) -> bytes:
    count = ((line[0] - 32) & 63) * 4 + 5
    try:
        return binascii.a2b_uu(line[: count // 3].ljust(count // 3))
    except binascii.Error:
        return b""
