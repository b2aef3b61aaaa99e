"""Tokens with which a content system asks for approved posts. Only their hashes are kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.desk.accounts import Actor
from daemon.desk.hand import InvalidInput
from daemon.store.schema import ApiToken, Journal


def make_token(session: Session, name: str, who: Actor, now: datetime) -> str:
    """A new token, which is seen this once. InvalidInput where the name does not do."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 50:
        raise InvalidInput("请写明令牌给哪个系统用，1 至 50 个字。")
    token = f"bs_{secrets.token_urlsafe(32)}"
    session.add(ApiToken(name=name, digest=_digest(token), made_by=who.name, created_at=now))
    session.add(Journal(at=now, who=who.name, action="token.make", after={"name": name}))
    return token


def revoke_token(session: Session, token_id: int, who: Actor, now: datetime) -> None:
    """From now on the token lets nobody in. Safe to repeat."""
    found = session.get(ApiToken, token_id)
    if found is not None and found.revoked_at is None:
        found.revoked_at = now
        session.add(Journal(at=now, who=who.name, action="token.revoke", after={"name": found.name}))


def tokens(session: Session) -> tuple[ApiToken, ...]:
    """All of them, the newest first."""
    return tuple(session.scalars(select(ApiToken).order_by(ApiToken.id.desc())))


def bearer(session: Session, token: str) -> Actor | None:
    """Who asks with this token, as the journal names it; None: nobody that we know. It may do what an editor may."""
    query = select(ApiToken).where(ApiToken.digest == _digest(token), ApiToken.revoked_at.is_(None))
    found = session.scalar(query)
    return Actor(0, f"接口：{found.name}", "editor") if found else None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
