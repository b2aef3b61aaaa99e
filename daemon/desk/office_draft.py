"""A draft of the office's own, in the queue like any other: no mail, no unit, no limit but the desk's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from daemon.desk.drafting import content_of
from daemon.desk.duplicates import text_key, title_key
from daemon.rules.deadlines import desk_due
from daemon.settings import Settings
from daemon.store import search
from daemon.store.numbers import next_id, next_receipt
from daemon.store.schema import Draft, Journal, Revision
from parsers.html import blocks

_OPEN = ("pending", "in_review", "returned", "approved")


def put_office_draft(
    session: Session, title: str, body_html: str, column: str | None, who: str, now: datetime, settings: Settings
) -> Draft:
    """The draft with its receipt number, its first revision and its journal row."""
    day = now.astimezone(settings.office_value.zone).date()
    text = "\n".join(block.text for block in blocks(body_html) if block.text)
    draft = Draft(
        id=next_id(session, Draft), ordinal=1, receipt=f"{day.year}-{next_receipt(session, day.year):06d}",
        state="pending", version=1, revision=1, touched=True, title=title, title_key=title_key(title),
        text_key=text_key(text), column=column, issuer=settings.office.name, issued_on=day, body_html=body_html,
        body_text=text, received_at=now, received_on=day, grouping_reason="编辑部自行起草",
        desk_due_at=desk_due(now, settings.review.desk_within, settings.calendar),
        config_version=settings.office_value.config_version, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(draft)
    search.put(session, draft)
    session.add(Revision(of=draft, number=1, at=now, who=who, content=content_of(draft)))
    after = {"receipt": draft.receipt, "state": draft.state}
    session.add(Journal(at=now, who=who, action="office_draft", draft=draft.id, after=after))
    session.flush()  # what refers to it can follow
    return draft


def withdraw_office_draft(session: Session, draft_id: int, who: str, now: datetime, reason: str) -> None:
    """Another takes its place. Nothing where it is out of the queue already."""
    draft = session.get_one(Draft, draft_id, with_for_update=True)
    if draft.state not in _OPEN:
        return
    before = {"state": draft.state, "step": draft.review_step}
    draft.state, draft.review_step, draft.assignee, draft.locked_until = "withdrawn", None, None, None
    draft.version += 1
    draft.updated_at = now
    after = {"state": "withdrawn", "step": None}
    session.add(Journal(at=now, who=who, action="withdraw", draft=draft_id, before=before, after=after, note=reason))
