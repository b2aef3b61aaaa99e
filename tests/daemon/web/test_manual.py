"""The page of 手工登记."""

from __future__ import annotations

import io
import re

from werkzeug.test import TestResponse

from daemon.desk.receive import begin_attempt, take_in
from daemon.store.schema import Journal, Message
from tests.daemon.desk.desks import rows
from tests.daemon.web.conftest import Visit
from tests.samples import NOW, found_draft, submission

UNIT = "唐山镇人民政府"


def send(visit: Visit, **changed: object) -> TestResponse:
    form = re.search(r'name="form" value="([0-9a-f]{32})"', visit.text("/manual"))
    assert form
    fields = {
        "form": form[1], "unit": UNIT, "received_at": "2026-11-19T10:00", "way": "paper", "reason": "单位网络故障",
        "title": "防火通知", "text": "", "files": (io.BytesIO(b"%PDF-1.4"), "C:\\稿件\\通知\x07.pdf"),
    }  # fmt: skip
    return visit.post("/manual", "/manual", **(fields | changed))


def test_what_is_entered_waits_to_be_read_and_then_shows_its_number_and_verdict(visit: Visit) -> None:
    visit.login()
    assert send(visit).status_code == 302
    assert "正在识别" in visit.text("/manual")
    (message,) = rows(visit.desk, Message)
    assert message.received_at.isoformat() == "2026-11-19T02:00:00+00:00"
    raw = visit.desk.store.blobs.path(message.sha256).read_bytes()
    assert b"C:" not in raw
    begin_attempt(visit.desk.store, [message.id], NOW)
    found = submission(UNIT, "desk@x.cn", "[代报]", NOW, found_draft("防火通知", None))
    take_in(visit.desk.store, [(message.id, found)], visit.desk.settings, NOW, lambda *_: None)
    page = visit.text("/manual")
    assert "2026-000001" in page
    assert "纸质报送，2026-11-19 10:00 收到：单位网络故障" in page
    assert "手工登记" in visit.text("/drafts/1")
    assert [row.who for row in rows(visit.desk, Journal) if row.action == "manual.enter"] == ["王芳"]


def test_a_time_to_come_is_refused_and_what_was_typed_stays(visit: Visit) -> None:
    visit.login()
    answer = send(visit, received_at="2099-01-01T10:00", reason="网络故障八小时")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "收到时间不能晚于现在" in page
    assert 'value="网络故障八小时"' in page
    assert rows(visit.desk, Message) == []


def test_files_larger_than_a_form_may_come_with_this_one_alone(visit: Visit) -> None:
    visit.login()
    visit.app.config["MAX_CONTENT_LENGTH"] = 100_000
    large = bytes(200_000)
    assert send(visit, files=(io.BytesIO(large), "a.zip")).status_code == 302
    assert visit.post("/units/liaisons", "/units", name="x" * len(large)).status_code == 413
