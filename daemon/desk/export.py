"""An approved draft into the folder from which it reaches the portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.hand import Hand, held
from daemon.desk.pictures import picture_type, referred
from daemon.export.folder import Post, PostFile, ReadBlob, write_post
from daemon.rules import states
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store

_HANDED_OVER = ("annex", "picture")
"""Not the main document itself: what it hides (changes, comments, authors) was never looked at, only its text."""


def export(store: Store, hand: Hand) -> Path:
    """Writes the draft's folder, then moves it to `exported`; gives the folder. No transaction is open meanwhile.

    NotAllowed, ConflictError and NotFound as in review. A crash in between leaves a folder that the next try finds
    as it should be."""
    with store.read() as session:
        post = _post(session, hand, store.blobs.read)
    place = write_post(hand.settings.publishing.folder, post, store.blobs.read)
    with store.write() as session:
        review.exported(session, hand)
    return place


def _post(session: Session, hand: Hand, read_blob: ReadBlob) -> Post:
    draft = held(session, hand)
    steps = review.steps_of(draft, hand.settings)
    states.move(review.place_of(draft), "export", hand.who.role, steps, draft.secret)
    return post_of(draft, read_blob)


def post_of(draft: Draft, read_blob: ReadBlob) -> Post:
    """What of a draft is handed over."""
    return Post(
        receipt=draft.receipt,
        revision=draft.revision,
        title=draft.title,
        body_html=draft.body_html,
        facts=_facts(draft),
        files=[*_attached(draft), *_inside(draft, read_blob)],
    )


def _facts(draft: Draft) -> dict[str, Any]:
    return {
        "column": draft.column,
        "unit": draft.unit,
        "document_number": draft.document_number,
        "issuer": draft.issuer,
        "issued_on": draft.issued_on.isoformat() if draft.issued_on else None,
        "addressee": draft.addressee,
        "received_at": draft.received_at.isoformat() if draft.received_at else None,
        "body_text": draft.body_text,
    }


def _attached(draft: Draft) -> list[PostFile]:
    handed_over = [one for one in draft.attachments if one.publish and one.role in _HANDED_OVER]
    return [PostFile(one.name, one.kind, one.role, one.size, one.sha256) for one in handed_over]


def _inside(draft: Draft, read_blob: ReadBlob) -> list[PostFile]:
    """Pictures that stand in the text and are no attachments: those of a Word file."""
    attached = {one.sha256 for one in draft.attachments}
    return [_picture(sha256, read_blob(sha256)) for sha256 in referred(draft.body_html) if sha256 not in attached]


def _picture(sha256: str, data: bytes) -> PostFile:
    kind = picture_type(data)
    return PostFile(f"{sha256[:8]}{kind.extension if kind else ''}", "image", "picture", len(data), sha256)
