"""Stores for the tests: what is true of one database has to be true of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.settings import Settings, load
from daemon.store.unit_of_work import Store
from tests.offices import write_desk

SERVER = {"host": "127.0.0.1", "user": "desk", "password": "secret"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database: once in SQLite, once in PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'baosong.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """A store of its own, opened as the one daemon opens it."""
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The config of a small office (tests/offices.py)."""
    smtp = SERVER | {"from": "desk@office.example.cn"}
    return load(write_desk(tmp_path / "office", SERVER, smtp).config)
