"""The bulletin: its form as official documents have it, its words by our own reader of documents, its pages by an
office suite."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from daemon.export.bulletin import bulletin, shortcomings
from daemon.export.official import OfficialDocument
from parsers import attachments
from parsers.elements import Elements
from parsers.official import read_official
from parsers.readers import NoReaders
from tests.daemon.export.reports import ISSUER, OTHER, report, with_questions
from tests.daemon.rules.samples import DEPARTMENT, OFFICE, TOWN, at
from tests.servers import program

TITLE = "云溪县政务网编辑部关于2026年10月内容保障情况的通报"


@pytest.fixture(scope="module")
def data() -> bytes:
    return bulletin(report(), ISSUER)


@pytest.fixture(scope="module")
def word(data: bytes) -> Any:
    """As the library that Word files are made with opens it."""
    return docx.Document(io.BytesIO(data))


def elements(data: bytes) -> Elements:
    """As the daemon would read it from a mail."""
    content = attachments.read("通报.docx", data, NoReaders())
    assert content.status == "read"
    return read_official(content.blocks, OFFICE)


def text(data: bytes) -> str:
    return "\n".join(block.text for block in elements(data).body)


def test_it_is_read_as_an_official_document(data: bytes) -> None:
    found = elements(data)
    assert (found.title, found.addressee) == (TITLE, "各报送单位：")
    assert (found.issuer, found.issued_on) == (ISSUER, date(2026, 11, 2))


def test_it_says_the_whole_the_ranking_the_shortcomings_and_the_rules(data: bytes) -> None:
    told = text(data)
    headings = ["一、总体情况", "二、分类排名", "三、存在的问题", "四、考核口径"]
    assert sorted(headings, key=told.index) == headings
    assert (
        "应考核单位3个，共收到稿件35件。其中，按时报送2件，逾期报送1件，未认定时效32件，逾期率33.3%；"
        "退稿后尚未重新报送1件。有数量要求的栏目应报77条，缺报48条。应配解读或便民问答的文件2件，已配1件。" in told
    )
    assert f"1\t{TOWN.name}\t" in told
    assert f"2\t{OTHER.name}\t0.00\t31\t0\t31" in told
    assert "法规文件：成文后3日内报送" in told
    assert "报送数量（权重50）" in told


def test_kinds_of_unit_have_a_table_each_under_the_offices_own_words(word: Any) -> None:
    told = [paragraph.text for paragraph in word.paragraphs]
    assert told.index("（一）镇（街道）") < told.index("（二）县政府各部门")
    assert [[row.cells[1].text for row in table.rows] for table in word.tables] == [
        ["单位", TOWN.name, OTHER.name],
        ["单位", DEPARTMENT.name],
    ]


def test_who_lags_is_named_the_worst_first() -> None:
    assert list(shortcomings(report())) == [
        f"报送数量不足：{OTHER.name}（缺报31条）、{DEPARTMENT.name}（缺报14条）、{TOWN.name}（缺报3条）。",
        f"逾期报送：{TOWN.name}（1件）。",
        f"整期没有动态、新闻类信息：{OTHER.name}（31天）。",
        f"解读或便民问答未配齐：{TOWN.name}（缺1件）。",
        f"退稿后尚未重新报送：{TOWN.name}（1件）。",
    ]


def test_questions_of_citizens_have_columns_and_the_late_a_sentence_only_where_there_were_any(word: Any) -> None:
    document = docx.Document(io.BytesIO(bulletin(with_questions(), ISSUER)))
    headings, town, other = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    assert (headings[-2:], town[-2:], other[-2:]) == (["咨询答复", "答复逾期"], ["2", "1"], ["0", "0"])
    assert f"咨询投诉答复逾期：{TOWN.name}（1件）。" in list(shortcomings(with_questions()))
    assert "答复逾期" not in [cell.text for cell in word.tables[0].rows[0].cells]


def test_a_table_with_questions_is_no_wider_than_the_page() -> None:
    document: Any = docx.Document(io.BytesIO(bulletin(with_questions(), ISSUER)))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    assert sum(column.width for column in document.tables[0].columns) <= room


def test_where_nobody_lags_that_is_said() -> None:
    assert set(shortcomings(replace(report(), units=()))) >= {"逾期报送：无。", "报送数量不足：无。"}


def test_a_draft_of_it_says_that_it_is_one_and_a_frozen_one_does_not() -> None:
    now = report(now="2026-10-20T09:00")
    assert "数据截至2026年10月20日9时，本期尚未结束，以编辑部核定公布的为准" in text(bulletin(now, ISSUER))
    frozen = replace(report(), frozen=at("2026-11-03T10:00"))
    assert "核定公布的为准" not in text(bulletin(frozen, ISSUER))


def test_the_page_is_that_of_official_documents(word: Any) -> None:
    section = word.sections[0]
    assert [round(size.mm) for size in (section.page_width, section.page_height)] == [210, 297]
    margins = section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]


def test_type_and_lines_are_those_of_official_documents(word: Any) -> None:
    by_text = {paragraph.text: paragraph for paragraph in word.paragraphs}
    for beginning, font, size in (
        ("云溪县政务网编辑部关于\n", "方正小标宋简体", 22),
        ("一、总体情况", "黑体", 16),
        ("（一）镇（街道）", "楷体_GB2312", 16),
        ("按照网站内容保障工作要求", "仿宋_GB2312", 16),
    ):
        paragraph = next(paragraph for told, paragraph in by_text.items() if told.startswith(beginning))
        fonts = paragraph.runs[0]._r.rPr.rFonts
        assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == (font, font)
        assert paragraph.runs[0].font.size == Pt(size)
    body = next(paragraph for told, paragraph in by_text.items() if told.startswith("按照"))
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_pages_are_numbered_outside(word: Any) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    for footer, side in ((word.sections[0].footer, "rightChars"), (word.sections[0].even_page_footer, "leftChars")):
        (paragraph,) = footer.paragraphs
        assert paragraph._p.pPr.ind.get(qn(f"w:{side}")) == "100"
        assert "".join(node.text for node in paragraph._p.iter(qn("w:t"))) == "— 1 —"
        assert [field.get(qn("w:instr")) for field in paragraph._p.iter(qn("w:fldSimple"))] == ["PAGE"]


@pytest.mark.parametrize(
    ("issuer", "right", "date_right"),
    [("云溪县政务网编辑部", 200, 250), ("编辑部", 750, 200)],
)
def test_the_date_begins_two_characters_further_right_than_the_issuer(issuer: str, right: int, date_right: int) -> None:
    document = OfficialDocument("通报", issuer, datetime(2026, 11, 2, 9))
    document.signature(issuer, "2026年11月2日")
    opened: Any = docx.Document(io.BytesIO(document.as_bytes()))
    signed, dated = opened.paragraphs[-2:]
    assert [one._p.pPr.ind.get(qn("w:rightChars")) for one in (signed, dated)] == [str(right), str(date_right)]


@pytest.mark.slow
def test_an_office_suite_lays_it_out_on_numbered_pages(data: bytes, tmp_path: Path) -> None:
    soffice = program("soffice", "libreoffice-writer-nogui")
    (tmp_path / "通报.docx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    words = [
        soffice,
        "--headless",
        profile,
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "通报.docx"),
    ]
    subprocess.run(words, check=True, capture_output=True, timeout=120)
    with pypdfium2.PdfDocument(tmp_path / "通报.pdf") as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    assert 2 <= len(pages) <= 5
    for number, told in enumerate(pages, start=1):
        assert f"— {number} —" in told
    assert "关于" in pages[0].splitlines()[0]
