"""Every way to write a date is read back; what is no date is not."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.dates import find_dates, number, whole_date

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
WIDE = str.maketrans("0123456789-./", "０１２３４５６７８９－．／")
SIGNS = "〇一二三四五六七八九"


def characters(value: int) -> str:
    if value < 10:
        return SIGNS[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else SIGNS[tens]) + "十" + (SIGNS[ones] if ones else "")


def year_in(zero: str, year: int) -> str:
    return "".join(SIGNS[int(digit)] for digit in str(year)).replace("〇", zero)


def renderings(day: date) -> list[str]:
    y, m, d = day.year, day.month, day.day
    plain = [
        f"{y}年{m}月{d}日",
        f"{y}年{m:02}月{d:02}日",
        f"{y} 年 {m} 月 {d} 日",
        f"{y}-{m}-{d}",
        f"{y}.{m}.{d}",
        f"{y}/{m}/{d}",
    ]
    chinese = [f"{year_in(zero, y)}年{characters(m)}月{characters(d)}日" for zero in "〇○ＯOo0零"]
    first = [f"{y}年元月{d}日", f"{year_in('〇', y)}年元月{characters(d)}日"] if m == 1 else []
    twenty = [f"{year_in('〇', y)}年{characters(m)}月廿{SIGNS[d - 20]}日"] if 20 < d < 30 else []
    return [*plain, *(text.translate(WIDE) for text in plain), *chinese, *first, *twenty, f"{y}年{m}月{d}号"]


@given(DAYS)
def test_every_rendering_of_a_day_is_read_back(day: date) -> None:
    for text in renderings(day):
        found = whole_date(text)
        assert found is not None, text
        assert found.day == day, text


@given(DAYS)
def test_a_day_inside_a_sentence_is_found_but_is_no_line_of_its_own(day: date) -> None:
    for text in renderings(day):
        sentence = f"会议定于{text}在县城召开，请准时参加"
        assert [found.day for found in find_dates(sentence)] == [day], sentence
        assert whole_date(sentence) is None


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    find_dates(text)
    whole_date(text)


@pytest.mark.parametrize(
    "text", ["11月3日", "2026年13月3日", "2026年2月30日", "2026年11月", "12026-11-3", "370321-2026-11", "第2026.3期"]
)
def test_what_names_no_full_day_is_no_date(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026年11月3日9时", time(9)),
        ("2026年11月3日 上午9:30", time(9, 30)),
        ("2026年11月3日下午3时30分", time(15, 30)),
        ("2026-11-03 09:30:15", time(9, 30)),
        ("2026年11月3日9时半", time(9, 30)),
        ("2026年11月3日", None),
        ("2026年11月3日25时", None),
    ],
)
def test_the_hour_beside_a_date_is_read(text: str, hour: time | None) -> None:
    found = find_dates(text)
    assert [(one.day, one.hour) for one in found] == [(date(2026, 11, 3), hour)]


@pytest.mark.parametrize(
    "line", ["成文日期：2026年11月3日", "（2026年11月3日）", "日　期：2026-11-03", "2026年11月3日（星期二）"]
)
def test_labels_brackets_and_weekdays_do_not_hide_a_date(line: str) -> None:
    found = whole_date(line)
    assert found is not None
    assert found.day == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二十一", 21),
        ("廿", 20),
        ("廿一", 21),
        ("卅", 30),
        ("十", 10),
        ("一〇", 10),
        ("元", 1),
        ("2O", 20),
        ("十十", None),
        ("", None),
    ],
)
def test_numbers_in_characters(text: str, value: int | None) -> None:
    assert number(text) == value
