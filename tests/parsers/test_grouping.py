"""Which parts of a mail together are one draft."""

from __future__ import annotations

import pytest

from parsers.article import read_elements
from parsers.content import Content
from parsers.gather import File
from parsers.grouping import Group, group
from parsers.html import plain_blocks
from parsers.papers import Paper, Text, is_paper
from parsers.submission import Status
from tests.parsers.mails import OFFICE

NOTICE = """青石镇人民政府
关于做好春季植树工作的通知
青政发〔2026〕{number}号
各村民委员会：
为推进国土绿化，现就做好第{number}批春季植树工作通知如下。
一、各村要在三月底前完成整地挖穴，落实苗木来源，明确专人负责，做到栽一棵活一棵。{more}
{annexes}
青石镇人民政府
2026年3月9日"""
NEWS = """青石镇{what}活动
3月9日，青石镇在文化广场举行{what}活动，吸引五百余名群众到场参加，现场气氛热烈。
活动由镇文化站主办，各村文艺队轮番登台。“年年都来看。”村民张先生说。下一步将常态开展。"""


def paper(name: str, text: str = "", kind: str = "docx", status: Status = "read", path: str = "1") -> Paper:
    blocks = plain_blocks(text)
    content = Content(kind, status, blocks)
    file = File(name, f"{name}{text}".encode(), content, path)
    return Paper(file, read_elements(blocks, OFFICE, file_name=name, part=name))


def notice(name: str, number: int = 1, annexes: str = "", more: str = "", **where: str) -> Paper:
    return paper(name, NOTICE.format(number=number, annexes=annexes, more=more), **where)  # type: ignore[arg-type]


def photo(name: str, path: str = "9") -> File:
    return File(name, name.encode(), Content("image", "stored"), path)


def text(words: str) -> Text:
    blocks = plain_blocks(words)
    return Text(blocks, read_elements(blocks, OFFICE), None)


def shape(groups: tuple[Group, ...]) -> list[list[tuple[str, str]]]:
    return [[(file.name, role) for file, role in made.listed] for made in groups]


def test_a_notice_and_its_sheet_are_one_draft() -> None:
    made = group([paper("统计.xlsx", "姓名\t数量", "xlsx"), notice("通知.docx", path="2")], [], [])
    assert shape(made) == [[("通知.docx", "main"), ("统计.xlsx", "annex")]]


def test_a_file_that_the_annex_list_names_is_an_annex_whatever_it_is_called() -> None:
    listing = notice("通知.docx", annexes="附件：植树任务分解方案")
    made = group([paper("分解方案.docx", "植树任务分解方案\n各村任务如下。"), listing], [], [])
    assert shape(made) == [[("通知.docx", "main"), ("分解方案.docx", "annex")]]


def test_a_plan_that_the_notice_passes_on_is_its_annex() -> None:
    wrapper = paper(
        "通知.docx",
        NOTICE.format(number=3, annexes="", more="").replace(
            "关于做好春季植树工作的通知", "关于印发《青石镇春季植树方案》的通知"
        ),
    )
    made = group([paper("方案.docx", "青石镇春季植树方案\n为做好植树，制定本方案。", path="2"), wrapper], [], [])
    assert shape(made) == [[("通知.docx", "main"), ("方案.docx", "annex")]]


def test_a_document_that_is_called_an_annex_is_one_draft_all_the_same() -> None:
    made = group([notice("附件1：植树通知.docx")], [], [])
    assert shape(made) == [[("附件1：植树通知.docx", "main")]]


def test_word_and_pdf_of_one_document_are_one_draft_from_the_word_file() -> None:
    made = group([notice("扫描.pdf", kind="pdf"), notice("定稿.docx", more="此处略有出入。", path="2")], [], [])
    assert shape(made) == [[("定稿.docx", "main"), ("扫描.pdf", "duplicate")]]


def test_a_scan_that_nobody_could_read_is_the_copy_of_the_only_document() -> None:
    made = group([paper("扫描0001.pdf", "", "pdf", "stored"), notice("通知.docx", path="2")], [], [])
    assert shape(made) == [[("通知.docx", "main"), ("扫描0001.pdf", "duplicate")]]


def test_the_copy_that_opens_is_the_main_one() -> None:
    made = group([paper("植树通知.docx", "", "docx", "damaged"), notice("植树通知.pdf", kind="pdf", path="2")], [], [])
    assert shape(made) == [[("植树通知.pdf", "main"), ("植树通知.docx", "duplicate")]]


def test_three_documents_are_three_drafts_and_each_annex_goes_where_its_number_says() -> None:
    files = [notice("1.植树.docx", 1, path="1"), notice("2.植树.docx", 2, path="2"), notice("3.植树.docx", 3, path="3")]
    made = group([*files, paper("2附件.汇总表.xlsx", "村\t亩", "xlsx", path="4")], [], [])
    assert shape(made) == [
        [("1.植树.docx", "main")],
        [("2.植树.docx", "main"), ("2附件.汇总表.xlsx", "annex")],
        [("3.植树.docx", "main")],
    ]


def test_serial_notices_that_differ_in_one_number_are_no_copies() -> None:
    prices = "青石镇第{0}周菜价\n本周白菜每斤{1}元，萝卜每斤{2}元，黄瓜每斤{3}元，总体平稳，供应充足。"
    weeks = [paper(f"第{n}周.docx", prices.format(n, n * 1.1, n * 2.3, n * 3.7), path=str(n)) for n in (1, 2)]
    assert len(group(weeks, [], [])) == 2


def test_a_body_that_repeats_its_word_file_makes_one_draft() -> None:
    words = NEWS.format(what="元宵灯会")
    made = group([paper("灯会.docx", words)], [text(words)], [photo("图1.jpg")])
    assert shape(made) == [[("灯会.docx", "main"), ("图1.jpg", "picture")]]


def test_a_body_of_its_own_beside_a_document_is_a_draft_of_its_own_and_keeps_the_photos() -> None:
    made = group([notice("通知.docx")], [text(NEWS.format(what="元宵灯会"))], [photo("图1.jpg")])
    assert shape(made) == [[("通知.docx", "main")], [("图1.jpg", "picture")]]


def test_a_form_beside_a_notice_in_the_mail_itself_is_its_annex() -> None:
    words = NOTICE.format(number=1, annexes="附件：苗木需求申报单", more="")
    listed = group([paper("申报单.docx", "苗木需求申报单\n村名：\n数量：")], [text(words)], [])
    unlisted = group([paper("苗木登记表.docx", "苗木登记表\n村名：\n数量：")], [text(words)], [])
    assert [shape(listed), shape(unlisted)] == [[[("申报单.docx", "annex")]], [[("苗木登记表.docx", "annex")]]]


@pytest.mark.parametrize("name", ["信息发布审批表", "政府信息公开保密审查表", "稿件审签单", "三审三校登记表"])
def test_the_slip_that_a_unit_fills_in_before_sending_goes_with_the_piece(name: str) -> None:
    slip = paper(f"{name}.docx", f"{name}\n单位领导意见：同意发布。\n青石镇人民政府\n2026年3月9日")
    made = group([slip, paper("灯会.docx", NEWS.format(what="灯会"), path="2")], [], [])
    assert shape(made) == [[("灯会.docx", "main"), (f"{name}.docx", "annex")]]
    assert shape(group([slip], [], [])) == [[(f"{name}.docx", "main")]]


def test_photos_follow_the_article_that_they_are_named_after() -> None:
    news = [paper(f"{n}.{what}.docx", NEWS.format(what=what), path=n) for n, what in (("1", "灯会"), ("2", "义诊"))]
    made = group(news, [], [photo("义诊现场.jpg", "3"), photo("1-1.jpg", "4")])
    assert shape(made) == [
        [("1.灯会.docx", "main"), ("1-1.jpg", "picture")],
        [("2.义诊.docx", "main"), ("义诊现场.jpg", "picture")],
    ]


def test_a_sheet_alone_is_the_document() -> None:
    assert shape(group([paper("收支表.xls", "项目\t金额", "xls")], [], [])) == [[("收支表.xls", "main")]]


def test_an_archive_that_does_not_open_is_a_draft_only_where_nothing_else_is() -> None:
    locked = paper("照片.zip", "", "archive", "refused")
    assert shape(group([locked], [], [])) == [[("照片.zip", "main")]]
    assert shape(group([locked], [text(NEWS.format(what="灯会"))], [])) == [[("照片.zip", "annex")]]


def test_an_interpretation_is_a_draft_beside_the_rules_that_it_explains() -> None:
    rules = paper("办法.docx", NOTICE.format(number=4, annexes="", more="").replace("植树工作", "植树管理办法"))
    about = paper("解读.docx", "《植树管理办法》政策解读\n一、背景。为推进绿化，制定《植树管理办法》。", path="2")
    assert len(group([rules, about], [], [])) == 2


def test_what_a_notice_forwards_is_its_annex_though_it_has_a_number_of_its_own() -> None:
    ours = NOTICE.replace("关于做好春季植树工作的通知", "关于转发《凌云县林业局关于春季植树的通知》的通知")
    theirs = NOTICE.replace("青石镇人民政府", "凌云县林业局").replace("做好春季植树工作", "春季植树")
    files = [
        paper("1.docx", theirs.format(number=8, annexes="", more="")),
        paper("2.docx", ours.format(number=9, annexes="", more="请遵照执行。"), path="2"),
    ]
    assert shape(group(files, [], [])) == [[("2.docx", "main"), ("1.docx", "annex")]]


def test_articles_that_are_all_called_annexes_are_drafts_all_the_same() -> None:
    files = [paper(f"附件{n}.{w}.docx", NEWS.format(what=w), path=n) for n, w in (("1", "灯会"), ("2", "义诊"))]
    assert len(group(files, [], [])) == 2


def test_an_explanation_of_a_draft_goes_with_it() -> None:
    files = [notice("通知.docx"), paper("起草说明.docx", "关于植树办法的起草说明\n一、必要性。推进绿化。", path="2")]
    assert shape(group(files, [], [])) == [[("通知.docx", "main"), ("起草说明.docx", "annex")]]


def test_a_table_goes_with_the_undated_text_on_the_same_matter() -> None:
    words = "青石镇2026年部门预算公开说明\n一、主要职责。贯彻执行各项方针政策，负责全镇经济发展和民生工作。"
    files = [paper("说明.docx", words), paper("表.docx", "青石镇2026年部门预算公开表\n科目、金额如下。", path="2")]
    assert shape(group(files, [], [])) == [[("说明.docx", "main"), ("表.docx", "annex")]]


def test_each_decision_carries_its_reason() -> None:
    made = group([notice("通知.docx"), paper("附件1.表.xlsx", "a\tb", "xlsx", path="2")], [], [])
    assert any("附件1.表.xlsx" in reason and "文件名注明是附件" in reason for reason in made[0].reasons)


def test_what_can_be_a_document_is_told_by_content_or_by_name_where_it_does_not_open() -> None:
    assert is_paper(File("a.bin", b"x", Content("pdf", "read"), "1"))
    assert is_paper(File("通知.docx", b"x", Content("other", "damaged"), "1"))
    assert not is_paper(File("声音.mp3", b"x", Content("audio", "stored"), "1"))
    assert not is_paper(File("照片.jpg", b"x", Content("image", "stored"), "1"))
