"""What the pages show, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from daemon.desk import mailroom, queue, review
from daemon.desk.accounts import Actor
from daemon.desk.let_go import cancel, let_go
from daemon.desk.queue import BY_KEY, Cursor, Filter
from daemon.settings import Settings
from daemon.store import open_findings
from daemon.store.schema import Draft, Journal, Letter, Message, ReminderHold, Sighting
from daemon.store.unit_of_work import Store
from daemon.web.words import ACTIONS
from parsers.submission import Finding
from tests.daemon.desk.desks import BLOCK, received, rows, staffed
from tests.samples import NOW, Desk, submission

ALL = Filter()
EDITOR, CHIEF = Actor(1, "王芳", "editor"), Actor(3, "张主编", "chief")
SECRET = Finding("secret.marking", "block", "带有密级标志。", "机密★1年")


@pytest.fixture
def desk(store_url: str, tmp_path: Path, settings: Settings) -> Iterator[Desk]:
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield staffed(store, settings)


def titles(desk: Desk, key: str, wanted: Filter = ALL, who: Actor = EDITOR) -> list[str]:
    with desk.store.read() as session:
        return [row.title for row in queue.page(session, BY_KEY[key], who, desk.now, wanted).rows]


def counts(desk: Desk, who: Actor = EDITOR) -> dict[str, int]:
    with desk.store.read() as session:
        return {key: number for key, number in queue.counts(session, who, desk.now).items() if number}


def test_the_most_urgent_draft_stands_first(desk: Desk) -> None:
    for days, title in ((0, "今天的"), (3, "三天前的"), (1, "昨天的")):
        received(desk, title, received_at=NOW - timedelta(days=days))
    assert titles(desk, "pending") == ["三天前的", "昨天的", "今天的"]


def test_each_tab_counts_what_it_shows(desk: Desk) -> None:
    received(desk, "待审的")
    taken = received(desk, "我取的")
    desk.do(taken, review.take)
    desk.do(received(desk, "退回的"), review.return_to_unit, "缺附件")
    received(desk, "过期的", received_at=NOW - timedelta(days=5))
    found = counts(desk)
    assert found == {"pending": 3, "mine": 1, "soon": 1, "returned": 1, "all": 4}
    assert {key: len(titles(desk, key)) for key in found} == found


def test_a_list_is_filtered_by_column_and_unit_and_by_having_none(desk: Desk) -> None:
    received(desk, "文件一")
    received(desk, "未定的", column=None)
    received(desk, "乙镇的", unit="乙镇人民政府", address="yi@town.example.cn")
    assert titles(desk, "pending", Filter(column="")) == ["未定的"]
    assert titles(desk, "pending", Filter(unit="乙镇人民政府")) == ["乙镇的"]
    assert titles(desk, "pending", Filter(column="文件", unit="甲镇人民政府")) == ["文件一"]


def test_a_list_is_narrowed_by_findings_that_are_open(desk: Desk) -> None:
    wanted = Filter(finding="notice.expiry")
    number = received(desk, "有限期的", findings=(Finding("notice.expiry", "warn", "写明了期限。", "31日"), BLOCK))
    received(desk, "没有的", findings=(BLOCK,))
    assert titles(desk, "pending", wanted) == ["有限期的"]
    desk.do(number, review.take)
    desk.do(number, review.resolve, 0, "到期会处理")
    assert titles(desk, "pending", wanted) == []


@pytest.mark.parametrize("few", [0, 9])
def test_drafts_with_a_finding_are_listed_however_many_there_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(open_findings, "_FEW", few)
    for title in ("一", "二"):
        received(desk, title, findings=(BLOCK, replace(BLOCK, excerpt="370321190501011245")))
    received(desk, "三")
    assert titles(desk, "pending", Filter(finding=BLOCK.code)) == ["一", "二"]
    assert titles(desk, "pending", Filter(finding="pii.bank_card")) == []


def test_secret_drafts_are_seen_by_the_chief_alone(desk: Desk) -> None:
    number = received(desk, "密件", findings=(SECRET,))
    assert titles(desk, "quarantined") == []
    assert titles(desk, "quarantined", who=CHIEF) == ["密件"]
    assert "quarantined" not in counts(desk)
    assert counts(desk, CHIEF)["quarantined"] == 1
    with desk.store.read() as session:
        assert queue.draft_view(session, number, EDITOR) is None
        view = queue.draft_view(session, number, CHIEF)
        assert view is not None
        assert view.message is not None
        assert mailroom.message_view(session, view.message.id, EDITOR) is None
        assert mailroom.letter_view(session, view.letters[0].id, EDITOR) is None
        assert queue.changed_drafts(session, 0, EDITOR) == []


def test_pages_follow_one_another_without_gap_or_repetition(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 3)
    expected = [f"第{number}篇" for number in range(8)]
    for number, title in enumerate(expected):
        received(desk, title, received_at=NOW - timedelta(days=8 - number // 3))
    seen: list[str] = []
    after: Cursor | None = None
    while True:
        with desk.store.read() as session:
            page = queue.page(session, BY_KEY["pending"], EDITOR, NOW, ALL, after)
        seen += [row.title for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == expected


def test_a_page_costs_the_same_few_statements_for_many_rows(desk: Desk) -> None:
    for number in range(12):
        received(desk, f"第{number}篇", findings=(BLOCK,))
    statements: list[str] = []
    event.listen(desk.store.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with desk.store.read() as session:
        page = queue.page(session, BY_KEY["pending"], EDITOR, NOW, ALL)
    assert [row.blocks for row in page.rows] == [1] * 12
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    assert "body_html" not in "".join(statements)


def test_an_editor_goes_from_one_draft_to_the_next(desk: Desk) -> None:
    ids = [received(desk, f"第{number}篇", received_at=NOW - timedelta(days=9 - number)) for number in range(3)]
    with desk.store.read() as session:
        assert queue.neighbours(session, BY_KEY["pending"], EDITOR, NOW, ALL, ids[1]) == (ids[0], ids[2])
        assert queue.neighbours(session, BY_KEY["pending"], EDITOR, NOW, ALL, ids[0]) == (None, ids[1])


def test_live_pages_learn_which_drafts_changed(desk: Desk) -> None:
    first, second = received(desk, "一"), received(desk, "二")
    with desk.store.read() as session:
        seen = queue.last_change(session).journal
    desk.do(second, review.take)
    with desk.store.read() as session:
        assert queue.changed_drafts(session, seen, EDITOR) == [second]
        assert queue.changed_drafts(session, 0, EDITOR) == [second, first]


def test_a_view_holds_the_other_drafts_of_the_mail_and_its_letters(desk: Desk) -> None:
    number = received(desk, "回执会写的")
    with desk.store.read() as session:
        view = queue.draft_view(session, number, EDITOR)
    assert view is not None
    assert [letter.kind for letter in view.letters] == ["acknowledgement"]
    assert [row.action for row in view.journal] == ["receive"]
    assert [one.number for one in view.revisions] == [1]
    assert view.siblings == ()


def test_other_letters_are_mail_that_made_no_draft(desk: Desk) -> None:
    received(desk, "稿件")
    desk.receive(b"ad", submission(None, "ad@ads.example.com", "培训", NOW, kind="other"))
    desk.receive(b"auto", submission(None, "a@ads.example.com", "自动回复", NOW, kind="auto_reply"))
    with desk.store.read() as session:
        assert [row.subject for row in mailroom.other_letters(session, None, None).rows] == ["自动回复", "培训"]
        assert [row.subject for row in mailroom.other_letters(session, "other", None).rows] == ["培训"]
    assert counts(desk)["other"] == 2


def test_what_could_not_be_read_or_fetched_is_shown_with_its_reason(desk: Desk) -> None:
    with desk.store.write() as session:
        session.add(
            Message(sha256="0" * 64, size=1, stored_at=NOW, source="imap", state="unreadable", error="解析超时")
        )
        session.add(
            Sighting(
                mailbox="main", uidvalidity=1, uid=1, state="too_large", size=1, received_at=NOW, noted_at=NOW,
                error="过大",
            )
        )  # fmt: skip
    with desk.store.read() as session:
        assert [row.error for row in mailroom.unreadable(session, None).rows] == ["解析超时"]
        assert [row.error for row in mailroom.unfetched(session)] == ["过大"]
    assert counts(desk)["unreadable"] == 2


def test_a_reminder_is_held_once_and_let_go_again(desk: Desk) -> None:
    for kept in (True, True, False):
        with desk.store.write() as session:
            mailroom.hold_reminder(session, "甲镇人民政府", NOW.date(), kept, EDITOR, NOW)
    assert rows(desk, ReminderHold) == []
    with desk.store.read() as session:
        actions = session.scalars(select(Journal.action).where(Journal.unit == "甲镇人民政府", Journal.draft.is_(None)))
        assert list(actions) == ["reminder.hold", "reminder.unhold"]


def test_held_and_failed_letters_are_let_go_and_unsent_ones_cancelled(desk: Desk) -> None:
    for title in ("一", "二", "三"):
        received(desk, title)
    with desk.store.write() as session:
        for letter, state in zip(
            session.scalars(select(Letter).order_by(Letter.id)), ("held", "sent", "failed"), strict=True
        ):
            letter.state = state
        ids = list(session.scalars(select(Letter.id)))
        assert let_go(session, ids, EDITOR, desk.settings, NOW) == 2
    assert sorted(letter.state for letter in rows(desk, Letter)) == ["sent", "waiting", "waiting"]
    with desk.store.write() as session:
        assert cancel(session, ids, EDITOR, NOW) == 2
    assert sorted(letter.state for letter in rows(desk, Letter)) == ["cancelled", "cancelled", "sent"]


def test_what_is_done_is_paged_from_the_newest_to_the_oldest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 2)
    for number in range(5):
        identity = received(desk, f"第{number}篇", received_at=NOW - timedelta(days=9 - number // 2))
        desk.do(identity, review.reject, "重复")
    with desk.store.read() as session:
        first = queue.page(session, BY_KEY["unused"], EDITOR, NOW, ALL)
        second = queue.page(session, BY_KEY["unused"], EDITOR, NOW, ALL, first.after)
        third = queue.page(session, BY_KEY["unused"], EDITOR, NOW, ALL, second.after)
    shown = [row.title for page in (first, second, third) for row in page.rows]
    assert shown == ["第4篇", "第3篇", "第2篇", "第1篇", "第0篇"]
    assert third.after is None


@pytest.mark.parametrize("key", ["all", "pending"])
def test_what_has_no_time_comes_last_over_all_pages(desk: Desk, key: str) -> None:
    with desk.store.write() as session:
        for at in range(2 * queue.PAGE + 10):
            due = NOW + timedelta(minutes=at // 2) if at % 2 else None
            session.add(
                Draft(
                    ordinal=at, receipt=f"2026-{at}", state="pending", title="题", body_html="", body_text="",
                    desk_due_at=due, created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
    seen: list[queue.Row] = []
    after: Cursor | None = None
    for _ in range(3):
        with desk.store.read() as session:
            page = queue.page(session, BY_KEY[key], EDITOR, NOW, ALL, after)
        seen += page.rows
        after = page.after
    assert after is None
    assert len({row.id for row in seen}) == len(seen) == 2 * queue.PAGE + 10
    times = [row.desk_due_at for row in seen]
    timed = [at for at in times if at is not None]
    assert timed == sorted(timed, reverse=key == "all")
    assert times[len(timed) :] == [None] * (len(seen) - len(timed))


def test_an_empty_list_sends_people_to_buttons_that_there_are() -> None:
    named = [button for tab in BY_KEY.values() for button in re.findall("点“(.+?)”", tab.empty)]
    assert named == [ACTIONS["take"]]
