"""The ledger (.xlsx): a report for the office to work on, every figure with the drafts and days that sum to it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import xlsxwriter

from daemon.export.figures import DETAILS, Figure, Heading, caveat, headings_of, note_of, title_of
from daemon.rules.assessment import Evidence, Report, UnitAssessment
from daemon.rules.states import STATE_NAMES

Row = Sequence[Figure]

_KIND = "类别"
_LONGEST = 32_767
"""Characters that a cell can hold."""
_DRAFT_HEADINGS = (
    "回执编号", "单位", "栏目", "标题", "收到日期", "此时起为逾期", "发布日期", "状态",
    "计入已报", "按时", "逾期", "未认定", "退稿", "应配解读", "已配解读", "解读稿件", "说明",
)  # fmt: skip
_WIDTHS = {
    "单位": 30, "栏目": 18, "标题": 60, "此时起为逾期": 17, "回执编号": 14, "解读稿件": 14, "说明": 30, "规则": 90,
    "项目": 18, _KIND: 18, "收到日期": 12, "发布日期": 12, "日期": 12, "无信息天数": 12,
}  # fmt: skip


def ledger(report: Report) -> bytes:
    """The workbook: units, columns, drafts, days without news, days with too few items, and the rules."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        title = f"{report.period.said}内容保障考核台账"
        book.set_properties({"title": title, "created": report.as_of.replace(tzinfo=None)})
        sheets = _Sheets(book)
        sheets.add("单位", *_unit_table(report))
        sheets.add("栏目", ("单位", "栏目", "应报", "已报", "缺报"), _column_rows(report))
        sheets.add("稿件", _DRAFT_HEADINGS, _draft_rows(report))
        sheets.add("无信息日期", ("单位", "日期"), _silent_rows(report))
        sheets.add("每日缺报", ("单位", "栏目", "日期", "缺报"), _lacking_rows(report))
        sheets.add("规则", ("项目", "规则"), _rule_rows(report))
    return data.getvalue()


class _Sheets:
    """A workbook's sheets, all of one form: a frozen heading with filters, real numbers and dates."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._head = book.add_format({"bold": True, "bg_color": "#EEF1F4", "border": 1, "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats = {
            Decimal: book.add_format({"num_format": "0.00", "valign": "top"}),
            Fraction: book.add_format({"num_format": "0.0%", "valign": "top"}),
            date: book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
        }

    def add(self, name: str, headings: Sequence[str], rows: Iterable[Row]) -> None:
        """A sheet of this name; its rows may be many."""
        sheet = self._book.add_worksheet(name)
        for place, heading in enumerate(headings):
            sheet.set_column(place, place, _WIDTHS.get(heading, 9))
            sheet.write_string(0, place, heading, self._head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for place, figure in enumerate(row):
                self._write(sheet, last, place, figure)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(headings) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _write(self, sheet: xlsxwriter.worksheet.Worksheet, row: int, place: int, figure: Figure) -> None:
        """Texts as texts whatever they begin with: a title may be `=…`."""
        if isinstance(figure, str):
            sheet.write_string(row, place, figure[:_LONGEST], self._text)
        elif isinstance(figure, date):
            sheet.write_datetime(row, place, figure, self._formats[type(figure)])
        elif figure is not None:
            sheet.write_number(row, place, float(figure), self._formats.get(type(figure)))


def _unit_table(report: Report) -> tuple[tuple[str, ...], list[Row]]:
    kind = Heading(_KIND, report.kind_name)
    ranking = headings_of(report.units)
    headings = (*ranking[:2], kind, *ranking[2:], *DETAILS)
    return tuple(heading.name for heading in headings), [[one.of(unit) for one in headings] for unit in report.units]


def _column_rows(report: Report) -> Iterator[Row]:
    """Columns in which something was owed or came."""
    for unit in report.units:
        for column in unit.duties.columns:
            if column.owed or column.delivered:
                yield unit.unit.name, column.column, column.owed, column.delivered, column.missing


def _draft_rows(report: Report) -> Iterator[Row]:
    for unit in report.units:
        for one in unit.evidence:
            yield _draft_row(unit, one, report)


def _draft_row(unit: UnitAssessment, one: Evidence, report: Report) -> Row:
    draft = one.draft
    due = draft.submit_due_at.astimezone(report.as_of.tzinfo).replace(tzinfo=None) if draft.submit_due_at else None
    return (
        draft.receipt, unit.unit.name, draft.column, title_of(one), draft.received_on, due, draft.published_on,
        STATE_NAMES[draft.state],
        _mark(one.delivered), _mark(one.verdict == "on_time"), _mark(one.verdict == "late"),
        _mark(one.verdict == "unknown"), _mark(one.returned), _mark(one.owes_interpretation),
        _mark(one.interpreted_by is not None), one.interpreted_by, note_of(one) or None,
    )  # fmt: skip


def _mark(counts: bool) -> int | None:
    """One that can be added up; nothing where it doesn't count."""
    return 1 if counts else None


def _silent_rows(report: Report) -> Iterator[Row]:
    for unit in report.units:
        for day in unit.silent_days:
            yield unit.unit.name, day


def _lacking_rows(report: Report) -> Iterator[Row]:
    """Of columns that owe so much each day."""
    for unit in report.units:
        for column in unit.duties.columns:
            for state in column.quotas:
                for day, number in state.lacking:
                    yield unit.unit.name, column.column, day, number


def _rule_rows(report: Report) -> Iterator[Row]:
    yield "考核期间", f"{report.period.said}（{report.period.first}至{report.period.last}）"
    yield "说明", caveat(report)
    for text in report.counting_rules:
        yield "计数", text
    for text in report.points_rules:
        yield "计分", text
    yield from report.rules.items()
