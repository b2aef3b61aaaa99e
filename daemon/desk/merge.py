"""Two drafts that are one text become one: the second's text and files go into the first, the second is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.hand import Hand, InvalidInput, record, unlocked
from daemon.desk.review import CONTENT
from daemon.desk.shares import move_files, refresh
from daemon.rules.states import NotAllowed
from daemon.store.schema import Draft
from parsers.html import clean

MERGEABLE = ("pending", "in_review")
"""What is not vouched for, or settled already, is not mixed with other texts."""
_MOST = 30


def candidates(session: Session, draft: Draft, sees_secrets: bool) -> tuple[Draft, ...]:
    """Drafts that can go into this one: of the same mail first, then of the same unit, the newest first."""
    if draft.state not in MERGEABLE:
        return ()
    kin = [Draft.message_row == draft.message_row] if draft.message_row else []
    kin += [Draft.unit == draft.unit] if draft.unit else []
    if not kin or (draft.secret and not sees_secrets):
        return ()
    alike = (Draft.id != draft.id, Draft.state.in_(MERGEABLE), Draft.secret == draft.secret)
    rows = session.scalars(select(Draft).where(or_(*kin), *alike).order_by(Draft.id.desc()).limit(_MOST))
    return tuple(sorted(rows, key=lambda one: one.message_row != draft.message_row))


def merge(session: Session, hand: Hand, other_id: int, other_version: int, headed: bool) -> Draft:
    """The first draft with the other's text after its own; `headed`: below the other's title."""
    draft, other_hand = unlocked(session, hand), replace(hand, draft_id=other_id, version=other_version)
    other = unlocked(session, other_hand)
    review.check_editable(draft, hand)
    _check_kin(draft, other)
    before = {"revision": draft.revision, "findings": draft.findings}
    note = f"并入 {other.receipt}《{other.title}》"
    new = {name: getattr(draft, name) for name in CONTENT} | {"body_html": _joined(draft, other, headed)}
    review.apply(session, hand, draft, new, note)
    draft.findings = [*draft.findings, *(one for one in other.findings if one not in draft.findings)]
    there = {one.sha256 for one in draft.attachments}
    files = move_files(session, {one.id for one in other.attachments if one.sha256 not in there}, draft)
    review.withdraw(session, other_hand, f"已并入 {draft.receipt}《{draft.title}》")
    refresh(session, hand.settings, (draft, other))
    after = {"other": other.id, "revision": draft.revision, "other_revision": other.revision, "files": files}
    record(session, hand, "merge", before, after, note)
    return draft


def _joined(draft: Draft, other: Draft, headed: bool) -> str:
    heading = f"<h3>{escape(other.title, quote=False)}</h3>" if headed else ""
    return clean(f"{draft.body_html}{heading}{other.body_html}")


def _check_kin(draft: Draft, other: Draft) -> None:
    if draft.id == other.id:
        raise InvalidInput("请选择另一篇稿件。")
    if not {draft.state, other.state} <= set(MERGEABLE):
        raise NotAllowed("只有待审和审核中的稿件可以合并。")
    is_kin = (draft.message_row is not None and draft.message_row == other.message_row) or (
        draft.unit is not None and draft.unit == other.unit
    )
    if not is_kin or draft.secret != other.secret:
        raise NotAllowed("只有同一来信或同一单位的稿件可以合并，涉密标志也须相同。")
