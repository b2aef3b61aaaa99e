"""What editors do with a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from daemon.desk import review
from daemon.desk.hand import ConflictError, InvalidInput, NotFound, held, keep_lock
from daemon.desk.queue import is_asked, open_blocks
from daemon.desk.review import Content
from daemon.rules.states import NotAllowed
from daemon.settings import Settings
from daemon.store.schema import Correction, Letter, Revision, User
from daemon.store.unit_of_work import Store
from parsers.submission import Finding
from tests.daemon.desk.desks import BLOCK, draft, journal, received, rows, staffed
from tests.samples import NOW, Desk, attached

SECRET = Finding("secret.marking", "block", "带有密级标志。", "机密★1年")


@pytest.fixture
def desk(store: Store, settings: Settings) -> Desk:
    return staffed(store, settings)


def content(desk: Desk, draft_id: int, **changes: Any) -> Content:
    now = draft(desk, draft_id)
    values = {name: getattr(now, name) for name in Content.__dataclass_fields__}
    return Content(**(values | changes))


def approve(desk: Desk, draft_id: int) -> None:
    desk.do(draft_id, review.take)
    desk.do(draft_id, review.sign)
    desk.do(draft_id, review.sign, name="张主编")


def test_a_draft_goes_through_every_step_to_approved(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    assert (draft(desk, number).state, draft(desk, number).review_step) == ("in_review", "初审")
    assert draft(desk, number).assignee == "王芳"
    desk.do(number, review.sign)
    assert draft(desk, number).review_step == "终审"
    desk.do(number, review.sign, name="张主编")
    assert (draft(desk, number).state, draft(desk, number).review_step) == ("approved", None)


def test_the_last_of_several_steps_is_the_chiefs(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    desk.do(number, review.sign)
    with pytest.raises(NotAllowed, match="主编"):
        desk.do(number, review.sign)


def test_every_move_is_on_record_with_who_when_before_and_after(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    last = journal(desk, number)[-1]
    assert (last.who, last.at, last.action) == ("王芳", NOW, "take")
    assert last.before == {"state": "pending", "step": None}
    assert last.after == {"state": "in_review", "step": "初审"}


def test_a_move_that_the_table_does_not_have_is_refused(desk: Desk) -> None:
    number = received(desk)
    with pytest.raises(NotAllowed, match="不能"):
        desk.do(number, review.sign)
    assert draft(desk, number).state == "pending"


def test_who_acts_on_an_old_page_is_told_who_was_faster_and_changes_nothing(desk: Desk) -> None:
    number = received(desk)
    old = desk.hand(number, "刘洋")
    desk.do(number, review.take)
    with pytest.raises(ConflictError, match="王芳"), desk.store.write() as session:
        review.reject(session, old, "重复")
    assert draft(desk, number).state == "in_review"
    assert [row.action for row in journal(desk, number)] == ["receive", "take"]


def test_an_edit_makes_a_revision_and_keeps_the_one_before(desk: Desk) -> None:
    number = received(desk, body_html="<p>原文</p>")
    desk.do(number, review.edit, content(desk, number, title="改过的标题", body_html="<p>新文</p><script>x</script>"))
    now = draft(desk, number)
    assert (now.title, now.body_html, now.body_text, now.revision) == ("改过的标题", "<p>新文</p>", "新文", 2)
    kept = {one.number: one.content for one in rows(desk, Revision)}
    assert kept[1]["body_html"] == "<p>原文</p>"
    assert kept[2]["title"] == "改过的标题"


def test_an_edit_that_changes_nothing_leaves_no_trace(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.edit, content(desk, number))
    assert (draft(desk, number).revision, draft(desk, number).version) == (1, 1)


def test_two_editors_at_once_lose_no_edit(desk: Desk) -> None:
    number = received(desk)
    second = desk.hand(number, "刘洋")
    desk.do(number, review.edit, content(desk, number, title="王芳的标题"))
    with pytest.raises(ConflictError), desk.store.write() as session:
        review.edit(session, second, content(desk, number, title="刘洋的标题"))
    assert draft(desk, number).title == "王芳的标题"


def test_a_changed_date_moves_the_limit_and_the_verdict(desk: Desk) -> None:
    number = received(desk, issued_on=date(2026, 11, 18))
    assert draft(desk, number).timeliness == "on_time"
    desk.do(number, review.edit, content(desk, number, issued_on=date(2026, 11, 10)))
    now = draft(desk, number)
    assert (now.timeliness, now.due_certain) == ("late", True)
    assert now.submit_due_at is not None
    assert now.submit_due_at.astimezone(desk.settings.office_value.zone).date() == date(2026, 11, 14)


def test_a_removed_date_leaves_no_verdict(desk: Desk) -> None:
    number = received(desk, issued_on=date(2026, 11, 18))
    desk.do(number, review.edit, content(desk, number, issued_on=None))
    now = draft(desk, number)
    assert (now.submit_due_at, now.timeliness, now.publish_due_at) == (None, "unknown", None)


def test_a_changed_column_teaches_and_says_what_it_was(desk: Desk) -> None:
    number = received(desk, column="文件")
    desk.do(number, review.edit, content(desk, number, column="公告公示"))
    (taught,) = rows(desk, Correction)
    assert (taught.was, taught.became, taught.who) == ("文件", "公告公示", "王芳")


def test_an_approved_column_is_confirmed_once(desk: Desk) -> None:
    number = received(desk)
    approve(desk, number)
    (taught,) = rows(desk, Correction)
    assert (taught.was, taught.became) == ("文件", "文件")


@pytest.mark.parametrize(("name", "value", "why"), [("title", "  ", "标题"), ("column", "没有的栏目", "栏目")])
def test_what_cannot_be_is_refused_with_the_reason(desk: Desk, name: str, value: str, why: str) -> None:
    number = received(desk)
    with pytest.raises(InvalidInput, match=why):
        desk.do(number, review.edit, content(desk, number, **{name: value}))


def test_a_draft_cannot_show_a_picture_that_belongs_to_another(desk: Desk) -> None:
    number = received(desk)
    foreign = f'<p>文</p><img src="sha256:{"a" * 64}">'
    desk.do(number, review.edit, content(desk, number, body_html=foreign))
    assert "a" * 64 not in draft(desk, number).body_html


def test_what_is_approved_is_not_edited_any_more(desk: Desk) -> None:
    number = received(desk)
    approve(desk, number)
    with pytest.raises(NotAllowed, match="不能修改"):
        desk.do(number, review.edit, content(desk, number, title="新"))


def test_a_return_needs_a_reason_and_writes_the_letter_with_it(desk: Desk) -> None:
    number = received(desk)
    with pytest.raises(InvalidInput):
        desk.do(number, review.return_to_unit, " ")
    desk.do(number, review.return_to_unit, "缺少附件，请补齐。")
    assert draft(desk, number).state == "returned"
    (letter,) = (one for one in rows(desk, Letter) if one.kind == "return")
    assert "缺少附件，请补齐。" in letter.text


def test_a_draft_with_an_open_block_is_not_approved(desk: Desk) -> None:
    number = received(desk, findings=(BLOCK,), body_html="<p>身份证号370321190501011237</p>")
    desk.do(number, review.take)
    with pytest.raises(NotAllowed, match="须处理"):
        desk.do(number, review.sign)


def test_a_block_is_resolved_only_when_what_it_found_is_gone(desk: Desk) -> None:
    number = received(desk, findings=(BLOCK,), body_html="<p>身份证号370321190501011237</p>")
    with pytest.raises(NotAllowed, match="仍检出"):
        desk.do(number, review.resolve, 0, "已隐去")
    desk.do(number, review.edit, content(desk, number, body_html="<p>身份证号370321********1237</p>"))
    desk.do(number, review.resolve, 0, "已隐去")
    desk.do(number, review.take)
    desk.do(number, review.sign)
    finding = draft(desk, number).findings[0]
    assert (finding["settled"], finding["by"], finding["reason"]) == ("resolved", "王芳", "已隐去")


def test_of_two_numbers_one_let_pass_does_not_excuse_the_other(desk: Desk) -> None:
    second = replace(BLOCK, excerpt="370321190502022345")
    body = "<p>370321190501011237和370321190708150429</p>"
    number = received(desk, findings=(BLOCK, second), body_html=body)
    desk.do(number, review.overrule, 0, "本人同意公开", name="张主编")
    with pytest.raises(NotAllowed, match="仍检出"):
        desk.do(number, review.resolve, 1, "已隐去")
    desk.do(number, review.edit, content(desk, number, body_html="<p>370321190501011237</p>"))
    desk.do(number, review.resolve, 1, "已隐去")


def test_a_number_in_an_annex_is_dealt_with_by_keeping_the_annex_back(desk: Desk) -> None:
    annex, blob = attached("名单.xlsx", "xlsx", "annex", b"sheet")
    annex = replace(annex, text="370321190708150429")
    number = received(desk, findings=(replace(BLOCK, place=annex.name),), attachments=(annex,), blobs=(blob,))
    with pytest.raises(NotAllowed, match="仍检出"):
        desk.do(number, review.resolve, 0, "已隐去")
    with desk.store.read() as session:
        file = held(session, desk.hand(number)).attachments[0]
    desk.do(number, review.keep_back, file.id, False)
    desk.do(number, review.resolve, 0, "附件不发布")


def test_that_a_document_is_not_public_is_for_the_chief_to_judge(desk: Desk) -> None:
    number = received(desk, findings=(Finding("secret.not_public", "block", "依申请公开。", "（此件依申请公开）"),))
    with pytest.raises(NotAllowed, match="主编裁定"):
        desk.do(number, review.resolve, 0, "已删去附注")


def test_only_the_chief_overrules_and_says_why(desk: Desk) -> None:
    number = received(desk, findings=(BLOCK,), body_html="<p>身份证号370321190501011237</p>")
    with pytest.raises(NotAllowed, match="主编"):
        desk.do(number, review.overrule, 0, "本人同意公开")
    with pytest.raises(InvalidInput):
        desk.do(number, review.overrule, 0, "", name="张主编")
    desk.do(number, review.overrule, 0, "本人同意公开", name="张主编")
    assert journal(desk, number)[-1].note == "本人同意公开"
    assert open_blocks(draft(desk, number).findings) == []


def test_a_secret_draft_does_not_exist_for_editors_and_teaches_nothing(desk: Desk) -> None:
    number = received(desk, findings=(SECRET,))
    with pytest.raises(NotFound):
        desk.do(number, review.release)
    desk.do(number, review.release, name="张主编")
    desk.do(number, review.edit, content(desk, number, column="公告公示"), name="张主编")
    assert rows(desk, Correction) == []


def test_a_file_is_kept_back(desk: Desk) -> None:
    annex, blob = attached("名单.xlsx", "xlsx", "annex", b"sheet")
    number = received(desk, attachments=(annex,), blobs=(blob,))
    with desk.store.read() as session:
        file = held(session, desk.hand(number)).attachments[0]
    desk.do(number, review.keep_back, file.id, False)
    last = journal(desk, number)[-1]
    assert (last.note, last.before, last.after) == ("名单.xlsx", {"publish": True}, {"publish": False})


def test_publishing_needs_a_real_address_and_no_time_to_come(desk: Desk) -> None:
    number = received(desk)
    approve(desk, number)
    desk.do(number, review.exported)
    with pytest.raises(InvalidInput, match="http"):
        desk.do(number, review.confirm, NOW, "javascript:alert(1)")
    with pytest.raises(InvalidInput, match="晚于"):
        desk.do(number, review.confirm, NOW + timedelta(minutes=1), "https://www.example.cn/1.html")
    desk.do(number, review.confirm, NOW, "https://www.example.cn/1.html")
    now = draft(desk, number)
    assert (now.state, now.published_at, now.published_url) == ("published", NOW, "https://www.example.cn/1.html")


def test_a_published_post_is_corrected_while_its_address_stays(desk: Desk) -> None:
    number = received(desk)
    approve(desk, number)
    desk.do(number, review.exported)
    desk.do(number, review.confirm, NOW, "https://www.example.cn/1.html")
    desk.do(number, review.correct, "数字有误")
    now = draft(desk, number)
    assert (now.state, now.published_url) == ("in_review", "https://www.example.cn/1.html")


def test_what_was_rejected_comes_back(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.reject, "重复报送")
    desk.do(number, review.reopen)
    assert draft(desk, number).state == "pending"


def test_one_step_is_enough_where_the_config_says_so(desk: Desk) -> None:
    one_step = desk.settings.review.model_copy(update={"single_step": ("文件",)})
    desk = replace(desk, settings=replace(desk.settings, review=one_step))
    number = received(desk)
    desk.do(number, review.take)
    desk.do(number, review.sign)
    assert draft(desk, number).state == "approved"


def later(desk: Desk, **passed: float) -> Desk:
    return replace(desk, now=desk.now + timedelta(**passed))


def two_chiefs(desk: Desk) -> Desk:
    """The editor 刘洋 is a chief now."""
    with desk.store.write() as session:
        session.query(User).filter(User.name == "刘洋").update({"role": "chief"})
    return desk


def test_nobody_signs_two_steps_of_one_review(desk: Desk) -> None:
    number = received(two_chiefs(desk))
    desk.do(number, review.take, name="张主编")
    desk.do(number, review.sign, name="张主编")
    with pytest.raises(NotAllowed, match="其他人办理"):
        desk.do(number, review.sign, name="张主编")
    desk.do(number, review.sign, name="刘洋")
    assert draft(desk, number).state == "approved"


def test_a_correction_is_a_review_of_its_own(desk: Desk) -> None:
    number = received(desk)
    approve(desk, number)
    desk.do(number, review.exported)
    desk.do(number, review.confirm, NOW, "https://www.example.cn/1.html")
    desk.do(number, review.correct, "数字有误")
    desk.do(number, review.sign)
    desk.do(number, review.sign, name="张主编")
    assert draft(desk, number).state == "approved"


def test_what_somebody_works_on_no_other_changes(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    for step, words in ((review.sign, ()), (review.reject, ("重复",)), (review.edit, (content(desk, number),))):
        with pytest.raises(NotAllowed, match="王芳正在处理这篇稿件，锁定至 15:25"):
            desk.do(number, step, *words, name="刘洋")


def test_the_lock_ends_by_itself_and_every_act_makes_it_last_anew(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    desk = later(desk, minutes=10)
    desk.do(number, review.edit, content(desk, number, title="改过的标题"))
    with pytest.raises(NotAllowed, match="15:35"):
        desk.do(number, review.reject, "重复", name="刘洋")
    later(desk, minutes=15).do(number, review.reject, "重复", name="刘洋")
    assert draft(desk, number).state == "rejected"


def test_writing_keeps_the_lock_without_making_the_page_old(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    version = draft(desk, number).version
    with desk.store.write() as session:
        assert keep_lock(session, later(desk, minutes=10).hand(number))
        assert not keep_lock(session, desk.hand(number, "刘洋"))
    assert (draft(desk, number).version, draft(desk, number).locked_until) == (version, NOW + timedelta(minutes=25))


def test_a_signed_step_leaves_the_next_one_to_whoever_is_next(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    desk.do(number, review.sign)
    assert (draft(desk, number).assignee, draft(desk, number).locked_until) == (None, None)


def test_a_draft_is_handed_to_another_who_finds_it_unlocked(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    desk.do(number, review.assign, "刘洋")
    now = draft(desk, number)
    assert (now.assignee, now.locked_until, journal(desk, number)[-1].action) == ("刘洋", None, "assign")
    desk.do(number, review.sign, name="刘洋")


def test_who_takes_over_holds_it(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    later(desk, minutes=16).do(number, review.assign, "刘洋", name="刘洋")
    with pytest.raises(NotAllowed, match="刘洋正在处理"):
        later(desk, minutes=17).do(number, review.sign)


def test_what_is_being_worked_on_only_the_chief_hands_on(desk: Desk) -> None:
    number = received(desk)
    desk.do(number, review.take)
    with pytest.raises(NotAllowed, match="主编改派"):
        desk.do(number, review.assign, "刘洋", name="刘洋")
    desk.do(number, review.assign, "刘洋", name="张主编")
    assert draft(desk, number).assignee == "刘洋"


def test_a_secret_is_handed_to_chiefs_only(desk: Desk) -> None:
    number = received(desk, findings=(SECRET,))
    desk.do(number, review.release, name="张主编")
    with pytest.raises(InvalidInput):
        desk.do(number, review.assign, "王芳", name="张主编")


def test_the_chief_overrules_without_taking_the_draft_away(desk: Desk) -> None:
    number = received(desk, findings=(BLOCK,), body_html="<p>身份证号370321190501011237</p>")
    desk.do(number, review.take)
    desk.do(number, review.overrule, 0, "本人同意公开", name="张主编")
    assert draft(desk, number).assignee == "王芳"


def test_the_word_that_a_column_is_right_teaches_and_makes_it_certain(desk: Desk) -> None:
    number = received(desk, column="文件", confidence=0.4)
    assert is_asked("pending", 0.4, desk.settings)
    desk.do(number, review.set_column, "文件")
    now = draft(desk, number)
    assert (now.confidence, now.revision) == (1.0, 1)
    assert not is_asked(now.state, now.confidence, desk.settings)
    assert [(one.was, one.became) for one in rows(desk, Correction)] == [("文件", "文件")]


def test_a_changed_column_is_certain_too(desk: Desk) -> None:
    number = received(desk, column="文件", confidence=0.4)
    desk.do(number, review.set_column, "公告公示")
    assert draft(desk, number).confidence == 1.0


def test_another_column_is_an_edit_that_teaches_and_leaves_the_rest(desk: Desk) -> None:
    number = received(desk, column="文件", body_html="<p>原文</p>")
    desk.do(number, review.set_column, "公告公示")
    now = draft(desk, number)
    assert (now.column, now.body_html, now.revision) == ("公告公示", "<p>原文</p>", 2)
    assert [(one.was, one.became) for one in rows(desk, Correction)] == [("文件", "公告公示")]
    with pytest.raises(InvalidInput, match="没有名为"):
        desk.do(number, review.set_column, "没有的栏目")
