"""What the pages say and do, asked as a browser without scripts would."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from daemon.desk import review
from daemon.desk.hand import held
from daemon.store.schema import Draft, Message
from daemon.web.words import RETURN_REASONS
from parsers.submission import Finding
from tests.daemon.desk.desks import BLOCK, draft, received
from tests.daemon.web.conftest import Visit
from tests.samples import NOW, attached, fill, found_draft, mail, picture, submission

TABS = ("pending", "mine", "soon", "returned", "quarantined", "ready", "published", "unused", "all", "archived")


@pytest.fixture
def editor(visit: Visit) -> Visit:
    visit.login()
    return visit


def take(visit: Visit, number: int, action: str, **fields: Any) -> Any:
    version = visit.desk.hand(number).version
    return visit.post(f"/drafts/{number}/{action}", f"/drafts/{number}", **({"version": version} | fields))


@pytest.mark.parametrize("key", TABS)
def test_an_empty_list_says_what_to_do(editor: Visit, key: str) -> None:
    text = editor.text(f"/queue/{key}")
    assert 'class="empty"' in text


def test_counts_beside_the_tabs_are_those_of_the_lists(visit: Visit) -> None:
    visit.login()
    number = received(visit.desk, "一", column="政府公文")
    received(visit.desk, "二", column="政府公文")
    visit.desk.do(number, review.take)
    text = visit.text("/queue/pending")
    shown = dict(re.findall(r'href="/queue/(\w+)"[^>]*>.*?<span class="count[^"]*">(\d+)</span>', text, re.DOTALL))
    assert (shown["pending"], shown["mine"], shown["returned"]) == ("2", "1", "0")
    assert text.count("data-id=") == 2


def test_a_draft_goes_from_pending_to_published(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    for action in ("take", "sign", "export"):
        assert take(editor, number, action).status_code == 302
    take(editor, number, "confirm", url="https://www.example.cn/1.html", published_at="2026-11-20T15:00")
    now = draft(editor.desk, number)
    assert (now.state, now.published_url) == ("published", "https://www.example.cn/1.html")
    assert now.published_at is not None
    assert now.published_at.astimezone(NOW.tzinfo).hour == 15
    assert "https://www.example.cn/1.html" in editor.text(f"/drafts/{number}")


def test_a_return_joins_ready_made_and_free_reasons(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    take(editor, number, "return", ready=["缺少附件。", "日期缺失。"], reason="请今日内补齐")
    assert draft(editor.desk, number).state == "returned"
    history = editor.text(f"/drafts/{number}")
    assert "缺少附件。\n日期缺失。\n请今日内补齐" in history


def test_a_return_without_a_reason_is_refused_in_words(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    answer = take(editor, number, "return", reason=" ")
    assert answer.status_code == 422
    assert "请填写退回原因" in answer.get_data(as_text=True)


def test_an_edit_is_shown_with_what_it_changed(editor: Visit) -> None:
    number = received(editor.desk, "旧标题", column="政府公文")
    fields = {"title": "新标题", "column": "政务公告", "issued_on": "2026-11-18", "body_html": "<p>新正文</p>"}
    take(editor, number, "edit", **fields)
    page = editor.text(f"/drafts/{number}")
    assert "标题：旧标题 → 新标题" in page
    assert "栏目：政府公文 → 政务公告" in page
    assert "<p>新正文</p>" in page
    assert "旧标题" in editor.text(f"/drafts/{number}/revisions/1")


def test_a_conflict_says_who_and_keeps_what_was_written(editor: Visit) -> None:
    number = received(editor.desk, "旧标题", column="政府公文")
    editor.desk.do(number, review.take, name="刘洋")
    answer = take(editor, number, "edit", version=1, title="我的标题", body_html="<p>我的正文</p>")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "已被刘洋修改" in page
    assert "我的标题</textarea>" in page
    assert "我的正文" in page
    assert draft(editor.desk, number).title == "旧标题"


def test_a_wrong_date_is_explained_and_nothing_written_is_lost(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    answer = take(editor, number, "edit", title="新标题", issued_on="18/11", body_html="<p>x</p>")
    assert answer.status_code == 422
    assert "成文日期应写作" in answer.get_data(as_text=True)
    assert "新标题</textarea>" in answer.get_data(as_text=True)


def test_blocks_keep_the_approval_away_until_they_are_settled(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文", findings=(BLOCK,))
    take(editor, number, "take")
    assert "处理完 1 条" in editor.text(f"/drafts/{number}")
    take(editor, number, "findings/0/resolve", reason="原文并无此号")
    assert f'action="/drafts/{number}/sign' in editor.text(f"/drafts/{number}")


def test_a_secret_draft_and_its_mail_do_not_exist_for_editors(visit: Visit) -> None:
    secret = Finding("secret.marking", "block", "带有密级标志。", "机密★1年")
    number = received(visit.desk, "机密标题", findings=(secret,))
    row = draft(visit.desk, number).message_row
    paths = (f"/drafts/{number}", f"/mail/{row}", f"/mail/{row}/raw", f"/mail/{row}/original", "/outbox/1")
    visit.login("王芳")
    assert [visit.get(path).status_code for path in paths] == [404] * 5
    assert "机密标题" not in visit.text("/queue/quarantined") + visit.text("/outbox")
    visit.post("/logout", "/queue/pending")
    visit.login("张主编")
    assert [visit.get(path).status_code for path in paths] == [200] * 5


def test_a_letter_judged_nothing_becomes_a_draft_by_one_key(editor: Visit) -> None:
    row = editor.desk.receive(mail("来信", "x@example.com", "<p>x</p>"), submission(None, "x@example.com", "来信", NOW))
    answer = editor.post(f"/mail/{row}/draft", "/mail/other")
    assert answer.headers["Location"].startswith("/drafts/")
    assert "来信" in editor.text("/queue/pending")


def test_an_unreadable_mail_is_read_again_by_one_key(visit: Visit) -> None:
    _fill(visit)
    visit.login()
    page = visit.text("/mail/unreadable")
    assert "解析超过 20 秒" in page
    assert "超过 100 MB" in page
    row = re.findall(r'action="/mail/(\d+)/parse"', page)[0]
    visit.post(f"/mail/{row}/parse", "/mail/unreadable")
    with visit.desk.store.read() as session:
        assert session.get_one(Message, int(row)).state == "stored"


def test_attachments_come_as_downloads_under_their_own_name(editor: Visit) -> None:
    file, blob = attached("附件 1\u202e.html", "html", "annex", b"<script>alert(1)</script>")
    number = received(editor.desk, column="政府公文", attachments=(file,), blobs=(blob,))
    with editor.desk.store.read() as session:
        row = held(session, editor.desk.hand(number)).attachments[0].id
    answer = editor.get(f"/drafts/{number}/files/{row}")
    assert answer.data == blob.data
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''%E9%99%84%E4%BB%B6%201_.html" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pictures_are_shown_only_if_they_are_some_and_belong_to_the_draft(editor: Visit) -> None:
    photo, photo_blob = attached("a.png", "image", "picture", picture("#123456"))
    drawing, drawing_blob = attached("a.svg", "image", "picture", b"<svg onload='alert(1)'/>")
    number = received(editor.desk, column="政府公文", attachments=(photo, drawing), blobs=(photo_blob, drawing_blob))
    other = received(editor.desk, "另一篇", column="政府公文")
    assert editor.get(f"/drafts/{number}/pictures/{photo.sha256}").headers["Content-Type"] == "image/png"
    assert editor.get(f"/drafts/{number}/pictures/{drawing.sha256}").status_code == 415
    assert editor.get(f"/drafts/{other}/pictures/{photo.sha256}").status_code == 404


def test_the_original_stands_in_a_sandbox_that_asks_nobody(editor: Visit) -> None:
    hostile = '<p onclick="x()">文</p><script>x()</script><img src="http://evil.example.com/a.png"><form></form>'
    raw = mail("报送", "x@163.com", hostile)
    row = editor.desk.receive(raw, submission(None, "x@163.com", "报送", NOW, found_draft("题", "政府公文")))
    answer = editor.get(f"/mail/{row}/original")
    page = answer.get_data(as_text=True)
    assert "文" in page
    assert not re.search(r"<script|onclick|evil\.example|<form", page)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_what_stands_in_the_database_is_cleaned_once_more_on_its_way_out(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    with editor.desk.store.write() as session:
        session.get_one(Draft, number).body_html = '<p style="x" onclick="y">文</p><script>z</script><iframe></iframe>'
    page = editor.text(f"/drafts/{number}")
    assert '<div class="post"><p>文</p></div>' in page


def test_pages_that_have_seen_everything_get_no_more_than_a_304(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    first = editor.get("/changes?since=0")
    assert first.get_json()["drafts"] == [number]
    tag = first.headers["ETag"]
    assert editor.get("/changes?since=0", headers={"If-None-Match": tag}).status_code == 304
    editor.desk.do(number, review.take)
    assert editor.get("/changes?since=0", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/queue/nothing", "/drafts/999", "/drafts/99999999999999999999", "/mail/999", "/outbox/999", "/changes?since=x"],
)
def test_what_is_not_there_is_said_in_chinese(editor: Visit, path: str) -> None:
    answer = editor.get(path)
    assert answer.status_code in (400, 404)
    assert re.search(r"<strong>[\u4e00-\u9fff]", answer.get_data(as_text=True))


@pytest.mark.parametrize("after", ["x", "~", "2026~1", "2026-11-20T00:00:00~1", "~999999999999999999999"])
def test_a_changed_address_of_a_page_does_no_harm(editor: Visit, after: str) -> None:
    assert editor.get("/queue/pending", query_string={"after": after}).status_code == 200


def test_held_letters_are_let_go_from_the_outbox(visit: Visit) -> None:
    _fill(visit)
    visit.login()
    held = re.findall(r'name="letter" value="(\d+)"', visit.text("/outbox?state=held"))
    assert len(held) == 1
    visit.post("/outbox/let_go?state=held", "/outbox?state=held", letter=held)
    assert "没有函件" in visit.text("/outbox?state=held")


def test_a_reminder_is_held_before_it_is_written(visit: Visit) -> None:
    _fill(visit)
    visit.login()
    page = visit.text("/reminders")
    unit = re.findall(r'name="unit" value="([^"]+)"', page)[0]
    day = re.findall(r'name="day" value="([^"]+)"', page)[0]
    visit.post("/reminders/hold", "/reminders", unit=unit, day=day, hold="1")
    assert "编辑已暂缓" in visit.text("/reminders")


def _fill(visit: Visit) -> None:
    """The whole day; the people are there already."""
    people = visit.desk
    object.__setattr__(people, "add_people", lambda: None)
    fill(people)


def test_another_sees_who_works_on_a_draft_and_till_when_and_is_offered_nothing(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    editor.desk.do(number, review.take, name="刘洋")
    text = editor.text(f"/drafts/{number}")
    assert "刘洋正在处理这篇稿件，锁定至 15:25" in text
    assert f"/drafts/{number}/sign" not in text
    assert f"/drafts/{number}/edit" not in text
    assert f"/drafts/{number}/assign" not in text
    assert "刘洋 处理中" in editor.text("/queue/pending")
    editor.moved = timedelta(minutes=16)
    assert f"/drafts/{number}/sign" in editor.text(f"/drafts/{number}")


def test_a_draft_is_assigned_to_a_colleague(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    take(editor, number, "assign", to="刘洋")
    assert draft(editor.desk, number).assignee == "刘洋"
    assert "处理人：（空） → 刘洋" in editor.text(f"/drafts/{number}")


def test_writing_on_keeps_the_lock(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    editor.desk.do(number, review.take)
    assert editor.post(f"/drafts/{number}/lock", f"/drafts/{number}").status_code == 204
    editor.desk.do(number, review.assign, "刘洋")
    assert editor.post(f"/drafts/{number}/lock", f"/drafts/{number}").status_code == 409


def shown(visit: Visit, path: str) -> list[int]:
    return [int(number) for number in re.findall(r'data-id="(\d+)"', visit.text(path))]


def test_a_list_is_searched_in_title_body_and_attachments(editor: Visit) -> None:
    annex, blob = attached("名单.xlsx", "xlsx", "annex", b"sheet")
    first = received(editor.desk, "森林防火通知", column="政府公文", body_html="正文")
    second = received(editor.desk, "招聘公告", column="政府公文", body_html="报名事项")
    third = received(
        editor.desk,
        "值班安排",
        column="政府公文",
        body_html="正文",
        attachments=(replace(annex, text="防火值班"),),
        blobs=(blob,),
    )
    assert set(shown(editor, "/queue/pending?words=防火")) == {first, third}
    assert shown(editor, "/queue/pending?words=报名") == [second]
    editor.desk.do(second, review.reject, "重复")
    text = editor.text("/queue/pending?words=报名")
    assert "在全部稿件中找" in text
    assert shown(editor, "/queue/all?words=报名") == [second]


def test_a_list_is_narrowed_by_kind_editor_period_and_finding(editor: Visit) -> None:
    first = received(editor.desk, "一", column="政府公文", findings=(BLOCK,), unit="唐山镇人民政府")
    second = received(editor.desk, "二", column="政府公文", unit="桓台县民政局", received_at=NOW - timedelta(days=9))
    editor.desk.do(second, review.take)
    for asked, there in (
        ("kind=town", first), ("kind=department", second), ("editor=王芳", second), ("editor=-", first),
        ("since=2026-11-20", first), ("until=2026-11-19", second), ("finding=pii.id_number", first),
    ):  # fmt: skip
        assert shown(editor, f"/queue/pending?{asked}") == [there], asked
    assert len(shown(editor, "/queue/pending?since=nonsense&finding=")) == 2


def test_a_secret_is_found_by_no_word(visit: Visit) -> None:
    visit.login("张主编")
    finding = Finding("secret.marking", "block", "带有密级标志。", "机密★1年")
    received(visit.desk, "森林防火通知", column="政府公文", findings=(finding,))
    assert shown(visit, "/queue/all?words=防火") == []
    assert len(shown(visit, "/queue/all")) == 1


def chosen(visit: Visit, path: str) -> list[str]:
    return re.findall(r'name="draft" value="(\d+:\d+)"', visit.text(path))


def test_many_drafts_are_moved_at_once_and_what_cannot_be_is_told(editor: Visit) -> None:
    free = received(editor.desk, "一", column="政府公文")
    held_back = received(editor.desk, "二", column="政府公文")
    boxes = chosen(editor, "/queue/pending")
    editor.desk.do(held_back, review.take, name="刘洋")
    editor.post("/queue/pending/reject", "/queue/pending", draft=boxes, reason="重复报送")
    text = editor.text("/queue/pending")
    assert (draft(editor.desk, free).state, draft(editor.desk, held_back).state) == ("rejected", "in_review")
    assert "不采用：已办理 1 篇" in text
    assert f"{draft(editor.desk, held_back).receipt}《二》：该稿件已被刘洋修改" in text


@pytest.mark.parametrize(("action", "state"), [("take", "in_review"), ("return", "returned")])
def test_a_list_is_worked_off_in_one_go(editor: Visit, action: str, state: str) -> None:
    numbers = [received(editor.desk, title, column="政府公文") for title in ("一", "二", "三")]
    boxes = chosen(editor, "/queue/pending")
    editor.post(f"/queue/pending/{action}", "/queue/pending", draft=boxes, reason="缺少附件")
    assert {draft(editor.desk, number).state for number in numbers} == {state}


def test_what_is_approved_is_exported_in_one_go(editor: Visit) -> None:
    number = received(editor.desk, "一", column="政府公文")
    editor.desk.do(number, review.take)
    editor.desk.do(number, review.sign)
    editor.post("/queue/ready/export", "/queue/ready", draft=chosen(editor, "/queue/ready"))
    assert draft(editor.desk, number).state == "exported"


def test_a_return_of_many_without_a_reason_moves_none(editor: Visit) -> None:
    number = received(editor.desk, "一", column="政府公文")
    editor.post("/queue/pending/return", "/queue/pending", draft=chosen(editor, "/queue/pending"))
    assert draft(editor.desk, number).state == "pending"
    assert "请填写退回原因" in editor.text("/queue/pending")


@pytest.mark.parametrize("boxes", [[], ["x"], ["1:"], ["999999:1"]])
def test_what_is_no_draft_is_passed_over(editor: Visit, boxes: list[str]) -> None:
    assert editor.post("/queue/pending/take", "/queue/pending", draft=boxes).status_code == 302


def test_lists_that_only_show_offer_nothing_to_choose(editor: Visit) -> None:
    received(editor.desk, "一", column="政府公文")
    assert chosen(editor, "/queue/all") == []


def test_a_refused_return_keeps_what_was_typed(editor: Visit) -> None:
    number = received(editor.desk)
    fields = {"version": 0, "ready": RETURN_REASONS[0], "reason": "请今日内补齐"}
    answer = editor.post(f"/drafts/{number}/return", f"/drafts/{number}", **fields)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert ">请今日内补齐</textarea>" in text
    assert f'value="{RETURN_REASONS[0]}" checked' in text
    assert text.count('<details name="panel" open>') == 1
