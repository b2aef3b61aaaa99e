"""Units are asked about their fixed columns at the set distance: once, in one letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from daemon.desk.confirm_columns import BY_PHONE, confirm_columns
from daemon.desk.tick import tick
from daemon.mail.answers import column_links
from daemon.settings import Settings
from daemon.store.schema import Journal, Letter
from daemon.store.unit_of_work import Store
from parsers.message import parse_message
from parsers.office import Column, Period, Unit
from parsers.readers import NoReaders
from tests.daemon.desk.mail_clients import STYLES, answer
from tests.daemon.desk.mail_clients import Letter as Delivered
from tests.daemon.desk.office import SHANGHAI, found, letters, rows, settings_of, submission, take

TOWN = Unit("甲镇人民政府", "town", notify=("jia@town.example.cn",), since=date(2026, 8, 17))
DAY = timedelta(days=1)
DELIVERED = Delivered("", "", "", "")
DUE = datetime(2026, 11, 18, 9, 0, tzinfo=SHANGHAI)
"""Three months from 17 August end with Tuesday, 17 November."""


def fixed(name: str, months: int = 3, kinds: tuple[str, ...] | None = None) -> Column:
    return Column(name, kinds=kinds, role="fixed", confirm_every=Period(months, "mo"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return with_units(settings_of(tmp_path / "office"), TOWN)


def with_units(settings: Settings, *units: Unit) -> Settings:
    columns = (
        fixed("机构概况"), fixed("领导分工"), fixed("单位职责", 6), fixed("部门设置", kinds=("department",)),
        Column("动态", role="dynamic"),
    )  # fmt: skip
    return replace(settings, office_value=replace(settings.office_value, units=units, columns=columns))


def on(store: Store, settings: Settings, at: datetime, dry_run: bool = False) -> list[str]:
    return confirm_columns(store, settings, settings.calendar, at, dry_run)


def requests(store: Store) -> list[Letter]:
    return [letter for letter in letters(store) if letter.kind == "confirmation_request"]


def test_one_letter_asks_about_all_columns_that_are_due_and_no_others(store: Store, settings: Settings) -> None:
    assert on(store, settings, DUE - DAY) == []
    assert on(store, settings, DUE) == ["核对：甲镇人民政府 → jia@town.example.cn：机构概况、领导分工"]
    (letter,) = requests(store)
    assert (letter.key, letter.to) == ("confirmation:甲镇人民政府:2026-11-18", "jia@town.example.cn")
    for words in ("2个固定栏目", "1. 机构概况", "2. 领导分工", "尚无报送记录", "“无变化”"):
        assert words in letter.text
        assert words in letter.html
    assert "单位职责" not in letter.text


def test_the_letter_says_what_was_sent_in_last(store: Store, settings: Settings) -> None:
    take(store, settings, submission(found(column="领导分工")), received_at=DUE - 30 * DAY, now=DUE - 30 * DAY)
    on(store, settings, DUE)
    assert "2. 领导分工（上次报送：2026年10月19日）" in requests(store)[0].text


def test_nothing_is_asked_twice(store: Store, settings: Settings) -> None:
    told = on(store, settings, DUE, dry_run=True)
    assert (requests(store), told) == ([], on(store, settings, DUE))
    for later in (DUE, DUE + timedelta(hours=5), DUE - DAY, DUE + DAY, DUE + 30 * DAY):
        assert on(store, settings, later) == []
    assert len(requests(store)) == 1


def test_the_next_question_comes_after_the_same_time_with_what_is_due_by_then(store: Store, settings: Settings) -> None:
    on(store, settings, DUE)
    half_a_year = datetime(2027, 2, 18, 9, tzinfo=SHANGHAI)
    assert on(store, settings, half_a_year) == ["核对：甲镇人民政府 → jia@town.example.cn：单位职责"]
    assert "机构概况、领导分工" in on(store, settings, half_a_year + DAY)[0]


def test_what_fell_due_on_days_off_or_without_the_daemon_is_asked_once(store: Store, settings: Settings) -> None:
    saturday = datetime(2026, 11, 21, 9, tzinfo=SHANGHAI)
    assert on(store, settings, saturday) == []
    assert len(on(store, settings, saturday + 2 * DAY)) == 1
    assert len(requests(store)) == 1


@pytest.mark.parametrize(
    "unit", [replace(TOWN, until=date(2026, 11, 17)), replace(TOWN, exempt=("机构概况", "领导分工", "单位职责"))]
)
def test_who_owes_nothing_is_not_asked(store: Store, settings: Settings, unit: Unit) -> None:
    assert on(store, with_units(settings, unit), DUE) == []


def test_without_an_address_the_editors_ask_by_telephone_once(store: Store, settings: Settings) -> None:
    settings = with_units(settings, replace(TOWN, notify=()))
    assert on(store, settings, DUE) == [f"核对：甲镇人民政府 → {BY_PHONE}：机构概况、领导分工"]
    assert on(store, settings, DUE + DAY) == []
    (asked,) = rows(store, Journal)
    assert (asked.unit, asked.note, asked.letter) == (TOWN.name, BY_PHONE, None)


def test_the_daily_pass_of_the_timers_asks(store: Store, settings: Settings) -> None:
    assert any(line.startswith("核对：") for line in tick(store, settings, settings.calendar, DUE))


def test_the_ready_made_answer_is_taken_for_one_though_it_is_a_mail_of_its_own(
    store: Store, settings: Settings
) -> None:
    on(store, settings, DUE)
    (letter,) = requests(store)
    with store.write() as session:
        session.execute(update(Letter).values(state="sent"))
    (link,) = column_links(settings.office.address)
    assert link.href.replace("&", "&amp;") in letter.html
    raw = answer(STYLES["fresh"], link.text, DELIVERED, "jia@town.example.cn", subject=link.subject)
    take(store, settings, parse_message(raw, settings.office_value, DUE, NoReaders()), now=DUE + DAY)
    (said,) = [row for row in rows(store, Journal) if row.action.startswith("reply.")]
    assert (said.action, said.unit, said.letter) == ("reply.no_change", "甲镇人民政府", letter.id)
    assert "“无变化”的答复已登记" in letters(store)[-1].text


@pytest.mark.parametrize("sender", ["yi@town.example.cn", "x@elsewhere.example"])
def test_nobody_else_answers_for_a_unit(store: Store, settings: Settings, sender: str) -> None:
    settings = with_units(settings, TOWN, Unit("乙镇人民政府", "town", addresses=("yi@town.example.cn",)))
    on(store, settings, DUE)
    (link,) = column_links(settings.office.address)
    raw = answer(STYLES["fresh"], link.text, DELIVERED, sender, subject=link.subject)
    take(store, settings, parse_message(raw, settings.office_value, DUE, NoReaders()), now=DUE + DAY)
    assert [row for row in rows(store, Journal) if row.action.startswith("reply.")] == []
