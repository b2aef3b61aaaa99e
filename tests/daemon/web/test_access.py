"""Who gets to the pages, and for how long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon.desk import accounts
from daemon.web.access import secret_key
from tests.daemon.desk.desks import received
from tests.daemon.web.conftest import Visit
from tests.samples import PASSWORD

PAGES = ("/", "/queue/pending", "/drafts/1", "/drafts/1/edit", "/mail/other", "/mail/unreadable", "/mail/1",
         "/mail/1/raw", "/mail/1/original", "/outbox", "/outbox/1", "/reminders", "/drafts/1/files/1")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_but_the_login_asks_who_is_there(visit: Visit, path: str) -> None:
    answer = visit.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")


def test_after_the_login_one_goes_where_one_wanted_to(visit: Visit) -> None:
    answer = visit.post("/login?next=/outbox", "/login", name="王芳", password=PASSWORD)
    assert answer.headers["Location"] == "/outbox"


@pytest.mark.parametrize(
    "target", ["https://evil.example.com", "//evil.example.com", "/\\evil.example.com", "javascript:x"]
)
def test_the_login_leads_to_no_other_site(visit: Visit, target: str) -> None:
    answer = visit.client.post("/login", query_string={"next": target}, data=_form(visit))
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_is_refused_in_words(visit: Visit) -> None:
    answer = visit.login(password="not this one")
    assert answer.status_code == 403
    assert "用户名或密码不正确" in answer.get_data(as_text=True)


def test_an_account_is_locked_after_repeated_failures(visit: Visit) -> None:
    for _ in range(5):
        visit.login(password="not this one")
    assert "锁定" in visit.login().get_data(as_text=True)


def test_a_post_without_the_token_of_our_page_does_nothing(visit: Visit) -> None:
    visit.login()
    number = received(visit.desk, column="政府公文")
    assert visit.client.post(f"/drafts/{number}/take", data={"version": 1}).status_code == 400
    assert visit.desk.hand(number).version == 1


def test_a_session_ends_when_nobody_has_used_it(visit: Visit) -> None:
    visit.login()
    visit.moved = timedelta(hours=7)
    assert visit.get("/outbox").status_code == 200
    visit.moved = timedelta(hours=14)
    assert visit.get("/outbox").status_code == 200
    visit.moved = timedelta(hours=22, minutes=1)
    assert visit.get("/outbox").status_code == 302


def test_an_open_page_that_only_asks_for_changes_keeps_no_session_alive(visit: Visit) -> None:
    visit.login()
    for hours in (4, 7):
        visit.moved = timedelta(hours=hours)
        assert visit.get("/changes?since=0").status_code == 200
    visit.moved = timedelta(hours=8, minutes=1)
    assert visit.get("/changes?since=0").status_code == 401


def test_a_new_password_ends_the_sessions_before_it(visit: Visit) -> None:
    visit.login()
    with visit.desk.store.write() as session:
        accounts.set_password(session, "王芳", "another good one", visit.now())
    assert visit.get("/outbox").status_code == 302


def test_logging_out_ends_the_session(visit: Visit) -> None:
    visit.login()
    visit.post("/logout", "/queue/pending")
    assert visit.get("/outbox").status_code == 302


def test_the_session_cookie_is_for_our_pages_alone(visit: Visit) -> None:
    cookie = visit.login().headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_key_of_the_sessions_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) == 32
    assert secret_key(tmp_path) == key
    assert (tmp_path / "session.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["/login", "/queue/pending", "/static/baosong.js", "/nowhere"])
def test_every_answer_tells_browsers_what_not_to_do(visit: Visit, path: str) -> None:
    headers = visit.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def _form(visit: Visit) -> dict[str, str]:
    token = visit.text("/login").split('name="csrf_token" value="')[1].split('"')[0]
    return {"csrf_token": token, "name": "王芳", "password": PASSWORD}
