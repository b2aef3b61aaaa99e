"""Until when a text holds is read where it says so, and not where it speaks of something else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.office import Period
from parsers.validity import ends, repeals

ISSUED = date(2026, 11, 20)


def days(text: str) -> list[tuple[str, str]]:
    """Kind and day of the ends that are stated as days."""
    return [(end.kind, end.on.isoformat()) for end in ends(text, ISSUED) if end.on]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("公示期：2026年11月20日至11月26日。", "2026-11-26"),
        ("公示时间为2026年11月20日—2026年11月26日（5个工作日）", "2026-11-26"),
        ("公示期5个工作日，自2026年11月20日起至2026年11月26日止", "2026-11-26"),
        ("公示期为７天（11月20日-26日）", "2026-11-26"),
        ("公示日期：2026.12.28-2027.1.4", "2027-01-04"),
        ("公示时间：12月28日至1月4日", "2027-01-04"),
    ],
)
def test_a_public_notice_s_last_day(text: str, last: str) -> None:
    assert days(text) == [("public_notice", last)]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("本办法自2026年4月1日起施行，有效期至2031年3月31日。", "2031-03-31"),
        ("有效期限：2027年3月31日", "2027-03-31"),
        ("有效期截至2027-03-31", "2027-03-31"),
        ("本规定自2026年1月1日起试行，至2027年12月31日止。", "2027-12-31"),
        ("本方案自2026年1月1日起执行至2026年12月31日止", "2026-12-31"),
    ],
)
def test_a_validity_s_last_day(text: str, last: str) -> None:
    assert days(text) == [("validity", last)]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("报名截止时间：2026年12月5日17:00", "2026-12-05"),
        ("报名时间：2026年12月1日9:00至12月5日17:00，逾期不候", "2026-12-05"),
        ("报名时间：即日起至2026年12月5日", "2026-12-05"),
        ("请于2026年12月10日前将意见反馈至邮箱", "2026-12-10"),
        ("请于12月10日前反馈意见", "2026-12-10"),
        ("征求意见时间：2026年11月20日至12月20日", "2026-12-20"),
        ("四、提交投标文件截止时间、开标时间和地点\n2026年12月15日09时00分", "2026-12-15"),
    ],
)
def test_a_closing_day(text: str, last: str) -> None:
    assert days(text) == [("deadline", last)]


@pytest.mark.parametrize(
    ("text", "span", "since"),
    [
        ("公示期限为五个工作日", Period(5, "wd"), None),
        ("公示期：自发布之日起7日", Period(7, "d"), None),
        ("公示期自2026年11月23日起7天", Period(7, "d"), date(2026, 11, 23)),
        ("本办法自2026年4月1日起施行，有效期5年。", Period(60, "mo"), date(2026, 4, 1)),
        ("本通知自印发之日起施行，有效期为两年。", Period(24, "mo"), None),
        ("试行期一年", Period(12, "mo"), None),
    ],
)
def test_a_span_is_left_to_a_calendar(text: str, span: Period, since: date | None) -> None:
    assert [(end.span, end.since, end.on) for end in ends(text, ISSUED)] == [(span, since, None)]


@pytest.mark.parametrize(
    "text",
    [
        "食品经营许可证有效期5年。",
        "投标有效期90天",
        "公示期满后2026年办理",
        "本办法自发布之日起30日后施行，有效期3年。",
        "公示期间如有异议，请来电反映",
        "公示时间：2026年11月26日至11月20日",
        "公示时间：2026年11月20日至11月31日",
        "2026年11月20日召开会议，有效推进工作",
    ],
)
def test_what_is_not_its_own_or_not_said_is_not_guessed(text: str) -> None:
    assert ends(text, ISSUED) == ()


def test_several_ends_are_told_once_each_in_order() -> None:
    text = "公示期：2026年11月20日至11月26日。公示期为2026年11月20日至11月26日。报名截止时间：2026年12月5日"
    assert days(text) == [("public_notice", "2026-11-26"), ("deadline", "2026-12-05")]


def test_a_day_without_a_year_is_none_where_no_year_is_known() -> None:
    assert ends("公示时间：11月20日至11月26日") == ()


def test_what_a_text_repeals_is_named_by_number_and_name() -> None:
    found = repeals(
        "本办法自2026年4月1日起施行。《关于印发〈云溪县供水办法〉的通知》（云政发〔2020〕3号）和云政办发〔2019〕12号同时废止。"
    )
    assert found is not None
    assert found.numbers == ("云政发〔2020〕3号", "云政办发〔2019〕12号")
    assert found.names == ("关于印发〈云溪县供水办法〉的通知",)
    assert found.on == date(2026, 4, 1)


@pytest.mark.parametrize(
    "text",
    ["原《云溪县供水办法》第三条同时废止", "本通知自2026年1月1日起执行，原有规定停止执行", "根据《供水条例》执行"],
)
def test_an_article_alone_or_nothing_named_repeals_no_document(text: str) -> None:
    assert repeals(text) is None


@given(st.text("公示期有效至自起2026年1月31日《》〈〉废止前、。\n试行 ", max_size=400))
def test_any_text_is_survived(text: str) -> None:
    assert all(end.on or end.span for end in ends(text, ISSUED))
    repeals(text)


@pytest.mark.parametrize(
    "piece", ["公示期", "有效期2026年", "《", "自2026年1月1日起", "报名截止时间前", "（2026）1号废止"]
)
def test_a_long_text_of_one_piece_is_read_in_bounded_time(piece: str) -> None:
    ends(piece * (200_000 // len(piece)), ISSUED)
    repeals(piece * (200_000 // len(piece)))
