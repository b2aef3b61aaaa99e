"""A document that strings several news items together: where it can be split, and into what."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.html import blocks, plain_blocks
from parsers.likeness import folded
from parsers.message import parse_message
from parsers.readers import NoReaders
from parsers.roundup import paragraphs, parts, split_points
from parsers.submission import Draft
from tests.parsers.mails import OFFICE, raw

ITEM = "{}举行{}\n3月{}日，{}举行{}，吸引五百余名群众到场参加，现场气氛热烈，反响良好，受到各方好评。\n"


def html(words: str) -> str:
    return "".join(block.html for block in plain_blocks(words))


def item(unit: str, what: str, day: int) -> str:
    return ITEM.format(unit, what, day, unit, what)


TWO = html(item("青石镇", "元宵灯会", 9) + item("白杨镇", "健康义诊", 10))


def test_a_roundup_is_told_by_its_headlines() -> None:
    assert [(one.at, one.title) for one in split_points(TWO)] == [(0, "青石镇举行元宵灯会"), (2, "白杨镇举行健康义诊")]


def test_one_item_is_no_roundup() -> None:
    assert split_points(html(item("青石镇", "元宵灯会", 9))) == ()


def test_the_first_item_may_stand_under_the_drafts_own_title() -> None:
    own = html(item("青石镇", "元宵灯会", 9).partition("\n")[2] + item("白杨镇", "健康义诊", 10))
    assert [one.title for one in split_points(own)] == ["白杨镇举行健康义诊"]
    assert [part.title for part in parts(own, [1])] == ["", "白杨镇举行健康义诊"]


def test_a_subheading_within_one_article_is_no_second_item() -> None:
    words = "3月9日，青石镇召开会议，部署春耕生产，各村党支部书记、种粮大户共六十余人参加，会议分两个阶段进行。\n"
    assert split_points(html(f"{words}强化组织领导\n今年以来，{words}")) == ()


def test_numbers_of_the_items_leave_their_titles() -> None:
    numbered = html("1. " + item("青石镇", "元宵灯会", 9) + "2. " + item("白杨镇", "健康义诊", 10))
    assert [one.title for one in split_points(numbered)] == ["青石镇举行元宵灯会", "白杨镇举行健康义诊"]


def test_lines_of_one_paragraph_can_be_parted() -> None:
    text = "<p>" + item("青石镇", "元宵灯会", 9).replace("\n", "<br>") + "</p>" + html(item("白杨镇", "健康义诊", 10))
    assert [one.title for one in split_points(text)] == ["青石镇举行元宵灯会", "白杨镇举行健康义诊"]
    assert [len(blocks(part.html)) for part in parts(text, [0, 2])] == [1, 1]


def test_the_parts_hold_pictures_and_tables_where_they_stood() -> None:
    picture = f'<p><img src="sha256:{"a" * 64}" alt="灯会"></p>'
    table = "<table><tbody><tr><td>村</td><td>人数</td></tr></tbody></table>"
    first, second = parts(TWO + picture + table, [0, 2])
    assert [mark for mark in ("<img", "<table") if mark in first.html] == []
    assert [mark for mark in ("<img", "<table") if mark in second.html] == ["<img", "<table"]


def test_a_part_that_begins_with_a_sentence_keeps_it_and_has_no_title_of_its_own() -> None:
    whole = html("青石镇举行元宵灯会。\n三月九日，群众到场。")
    assert [(part.title, len(blocks(part.html))) for part in parts(whole, [0])] == [("", 2)]


@given(
    lines=st.lists(st.text("青石镇举行元宵灯会。，月日3", min_size=1, max_size=60), max_size=12),
    at=st.sets(st.integers(-2, 14)),
)
def test_nothing_is_lost_or_moved_wherever_a_text_is_split(lines: list[str], at: set[int]) -> None:
    text = html("\n".join(lines))
    whole = "".join(block.text for block in paragraphs(text))
    again = "".join(part.title + "".join(block.text for block in blocks(part.html)) for part in parts(text, at))
    assert folded(again) == folded(whole) or any(one.at in at for one in split_points(text))


def mailed(body: str) -> list[Draft]:
    return list(parse_message(raw(subject="本周信息", body=body), OFFICE, None, NoReaders()).drafts)


TEA = "走进青石镇的茶园，村民们正忙着采摘春茶，一派繁忙的丰收景象，订单已经排到了月底。\n"
LAMPS = "入夜时分，沿河两岸灯火辉煌，五百余名群众前来观灯猜谜，现场气氛热烈，反响良好。\n"
LABELS = [("【信息一】", "【信息二】"), ("稿件1：", "稿件2："), ("第一篇", "第二篇："), ("（动态1）", "（动态2）")]


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


def test_the_editor_is_offered_the_split_of_a_document_that_strings_items_together() -> None:
    words = item("青石镇", "元宵灯会", 9) + item("白杨镇", "健康义诊", 10)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "qingshizhen_bgs@163.com", "今日信息"
    mail.add_attachment("本周信息汇总\n" + words, filename="信息.txt")
    draft = parse_message(mail.as_bytes(), OFFICE, None, NoReaders()).drafts[0]
    offered = next(found for found in draft.findings if found.code == "text.roundup")
    assert "健康义诊" in offered.excerpt
