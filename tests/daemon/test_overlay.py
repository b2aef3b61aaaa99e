"""What the desk learns of units over the files: addresses, liaisons, holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from daemon.desk import overlay
from daemon.desk.acknowledge import acknowledge
from daemon.desk.hand import InvalidInput
from daemon.desk.overlay import Current, bind_address, hold_reminders, holds_on, set_liaison, withdraw
from daemon.desk.read import Reading
from daemon.desk.receive import Arrival, keep
from daemon.desk.remind import Upcoming, preview
from daemon.readers import overlay_file
from daemon.readers.pool import ParserPool
from daemon.rules.overlay import Learned, is_in_files, laid_over
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Letter
from daemon.store.unit_of_work import Store
from tests.daemon.desk.desks import UNIT, received, rows, staffed
from tests.samples import NOW, Desk

STRANGER, OTHERS = "jia_news@mail.example.com", "yi@town.example.cn"
MAIL = (
    f"From: <{STRANGER}>\r\nTo: desk@office.example.cn\r\nSubject: =?utf-8?b?5LqU5pyI5rS75Yqo?=\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "甲镇人民政府关于开展秋季防火工作的通知\n各村：\n　　为做好秋季防火工作，现就有关事项通知如下。请各村认真组织，"
    "切实落实防火责任，确保人民群众生命财产安全。各村要安排专人值守，发现火情及时报告，不得迟报、漏报。\n"
    "甲镇人民政府\n2026年11月19日\n"
).encode()


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def act(desk: Desk, step: Callable[..., object], *words: object) -> object:
    with desk.store.write() as session:
        return step(session, *words, desk.actor("王芳"), desk.settings, NOW)


def now_of(desk: Desk) -> Settings:
    return Current(desk.store, desk.settings).settings()


def test_an_address_bound_to_a_unit_is_the_unit_s_and_the_files_stay_as_they_are(desk: Desk) -> None:
    act(desk, bind_address, "Jia_News+x@mail.example.com", UNIT)
    unit = now_of(desk).office_value.unit(UNIT)
    files = desk.settings.office_value.unit(UNIT)
    assert unit
    assert files
    assert unit.addresses == (*files.addresses, STRANGER)
    assert STRANGER not in files.addresses
    last = rows(desk, Journal)[-1]
    assert (last.action, last.unit, last.who, last.after) == ("overlay.address", UNIT, "王芳", {"address": STRANGER})


def test_binding_twice_learns_once(desk: Desk) -> None:
    act(desk, bind_address, STRANGER, UNIT)
    act(desk, bind_address, STRANGER, UNIT)
    with desk.store.read() as session:
        assert len(overlay.entries(session)) == 1


@pytest.mark.parametrize(
    ("address", "unit", "why"),
    [
        ("no address", UNIT, "完整的邮箱"),
        (STRANGER, "没有的单位", "选择单位"),
        ("desk@office.example.cn", UNIT, "编辑部自己"),
        (OTHERS, UNIT, "已登记为"),
    ],
)
def test_what_cannot_be_a_unit_s_address_is_refused_with_the_reason(
    desk: Desk, address: str, unit: str, why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        act(desk, bind_address, address, unit)


def test_a_new_liaison_stands_over_the_files_until_it_is_withdrawn(desk: Desk) -> None:
    act(desk, set_liaison, UNIT, "赵新", "0533-1234567")
    unit = now_of(desk).office_value.unit(UNIT)
    assert unit
    assert (unit.liaison_name, unit.liaison_phone) == ("赵新", "0533-1234567")
    with desk.store.write() as session:
        (entry,) = overlay.entries(session)
        assert withdraw(session, entry.id, desk.actor("刘洋"), NOW)
        assert withdraw(session, entry.id, desk.actor("刘洋"), NOW) is None
    assert now_of(desk).office_value == desk.settings.office_value
    assert [row.action for row in rows(desk, Journal)[-2:]] == ["overlay.liaison", "overlay.withdraw"]


def test_what_was_learned_changes_the_version_that_drafts_keep_of_the_config(desk: Desk) -> None:
    before = now_of(desk).office_value.config_version
    act(desk, bind_address, STRANGER, UNIT)
    assert now_of(desk).office_value.config_version != before


def test_the_workers_are_told_when_something_was_learned_and_only_then(desk: Desk) -> None:
    told: list[tuple[Learned, ...]] = []
    current = Current(desk.store, desk.settings, told.append)
    current.settings()
    act(desk, bind_address, STRANGER, UNIT)
    current.settings()
    current.settings()
    assert told == [(), (Learned("address", UNIT, STRANGER),)]


def test_what_the_files_say_by_now_is_known_as_written(settings: Settings) -> None:
    office = settings.office_value
    entry = Learned("address", UNIT, STRANGER)
    assert not is_in_files(office, entry)
    assert is_in_files(laid_over(office, [entry]), entry)
    assert not is_in_files(office, Learned("address", "没有的单位", STRANGER))


def test_a_worker_lays_over_what_the_file_says_now(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / overlay_file.NAME
    office = settings.office_value
    assert overlay_file.laid(office, path) is office
    overlay_file.write(path, (Learned("address", UNIT, STRANGER),))
    first = overlay_file.laid(office, path)
    assert first is overlay_file.laid(office, path)
    found = first.unit(UNIT)
    assert found
    assert STRANGER in found.addresses
    overlay_file.write(path, ())
    assert overlay_file.laid(office, path) == office


def test_a_hold_keeps_reminders_back_through_its_last_day(desk: Desk) -> None:
    late = NOW + timedelta(days=3)
    (upcoming,) = [one for one in _preview(desk, late) if one.unit == UNIT]
    assert upcoming.hold_reason is None
    act(desk, hold_reminders, UNIT, upcoming.day, "换届期间")
    with desk.store.read() as session:
        assert UNIT in holds_on(session, upcoming.day)
        assert holds_on(session, upcoming.day + timedelta(days=1)) == {}
    (kept,) = [one for one in _preview(desk, late) if one.unit == UNIT]
    assert kept.hold_reason == f"编辑已暂缓催报至 {upcoming.day}：换届期间"


@pytest.mark.parametrize(("until", "reason"), [(date(2020, 1, 1), "换届"), (date(2030, 1, 1), " ")])
def test_a_hold_needs_a_day_to_come_and_a_reason(desk: Desk, until: date, reason: str) -> None:
    with pytest.raises(InvalidInput):
        act(desk, hold_reminders, UNIT, until, reason)


def test_a_mail_held_back_is_read_again_and_joins_the_queue_under_its_number(desk: Desk, settings: Settings) -> None:
    path = settings.data_dir / overlay_file.NAME
    model = settings.data_dir / "columns-model.json"
    current = Current(desk.store, settings, lambda learned: overlay_file.write(path, learned))
    keep(desk.store, [Arrival(MAIL, NOW, "imap")], NOW)
    with ParserPool(settings, desk.store.blobs, model=model) as pool:
        reading = Reading(desk.store, pool, current.settings, acknowledge, lambda: NOW)
        list(reading.steps())
        (before,) = rows(desk, Draft)
        assert (before.state, before.unit_evidence) == ("quarantined", "document")
        bound = act(desk, bind_address, STRANGER, UNIT)
        assert isinstance(bound, overlay.Bound)
        assert bound.read_again == 1
        list(reading.steps())
    (after,) = rows(desk, Draft)
    assert (after.state, after.unit, after.unit_evidence, after.receipt) == (
        "pending", UNIT, "address", before.receipt
    )  # fmt: skip
    assert "sender.unknown" not in {finding["code"] for finding in after.findings}
    stranger_s, unit_s = rows(desk, Letter)
    assert (stranger_s.unit, unit_s.unit) == (None, UNIT)
    assert after.title in unit_s.text
    assert after.title not in stranger_s.text


def test_mail_of_a_known_address_is_not_read_again(desk: Desk) -> None:
    received(desk)
    with desk.store.read() as session:
        assert overlay.unproven(session, "jia@town.example.cn") == []


def _preview(desk: Desk, at: datetime) -> list[Upcoming]:
    with desk.store.read() as session:
        return list(preview(session, now_of(desk), desk.settings.calendar, at))
