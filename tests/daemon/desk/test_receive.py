"""From bytes to drafts: nothing lost, nothing twice, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.blobs import StoreUnavailable
from daemon.desk.receive import (
    INTERRUPTIONS,
    Arrival,
    begin_attempt,
    fail_attempt,
    give_back,
    keep,
    parse_again,
    resume,
    take_in,
    waiting,
)
from daemon.settings import Settings
from daemon.store.schema import Base, Draft, Journal, Letter, Message, Revision, Sighting
from daemon.store.unit_of_work import Store
from parsers.submission import Finding, Submission
from tests.daemon.desk.readings import NOON, drafts, file, found, kept, message, nobody, reading, taken
from tests.offices import HOME


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """SQLite, then PostgreSQL."""
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield store


def count(store: Store, table: type[Base]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def journal(store: Store, action: str) -> list[Journal]:
    with store.read() as session:
        return list(session.scalars(select(Journal).where(Journal.action == action).order_by(Journal.id)))


# the first transaction


def test_a_message_is_kept_with_its_bytes(store: Store) -> None:
    [one] = keep(store, [Arrival(b"raw", NOON, "imap")], NOON)
    assert one.is_new
    row = message(store, one.message_row)
    assert (row.state, row.size, row.received_at, row.source) == ("stored", 3, NOON, "imap")
    assert store.blobs.read(row.sha256) == b"raw"


def test_the_same_bytes_are_one_message(store: Store) -> None:
    first, again = keep(store, [Arrival(b"raw", NOON, "imap"), Arrival(b"raw", NOON, "imap")], NOON)
    [later] = keep(store, [Arrival(b"raw", NOON + timedelta(days=1), "import", history=True)], NOON)
    assert [first.is_new, again.is_new, later.is_new] == [True, False, False]
    assert {first.message_row, again.message_row, later.message_row} == {first.message_row}
    row = message(store, first.message_row)
    assert (row.received_at, row.history) == (NOON, False)


def test_no_arrivals_are_nothing(store: Store) -> None:
    assert keep(store, [], NOON) == []


def test_every_sighting_of_a_message_is_marked_stored(store: Store) -> None:
    with store.write() as session:
        for uid in (1, 2):
            session.add(Sighting(mailbox="main", uidvalidity=1, uid=uid, state="failed", size=3, received_at=NOON,
                                 error="断线", next_try_at=NOON, noted_at=NOON))  # fmt: skip
    keep(store, [Arrival(b"raw", NOON, "imap", sighting=1)], NOON)
    [again] = keep(store, [Arrival(b"raw", NOON, "imap", sighting=2)], NOON)
    with store.read() as session:
        seen = session.execute(select(Sighting.state, Sighting.message, Sighting.error, Sighting.next_try_at)).all()
    assert [tuple(row) for row in seen] == [("stored", again.message_row, None, None)] * 2


def test_without_its_bytes_there_is_no_message(store: Store) -> None:
    store.blobs.folder.write_bytes(b"no folder")
    with pytest.raises(StoreUnavailable):
        keep(store, [Arrival(b"raw", NOON, "imap")], NOON)
    assert count(store, Message) == 0


def test_the_bytes_are_on_the_disk_before_the_row_is(tmp_path: Path) -> None:
    script = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from daemon.desk.receive import Arrival, keep; from daemon.store.unit_of_work import Store\n"
        "folder = Path(sys.argv[1]); now = datetime(2026, 11, 20, tzinfo=UTC)\n"
        "store = Store.open(f'sqlite:///{folder}/b.sqlite3', folder)\n"
        "Path(folder, 'begin').rename(Path(folder, 'began'))\n"
        "keep(store, [Arrival(b'raw', now, 'imap')], now)\n"
        "Path(folder, 'began').rename(Path(folder, 'done'))\n"
    )
    (tmp_path / "begin").touch()
    trace = ["strace", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync,rename", "-o", str(tmp_path / "trace")]
    environment = os.environ | {"PYTHONPATH": str(HOME)}
    subprocess.run([*trace, sys.executable, "-c", script, str(tmp_path)], env=environment, check=True, timeout=60)
    calls = (tmp_path / "trace").read_text(encoding="utf-8").split('/began"')[1].splitlines()
    last_of_blobs = max(number for number, call in enumerate(calls) if "/blobs" in call)
    synced = [number for number, call in enumerate(calls) if "sync(" in call and "b.sqlite3-wal" in call]
    assert synced
    assert synced[0] > last_of_blobs


# attempts


def test_what_waits_is_told_oldest_first_and_only_once(store: Store) -> None:
    rows = [one.message_row for one in keep(store, [Arrival(bytes([n]), NOON, "imap") for n in range(4)], NOON)]
    assert [one.message_row for one in waiting(store)] == rows
    assert [one.message_row for one in waiting(store, 2)] == rows[:2]
    begin_attempt(store, rows[:3], NOON)
    [left] = waiting(store)
    assert (left.message_row, left.received_at) == (rows[3], NOON)
    assert store.blobs.read(left.sha256) == bytes([3])


def test_an_attempt_counts_before_anything_is_read(store: Store) -> None:
    [row] = kept(store, b"raw")
    assert message(store, row).attempts == 1


def test_the_third_failure_makes_a_message_unreadable(store: Store) -> None:
    [row] = kept(store, b"raw")
    for _ in range(2):
        fail_attempt(store, row, "解析超过 20 秒仍未完成", NOON)
        assert [one.message_row for one in waiting(store)] == [row]
        begin_attempt(store, [row], NOON)
    fail_attempt(store, row, "解析超过 20 秒仍未完成", NOON)
    assert waiting(store) == []
    assert (message(store, row).state, message(store, row).error) == ("unreadable", "解析超过 20 秒仍未完成")
    assert [entry.message for entry in journal(store, "unreadable")] == [row]


def test_an_unreadable_message_can_be_read_again(store: Store, settings: Settings) -> None:
    [row] = kept(store, b"raw")
    for _ in range(3):
        begin_attempt(store, [row], NOON)
        fail_attempt(store, row, "解析进程异常退出（代码 -6）", NOON)
    parse_again(store, row, NOON, "王芳")
    begin_attempt(store, [one.message_row for one in waiting(store)], NOON)
    take_in(store, [(row, reading(found()))], settings, NOON, nobody)
    assert (message(store, row).state, message(store, row).error, len(drafts(store))) == ("parsed", None, 1)
    assert [entry.who for entry in journal(store, "parse_again")] == ["王芳"]


def test_a_failure_told_too_late_changes_nothing(store: Store, settings: Settings) -> None:
    row = taken(store, settings, reading(found()))
    fail_attempt(store, row, "迟到的结果", NOON)
    assert (message(store, row).state, message(store, row).error) == ("parsed", None)


def test_an_attempt_that_the_machine_failed_does_not_count(store: Store) -> None:
    [row] = kept(store, b"raw")
    for _ in range(5):
        give_back(store, [row])
        assert [one.message_row for one in waiting(store)] == [row]
        assert message(store, row).attempts == 0
        begin_attempt(store, [row], NOON)


def test_what_a_dead_daemon_was_reading_waits_again_and_it_does_not_count(store: Store) -> None:
    rows = kept(store, b"one", b"two")
    assert waiting(store) == []
    assert resume(store, NOON) == 2
    assert [one.message_row for one in waiting(store)] == rows
    assert message(store, rows[0]).attempts == 0


def test_a_message_that_sees_many_daemons_die_is_set_aside(store: Store) -> None:
    [row] = kept(store, b"raw")
    for _ in range(INTERRUPTIONS):
        assert message(store, row).state == "stored"
        begin_attempt(store, [row], NOON)
        resume(store, NOON)
    assert message(store, row).state == "unreadable"
    assert "服务中断了 10 次" in (message(store, row).error or "")


# the second transaction


def test_a_document_becomes_a_draft_with_its_clocks(store: Store, settings: Settings) -> None:
    annex, blob = file("附件1.docx", b"annex")
    submission = reading(found(attachments=(annex,), document_number="甲政发〔2026〕8号"), blobs=(blob,))
    row = taken(store, settings, submission)
    [draft] = drafts(store)
    assert (draft.message_row, draft.ordinal, draft.state, draft.revision) == (row, 1, "pending", 1)
    assert (draft.receipt, draft.unit, draft.document_number) == ("2026-000001", "甲镇人民政府", "甲政发〔2026〕8号")
    assert draft.submit_due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)  # 3 days end on Saturday: to Monday's end
    assert (draft.timeliness, draft.due_certain, draft.received_on) == ("on_time", True, date(2026, 11, 20))
    assert draft.desk_due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)  # one working day, counted from Friday
    assert draft.publish_due_at is not None
    assert [(one.name, one.role, one.sha256) for one in draft.attachments] == [("附件1.docx", "annex", annex.sha256)]
    assert store.blobs.read(annex.sha256) == b"annex"


def test_a_draft_begins_with_a_revision_and_a_journal_row(store: Store, settings: Settings) -> None:
    taken(store, settings, reading(found()))
    with store.read() as session:
        revision = session.scalars(select(Revision)).one()
    assert (revision.number, revision.who) == (1, "系统")
    assert (revision.content["title"], revision.content["issued_on"]) == ("关于做好森林防火工作的通知", "2026-11-18")
    [entry] = journal(store, "receive")
    assert (entry.draft, entry.unit, entry.after) == (1, "甲镇人民政府", {"receipt": "2026-000001", "state": "pending"})


def test_taking_in_twice_changes_nothing(store: Store, settings: Settings) -> None:
    submission = reading(found(), found("关于防汛工作的通知"))
    row = taken(store, settings, submission)
    before = [(draft.id, draft.receipt, draft.version) for draft in drafts(store)]
    assert take_in(store, [(row, submission)], settings, NOON, nobody) == []
    assert [(draft.id, draft.receipt, draft.version) for draft in drafts(store)] == before
    assert count(store, Journal) == 2


def test_a_second_result_of_one_reading_is_passed_over(store: Store, settings: Settings) -> None:
    row = taken(store, settings, reading(found("先到的结果")))
    take_in(store, [(row, reading(found("后到的结果")))], settings, NOON, nobody)
    assert [draft.title for draft in drafts(store)] == ["先到的结果"]


def test_what_was_read_of_a_message_without_drafts_is_kept(store: Store, settings: Settings) -> None:
    advertisement, blob = file("课程表.docx", b"courses")
    submission = reading(kind="other", kind_reason="广告", note="培训班", attachments=(advertisement,), blobs=(blob,))
    row = message(store, taken(store, settings, submission))
    assert (row.state, row.kind, row.kind_reason, row.note) == ("parsed", "other", "广告", "培训班")
    assert (row.attachments[0]["name"], row.attachments[0]["text"]) == ("课程表.docx", "课程表.docx")
    assert store.blobs.read(row.attachments[0]["sha256"]) == b"courses"
    assert drafts(store) == []


def test_receipt_numbers_count_by_the_offices_year(store: Store, settings: Settings) -> None:
    last_evening = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    for minutes in (0, 1, 2):
        at = last_evening + timedelta(minutes=minutes)
        taken(store, settings, reading(found(f"通知{minutes}"), received_at=at))
    assert [draft.receipt for draft in drafts(store)] == ["2026-000001", "2027-000001", "2027-000002"]
    assert [draft.received_on for draft in drafts(store)] == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 1)]


def test_a_receipt_number_is_not_lost_with_what_failed(store: Store, settings: Settings) -> None:
    def broken(session: Session, message: Message, settings: Settings, now: datetime) -> None:
        raise ZeroDivisionError

    rows = kept(store, b"one", b"two")
    take_in(store, [(rows[0], reading(found("通知一")))], settings, NOON, broken)
    take_in(store, [(rows[1], reading(found("通知二")))], settings, NOON, nobody)
    assert [(draft.receipt, draft.title) for draft in drafts(store)] == [("2026-000001", "通知二")]


def test_receipt_numbers_have_no_gap_with_several_hands(store: Store, settings: Settings) -> None:
    rows = kept(store, *(b"%d" % number for number in range(24)))
    batches = [[(row, reading(found(f"通知{row}"), found(f"公告{row}"))) for row in rows[at : at + 3]]
               for at in range(0, 24, 3)]  # fmt: skip
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda batch: take_in(store, batch, settings, NOON, nobody), batches))
    assert sorted(draft.receipt for draft in drafts(store)) == [f"2026-{number:06d}" for number in range(1, 49)]


def test_one_result_that_cannot_be_stored_holds_up_no_other(store: Store, settings: Settings) -> None:
    def choosy(session: Session, message: Message, settings: Settings, now: datetime) -> None:
        if message.subject == "坏":
            raise ZeroDivisionError

    rows = kept(store, b"one", b"two", b"three")
    subjects = zip(rows, "好坏好", strict=True)
    results = [(row, reading(found(f"通知{row}"), subject=subject)) for row, subject in subjects]
    take_in(store, results, settings, NOON, choosy)
    assert [message(store, row).state for row in rows] == ["parsed", "stored", "parsed"]
    assert message(store, rows[1]).error == "解析结果无法入库（ZeroDivisionError）"
    assert [draft.receipt for draft in drafts(store)] == ["2026-000001", "2026-000002"]


def test_a_database_that_is_away_counts_against_no_message(store: Store, settings: Settings) -> None:
    def away(session: Session, message: Message, settings: Settings, now: datetime) -> None:
        raise StoreUnavailable("数据库锁定")

    [row] = kept(store, b"raw")
    with pytest.raises(StoreUnavailable):
        take_in(store, [(row, reading(found()))], settings, NOON, away)
    assert (message(store, row).state, message(store, row).error, drafts(store)) == ("stored", None, [])
    take_in(store, [(row, reading(found()))], settings, NOON, nobody)
    assert len(drafts(store)) == 1


def test_the_acknowledgement_is_written_with_the_drafts(store: Store, settings: Settings) -> None:
    def acknowledge(session: Session, message: Message, settings: Settings, now: datetime) -> Letter:
        [draft] = session.scalars(select(Draft).where(Draft.message_row == message.id))
        return Letter(key=f"acknowledge:{message.id}", kind="acknowledgement", state="waiting", to="a@b.cn",
                      message=message.id, draft=draft.id, subject=draft.receipt, text="", html="",
                      message_id="<1@b.cn>", next_try_at=now, created_at=now)  # fmt: skip

    [row] = kept(store, b"raw")
    take_in(store, [(row, reading(found()))], settings, NOON, acknowledge)
    with store.read() as session:
        assert session.scalars(select(Letter.subject)).one() == "2026-000001"


def test_history_is_archived_and_never_answered(store: Store, settings: Settings) -> None:
    def acknowledge(session: Session, message: Message, settings: Settings, now: datetime) -> Letter:
        raise AssertionError("history was answered")

    [row] = kept(store, b"raw", history=True)
    take_in(store, [(row, reading(found()))], settings, NOON, acknowledge)
    assert [draft.state for draft in drafts(store)] == ["archived"]


def test_a_spoofed_sender_is_quarantined_and_the_block_stands_on_the_draft(store: Store, settings: Settings) -> None:
    spoofed = Finding("sender.spoofed", "block", "发件人冒用单位名称")
    taken(store, settings, reading(found(), findings=(spoofed,), unit=None, unit_evidence=None))
    [draft] = drafts(store)
    assert draft.state == "quarantined"
    assert [finding["code"] for finding in draft.findings] == ["sender.spoofed"]


def test_a_secrecy_mark_makes_a_draft_the_chiefs_and_the_journal_silent(store: Store, settings: Settings) -> None:
    marked = found("不可说的标题", findings=(Finding("secret.marking", "block", "带有密级标志"),))
    taken(store, settings, reading(marked))
    [draft] = drafts(store)
    assert (draft.state, draft.secret) == ("quarantined", True)
    assert [(entry.before, entry.after, entry.note) for entry in journal(store, "receive")] == [({}, {}, "")]


def test_a_file_without_a_time_of_receipt_takes_it_from_its_headers(store: Store, settings: Settings) -> None:
    row = taken(store, settings, reading(found()), received_at=None)
    assert message(store, row).received_at == NOON
    assert drafts(store)[0].timeliness == "on_time"


def test_the_mailboxs_time_of_receipt_stands_over_the_headers(store: Store, settings: Settings) -> None:
    late = NOON + timedelta(days=9)
    taken(store, settings, reading(found()), received_at=late)
    assert (drafts(store)[0].received_at, drafts(store)[0].timeliness) == (late, "late")


def test_a_message_without_any_time_of_receipt_is_numbered_by_today(store: Store, settings: Settings) -> None:
    taken(store, settings, reading(found(), received_at=None), received_at=None)
    [draft] = drafts(store)
    assert (draft.receipt, draft.received_on, draft.desk_due_at) == ("2026-000001", None, None)
    assert draft.timeliness == "unknown"


def test_hostile_headers_fit_the_database(store: Store, settings: Settings) -> None:
    hostile = "<" + "长" * 20_000 + "\0\ud800@x>"
    submission = reading(found(document_number="号" * 9000), message_id=hostile, in_reply_to=hostile,
                         references=(hostile,) * 3000, subject=hostile)  # fmt: skip
    row = taken(store, settings, submission, b"raw")
    assert message(store, row).state == "parsed"
    assert len(message(store, row).references) == 100


# reading again


def test_reading_again_replaces_an_untouched_draft_and_keeps_its_number(store: Store, settings: Settings) -> None:
    annex, blob = file("附件.docx", b"annex")
    row = taken(store, settings, reading(found("错的标题", attachments=(annex,)), found("另一篇通知"), blobs=(blob,)))
    better, other = file("附件二.docx", b"other")
    read_again(store, settings, row, reading(found("对的标题", attachments=(better, annex)), found("另一篇通知"),
                                             blobs=(other, blob), parser_version=2))  # fmt: skip
    first, second = drafts(store)
    assert (first.title, first.receipt, first.revision, first.version) == ("对的标题", "2026-000001", 2, 2)
    assert [one.name for one in first.attachments] == ["附件二.docx", "附件.docx"]
    assert (second.revision, second.version) == (1, 1)
    [entry] = journal(store, "reparse")
    assert (entry.draft, entry.before, entry.after) == (first.id, {"title": "错的标题"}, {"title": "对的标题"})


def test_reading_again_with_the_same_result_changes_nothing(store: Store, settings: Settings) -> None:
    submission = reading(found())
    row = taken(store, settings, submission)
    read_again(store, settings, row, submission)
    assert [(draft.revision, draft.version) for draft in drafts(store)] == [(1, 1)]


def test_what_a_person_has_touched_stays_and_the_new_reading_is_a_proposal(store: Store, settings: Settings) -> None:
    row = taken(store, settings, reading(found("人改过的标题")))
    touch(store)
    read_again(store, settings, row, reading(found("新读出的标题")))
    [draft] = drafts(store)
    assert (draft.title, draft.revision) == ("人改过的标题", 1)
    [entry] = journal(store, "proposal")
    assert (entry.draft, entry.after) == (draft.id, {"title": "新读出的标题"})


def test_a_draft_that_is_no_longer_found_is_withdrawn_not_deleted(store: Store, settings: Settings) -> None:
    row = taken(store, settings, reading(found(), found("误拆出的一篇")))
    read_again(store, settings, row, reading(found()))
    assert [(draft.receipt, draft.state) for draft in drafts(store)] == [
        ("2026-000001", "pending"),
        ("2026-000002", "withdrawn"),
    ]
    read_again(store, settings, row, reading(found(), found("误拆出的一篇"), found("第三篇")))
    assert [draft.state for draft in drafts(store)] == ["pending"] * 3
    assert drafts(store)[2].receipt == "2026-000003"


def test_a_sender_that_has_become_known_leaves_quarantine_when_read_again(store: Store, settings: Settings) -> None:
    unknown = Finding("sender.unknown", "warn", "发件地址未登记")
    first = reading(found(), findings=(unknown,), unit=None, unit_evidence=None)
    row = taken(store, settings, first)
    assert drafts(store)[0].state == "quarantined"
    read_again(store, settings, row, replace(first, findings=(), unit="甲镇人民政府", unit_evidence="address"))
    [draft] = drafts(store)
    assert (draft.state, draft.unit, draft.findings) == ("pending", "甲镇人民政府", [])


def read_again(store: Store, settings: Settings, row: int, submission: Submission) -> None:
    parse_again(store, row, NOON, "王芳")
    begin_attempt(store, [row], NOON)
    take_in(store, [(row, submission)], settings, NOON, nobody)


def touch(store: Store) -> None:
    with store.write() as session:
        session.scalars(select(Draft)).one().touched = True
