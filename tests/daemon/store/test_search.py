"""Drafts are found by the words in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

from daemon.store import search
from daemon.store.schema import Draft
from daemon.store.search import Term, bigrams, terms
from daemon.store.unit_of_work import Store
from parsers.budgets import BUDGET

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
NOTICE = "唐山镇关于做好秋冬季森林防火工作的通知，唐政发〔2026〕31号，联系电话0533-9001051，QQ群Fanghuo。"


def put(store: Store, written: str, *, secret: bool = False) -> int:
    with store.write() as session:
        number = session.query(Draft).count() + 1
        draft = Draft(
            id=number, ordinal=1, receipt=f"2026-{number:06d}", state="pending", title="题", body_html="",
            body_text=written, secret=secret, created_at=NOON, updated_at=NOON, attachments=[],
        )  # fmt: skip
        session.add(draft)
        session.flush()
        search.put(session, draft)
    return number


def found(store: Store, asked: str) -> list[int]:
    with store.read() as session:
        return list(session.scalars(select(Draft.id).where(*search.matching(session, asked)).order_by(Draft.id)))


def test_chinese_is_kept_as_pairs_and_the_last_character() -> None:
    assert list(bigrams("森林防火，2026年Ａbc")) == ["森林", "林防", "防火", "火", "2026", "年", "abc"]


def test_a_word_that_is_looked_for_is_the_phrase_of_its_pairs() -> None:
    assert terms("森林防火 31") == (Term(("森林", "林防", "防火"), open_end=False), Term(("31",), open_end=True))


@pytest.mark.parametrize(
    "asked",
    ["防火", "森林防火", "火", "知", "唐政发〔2026〕31号", "31", "0533-9001051", "9001", "fanghuo", "ＱＱ群",
     "防火 通知", "2026-000002"],
)  # fmt: skip
def test_a_draft_is_found_by(store: Store, asked: str) -> None:
    put(store, "另一篇稿件")
    number = put(store, NOTICE)
    assert number in found(store, asked)


@pytest.mark.parametrize("asked", ["火防", "森防", "林火", "防火 招聘", "秸秆", "anghuo"])
def test_a_draft_is_not_found_by(store: Store, asked: str) -> None:
    put(store, NOTICE)
    assert found(store, asked) == []


@pytest.mark.parametrize(
    "asked", ['"', '防火"', "'; DROP TABLE drafts", "NEAR(", "*", "防*", "a:b", "-防火", "\\", "\x00"]
)
def test_signs_in_what_is_asked_mean_nothing(store: Store, asked: str) -> None:
    put(store, NOTICE)
    assert isinstance(found(store, asked), list)


def test_a_changed_text_is_found_by_its_new_words_only(store: Store) -> None:
    number = put(store, "森林防火")
    with store.write() as session:
        draft = session.get_one(Draft, number)
        draft.body_text = "招聘公告"
        search.put(session, draft)
    assert (found(store, "防火"), found(store, "招聘")) == ([], [number])


def test_a_secret_is_not_indexed_nor_what_becomes_one(store: Store) -> None:
    number = put(store, "森林防火")
    put(store, "森林防火", secret=True)
    with store.write() as session:
        draft = session.get_one(Draft, number)
        draft.secret = True
        search.put(session, draft)
    with store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM draft_search")) == 0


def test_a_phrase_is_found_wherever_it_stands_in_a_long_text(store: Store) -> None:
    filling = "".join(chr(0x4E00 + at % 5000) for at in range(7_996))
    number = put(store, f"{filling}森林防火工作{filling}{filling}秸秆禁烧")
    assert found(store, "森林防火工作") == found(store, "秸秆禁烧") == [number]


def test_words_are_found_wherever_each_stands_in_a_long_text(store: Store) -> None:
    filling = "".join(chr(0x4E00 + at % 5000) for at in range(9_000))
    number = put(store, f"森林防火{filling}招聘公告{filling}秸秆禁烧")
    put(store, f"森林防火{filling}")
    put(store, "招聘公告，秸秆禁烧")
    assert found(store, "防火 秸秆") == found(store, "森林防火 招聘 禁烧") == [number]


def test_no_more_than_the_budget_is_indexed(store: Store) -> None:
    put(store, "〇" * (BUDGET.search_text // 3) + "森林防火")
    assert found(store, "防火") == []


def test_what_an_undone_transaction_wrote_is_not_found(store: Store) -> None:
    number = put(store, "森林防火")
    with pytest.raises(RuntimeError), store.write() as session:
        search.put_texts(session, {number: "招聘公告"})
        raise RuntimeError
    assert (found(store, "防火"), found(store, "招聘")) == ([number], [])
