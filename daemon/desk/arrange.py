"""The order of a draft's files, which is the order in which they are published."""

from __future__ import annotations

from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.hand import Hand, NotFound, record, renewed, swap, unlocked
from daemon.store.schema import Draft, DraftAttachment

_ASIDE = 0
"""No file has this place: where one waits while another takes its own."""


def move_file(session: Session, hand: Hand, attachment_id: int, by: int) -> Draft:
    """The file changes places with the one before (-1) or after it (1); the first and the last stay."""
    draft = unlocked(session, hand)
    review.check_editable(draft, hand)
    files = list(draft.attachments)
    at = next((at for at, one in enumerate(files) if one.id == attachment_id), None)
    if at is None:
        raise NotFound("没有这个附件。")
    if not 0 <= at + by < len(files):
        return draft
    before = [one.name for one in files]
    swap(session, hand, draft, **renewed(draft, hand))
    _exchange(session, files[at], files[at + by])
    session.refresh(draft, ["attachments"])
    after = [one.name for one in draft.attachments]
    record(session, hand, "files.move", {"files": before}, {"files": after}, files[at].name)
    return draft


def _exchange(session: Session, one: DraftAttachment, other: DraftAttachment) -> None:
    mine, theirs = one.ordinal, other.ordinal
    for file, ordinal in ((one, _ASIDE), (other, mine), (one, theirs)):
        file.ordinal = ordinal
        session.flush()
