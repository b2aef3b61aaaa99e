"""A document that strings several news items together: where it can be split, and into what."""

from __future__ import annotations

from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from parsers.html import blocks, plain_blocks
from parsers.likeness import folded
from parsers.message import parse_message
from parsers.readers import NoReaders
from parsers.roundup import paragraphs, parts, split_points
from tests.parsers.mails import OFFICE

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


def test_the_editor_is_offered_the_split_of_a_document_that_strings_items_together() -> None:
    words = item("青石镇", "元宵灯会", 9) + item("白杨镇", "健康义诊", 10)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "qingshizhen_bgs@163.com", "今日信息"
    mail.add_attachment("本周信息汇总\n" + words, filename="信息.txt")
    draft = parse_message(mail.as_bytes(), OFFICE, None, NoReaders()).drafts[0]
    offered = next(found for found in draft.findings if found.code == "text.roundup")
    assert "健康义诊" in offered.excerpt
