"""Accounts of the review queue: who they are, what they may do, and when they are locked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Literal, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from daemon.store.schema import Journal, User
from daemon.store.unit_of_work import Store

Role = Literal["editor", "chief", "admin"]
ROLES: tuple[Role, ...] = ("editor", "chief", "admin")
LOCKED_FOR = timedelta(minutes=15)
SHORTEST_PASSWORD = 8
WRONG = "用户名或密码不正确。"

_HASHER = PasswordHasher()


class AccountError(ValueError):
    """The account cannot be made or used; the text says why, in Chinese."""


@dataclass(frozen=True)
class Actor:
    """Who does something, as the journal names them."""

    id: int
    name: str
    role: Role
    mark: str = ""
    """Changes with the password, so that older sessions end."""

    @property
    def sees_secrets(self) -> bool:
        """Drafts with a secrecy mark are for the chief alone (CONTRACT.md, section 4)."""
        return self.role == "chief"


@dataclass(frozen=True)
class Refusal:
    """Why somebody was not let in, in words that do not tell whether the name exists."""

    message: str


def add_user(session: Session, name: str, password: str, role: str, now: datetime, who: str = "系统") -> User:
    """A new account; AccountError where name, password or role do not do."""
    name = name.strip()
    _check_new(session, name, password, role)
    user = User(name=name, password_hash=_HASHER.hash(password), role=role, created_at=now)
    session.add(user)
    session.add(Journal(at=now, who=who, action="user.add", after={"name": name, "role": role}))
    session.flush()
    return user


def set_password(session: Session, name: str, password: str, now: datetime, who: str = "系统") -> None:
    """A new password for an account; it also unlocks it and ends its sessions."""
    _check_password(password)
    user = session.scalar(select(User).where(User.name == name))
    if user is None:
        raise AccountError(f"没有名为“{name}”的账号")
    user.password_hash, user.failures, user.locked_until = _HASHER.hash(password), 0, None
    session.add(Journal(at=now, who=who, action="user.password", after={"name": name}))


def set_role(session: Session, user_id: int, role: str, who: Actor, now: datetime) -> User:
    """Another role from now on, in open sessions too. AccountError where there is no such role, or it is one's own."""
    if role not in ROLES:
        raise AccountError(f"角色应为 {'、'.join(ROLES)} 之一，而不是“{role}”")
    user = _other(session, user_id, who)
    before, user.role = user.role, role
    after = {"name": user.name, "role": role}
    session.add(Journal(at=now, who=who.name, action="user.role", before={"role": before}, after=after))
    return user


def set_active(session: Session, user_id: int, active: bool, who: Actor, now: datetime) -> User:
    """Switches an account off, which ends its sessions, or on again. What it did stays under its name."""
    user = _other(session, user_id, who)
    user.active = active
    action = "user.on" if active else "user.off"
    session.add(Journal(at=now, who=who.name, action=action, after={"name": user.name}))
    return user


def _other(session: Session, user_id: int, who: Actor) -> User:
    """Nobody changes their own, so that there is always somebody left who can."""
    user = session.get(User, user_id)
    if user is None:
        raise AccountError("没有这个账号")
    if user.id == who.id:
        raise AccountError("不能更改自己的角色或停用自己，请另一位管理员办理")
    return user


def check_password(store: Store, name: str, password: str, lock_after: int, now: datetime) -> Actor | Refusal:
    """Lets somebody in, or counts the failure: after `lock_after` in a row the account is locked for LOCKED_FOR.

    The slow hash is reckoned between two transactions: none is open meanwhile. The lock is looked at again in the
    second one, so that guesses made in parallel gain nothing."""
    with store.read() as session:
        user = _find(session, name)
        known = user.password_hash if user and not _is_locked(user, now) else _decoy()
    right = _verify(known, password)
    with store.write() as session:
        user = _find(session, name)
        return _settle(session, user, right, lock_after, now) if user else Refusal(WRONG)


def people(session: Session, secret: bool = False) -> tuple[str, ...]:
    """Who a draft can be given to: everybody who works, or of a secret one the chiefs."""
    query = select(User.name).where(User.active, *([User.role == "chief"] if secret else []))
    return tuple(session.scalars(query.order_by(User.name)))


def users(session: Session) -> tuple[User, ...]:
    """All accounts, those that are switched off last."""
    return tuple(session.scalars(select(User).order_by(User.active.desc(), User.name)))


def actor(session: Session, user_id: int) -> Actor | None:
    """The account of a running session; None where it is gone or switched off."""
    user = session.get(User, user_id)
    return _actor(user) if user is not None and user.active else None


def _actor(user: User) -> Actor:
    mark = sha256(user.password_hash.encode()).hexdigest()[:16]
    return Actor(user.id, user.name, cast(Role, user.role), mark)


def _check_new(session: Session, name: str, password: str, role: str) -> None:
    if not name or len(name) > 50 or any(ord(character) < 32 for character in name):
        raise AccountError("用户名应为 1 至 50 个字")
    if name == "系统":
        raise AccountError("“系统”是日志中程序自己的名字，请换一个用户名")
    if role not in ROLES:
        raise AccountError(f"角色应为 {'、'.join(ROLES)} 之一，而不是“{role}”")
    _check_password(password)
    if session.scalar(select(User.id).where(User.name == name)):
        raise AccountError(f"用户名“{name}”已经存在")


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= 200:
        raise AccountError(f"密码应为 {SHORTEST_PASSWORD} 至 200 个字符")


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password[:200])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    """Checked where the name is unknown, so that the answer takes as long as for a known one."""
    return _HASHER.hash("no account has this password")


def _find(session: Session, name: str) -> User | None:
    return session.scalar(select(User).where(User.name == name.strip(), User.active))


def _is_locked(user: User, now: datetime) -> bool:
    return user.locked_until is not None and now < user.locked_until


def _settle(session: Session, user: User, right: bool, lock_after: int, now: datetime) -> Actor | Refusal:
    if user.locked_until and _is_locked(user, now):
        return Refusal(_locked_words(user.locked_until - now))
    if not right:
        return _failed(session, user, lock_after, now)
    user.failures, user.locked_until = 0, None
    session.add(Journal(at=now, who=user.name, action="user.login"))
    return _actor(user)


def _failed(session: Session, user: User, lock_after: int, now: datetime) -> Refusal:
    user.failures += 1
    if user.failures < lock_after:
        return Refusal(WRONG)
    user.failures, user.locked_until = 0, now + LOCKED_FOR
    session.add(Journal(at=now, who=user.name, action="user.lock", note=f"连续 {lock_after} 次输错密码"))
    return Refusal(_locked_words(LOCKED_FOR))


def _locked_words(left: timedelta) -> str:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return f"连续输错密码，账号已锁定，请 {minutes} 分钟后再试，或请管理员重设密码。"
