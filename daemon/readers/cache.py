"""What the slow readers found, kept beside the blobs: the same annex sent by ten units is looked at once.

A reading is kept by what it was made of: the bytes, the reader and its version (which covers our own code around it).
So nothing is ever taken for another reader's work, and there is nothing to invalidate. It is a picture of a page that
is kept, not a file: an interrupted scan of 300 pages goes on where it stopped. Passwords play no part, since they have
been applied before a reader sees the bytes. Losing the folder costs time only; half-written readings are not believed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from parsers.readers import OcrLine, Readers

FOLDER = "readings"
_MOST = 20_000
"""Readings kept; the least used half goes when there are more."""
_MOST_BYTES = 512 * 2**20
_HEX = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Readings:
    """A folder of readings by key, each with a check sum. Several processes use it at a time; none waits."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        path = self.folder / key
        try:
            kept = path.read_bytes()
            if kept[:_HEX] != _checksum(kept[_HEX:]):
                path.unlink(missing_ok=True)
                return None
            os.utime(path)  # the least used go first
        except OSError:
            return None
        return kept[_HEX:]

    def put(self, key: str, reading: bytes) -> None:
        """Keeps a reading if it can: where the disk is full, it is made again the next time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._trim()
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(_checksum(reading) + reading)
            Path(file.name).rename(self.folder / key)
        except OSError as error:
            _log.warning("a reading could not be kept in %s: %s", self.folder, error.strerror)

    def _trim(self) -> None:
        kept = []
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another worker trims as well
                kept.append((path.stat().st_mtime, path.stat().st_size, path))
        if len(kept) >= _MOST or sum(size for _, size, _ in kept) >= _MOST_BYTES:
            for _, _, path in sorted(kept)[: len(kept) // 2 + 1]:
                path.unlink(missing_ok=True)


class Versions(Protocol):
    """What the machine's readers are; None: there is no such reader, or it is switched off, and nothing is kept."""

    @property
    def ocr_version(self) -> str | None: ...

    @property
    def office_version(self) -> str | None: ...


@dataclass(frozen=True)
class CachedReaders:
    """Readers that look among the readings first."""

    readers: Readers
    versions: Versions
    readings: Readings

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        version = self.versions.ocr_version
        if version is None:
            return self.readers.ocr(picture)
        key = _key("ocr", version, picture)
        kept = self.readings.get(key)
        if kept is not None:
            return [OcrLine(text, (box[0], box[1], box[2], box[3]), sure) for text, box, sure in json.loads(kept)]
        found = self.readers.ocr(picture)
        if found is not None:
            rows = [(line.text, line.box, line.confidence) for line in found]
            self.readings.put(key, json.dumps(rows, ensure_ascii=False).encode())
        return found

    def to_docx(self, data: bytes, extension: str) -> bytes | None:
        version = self.versions.office_version
        if version is None:
            return self.readers.to_docx(data, extension)
        key = _key(f"docx {extension}", version, data)
        found = self.readings.get(key)
        if found is None:
            found = self.readers.to_docx(data, extension)
            if found is not None:
                self.readings.put(key, found)
        return found


def _key(reader: str, version: str, data: bytes) -> str:
    return sha256(f"{reader}\n{version}\n{sha256(data).hexdigest()}".encode()).hexdigest()


def _checksum(data: bytes) -> bytes:
    return sha256(data).hexdigest().encode()
