"""Messages that are taken in together: as if one came after the other, at the cost of one, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from daemon.desk.acknowledge import acknowledge
from daemon.desk.receive import parse_again, take_in
from daemon.settings import Settings
from daemon.store import search
from daemon.store.schema import Base, Draft, Journal, Letter
from daemon.store.unit_of_work import Store
from parsers.submission import Sender, Submission
from tests.daemon.desk.readings import NOON, drafts, file, found, kept, reading

STRANGER = {"unit": None, "unit_evidence": None, "sender": Sender("某人", "someone@else.example.com")}


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """SQLite, then PostgreSQL."""
    with Store.open(store_url, tmp_path / "data", alone=True) as store:
        yield store


def together(store: Store, settings: Settings, *submissions: Submission) -> list[int]:
    rows = kept(store, *(repr((number, one)).encode() for number, one in enumerate(submissions)))
    take_in(store, list(zip(rows, submissions, strict=True)), settings, NOON, acknowledge)
    return rows


def every(store: Store, table: type[Base]) -> list[Any]:
    with store.read() as session:
        return list(session.scalars(select(table).order_by(*table.__table__.primary_key)))


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def mails(first: int, last: int) -> list[Submission]:
    files = [file(f"{number}.docx", b"%d" % number)[0] for number in range(first, last)]
    return [reading(found(f"关于第{one.name}号工作的通知", attachments=(one,))) for one in files]


def test_many_mails_cost_hardly_more_statements_than_few(store: Store, settings: Settings) -> None:
    with statements(store) as for_few:
        together(store, settings, *mails(0, 3))
    with statements(store) as for_many:
        together(store, settings, *mails(10, 34))
    assert len(for_many) <= len(for_few) + 10  # PostgreSQL gives ids out in portions


def test_rows_are_numbered_in_the_order_of_the_mail(store: Store, settings: Settings) -> None:
    rows = together(store, settings, *mails(0, 3), *mails(3, 6))
    made = drafts(store)
    assert [draft.message_row for draft in made] == rows
    assert [draft.receipt for draft in made] == [f"2026-{number:06d}" for number in range(1, 7)]
    assert [line.draft for line in every(store, Journal)] == [draft.id for draft in made]
    assert [letter.message for letter in every(store, Letter)] == rows
    assert [draft.attachments[0].name for draft in made] == [f"{number}.docx" for number in range(6)]


def test_rows_made_in_several_ways_get_along(store: Store, settings: Settings) -> None:
    [row, *_] = together(store, settings, *mails(0, 2))
    parse_again(store, row, NOON, "王编辑")
    take_in(store, [(row, reading(*(one.drafts[0] for one in mails(5, 7))))], settings, NOON, acknowledge)
    together(store, settings, *mails(8, 9))
    assert [draft.receipt[-1] for draft in drafts(store)] == ["1", "2", "3", "4"]
    assert [line.action for line in every(store, Journal)] == [
        "receive", "receive", "parse_again", "reparse", "receive", "receive",
    ]  # fmt: skip


def test_a_duplicate_of_a_draft_in_the_same_batch_is_found(store: Store, settings: Settings) -> None:
    number = "甲政发〔2026〕12号"
    titles = ("关于防火的通知", "关于防汛的通知", "关于防火的通知")
    together(store, settings, *(reading(found(title)) for title in titles))
    together(
        store, settings, reading(found("一", document_number=number)), reading(found("二", document_number=number))
    )
    first, other, again, numbered, twin = drafts(store)
    assert [draft.duplicate_of for draft in (first, other, again)] == [None, None, first.id]
    assert [draft.duplicate_of for draft in (numbered, twin)] == [None, numbered.id]


def test_a_days_letters_are_counted_within_a_batch_and_before_it(store: Store, settings: Settings) -> None:
    few = settings.letters.model_copy(update={"per_address_a_day": 3})
    settings = replace(settings, letters=few)
    together(store, settings, *mails(0, 2))
    together(store, settings, *mails(2, 5))
    states = [letter.state for letter in every(store, Letter)]
    assert states == ["waiting", "waiting", "waiting", "held", "held"]


def test_a_stranger_is_answered_once_a_day_whatever_comes_together(store: Store, settings: Settings) -> None:
    together(store, settings, *(reading(found(title), **STRANGER) for title in ("一", "二", "三")))
    together(store, settings, reading(found("四"), **STRANGER))
    assert [letter.to for letter in every(store, Letter)] == ["someone@else.example.com"]


def test_an_answer_sees_what_came_before_it_in_the_batch(store: Store, settings: Settings) -> None:
    taken_back = reading(
        kind="reply", subject="回复：报送", note="2026-000001 请撤回。", received_at=NOON + timedelta(minutes=1)
    )
    together(store, settings, reading(found("关于防火的通知")), taken_back, reading(found("关于防汛的通知")))
    assert [draft.state for draft in drafts(store)] == ["withdrawn", "pending"]
    assert [letter.kind for letter in every(store, Letter)] == ["acknowledgement", "answer", "acknowledgement"]


def test_a_batch_is_found_by_its_words(store: Store, settings: Settings) -> None:
    together(store, settings, *mails(0, 2), reading(found("绝密的通知", text="密级标志")))
    with store.read() as session:
        titles = session.scalars(select(Draft.title).where(*search.matching(session, "第1.docx号"))).all()
    assert titles == ["关于第1.docx号工作的通知"]
