"""Whether what a finding was about still stands in what would be published now."""

from __future__ import annotations

from typing import Any

from daemon.settings import Settings
from daemon.store.schema import Draft
from parsers.elements import Elements
from parsers.screening import screen
from parsers.submission import Finding


def still_stands(draft: Draft, finding: dict[str, Any], settings: Settings) -> bool:
    """The present text and the annexes that go with it are screened once more: more hits of this kind in this place
    than the chief has let pass."""
    annexes = {one.name: one.text for one in draft.attachments if one.role == "annex" and one.publish}
    place = finding["place"] if finding.get("place") in annexes else ""
    hits = [one for one in _screened(draft, annexes, settings) if (one.code, one.place) == (finding["code"], place)]
    return len(hits) > _let_pass(draft, finding)


def _screened(draft: Draft, annexes: dict[str, str], settings: Settings) -> tuple[Finding, ...]:
    office = settings.office_value
    return screen(
        f"{draft.title}\n{draft.body_text}",
        annexes,
        Elements(form="article", title=draft.title, body=(), issued_on=draft.issued_on),
        office.column(draft.column),
        office,
        received_on=draft.received_on,
    )


def _let_pass(draft: Draft, finding: dict[str, Any]) -> int:
    kind = (finding["code"], finding.get("place"))
    overruled = (one for one in draft.findings if one.get("settled") == "overruled")
    return sum(1 for one in overruled if (one["code"], one.get("place")) == kind)
