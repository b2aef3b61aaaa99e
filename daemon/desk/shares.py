"""What splitting and merging have in common: files that go from one draft to another, findings that stay true, and the
record by which either is undone (CONTRACT.md, section 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.hand import Hand, InvalidInput, NotFound, locked_by_other, record, unlocked
from daemon.desk.rescreen import still_stands
from daemon.desk.review import revision_of
from daemon.settings import Settings
from daemon.store import search
from daemon.store.schema import Draft, DraftAttachment, Journal

ACTIONS = ("split", "merge")
UNDONE = "split.undo"


def move_files(session: Session, ids: Collection[int], to: Draft) -> list[list[int]]:
    """These files become the other draft's last ones; gives [id, draft before, ordinal before] of each."""
    rows = select(DraftAttachment).where(DraftAttachment.id.in_(ids)).order_by(DraftAttachment.ordinal)
    last = session.scalar(select(func.max(DraftAttachment.ordinal)).where(DraftAttachment.draft == to.id)) or 0
    moved = [[row.id, row.draft, row.ordinal] for row in session.scalars(rows)]
    for ordinal, (row, _, _) in enumerate(moved, last + 1):
        _place(session, row, to.id, ordinal)
    return moved


def refresh(session: Session, settings: Settings, drafts: Iterable[Draft]) -> None:
    """After files or text went from one to another: their files anew, personal data only where it still stands."""
    session.flush()
    for draft in drafts:
        session.refresh(draft, ["attachments"])
        draft.findings = [one for one in draft.findings if _concerns(draft, one, settings)]
        search.put(session, draft)
    session.flush()


def undoable(session: Session, draft: Draft, hand: Hand) -> frozenset[int]:
    """Journal rows of the draft's splits and merges that can be undone: nothing has changed in either since."""
    rows = session.scalars(select(Journal).where(Journal.draft == draft.id, Journal.action.in_(ACTIONS)))
    return frozenset(row.id for row in rows if _obstacle(session, row, hand) is None)


def undo(session: Session, hand: Hand, journal_id: int) -> Draft:
    """Both drafts as they were before; what was split off is withdrawn, what was merged goes back into the queue."""
    draft = unlocked(session, hand)
    review.check_editable(draft, hand)
    row = session.get(Journal, journal_id)
    if row is None or row.draft != draft.id or row.action not in ACTIONS:
        raise NotFound("没有这条拆分或合并的记录。")
    if obstacle := _obstacle(session, row, hand):
        raise InvalidInput(obstacle)
    other = session.get_one(Draft, row.after["other"])
    review.apply(session, hand, draft, revision_of(session, draft, row.before["revision"]), "撤销拆分或合并")
    _files_back(session, row.after["files"])
    _move_other(session, replace(hand, draft_id=other.id, version=other.version), row.action, draft)
    draft.findings = row.before["findings"]
    refresh(session, hand.settings, (draft, other))
    record(session, hand, UNDONE, {}, {"of": row.id}, row.note)
    return draft


def _move_other(session: Session, hand: Hand, action: str, draft: Draft) -> None:
    note = f"{draft.receipt} 的{'拆分' if action == 'split' else '合并'}已撤销"
    if action == "split":
        review.withdraw(session, hand, note)
    else:
        review.reopen(session, hand, note)


def _obstacle(session: Session, row: Journal, hand: Hand) -> str | None:
    """Why it can't be undone, in Chinese."""
    draft, other = session.get_one(Draft, row.draft), session.get_one(Draft, row.after["other"])
    if other.secret and not hand.who.sees_secrets:
        return "您无权查看另一篇稿件。"
    if row.id in _undone(session, draft):
        return "这次拆分或合并已经撤销。"
    if draft.revision != row.after["revision"] or other.revision != row.after["other_revision"]:
        return "此后稿件又有修改，不能整体撤销。可用“各版”恢复本稿的内容，再分别处理。"
    stands = other.state in review.EDITABLE if row.action == "split" else other.state == "withdrawn"
    is_free = stands and not locked_by_other(other, hand.who, hand.now)
    return None if is_free else "另一篇稿件正在办理或已办结，不能撤销。"


def _undone(session: Session, draft: Draft) -> frozenset[int]:
    rows = session.scalars(select(Journal).where(Journal.draft == draft.id, Journal.action == UNDONE))
    return frozenset(row.after["of"] for row in rows)


def _files_back(session: Session, moved: list[list[int]]) -> None:
    for row, draft, ordinal in moved:
        _place(session, row, draft, ordinal)


def _place(session: Session, row: int, draft: int, ordinal: int) -> None:
    session.execute(update(DraftAttachment).where(DraftAttachment.id == row).values(draft=draft, ordinal=ordinal))


def _concerns(draft: Draft, finding: dict[str, Any], settings: Settings) -> bool:
    return not finding["code"].startswith("pii.") or still_stands(draft, finding, settings)
