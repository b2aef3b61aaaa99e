"""A unit's leader is told of what three reminders have not moved: once, and not of what was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from daemon.desk.escalate import ANSWERED, BY_OFFICE, NOBODY
from daemon.desk.tick import tick
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal, Letter, Mailbox, ReminderHold
from daemon.store.unit_of_work import Store
from tests.daemon.desk.office import SHANGHAI, found, letters, rows, settings_of, submission, take

TOWN = "甲镇人民政府"
LEADER = "leader@town.example.cn"
DAY = timedelta(days=1)
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI)
WORKING = [FRIDAY + n * DAY for n in (0, 3, 4, 5, 6, 7)]
"""Friday, then Monday to Friday; the document was returned, its limit is Monday's end."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return with_leader(settings_of(tmp_path / "office"), (LEADER,))


@pytest.fixture
def desk(store: Store, settings: Settings) -> Store:
    """甲镇 sends its daily item in time, and has a returned document of Wednesday."""
    with store.write() as session:
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=0, first_polled_at=FRIDAY - DAY, start_at=None))
    take(store, settings, submission(found()), received_at=FRIDAY - DAY, now=FRIDAY - DAY)
    with store.write() as session:
        session.execute(update(Draft).values(state="returned"))
    return store


def with_leader(settings: Settings, addresses: tuple[str, ...]) -> Settings:
    """Towns' leaders at these addresses; only 甲镇 is an office's unit."""
    town = next(unit for unit in settings.office_value.units if unit.name == TOWN)
    units = (replace(town, kind="village", escalate_to=addresses, liaison_name="王芳"),)
    return replace(settings, office_value=replace(settings.office_value, units=units))


def run(desk: Store, settings: Settings, *days: datetime, send: bool = True) -> list[str]:
    """The timers of these days, the letters of each sent in the course of it; what the last one said."""
    lines: list[str] = []
    for day in days:
        lines = tick(desk, settings, settings.calendar, day)
        if send:
            with desk.write() as session:
                session.execute(update(Letter).where(Letter.state == "waiting").values(state="sent", sent_at=day))
    return lines


def escalated(desk: Store) -> list[Letter]:
    return [letter for letter in letters(desk) if letter.kind == "escalation"]


def test_the_leader_is_told_once_beside_the_fourth_reminder(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:4])
    assert escalated(desk) == []
    lines = run(desk, settings, WORKING[4])
    assert lines[-1] == f"呈报：{TOWN} → {LEADER}：1项多次催报未办"
    run(desk, settings, WORKING[5])
    (letter,) = escalated(desk)
    assert (letter.key, letter.to, letter.state) == (f"escalation:{TOWN}:2026-11-26", LEADER, "sent")
    for words in (
        f"{TOWN}负责同志：",
        "（联络员：王芳）",
        "不少于3次",
        "《甲镇人民政府关于做好秋季防火工作的通知》",
        "已退回",
    ):
        assert words in letter.text
        assert words in letter.html
    assert "请按退稿函" not in letter.text


def test_what_is_done_in_between_goes_no_further(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:4])
    with desk.write() as session:
        session.execute(update(Draft).values(state="pending"))
    run(desk, settings, *WORKING[4:])
    assert escalated(desk) == []


def test_reminders_that_never_went_don_t_count(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:], send=False)
    assert escalated(desk) == []


def test_a_break_in_the_reminders_begins_the_count_anew(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:3])
    with desk.write() as session:
        other = {"things": ["stale:文件:2026-11-01"]}
        written = session.query(Letter).filter(Letter.kind == "reminder").first()
        assert written is not None
        session.add(Journal(at=FRIDAY, who="系统", action="reminder.named", unit=TOWN, letter=written.id, after=other))
    run(desk, settings, *WORKING[3:])
    assert escalated(desk) == []


def test_a_dry_run_tells_the_same(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:4])
    told = tick(desk, settings, settings.calendar, WORKING[4], dry_run=True)
    assert escalated(desk) == []
    assert run(desk, settings, WORKING[4]) == told


def test_without_a_leader_s_address_the_editors_are_told_once(desk: Store, settings: Settings) -> None:
    settings = with_leader(settings, ())
    lines = run(desk, settings, *WORKING[1:5])
    assert lines[-1] == f"呈报：{TOWN}：{NOBODY}"
    assert NOBODY not in run(desk, settings, WORKING[5])[-1]
    tasks = [entry for entry in rows(desk, Journal) if entry.action == "escalation.named"]
    assert [(entry.unit, entry.note, entry.letter) for entry in tasks] == [(TOWN, NOBODY, None)]


def test_what_an_editor_keeps_back_goes_no_further_that_day(desk: Store, settings: Settings) -> None:
    with desk.write() as session:
        session.add(ReminderHold(unit=TOWN, day=date(2026, 11, 26), who="王芳", at=FRIDAY))
    run(desk, settings, *WORKING[1:5])
    assert escalated(desk) == []
    run(desk, settings, WORKING[5])
    assert [letter.key for letter in escalated(desk)] == [f"escalation:{TOWN}:2026-11-27"]


def test_after_an_answer_a_person_decides(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:4])
    reminder = next(letter for letter in letters(desk) if letter.kind == "reminder")
    answer = submission(kind="reply", in_reply_to=reminder.message_id, message_id="<answer@town.example.cn>")
    take(desk, settings, answer, received_at=WORKING[3], now=WORKING[3])
    run(desk, settings, WORKING[4])
    assert [(letter.state, letter.hold_reason) for letter in escalated(desk)] == [("held", ANSWERED)]


def test_an_office_that_lets_no_reminder_go_by_itself_lets_none_go_to_a_leader(desk: Store, settings: Settings) -> None:
    run(desk, settings, *WORKING[1:4])
    careful = replace(settings, reminders=settings.reminders.model_copy(update={"hold": True}))
    run(desk, careful, WORKING[4])
    assert [(letter.state, letter.hold_reason) for letter in escalated(desk)] == [("held", BY_OFFICE)]
