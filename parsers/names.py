"""File names as mail programs write them: RFC 2231, RFC 2047 inside quotes, both at once, bare bytes (DOMAIN.md, 6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from parsers.charsets import clean_line, decode, decode_header

_LONGEST = 200
"""Characters of a name that are kept; the extension always is."""
_HEADER = 64 * 1024
_PARAMETERS = 200
_PARAMETER = re.compile(rb'([^\s=;"]{1,100})\s*+=\s*+("[^"]*+"?|[^;"]*+)')
_ESCAPED = re.compile(rb'([^\s=;"]{1,100})\s*+=\s*+("(?:[^"\\]|\\.)*+"?|[^;"]*+)', re.DOTALL)
_PERCENT = re.compile(rb"(?:[\w.()+ -]|%[0-9A-Fa-f]{2})+")
_EXTENSIONS = {"image": "jpg", "archive": "zip", "audio": "mp3", "video": "mp4", "other": "dat"}


def parameters(header: bytes) -> Mapping[str, bytes]:
    """The parameters of a Content-Type or Content-Disposition value, names in lower case, quotes taken off.
    RFC 2231 pieces keep their own names (`filename*0*`); of a repeated one the first counts."""
    data = header[:_HEADER]
    found: dict[str, bytes] = {}
    pattern = _ESCAPED if data.isascii() else _PARAMETER  # in GBK a backslash may be half of a character
    for number, match in enumerate(pattern.finditer(data)):
        if number >= _PARAMETERS:
            break
        found.setdefault(match[1].decode("latin-1").lower(), _unquote(match[2], data.isascii()))
    return found


def parameter(parsed: Mapping[str, bytes], key: str) -> str | None:
    """One parameter decoded: the RFC 2231 form where it is there, else the plain one. None where neither is."""
    extended = _extended(parsed, key)
    plain = _plain(parsed[key]) if key in parsed else ""
    return extended or plain or None


def file_name(disposition: bytes, content_type: bytes) -> str | None:
    """The name of a part from its two headers' raw values, as a base name; None where they give none."""
    name = parameter(parameters(disposition), "filename") or parameter(parameters(content_type), "name")
    return base_name(name) if name else None


def base_name(name: str) -> str | None:
    """A name without folders, control characters or excess length. None where nothing of it remains."""
    last = clean_line(clean_line(name).replace("\\", "/").rstrip("/").rpartition("/")[2]).strip('"')
    if not last.strip(". "):
        return None
    return _shortened(last)


def unnamed(counter: int, kind: str) -> str:
    """The name of a part that has none, with the extension of its kind: `未命名1.doc`."""
    return f"未命名{counter}.{_EXTENSIONS.get(kind, kind)}"


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 10:
        return name[:_LONGEST]
    return stem[: _LONGEST - len(extension) - 1] + dot + extension


def _unquote(value: bytes, escapes: bool) -> bytes:
    if not value.startswith(b'"'):
        return value.strip()
    inner = value[1:].removesuffix(b'"')
    return re.sub(rb"\\([\"\\])", rb"\1", inner) if escapes else inner


def _plain(value: bytes) -> str:
    """A value in the old form: encoded words, bare bytes, or percent signs as some web mail writes them."""
    if b"%" in value and _PERCENT.fullmatch(value):
        text = decode(unquote_to_bytes(value), None)
        if not text.isascii() and "\ufffd" not in text:
            return text
    return decode_header(value)


def _extended(parsed: Mapping[str, bytes], key: str) -> str:
    """A value in the forms of RFC 2231: `key*=charset'lang'…`, or pieces `key*0*=`, `key*1=`."""
    if f"{key}*" in parsed:
        return _decode_extended(_with_charset(parsed[f"{key}*"], True))
    pieces: list[bytes] = []
    coded = f"{key}*0*" in parsed
    for number in range(_PARAMETERS):
        piece = _piece(parsed, f"{key}*{number}", first=number == 0)
        if piece is None:
            break
        pieces.append(piece)
    if not pieces:
        return ""
    joined = b"".join(pieces)
    return _decode_extended(_with_charset(joined, False)) if coded else _plain(joined)


def _piece(parsed: Mapping[str, bytes], name: str, first: bool) -> bytes | None:
    if f"{name}*" not in parsed:
        return parsed.get(name)
    return _percent_after_charset(parsed[f"{name}*"]) if first else unquote_to_bytes(parsed[f"{name}*"])


def _percent_after_charset(value: bytes) -> bytes:
    return b"'".join((*value.split(b"'")[:2], unquote_to_bytes(b"'".join(value.split(b"'")[2:]))))


def _with_charset(value: bytes, coded: bool) -> tuple[bytes, str | None]:
    charset, first, rest = value.partition(b"'")
    _, second, text = rest.partition(b"'")
    if not (first and second):
        return (unquote_to_bytes(value) if coded else value), None
    return (unquote_to_bytes(text) if coded else text), charset.decode("latin-1") or None


def _decode_extended(value: tuple[bytes, str | None]) -> str:
    text, charset = value
    return decode(text, charset) if charset else decode_header(text)
