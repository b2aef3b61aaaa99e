"""Reminders: to whom, when, once; and what the editors see of them before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from daemon.desk import escalate, remind
from daemon.desk.remind import preview
from daemon.desk.reminder_text import sections
from daemon.desk.tick import tick
from daemon.rules.reminders import ReminderItem
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Letter, Mailbox, Message, ReminderHold, TimerRun
from daemon.store.unit_of_work import Store
from parsers.office import Column
from tests.daemon.desk.office import SHANGHAI, found, letters, rows, settings_of, submission, take

TOWN, OTHER = "甲镇人民政府", "乙镇人民政府"
MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
"""Friday."""
DAY = timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office")


@pytest.fixture
def desk(store: Store, settings: Settings) -> Store:
    """An office that has polled for long; 甲镇 and 乙镇 owe an item each day and have sent none."""
    with store.write() as session:
        start = datetime(2026, 10, 1, tzinfo=SHANGHAI)
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=0, first_polled_at=start, start_at=None))
    return store


def by_unit(store: Store) -> dict[str | None, Letter]:
    return {letter.unit: letter for letter in letters(store)}


def test_a_unit_that_lags_gets_one_letter(desk: Store, settings: Settings) -> None:
    lines = tick(desk, settings, settings.calendar, MORNING)
    assert [line for line in lines if TOWN in line] == [
        f"催报：{TOWN} → jia@town.example.cn：信息报送提醒：{TOWN}有1项待办（11月20日）"
    ]
    letter = by_unit(desk)[TOWN]
    assert (letter.kind, letter.state, letter.to) == ("reminder", "waiting", "jia@town.example.cn")
    assert letter.key == f"reminder:{TOWN}:2026-11-20"
    assert letter.next_try_at == MORNING
    for words in ("截至2026年11月20日 9时", "每日报送不足", "“乡镇动态”栏目", "11月19日不足，共缺1条", "请按日报送"):
        assert words in letter.text
        assert words in letter.html


def test_a_unit_that_does_not_lag_gets_none(desk: Store, settings: Settings) -> None:
    news = found(title="甲镇开展活动", column="乡镇动态", issued_on=None)
    take(desk, settings, submission(news), received_at=MORNING - DAY, now=MORNING - DAY)
    tick(desk, settings, settings.calendar, MORNING)
    assert f"reminder:{TOWN}:2026-11-20" not in {letter.key for letter in letters(desk)}


def test_a_second_tick_writes_none_twice(desk: Store, settings: Settings) -> None:
    tick(desk, settings, settings.calendar, MORNING)
    before = [letter.id for letter in letters(desk)]
    assert tick(desk, settings, settings.calendar, MORNING) == []
    assert tick(desk, settings, settings.calendar, MORNING + timedelta(hours=8)) == []
    assert [letter.id for letter in letters(desk)] == before


@pytest.mark.parametrize("now", [MORNING - timedelta(seconds=1), MORNING + DAY, MORNING + 2 * DAY])
def test_nothing_is_written_before_its_time_or_at_the_weekend(desk: Store, settings: Settings, now: datetime) -> None:
    assert tick(desk, settings, settings.calendar, now) == []
    assert letters(desk) == []


def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Store, settings: Settings) -> None:
    told = tick(desk, settings, settings.calendar, MORNING, dry_run=True)
    assert (letters(desk), rows(desk, TimerRun)) == ([], [])
    assert tick(desk, settings, settings.calendar, MORNING) == told


def test_after_downtime_only_todays_is_written_and_missed_days_are_recorded(desk: Store, settings: Settings) -> None:
    tick(desk, settings, settings.calendar, MORNING)
    tuesday = MORNING + 4 * DAY
    lines = tick(desk, settings, settings.calendar, tuesday)
    assert {letter.key.split(":")[2] for letter in letters(desk)} == {"2026-11-20", "2026-11-24"}
    assert {run.day: run.outcome for run in rows(desk, TimerRun) if run.timer == "reminders"} == {
        date(2026, 11, 20): "done", date(2026, 11, 23): "missed", date(2026, 11, 24): "done",
    }  # fmt: skip
    assert "2026-11-23" in lines[0]


def test_a_clock_that_steps_back_writes_nothing_again(desk: Store, settings: Settings) -> None:
    tick(desk, settings, settings.calendar, MORNING)
    assert tick(desk, settings, settings.calendar, MORNING - DAY) == []
    assert tick(desk, settings, settings.calendar, MORNING) == []


def test_a_reminder_that_an_editor_keeps_back_is_held(desk: Store, settings: Settings) -> None:
    with desk.write() as session:
        session.add(ReminderHold(unit=TOWN, day=date(2026, 11, 20), who="王芳", at=MORNING - DAY))
    tick(desk, settings, settings.calendar, MORNING)
    assert by_unit(desk)[TOWN].state == "held"
    assert by_unit(desk)[OTHER].state == "waiting"


def test_an_office_can_have_all_of_them_held(desk: Store, tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "careful", reminders={"hold": True})
    lines = tick(desk, settings, settings.calendar, MORNING)
    assert {letter.state for letter in letters(desk)} == {"held"}
    assert "暂不发出" in lines[0]


def test_the_editors_see_the_next_ones_before_they_are_written(desk: Store, settings: Settings) -> None:
    with desk.read() as session:
        upcoming = preview(session, settings, settings.calendar, MORNING - timedelta(hours=1))
    tick(desk, settings, settings.calendar, MORNING)
    assert {(one.unit, one.subject, one.text) for one in upcoming} == {
        (letter.unit, letter.subject, letter.text) for letter in letters(desk)
    }
    with desk.read() as session:
        following = preview(session, settings, settings.calendar, MORNING + timedelta(hours=1))
    assert {one.day for one in following} == {date(2026, 11, 23)}


class TestRecipient:
    def unit(self, tmp_path: Path, line: str) -> Settings:
        settings_of(tmp_path / "own")
        units = tmp_path / "own" / "config" / "units.yaml"
        units.write_text(f"units:\n  - {{name: {TOWN}, kind: town, {line}}}\n  - {{name: 局, kind: department}}\n")
        from daemon.settings import load

        return load(units.parent)

    def test_is_whom_the_unit_named(self, desk: Store, tmp_path: Path) -> None:
        settings = self.unit(tmp_path, "addresses: [a@b.cn], notify: [c@d.cn, e@f.cn]")
        tick(desk, settings, settings.calendar, MORNING)
        assert by_unit(desk)[TOWN].to == "c@d.cn, e@f.cn"

    def test_is_else_the_address_it_wrote_from_last(self, desk: Store, tmp_path: Path) -> None:
        settings = self.unit(tmp_path, 'addresses: ["@town.example.cn"]')
        with desk.write() as session:
            for number, (address, evidence) in enumerate(
                [("old@town.example.cn", "domain"), ("New@town.example.cn", "domain"), ("x@evil.example", "document")]
            ):
                session.add(
                    Message(
                        sha256=f"{number:064}", size=1, stored_at=MORNING, source="imap", state="parsed",
                        sender_address=address, unit=TOWN, unit_evidence=evidence,
                    )
                )  # fmt: skip
        tick(desk, settings, settings.calendar, MORNING)
        assert by_unit(desk)[TOWN].to == "new@town.example.cn"

    def test_is_else_a_task_for_the_editors(self, desk: Store, tmp_path: Path) -> None:
        settings = self.unit(tmp_path, "addresses: []")
        lines = tick(desk, settings, settings.calendar, MORNING)
        assert letters(desk) == []
        assert [entry.unit for entry in rows(desk, Journal) if entry.action == "letter.no_recipient"] == [TOWN]
        assert "电话联系" in lines[0]


def test_a_returned_document_is_named_with_what_to_do(desk: Store, settings: Settings) -> None:
    take(desk, settings, submission(found()), received_at=MORNING - DAY, now=MORNING - DAY)
    with desk.write() as session:
        for draft in session.query(Draft):
            draft.state = "returned"
    tick(desk, settings, settings.calendar, MORNING + 4 * DAY)
    text = {letter.key: letter.text for letter in letters(desk)}[f"reminder:{TOWN}:2026-11-24"]
    assert "《甲镇人民政府关于做好秋季防火工作的通知》（回执编号：2026-000001，栏目：文件）" in text
    assert "已退回，报送期限为2026年11月23日 24时，已超过。" in text


def test_a_secret_document_is_named_by_its_number_alone(desk: Store, settings: Settings) -> None:
    take(desk, settings, submission(found()), received_at=MORNING - DAY, now=MORNING - DAY)
    with desk.write() as session:
        for draft in session.query(Draft):
            draft.state, draft.secret = "returned", True
    tick(desk, settings, settings.calendar, MORNING + 4 * DAY)
    text = {letter.key: letter.text for letter in letters(desk)}[f"reminder:{TOWN}:2026-11-24"]
    assert "防火" not in text
    assert "2026-000001" in text


def test_a_rule_is_asked_for_its_interpretation_until_any_unit_has_sent_it(desk: Store, tmp_path: Path) -> None:
    settings = with_rules(settings_of(tmp_path / "rules"))
    rule = found(title="关于印发《云溪县供水管理办法》的通知", column="法规", issued_on=None, document_number=None)
    take(desk, settings, submission(rule), received_at=MORNING - DAY, now=MORNING - DAY)
    tick(desk, settings, settings.calendar, MORNING)
    asked = "的通知》（回执编号：2026-000001，栏目：法规）\n   尚未收到配套的解读或便民问答。"
    assert asked in by_unit(desk)[TOWN].text
    reading = found(title="《云溪县供水管理办法》解读", column="解读", issued_on=None, document_number=None)
    take(desk, settings, submission(reading, unit=OTHER), received_at=MORNING, now=MORNING)
    tick(desk, settings, settings.calendar, MORNING + 3 * DAY)
    assert "解读" not in by_unit(desk)[TOWN].text


def with_rules(settings: Settings) -> Settings:
    """The same office with a column of rules that need an interpretation, and one of interpretations."""
    more = (Column("法规", role="law", needs_interpretation=True), Column("解读", role="interpretation"))
    office = settings.office_value
    return replace(settings, office_value=replace(office, columns=(*office.columns, *more)))


def test_a_column_that_never_had_news_is_not_counted_from_decades_ago() -> None:
    never = ReminderItem("stale", "动态", "news", None, silent_days=9819)
    lately = replace(never, last_on=date(2026, 11, 1), silent_days=19)
    [section] = sections([never, lately], SHANGHAI)
    assert [entry.state for entry in section.entries] == [
        "自统计以来没有收到过信息。",
        "上次报送为2026年11月1日，已连续19天没有收到新信息。",
    ]


@pytest.mark.parametrize("reason", [remind.BY_OFFICE, escalate.BY_OFFICE])
def test_why_a_letter_waits_is_said_without_the_name_of_a_setting(reason: str) -> None:
    assert reason.endswith("须由编辑放行")
