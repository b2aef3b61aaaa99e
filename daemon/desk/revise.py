"""A corrected document from the unit: the next revision of the draft that it corrects, marked against the one before.

Receipt number, unit, column and times of receipt stay: whether it came in time is judged by the first receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from daemon.desk import clocks, notes
from daemon.desk.drafting import (
    SYSTEM,
    Intake,
    attachment_rows,
    changes,
    content_of,
    draft_values,
    keep_revision,
    record,
)
from daemon.rules.states import Place, next_place, steps_of
from daemon.store import search
from daemon.store.schema import Draft, DraftAttachment
from parsers.likeness import alike, shingles, similar_names
from parsers.submission import Attachment
from parsers.submission import Draft as Found

REVISABLE = ("quarantined", "pending", "in_review", "returned")
"""What is approved or further is not changed under the editors' hands: its correction is a draft of its own."""
_TEXT = (
    "title", "title_key", "text_key", "document_number", "issuer", "issued_on", "printed_on", "addressee", "body_html",
    "body_text", "elements", "cut", "grouping_reason",
)  # fmt: skip
_UNREAD = ("encrypted", "damaged", "refused")
_SAME_TITLE, _SAME_TEXT, _KIN = 0.75, 0.4, 0.35
_SHEETS = ("xlsx", "xls", "et", "csv", "image")

Fate = Literal["revision", "annex", "new"]


def fate_of(found: Found, draft: Draft, *, corrects: bool, supplements: bool, returned: bool) -> Fate:
    """What a document in an answer is to a draft. `corrects`, `supplements`: the answer says so; `returned`: it
    answers the letter that gave the draft back. Units answer any old letter with something new: that is a new draft."""
    if _is_annex(found) and not corrects and (supplements or returned):
        return "annex"
    if likeness(found, draft) >= 1 or corrects or _was_unread(draft):
        return "revision"
    kin = similar_names(found.title, draft.title) >= _KIN
    return "revision" if returned and kin else "annex" if supplements and not found.body_text else "new"


def likeness(found: Found, draft: Draft) -> float:
    """How much a document is the same as a draft's; from 1 on it is taken for another version of it."""
    same_number = bool(found.document_number) and found.document_number == draft.document_number
    if found.document_number and draft.document_number and not same_number:
        return 0.0
    titles = similar_names(found.title, draft.title) / _SAME_TITLE
    texts = alike(shingles(found.body_text), shingles(draft.body_text)) / _SAME_TEXT
    return max(2.0 if same_number else 0.0, titles, texts)


def revise(intake: Intake, draft: Draft, found: Found) -> None:
    """The document as the draft's next revision; a returned one, and one under review, is to be reviewed from the
    beginning."""
    before = content_of(draft)
    values = draft_values(intake, found)
    said = [finding for finding in draft.findings if finding["code"] == notes.CODE]
    new = {name: values[name] for name in _TEXT} | {"findings": [*values["findings"], *said]}
    new |= clocks.due_times(draft, {"issued_on": found.issued_on, "column": draft.column}, intake.settings)
    if draft.column is None:
        new |= {name: values[name] for name in ("column", "confidence", "column_reason")}
    new["secret"] = draft.secret or values["secret"]
    _write(intake, draft, new, found.attachments)
    keep_revision(intake, draft, SYSTEM)
    old, now = changes(before, content_of(draft))
    old["revision"], now["revision"] = draft.revision - 1, draft.revision
    record(intake, draft, "reply.revise", old, now)
    _to_review(intake, draft)


def add_files(intake: Intake, draft: Draft, files: Sequence[Attachment]) -> list[str]:
    """Files that the unit sends after its document: annexes of the draft; gives the names of those that are new."""
    there = {one.sha256 for one in draft.attachments}
    fresh = [file for file in files if file.sha256 not in there]
    rows = attachment_rows(fresh)
    for place, row in enumerate(rows, 1 + max((one.ordinal for one in draft.attachments), default=0)):
        row.ordinal, row.role = place, "picture" if row.kind == "image" else "annex"
    draft.attachments.extend(rows)
    notes.touch(intake, draft)
    intake.session.flush()
    search.put(intake.session, draft)
    names = [file.name for file in fresh]
    record(intake, draft, "reply.annex", after={"files": names})
    _to_review(intake, draft)
    return names


def _write(intake: Intake, draft: Draft, new: dict[str, Any], files: Sequence[Attachment]) -> None:
    for name, value in new.items():
        setattr(draft, name, value)
    draft.revision += 1
    notes.touch(intake, draft)
    kept = _kept_annexes(draft, files)
    held_back = {one.sha256 for one in draft.attachments if not one.publish}
    draft.attachments.clear()
    intake.session.flush()  # the old files must be gone before new ones take their places
    draft.attachments = attachment_rows([*files, *kept])
    for row in draft.attachments:
        row.publish = row.sha256 not in held_back
    intake.session.flush()
    search.put(intake.session, draft)


def _kept_annexes(draft: Draft, files: Sequence[Attachment]) -> list[Attachment]:
    """Annexes that the corrected document comes without: a unit sends again only what it has changed."""
    if any(file.role == "annex" for file in files):
        return []
    return [_as_found(one) for one in draft.attachments if one.role == "annex"]


def _as_found(row: DraftAttachment) -> Attachment:
    names = ("name", "kind", "size", "sha256", "role", "status", "text", "html")
    return Attachment(**{name: getattr(row, name) for name in names})


def _to_review(intake: Intake, draft: Draft) -> None:
    """To where what comes again begins (CONTRACT.md, section 4: resent by the unit)."""
    steps = steps_of(draft.column, intake.settings.review.steps, intake.settings.review.single_step)
    before = draft.state
    if draft.state == "returned":
        draft.state = next_place(Place("returned"), "resend", steps).state
    elif draft.state == "in_review":
        draft.state, draft.review_step = "pending", None
    if draft.secret:
        draft.state = "quarantined"
    if draft.state != before:
        draft.assignee, draft.locked_until = None, None
        record(intake, draft, "resend", {"state": before}, {"state": draft.state})


def _is_annex(found: Found) -> bool:
    """Sheets, pictures and files that are called annexes, without a document."""
    files = found.attachments
    return bool(files) and all(file.kind in _SHEETS or file.name.startswith(("附件", "附表")) for file in files)


def _was_unread(draft: Draft) -> bool:
    """Nothing could be read of what came first."""
    main = [one for one in draft.attachments if one.role == "main"]
    return not draft.body_text.strip() or any(one.status in _UNREAD for one in main)
