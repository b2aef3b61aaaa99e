"""Titles are held together by number and by name, never by a few common words."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from daemon.rules.duties import has_interpretation, open_documents, with_others_interpretations
from daemon.rules.naming import name, spoken_of
from daemon.rules.quotas import DeliveredDraft
from tests.daemon.rules.samples import DEPARTMENT, INTERPRETATIONS, NOTICES, OFFICE, RULES, TOWN, draft

ROADS = "云溪县人民政府关于印发《云溪县农村公路管理办法（试行）》的通知"
NUMBER = "云政发〔2026〕3号"


@pytest.mark.parametrize(
    ("title", "known_as"),
    [
        (ROADS, "云溪县农村公路管理办法"),
        ("关于公布《云溪县供水细则》的公告", "云溪县供水细则"),
        ("青石镇人民政府关于加强秋季森林防火工作的通知", "青石镇人民政府关于加强秋季森林防火工作的通知"),
        ("云溪县农村公路管理办法", "云溪县农村公路管理办法"),
    ],
)
def test_a_document_is_known_by_what_it_issues_else_by_its_whole_title(title: str, known_as: str) -> None:
    assert name(title) == known_as


@pytest.mark.parametrize(
    "title",
    [
        "关于《云溪县农村公路管理办法》的解读",
        "《关于印发〈云溪县农村公路管理办法（试行）〉的通知》政策解读",
        f"关于{NUMBER}文件的解读",
        "一图读懂农村公路新规（云政发[2026]03号）",
    ],
)
def test_another_unit_s_interpretation_is_known_by_name_or_number(title: str) -> None:
    rule = draft(RULES, "2026-10-10", title=ROADS, document_number=NUMBER)
    reading = draft(INTERPRETATIONS, "2026-10-12", title=title)
    (marked,) = linked([rule], [reading])
    assert marked.explained_by == reading.receipt
    assert open_documents(OFFICE, [marked]) == ()


@pytest.mark.parametrize("title", ["农村公路管理解读", "关于云政发〔2025〕3号文件的解读", "《农村公路管理办法》解读"])
def test_another_unit_s_like_words_explain_nothing(title: str) -> None:
    rule = draft(RULES, "2026-10-10", title=ROADS, document_number=NUMBER)
    assert linked([rule], [draft(INTERPRETATIONS, "2026-10-12", title=title)]) == [rule]


def test_a_short_name_is_shared_by_many_and_explains_nothing() -> None:
    rule = draft(RULES, "2026-10-10", title="供水办法")
    assert linked([rule], [draft(INTERPRETATIONS, "2026-10-12", title="《供水办法》解读")]) == [rule]


def test_only_interpretations_explain_and_the_first_is_named() -> None:
    rule = draft(RULES, "2026-10-10", title=ROADS)
    says = "关于《云溪县农村公路管理办法》的解读"
    other = [
        draft(NOTICES, "2026-10-11", title=says),
        draft(INTERPRETATIONS, "2026-10-11", title=says, state="withdrawn"),
        first := draft(INTERPRETATIONS, "2026-10-12", title=says),
        draft(INTERPRETATIONS, "2026-10-13", title=says),
    ]
    assert [one.explained_by for one in linked([rule], reversed(other))] == [first.receipt]


def test_a_unit_s_own_interpretation_is_known_by_number_too() -> None:
    rule = draft(RULES, "2026-10-10", title=ROADS, document_number=NUMBER)
    assert has_interpretation(rule, OFFICE, [draft(INTERPRETATIONS, "2026-10-12", title=f"{NUMBER}解读")])


def test_a_rule_without_a_date_still_waits_for_its_interpretation_after_those_with_a_limit() -> None:
    (open_one,) = open_documents(OFFICE, [draft(RULES, "2026-10-10", title=ROADS)])
    assert (open_one.needs, open_one.due_at) == ("interpretation", None)


def test_a_title_names_documents_and_numbers() -> None:
    assert spoken_of(f"《云溪县供水细则（试行）》（{NUMBER}）解读") == {"云溪县供水细则", NUMBER}


def linked(own: list[DeliveredDraft], others: Iterable[DeliveredDraft]) -> list[DeliveredDraft]:
    return with_others_interpretations({TOWN.name: own, DEPARTMENT.name: list(others)}, OFFICE)[TOWN.name]
