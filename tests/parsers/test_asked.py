"""What a covering note asks for: which column, and for which of the mail's drafts."""

import time
from email.message import EmailMessage

import pytest

from parsers.asked import Described, asked_column, asked_columns
from parsers.message import parse_message
from parsers.office import Column
from parsers.readers import NoReaders
from tests.parsers import mails
from tests.parsers.papers import COLUMNS, office

OFFICE = office((*COLUMNS, Column("防灾减灾", keywords=("预警", "防火")), Column("镇村新貌", ("town",), ("新貌",))))
NOTICE = Described("关于西大街临时封闭的通告", "封路通告.pdf", True)
NEWS = Described("清河镇果园里来了大学生", "信息：果园.docx", False)
RULES = Described("关于印发《临川县供水管理办法》的通知", "临政发3号.docx", True)
READING = Described("《临川县供水管理办法》政策解读", "解读.docx", False)
WARNING = Described("临川县气象台发布大风蓝色预警信号", "大风.txt", True)
LIST = Described("2026年低保对象名单公示", "公示.xlsx", True)
OTHER_LIST = Described("2026年护理员合格人员公示", "护理员.docx", True)


@pytest.mark.parametrize(
    ("note", "drafts", "wanted"),
    [
        ("通告请发“公告公示”，信息请发“镇村新貌”。", (NOTICE, NEWS), ("公告公示", "镇村新貌")),
        ("信息请发“镇村新貌”，通告请发“公告公示”。", (NOTICE, NEWS), ("公告公示", "镇村新貌")),
        ("办法放规章栏目；解读放解读栏目。", (RULES, READING), ("规章", "解读")),
        ("规范性文件请发“规章”栏目，解读请发“解读”，两篇互相链接。", (RULES, READING), ("规章", "解读")),
        ("请将通告发布在公告公示栏，将新闻稿发布在乡镇动态栏，谢谢！", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("请在公告公示栏发布通告，在乡镇动态栏发布信息。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("1.关于西大街临时封闭的通告（公告公示）\n2.果园（乡镇动态）", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("第1篇请发公告公示栏，第2篇请发乡镇动态栏。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("第二篇请发乡镇动态栏，第一篇请发公告公示栏。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("前者请发公告公示栏，后者请发乡镇动态栏。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("附件1请发公告公示栏，附件2请发乡镇动态栏。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("请分别发在公告公示、发在乡镇动态。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("请发公告公示栏和乡镇动态栏。", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("果园里来了大学生请发镇村新貌，通告请发公告公示。", (NOTICE, NEWS), ("公告公示", "镇村新貌")),
        ("大风预警放“防灾减灾”，低保公示放“公告公示”。", (WARNING, LIST), ("防灾减灾", "公告公示")),
        ("预警信号→防灾减灾；公示→公告公示", (LIST, WARNING), ("公告公示", "防灾减灾")),
        ("通告——公告公示，动态——乡镇动态", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("公告公示：封路通告\n乡镇动态：果园", (NOTICE, NEWS), ("公告公示", "乡镇动态")),
        ("通告栏目：公告公示；信息栏目：镇村新貌", (NOTICE, NEWS), ("公告公示", "镇村新貌")),
        ("两个公示都发“公告公示”，今天要上网。", (LIST, OTHER_LIST), ("公告公示", "公告公示")),
        ("两篇均发布在乡镇动态栏目。", (NEWS, NEWS), ("乡镇动态", "乡镇动态")),
        ("以下3篇稿件请一并发在乡镇动态栏。", (NEWS, NEWS, NEWS), ("乡镇动态",) * 3),
        ("低保公示请发防灾减灾栏，其余请发公告公示栏。", (LIST, OTHER_LIST), ("防灾减灾", "公告公示")),
        ("通告请发公告公示栏，信息按惯例。", (NOTICE, NEWS), ("公告公示", None)),
        ("通告请不要发在公告公示栏。", (NOTICE, NEWS), (None, None)),
        ("请发在公告公示栏。", (NOTICE, NEWS), (None, None)),
        ("请查收。", (NOTICE, NEWS), (None, None)),
        ("红头文件发“文件”栏目，稿子发“镇村新貌”栏目", (RULES, NEWS), ("文件", "镇村新貌")),
        ("解读请发解读栏，办法请发规章栏，信息请发乡镇动态栏", (RULES, READING, NEWS), ("规章", "解读", "乡镇动态")),
        ("通告请发公告公示栏", (), ()),
    ],
)  # fmt: skip
def test_each_draft_gets_the_column_that_the_note_asks_for_it(
    note: str, drafts: tuple[Described, ...], wanted: tuple[str | None, ...]
) -> None:
    assert asked_columns(note, OFFICE, drafts) == wanted


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        ("请发在公告公示栏。", "公告公示"),
        ("请归入“防灾减灾”", "防灾减灾"),
        ("发布栏目：防灾减灾", "防灾减灾"),
        ("请往镇村新貌里发", "镇村新貌"),
        ("信息请发镇村新貌，通告请发公告公示。", "公告公示"),
        ("请发镇村新貌栏或公告公示栏。", "镇村新貌"),
        ("别发在镇村新貌栏", None),
    ],
)
def test_one_draft_takes_the_request_that_means_it_else_the_first(note: str, wanted: str | None) -> None:
    assert asked_columns(note, OFFICE, (NOTICE,)) == (wanted,)


def test_of_columns_whose_names_hold_one_another_the_whole_one_is_meant() -> None:
    where = office((Column("公告"), Column("拍卖公告"), Column("公告公示")))
    assert asked_column("请发拍卖公告栏目", where) == "拍卖公告"
    assert asked_column("请发布到公告公示", where) == "公告公示"


def test_a_note_of_many_requests_and_a_mail_of_many_drafts_are_matched_in_bounded_time() -> None:
    start = time.process_time()
    asked_columns("请发在公告公示栏，" * 500, OFFICE, (NOTICE, NEWS) * 100)
    assert time.process_time() - start < 2


def test_a_mail_of_two_drafts_files_each_where_its_note_asks() -> None:
    mail = EmailMessage()
    mail["From"] = "qingshizhen_bgs@163.com"
    mail["Subject"] = "报送通告1件、信息1篇"
    mail.set_content("编辑好：\n通告请发“文件选登”，信息请发“公告栏”。\n青石镇")
    files = {
        "通告.txt": "青石镇人民政府关于封闭西大街的通告\n因施工需要，封闭西大街。\n青石镇人民政府\n2026年3月2日",
        "果园.txt": "青石镇果园里来了大学生\n3月1日，二十名大学生走进青石镇果园，学习修剪果树，为春管添了人手。",
    }
    for name, text in files.items():
        mail.add_attachment(text.encode(), maintype="text", subtype="plain", filename=name)
    read = parse_message(mail.as_bytes(), mails.OFFICE, None, NoReaders())
    assert {draft.title: draft.column for draft in read.drafts} == {
        "青石镇人民政府关于封闭西大街的通告": "文件选登",
        "青石镇果园里来了大学生": "公告栏",
    }
    assert all("来信指定" in draft.column_reason for draft in read.drafts)
