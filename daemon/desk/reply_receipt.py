"""What a reply brought about, as sentences for its writer: read from the journal that was written with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.store.schema import Draft, Journal, Letter, Message

_A_DAY = timedelta(days=1)
_NOTE = "reply.note"


@dataclass(frozen=True)
class Done:
    """One thing that a reply did: its name in the journal, and what is said of it."""

    action: str
    sentence: str


def done_by(session: Session, message: Message) -> tuple[Done, ...]:
    """What this mail brought about, in order, each sentence once."""
    if message.is_new:
        return ()
    query = select(Journal).where(Journal.message == message.id, Journal.action.startswith("reply."))
    found = (_done(session, message, row) for row in session.scalars(query.order_by(Journal.id)))
    return tuple(dict.fromkeys(done for done in found if done))


def is_worth_a_letter(session: Session, message: Message, done: Sequence[Done], now: datetime) -> bool:
    """Whether the writer should be told. Of a mere note once a day and draft: an answering machine that does not
    say what it is would write for ever."""
    if not done or any(one.action != _NOTE for one in done):
        return bool(done)
    draft = about(session, message)
    query = select(Letter.id).where(
        Letter.kind == "answer",
        Letter.to == (message.sender_address or "").lower(),
        Letter.created_at > now - _A_DAY,
        Letter.draft.is_not_distinct_from(draft.id if draft else None),
    )
    return session.scalar(query.limit(1)) is None


def about(session: Session, message: Message) -> Draft | None:
    """The draft that a reply was about, where it was about one."""
    query = select(Journal.draft).where(Journal.message == message.id, Journal.action.startswith("reply."))
    drafts = set(session.scalars(query))
    only = drafts.pop() if len(drafts) == 1 else None
    return session.get(Draft, only) if only is not None else None


def _done(session: Session, message: Message, row: Journal) -> Done | None:
    say = _SENTENCES.get(row.action)
    draft = session.get(Draft, row.draft) if row.draft is not None else None
    return Done(row.action, say(row, _named(draft, message), draft)) if say else None


def _named(draft: Draft | None, message: Message) -> str:
    """A draft as a letter names it: a secret's title stands in none, a unit's in no other unit's."""
    if draft is None:
        return ""
    is_shown = draft.unit == message.unit and not draft.secret
    return f"稿件 {draft.receipt}" + (f"《{draft.title}》" if is_shown else "")


def _revised(row: Journal, named: str, draft: Draft | None) -> str:
    number = draft.revision if draft else ""
    return f"更正稿收悉，已作为{named}的第{number}版，重新进入审核。是否按期报送，仍以首次收到时间认定。"


def _noted(row: Journal, named: str, draft: Draft | None) -> str:
    return f"来信说明已附于{named}，由编辑办理。" if named else "来信说明已转编辑办理。"


def _column(row: Journal, named: str, draft: Draft | None) -> str:
    column = row.after.get("column")
    return f"{named}的栏目调整建议{f'（{column}）' if column else ''}已登记，由编辑部核定。"


def _case_answer(row: Journal, named: str, draft: Draft | None) -> str:
    # What the unit said is not given back: it may name who asked.
    returned = "退回编辑部" in row.note
    number = row.note.split("号")[0]
    return f"{number}号的{'退回意见' if returned else '答复'}收悉，由编辑部{'另行转办' if returned else '办理'}。"


def _answered(answer: str) -> Callable[[Journal, str, Draft | None], str]:
    return lambda row, named, draft: f"{f'{named}：' if named else ''}“{answer}”的答复已登记。"


_SENTENCES: dict[str, Callable[[Journal, str, Draft | None], str]] = {
    "reply.withdraw": lambda row, named, draft: f"{named}已按来信要求撤回，不再发布。",
    "reply.withdraw_asked": lambda row, named, draft: f"{named}已进入发布环节，撤回要求已转编辑部办理，结果另行告知。",
    "reply.revise": _revised,
    "reply.annex": lambda row, named, draft: f"补充的文件收悉，已附入{named}。",
    "reply.column": _column,
    "reply.no_change": _answered("无变化"),
    "reply.not_public": _answered("不公开"),
    "reply.objection": lambda row, named, draft: f"{f'对{named}的' if named else ''}异议已登记，由编辑部核实后答复。",
    "reply.change": lambda row, named, draft: f"变更事项已登记（{row.note}），请报送变更后的内容，已报送的不必重复。",
    "reply.case": lambda row, named, draft: f"来信已登记为{row.note}，由编辑部转办。",
    "reply.answer": _case_answer,
    "reply.liaison": lambda row, named, draft: "信息员变更已登记，由编辑部核实后生效。",
    _NOTE: _noted,
}
