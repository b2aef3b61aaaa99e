"""What `messages`, `drafts` and `outbox` print: every row there is, as CONTRACT.md sections 1 and 4 have it.

Times and dates are left as values: the command writes them in the office's zone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from daemon.store.schema import Draft, DraftAttachment, Letter, Message, Sighting

Row = dict[str, Any]


def messages(session: Session) -> list[Row]:
    """Every message ever seen, those that were never fetched included."""
    stored = session.scalars(select(Message).options(selectinload(Message.drafts)).order_by(Message.id))
    unfetched = session.scalars(
        select(Sighting).where(Sighting.state.in_(("too_large", "failed"))).order_by(Sighting.id)
    )
    return [_message(message) for message in stored] + [_unfetched(sighting) for sighting in unfetched]


def drafts(session: Session, state: str | None, base_url: str) -> list[Row]:
    """All drafts, or those in one state, in the order of their receipt."""
    query = select(Draft).options(selectinload(Draft.attachments), selectinload(Draft.message)).order_by(Draft.id)
    if state:
        query = query.where(Draft.state == state)
    found = list(session.scalars(query))
    receipts = _receipts(session, found)
    return [_draft(draft, receipts, base_url) for draft in found]


def outbox(session: Session) -> list[Row]:
    """All letters, in the order in which they were written."""
    return [_letter(letter) for letter in session.scalars(select(Letter).order_by(Letter.id))]


def _message(message: Message) -> Row:
    return {
        "id": message.id,
        "state": message.state,
        "kind": message.kind,
        "subject": message.subject,
        "sender": {"name": message.sender_name, "address": message.sender_address},
        "unit": message.unit,
        "received_at": message.received_at,
        "message_id": message.message_id,
        "sha256": message.sha256,
        "bytes": message.size,
        "attempts": message.attempts,
        "error": message.error,
        "drafts": [draft.receipt for draft in message.drafts],
        "findings": message.findings,
    }


def _unfetched(sighting: Sighting) -> Row:
    return {
        "id": None,
        "state": sighting.state,
        "kind": None,
        "subject": None,
        "sender": {"name": None, "address": None},
        "unit": None,
        "received_at": sighting.received_at,
        "message_id": sighting.message_id,
        "sha256": None,
        "bytes": sighting.size,
        "attempts": sighting.tries,
        "error": sighting.error,
        "drafts": [],
        "findings": [],
    }


def _receipts(session: Session, found: list[Draft]) -> dict[int, str]:
    """Receipt numbers of the drafts that these ones refer to."""
    wanted = {row for draft in found for row in (draft.duplicate_of, draft.supersedes) if row is not None}
    rows = session.execute(select(Draft.id, Draft.receipt).where(Draft.id.in_(wanted)))
    return dict(rows.all())


def _draft(draft: Draft, receipts: dict[int, str], base_url: str) -> Row:
    return (
        _text(draft)
        | _course(draft)
        | {
            "id": draft.id,
            "receipt": draft.receipt,
            "unit": draft.unit,
            "received_at": draft.received_at,
            "message_id": draft.message.message_id if draft.message else None,
            "duplicate_of": receipts.get(draft.duplicate_of or 0),
            "supersedes": receipts.get(draft.supersedes or 0),
            "url": f"{base_url}/drafts/{draft.id}",
        }
    )


def _text(draft: Draft) -> Row:
    return {
        "title": draft.title,
        "column": draft.column,
        "confidence": round(draft.confidence, 2),
        "document_number": draft.document_number,
        "issuer": draft.issuer,
        "issued_on": draft.issued_on,
        "printed_on": draft.printed_on,
        "addressee": draft.addressee,
        "body_html": draft.body_html,
        "body_text": draft.body_text,
        "attachments": [_attachment(attachment) for attachment in draft.attachments],
        "findings": draft.findings,
    }


def _course(draft: Draft) -> Row:
    return {
        "state": draft.state,
        "review_step": draft.review_step,
        "revision": draft.revision,
        "assignee": draft.assignee,
        "submit_due_at": draft.submit_due_at,
        "due_certain": draft.due_certain,
        "timeliness": draft.timeliness,
        "desk_due_at": draft.desk_due_at,
        "publish_due_at": draft.publish_due_at,
        "published_at": draft.published_at,
        "published_url": draft.published_url,
    }


def _attachment(attachment: DraftAttachment) -> Row:
    return {
        "name": attachment.name,
        "kind": attachment.kind,
        "bytes": attachment.size,
        "sha256": attachment.sha256,
        "role": attachment.role,
        "status": attachment.status,
    }


def _letter(letter: Letter) -> Row:
    return {
        "id": letter.id,
        "kind": letter.kind,
        "to": letter.to,
        "subject": letter.subject,
        "state": letter.state,
        "message_id": letter.message_id,
        "in_reply_to": letter.in_reply_to,
        "attempts": letter.attempts,
        "created_at": letter.created_at,
        "sent_at": letter.sent_at,
        "error": letter.error or letter.hold_reason,
    }
