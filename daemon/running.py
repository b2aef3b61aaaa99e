"""What the daemon is doing, for the page 运行状态; and, in a small file, when it was last alive, for after a kill.

Each loop says when it begins and ends a pass or fails. The file is replaced as a whole every few seconds; without it
nothing is missing but the memory of the run before.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

NAME = "running.json"
"""Below the data folder."""
_WRITE_EVERY = timedelta(seconds=5)
_ERRORS = 20


@dataclass(frozen=True)
class Loop:
    """One of the daemon's loops: since when it is in the present pass, when the last one ended, why it fails."""

    name: str
    since: datetime
    done_at: datetime | None = None
    failures: int = 0
    error: str | None = None
    next_try_at: datetime | None = None


@dataclass(frozen=True)
class Failure:
    """Something that went wrong, and when."""

    at: str
    loop: str
    error: str


@dataclass(frozen=True)
class Life:
    """A run of the daemon, as its file tells. Times as ISO 8601."""

    started_at: str
    alive_at: str
    ended: bool
    errors: tuple[Failure, ...] = ()


class Running:
    """The present run. Safe to use from several threads."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._path, self._clock = folder / NAME, clock
        self._lock = threading.Lock()
        self._loops: dict[str, Loop] = {}
        self.before = read(self._path)
        self.started_at: datetime | None = None
        self._written_at: datetime | None = None
        self._errors: deque[Failure] = deque(self.before.errors if self.before else (), maxlen=_ERRORS)
        self.asked = 0
        """How often a person has asked to try again now."""

    def begins(self, loop: str) -> None:
        """A pass of this loop begins."""
        now = self._clock()
        with self._lock:
            self._loops[loop] = replace(self._loops.get(loop, Loop(loop, now)), since=now)
            self.started_at = self.started_at or now
            is_due = self._written_at is None or now - self._written_at >= _WRITE_EVERY
        if is_due:
            self._write(ended=False)

    def ends(self, loop: str) -> None:
        """The pass is done."""
        now = self._clock()
        with self._lock:
            self._loops[loop] = Loop(loop, now, done_at=now)

    def fails(self, loop: str, error: str, pause: float) -> None:
        """The pass failed, and will be tried again after so many seconds."""
        now = self._clock()
        with self._lock:
            there = self._loops.get(loop, Loop(loop, now))
            next_try = now + timedelta(seconds=pause)
            self._loops[loop] = replace(there, failures=there.failures + 1, error=error, next_try_at=next_try)
            self._errors.append(Failure(now.isoformat(), loop, error))
        self._write(ended=False)

    def stops(self) -> None:
        """The daemon ends in an orderly way."""
        self._write(ended=True)

    def try_now(self) -> None:
        """Loops that wait after a failure go on at once."""
        with self._lock:
            self.asked += 1

    def loops(self) -> tuple[Loop, ...]:
        """All loops in the order in which they began."""
        with self._lock:
            return tuple(self._loops.values())

    def errors(self) -> tuple[Failure, ...]:
        """The last failures, the newest first, those of the run before included."""
        with self._lock:
            return tuple(self._errors)[::-1]

    def _write(self, *, ended: bool) -> None:
        """Without fsync and without a word where it fails: it is of use to people only."""
        with self._lock:
            self._written_at = now = self._clock()
            life = Life((self.started_at or now).isoformat(), now.isoformat(), ended, tuple(self._errors))
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                aside = self._path.with_suffix(".new")
                aside.write_text(json.dumps(asdict(life), ensure_ascii=False), encoding="utf-8")
                aside.replace(self._path)
            except OSError:
                return


def read(path: Path) -> Life | None:
    """The run that the file tells of; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Life(**found | {"errors": tuple(Failure(**one) for one in found["errors"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
