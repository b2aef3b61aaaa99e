"""The model of the editors' habits on its way from the daemon to its workers: one file, replaced as a whole.

A worker looks at the file before each message and reads it when it is another one, so that what an editor corrects
reaches messages within seconds, without new workers. The file can be deleted at any time: it is made from the
corrections in the database, and without it columns go by the rules.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from daemon.blobs import StoreUnavailable
from parsers.learned import Model, from_json, to_json
from parsers.office import Office

NAME = "columns-model.json"
"""Below the data folder."""
_Stamp = tuple[int, int, int]
_last: tuple[Path, _Stamp, Office, Office] | None = None
"""What this process made of the file when it last read it, and of which office."""


def write(path: Path, model: Model) -> None:
    """Puts the model in the file's place. StoreUnavailable where the folder can't be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            file.write(to_json(model))
        Path(file.name).replace(path)
    except OSError as error:
        raise StoreUnavailable(f"栏目模型 {path} 写入失败：{error.strerror}，请检查磁盘和权限") from error


def read(path: Path) -> Model | None:
    """The model in the file; None where there is none that can be read."""
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def taught(office: Office, path: Path | None) -> Office:
    """The office with the model that stands in the file now."""
    global _last
    stamp = _stamp(path) if path else None
    if path is None or stamp is None:
        return office
    if _last is None or _last[:2] != (path, stamp) or _last[2] is not office:
        _last = (path, stamp, office, replace(office, model=read(path)))
    return _last[3]


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = os.stat(path)  # noqa: PTH116 — asked before every message
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
