"""The unit's clock, the portal's and the desk's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.deadlines import desk_due, judge, publish_due, submit_due, verdict
from parsers.office import Column, Period
from parsers.submission import Draft, Finding, Sender, Submission
from tests.daemon.rules.samples import CALENDAR, INTERPRETATIONS, NOTICES, OFFICE, ZONE, at

HOURLY = Column("采购公告", submit_within=Period(24, "h"))


def submission(received: str | None, **draft: Any) -> Submission:
    """A message of one draft in the column of notices."""
    values: dict[str, Any] = {"title": "关于停水的公告", "column": NOTICES.name, "issued_on": date(2026, 9, 30)} | draft
    blank = Draft("", None, 0.9, None, None, None, None, None, "", "")
    return Submission(
        message_id=None,
        subject=None,
        sender=Sender(None, None),
        unit=None,
        unit_evidence=None,
        received_at=at(received) if received else None,
        kind="submission",
        drafts=(replace(blank, **values),),
    )


def judged(received: str | None, **draft: Any) -> Draft:
    """The draft after judging its message."""
    return judge(submission(received, **draft), OFFICE, CALENDAR).drafts[0]


@pytest.mark.parametrize(
    ("received", "timeliness"),
    [
        ("2026-09-30T09:00", "on_time"),
        ("2026-10-08T23:59:59.999", "on_time"),
        ("2026-10-09T00:00:00", "late"),
        (None, "unknown"),
    ],
)
def test_three_days_from_issue_over_the_holiday(received: str | None, timeliness: str) -> None:
    draft = judged(received)
    assert (draft.submit_due_at, draft.due_certain) == (at("2026-10-09"), True)
    assert draft.timeliness == timeliness


@pytest.mark.parametrize("unknown", [{"issued_on": None}, {"column": None}, {"column": INTERPRETATIONS.name}])
def test_without_date_column_or_limit_nothing_is_judged(unknown: dict[str, Any]) -> None:
    draft = judged("2026-10-09T09:00", **unknown)
    assert (draft.submit_due_at, draft.due_certain, draft.timeliness) == (None, False, "unknown")


def test_a_date_read_by_ocr_makes_no_certain_limit() -> None:
    draft = judged("2026-10-09T09:00", issued_on_certain=False)
    assert (draft.timeliness, draft.due_certain) == ("late", False)


def test_a_misread_date_at_the_end_of_time_is_not_judged() -> None:
    assert judged("2026-10-09T09:00", issued_on=date(9999, 12, 31)).timeliness == "unknown"


def test_judging_leaves_the_findings_and_all_else_as_they_were() -> None:
    before = submission(
        "2026-10-09T09:00", findings=(Finding("document.future_date", "block", "成文日期晚于收到日期"),)
    )
    after = judge(before, OFFICE, CALENDAR)
    draft = replace(after.drafts[0], submit_due_at=None, due_certain=False, timeliness="unknown")
    assert replace(after, drafts=(draft,)) == before


def test_a_limit_in_hours_counts_from_the_stated_hour_and_else_from_the_end_of_the_day() -> None:
    stated = submit_due(date(2026, 9, 30), time(0, 0), HOURLY, CALENDAR)
    assert stated is not None
    assert (stated.at, stated.certain) == (at("2026-10-01T00:00"), True)
    silent = submit_due(date(2026, 9, 30), None, HOURLY, CALENDAR)
    assert silent is not None
    assert (silent.at, silent.certain) == (at("2026-10-02T00:00"), False)


@pytest.mark.parametrize(
    ("received", "answerable"),
    [("2026-09-30T10:00", "desk"), ("2026-10-01T11:59:59", "desk"), ("2026-10-01T12:00", "unit"), (None, "desk")],
)
def test_the_unit_answers_for_a_portal_limit_that_had_passed_at_receipt(received: str | None, answerable: str) -> None:
    due = publish_due(date(2026, 9, 30), None, NOTICES, at(received) if received else None, CALENDAR)
    assert due is not None
    assert (due.due.at, due.answerable) == (at("2026-10-01T12:00"), answerable)


def test_a_column_without_portal_limit_or_a_document_without_date_has_no_portal_clock() -> None:
    assert publish_due(date(2026, 9, 30), None, INTERPRETATIONS, None, CALENDAR) is None
    assert publish_due(None, None, NOTICES, None, CALENDAR) is None


def test_the_desk_has_its_own_clock_from_receipt() -> None:
    assert desk_due(at("2026-09-30T16:00"), Period(1, "wd"), CALENDAR) == at("2026-10-09")
    assert desk_due(at("2026-09-30T16:00"), Period(4, "h"), CALENDAR) == at("2026-09-30T20:00")
    assert desk_due(None, Period(1, "wd"), CALENDAR) is None


@given(
    st.dates(date(2020, 1, 1), date(2026, 11, 30)),
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 1), timezones=st.just(ZONE)),
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 1), timezones=st.just(ZONE)),
)
def test_who_sends_earlier_is_not_judged_worse(issued: date, one: datetime, other: datetime) -> None:
    due = submit_due(issued, None, NOTICES, CALENDAR)
    earlier, later = sorted((one, other))
    assert (verdict(due, earlier), verdict(due, later)) != ("late", "on_time")
