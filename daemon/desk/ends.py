"""What drafts that went up say of their own end and of earlier texts, kept in the journal till a newer text goes up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from daemon.mail.letter import said_day
from daemon.rules.calendar import Calendar
from daemon.rules.expiry import last_day
from daemon.rules.naming import name
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal
from parsers.validity import Repeal, ends, repeals

EXPECTED, REPEALED, DUE, READ = "expiry.expected", "expiry.repealed", "expiry.due", "expiry.read"
"""Actions of the journal: the ends of a draft as it went up, a later text that repeals it, an end that was told, and
up to which of its own rows the journal has been looked through for drafts that went up."""
KINDS = {"public_notice": "公示期", "validity": "有效期", "deadline": "截止日期", "repealed": "废止"}


@dataclass(frozen=True)
class Ended:
    """An end that has come, of a draft that still stands on the portal."""

    draft: Draft
    kind: str
    on: date
    words: str
    """What says so: the text's own words, or the title of the text that repeals it."""

    @property
    def said(self) -> str:
        """The end in one sentence."""
        if self.kind == "repealed":
            return f"自{said_day(self.on)}起由《{self.words}》废止或代替。"
        return f"{KINDS[self.kind]}至{said_day(self.on)}（原文：{self.words.rstrip('。')}）。"


def new_notes(session: Session, settings: Settings, calendar: Calendar, now: datetime) -> list[Journal]:
    """Rows to be written on the drafts that went up since the last look, and on how far this look went."""
    last = session.scalar(select(Journal.after).where(Journal.action == READ).order_by(Journal.id.desc()).limit(1))
    seen = last["up_to"] if last else 0
    query = select(Journal.id, Draft).join(Draft, Draft.id == Journal.draft).order_by(Journal.id)
    rows = session.execute(query.where(Journal.action == "confirm", Journal.id > seen)).all()
    went_up = {draft.id: draft for _, draft in rows if draft.state == "published" and not draft.secret}
    notes = [note for draft in went_up.values() for note in _notes_on(session, draft, settings, calendar)]
    if rows:
        notes.append(Journal(action=READ, after={"up_to": rows[-1][0]}))
    for note in notes:
        note.at, note.who = now, "系统"
    return notes


def ended(session: Session, today: date, more: Iterable[Journal] = ()) -> list[Ended]:
    """What has ended and still stands on the portal, by the journal and the rows that are about to be written."""
    noted = select(Journal).where(Journal.action.in_((EXPECTED, REPEALED))).order_by(Journal.id)
    rows = [*session.scalars(noted), *(row for row in more if row.draft)]
    latest = {(row.draft, row.action, row.after.get("by")): row for row in rows}
    up = Draft.state == "published", Draft.secret.is_(False)
    past = [(row.draft, end) for row in latest.values() for end in row.after["ends"] if _day(end) <= today]
    drafts = {one.id: one for one in session.scalars(select(Draft).where(Draft.id.in_({row for row, _ in past}), *up))}
    found = [Ended(drafts[row], end["kind"], _day(end), end["words"]) for row, end in past if row in drafts]
    return sorted(found, key=lambda one: (one.draft.unit or "", one.on, one.draft.id))


def _notes_on(session: Session, draft: Draft, settings: Settings, calendar: Calendar) -> Iterator[Journal]:
    found = _stated(draft, settings, calendar)
    had = select(Journal.id).where(Journal.draft == draft.id, Journal.action == EXPECTED).limit(1)
    if found or session.scalar(had):
        yield Journal(action=EXPECTED, draft=draft.id, unit=draft.unit, after={"ends": found})
    repeal = repeals(draft.body_text)
    for old in _repealed(session, draft, repeal) if repeal else ():
        assert repeal is not None
        day = repeal.on or draft.issued_on or _up_on(draft, calendar)
        end = {"kind": "repealed", "on": day.isoformat(), "words": draft.title}
        yield Journal(action=REPEALED, draft=old.id, unit=old.unit, after={"ends": [end], "by": draft.receipt})


def _stated(draft: Draft, settings: Settings, calendar: Calendar) -> list[dict[str, Any]]:
    column = settings.office_value.column(draft.column)
    # A document to those below stays as a record when the days that it set them are past.
    is_record = column is not None and column.role == "document"
    kept = [end for end in ends(draft.body_text, draft.issued_on) if end.kind != "deadline" or not is_record]
    days = [(end, last_day(end, draft.issued_on, _up_on(draft, calendar), calendar)) for end in kept]
    return [{"kind": end.kind, "on": day.isoformat(), "words": end.excerpt} for end, day in days if day]


def _repealed(session: Session, draft: Draft, repeal: Repeal) -> list[Draft]:
    """Published drafts that the text names: by number, or by name where they are the same unit's."""
    own_names = {name(one) for one in repeal.names}
    query = select(Draft).where(
        Draft.state == "published", Draft.id != draft.id, Draft.secret.is_(False),
        or_(Draft.document_number.in_(repeal.numbers), Draft.unit == draft.unit if own_names else false()),
    )  # fmt: skip
    found = session.scalars(query)
    return [old for old in found if old.document_number in repeal.numbers or name(old.title) in own_names]


def _up_on(draft: Draft, calendar: Calendar) -> date:
    assert draft.published_at is not None
    return calendar.local_date(draft.published_at)


def _day(end: dict[str, Any]) -> date:
    return date.fromisoformat(end["on"])
