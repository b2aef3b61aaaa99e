"""Reminders read few drafts, and say the same as if they had read them all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from daemon.desk.delivered import basis_of, delivered
from daemon.desk.lagging import known_drafts, lagging
from daemon.rules.duties import with_others_interpretations
from daemon.rules.reminders import Leads, reminder_items
from daemon.settings import Settings, load
from daemon.store.schema import Draft, Mailbox
from daemon.store.unit_of_work import Store
from parsers.office import Unit
from tests.daemon.desk.office import NOW
from tests.samples import HOME

DAY = timedelta(days=1)
UNITS = tuple(Unit(f"{kind}{n}", kind) for kind in ("town", "department") for n in range(6))
STATES = (
    *("pending", "in_review", "approved", "exported", "returned", "rejected", "withdrawn", "quarantined", "archived"),
    *("published",) * 12,
)
DRAFTS = 1500


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield store


@pytest.fixture
def settings() -> Settings:
    shipped = load(HOME / "config")
    return replace(shipped, office_value=replace(shipped.office_value, units=UNITS))


def fill(store: Store, settings: Settings) -> None:
    """A year and a half of drafts of every state; some units fall silent early."""
    chance = random.Random(6)
    columns = [column.name for column in settings.office_value.columns]
    with store.write() as session:
        start = NOW - 500 * DAY
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=1, first_polled_at=start, start_at=start))
        session.execute(insert(Draft), [row(number, columns, chance) for number in range(1, DRAFTS + 1)])


def row(number: int, columns: list[str], chance: random.Random) -> dict[str, Any]:
    unit = chance.choice(UNITS)
    silent = 20 * int(unit.name[-1])
    at = (NOW - timedelta(days=silent + chance.randrange(500 - silent), hours=chance.randrange(24))).astimezone(UTC)
    state = chance.choice(STATES)
    return {
        "id": number, "ordinal": 1, "receipt": f"2026-{number:06d}", "state": state, "unit": unit.name,
        "title": chance.choice(("关于印发某办法的通知", "《某办法》政策解读", f"第{number}次活动")),
        "column": chance.choice(columns), "body_html": "", "body_text": "", "received_at": at,
        "received_on": at.astimezone(NOW.tzinfo).date(), "submit_due_at": at + 3 * DAY if number % 2 else None,
        "published_at": at + chance.randrange(60) * DAY if state == "published" else None,
        "due_certain": True, "duplicate_of": number - 1 if number % 17 == 0 else None, "created_at": at,
        "updated_at": at,
    }  # fmt: skip


@pytest.mark.parametrize(
    "at", [NOW, datetime(2026, 11, 2, 9, tzinfo=NOW.tzinfo), datetime(2026, 11, 30, 9, tzinfo=NOW.tzinfo)]
)
def test_what_is_read_for_reminders_says_what_all_drafts_say(store: Store, settings: Settings, at: datetime) -> None:
    fill(store, settings)
    calendar, office = settings.calendar, settings.office_value
    leads = Leads(settings.reminders.lead, settings.reminders.quota_lead)
    with store.read() as session:
        basis = basis_of(session, settings, calendar, at)
        whole = with_others_interpretations(delivered(session, calendar), office)
        said = [(unit, reminder_items(unit, whole.get(unit.name, []), leads, basis)) for unit in office.units]
        read = known_drafts(session, basis)
        assert lagging(session, settings, calendar, at) == [(unit, items) for unit, items in said if items]
    assert len({item.kind for _, items in said for item in items}) >= 4
    assert sum(map(len, read.values())) < DRAFTS / 2


def test_the_last_draft_of_a_silent_column_is_found_however_old(store: Store, settings: Settings) -> None:
    fill(store, settings)
    with store.read() as session:
        basis = basis_of(session, settings, settings.calendar, NOW)
        read = known_drafts(session, basis)
        town = UNITS[5]
        query = select(Draft.received_on).where(Draft.unit == town.name, Draft.column == "镇（街道）动态")
        good = query.where(Draft.state.in_(("pending", "in_review", "approved", "exported", "published")))
        days: list[date] = [day for day in session.scalars(good.where(Draft.duplicate_of.is_(None))) if day]
    assert max(one.received_on or date.min for one in read[town.name] if one.column == "镇（街道）动态") == max(days)
