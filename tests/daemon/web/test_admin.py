"""Accounts and the journal, in the browser of an admin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.desk import review
from daemon.store.schema import Journal, User
from tests.daemon.desk.desks import BLOCK, received, rows
from tests.daemon.web.conftest import Visit
from tests.samples import PASSWORD


@pytest.fixture
def admin(visit: Visit) -> Visit:
    with visit.desk.store.write() as session:
        session.query(User).filter(User.name == "王芳").update({"role": "admin"})
    visit.login()
    return visit


def user(visit: Visit, name: str) -> User:
    (found,) = (one for one in rows(visit.desk, User) if one.name == name)
    assert isinstance(found, User)
    return found


def change(visit: Visit, path: str, **fields: str) -> str:
    visit.post(f"/admin/users{path}", "/admin/users", **fields)
    return visit.text("/admin/users")


def test_an_account_is_made_and_lets_in(admin: Visit) -> None:
    assert "账号已建立" in change(admin, "", name="赵新", password="a good password", role="chief")
    last = rows(admin.desk, Journal)[-1]
    assert (last.who, last.action, last.after) == ("王芳", "user.add", {"name": "赵新", "role": "chief"})
    admin.post("/logout", "/admin/users")
    assert admin.login("赵新", "a good password").status_code == 302


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": "刘洋", "password": "a good password", "role": "editor"}, "已经存在"),
        ({"name": "赵新", "password": "short", "role": "editor"}, "8 至 200 个字符"),
        ({"name": "赵新", "password": "a good password", "role": "king"}, "角色应为"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_the_reason(admin: Visit, fields: dict[str, str], why: str) -> None:
    assert why in change(admin, "", **fields)


def test_a_role_and_a_password_are_changed_by_another(admin: Visit) -> None:
    number = user(admin, "刘洋").id
    change(admin, f"/{number}/role", role="chief")
    change(admin, f"/{number}/password", password="a new password")
    assert user(admin, "刘洋").role == "chief"
    admin.post("/logout", "/admin/users")
    assert admin.login("刘洋", PASSWORD).status_code == 403
    assert admin.login("刘洋", "a new password").status_code == 302


def test_who_is_switched_off_is_out_at_once_and_comes_back(admin: Visit) -> None:
    number = user(admin, "刘洋").id
    other = replace(admin, client=admin.app.test_client())
    other.login("刘洋")
    change(admin, f"/{number}/off")
    assert other.get("/queue/pending").status_code == 302
    assert other.login("刘洋").status_code == 403
    change(admin, f"/{number}/on")
    assert other.login("刘洋").status_code == 302


@pytest.mark.parametrize(("path", "fields"), [("role", {"role": "editor"}), ("off", {})])
def test_nobody_takes_their_own_rights_away(admin: Visit, path: str, fields: dict[str, str]) -> None:
    assert "不能更改自己" in change(admin, f"/{user(admin, '王芳').id}/{path}", **fields)
    assert (user(admin, "王芳").role, user(admin, "王芳").active) == ("admin", True)


def test_the_journal_tells_who_did_what_and_nothing_of_secrets(admin: Visit) -> None:
    number = received(admin.desk, "公开的", column="政府公文")
    admin.desk.do(number, review.reject, "重复报送", name="刘洋")
    received(admin.desk, "涉密的", column="政府公文", findings=(replace(BLOCK, code="secret.marking"),))
    text = admin.text("/admin/audit")
    assert "重复报送" in text
    assert "2026-000001" in text
    assert "2026-000002" not in text
    assert "重复报送" in admin.text("/admin/audit?who=刘洋")
    assert "重复报送" not in admin.text("/admin/audit?who=张主编")


def test_all_of_it_is_for_admins_alone(visit: Visit) -> None:
    visit.login("张主编")
    for path in ("/admin/users", "/admin/audit", "/admin/tokens"):
        assert visit.get(path).status_code == 403
