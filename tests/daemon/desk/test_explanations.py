"""A document and what explains it find each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.desk import review
from daemon.desk.explanations import explained
from daemon.settings import Settings
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from parsers.office import Column
from parsers.submission import Finding
from tests.daemon.desk.desks import received, staffed
from tests.samples import Desk

RULE = "甲镇人民政府关于印发《甲镇供水设施管理办法》的通知"
OTHERS = {"unit": "乙镇人民政府", "address": "yi@town.example.cn"}


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def beside(desk: Desk, draft_id: int) -> list[int]:
    office = desk.settings.office_value
    columns = (*office.columns, Column(name="政策解读", role="interpretation"))
    with desk.store.read() as session:
        draft = session.get_one(Draft, draft_id)
        return [one.id for one in explained(session, draft, replace(office, columns=columns))]


def test_each_is_told_beside_the_other(desk: Desk) -> None:
    rule = received(desk, RULE, document_number="甲政发〔2026〕8号")
    text = received(desk, "《甲镇供水设施管理办法》解读", "政策解读")
    assert (beside(desk, rule), beside(desk, text)) == ([text], [rule])


def test_another_units_is_known_by_name_or_number_but_not_by_subject(desk: Desk) -> None:
    rule = received(desk, RULE, document_number="甲政发〔2026〕8号")
    named = received(desk, "一图读懂《甲镇供水设施管理办法》", "政策解读", **OTHERS)
    numbered = received(desk, "甲政发〔2026〕8号文件问答", "政策解读", **OTHERS)
    received(desk, "甲镇供水设施管理问答", "政策解读", **OTHERS)
    assert beside(desk, rule) == [numbered, named]
    assert beside(desk, named) == beside(desk, numbered) == [rule]


def test_what_was_rejected_or_is_secret_is_not_named(desk: Desk) -> None:
    rule = received(desk, RULE)
    gone = received(desk, "《甲镇供水设施管理办法》解读", "政策解读")
    secret = Finding("secret.marking", "block", "密级。")
    received(desk, "再读《甲镇供水设施管理办法》", "政策解读", findings=(secret,))
    desk.do(gone, review.reject, "重复")
    assert beside(desk, rule) == []
