"""One draft that holds two texts becomes two: the second begins at a paragraph that the editor chooses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.drafting import SPLIT_OFF, content_of
from daemon.desk.duplicates import text_key, title_key
from daemon.desk.hand import Hand, InvalidInput, record, unlocked
from daemon.desk.review import CONTENT, text_of
from daemon.desk.shares import move_files, refresh
from daemon.store import likeness, search
from daemon.store.numbers import next_id, next_receipt
from daemon.store.schema import Draft, DraftAttachment, Journal, Revision
from parsers.likeness import fingerprint
from parsers.roundup import Part, paragraphs, parts

_SHARED = (
    "message_row", "unit", "unit_evidence", "column", "confidence", "column_reason", "issuer", "issued_on",
    "printed_on", "received_at", "received_on", "submit_due_at", "due_certain", "timeliness", "desk_due_at",
    "publish_due_at", "secret", "findings", "parser_version", "config_version", "model_version",
)  # fmt: skip
"""What the second draft has from the first: it came with the same mail, at the same time, from the same unit."""


def split(session: Session, hand: Hand, at: int, title: str, moved: Collection[int], both: Collection[int]) -> Draft:
    """The new draft, of the text from paragraph `at` on (see `parsers.roundup.paragraphs`). Files of `moved` go with
    it, those of `both` stay with each. Without a title its first line is."""
    draft = unlocked(session, hand)
    review.check_editable(draft, hand)
    first, second = _cut(draft.body_html, at, " ".join(title.split()))
    before = {"revision": draft.revision, "findings": draft.findings}
    new = _new(session, hand, draft, second)
    kept = {name: getattr(draft, name) for name in CONTENT} | {"body_html": first.html}
    review.apply(session, hand, draft, kept, f"分出 {new.receipt}《{new.title}》")
    own = {one.id for one in draft.attachments}
    files = move_files(session, own & set(moved), new)
    _copy_files(session, draft, own & set(both), new)
    refresh(session, hand.settings, (draft, new))
    after = {"other": new.id, "revision": draft.revision, "other_revision": new.revision, "files": files}
    record(session, hand, "split", before, after, f"分出 {new.receipt}《{new.title}》")
    return new


def _cut(body_html: str, at: int, title: str) -> tuple[Part, Part]:
    if not 0 < at < len(paragraphs(body_html)):
        raise InvalidInput("请选择新稿从哪一段开始，第一段除外。")
    first, second = parts(body_html, [at])
    if title and title != second.title:
        pieces = paragraphs(body_html)[at:]
        second = Part(title, "".join(piece.html for piece in pieces))
    if not second.title:
        raise InvalidInput("这一段不像标题，请填写新稿的标题。")
    if len(second.title) > review.LONGEST_TITLE or not second.html:
        raise InvalidInput("新稿应有标题（不超过 300 个字）和正文。")
    return first, second


def _new(session: Session, hand: Hand, draft: Draft, part: Part) -> Draft:
    day = draft.received_on or hand.now.astimezone(hand.settings.office_value.zone).date()
    text = text_of(part.html)
    new = Draft(
        id=next_id(session, Draft), ordinal=_ordinal(session, draft), touched=True, version=1, revision=1,
        receipt=f"{day.year}-{next_receipt(session, day.year):06d}",
        state="pending" if draft.state == "in_review" else draft.state, title=part.title, body_html=part.html,
        body_text=text, title_key=title_key(part.title), text_key=text_key(text), created_at=hand.now,
        updated_at=hand.now, grouping_reason=f"由编辑从 {draft.receipt} 分出",
        **{name: getattr(draft, name) for name in _SHARED},
    )  # fmt: skip
    session.add(new)
    search.put(session, new)
    likeness.put(session, new.id, () if new.secret else fingerprint(text), ())
    session.add(Revision(of=new, number=1, at=hand.now, who=hand.who.name, content=content_of(new)))
    session.add(_begun(hand, draft, new))
    session.flush()
    return new


def _begun(hand: Hand, draft: Draft, new: Draft) -> Journal:
    after: dict[str, Any] = {"receipt": new.receipt, "state": new.state, "from": draft.id}
    about = {"draft": new.id, "message": new.message_row, "unit": new.unit}
    note = f"从 {draft.receipt} 分出"
    return Journal(at=hand.now, who=hand.who.name, action="split_off", after=after, note=note, **about)


def _ordinal(session: Session, draft: Draft) -> int:
    """Above what any reading of the mail gives."""
    if draft.message_row is None:
        return draft.ordinal
    last = session.scalar(select(func.max(Draft.ordinal)).where(Draft.message_row == draft.message_row)) or 0
    return max(last + 1, SPLIT_OFF)


def _copy_files(session: Session, draft: Draft, ids: Collection[int], to: Draft) -> None:
    names = ("name", "kind", "size", "sha256", "role", "status", "text", "html", "publish")
    last = session.scalar(select(func.max(DraftAttachment.ordinal)).where(DraftAttachment.draft == to.id)) or 0
    chosen = (one for one in draft.attachments if one.id in ids)
    for ordinal, one in enumerate(chosen, last + 1):
        values = {name: getattr(one, name) for name in names}
        session.add(DraftAttachment(draft=to.id, ordinal=ordinal, **values))
