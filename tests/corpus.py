"""Where the sample corpus lies, for the tests that read it: BAOSONG_CORPUS, else beside the project."""

from __future__ import annotations

import os
from pathlib import Path

CORPUS = Path(os.environ.get("BAOSONG_CORPUS") or Path(__file__).resolve().parent.parent.parent / "shared" / "corpus")


def messages() -> list[Path]:
    """The sample mails in order; empty where there is no corpus on this machine."""
    return sorted((CORPUS / "messages").glob("*.eml"))
