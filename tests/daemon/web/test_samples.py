"""The letters' look in the queue: every kind in a frame that can do nothing, and a test letter to the office alone."""

from __future__ import annotations

import pytest

from daemon.mail.letter import Kind
from daemon.mail.samples import kinds
from daemon.store.schema import Journal, Letter
from daemon.web.words import LETTERS
from tests.daemon.desk.office import rows
from tests.daemon.web.conftest import Visit


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_is_shown_as_a_page_on_a_telephone_and_as_text(visit: Visit, kind: Kind) -> None:
    visit.login()
    page = visit.text(f"/letters/{kind}/1")
    assert page.count(f'sandbox="" src="/letters/{kind}/1/page"') == 2
    assert visit.desk.settings.office.phone in page
    assert all(f">{LETTERS[one]}</a>" in page for one in kinds())


@pytest.mark.parametrize("kind", kinds())
def test_a_letter_in_its_frame_runs_nothing_and_fetches_nothing(visit: Visit, kind: Kind) -> None:
    visit.login()
    answer = visit.get(f"/letters/{kind}/1/page")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in policy
    assert "<h1" in answer.get_data(as_text=True)


def test_one_to_oneself_goes_to_the_office_and_to_nobody_else(visit: Visit) -> None:
    visit.login()
    for number in (1, 1, 2):
        visit.post(f"/letters/acknowledgement/{number}", "/letters/acknowledgement/1")
    first, second = rows(visit.desk.store, Letter)
    office = visit.desk.settings.office.address
    assert (first.to, first.kind, first.state, first.unit) == (office, "test", "waiting", None)
    assert first.subject.startswith("【测试】收稿回执")
    assert second.subject != first.subject
    tried = [(row.who, row.letter) for row in rows(visit.desk.store, Journal) if row.action == "letter.test"]
    assert tried == [("王芳", first.id), ("王芳", second.id)]


@pytest.mark.parametrize("path", ["/letters/love/1", "/letters/layout/1", "/letters/reminder/99"])
def test_what_is_no_letter_is_not_found(visit: Visit, path: str) -> None:
    visit.login()
    assert visit.get(path).status_code == 404


def test_a_stranger_sees_none(visit: Visit) -> None:
    assert visit.get("/letters/reminder/1").status_code == 302
    assert visit.get("/letters/reminder/1/page").status_code == 302
