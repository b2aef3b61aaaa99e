"""Bytes kept by their SHA-256: raw messages, attachments, pictures. Below store and readers, since both write here.

A blob that `put` has returned is on the disk: temporary file, fsync, rename, fsync of the folders. It never changes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
SYNCS = 16
"""Files synced at a time."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


class StoreUnavailable(Exception):
    """Database or blob folder can't be used now; nothing was changed. A Chinese sentence for the administrator."""


class BlobDamaged(Exception):
    """A blob is missing or its bytes no longer are what its name says."""


class Blobs:
    """The folder of blobs: `ab/abcd…`. A batch syncs its files, then its folders, several at a time: a disk
    answers sixteen fsyncs that wait together in little more time than one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def put(self, data: bytes) -> str:
        """Keeps the bytes and gives their name. StoreUnavailable where the disk is full or can't be written."""
        return self.put_all([data])[0]

    def put_all(self, blobs: Sequence[bytes]) -> list[str]:
        """The same for several, which share the fsyncs of their folders."""
        names = [sha256(data).hexdigest() for data in blobs]
        with _explained(self.folder):
            self._write(dict(zip(names, blobs, strict=True)))
        return names

    def path(self, name: str) -> Path:
        """Where the blob of this SHA-256 is, or would be. ValueError for anything but 64 hexadecimal digits."""
        if not _NAME.fullmatch(name):
            raise ValueError(f"not the SHA-256 of a blob: {name!r}")
        return self.folder / name[:2] / name

    def exists(self, name: str) -> bool:
        return self.path(name).is_file()

    def read(self, name: str) -> bytes:
        """The bytes, checked against their name. BlobDamaged where they are missing or have changed."""
        path = self.path(name)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise BlobDamaged(f"文件库缺少 {path}（{error.strerror}），请从备份恢复") from error
        if sha256(data).hexdigest() != name:
            raise BlobDamaged(f"文件库中的 {path} 已损坏（内容与校验值不符），请从备份恢复")
        return data

    def sweep(self) -> None:
        """Removes what a killed process left half written. Only while nobody writes: at start, under the lock."""
        for left in self._unfinished().glob("*"):
            left.unlink(missing_ok=True)

    def _write(self, blobs: dict[str, bytes]) -> None:
        new = {name: data for name, data in blobs.items() if not self._holds(name, len(data))}
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._unfinished().mkdir(exist_ok=True, mode=0o700)
        with contextlib.ExitStack() as stack:
            written = {name: stack.enter_context(_temporary(self._unfinished(), data)) for name, data in new.items()}
            _sync_all(list(written.values()))
            made = [folder for name in new if _make_folder(folder := self.path(name).parent)]
            for name, temporary in written.items():
                temporary.rename(self.path(name))
        # Also of blobs that stood already: who wrote them may have died before this.
        _sync_all(sorted({self.path(name).parent for name in blobs}))
        if made:
            _sync(self.folder)

    def _holds(self, name: str, size: int) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return self.path(name).stat().st_size == size
        return False

    def _unfinished(self) -> Path:
        return self.folder / "unfinished"


@contextlib.contextmanager
def _temporary(folder: Path, data: bytes) -> Iterator[Path]:
    """A file with these bytes, not yet synced, gone at the end unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _make_folder(folder: Path) -> bool:
    """Makes the folder; whether it is new."""
    if folder.is_dir():
        return False
    folder.mkdir(exist_ok=True, mode=0o700)
    return True


def _sync_all(paths: Sequence[Path]) -> None:
    if len(paths) < 2:
        for path in paths:
            _sync(path)
        return
    with ThreadPoolExecutor(min(SYNCS, len(paths))) as threads:
        for _ in threads.map(_sync, paths):
            pass


def _sync(path: Path) -> None:
    """Files and folders alike."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        advice = "磁盘已满，请清理空间或扩容" if error.errno in _FULL else f"{error.strerror}，请检查权限和磁盘"
        raise StoreUnavailable(f"文件库 {folder} 写入失败：{advice}；邮件仍在服务器上，恢复后会自动继续") from error
