"""The bulletin (通报) as a post of the portal: title and body in the words of templates/reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.export.bulletin import bases, shortcomings, summary
from daemon.export.differences import Difference
from daemon.export.figures import headings_of, said, said_day
from daemon.export.page import environment
from daemon.rules.assessment import Report
from parsers.html import clean


@dataclass(frozen=True)
class Post:
    """What goes into the review queue."""

    title: str
    body_html: str


def bulletin_post(report: Report, issuer: str, reason: str | None = None, changed: Sequence[Difference] = ()) -> Post:
    """The bulletin on a period; with a `reason` the amendment of an earlier one, which names what has changed."""
    values = {
        "report": report,
        "issuer": issuer,
        "reason": reason,
        "changed": changed,
        "summary": summary(report),
        "shortcomings": list(shortcomings(report)),
        "bases": list(bases(report)),
        "headings": headings_of(report.units),
        "said": said,
        "day": said_day(report.as_of),
    }
    title, body = (environment().get_template(f"bulletin.{part}.j2") for part in ("title", "html"))
    return Post(title.render(values).strip(), clean(body.render(values)))
