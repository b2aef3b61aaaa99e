"""What a content system asks and reports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.test import TestResponse

from daemon.desk import review
from daemon.desk.accounts import Actor
from daemon.desk.tokens import make_token, revoke_token
from daemon.store.schema import User
from parsers.submission import Finding
from tests.daemon.desk.desks import draft, journal, received
from tests.daemon.web.conftest import Visit
from tests.samples import HOME, NOW, attached, picture

URL = "https://www.huantai.example.cn/art/1.html"
ADMIN = Actor(9, "管理员", "admin")


class System:
    """A content system with a token."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        with visit.desk.store.write() as session:
            self.token = make_token(session, "门户", ADMIN, NOW)

    def get(self, path: str) -> TestResponse:
        return self.visit.get(f"/api/v1{path}", headers=self._headers())

    def report(self, number: int, **said: Any) -> TestResponse:
        said = {"revision": 1, "url": URL} | said
        return self.visit.client.post(f"/api/v1/posts/{number}/published", json=said, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def system(visit: Visit) -> System:
    return System(visit)


def approved(system: System, title: str = "防火通知") -> int:
    photo, blob = attached("照片.png", "image", "picture", picture("#9fb7c9"))
    body = f'<p>文</p><p><img src="sha256:{photo.sha256}" alt=""></p>'
    desk = system.visit.desk
    number = received(desk, title, column="政府公文", body_html=body, attachments=(photo,), blobs=(blob,))
    desk.do(number, review.take)
    desk.do(number, review.sign)
    return number


def test_approved_posts_are_given_with_their_files(system: System) -> None:
    number = approved(system)
    received(system.visit.desk, "待审的", column="政府公文")
    answer = system.get("/posts").get_json()
    (post,) = answer["posts"]
    assert (answer["after"], post["id"], post["title"], post["state"]) == (None, number, "防火通知", "approved")
    assert 'src="pictures/01.png"' in post["body_html"]
    assert system.get(f"/posts/{number}/files/{post['files'][0]['path']}").data == picture("#9fb7c9")
    assert system.get(f"/posts/{number}").get_json() == post


def test_pages_follow_each_other(system: System) -> None:
    numbers = [approved(system, f"通知{at}") for at in range(21)]
    first = system.get("/posts").get_json()
    second = system.get(f"/posts?after={first['after']}").get_json()
    assert [post["id"] for post in first["posts"] + second["posts"]] == numbers
    assert second["after"] is None


def test_the_address_is_reported_back_and_on_record(system: System) -> None:
    number = approved(system)
    answer = system.report(number, published_at="2026-11-20T15:00:00+08:00")
    assert (answer.status_code, answer.get_json()["published_url"]) == (200, URL)
    assert draft(system.visit.desk, number).state == "published"
    assert [(row.who, row.action) for row in journal(system.visit.desk, number)][-2:] == [
        ("接口：门户", "export"), ("接口：门户", "confirm"),
    ]  # fmt: skip
    assert system.get("/posts").get_json()["posts"] == []


def test_saying_the_same_again_changes_nothing_another_address_is_refused(system: System) -> None:
    number = approved(system)
    system.report(number)
    version = draft(system.visit.desk, number).version
    assert system.report(number).status_code == 200
    assert system.report(number, url="https://www.example.cn/2.html").status_code == 409
    assert draft(system.visit.desk, number).version == version


def test_a_text_that_was_changed_since_has_to_be_fetched_again(system: System) -> None:
    answer = system.report(approved(system), revision=2)
    assert (answer.status_code, "请重新取稿" in answer.get_json()["error"]) == (409, True)


@pytest.mark.parametrize(
    "said",
    [{"url": "javascript:alert(1)"}, {"revision": "1"}, {"url": None}, {"published_at": "2026-11-20T15:00:00"},
     {"published_at": "2026-11-21T15:00:00+08:00"}, {"published_at": "x"}],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_reason(system: System, said: dict[str, Any]) -> None:
    number = approved(system)
    answer = system.report(number, **said)
    assert answer.status_code == 422
    assert re.search("[\u4e00-\u9fff]", answer.get_json()["error"])
    assert draft(system.visit.desk, number).state == "approved"


def test_without_a_token_nobody_gets_in(system: System) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Basic {system.token}"}):
        answer = system.visit.get("/api/v1/posts", headers=headers)
        assert (answer.status_code, answer.get_json()) == (401, {"error": "令牌缺失或无效。"})
    system.visit.login()
    assert system.visit.get("/api/v1/posts").status_code == 401


def test_a_revoked_token_is_none(system: System) -> None:
    with system.visit.desk.store.write() as session:
        revoke_token(session, 1, ADMIN, NOW)
    assert system.get("/posts").status_code == 401


def test_secrets_and_unfinished_drafts_do_not_exist_for_it(system: System) -> None:
    desk = system.visit.desk
    secret = received(desk, column="政府公文", findings=(Finding("secret.marking", "block", "带有密级标志。"),))
    for number in (secret, received(desk, "待审的", column="政府公文"), 999):
        assert system.get(f"/posts/{number}").status_code == 404
        assert system.report(number).status_code == 404


def test_what_is_documented_is_what_is_there(system: System) -> None:
    described = yaml.safe_load(Path(HOME / "docs" / "api.yaml").read_text(encoding="utf-8"))
    rules = [rule for rule in system.visit.app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    there = {re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1") for rule in rules}
    assert set(described["paths"]) == there
    post = system.get(f"/posts/{approved(system)}").get_json()
    schema = described["components"]["schemas"]["Post"]
    assert set(post) == set(schema["properties"]) == set(schema["required"])
    assert set(post["files"][0]) == set(schema["properties"]["files"]["items"]["properties"])


def test_an_admin_makes_a_token_that_is_shown_once_and_revokes_it(visit: Visit) -> None:
    with visit.desk.store.write() as session:
        session.query(User).filter(User.name == "王芳").update({"role": "admin"})
    visit.login()
    made = re.search(r"bs_[\w-]{43}", visit.post("/admin/tokens", "/admin/tokens", name="门户").get_data(as_text=True))
    assert made is not None
    assert "bs_" not in visit.text("/admin/tokens")
    headers = {"Authorization": f"Bearer {made[0]}"}
    assert visit.get("/api/v1/posts", headers=headers).status_code == 200
    visit.post("/admin/tokens/1/revoke", "/admin/tokens")
    assert visit.get("/api/v1/posts", headers=headers).status_code == 401


def test_tokens_are_for_admins_alone(visit: Visit) -> None:
    visit.login()
    assert visit.get("/admin/tokens").status_code == 403
    assert "/admin/tokens" not in visit.text("/queue/pending")
