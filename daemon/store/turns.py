"""Writers of one process take turns. SQLite alone would let a busy one starve the others: who waits there only sleeps
and tries again, so a thread that takes in a backlog, commit after commit, left an editor's click no gap in 5 s."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from daemon.blobs import StoreUnavailable


class Turns:
    """A lock that is given to whoever has waited longest."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """This thread's turn; StoreUnavailable if it has not come within the seconds."""
        mine = self._ask()
        if mine is not None and not mine.wait(self._seconds) and not self._give_up(mine):
            raise StoreUnavailable(f"数据库写入排队超过 {self._seconds:g} 秒，请稍后再试")
        try:
            yield
        finally:
            self._pass_on()

    def _ask(self) -> threading.Event | None:
        """None where nobody is before."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return None
            self._waiting.append(mine := threading.Event())
            return mine

    def _give_up(self, mine: threading.Event) -> bool:
        """Leaves the queue; True where the turn came in the same moment."""
        with self._mutex:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def _pass_on(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
