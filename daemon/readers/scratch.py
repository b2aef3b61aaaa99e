"""Where workers write what lives for one call: a worker that is killed cannot clear up, so the next one does it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

FOLDER = "scratch"


def folder_of_this_process(folder: Path) -> Path:
    """A folder of its own, beside those of the other workers; what workers left that are no more goes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.iterdir():
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)
    own = folder / str(os.getpid())
    shutil.rmtree(own, ignore_errors=True)  # of an older process of the same number
    own.mkdir(mode=0o700)
    return own
