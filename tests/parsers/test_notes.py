"""What is a piece to publish, and what only speaks to the editors."""

from __future__ import annotations

import pytest

from parsers.article import read_elements
from parsers.html import plain_blocks
from parsers.notes import is_piece, mentions_attachment, without_covering
from tests.parsers.mails import OFFICE


def piece(words: str, *, beside_files: bool = False, pictures: bool = False, known: bool = True) -> bool:
    blocks = without_covering(plain_blocks(words))
    elements = read_elements(blocks, OFFICE, subject="信息")
    return is_piece(blocks, elements, beside_files=beside_files, pictures=pictures, known=known)


@pytest.mark.parametrize(
    "words",
    [
        "请查收。",
        "附件是我局本周的两条信息，请刊发。",
        "按照县里要求，现将我单位应公开的文件1件报送给你们，请予发布。",
        "这是我们镇上半年工作总结，领导已经签字同意，可以公开，麻烦放在首页显著位置，谢谢。",
        "因版面原因，原文件中的表格已单独作为附件提供，请一并发布。",
        "昨天的稿件有一处数字写错了，现将改好的重新发给您，请替换。",
        "我镇今日信息1篇：《青石镇召开春耕现场会》，请编发。",
        "该方案由我局牵头起草，经局党组会议审议通过，主要内容包括服务对象、服务内容、收费标准和考核办法四个部分，"
        "涉及全县九家医疗机构，社会关注度较高，印发后将在全县实施。",
    ],
)
def test_a_note_that_covers_files_is_no_piece(words: str) -> None:
    assert not piece(words, beside_files=True)


@pytest.mark.parametrize(
    "words",
    [
        "请问4月份的信息报送考核什么时候通报？",
        "能不能把去年12月的采用情况统计表发我一份，年底总结要用。",
        "昨天上报的那篇稿件请暂缓发布，等我们核实数据后再说。",
        "因机房停电，我镇4月10日动态未能按时报送，特此说明。",
        "我单位邮箱自5月1日起变更，特此告知。",
    ],
)
def test_a_letter_to_the_editors_is_no_piece_though_nothing_is_attached(words: str) -> None:
    assert not piece(words)


@pytest.mark.parametrize(
    "words",
    [
        "青石镇召开春耕现场会\n4月12日，青石镇召开春耕现场会，种粮大户60余人参加。",
        "4月12日，青石镇在杨桥村召开春耕生产现场会，各村党支部书记、种粮大户60余人参加。",
        "停水通知\n因管网检修，定于4月18日停水，请广大用户提前储水，敬请谅解。\n凌云县林业局\n2026年4月15日",
        "致全县居民的一封信\n居民朋友：\n您好！请您注意饮食卫生。感谢您的支持！\n凌云县林业局\n2026年4月15日",
        "县林业局开展“您点单、我服务”活动\n县林业局收到群众点单236件。“谢谢你们！”张奶奶连声道谢。",
        "2026年第15周农产品价格\n大白菜1.2元/斤，萝卜0.9元/斤，猪肉14.5元/斤，总体平稳。",
    ],
)
def test_news_notices_and_letters_to_the_public_are_pieces(words: str) -> None:
    assert piece(words)


def test_a_caption_is_a_piece_only_beside_pictures() -> None:
    assert piece("图为村民在采摘春茶。", pictures=True)
    assert not piece("图为村民在采摘春茶。")


def test_a_strangers_complaint_is_no_piece() -> None:
    words = "我是幸福小区的住户，我家暖气一直不热，打了很多次电话都没有人来修，希望有关部门能管一管。"
    assert not piece(words, known=False)


def test_the_lines_that_hand_a_piece_over_are_cut_at_both_ends_and_nowhere_else() -> None:
    words = "网站编辑：\n现报送信息一篇，请采用。\n青石镇植树忙\n青石镇干部现报送树苗到村。\n以上信息请审核。"
    assert [block.text for block in without_covering(plain_blocks(words))] == [
        "青石镇植树忙",
        "青石镇干部现报送树苗到村。",
    ]
    notice = "各村民委员会：\n现将植树安排通知如下，请认真执行。\n一、植树时间为3月。"
    assert len(without_covering(plain_blocks(notice))) == 3


@pytest.mark.parametrize(
    "closing",
    [
        "祝好！\n王芳",
        "此致\n敬礼！\n青石镇 王芳",
        "谢谢！",
        "王芳 | 青石镇党政办\n电话：0900-1234567\n地址：青石镇中心街1号",
    ],
)
def test_a_letters_closing_words_and_the_senders_card_are_cut(closing: str) -> None:
    words = "信息报送：\n青石镇夜间巡逻\n青石镇组织夜间巡逻，排查隐患14处。"
    kept = without_covering(plain_blocks(f"{words}\n{closing}"))
    assert [block.text for block in kept] == ["青石镇夜间巡逻", "青石镇组织夜间巡逻，排查隐患14处。"]


def test_a_telephone_number_for_the_public_stays() -> None:
    words = "停水通知\n因检修停水，敬请谅解。\n咨询电话：0900-7654321"
    assert len(without_covering(plain_blocks(words))) == 3


def test_a_letter_says_that_something_is_attached() -> None:
    assert mentions_attachment("文件见附件，请发布")
    assert not mentions_attachment("请问考核什么时候通报")
