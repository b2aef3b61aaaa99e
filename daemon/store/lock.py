"""One daemon a database. Both locks free themselves when their process dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from daemon.store.engine import sqlite_path
from daemon.store.errors import AlreadyRunning

_KEY = 0x62616F736F6E67  # "baosong" read as a number
_TAKE_OVER_SECONDS = 2.0
_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory'"
    " AND l.granted AND a.datname = current_database() AND ((l.classid::bigint << 32) | l.objid::bigint) = :key"
)


class DatabaseLock:
    """`flock` on the data folder and beside an SQLite file, an advisory lock on PostgreSQL."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self._engine = engine
        self._paths = _lock_files(engine, data_dir)
        self._handles: list[int] = []
        self._connection: Connection | None = None

    def take(self) -> None:
        """AlreadyRunning if another process keeps it for longer than a dying one would (2 s)."""
        until = time.monotonic() + _TAKE_OVER_SECONDS
        while True:
            try:
                self._try()
            except AlreadyRunning:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def keep(self) -> None:
        """Takes the server's lock again where its connection was lost. AlreadyRunning if another daemon was faster."""
        if self._engine.dialect.name == "postgresql" and self._handles and not self._connection_lives():
            self._drop_connection()
            self._take_on_server()

    def release(self) -> None:
        self._drop_connection()
        while self._handles:
            os.close(self._handles.pop())

    def _try(self) -> None:
        try:
            for path in self._paths:
                self._handles.append(_lock_file(path))
            if self._engine.dialect.name == "postgresql":
                self._take_on_server()
        except BaseException:
            self.release()
            raise

    def _take_on_server(self) -> None:
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not self._connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}):
            holder = self._connection.scalar(_HOLDER, {"key": _KEY}) or "刚刚退出"
            self._drop_connection()
            raise AlreadyRunning(f"数据库已由另一个报送服务使用（{holder}），请先停止它")

    def _connection_lives(self) -> bool:
        try:
            return self._connection is not None and self._connection.scalar(text("SELECT 1")) == 1
        except DBAPIError:
            return False

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # not back to the pool: the server's session holds the lock
            self._connection.close()
            self._connection = None


def _lock_files(engine: Engine, data_dir: Path) -> list[Path]:
    database = sqlite_path(engine)
    beside = {database.with_name(database.name + ".lock")} if database else set()
    return sorted({data_dir.absolute() / "daemon.lock"} | beside)


def _lock_file(path: Path) -> int:
    """A handle that holds the lock and has written who does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "未知"
        os.close(handle)
        raise AlreadyRunning(f"报送服务已在运行（进程 {holder}，锁文件 {path}），请先停止它") from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle
