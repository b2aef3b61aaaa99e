"""Sound and video: kept as they are; how long they are, where the file says it in a place that is cheap to find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from parsers.attachments.findings import finding
from parsers.content import Content

_BOXES = 10_000
_FRAMES = 10_000
_LONGEST = 7 * 24 * 3600
"""Seconds: what says to be longer says nothing."""
_MP3_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""kbit/s of MPEG-1 layer III by its index (ISO/IEC 11172-3)."""
_MP3_RATES = (44100, 48000, 32000)
_AMR_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6)
"""Bytes of a frame of 20 ms by its type (RFC 4867)."""
_NAMES = {"audio": "录音", "video": "视频"}


def read(data: bytes, kind: str) -> Content:
    """A recording: nothing to read, but its size and, where it can be had, its length are told."""
    found = seconds(data)
    length = f"，时长{_shown(found)}" if found else ""
    message = f"{_NAMES[kind]}已原样保存，大小 {len(data) / 2**20:.1f} MB{length}。"
    return Content(kind, "stored", findings=(finding("attachment.media", message, "info"),))


def seconds(data: bytes) -> float | None:
    """The length of a recording; None where the file does not say it, or not believably."""
    for magic, place, length in _FORMS:
        if data[place : place + len(magic)] == magic:
            found = length(data)
            return found if found and 0 < found < _LONGEST else None
    return None


def _shown(length: float) -> str:
    minutes, rest = divmod(round(length), 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}小时" if hours else "") + (f"{minutes}分" if hours or minutes else "") + f"{rest}秒"


def _mp4(data: bytes) -> float | None:
    """mvhd in moov (ISO/IEC 14496-12, 8.2.2)."""
    for name, start, end in _boxes(data, 0, len(data)):
        if name == b"moov":
            header = next((place for inner, place, _ in _boxes(data, start, end) if inner == b"mvhd"), None)
            return _movie_length(data, header) if header is not None else None
    return None


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, beginning and end of the content of each box."""
    for _ in range(_BOXES):
        if start + 8 > end:
            return
        size, head = _number(data, start, 4), 8
        if size == 1:
            size, head = _number(data, start + 8, 8), 16
        stop = end if size == 0 else min(start + size, end)
        if stop < start + head:
            return
        yield data[start + 4 : start + 8], start + head, stop
        start = stop


def _movie_length(data: bytes, place: int) -> float | None:
    wide = data[place : place + 1] == b"\1"
    scale = _number(data, place + (20 if wide else 12), 4)
    length = _number(data, place + (24 if wide else 16), 8 if wide else 4)
    return length / scale if scale else None


def _wave(data: bytes) -> float | None:
    form, content = data.find(b"fmt "), data.find(b"data", 12)
    if form < 0 or content < 0:
        return None
    rate = int.from_bytes(data[form + 16 : form + 20], "little")
    size = int.from_bytes(data[content + 4 : content + 8], "little")
    return size / rate if rate else None


def _avi(data: bytes) -> float | None:
    """Microseconds a frame, and frames, in the main header."""
    place = data.find(b"avih", 0, 4096)
    step, count = (int.from_bytes(data[place + at : place + at + 4], "little") for at in (8, 24))
    return step * count / 1e6 if place >= 0 else None


def _flac(data: bytes) -> float | None:
    """STREAMINFO: 20 bits of sample rate, 36 bits of samples."""
    packed = _number(data, 18, 8)
    rate = packed >> 44
    return (packed & (1 << 36) - 1) / rate if rate else None


def _amr(data: bytes) -> float | None:
    """By its frames; the rest of a long recording is taken to be like its beginning."""
    position, frames = 6, 0
    while position < len(data) and frames < _FRAMES:
        sort = data[position] >> 3 & 15
        position += _AMR_SIZES[sort] if sort < len(_AMR_SIZES) else 1
        frames += 1
    return frames * 0.02 * max(1.0, len(data) / position)


def _mp3(data: bytes) -> float | None:
    """By the frames that a Xing or Info header counts, else by the first frame's bit rate."""
    start = 10 + _tag_size(data) if data.startswith(b"ID3") else 0
    head = re.compile(rb"\xff[\xfa\xfb]").search(data, start, start + 8192)
    if head is None:
        return None
    options = data[head.start() + 2 : head.start() + 3]
    rate_at, bitrate_at = (options[0] >> 2 & 3, options[0] >> 4) if options else (3, 15)
    if rate_at > 2 or not 0 < bitrate_at < 15:
        return None
    counted = re.compile(rb"Xing|Info").search(data, head.start(), head.start() + 64)
    if counted and _number(data, counted.end(), 4) & 1:
        return _number(data, counted.end() + 4, 4) * 1152 / _MP3_RATES[rate_at]
    return (len(data) - head.start()) * 8 / (_MP3_BITRATES[bitrate_at] * 1000)


def _tag_size(data: bytes) -> int:
    """Of an ID3v2 tag: four bytes of seven bits."""
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 127
    return size


def _number(data: bytes, start: int, size: int) -> int:
    return int.from_bytes(data[start : start + size], "big")


_FORMS: tuple[tuple[bytes, int, Callable[[bytes], float | None]], ...] = (
    (b"ftyp", 4, _mp4),
    (b"WAVE", 8, _wave),
    (b"AVI ", 8, _avi),
    (b"fLaC", 0, _flac),
    (b"#!AMR\n", 0, _amr),
    (b"ID3", 0, _mp3),
    (b"\xff\xfb", 0, _mp3),
)
"""What stands where in the file, and who reads its length."""
