"""What is written and not saved yet: kept for each draft and person, offered when the page is opened again.

It changes no draft: neither its version nor its journal. Saving the draft, or the person's word, removes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from daemon.desk.hand import Hand, InvalidInput, NotFound
from daemon.store.autosaves import Autosave
from daemon.store.schema import Draft
from parsers.budgets import BUDGET


def keep_aside(session: Session, hand: Hand, form: Mapping[str, str]) -> Draft:
    """Keeps the fields as they stand, in place of what was kept before; gives the draft as it is now."""
    draft = session.get(Draft, hand.draft_id)
    if draft is None or (draft.secret and not hand.who.sees_secrets):
        raise NotFound("没有这篇稿件，或您无权查看。")
    if sum(map(len, form.values())) > BUDGET.body_html:
        raise InvalidInput("正文过长，未能暂存，请先保存。")
    kept = {"at": hand.now, "version": hand.version, "revision": draft.revision, "form": dict(form)}
    session.merge(Autosave(draft=draft.id, who=hand.who.name, **kept))
    return draft


def kept_aside(session: Session, draft: Draft, who: str) -> Autosave | None:
    """What this person has not saved of the draft."""
    return session.get(Autosave, (draft.id, who))


def writing(session: Session, hand: Hand) -> tuple[Autosave, ...]:
    """What others have been writing on the draft within the time of a lock, the latest first."""
    recent = (Autosave.draft == hand.draft_id, Autosave.at > hand.now - hand.settings.review.lock)
    query = select(Autosave).where(*recent, Autosave.who != hand.who.name)
    return tuple(session.scalars(query.order_by(Autosave.at.desc())))


def let_go_of(session: Session, hand: Hand) -> None:
    """It was saved, or is not wanted."""
    session.execute(delete(Autosave).where(Autosave.draft == hand.draft_id, Autosave.who == hand.who.name))
