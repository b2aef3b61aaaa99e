"""What comes out of the parsers: facts about one message, as frozen values (CONTRACT.md, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

Kind = Literal["submission", "reply", "auto_reply", "bounce", "other"]
MACHINES: frozenset[Kind] = frozenset({"auto_reply", "bounce"})
"""What no person wrote: no letter answers it."""
Severity = Literal["block", "warn", "info"]
Role = Literal["main", "annex", "picture", "duplicate"]
Status = Literal["read", "stored", "scanned", "encrypted", "damaged", "refused"]
Timeliness = Literal["on_time", "late", "unknown"]
Evidence = Literal["address", "domain", "document", "desk"]


@dataclass(frozen=True)
class Finding:
    """Something an editor must know before publishing: what it is, how grave, in Chinese what to do about it."""

    code: str
    severity: Severity
    message: str
    excerpt: str = ""
    place: str = ""
    """Where it was found: a part's name, else empty for the draft's own text."""


@dataclass(frozen=True)
class Blob:
    """Bytes that the drafts refer to by `sha256` (hexadecimal): attachments, and pictures inside the text."""

    sha256: str
    data: bytes


@dataclass(frozen=True)
class Attachment:
    """One file of a draft. Its bytes are the submission's blob of the same `sha256`."""

    name: str
    kind: str
    size: int
    sha256: str
    role: Role
    status: Status
    text: str = ""
    """What a reader found in it, for search and screening; empty where nothing could be read."""
    html: str = ""
    """The same as clean HTML, for the preview."""


@dataclass(frozen=True)
class Element:
    """One recognised element of a document (title, document_number, issued_on …) and where it was found."""

    name: str
    value: str
    part: str
    """The attachment's name, "subject" or "body"."""
    excerpt: str
    """The words it was read from, as they stand there."""
    reason: str
    """In Chinese, for the editor."""
    offset: int | None = None
    """Where the excerpt begins, in characters of the part's text: a file's `Attachment.text`, of "body" the `note`
    (there text[offset : offset + len(excerpt)] is the excerpt). None: it stands in a page's header, in a forwarded
    mail's text, in the subject or the file's name, or nowhere as such."""


@dataclass(frozen=True)
class Draft:
    """One document or article. The due time and verdict are added by `daemon.rules.deadlines.judge`."""

    title: str
    column: str | None
    confidence: float
    """Of the column, 0 to 1."""
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    printed_on: date | None
    addressee: str | None
    body_html: str
    body_text: str
    attachments: tuple[Attachment, ...] = ()
    findings: tuple[Finding, ...] = ()
    issued_at: time | None = None
    """The hour, where the document states one (for limits in hours)."""
    issued_on_certain: bool = True
    """False where the date was read by OCR."""
    elements: tuple[Element, ...] = ()
    column_reason: str = ""
    grouping_reason: str = ""
    fingerprint: tuple[int, ...] = ()
    """Of the text (`parsers.likeness.fingerprint`): nearly the same texts share some of these numbers."""
    cut: tuple[str, ...] = ()
    """What was left out of the text (greetings, signatures, letterhead), so that it can be seen."""
    submit_due_at: datetime | None = None
    due_certain: bool = False
    timeliness: Timeliness = "unknown"


@dataclass(frozen=True)
class Sender:
    name: str | None
    address: str | None


@dataclass(frozen=True)
class Bounce:
    """What a bounce says of the letter of ours that it gives back."""

    letters: tuple[str, ...]
    """Message-IDs of ours that stand in it."""
    addresses: tuple[str, ...]
    """Whom it names as not reached, in lower case."""
    reason: str
    """What the other server said, in one line."""
    permanent: bool
    """False: it is only late, the server goes on trying."""
    words: str = ""
    """The report for people, by which a letter is found where no Message-ID stands in it."""


@dataclass(frozen=True)
class Submission:
    """What one message holds. Never raises while being read: what could not be read is a finding."""

    message_id: str | None
    subject: str | None
    sender: Sender
    unit: str | None
    unit_evidence: Evidence | None
    received_at: datetime | None
    kind: Kind
    drafts: tuple[Draft, ...] = ()
    findings: tuple[Finding, ...] = ()
    kind_reason: str = ""
    """In Chinese: why the message was judged so."""
    unanswerable: str | None = None
    """Why no letter may ever answer this message (RFC 3834 and DOMAIN.md section 6), in Chinese; None: it may be."""
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    note: str = ""
    """The text of the mail itself without quotes and signature: a covering note or an answer."""
    quoted: str = ""
    """What was cut from the mail as quoted text."""
    bounce: Bounce | None = None
    """Of a bounce: which letter of ours came back."""
    attachments: tuple[Attachment, ...] = ()
    """Files of a message without drafts, kept so that an editor can still make one."""
    blobs: tuple[Blob, ...] = ()
    parser_version: int = 0
    model_version: str | None = None
    """Which model of the editors' habits chose the columns; None: the rules alone."""


def as_json(submission: Submission, file: str) -> dict[str, Any]:
    """The object that `parse` prints for one message (CONTRACT.md, section 3)."""
    return {
        "file": file,
        "message_id": submission.message_id,
        "subject": submission.subject,
        "sender": {"name": submission.sender.name, "address": submission.sender.address},
        "unit": submission.unit,
        "unit_evidence": submission.unit_evidence,
        "received_at": _iso(submission.received_at),
        "kind": submission.kind,
        "drafts": [_draft_json(draft) for draft in submission.drafts],
        "findings": [finding_json(finding) for finding in submission.findings],
    }


def finding_json(finding: Finding) -> dict[str, str]:
    """A finding as it stands in JSON and in the database."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "excerpt": finding.excerpt,
        "place": finding.place,
    }


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """An attachment as it stands in JSON: facts, not its text."""
    return {
        "name": attachment.name,
        "kind": attachment.kind,
        "bytes": attachment.size,
        "sha256": attachment.sha256,
        "role": attachment.role,
        "status": attachment.status,
    }


def _draft_json(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "column": draft.column,
        "confidence": round(draft.confidence, 2),
        "document_number": draft.document_number,
        "issuer": draft.issuer,
        "issued_on": _iso(draft.issued_on),
        "printed_on": _iso(draft.printed_on),
        "addressee": draft.addressee,
        "body_html": draft.body_html,
        "body_text": draft.body_text,
        "attachments": [attachment_json(attachment) for attachment in draft.attachments],
        "submit_due_at": _iso(draft.submit_due_at),
        "due_certain": draft.due_certain,
        "timeliness": draft.timeliness,
        "findings": [finding_json(finding) for finding in draft.findings],
    }


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
