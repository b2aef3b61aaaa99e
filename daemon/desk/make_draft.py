"""A message that was judged nothing to publish becomes a draft after all, by an editor's one key."""

from __future__ import annotations

from datetime import datetime
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.drafting import Intake, draft_values, new_draft
from daemon.settings import Settings
from daemon.store.schema import Draft, Message
from daemon.store.unit_of_work import Store
from parsers.elements import Elements
from parsers.screening import screen
from parsers.sender import without_mark
from parsers.submission import Attachment, Finding, Sender, Submission
from parsers.submission import Draft as Found

UNTITLED = "（无标题）"


def make_draft(store: Store, message_row: int, who: str, now: datetime, settings: Settings) -> int:
    """The id of the new draft: titled by the subject, its text the mail's own, with its files; the one that is there
    where the message has a draft already."""
    with store.write() as session:
        message = session.get_one(Message, message_row, with_for_update=True)
        there = session.scalar(select(Draft.id).where(Draft.message_row == message_row).order_by(Draft.id).limit(1))
        if there is not None:
            return there
        return put_letter(session, message, who, now, settings)


def put_letter(session: Session, message: Message, who: str, now: datetime, settings: Settings) -> int:
    """The same in the caller's transaction, for a message that has no draft."""
    intake = Intake(session, message, _submission(message), settings, now)
    found = _found(intake)
    values = draft_values(intake, found) | {"touched": True}
    values["state"] = "quarantined" if values["secret"] else "pending"  # for the sender, a person vouches
    return new_draft(intake, 1, values, found.attachments, who, "make_draft").id


def _submission(message: Message) -> Submission:
    """What is kept of the reading; the findings on the message hold for the draft too."""
    return Submission(
        message_id=message.message_id,
        subject=message.subject,
        sender=Sender(message.sender_name, message.sender_address),
        unit=message.unit,
        unit_evidence=None,
        received_at=message.received_at,
        kind="other",
        findings=tuple(Finding(**finding) for finding in message.findings if finding["code"] != "message.empty"),
        parser_version=message.parser_version or 0,
    )


def _found(intake: Intake) -> Found:
    message, office = intake.message, intake.settings.office_value
    files = tuple(_attachment(file) for file in message.attachments)
    title = " ".join(without_mark(message.subject or "").split()) or UNTITLED
    texts = {file.name: file.text for file in files if file.text}
    elements = Elements(form="article", title=title, body=())
    return Found(
        title=title,
        column=None,
        confidence=0.0,
        document_number=None,
        issuer=None,
        issued_on=None,
        printed_on=None,
        addressee=None,
        body_html="".join(f"<p>{escape(line)}</p>" for line in message.note.splitlines() if line.strip()),
        body_text=message.note,
        attachments=files,
        findings=screen(message.note, texts, elements, None, office, received_on=intake.received_on),
        grouping_reason="手工登记的内容" if message.source == "manual" else "由编辑从其他来信转为稿件",
    )


def _attachment(file: dict[str, object]) -> Attachment:
    values = dict(file)
    return Attachment(size=values.pop("bytes"), **values)  # type: ignore[arg-type]
