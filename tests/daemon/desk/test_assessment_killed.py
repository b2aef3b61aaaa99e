"""kill -9 in the middle of the assessment's timers: the next pass makes up for it, and no unit is told twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from daemon.desk.bulletins import Desk, draft_now
from daemon.desk.tick import tick
from daemon.settings import Settings, load
from daemon.store.assessments import FrozenAssessment
from daemon.store.schema import Draft, Journal, Letter, TimerRun
from daemon.store.unit_of_work import Store
from tests.daemon.desk.killed_ticks import opened
from tests.daemon.desk.office import SHANGHAI, found, settings_of, submission, take
from tests.daemon.desk.test_bulletins import CHIEF
from tests.offices import HOME

MONDAY = datetime(2026, 12, 7, 9, tzinfo=SHANGHAI)
"""November's bulletin is due, October's is to be told, and January to October's statements were sent."""
UNITS = """
units:
  - {name: 甲镇人民政府, kind: town, addresses: [jia@town.example.cn]}
"""
COLUMNS = """
columns:
  - {name: 文件, role: document, keywords: [通知], submit_within: 3d}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = settings_of(tmp_path / "office").folder
    (folder / "columns.yaml").write_text(COLUMNS, "utf-8")
    (folder / "units.yaml").write_text(UNITS, "utf-8")
    return folder


@pytest.fixture
def before(tmp_path: Path, config: Path) -> Path:
    folder = tmp_path / "before"
    with opened(folder) as store:
        _prepare(store, load(config))
    return folder


def _prepare(store: Store, settings: Settings) -> None:
    sent = datetime(2026, 11, 18, 9, tzinfo=SHANGHAI)
    take(store, settings, submission(found(), received_at=sent), received_at=sent, now=sent)
    with store.write() as session:
        done = {"outcome": "done", "at": MONDAY - timedelta(days=6)}
        session.add_all(TimerRun(timer=name, day=MONDAY.date(), **done)
                        for name in ("reminders", "confirmations", "expiry"))  # fmt: skip
        session.add(TimerRun(timer="bulletins", day=date(2026, 10, 1), **done))
        session.add(TimerRun(timer="statements", day=date(2026, 10, 1), **done))
    tick(store, settings, settings.calendar, MONDAY - timedelta(days=6))
    draft_now(Desk(store, settings, settings.calendar, MONDAY), "2026-10", CHIEF)
    with store.write() as session:
        row = session.scalars(select(FrozenAssessment)).one()
        row.state, row.frozen_by, row.frozen_at = "frozen", "张主编", MONDAY
        session.get_one(Draft, row.draft).state = "published"
        session.get_one(Draft, row.draft).published_url = "https://www.example.cn/tb/10.html"


def outcome(folder: Path) -> list[Any]:
    """All that the timers leave behind."""
    with opened(folder) as store, store.read() as session:
        rows = session.scalars(select(FrozenAssessment).order_by(FrozenAssessment.id))
        standing = [(row.period, row.number, row.state, row.draft, row.told_at is not None) for row in rows]
        drafts = session.execute(select(Draft.receipt, Draft.state, Draft.title).order_by(Draft.id)).all()
        letters = session.execute(select(Letter.key, Letter.state).order_by(Letter.id)).all()
        journal = session.execute(select(Journal.action, Journal.draft, Journal.after, Journal.note)).all()
        runs = session.execute(select(TimerRun.timer, TimerRun.day, TimerRun.outcome)).all()
    return [standing, [tuple(row) for row in drafts], sorted(map(str, letters)), sorted(map(str, journal)),
            sorted(map(str, runs))]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_pass_killed_before_any_of_its_statements_is_made_up_for_by_the_next(
    before: Path, tmp_path: Path, config: Path
) -> None:
    copies = tmp_path / "copies"
    words = [str(config), str(before), str(copies), MONDAY.isoformat()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.daemon.desk.killed_ticks", *words], cwd=HOME, capture_output=True, text=True,
        check=True, timeout=300,
    )  # fmt: skip
    passes = int(done.stdout)
    whole = outcome(copies / str(passes))
    assert [row[:3] for row in whole[0]] == [("2026-10", 0, "frozen"), ("2026-11", 0, "drafted")]
    assert whole[0][0][4]
    assert [key for key in whole[2] if "bulletin:2026-10:0" in key]
    assert passes > 20
    for number in range(1, passes):
        _make_up(copies / str(number), config)
        assert outcome(copies / str(number)) == whole, f"killed before statement {number}"


def _make_up(folder: Path, config: Path) -> None:
    settings = load(config)
    with opened(folder) as store:
        tick(store, settings, settings.calendar, MONDAY + timedelta(seconds=20))
        assert tick(store, settings, settings.calendar, MONDAY + timedelta(seconds=40)) == []
