"""kill -9 in the middle of any timer: the next pass makes up for it, and nobody is written to twice or not at all."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from daemon.desk.changes import NewChange, open_change
from daemon.desk.receive import Arrival, begin_attempt, keep, note_glances
from daemon.desk.tick import tick
from daemon.rules.registers import Moment
from daemon.settings import Settings, load
from daemon.store.registers import Change
from daemon.store.schema import Draft, Journal, Letter, Mailbox, TimerRun
from daemon.store.unit_of_work import Store
from tests.daemon.desk.killed_ticks import opened
from tests.daemon.desk.office import SHANGHAI, found, settings_of, submission, take
from tests.offices import HOME

DAY = timedelta(days=1)
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
COLUMNS = """
columns:
  - {name: 文件, role: document, keywords: [通知], submit_within: 3d}
  - {name: 公告, role: notice, keywords: [公告]}
  - {name: 领导分工, role: fixed, keywords: [分工], confirm_every: 1mo}
"""
UNITS = """
units:
  - {name: 甲镇人民政府, kind: town, addresses: [jia@town.example.cn], escalate_to: [leader@town.example.cn]}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = settings_of(tmp_path / "office").folder
    (folder / "columns.yaml").write_text(COLUMNS, "utf-8")
    (folder / "units.yaml").write_text(UNITS, "utf-8")
    return folder


@pytest.fixture
def before(tmp_path: Path, config: Path) -> Path:
    """A folder with a store in which today a reminder, a letter to the leader, a question and an end are due."""
    folder = tmp_path / "before"
    with opened(folder) as store:
        _prepare(store, load(config))
    return folder


def _prepare(store: Store, settings: Settings) -> None:
    start = TUESDAY - 40 * DAY
    with store.write() as session:
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=0, first_polled_at=start, start_at=None))
    notice = found(title="拟录用人员公示", column="公告", body_text="公示期：2026年11月17日至2026年11月24日。")
    take(store, settings, submission(found(), notice), received_at=TUESDAY - 8 * DAY, now=TUESDAY - 8 * DAY)
    with store.write() as session:
        session.execute(update(Draft).where(Draft.column == "文件").values(state="returned"))
        session.execute(update(Draft).where(Draft.column == "文件").values(submit_due_at=TUESDAY - 6 * DAY))
    _have_scanned(store)
    for ago in (5, 4, 1):
        tick(store, settings, settings.calendar, TUESDAY - ago * DAY)
        with store.write() as session:
            session.execute(update(Letter).values(state="sent"))
    with store.write() as session:
        up = {"state": "published", "published_at": TUESDAY - 7 * DAY}
        session.execute(update(Draft).where(Draft.column == "公告").values(**up))
        session.add(Journal(at=TUESDAY - DAY, who="王芳", action="confirm", draft=2))
        # As if the question of last month's were a month old.
        session.execute(update(Journal).where(Journal.action == "confirmation.asked").values(at=TUESDAY - 33 * DAY))
        # One that a draft has brought meanwhile, one that is owed.
        for column in ("公告", "领导分工"):
            entry = NewChange(column, "甲镇人民政府", column, "有变化", Moment(TUESDAY - 9 * DAY, True), "")
            open_change(session, entry, "王芳", settings, TUESDAY - DAY)


def _have_scanned(store: Store) -> None:
    """A mail that the slow readers have had since a quarter of an hour."""
    (kept,) = keep(store, [Arrival(b"a long scan", TUESDAY, source="imap")], TUESDAY - timedelta(minutes=15))
    begin_attempt(store, [kept.message_row], TUESDAY)
    note_glances(store, {kept.message_row: submission()})


def outcome(folder: Path) -> list[Any]:
    """All that the timers leave behind."""
    with opened(folder) as store, store.read() as session:
        letters = session.execute(select(Letter.key, Letter.state, Letter.text).order_by(Letter.id)).all()
        journal = session.execute(select(Journal.action, Journal.draft, Journal.after, Journal.note)).all()
        runs = session.execute(select(TimerRun.timer, TimerRun.day, TimerRun.outcome)).all()
        changes = session.execute(select(Change.id, Change.state, Change.met_by, Change.version)).all()
    return [list(map(tuple, letters)), sorted(map(str, journal)), sorted(map(str, runs)), sorted(map(str, changes))]


def test_a_pass_killed_before_any_of_its_statements_is_made_up_for_by_the_next(
    before: Path, tmp_path: Path, config: Path
) -> None:
    copies = tmp_path / "copies"
    words = [str(config), str(before), str(copies), TUESDAY.isoformat()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.daemon.desk.killed_ticks", *words], cwd=HOME, capture_output=True, text=True,
        check=True, timeout=200,
    )  # fmt: skip
    passes = int(done.stdout)
    whole = outcome(copies / str(passes))
    written = {key.split(":")[0] for key, *_ in whole[0][-5:]}
    assert written == {"recognising", "reminder", "escalation", "confirmation", "expiry"}
    assert sorted(whole[3]) == ["(1, 'done', 2, 2)", "(2, 'open', None, 1)"]
    assert passes > 20
    for number in range(1, passes):
        _make_up(copies / str(number), config)
        assert outcome(copies / str(number)) == whole, f"killed before statement {number}"


def _make_up(folder: Path, config: Path) -> None:
    settings = load(config)
    with opened(folder) as store:
        tick(store, settings, settings.calendar, TUESDAY + timedelta(seconds=20))
        assert tick(store, settings, settings.calendar, TUESDAY + timedelta(seconds=40)) == []
