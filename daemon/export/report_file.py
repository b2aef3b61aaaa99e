"""A report as a file, its form by the ending of its name."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from daemon.export.bulletin import bulletin
from daemon.export.ledger import ledger
from daemon.export.page import page
from daemon.rules.assessment import Report, as_json

_FORMS: dict[str, Callable[[Report, str], bytes]] = {
    ".json": lambda report, _: (json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n").encode(),
    ".xlsx": lambda report, _: ledger(report),
    ".docx": bulletin,
    ".html": lambda report, issuer: page(report, issuer).encode(),
}
ENDINGS = tuple(_FORMS)


def has_form(path: Path) -> bool:
    """Whether a report can be written to a file of this name."""
    return path.suffix.lower() in _FORMS


def report_bytes(report: Report, issuer: str, path: Path) -> bytes:
    """What a file of this name holds."""
    return _FORMS[path.suffix.lower()](report, issuer)


def write_report(report: Report, issuer: str, path: Path) -> None:
    """Writes the file, whole or not at all. OSError where the disk refuses."""
    data = report_bytes(report, issuer, path)
    try:
        _replace(path, data)
    except OSError as error:
        # The temporary file's name would tell nobody anything.
        raise OSError(error.errno, error.strerror, str(path)) from error


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
