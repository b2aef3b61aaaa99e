"""What the desk learned of units, on its way from the daemon to its workers: one file, replaced as a whole.

A worker looks at the file before each message, so that an address bound to a unit holds for the very next one. The
file can be deleted at any time: it is made from the database.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from daemon.blobs import StoreUnavailable
from daemon.rules.overlay import Learned, laid_over
from parsers.office import Office

NAME = "learned-units.json"
"""Below the data folder."""
_last: tuple[str, Office, Office] | None = None
"""The file's text when this process last used it, the office that it was laid over, and the office then."""


def write(path: Path, learned: tuple[Learned, ...]) -> None:
    """Puts what was learned in the file's place. StoreUnavailable where the folder can't be written."""
    text = json.dumps([asdict(entry) for entry in learned], ensure_ascii=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            file.write(text)
        Path(file.name).replace(path)
    except OSError as error:
        raise StoreUnavailable(f"单位登记 {path} 写入失败：{error.strerror}，请检查磁盘和权限") from error


def laid(office: Office, path: Path | None) -> Office:
    """The office with what stands in the file now."""
    global _last
    text = _text(path) if path else ""
    if not text:
        return office
    if _last is None or _last[0] != text or _last[1] is not office:
        _last = (text, office, laid_over(office, (Learned(**entry) for entry in json.loads(text))))
    return _last[2]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
