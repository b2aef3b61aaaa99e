"""The statement: on the first working day each unit's own account of the month, once, whatever happened meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from daemon.desk.statements import objections_until, send_statements
from daemon.desk.tick import tick
from daemon.settings import Settings
from daemon.store.schema import Journal, Letter, TimerRun
from daemon.store.unit_of_work import Store
from tests.daemon.desk.office import SHANGHAI, found, rows, settings_of, submission, take

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office")


@pytest.fixture
def begun(store: Store) -> Store:
    """An office that ran in October, and whose statements of that month are sent."""
    with store.write() as session:
        session.add(TimerRun(timer="statements", day=date(2026, 10, 1), outcome="done", at=TUESDAY - 30 * DAY))
    return store


def statements(store: Store) -> list[Letter]:
    return [letter for letter in rows(store, Letter) if letter.kind == "statement"]


def send(store: Store, settings: Settings, now: datetime) -> list[str]:
    return send_statements(store, settings, settings.calendar, now)


@pytest.fixture
def of_november(begun: Store, settings: Settings) -> Letter:
    """The statement of a town that sent in two documents, one of them late."""
    late = found(title="关于召开会议的通知", document_number="甲政发〔2026〕3号", issued_on=date(2026, 11, 2))
    at = datetime(2026, 11, 18, 16, 30, tzinfo=SHANGHAI)
    take(
        begun,
        settings,
        submission(found(document_number="甲政发〔2026〕1号"), late, received_at=at),
        received_at=at,
        now=at,
    )
    send(begun, settings, TUESDAY)
    (letter,) = [one for one in statements(begun) if one.unit == "甲镇人民政府"]
    return letter


def test_it_names_each_draft_with_receipt_time_verdict_and_rule(of_november: Letter) -> None:
    text = of_november.text
    for words in (
        "2026年11月信息报送对账单", "2026-000001《甲镇人民政府关于做好秋季防火工作的通知》",
        "文件；收到：2026年11月18日 16时30分；按时", "2026-000002《关于召开会议的通知》", "16时30分；逾期",
        "按时：1件", "逾期：1件", "乡镇动态：应报30条，已报0条，缺报30条", "文件：成文后3日内报送",
        "未见甲政发〔2026〕第2号",
    ):  # fmt: skip
        assert words in text or words in of_november.subject, words


def test_it_says_how_and_until_when_to_object(of_november: Letter, begun: Store, settings: Settings) -> None:
    assert "请在2026年12月4日 24时前直接回复本邮件，写明“异议”" in of_november.text
    with begun.read() as session:
        until = objections_until(session, settings, settings.calendar, date(2026, 11, 1))
    assert until == datetime(2026, 12, 5, tzinfo=SHANGHAI)


def test_it_goes_on_a_working_day_in_the_hours_of_letters(begun: Store, settings: Settings) -> None:
    assert send(begun, settings, TUESDAY - timedelta(hours=1)) == []
    assert len(send(begun, settings, TUESDAY)) > 1
    assert {letter.next_try_at for letter in statements(begun)} == {TUESDAY}
    first_of_august = datetime(2027, 8, 1, 10, tzinfo=SHANGHAI)  # a Sunday
    assert send(begun, settings, first_of_august) == []


def test_once_a_unit_and_month_however_often_the_timer_runs(begun: Store, settings: Settings) -> None:
    send(begun, settings, TUESDAY)
    before = [letter.key for letter in statements(begun)]
    for later in (timedelta(minutes=1), 3 * DAY, 20 * DAY):
        assert send(begun, settings, TUESDAY + later) == []
    assert [letter.key for letter in statements(begun)] == before
    assert len({letter.unit for letter in statements(begun)}) == len(before)


def test_after_a_downtime_each_month_is_told_once(begun: Store, settings: Settings) -> None:
    send(begun, settings, datetime(2027, 2, 8, 9, tzinfo=SHANGHAI))
    keys = [letter.key for letter in statements(begun) if letter.unit == "甲镇人民政府"]
    assert keys == [f"statement:甲镇人民政府:{month}" for month in ("2026-11", "2026-12", "2027-01")]


def test_a_new_office_tells_nobody_what_was_owed_before_it_began(store: Store, settings: Settings) -> None:
    for day in (TUESDAY - 5 * DAY, TUESDAY - DAY):
        assert send(store, settings, day) == []
    send(store, settings, TUESDAY)
    assert {letter.key[-7:] for letter in statements(store)} == {"2026-11"}


def test_a_dry_run_writes_nothing(begun: Store, settings: Settings) -> None:
    lines = tick(begun, settings, settings.calendar, TUESDAY, dry_run=True)
    assert [line for line in lines if line.startswith("对账：甲镇人民政府")]
    assert rows(begun, Letter) == []


def test_a_unit_that_no_letter_reaches_is_noted(begun: Store, settings: Settings) -> None:
    send(begun, settings, TUESDAY)
    noted = [row for row in rows(begun, Journal) if row.action == "statement.sent" and not row.letter]
    assert all("没有可用的邮箱地址" in row.note for row in noted)
    told = {row.unit for row in rows(begun, Journal) if row.action == "statement.sent"}
    assert told == {unit.name for unit in settings.office_value.units}
