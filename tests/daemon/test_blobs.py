"""Bytes by their hash: whole or not there at all."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from daemon.blobs import BlobDamaged, Blobs
from tests.offices import HOME


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def files(blobs: Blobs) -> list[Path]:
    return sorted(path for path in blobs.folder.rglob("*") if path.is_file())


def test_bytes_come_back_by_their_hash(blobs: Blobs) -> None:
    name = blobs.put(b"a message")
    assert name == sha256(b"a message").hexdigest()
    assert blobs.read(name) == b"a message"
    assert blobs.exists(name)


def test_the_same_bytes_are_kept_once(blobs: Blobs) -> None:
    names = blobs.put_all([b"one", b"two", b"one", b""])
    blobs.put(b"two")
    assert names[0] == names[2]
    assert files(blobs) == sorted(map(blobs.path, set(names)))


def test_writers_of_the_same_bytes_do_not_disturb_each_other(blobs: Blobs) -> None:
    data = os.urandom(300_000)
    with ThreadPoolExecutor(8) as threads:
        names = set(threads.map(blobs.put, [data] * 40))
    assert [blobs.read(name) for name in names] == [data]
    assert len(files(blobs)) == 1


@pytest.mark.parametrize("name", ["", "..", "a" * 63, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n", "a" * 65])
def test_what_is_no_hash_names_no_blob(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="not the SHA-256"):
        blobs.path(name)


def test_a_blob_that_has_changed_is_told(blobs: Blobs) -> None:
    name = blobs.put(b"a message")
    blobs.path(name).write_bytes(b"a massage")
    with pytest.raises(BlobDamaged, match="已损坏"):
        blobs.read(name)


def test_a_blob_that_is_missing_is_told(blobs: Blobs) -> None:
    with pytest.raises(BlobDamaged, match="缺少"):
        blobs.read("0" * 64)


def test_a_blob_cut_short_by_the_file_system_is_written_again(blobs: Blobs) -> None:
    name = blobs.put(b"a message")
    blobs.path(name).write_bytes(b"a mess")
    blobs.put(b"a message")
    assert blobs.read(name) == b"a message"


def test_only_the_daemons_own_user_can_read_them(blobs: Blobs) -> None:
    path = blobs.path(blobs.put(b"a message"))
    assert path.stat().st_mode & 0o077 == 0
    assert blobs.folder.stat().st_mode & 0o077 == 0


def test_what_a_killed_process_left_is_swept_away(blobs: Blobs) -> None:
    name = blobs.put(b"a message")
    (blobs.folder / "unfinished" / "tmpabc").write_bytes(b"a mess")
    blobs.sweep()
    assert files(blobs) == [blobs.path(name)]


PUT_THREE = """
import sys
from pathlib import Path
from daemon.blobs import Blobs, StoreUnavailable
try:
    Blobs(Path(sys.argv[1])).put_all([b"one", b"two", b"three"])
except StoreUnavailable as error:
    sys.exit(str(error))
"""


def traced(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Three blobs put by a process under strace."""
    command = ["strace", "-f", "-qq", "-o", str(folder / "trace"), *options, sys.executable, "-c", PUT_THREE]
    environment = os.environ | {"PYTHONPATH": str(HOME)}
    return subprocess.run(
        [*command, str(folder / "blobs")], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("rename", 1)])
def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path, call: str, number: int) -> None:
    done = traced(tmp_path, "-e", f"trace={call}", "-e", f"inject={call}:error=ENOSPC:when={number}+")
    assert done.returncode == 1
    assert "磁盘已满，请清理空间或扩容" in done.stderr
    assert files(Blobs(tmp_path / "blobs")) == []


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_put_returns(tmp_path: Path) -> None:
    assert traced(tmp_path, "-y", "-e", "trace=fsync,rename").returncode == 0
    blobs = Blobs(tmp_path / "blobs")
    calls = (tmp_path / "trace").read_text(encoding="utf-8").splitlines()
    for data in (b"one", b"two", b"three"):
        path = blobs.path(sha256(data).hexdigest())
        [renamed] = [number for number, call in enumerate(calls) if "rename(" in call and f'"{path}"' in call]
        temporary = calls[renamed].split('"')[1]
        synced = [number for number, call in enumerate(calls) if "fsync(" in call and f"<{temporary}>" in call]
        assert synced
        assert synced[0] < renamed
        for folder in (path.parent, blobs.folder):
            assert any("fsync(" in call and f"<{folder}>" in call for call in calls[renamed:]), folder
