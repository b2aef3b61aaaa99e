"""The ledger, opened by another program: real numbers and dates, and sheets that sum to each other."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from daemon.export.ledger import ledger
from daemon.rules.assessment import Report
from tests.daemon.export.reports import OTHER, report, with_questions
from tests.daemon.rules.samples import DEPARTMENT, DEPARTMENT_NEWS, NOTICES, TOWN, TOWN_NEWS, draft

Row = dict[str, Any]


def book(of: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(ledger(of)))


def rows(of: openpyxl.Workbook, sheet: str) -> list[Row]:
    """The sheet's rows by its headings."""
    headings, *rest = of[sheet].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rest]


@pytest.fixture(scope="module")
def opened() -> openpyxl.Workbook:
    return book(report())


def test_it_has_a_sheet_for_each_kind_of_evidence(opened: openpyxl.Workbook) -> None:
    assert opened.sheetnames == ["单位", "栏目", "稿件", "无信息日期", "每日缺报", "规则"]


def test_every_sheet_has_a_frozen_heading_with_filters(opened: openpyxl.Workbook) -> None:
    for sheet in opened:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions


def test_a_unit_has_its_figures_as_real_numbers(opened: openpyxl.Workbook) -> None:
    town, other, department = rows(opened, "单位")
    assert {name: town[name] for name in ("名次", "单位", "类别", "应报", "已报", "缺报")} == {
        "名次": 1, "单位": TOWN.name, "类别": "镇（街道）", "应报": 31, "已报": 28, "缺报": 3,
    }  # fmt: skip
    assert {name: town[name] for name in ("按时", "逾期", "未认定", "退稿", "应配解读", "已配解读")} == {
        "按时": 2, "逾期": 1, "未认定": 31, "退稿": 1, "应配解读": 2, "已配解读": 1,
    }  # fmt: skip
    assert (town["完成率"], town["逾期率"]) == (pytest.approx(28 / 31), pytest.approx(1 / 3))
    assert (other["单位"], other["得分"], other["逾期率"], other["无信息天数"]) == (OTHER.name, 0, None, 31)
    assert (department["单位"], department["已报"], department["缺报"]) == (DEPARTMENT.name, 1, 14)


def test_questions_of_citizens_are_figures_only_where_there_were_any(opened: openpyxl.Workbook) -> None:
    town, other, _ = rows(book(with_questions()), "单位")
    assert [(unit["咨询答复"], unit["答复逾期"]) for unit in (town, other)] == [(2, 1), (0, 0)]
    assert "咨询答复" not in rows(opened, "单位")[0]


def test_the_figures_of_units_are_the_sums_of_their_drafts_and_days(opened: openpyxl.Workbook) -> None:
    drafts, columns = rows(opened, "稿件"), rows(opened, "栏目")
    for unit in rows(opened, "单位"):
        own = [row for row in drafts if row["单位"] == unit["单位"]]
        for figure in ("按时", "逾期", "未认定", "退稿", "应配解读", "已配解读"):
            assert sum(row[figure] or 0 for row in own) == unit[figure], figure
        silent = [row for row in rows(opened, "无信息日期") if row["单位"] == unit["单位"]]
        assert len(silent) == unit["无信息天数"]
        for column in (row for row in columns if row["单位"] == unit["单位"]):
            counted = [row for row in own if row["栏目"] == column["栏目"] and row["计入已报"]]
            assert len(counted) == column["已报"]


def test_days_that_had_too_few_are_named(opened: openpyxl.Workbook) -> None:
    lacking = [row for row in rows(opened, "每日缺报") if row["单位"] == TOWN.name]
    assert [(row["栏目"], f"{row['日期']:%m-%d}", row["缺报"]) for row in lacking] == [
        (TOWN_NEWS.name, day, 1) for day in ("10-29", "10-30", "10-31")
    ]


def test_times_are_the_offices_and_can_be_sorted(opened: openpyxl.Workbook) -> None:
    (row,) = [row for row in rows(opened, "稿件") if row["标题"] == "停水公告"]
    assert (row["收到日期"], row["此时起为逾期"]) == (datetime(2026, 10, 13), datetime(2026, 10, 12))


@pytest.mark.parametrize(
    ("title", "note"),
    [
        ("防火公告", None),
        ("停水公告", "已退稿，尚未重新报送，只计时效"),
        ("误报公告", "不采用，不计"),
        ("财政动态", "此前收到，本期发布，只计数量"),
        ("预算动态", "只计时效，不计数量"),
    ],
)
def test_a_draft_says_why_it_counts_as_it_does(opened: openpyxl.Workbook, title: str, note: str | None) -> None:
    assert next(row["说明"] for row in rows(opened, "稿件") if row["标题"] == title) == note


def test_a_duplicate_counts_nowhere(opened: openpyxl.Workbook) -> None:
    (row,) = [row for row in rows(opened, "稿件") if row["说明"] == "与另一稿件重复，不计"]
    assert not [row[figure] for figure in ("计入已报", "按时", "逾期", "未认定", "退稿") if row[figure]]


def test_the_interpretation_of_a_document_is_named(opened: openpyxl.Workbook) -> None:
    drafts = rows(opened, "稿件")
    (explaining,) = [row["回执编号"] for row in drafts if row["标题"] == "《青石镇集市管理办法》解读"]
    assert [row["解读稿件"] for row in drafts if row["应配解读"]] == [explaining, None]


def test_a_secret_draft_is_not_named(opened: openpyxl.Workbook) -> None:
    assert [row["单位"] for row in rows(opened, "稿件") if row["标题"] == "（不显示标题）"] == [TOWN.name]


def test_the_rules_are_printed(opened: openpyxl.Workbook) -> None:
    told = rows(opened, "规则")
    assert {row["项目"] for row in told} >= {"考核期间", "计数", "计分", NOTICES.name, DEPARTMENT_NEWS.name}
    assert told[1]["规则"] == "数据截至2026年11月2日9时5分，以编辑部核定公布的为准"


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://evil.example","点")', "+1", "@SUM(A1)", "http://evil.example/", "-"]
)
def test_a_title_is_text_whatever_it_begins_with(title: str) -> None:
    sheet = book(report((draft(NOTICES, "2026-10-23", title=title),)))["稿件"]
    (cell,) = (cell for cell in sheet["D"] if cell.value == title)
    assert (cell.data_type, cell.hyperlink) == ("s", None)


def test_a_title_longer_than_a_cell_is_cut() -> None:
    drafts = rows(book(report((draft(NOTICES, "2026-10-23", title="长" * 40_000),))), "稿件")
    assert max(len(row["标题"]) for row in drafts) == 32_767


def test_a_report_without_units_is_a_ledger_too() -> None:
    assert rows(book(replace(report(), units=())), "单位") == []
