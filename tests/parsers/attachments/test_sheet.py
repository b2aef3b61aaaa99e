"""Sheets: what is shown is the text; what is hidden is told and screened."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis.strategies import binary
from openpyxl.worksheet.worksheet import Worksheet

from parsers import attachments
from parsers.attachments import biff
from parsers.attachments.number_format import BUILT_IN, as_shown
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import NoReaders
from tests.parsers.attachments.test_families import EXPECTED, FILES


def read(data: bytes, name: str = "名单.xlsx", budget: Budget | None = None) -> Content:
    return attachments.read(name, data, NoReaders(), budget or Budget())


def book(*rows: list[object]) -> tuple[openpyxl.Workbook, Worksheet]:
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    return made, sheet


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_title_over_all_columns_stands_above_the_table() -> None:
    made, sheet = book(["2026年补贴名单"], ["单位：元"], ["姓名", "金额"], ["李某", 120])
    sheet.merge_cells("A1:B1")
    content = read(saved(made))
    assert [(block.kind, block.text, block.centered) for block in content.blocks] == [
        ("paragraph", "2026年补贴名单", True),
        ("paragraph", "单位：元", False),
        ("table", "姓名\t金额\n李某\t120", False),
    ]


def test_dates_and_numbers_read_as_they_are_shown() -> None:
    made, sheet = book(["日期", "比例", "金额"], [dt.date(2026, 11, 20), 0.256, 1234567.891])
    sheet["B2"].number_format, sheet["C2"].number_format = "0.0%", "#,##0.00"
    assert read(saved(made)).text.endswith("2026-11-20\t25.6%\t1,234,567.89")


def test_hidden_sheets_are_told_and_screened_but_not_shown() -> None:
    made, _ = book(["甲", "乙"], ["丙", "丁"])
    hidden = made.create_sheet("底稿")
    hidden["A1"], hidden.sheet_state = "内部情况", "hidden"
    content = read(saved(made))
    assert content.text == "甲\t乙\n丙\t丁"
    assert "内部情况" in content.hidden_text
    assert [found.code for found in content.findings] == ["attachment.hidden_sheet"]
    assert "“底稿”" in content.findings[0].message


def test_several_sheets_carry_their_names() -> None:
    made, sheet = book(["甲", "乙"], ["丙", "丁"])
    sheet.title = "一季度"
    made.create_sheet("二季度").append(["戊", "己"])
    assert [block.text for block in read(saved(made)).blocks if block.kind == "heading"] == ["一季度", "二季度"]


def test_a_cell_at_the_far_corner_costs_nothing() -> None:
    made, sheet = book(["甲"])
    sheet["XFD1048576"] = "乙"
    content = read(saved(made))
    assert content.status == "read"
    assert "乙" in content.text


def test_a_merge_over_the_whole_sheet_costs_nothing() -> None:
    made, sheet = book(["甲"], ["乙"])
    sheet.merge_cells("A1:B2")
    assert "甲" in read(changed(saved(made), b"A1:B2", b"A1:XFD1048576")).text


def test_more_cells_than_the_budget_are_screened_not_shown() -> None:
    made, _ = book(*[["甲", number] for number in range(60)])
    content = read(saved(made), budget=Budget(sheet_cells=100))
    assert content.blocks == ()
    assert "甲\t59" in content.hidden_text
    assert [found.code for found in content.findings] == ["attachment.partly_read"]


def test_what_unpacks_to_more_than_the_budget_is_refused() -> None:
    made, _ = book(["甲" * 30_000])
    assert read(saved(made), budget=Budget(xml=20_000)).status == "refused"


def test_csv_in_the_code_of_chinese_windows() -> None:
    content = read('姓名,金额\n李某,"1,200"'.encode("gb18030"), "名单.csv")
    assert content.kind == "csv"
    assert content.text == "姓名\t金额\n李某\t1,200"


def test_a_csv_whose_quotation_never_ends_is_still_read() -> None:
    assert "甲" in read(('"' + "甲" * 200_000).encode(), "名单.csv").text


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return out.getvalue()


class TestWhatACellShows:
    """A day under the formats that units choose; `tests/files/*-formats.*` has them as LibreOffice shows them."""

    @pytest.mark.parametrize(
        ("code", "shown"),
        [
            ('yyyy"年"m"月"d"日"', "2026年3月5日"),
            ('m"月"d"日"', "3月5日"),
            ('[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二六年三月五日"),
            ('[DBNum1][$-804]m"月"d"日";@', "三月五日"),
            ("[$-F800]dddd, mmmm dd, yyyy", "2026年3月5日"),
            ("yyyy/m/d;@", "2026/3/5"),
            ("yyyy\\-mm\\-dd\\ aaaa", "2026-03-05 星期四"),
            ("mmmm d, yyyy", "March 5, 2026"),
            ('上午/下午h"时"mm"分"', "下午2时30分"),
            ("mm:ss", "30:00"),
            ("h:mm:ss.00", "14:30:00"),
            ('"截至"m.d_)', "截至3.5"),
        ],
    )
    def test_a_day(self, code: str, shown: str) -> None:
        made, sheet = book(["时间"], [dt.datetime(2026, 3, 5, 14, 30)])
        sheet["A2"].number_format = code
        assert read(saved(made)).text.split("\n")[1] == shown

    @pytest.mark.parametrize(("day", "shown"), [(25, "二十五"), (10, "十"), (20, "二十"), (11, "十一")])
    def test_days_in_characters(self, day: int, shown: str) -> None:
        assert as_shown(f"2026-11-{day}", "[DBNum1]d") == shown

    @pytest.mark.parametrize(
        ("text", "code", "shown"),
        [
            ("12", "00000", "00012"),
            ("0.3333333333333333", "General", "0.333333333"),
            ("12.5", "", "12.5"),
            ("1.5", "[m]", "2160"),
        ],
    )
    def test_a_number(self, text: str, code: str, shown: str) -> None:
        assert as_shown(text, code) == shown

    @pytest.mark.parametrize("number", [14, 22, 31, 57, 58])
    def test_what_a_chinese_excel_means_by_a_number_of_its_own(self, number: int) -> None:
        wanted = {14: "2026/3/5", 22: "2026/3/5 0:00", 31: "2026年3月5日", 57: "2026年3月", 58: "3月5日"}
        assert as_shown("2026-03-05", BUILT_IN[number]) == wanted[number]

    @pytest.mark.parametrize("code", ["[", '"', "\\", "y" * 300, "[h", ";;;", "[DBNum1]", "aaaa[m]" * 50])
    @pytest.mark.parametrize("text", ["2026-03-05", "9999-99-99", "1e308", "-1", "nan", "甲"])
    def test_no_code_breaks_the_reading(self, code: str, text: str) -> None:
        assert isinstance(as_shown(text, code), str)

    @given(binary(max_size=400))
    def test_no_records_break_the_reading(self, stream: bytes) -> None:
        assert isinstance(biff.dates(stream), dict)

    @pytest.mark.parametrize("name", ["openpyxl-formats.xlsx", "office-formats.xls", "office-formats.et"])
    def test_every_format_is_read_as_another_program_shows_it(self, name: str) -> None:
        wanted = EXPECTED[name]["tables"][0]
        assert len(wanted) == 25
        rows = [line.split("\t")[1] for line in read((FILES / name).read_bytes(), name).text.split("\n")]
        assert ["".join(row.split()) for row in rows] == [row[1] for row in wanted]
