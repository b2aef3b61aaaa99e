"""Opaque-signed mail (RFC 8551, 3.5.2): the message inside the signature, unverified. Encrypted mail has none to give.

A bounded reader of its BER: of a structure that asks for more depth or pieces than mail has, nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _OBJECT, _OCTETS, _CONTENT = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED = 0x20
_DEPTH = 8
_VALUES = 50_000
"""Values that are looked at: OpenSSL cuts a message into pieces of a few KB."""


class _NotBer(ValueError):
    """No such structure, or one made to keep a reader busy."""


@dataclass(frozen=True)
class _Value:
    """One value: its tag, where its content begins and ends, where the next one begins."""

    tag: int
    begin: int
    end: int
    next: int


class _Reader:
    """Reads values of one structure, counting them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _VALUES

    def value(self, at: int, end: int, depth: int = 0) -> _Value:
        """The value that begins there. One of indefinite length ends where its zeros stand."""
        self._left -= 1
        if self._left < 0 or depth > _DEPTH or at + 2 > end:
            raise _NotBer
        tag, length = self._data[at], self._data[at + 1]
        begin = at + 2
        if length == 0x80:
            return self._endless(tag, begin, end, depth)
        if length > 0x80:
            size = length & 0x7F
            length = int.from_bytes(self._data[begin : begin + size], "big")
            begin += size
        if begin + length > end:
            raise _NotBer
        return _Value(tag, begin, begin + length, begin + length)

    def _endless(self, tag: int, begin: int, end: int, depth: int) -> _Value:
        at = begin
        while self._data[at : at + 2] != b"\0\0":
            at = self.value(at, end, depth + 1).next
        return _Value(tag, begin, at, at + 2)

    def within(self, outer: _Value) -> Iterator[_Value]:
        at = outer.begin
        while at < outer.end:
            inner = self.value(at, outer.end)
            yield inner
            at = inner.next

    def bytes_of(self, value: _Value) -> bytes:
        return self._data[value.begin : value.end]

    def octets(self, value: _Value, depth: int = 0) -> bytes:
        """An octet string, whole or in pieces."""
        if depth > _DEPTH or value.tag & ~_CONSTRUCTED != _OCTETS:
            raise _NotBer
        if not value.tag & _CONSTRUCTED:
            return self.bytes_of(value)
        return b"".join(self.octets(piece, depth + 1) for piece in self.within(value))


def signed_content(data: bytes) -> bytes | None:
    """What the signature holds; None where this is no signed message: encrypted, broken, or something else."""
    reader = _Reader(data)
    try:
        kind, content = list(reader.within(_expect(reader.value(0, len(data)), _SEQUENCE)))[:2]
        if kind.tag != _OBJECT or reader.bytes_of(kind) != _SIGNED_DATA:
            return None
        signed = next(reader.within(_expect(content, _CONTENT)))
        _, _, encapsulated, *_ = reader.within(_expect(signed, _SEQUENCE))
        _, held, *_ = reader.within(_expect(encapsulated, _SEQUENCE))
        return b"".join(reader.octets(piece) for piece in reader.within(_expect(held, _CONTENT))) or None
    except (_NotBer, ValueError, StopIteration, IndexError):
        return None


def _expect(value: _Value, tag: int) -> _Value:
    if value.tag != tag:
        raise _NotBer
    return value
