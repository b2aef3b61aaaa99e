"""Who is let in, and when not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from daemon.desk import accounts
from daemon.desk.accounts import AccountError, Actor, Refusal
from daemon.store.schema import Journal, User
from daemon.store.unit_of_work import Store
from tests.samples import NOW, PASSWORD


@pytest.fixture
def known(store: Store) -> Store:
    with store.write() as session:
        accounts.add_user(session, "王芳", PASSWORD, "editor", NOW)
    return store


def come(store: Store, password: str, minutes: float = 0, name: str = "王芳") -> Actor | Refusal:
    return accounts.check_password(store, name, password, 3, NOW + timedelta(minutes=minutes))


def test_the_right_password_lets_in(known: Store) -> None:
    found = come(known, PASSWORD)
    assert isinstance(found, Actor)
    assert (found.name, found.role) == ("王芳", "editor")


def test_the_password_itself_is_nowhere_in_the_database(known: Store) -> None:
    with known.read() as session:
        assert session.scalars(select(User.password_hash)).one().startswith("$argon2id$")


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(known: Store) -> None:
    assert come(known, "not the password") == come(known, PASSWORD, name="nobody") == Refusal(accounts.WRONG)


def test_three_failures_in_a_row_lock_the_account_even_for_the_right_password(known: Store) -> None:
    for _ in range(3):
        come(known, "wrong password")
    refused = come(known, PASSWORD, minutes=1)
    assert isinstance(refused, Refusal)
    assert "锁定" in refused.message
    assert "14 分钟" in refused.message


def test_the_lock_ends_by_itself(known: Store) -> None:
    for _ in range(3):
        come(known, "wrong password")
    assert isinstance(come(known, PASSWORD, minutes=15), Actor)


def test_a_success_in_between_starts_the_count_again(known: Store) -> None:
    for password in ("wrong one", "wrong two", PASSWORD, "wrong one", "wrong two"):
        come(known, password)
    assert isinstance(come(known, PASSWORD), Actor)


def test_lock_and_login_are_on_record(known: Store) -> None:
    come(known, PASSWORD)
    for _ in range(3):
        come(known, "wrong password")
    with known.read() as session:
        actions = list(session.scalars(select(Journal.action).order_by(Journal.id)))
    assert actions == ["user.add", "user.login", "user.lock"]


def test_a_new_password_unlocks_and_changes_the_mark_of_sessions(known: Store) -> None:
    before = come(known, PASSWORD)
    for _ in range(3):
        come(known, "wrong password")
    with known.write() as session:
        accounts.set_password(session, "王芳", "another good one", NOW)
    after = come(known, "another good one")
    assert isinstance(before, Actor)
    assert isinstance(after, Actor)
    assert before.mark != after.mark


def test_an_account_that_is_switched_off_is_not_let_in(known: Store) -> None:
    with known.write() as session:
        session.scalars(select(User)).one().active = False
    assert come(known, PASSWORD) == Refusal(accounts.WRONG)
    with known.read() as session:
        assert accounts.actor(session, 1) is None


@pytest.mark.parametrize(
    ("name", "password", "role", "why"),
    [
        ("", PASSWORD, "editor", "用户名"),
        ("系统", PASSWORD, "editor", "系统"),
        ("刘洋", "short", "editor", "密码"),
        ("刘洋", PASSWORD, "boss", "角色"),
        ("王芳", PASSWORD, "editor", "已经存在"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_the_reason(
    known: Store, name: str, password: str, role: str, why: str
) -> None:
    with known.write() as session, pytest.raises(AccountError, match=why):
        accounts.add_user(session, name, password, role, NOW)


def test_only_the_chief_sees_secrets() -> None:
    assert [Actor(1, "x", role).sees_secrets for role in accounts.ROLES] == [False, True, False]
