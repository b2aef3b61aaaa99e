"""Engines that mean the same on SQLite and PostgreSQL: durable commits, writers one after another, bounded waits."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from daemon.blobs import StoreUnavailable

BUSY_SECONDS = 5
_WRITES = "baosong_writes"
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def make_engine(url: str, data_dir: Path) -> Engine:
    """The engine of a database address; makes the folder of an SQLite file. Begin `reading` or `writing`."""
    address = _address(url)
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address.set(drivername="postgresql+psycopg"))
    raise StoreUnavailable(f"不支持的数据库 {address.get_backend_name()}，请用 sqlite 或 postgresql+psycopg")


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions write."""
    return engine.execution_options(**{_WRITES: True})


def reading(engine: Engine) -> Engine:
    """The same engine, whose transactions see one state and can't write."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return engine


def sqlite_path(engine: Engine) -> Path | None:
    """The database file, or None on PostgreSQL."""
    return Path(str(engine.url.database)) if engine.dialect.name == "sqlite" else None


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        # Without the address itself, which may hold a password.
        raise StoreUnavailable("看不懂数据库地址，应如 sqlite:///data/baosong.sqlite3") from error


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreUnavailable("数据库地址缺少文件名，应如 sqlite:///data/baosong.sqlite3")
    path = Path(url.database).absolute()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url.set(database=str(path)),
        pool_size=10,
        max_overflow=20,
        pool_timeout=BUSY_SECONDS,
        json_serializer=_json,
        connect_args={"timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # else the driver begins transactions itself, too late and of the wrong kind
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    wait = BUSY_SECONDS * 1000
    return create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        json_serializer=_json,
        connect_args={
            "connect_timeout": BUSY_SECONDS,
            "application_name": application_name(),
            "options": f"-c lock_timeout={wait} -c synchronous_commit=on -c timezone=UTC",
            "keepalives_idle": 30,
        },
    )


def application_name() -> str:
    """How this process is known to a database server, at most 63 bytes."""
    return f"baosong pid {os.getpid()} on {socket.gethostname()[:30]}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
