"""Brings the tables up to date at start.

A changed schema needs a step: `python -m daemon.store.migrate "why"` drafts it in migrations/versions.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from daemon.blobs import StoreUnavailable
from daemon.store.engine import make_engine, sqlite_path, writing
from daemon.store.errors import SchemaUnknown

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")


def pending(engine: Engine) -> bool:
    """Whether the tables are older than this program. SchemaUnknown where they are newer. Costs one query."""
    with engine.connect() as connection:
        present = _present(connection)
    if present is not None and present not in _steps():
        raise SchemaUnknown(f"数据库由更新版本的程序建立（表结构 {present}），请升级本程序，或从备份恢复旧数据库")
    return present != _steps()[-1]


def migrate(engine: Engine) -> None:
    """Runs what is pending in one transaction, an SQLite file copied before. Only under the lock."""
    _copy_before(engine)
    with writing(engine).connect() as connection:
        _foreign_keys(connection, on=False)
        with connection.begin():
            _run(connection)
            _check_references(connection)
        _foreign_keys(connection, on=True)


def alembic_config(connection: Connection) -> Config:
    """Alembic's config for the migrations beside this file, wherever they are installed."""
    from alembic.config import Config  # costs 0.2 s, needed only when something is pending

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _run(connection: Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), "head")


def _present(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _steps() -> list[str]:
    """The names of all steps in order: the four digits that their files begin with."""
    return sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _copy_before(engine: Engine) -> None:
    path = sqlite_path(engine)
    if path is None or not _has_tables(engine):
        return
    copy = path.with_name(f"{path.name}.before-{_steps()[-1]}")
    unfinished = copy.with_name(copy.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        _sync(unfinished)
        unfinished.rename(copy)
        _sync(copy.parent)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise StoreUnavailable(f"升级表结构前备份数据库失败（{copy}：{error}），数据库未改动") from error


def _has_tables(engine: Engine) -> bool:
    return bool(inspect(engine).get_table_names())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    """SQLite changes a table by making it anew, which deletes what refers to it unless references are off."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreUnavailable("升级表结构会破坏数据之间的引用，已撤销；请带上数据库副本联系维护人员")


def _draft_step(why: str) -> None:
    from alembic import command

    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/new.sqlite3", Path(folder))
        if _steps():
            migrate(engine)
        with writing(engine).connect() as connection:
            number = f"{len(_steps()) + 1:04d}"
            command.revision(alembic_config(connection), why, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    _draft_step(sys.argv[1])
