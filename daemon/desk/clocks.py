"""The due times of a draft whose date or column an editor has changed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import time
from typing import Any

from daemon.rules.deadlines import publish_due, submit_due, verdict
from daemon.settings import Settings
from daemon.store.schema import Draft


def due_times(draft: Draft, new: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Due times and verdict for the new `issued_on` and `column`; nothing where both are as before."""
    if (new["issued_on"], new["column"]) == (draft.issued_on, draft.column):
        return {}
    calendar, column = settings.calendar, settings.office_value.column(new["column"])
    hour = _stated_hour(draft) if new["issued_on"] == draft.issued_on else None
    certain = new["issued_on"] != draft.issued_on or not _was_scanned(draft)
    due = submit_due(new["issued_on"], hour, column, calendar, certain)
    portal = publish_due(new["issued_on"], hour, column, draft.received_at, calendar)
    return {
        "submit_due_at": due.at if due else None,
        "due_certain": bool(due and due.certain),
        "timeliness": verdict(due, draft.received_at),
        "publish_due_at": portal.due.at if portal else None,
    }


def _stated_hour(draft: Draft) -> time | None:
    """The hour beside the date, if the document states one."""
    for element in draft.elements:
        if element["name"] == "issued_at":
            with suppress(ValueError):
                return time.fromisoformat(element["value"])
    return None


def _was_scanned(draft: Draft) -> bool:
    """A date read by OCR is not certain until a person has set it."""
    return any(one.role == "main" and one.status == "scanned" for one in draft.attachments)
