"""A letter that strings several pieces together makes a draft of each; one piece with subheadings stays one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.html import plain_blocks
from parsers.message import parse_message
from parsers.readers import NoReaders
from parsers.several import several, stated_count
from parsers.submission import Draft
from tests.parsers.mails import OFFICE, raw

TEA = "走进青石镇的茶园，村民们正忙着采摘春茶，一派繁忙的丰收景象，订单已经排到了月底。\n"
LAMPS = "入夜时分，沿河两岸灯火辉煌，五百余名群众前来观灯猜谜，现场气氛热烈，反响良好。\n"
CLINIC = "“没想到在家门口就能看上专家号。”村民王大妈拿着刚开好的处方，高兴地和邻居们说道。\n"
LABELS = [("【信息一】", "【信息二】"), ("稿件1：", "稿件2："), ("第一篇", "第二篇："), ("（动态1）", "（动态2）")]


def mailed(body: str, subject: str = "本周信息") -> list[Draft]:
    return list(parse_message(raw(subject=subject, body=body), OFFICE, None, NoReaders()).drafts)


def titles(body: str, subject: str = "本周信息") -> list[str]:
    return [draft.title for draft in mailed(body, subject)]


@pytest.mark.parametrize("labels", LABELS)
def test_items_that_a_letter_numbers_are_articles_without_their_labels(labels: tuple[str, str]) -> None:
    words = f"{labels[0]}\n青石镇：春茶飘香\n{TEA}{labels[1]}青石镇举行灯会\n{LAMPS}"
    drafts = mailed(f"编辑老师：\n您好！现报上信息两篇，请采用。\n{words}")
    assert [draft.title for draft in drafts] == ["青石镇：春茶飘香", "青石镇举行灯会"]
    assert not any(label in draft.body_text for draft in drafts for label in labels)


def test_the_date_below_such_a_letter_is_the_letters() -> None:
    signed = f"信息一：青石镇茶园飘香\n{TEA}信息二：青石镇举行灯会\n{LAMPS}青石镇人民政府\n2026年6月12日"
    assert [draft.issued_on for draft in mailed(signed)] == [None, None]
    assert not any("6月12日" in draft.body_text for draft in mailed(signed))
    notice = signed.replace("青石镇举行灯会", "关于举行灯会的通知")
    assert [str(draft.issued_on) for draft in mailed(notice)] == ["None", "2026-06-12"]


def test_labels_that_do_not_count_up_from_one_divide_nothing() -> None:
    assert len(mailed(f"青石镇信息工作通报\n信息二：青石镇采茶忙\n{TEA}信息五：青石镇举行灯会\n{LAMPS}")) == 1


@pytest.mark.parametrize("below", ["内容：", "正文：\n"])
def test_each_title_that_is_called_one_begins_a_piece(below: str) -> None:
    drafts = mailed(f"标题：青石镇：春茶飘香\n{below}{TEA}\n标题：青石镇举行灯会\n{below}{LAMPS}")
    assert [draft.title for draft in drafts] == ["青石镇：春茶飘香", "青石镇举行灯会"]
    assert not any(draft.body_text.startswith(below[:3]) for draft in drafts)


@pytest.mark.parametrize("marks", [("1、", "2、", "3、"), ("", "", ""), ("======\n", "======\n", "======\n")])
@pytest.mark.parametrize("subject", ["本周信息3篇", "青石镇信息（三条）"])
def test_as_many_headlines_as_the_unit_says_that_it_sends_are_pieces(marks: tuple[str, ...], subject: str) -> None:
    heads = ("青石镇：春茶飘香", "青石镇举行灯会", "青石镇：专家义诊进村")
    words = "".join(
        f"{mark}{head}\n{text}" for mark, head, text in zip(marks, heads, (TEA, LAMPS, CLINIC), strict=True)
    )
    assert titles(words, subject) == list(heads)
    assert len(titles(words, "本周信息4篇")) == 1


@pytest.mark.parametrize("subject", ["青石镇三措并举推进春耕", "青石镇3条措施推进春耕"])
def test_subheadings_of_one_article_are_no_pieces(subject: str) -> None:
    words = f"一、强化组织领导\n{TEA}二、强化技术服务\n{LAMPS}三、强化物资保障\n{CLINIC}"
    drafts = mailed(words, subject)
    assert [draft.title for draft in drafts] == [subject]
    assert "强化组织领导" in drafts[0].body_text


def test_documents_that_are_each_signed_and_dated_are_each_a_draft() -> None:
    one = "关于封闭一号桥的通告\n因施工需要，一号桥自2026年3月10日起封闭，请绕行。\n青石镇人民政府\n2026年3月9日\n"
    two = (
        "关于停用二号渡口的通告\n因水位上涨，二号渡口停用，请群众从大桥绕行，注意安全。\n青石镇人民政府\n2026年3月8日\n"
    )
    assert [str(draft.issued_on) for draft in mailed(f"{one}\n{two}")] == ["2026-03-09", "2026-03-08"]
    passing_on = one.replace("关于封闭一号桥的通告", "关于印发《渡口管理方案》的通知")
    assert len(mailed(passing_on + two.replace("关于停用二号渡口的通告", "渡口管理方案"))) == 1


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("本周信息3篇", 3),
        ("报送两条信息", 2),
        ("今日稿件（二条）", 2),
        ("信息1条", None),
        ("3条措施", None),
        ("第三篇", None),
        ("2篇，另有3篇", None),
    ],
)
def test_how_many_pieces_a_unit_says_that_it_sends(words: str, count: int | None) -> None:
    assert stated_count([words]) == count


@given(
    lines=st.lists(st.text("信息一二：标题青石镇\n关于的通知2026年3月9日人民政府。", max_size=50), max_size=10),
    stated=st.none() | st.integers(2, 5),
)
def test_pieces_hold_no_line_that_the_letter_does_not(lines: list[str], stated: int | None) -> None:
    text = plain_blocks("\n".join(lines))
    whole = "".join(block.text for block in text)
    assert all(block.text in whole for part in several(text, stated, OFFICE) for block in part)
