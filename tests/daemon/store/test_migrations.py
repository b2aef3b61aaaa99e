"""Tables are brought up to date at start, the old state kept, a step that fails undone."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from daemon.blobs import StoreUnavailable
from daemon.store import migrate
from daemon.store.errors import SchemaUnknown
from daemon.store.open_findings import having
from daemon.store.schema import Base, Draft, Journal
from daemon.store.search import is_in_schema, matching
from daemon.store.unit_of_work import Store

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("journal") as table:
        table.add_column(sa.Column("added", sa.Text()))
    with op.batch_alter_table("messages") as table:
        table.alter_column("note", nullable=True)  # which SQLite does by making the table anew
    {then}
"""


OLD_DRAFT = text(
    "INSERT INTO drafts (id, ordinal, receipt, state, version, revision, secret, touched, title, title_key, text_key,"
    " confidence, column_reason, grouping_reason, body_html, body_text, findings, elements, cut, due_certain,"
    " timeliness, created_at, updated_at) VALUES (:id, 1, :id, 'pending', 1, 1, :secret, false, '森林防火通知', '', '',"
    " 0, '', '', '', '', '[]', '[]', '[]', false, 'unknown', :at, :at)"
)
OLD_FILE = text(
    "INSERT INTO draft_attachments (draft, ordinal, name, kind, size, sha256, role, status, text, html, publish)"
    " VALUES (:draft, 1, '表.xlsx', 'xlsx', 1, '', 'annex', 'read', '分工', '', true)"
)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations of a later version of the program, to be added to."""
    later = tmp_path / "later %s" / "migrations"
    shutil.copytree(migrate.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "MIGRATIONS", later)
    return later / "versions"


def add_step(steps: Path, then: str = "") -> str:
    names = sorted(path.name[:4] for path in steps.glob("[0-9]*.py"))
    number = f"{int(names[-1]) + 1:04d}"
    (steps / f"{number}_added.py").write_text(STEP.format(number=number, before=names[-1], then=then), encoding="utf-8")
    return number


def opened(store_url: str, tmp_path: Path) -> Store:
    return Store.open(store_url, tmp_path / "data", alone=True)


def with_an_entry(store_url: str, tmp_path: Path) -> None:
    with opened(store_url, tmp_path) as store, store.write() as session:
        session.add(Journal(at=NOON, who="系统", action="test"))


def columns(store: Store) -> set[str]:
    return {column["name"] for column in inspect(store.engine).get_columns("journal")}


def test_the_steps_lead_to_the_tables_of_the_code(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_in_schema})
        assert compare_metadata(context, Base.metadata) == []


def test_the_last_step_is_the_one_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    heads = ScriptDirectory.from_config(config).get_heads()
    assert heads == sorted(path.name[:4] for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*.py"))[-1:]


def test_they_run_from_any_folder(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    with opened(store_url, tmp_path) as store:
        assert "note" in columns(store)


def test_a_new_program_changes_the_tables_and_keeps_the_rows(store_url: str, tmp_path: Path, steps: Path) -> None:
    with_an_entry(store_url, tmp_path)
    add_step(steps)
    with opened(store_url, tmp_path) as store:
        assert "added" in columns(store)
        with store.read() as session:
            assert session.scalar(text("SELECT count(*) FROM journal")) == 1


def test_a_step_that_fails_leaves_all_as_it_was(store_url: str, tmp_path: Path, steps: Path) -> None:
    with_an_entry(store_url, tmp_path)
    number = add_step(steps, 'raise RuntimeError("half way")')
    with pytest.raises(RuntimeError, match="half way"):
        opened(store_url, tmp_path)
    (steps / f"{number}_added.py").unlink()
    with opened(store_url, tmp_path) as store:
        assert "added" not in columns(store)
        with store.read() as session:
            assert session.scalar(text("SELECT count(*) FROM journal")) == 1


def test_an_old_program_leaves_the_tables_of_a_newer_one_alone(store_url: str, tmp_path: Path) -> None:
    with opened(store_url, tmp_path) as store, store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaUnknown, match="请升级本程序"):
        opened(store_url, tmp_path)


def test_a_database_file_is_copied_before(tmp_path: Path, steps: Path) -> None:
    file = tmp_path / "baosong.sqlite3"
    with_an_entry(f"sqlite:///{file}", tmp_path)
    number = add_step(steps)
    opened(f"sqlite:///{file}", tmp_path).close()
    with closing(sqlite3.connect(f"{file}.before-{number}")) as copy:
        assert "added" not in {row[1] for row in copy.execute("PRAGMA table_info(journal)")}
        assert copy.execute("SELECT count(*) FROM journal").fetchone() == (1,)


def test_nothing_is_copied_where_nothing_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "baosong.sqlite3"
    for _ in range(2):
        opened(f"sqlite:///{file}", tmp_path).close()
    assert list(tmp_path.glob("*.before-*")) == []


def test_without_a_copy_nothing_is_changed(tmp_path: Path, steps: Path) -> None:
    file = tmp_path / "baosong.sqlite3"
    with_an_entry(f"sqlite:///{file}", tmp_path)
    number = add_step(steps)
    Path(f"{file}.before-{number}").mkdir()  # a copy can't be put in its place
    with pytest.raises(StoreUnavailable, match="数据库未改动"):
        opened(f"sqlite:///{file}", tmp_path)
    with closing(sqlite3.connect(file)) as database:
        assert "added" not in {row[1] for row in database.execute("PRAGMA table_info(journal)")}


def test_rows_that_refer_to_each_other_survive_a_changed_table(store_url: str, tmp_path: Path, steps: Path) -> None:
    with opened(store_url, tmp_path) as store, store.write() as session:
        session.execute(
            text("INSERT INTO messages (id, sha256, size, stored_at, source, history, state, attempts, interruptions,"
                 ' "references", note, quoted, findings, attachments) VALUES'
                 " (1, 'a', 1, '2026-11-20', 'imap', false, 'stored', 0, 0, '[]', '', '', '[]', '[]')")
        )  # fmt: skip
        session.execute(
            text("INSERT INTO sightings (mailbox, uidvalidity, uid, state, size, received_at, tries, message, noted_at)"
                 " VALUES ('main', 1, 1, 'stored', 1, '2026-11-20', 0, 1, '2026-11-20')")
        )  # fmt: skip
    add_step(steps)
    with opened(store_url, tmp_path) as store, store.read() as session:
        assert session.scalar(text("SELECT message FROM sightings")) == 1


def test_findings_from_before_are_found_by_their_codes(
    store_url: str, tmp_path: Path, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for later in steps.glob("[0-9]*.py"):
        if later.name >= "0013":
            later.unlink()
    with opened(store_url, tmp_path) as store, store.write() as session:
        session.execute(OLD_DRAFT, {"id": 1, "secret": False, "at": NOON})
        findings = '[{"code": "a"}, {"code": "a"}, {"code": "b", "settled": "resolved"}]'
        session.execute(text("UPDATE drafts SET findings = :findings"), {"findings": findings})
    monkeypatch.undo()
    with opened(store_url, tmp_path) as store, store.read() as session:
        found = [list(session.scalars(select(Draft.id).where(having(session, code)))) for code in "ab"]
        assert found == [[1], []]


def test_drafts_from_before_the_search_are_found_by_their_words(
    store_url: str, tmp_path: Path, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for later in steps.glob("[0-9]*.py"):
        if later.name >= "0003":
            later.unlink()
    with opened(store_url, tmp_path) as store, store.write() as session:
        for row in (1, False), (2, True):
            session.execute(OLD_DRAFT, dict(zip(("id", "secret"), row, strict=True)) | {"at": NOON})
            session.execute(OLD_FILE, {"draft": row[0]})
    monkeypatch.undo()
    with opened(store_url, tmp_path) as store, store.read() as session:
        for words in ("防火", "分工", "xlsx"):
            assert list(session.scalars(select(Draft.id).where(*matching(session, words)))) == [1]


@pytest.mark.server
def test_words_of_long_drafts_from_before_are_found_wherever_they_stand(
    postgres_url: str, tmp_path: Path, steps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for later in steps.glob("[0-9]*.py"):
        if later.name >= "0014":
            later.unlink()
    with opened(postgres_url, tmp_path) as store, store.write() as session:
        for number in (1, 2):
            session.execute(OLD_DRAFT, {"id": number, "secret": False, "at": NOON})
        for row in (1, 0, "防火"), (1, 1, "工作"), (1, 2, "招聘"), (2, 0, "防火"):
            values = dict(zip(("draft", "part", "words"), row, strict=True))
            session.execute(text("INSERT INTO draft_search VALUES (:draft, :part, CAST(:words AS tsvector))"), values)
    monkeypatch.undo()
    with opened(postgres_url, tmp_path) as store, store.read() as session:
        assert list(session.scalars(select(Draft.id).where(*matching(session, "防火 招聘")))) == [1]
        numbered = text("SELECT draft, part FROM draft_search ORDER BY draft, part")
        assert [tuple(row) for row in session.execute(numbered)] == [(1, 1), (1, 2), (1, 3), (2, 0)]
