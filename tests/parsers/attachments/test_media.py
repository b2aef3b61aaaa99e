"""Recordings are kept; their size and length are told."""

from __future__ import annotations

import io
import wave

import pytest

from parsers import attachments
from parsers.attachments.media import seconds
from parsers.readers import NoReaders


def recorded(length: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(int(length * 16000)))
    return out.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + name + content


def numbers(*values: int, size: int = 4) -> bytes:
    return b"".join(value.to_bytes(size, "big") for value in values)


MOVIE = box(b"ftyp", b"isom") + box(b"free", b"x" * 50) + box(b"moov", box(b"mvhd", numbers(0, 0, 0, 1000, 125_500)))
WIDE = box(b"ftyp", b"M4A ") + box(
    b"moov", box(b"mvhd", b"\1\0\0\0" + bytes(16) + numbers(600) + numbers(7200, size=8))
)
FRAME = b"\xff\xfb\x90\x64" + bytes(32)
VIDEO = b"RIFF" + bytes(4) + b"AVI LIST" + bytes(4) + b"hdrlavih" + bytes(4) + (40_000).to_bytes(4, "little")


@pytest.mark.parametrize(
    ("data", "length"),
    [
        (recorded(12.5), 12.5),
        (MOVIE, 125.5),
        (WIDE, 12),
        (FRAME + b"Xing" + numbers(1, 1000), 1000 * 1152 / 44100),
        (b"ID3\4\0\0\0\0\1\0" + bytes(128) + FRAME + bytes(160_000 - 36), 10),
        (VIDEO + bytes(12) + (250).to_bytes(4, "little"), 10),
        (b"fLaC" + bytes(14) + (44100 << 44 | 441000).to_bytes(8, "big"), 10),
        (b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50, 1),
    ],
    ids=["wav", "mp4", "m4a", "mp3 counted", "mp3", "avi", "flac", "amr"],
)
def test_the_length_is_found(data: bytes, length: float) -> None:
    assert seconds(data) == pytest.approx(length, rel=0.01)


def test_a_recording_is_kept_and_told_of() -> None:
    content = attachments.read("采访.wav", recorded(75), NoReaders())
    assert (content.kind, content.status) == ("audio", "stored")
    assert [found.message for found in content.findings] == ["录音已原样保存，大小 1.1 MB，时长1分15秒。"]


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\x18ftypisom",
        box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", bytes(100))),
        box(b"ftyp", b"isom") + bytes(400_000),
        box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", numbers(0, 0, 0, 1, 2**32 - 1))),
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0AVI ",
        b"ID3",
        b"\xff\xfb",
        b"fLaC",
        b"#!AMR\n",
        b"\x1aE\xdf\xa3",
    ],
)
def test_a_recording_that_says_nothing_has_no_length(data: bytes) -> None:
    assert seconds(data) is None
    assert attachments.read("a.mp4", data, NoReaders()).status == "stored"
