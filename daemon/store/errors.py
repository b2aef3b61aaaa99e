"""What the store raises. Texts are Chinese sentences for the administrator.

StoreUnavailable      the database or the blob folder can't be used now; nothing was changed, try again
├ AlreadyRunning      another daemon holds the database
└ SchemaUnknown       the database was made by a newer program
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, TimeoutError

from daemon.blobs import StoreUnavailable

_SQLITE = {
    "locked": "数据库被其他程序锁定超过 5 秒，请关闭占用它的程序",
    "full": "数据库所在磁盘已满，请清理空间或扩容",
    "disk i/o": "读写数据库文件时磁盘出错，请检查磁盘",
    "unable to open": "打不开数据库文件，请检查文件夹是否存在、有无权限",
    "readonly": "数据库文件是只读的，请检查权限和磁盘",
    "not a database": "数据库文件已损坏或不是 SQLite 数据库，请从备份恢复",
    "malformed": "数据库文件已损坏，请从备份恢复",
}
_POSTGRESQL = {
    "53100": "数据库服务器磁盘已满，请清理空间或扩容",
    "53300": "数据库服务器连接数已满，请稍候或调大 max_connections",
    "55P03": "数据库被其他事务锁定超过 5 秒，请关闭占用它的程序",
    "57P01": "数据库服务器正在停止或重启，恢复后会自动继续",
    "57P03": "数据库服务器正在启动，稍后会自动继续",
    "25006": "数据库服务器处于只读状态，请检查主备切换",
}


class AlreadyRunning(StoreUnavailable):
    """Another daemon works on this database; the text names its process."""


class SchemaUnknown(StoreUnavailable):
    """The tables are those of a newer program."""


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Turns what a driver says of a database that can't be used into StoreUnavailable; mistakes of ours pass."""
    try:
        yield
    except TimeoutError as error:
        raise StoreUnavailable("数据库连接全部被占用，请稍后再试") from error
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        raise StoreUnavailable(sentence) from error


def _sentence(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    text = str(error.orig)
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    if type(error.orig).__module__.startswith("sqlite3"):
        return next((advice for words, advice in _SQLITE.items() if words in text.lower()), None)
    if error.connection_invalidated or (state is None and "OperationalError" in type(error.orig).__name__):
        return f"连不上数据库服务器（{(text.strip() or '连接已断开').splitlines()[0]}），恢复后会自动继续"
    return None
