"""Keeps the workers busy with what waits to be read, and takes in what they found, a few results a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from datetime import datetime
from typing import Protocol

from daemon.blobs import StoreUnavailable
from daemon.desk.receive import (
    Acknowledge,
    Waiting,
    begin_attempt,
    fail_attempt,
    give_back,
    note_glances,
    resume,
    take_in,
    waiting,
)
from daemon.settings import Settings
from daemon.store.unit_of_work import Store
from parsers.submission import Submission

IN_HAND = 48
"""Messages given to the workers at a time: enough to keep them busy, few enough to end within seconds."""
ASIDE = 1000
"""Messages with scans beside them, at most: they wait for each other, and no other message waits for them."""
A_COMMIT = 24
"""Results taken in together: a commit of them stays well under 200 ms."""

TOGETHER = 0.08
"""Seconds that the first result waits for others: a commit costs much the same for one and for many."""

Outcome = Submission | str
"""What a message held, or (in Chinese) why nothing could be read of it."""


class Workers(Protocol):
    """Who reads messages, each in its own time."""

    @property
    def slow(self) -> int:
        """How many of the messages in hand wait for slow readers."""
        ...

    def glances(self) -> dict[Future[Outcome], Submission]:
        """What messages that have come to wait for slow readers since the last call say of themselves."""
        ...

    def warm(self) -> None:
        """Returns when the next message will be read at once."""
        ...

    def parse(self, message: Waiting) -> Future[Outcome]: ...


class Reading:
    """The messages in the workers' hands. One thread calls `step` again and again."""

    def __init__(
        self,
        store: Store,
        workers: Workers,
        settings: Callable[[], Settings],
        acknowledge: Acknowledge,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._workers, self._settings = store, workers, settings
        self._acknowledge, self._clock = acknowledge, clock
        self._in_hand: dict[Future[Outcome], int] = {}
        self._found: list[tuple[int, Outcome]] = []
        self._unread: list[int] = []
        self._glances: dict[Future[Outcome], Submission] = {}
        self._certain = False
        """What the database calls begun is what stands in `_in_hand`: not at the start, not after a lost commit."""

    @property
    def idle(self) -> bool:
        """Nothing in hand, nothing to be stored or given back."""
        return not (self._in_hand or self._found or self._unread)

    def step(self, seconds: float, *, more: bool = True) -> int:
        """Gives out what waits (if `more`), stores what is done; blocks for at most `seconds` while work is in hand.

        Gives the number of messages that ended. StoreUnavailable: nothing is lost; step again later.
        """
        self._give_back()
        if more:
            self._give_out()
        self._gather(seconds)
        self._note_glances()
        ended = self._store_found()
        if self._unread:
            raise StoreUnavailable("附件无法写入数据文件夹，请检查 data_dir 所在磁盘的空间和权限")
        return ended

    def steps(self) -> Iterator[int]:
        """Steps until nothing waits any more, telling after each how many messages ended."""
        yield self.step(1)
        while not self.idle or waiting(self._store, 1):
            yield self.step(1)

    def _give_out(self) -> None:
        if not self._certain and not self._resumed():
            return
        free = IN_HAND - len(self._in_hand) + min(self._workers.slow, ASIDE)
        rows = waiting(self._store, free) if free > IN_HAND // 4 else []
        if not rows:
            return
        # Else a daemon killed again and again before its first worker is up would make each death the message's.
        self._workers.warm()
        self._settings()  # so that the workers know what the desk has learned
        self._certain = False
        begin_attempt(self._store, [row.message_row for row in rows], self._clock())
        self._certain = True
        for row in rows:
            self._in_hand[self._workers.parse(row)] = row.message_row

    def _resumed(self) -> bool:
        """Once nothing is in hand, whatever the database calls begun was begun by a daemon that is no more."""
        if not self.idle:
            return False
        resume(self._store, self._clock())
        self._certain = True
        return True

    def _gather(self, seconds: float) -> None:
        if not self._in_hand or self._found:
            return
        wait(self._in_hand, seconds, return_when=FIRST_COMPLETED)
        done, _ = wait(self._in_hand, TOGETHER)
        for future in done:
            row = self._in_hand.pop(future)
            try:
                self._found.append((row, future.result()))
            except (StoreUnavailable, CancelledError):  # the machine's fault, not the message's: no attempt was made
                self._unread.append(row)

    def _note_glances(self) -> None:
        """While the slow readers work, the desk can say whose mail it is; of what has ended it will say more."""
        self._glances |= self._workers.glances()
        waiting = {self._in_hand[future]: glance for future, glance in self._glances.items() if future in self._in_hand}
        if waiting:
            note_glances(self._store, waiting)
        self._glances.clear()

    def _give_back(self) -> None:
        if self._unread:
            give_back(self._store, self._unread)
            self._unread.clear()

    def _store_found(self) -> int:
        ended = 0
        while self._found:
            some = self._found[:A_COMMIT]
            read = [(row, outcome) for row, outcome in some if not isinstance(outcome, str)]
            if read:
                take_in(self._store, read, self._settings(), self._clock(), self._acknowledge)
            for row, outcome in some:
                if isinstance(outcome, str):
                    fail_attempt(self._store, row, outcome, self._clock())
            del self._found[: len(some)]
            ended += len(some)
        return ended
