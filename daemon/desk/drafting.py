"""The rows of a message that was read: its own columns, and a draft with receipt number for each document in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.duplicates import Arrival, Repeat, find_repeat, may_repeat, text_key, title_key
from daemon.desk.repealed import repealed
from daemon.rules.deadlines import desk_due, judge, publish_due
from daemon.rules.states import first_state, is_secret
from daemon.settings import Settings
from daemon.store import likeness, search
from daemon.store.numbers import next_id, next_receipt
from daemon.store.schema import Draft, DraftAttachment, Journal, Message, Revision
from parsers.likeness import fingerprint
from parsers.submission import Attachment, Submission, attachment_json, finding_json
from parsers.submission import Draft as Found

SYSTEM = "系统"
CONTENT = ("title", "column", "document_number", "issuer", "issued_on", "addressee", "body_html", "body_text")
"""What a revision keeps of a draft."""
SPLIT_OFF = 1000
"""Ordinals from here on are of drafts that editors split off: no reading of the message makes or replaces them."""
_LONGEST_ID = 600
"""Characters kept of what is indexed and a sender chooses; PostgreSQL's indexes take 2,700 bytes."""
_REFERENCES = 100


@dataclass(frozen=True)
class Intake:
    """A message being taken in: everything that its drafts' rows depend on."""

    session: Session
    message: Message
    found: Submission
    settings: Settings
    now: datetime
    repeated: frozenset[str | int] | None = None
    """Titles, numbers and fingerprints of more than one draft (see `duplicates.repeated`); None: nobody has looked."""

    @property
    def received_on(self) -> date | None:
        """The office-local day of receipt."""
        at = self.message.received_at
        return at.astimezone(self.settings.office_value.zone).date() if at else None


def describe(message: Message, found: Submission, config_version: str, now: datetime) -> None:
    """Puts what was read of the message itself into its row."""
    message.state, message.begun_at, message.error = "parsed", None, None
    name_sender(message, found)
    message.kind, message.kind_reason = found.kind, found.kind_reason
    message.note, message.quoted = found.note, found.quoted
    message.findings = [finding_json(finding) for finding in found.findings]
    message.attachments = [attachment_json(file) | {"text": file.text, "html": file.html} for file in found.attachments]
    message.parser_version, message.config_version = found.parser_version, config_version
    message.received_at = message.received_at or found.received_at
    message.parsed_at = now


def name_sender(message: Message, found: Submission) -> None:
    """Puts into the row of a message who wrote it, and what an answer to it needs."""
    message.unanswerable = found.unanswerable
    message.message_id, message.in_reply_to = _bounded(found.message_id), _bounded(found.in_reply_to)
    message.references = [reference[:_LONGEST_ID] for reference in found.references[-_REFERENCES:]]
    message.subject = found.subject
    message.sender_name, message.sender_address = found.sender.name, found.sender.address
    message.unit, message.unit_evidence = found.unit, found.unit_evidence


def put_drafts(intake: Intake, *, is_first: bool) -> list[int]:
    """Drafts for what was found, at the message's first reading or a later one; gives ids of those made or changed.

    Drafts of an earlier reading keep their receipt numbers. Untouched ones say what is said now; what a person has
    touched stays, with the new reading as a proposal in the journal.
    """
    found = judge(
        replace(intake.found, received_at=intake.message.received_at),
        intake.settings.office_value,
        intake.settings.calendar,
    )
    former = {} if is_first else _former(intake)
    written = [_put(intake, ordinal, one, former.pop(ordinal, None)) for ordinal, one in enumerate(found.drafts, 1)]
    for draft in former.values():
        _retire(intake, draft)
    return [draft.id for draft in written if draft is not None]


def draft_values(intake: Intake, found: Found) -> dict[str, Any]:
    """The columns of a draft that follow from what was found."""
    message, settings = intake.message, intake.settings
    column = settings.office_value.column(found.column)
    findings = tuple(dict.fromkeys((*found.findings, *intake.found.findings)))
    due = publish_due(found.issued_on, found.issued_at, column, message.received_at, settings.calendar)
    return _copied(found) | {
        "state": first_state(intake.found, found, message.history),
        "secret": is_secret(findings),
        "unit": message.unit,
        "unit_evidence": message.unit_evidence,
        "document_number": _bounded(found.document_number),
        "title_key": title_key(found.title),
        "text_key": text_key(found.body_text),
        "findings": [finding_json(finding) for finding in findings],
        "elements": [dict(vars(element)) for element in found.elements],
        "cut": list(found.cut),
        "received_at": message.received_at,
        "received_on": intake.received_on,
        "desk_due_at": desk_due(message.received_at, settings.review.desk_within, settings.calendar),
        "publish_due_at": due.due.at if due else None,
    }


def new_draft(
    intake: Intake,
    ordinal: int,
    values: dict[str, Any],
    files: Sequence[Attachment],
    who: str,
    action: str,
    keys: Sequence[int] | None = None,
    related: Sequence[tuple[int, likeness.Kind]] = (),
) -> Draft:
    """A draft with its number, its first revision and its journal row.

    `keys`: by which nearly the same texts are found (None: to be made of its text); `related`: earlier drafts."""
    day = intake.received_on or intake.now.astimezone(intake.settings.office_value.zone).date()
    draft = Draft(
        id=next_id(intake.session, Draft),
        message=intake.message,
        ordinal=ordinal,
        receipt=f"{day.year}-{next_receipt(intake.session, day.year):06d}",
        version=1,
        revision=1,
        created_at=intake.now,
        updated_at=intake.now,
        **_versions(intake),
        **values,
    )
    draft.attachments = attachment_rows(files)
    intake.session.add(draft)
    search.put(intake.session, draft)
    own = fingerprint(draft.body_text) if keys is None and not draft.secret else keys or ()
    likeness.put(intake.session, draft.id, own, related)
    keep_revision(intake, draft, who)
    record(intake, draft, action, who=who, after={"receipt": draft.receipt, "state": draft.state})
    return draft


def attachment_rows(files: Iterable[Attachment]) -> list[DraftAttachment]:
    """The files of a draft in their order."""
    return [DraftAttachment(ordinal=ordinal, **vars(file)) for ordinal, file in enumerate(files, 1)]


def _put(intake: Intake, ordinal: int, found: Found, former: Draft | None) -> Draft | None:
    """The draft that was made or changed; None where all stays as it is."""
    values = draft_values(intake, found)
    related = _mark_related(intake, values, found, former)
    keys = () if values["secret"] else found.fingerprint
    if former is None:
        return new_draft(intake, ordinal, values, found.attachments, SYSTEM, "receive", keys, related)
    likeness.put(intake.session, former.id, keys, related)
    if former.touched:
        _propose(intake, former, values)
        return None
    return _replace(intake, former, values, found.attachments)


def _mark_related(
    intake: Intake, values: dict[str, Any], found: Found, former: Draft | None
) -> list[tuple[int, likeness.Kind]]:
    """Puts into the values what the draft repeats and repeals; gives these drafts, for the pages of both."""
    before = former.id if former else None
    repeat = _repeat(intake, values, found, before)
    values["duplicate_of"] = repeat.duplicate_of if repeat else None
    ended = repealed(intake.session, values, before)
    values["findings"] += [*([repeat.finding] if repeat else []), *(one.finding for one in ended)]
    return [*([(repeat.of.id, repeat.kind)] if repeat else []), *((one.draft.id, "repeals") for one in ended)]


def _repeat(intake: Intake, values: dict[str, Any], found: Found, before: int | None) -> Repeat | None:
    main_files = frozenset(file.sha256 for file in found.attachments if file.role == "main")
    arrival = Arrival(values, found.fingerprint, main_files, intake.message.id, before)
    return find_repeat(intake.session, arrival) if may_repeat(arrival, intake.repeated) else None


def _replace(intake: Intake, draft: Draft, values: dict[str, Any], files: Sequence[Attachment]) -> Draft | None:
    """An untouched draft says what is said now, as a new revision where its content differs."""
    before = content_of(draft)
    if not _differs(draft, values, files):
        return None
    for name, value in (values | _versions(intake)).items():
        setattr(draft, name, value)
    draft.version += 1
    draft.updated_at = intake.now
    draft.attachments.clear()
    intake.session.flush()  # the old files must be gone before new ones take their places
    draft.attachments = attachment_rows(files)
    search.put(intake.session, draft)
    if content_of(draft) != before:
        draft.revision += 1
        keep_revision(intake, draft, SYSTEM)
    record(intake, draft, "reparse", *changes(before, content_of(draft)))
    return draft


def _propose(intake: Intake, draft: Draft, values: dict[str, Any]) -> None:
    before, after = changes(content_of(draft), {name: _plain(values[name]) for name in CONTENT})
    if after:
        record(intake, draft, "proposal", before, after, note="重新解析的结果与现稿不同，现稿已经人工处理，未作改动")


def _retire(intake: Intake, draft: Draft) -> None:
    """The message no longer holds this draft."""
    note = "重新解析后，来信中不再有这篇稿件"
    if draft.touched:
        record(intake, draft, "proposal", note=note)
    elif draft.state != "withdrawn":
        before, draft.state = draft.state, "withdrawn"
        draft.version += 1
        draft.updated_at = intake.now
        record(intake, draft, "withdraw", {"state": before}, {"state": "withdrawn"}, note=note)


def _former(intake: Intake) -> dict[int, Draft]:
    of_reading = (Draft.message_row == intake.message.id, Draft.ordinal < SPLIT_OFF)
    query = select(Draft).where(*of_reading).with_for_update()
    return {draft.ordinal: draft for draft in intake.session.scalars(query)}


def _differs(draft: Draft, values: dict[str, Any], files: Sequence[Attachment]) -> bool:
    stood = [(one.name, one.sha256, one.role, one.status, one.text) for one in draft.attachments]
    found = [(one.name, one.sha256, one.role, one.status, one.text) for one in files]
    return stood != found or any(getattr(draft, name) != value for name, value in values.items())


def _copied(found: Found) -> dict[str, Any]:
    names = (
        *("title", "column", "confidence", "column_reason", "grouping_reason", "issuer", "issued_on", "printed_on"),
        *("addressee", "body_html", "body_text", "submit_due_at", "due_certain", "timeliness"),
    )
    return {name: getattr(found, name) for name in names}


def _versions(intake: Intake) -> dict[str, Any]:
    version = intake.settings.office_value.config_version
    found = intake.found
    return {
        "parser_version": found.parser_version, "config_version": version, "model_version": found.model_version
    }  # fmt: skip


def keep_revision(intake: Intake, draft: Draft, who: str) -> None:
    """Keeps what the draft says now under its present number."""
    content = content_of(draft)
    intake.session.add(Revision(of=draft, number=draft.revision, at=intake.now, who=who, content=content))


def record(
    intake: Intake,
    draft: Draft,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
    who: str = SYSTEM,
) -> None:
    """A line of the journal about a draft and the message: all editors read it, a secret's words the chief alone."""
    shown = {} if draft.secret else {"before": before or {}, "after": after or {}}
    about = {"draft": draft.id, "message": intake.message.id, "unit": draft.unit}
    intake.session.add(Journal(at=intake.now, who=who, action=action, note=note, **about, **shown))


def content_of(draft: Draft) -> dict[str, Any]:
    """What a revision keeps of the draft, as JSON has it."""
    return {name: _plain(getattr(draft, name)) for name in CONTENT}


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Where two contents differ: the old values and the new ones."""
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _bounded(text: str | None) -> str | None:
    return text[:_LONGEST_ID] if text else None
