"""Findings as the readers of files give them: `warn` at most, for only the caller knows which file is the main text."""

from __future__ import annotations

from parsers.attachments.errors import Unreadable
from parsers.submission import Finding, Severity


def finding(code: str, message: str, severity: Severity = "warn") -> Finding:
    """A finding on the file being read; its place is filled in by `parsers.attachments.read`."""
    return Finding(code, severity, message)


def of_error(error: Unreadable) -> Finding:
    """What an editor reads about a file that could not be read."""
    return finding(error.code, error.message, "info" if error.status == "stored" else "warn")
