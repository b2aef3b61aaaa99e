"""A number that was passed over is told in the month in which that showed, and only there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.numbers import gaps_line, number_gaps
from daemon.rules.quotas import DeliveredDraft
from tests.daemon.rules.samples import NOTICES, TOWN, draft

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def document(serial: int, received: str, prefix: str = "青政发", year: int = 2026, **values: Any) -> DeliveredDraft:
    return draft(NOTICES, received, document_number=f"{prefix}〔{year}〕{serial}号", **values)


def line(drafts: list[DeliveredDraft], since: date = date(2025, 1, 1), unit: Any = TOWN) -> str | None:
    return gaps_line(number_gaps(unit, drafts, FIRST, LAST, since))


def test_the_numbers_below_the_month_s_highest_are_told_in_runs() -> None:
    drafts = [document(2, "2026-09-10"), document(4, "2026-10-08"), document(8, "2026-10-20")]
    assert line(drafts) == "发文字号不连续，未见青政发〔2026〕第3号、第5至7号（不予公开的文件不必报送，仅供核对）。"


def test_what_an_earlier_month_showed_or_a_later_one_will_show_is_not_told() -> None:
    drafts = [
        document(1, "2026-08-10"),
        document(5, "2026-09-10"),
        document(6, "2026-10-08"),
        document(9, "2026-11-02"),
    ]
    assert line(drafts) is None


def test_what_came_later_fills_its_gap() -> None:
    assert line([document(1, "2026-09-10"), document(3, "2026-10-08"), document(2, "2026-11-08")]) is None


def test_each_series_counts_for_itself_from_one() -> None:
    drafts = [
        document(2, "2026-10-08"),
        document(2, "2026-10-09", prefix="青政办发"),
        document(1, "2026-10-09", year=2025),
    ]
    told = line(drafts)
    assert told is not None
    assert "青政办发〔2026〕第1号；青政发〔2026〕第1号（" in told


def test_in_the_year_in_which_duties_began_a_series_begins_with_its_first() -> None:
    drafts = [document(40, "2026-10-08"), document(42, "2026-10-20")]
    assert line(drafts, since=date(2026, 9, 1)) == line([*drafts, document(39, "2026-09-30")], since=date(2026, 9, 1))
    assert "第41号（" in (line(drafts, since=date(2026, 9, 1)) or "")


def test_other_series_than_the_registered_ones_are_none_of_the_unit_s() -> None:
    drafts = [document(1, "2026-10-08", prefix="县政发"), document(3, "2026-10-08", prefix="县政发")]
    assert line(drafts) is not None
    assert line(drafts, unit=replace(TOWN, document_prefixes=("青政发",))) is None


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "quarantined", "archived"])
def test_what_does_not_count_shows_no_gap(state: str) -> None:
    assert line([document(1, "2026-10-08"), document(3, "2026-10-08", state=state)]) is None


def test_a_number_far_off_is_taken_for_misread() -> None:
    assert line([document(1, "2026-10-08"), document(2019, "2026-10-08")]) is None


def test_orders_and_documents_without_a_number_are_passed_over() -> None:
    assert line([draft(NOTICES, "2026-10-08", document_number="第9号"), draft(NOTICES, "2026-10-08")]) is None


@given(st.sets(st.integers(1, 60), min_size=1), st.integers(0, 60))
def test_what_came_and_what_is_missing_make_the_whole_series(serials: set[int], late: int) -> None:
    drafts = [document(serial, "2026-09-10" if serial <= late else "2026-10-10") for serial in serials]
    gaps = number_gaps(TOWN, drafts, FIRST, LAST, date(2025, 1, 1))
    told = {number for gap in gaps for number in gap.missing}
    known = max((serial for serial in serials if serial <= late), default=0)
    highest = max((serial for serial in serials if serial > late), default=0)
    assert told == set(range(known + 1, highest)) - serials
