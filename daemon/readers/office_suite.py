"""LibreOffice, only where installed, only to .docx: its text export lets deleted and hidden text through.

Each call gets a profile of its own and no network; it exits 0 on failure, so the file that it wrote decides.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

_log = logging.getLogger(__name__)
_SECONDS = 120
_EXTENSION = re.compile(r"[a-z0-9]{1,5}")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""Macros never run, and no link that a document holds is followed."""


def find_program() -> str | None:
    """The office suite's program, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def version() -> str | None:
    """The installed build and this module's own text; None without an office suite."""
    program = find_program()
    return _version(program) if program else None


@lru_cache(maxsize=1)
def _version(program: str) -> str:
    """Told by the file that names the build, else by the program: asking the suite itself takes a second."""
    real = Path(program).resolve()
    build = real.with_name("versionrc")
    told = [path.read_bytes() for path in (build if build.is_file() else real, Path(__file__))]
    return sha256(b"".join(told)).hexdigest()


def to_docx(data: bytes, extension: str) -> bytes | None:
    """A file converted to .docx; None where there is no office suite, or it could not."""
    program = find_program()
    if program is None or not _EXTENSION.fullmatch(extension):
        return None
    with tempfile.TemporaryDirectory(prefix="baosong-office-") as folder:
        source = Path(folder, f"in.{extension}")
        source.write_bytes(data)
        _run(program, Path(folder), source)
        written = Path(folder, "out", "in.docx")
        return written.read_bytes() if written.is_file() else None


def _run(program: str, folder: Path, source: Path) -> None:
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    command = [
        *_without_network(),
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--convert-to", "docx:MS Word 2007 XML"),
        *("--outdir", str(folder / "out"), str(source)),
    ]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TMPDIR": str(folder)}
    try:
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, env=environment, cwd=folder)
    except subprocess.TimeoutExpired:
        _log.warning("the office suite took over %d s on a .%s file", _SECONDS, source.suffix)


@lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """The command that starts a program in an empty network, where this machine allows it."""
    sandbox = ("unshare", "-rn", "--fork", "--kill-child")  # ends with the worker that started it
    if shutil.which("unshare") is None:
        return ()
    tried = subprocess.run([*sandbox, "true"], capture_output=True, timeout=20, check=False)
    return sandbox if tried.returncode == 0 else ()
