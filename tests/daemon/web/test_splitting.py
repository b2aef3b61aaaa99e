"""The pages on which a draft is split and two are merged."""

from __future__ import annotations

import re

from tests.daemon.web.conftest import Visit
from tests.samples import NOW, found_draft, mail, submission

ITEMS = (
    "<p>甲镇召开冬季森林防火工作会议</p><p>11月18日，甲镇召开冬季森林防火工作会议，部署巡查值守，要求各村压实责任、"
    "加强宣传，确保不出问题。</p><p>甲镇志愿者走进敬老院送温暖</p><p>11月19日，甲镇志愿者走进敬老院，为老人理发、"
    "包饺子、打扫房间，送去冬日里的温暖和问候。</p>"
)


def received(visit: Visit, title: str, body: str, unit: str = "唐山镇人民政府") -> int:
    found = submission(unit, "tszxxy@163.com", title, NOW, found_draft(title, None, body_html=body))
    return visit.desk.draft_of(visit.desk.receive(mail(title, "tszxxy@163.com", body), found)).id


def test_where_a_roundup_can_be_split_is_offered_and_chosen_already(visit: Visit) -> None:
    number = received(visit, "甲镇一周要闻", ITEMS)
    visit.login()
    page = visit.text(f"/drafts/{number}/split")
    assert page.count("<b>建议</b>") == 1
    assert re.search(r'name="at" value="2" required checked', page)


def test_what_cannot_be_split_is_told_and_the_form_keeps_what_was_chosen(visit: Visit) -> None:
    number = received(visit, "甲镇一周要闻", ITEMS)
    visit.login()
    path = f"/drafts/{number}/split"
    answer = visit.post(path, path, version=1, at="3", title="")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "请填写新稿的标题" in page
    assert re.search(r'name="at" value="3" required checked', page)


def test_a_text_of_one_paragraph_says_why_it_cannot_be_split(visit: Visit) -> None:
    number = received(visit, "简讯", "<p>一段。</p>")
    visit.login()
    assert "正文只有一段，无法拆分" in visit.text(f"/drafts/{number}/split")


def test_a_merge_without_a_choice_or_with_an_old_page_changes_nothing(visit: Visit) -> None:
    number, other = received(visit, "甲事", "<p>甲。</p>"), received(visit, "乙事", "<p>乙。</p>")
    visit.login()
    path = f"/drafts/{number}/merge"
    assert visit.post(path, path, version=1).status_code == 422
    assert visit.post(path, path, version=1, other=f"{other}:7").status_code == 409
    assert visit.post(path, path, version=1, other=f"{other}:1").status_code == 302
    assert visit.post(path, path, version=1, other=f"{other}:1").status_code == 409


def test_nobody_is_offered_what_is_not_theirs_to_see(visit: Visit) -> None:
    visit.login()
    for end in ("split", "merge"):
        assert visit.get(f"/drafts/77/{end}").status_code == 404
