"""The demonstration's editors: what came in weeks ago they have dealt with, as on any working day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk import review
from daemon.desk.accounts import Actor, actor
from daemon.desk.export import export
from daemon.desk.hand import Hand
from daemon.desk.queue import open_blocks
from daemon.service import Desk
from daemon.store.schema import Draft, User

REASON = "公示内容含身份证号码、银行卡号等个人信息，请隐去后重新报送。"


def deal_with_all(desk: Desk) -> None:
    """Publishes every draft that waits, or returns it to its unit where something stands in the way."""
    with desk.store.read() as session:
        waiting = [(draft.id, bool(open_blocks(draft.findings))) for draft in _waiting(session)]
        people = {user.role: actor(session, user.id) for user in session.scalars(select(User))}
    editor, chief = people["editor"], people["chief"]
    assert editor is not None
    assert chief is not None
    for draft, blocked in waiting:
        if blocked:
            _do(desk, draft, editor, lambda session, hand: review.return_to_unit(session, hand, REASON))
        else:
            _publish(desk, draft, editor, chief)


def _waiting(session: Session) -> list[Draft]:
    return list(session.scalars(select(Draft).where(Draft.state == "pending").order_by(Draft.id)))


def _publish(desk: Desk, draft: int, editor: Actor, chief: Actor) -> None:
    _do(desk, draft, editor, review.take)
    _do(desk, draft, editor, review.sign)
    _do(desk, draft, chief, review.sign)
    export(desk.store, _hand(desk, draft, editor))
    now = desk.clock()
    url = f"https://www.example.cn/art/{now:%Y/%m/%d}/{draft}.html"
    _do(desk, draft, editor, lambda session, hand: review.confirm(session, hand, now, url))


def _do(desk: Desk, draft: int, who: Actor, action: Callable[[Session, Hand], object]) -> None:
    hand = _hand(desk, draft, who)
    with desk.store.write() as session:
        action(session, hand)


def _hand(desk: Desk, draft: int, who: Actor) -> Hand:
    now: datetime = desk.clock()
    with desk.store.read() as session:
        version = session.get_one(Draft, draft).version
    return Hand(draft, version, who, now, desk.settings)
