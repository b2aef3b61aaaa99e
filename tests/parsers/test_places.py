"""Each element keeps where it was found: cut out there, the text of its part is the excerpt to the character."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.settings import load
from parsers.article import read_elements
from parsers.message import parse_message
from parsers.mime import topmost_received
from parsers.places import moved, places_of
from parsers.readers import NoReaders
from parsers.submission import Draft, Submission
from tests.parsers.mails import OFFICE
from tests.parsers.papers import NOTICE, line, office, paper, table

MESSAGES = Path(__file__).resolve().parent.parent / "messages"
SPACES = st.sampled_from(["", " ", "　", "\t", "\u200b", " 　"])
DOCUMENTS = [
    NOTICE,
    "县财政局\n关于预算执行情况的报告\n县人民政府：\n现将情况报告如下。\n临川县财政局\n二〇二六年三月五日",
    "成文日期：2026年3月5日　　发布机构：临川县财政局\n关于停电的公告\n因检修停电。",
    "特急\n临川县民政局文件\n临民发﹝2026﹞3号\n关于做好低保\n工作的通知\n各镇：\n请执行。\n（此件公开发布）",
    "清河镇召开春耕现场会\n（通讯员 王明）\n3月5日，清河镇召开现场会。",
]


def said(read: Submission, draft: Draft, part: str) -> str:
    """The text that the offsets of this part count in."""
    return read.note if part == "body" else next(one.text for one in draft.attachments if one.name == part)


def wrong(read: Submission) -> list[str]:
    placed = [(draft, one) for draft in read.drafts for one in draft.elements if one.offset is not None]
    return [
        f"{one.name}: {one.excerpt}"
        for draft, one in placed
        if not one.excerpt or not said(read, draft, one.part).startswith(one.excerpt, one.offset)
    ]


@given(st.sampled_from(DOCUMENTS), st.data())
def test_the_text_at_the_offset_is_the_excerpt_however_its_lines_are_spaced(document: str, data: st.DataObject) -> None:
    lines = [data.draw(SPACES) + one + data.draw(SPACES) for one in document.strip("\n").split("\n")]
    cut = data.draw(st.integers(0, len(lines)))
    blocks = (*paper("\n".join(lines[:cut])), line("\n".join(lines[cut:])))
    text = places_of(blocks).text
    for one in read_elements(blocks, office(), part="a.docx").elements:
        assert one.offset is None or text[one.offset : one.offset + len(one.excerpt)] == one.excerpt != ""


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_stands_in_the_text_has_a_place_in_it(document: str) -> None:
    found = read_elements(paper(document), office(), part="a.docx").elements
    assert [one.name for one in found if one.offset is None and one.name != "issuer"] == []


def test_of_a_table_the_cell_that_says_it_is_pointed_at() -> None:
    blocks = (table("临财发〔2026〕8号\t签发人：王明"), *paper("关于停电的通知\n各镇：\n请执行。"))
    number = next(one for one in read_elements(blocks, office()).elements if one.name == "document_number")
    assert (number.offset, number.excerpt) == (0, "临财发〔2026〕8号")


def test_what_only_the_subject_says_is_of_the_subject() -> None:
    found = read_elements(paper("近日，清河镇召开现场会。"), office(), subject="清河镇召开春耕现场会").elements
    assert [(one.part, one.excerpt, one.offset) for one in found] == [("subject", "清河镇召开春耕现场会", None)]


def test_in_a_mail_the_offset_counts_from_the_beginning_of_its_own_text() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "qingshizhen_bgs@163.com", "报送通知"
    mail.set_content("编辑部：\n现报送通知一篇，请采用。\n\n" + NOTICE.replace("清河镇", "青石镇"))
    read = parse_message(mail.as_bytes(), OFFICE, None, NoReaders())
    title = next(one for one in read.drafts[0].elements if one.name == "title")
    assert title.part == "body"
    assert title.offset is not None
    assert read.note[title.offset :].startswith(title.excerpt)
    assert wrong(read) == []


@pytest.mark.parametrize("folder", ["", "linhe", "naling", "narenhe"])
def test_every_place_in_the_sample_mails_is_right_and_most_elements_have_one(folder: str) -> None:
    home = MESSAGES / folder
    settings = load(home / "config").office_value
    mails = [path.read_bytes() for path in sorted(home.glob("messages/*.eml" if folder else "*.eml"))]
    reads = [parse_message(one, settings, topmost_received(one), NoReaders()) for one in mails]
    assert [slip for read in reads for slip in wrong(read)] == []
    assert len(mails) > 10
    placed = [one.offset is not None for read in reads for draft in read.drafts for one in draft.elements]
    assert sum(placed) >= 0.85 * len(placed)


def test_a_text_that_is_not_in_the_whole_has_no_place_there() -> None:
    own = places_of(paper("关于停电的通知\n各镇："))
    assert moved(0, "关于停电的通知", own, "编辑部：您好") is None
    assert moved(8, "各镇：", own, "您好\n关于停电的通知\n\n各镇：") == 12
