"""The clocks of a draft: the unit's (article 三 of the notice: sent in within 3 days), the portal's, the desk's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from daemon.rules.calendar import Calendar, Due
from parsers.office import Column, Office, Period
from parsers.submission import Draft, Submission, Timeliness


@dataclass(frozen=True)
class PublishDue:
    """Until when a draft had to be on the portal, and who answers for it."""

    due: Due
    answerable: Literal["unit", "desk"]


def judge(submission: Submission, office: Office, calendar: Calendar) -> Submission:
    """The submission with due times and verdicts on its drafts (CONTRACT.md, section 3). Findings stay as they are."""
    received_at = submission.received_at
    drafts = tuple(_judged(draft, office.column(draft.column), received_at, calendar) for draft in submission.drafts)
    return replace(submission, drafts=drafts)


def submit_due(
    issued_on: date | None,
    issued_at: time | None,
    column: Column | None,
    calendar: Calendar,
    issued_on_certain: bool = True,
) -> Due | None:
    """Until when the unit had to send it in; None where the date of issue, the column or its limit is not known."""
    if issued_on is None or column is None or column.submit_within is None:
        return None
    due = _from_issue(issued_on, issued_at, column.submit_within, calendar)
    return replace(due, certain=due.certain and issued_on_certain) if due else None


def publish_due(
    issued_on: date | None,
    issued_at: time | None,
    column: Column | None,
    received_at: datetime | None,
    calendar: Calendar,
) -> PublishDue | None:
    """Until when it had to be on the portal. If that had passed at receipt, the unit answers for it, else the desk."""
    if issued_on is None or column is None or column.publish_within is None:
        return None
    due = _from_issue(issued_on, issued_at, column.publish_within, calendar)
    if due is None:
        return None
    passed = received_at is not None and received_at >= due.at
    return PublishDue(due, "unit" if passed else "desk")


def desk_due(received_at: datetime | None, within: Period, calendar: Calendar) -> datetime | None:
    """Until when the desk should have dealt with what it received; None: the time of receipt is not known."""
    return calendar.add(received_at, within).at if received_at else None


def verdict(due: Due | None, received_at: datetime | None) -> Timeliness:
    """`on_time` only before the first moment that is too late; `unknown` where either time is not known."""
    if due is None or received_at is None:
        return "unknown"
    return "on_time" if received_at < due.at else "late"


def _judged(draft: Draft, column: Column | None, received_at: datetime | None, calendar: Calendar) -> Draft:
    due = submit_due(draft.issued_on, draft.issued_at, column, calendar, draft.issued_on_certain)
    return replace(
        draft,
        submit_due_at=due.at if due else None,
        due_certain=due.certain if due else False,
        timeliness=verdict(due, received_at),
    )


def _from_issue(issued_on: date, issued_at: time | None, within: Period, calendar: Calendar) -> Due | None:
    """None where a misread date lies at the end of the calendar."""
    start = datetime.combine(issued_on, issued_at, calendar.zone) if issued_at is not None else issued_on
    try:
        return calendar.add(start, within)
    except OverflowError:
        return None
