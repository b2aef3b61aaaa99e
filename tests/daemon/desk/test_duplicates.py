"""What has come before is told; what only looks alike is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daemon.settings import Settings
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from parsers.submission import Draft as Found
from parsers.submission import Finding, Submission
from tests.daemon.desk.readings import TEXT, drafts, file, found, reading, taken


def duplicates(store: Store) -> list[int | None]:
    return [draft.duplicate_of for draft in drafts(store)]


def take(store: Store, settings: Settings, *messages: Submission | Found) -> None:
    for number, one in enumerate(messages):
        submission = one if isinstance(one, Submission) else reading(one)
        taken(store, settings, submission, raw=b"message %d" % number)


def move(store: Store, number: int, **values: Any) -> None:
    with store.write() as session:
        draft = session.get_one(Draft, number)
        for name, value in values.items():
            setattr(draft, name, value)


def test_the_same_number_is_a_duplicate_whatever_the_title(store: Store, settings: Settings) -> None:
    number = "甲政发〔2026〕8号"
    take(store, settings, found(document_number=number), found("关于防火的通知", document_number=number, text="重排"))
    assert duplicates(store) == [None, 1]
    [finding] = drafts(store)[1].findings
    assert (finding["code"], finding["severity"]) == ("duplicate.of", "warn")
    assert "2026-000001" in finding["message"]
    assert "文号相同" in finding["message"]


def test_the_same_title_and_text_is_a_duplicate_over_spaces_and_punctuation(store: Store, settings: Settings) -> None:
    take(store, settings, found(), found("关于做好 森林防火工作的通知。", text=TEXT.replace("，", " ,\n")))
    assert duplicates(store) == [None, 1]
    assert "标题、内容相同" in drafts(store)[1].findings[0]["message"]


def test_the_same_scan_is_a_duplicate_though_it_has_no_text(store: Store, settings: Settings) -> None:
    scan, blob = file("扫描件.pdf", b"pixels", role="main")
    once = reading(found(text="", attachments=(scan,)), blobs=(blob,))
    take(store, settings, once, once)
    assert duplicates(store) == [None, 1]


def test_the_third_of_a_kind_names_the_first(store: Store, settings: Settings) -> None:
    take(store, settings, found(), found(), found())
    assert duplicates(store) == [None, 1, 1]


@pytest.mark.parametrize(
    "later",
    [
        found("蔬菜价格", text="11月18日：白菜每斤九角，萝卜每斤七角，土豆每斤一元二角。"),
        found("蔬菜价格", issued_on=date(2026, 11, 19), text="白菜每斤八角，萝卜每斤七角，土豆每斤一元二角。"),
        found("价格公示", text="白菜每斤八角，萝卜每斤七角，土豆每斤一元二角。"),
    ],
    ids=["other text", "other date", "other title"],
)
def test_serial_posts_are_no_duplicates(store: Store, settings: Settings, later: Found) -> None:
    take(store, settings, found("蔬菜价格", text="白菜每斤八角，萝卜每斤七角，土豆每斤一元二角。"), later)
    assert duplicates(store) == [None, None]


def test_a_number_that_comes_every_year_proves_nothing(store: Store, settings: Settings) -> None:
    number = "第9号"
    take(store, settings, found("公告", document_number=number, text="甲"), found("命令", document_number=number))
    assert duplicates(store) == [None, None]


def test_posts_without_number_title_or_text_are_not_all_the_same(store: Store, settings: Settings) -> None:
    nameless, short = found("", text=""), found("图片新闻", text="图")
    take(store, settings, nameless, nameless, short, short)
    assert duplicates(store) == [None] * 4


def test_what_another_unit_sends_is_its_own(store: Store, settings: Settings) -> None:
    number = "甲政发〔2026〕8号"
    one = found(document_number=number)
    take(store, settings, one, reading(one, unit="乙镇人民政府"), reading(one, unit=None), reading(one, unit=None))
    assert duplicates(store) == [None] * 4


@pytest.mark.parametrize("state", ["quarantined", "returned", "rejected", "withdrawn"])
def test_what_comes_after_one_that_never_made_it_is_the_first(store: Store, settings: Settings, state: str) -> None:
    taken(store, settings, reading(found()), raw=b"one")
    move(store, 1, state=state)
    taken(store, settings, reading(found()), raw=b"two")
    assert duplicates(store) == [None, None]


def test_one_message_can_hold_the_same_document_twice(store: Store, settings: Settings) -> None:
    taken(store, settings, reading(found(), found()))
    assert duplicates(store) == [None, 1]


def test_a_secrets_title_is_not_told(store: Store, settings: Settings) -> None:
    number, mark = "甲政发〔2026〕8号", Finding("secret.marking", "block", "密级")
    taken(store, settings, reading(found("不可说", document_number=number, findings=(mark,))), raw=b"one")
    move(store, 1, state="pending")
    taken(store, settings, reading(found(document_number=number)), raw=b"two")
    assert "不可说" not in str(drafts(store)[1].findings)
    assert duplicates(store) == [None, 1]
