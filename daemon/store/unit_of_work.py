"""The database behind one door: units of work that commit or leave no trace, and read-only looks at it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session, sessionmaker

from daemon.blobs import Blobs
from daemon.store import likeness, open_findings
from daemon.store.engine import BUSY_SECONDS, make_engine, reading, writing
from daemon.store.errors import explained
from daemon.store.lock import DatabaseLock
from daemon.store.migrate import migrate, pending
from daemon.store.numbers import number_rows
from daemon.store.search import bring_up_to_date
from daemon.store.turns import Turns


class Store:
    """Database and blobs of one office. Safe to use from several threads; a session belongs to one."""

    def __init__(self, engine: Engine, blobs: Blobs, lock: DatabaseLock | None = None) -> None:
        self.engine = engine
        self.blobs = blobs
        self._lock = lock
        self._writer = sessionmaker(writing(engine), expire_on_commit=False)
        event.listen(self._writer, "before_flush", number_rows)
        event.listen(self._writer, "after_flush", open_findings.notice)
        self._turn = Turns(BUSY_SECONDS).turn if engine.dialect.name == "sqlite" else contextlib.nullcontext
        self._reader = sessionmaker(reading(engine), expire_on_commit=False)

    @classmethod
    def open(cls, url: str, data_dir: Path, *, alone: bool = False) -> Store:
        """Opens the database, its tables brought up to date.

        `alone`: as the one daemon of this database (run, poll, import, demo), until `close`; AlreadyRunning if there
        is one. Other commands share the database with it. StoreUnavailable where it can't be reached.
        """
        with explained():
            engine = make_engine(url, data_dir)
            lock = DatabaseLock(engine, data_dir)
            try:
                return cls._open(engine, data_dir, lock, alone)
            except BaseException:
                lock.release()
                engine.dispose()
                raise

    @classmethod
    def _open(cls, engine: Engine, data_dir: Path, lock: DatabaseLock, alone: bool) -> Store:
        due = pending(engine)
        if alone or due:
            lock.take()
        if due:
            migrate(engine)
        blobs = Blobs(data_dir / "blobs")
        if alone:
            blobs.sweep()
            return cls(engine, blobs, lock)
        lock.release()
        return cls(engine, blobs)

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One unit of work: committed at the end, rolled back on any exception. Keep it short: others wait for it."""
        with self._turn(), explained(), self._writer.begin() as session:
            yield session
            likeness.write_pending(session)
            open_findings.write_pending(session)
            bring_up_to_date(session)

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one consistent state. Writing in it is refused by the database."""
        with explained(), self._reader() as session:
            yield session

    def ping(self) -> None:
        """StoreUnavailable where the database can't be used; AlreadyRunning where the lock went to another daemon."""
        with explained(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        if self._lock:
            self._lock.keep()

    def close(self) -> None:
        """Gives back connections and lock."""
        if self._lock:
            self._lock.release()
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
