"""Files that real programs wrote, read as other programs read them (tests/files; docs/formats.md tells of them)."""

from __future__ import annotations

import io
import json
import random
import re
import time
import unicodedata
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from parsers import attachments
from parsers.attachments.picture import for_publishing
from parsers.content import Content
from parsers.readers import NoReaders
from tests.files.independent import PASSWORD, UNSEEN

FILES = Path(__file__).resolve().parents[2] / "files"
EXPECTED: dict[str, Any] = json.loads((FILES / "expected.json").read_text("utf-8"))
TEXTS = [name for name, found in EXPECTED.items() if found["reader"] not in ("7z", "tarfile")]
ARCHIVES = [name for name in EXPECTED if name not in TEXTS and name != "seven-locked.7z"]
SHOWN = {
    "office-notice.html": ["删去的三月"],
    "office-notice.pdf": ["删去的三月"],
    "office-notice.xml": ["删去的三月", "隐藏文字不应出现"],
}
"""What LibreOffice wrote into these as if it were neither deleted nor hidden."""
NOT_CALCULATED = {"openpyxl-fund.xlsx": ["5,500", "1,332,567.50"]}
"""Formulas that no program had calculated when it was saved: LibreOffice does, we read what is there."""
_LABEL = re.compile(r"^(?:%0%\.\d、|(?:\d+\.)+|（\d\.\d）|•)")


@cache
def content(name: str) -> Content:
    return attachments.read(name, (FILES / name).read_bytes(), NoReaders(), passwords=(PASSWORD,))


def folded(text: str) -> str:
    """Without what the programs choose themselves: white space, raised figures, brackets of notes."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).replace("~", "")
    return re.sub(r"\[(\d+)\]|•", r"\1", text)


def without_marks(text: str) -> str:
    """As a program has it that passes over notes."""
    return folded(re.sub(r"\[\d+\]", "", text))


def lines_of(name: str) -> list[str]:
    """What the other program read, but the numbers of lists where it counts as it likes, or where we don't: slides."""
    found = EXPECTED[name]
    counts = found["reader"] != "LibreOffice" or name.endswith((".xml", ".pptx", ".ppt"))
    lines = (_LABEL.sub("", line) if counts else line for line in found["lines"])
    return [folded(line) for line in lines]


def tables_of(name: str) -> list[list[list[str]]]:
    left_out = NOT_CALCULATED.get(name, [])
    wanted = [
        [[folded(cell) for cell in row if cell and cell not in left_out] for row in table]
        for table in EXPECTED[name]["tables"]
    ]
    return [[row for row in table if row] for table in wanted]


def tables_read(name: str) -> list[list[list[str]]]:
    """Rows of all that is shown: a title above a table counts as a row, as the others have it in the table."""
    soup = BeautifulSoup("".join(block.html for block in content(name).blocks if block.kind == "table"), "lxml")
    return [
        [
            row
            for line in table.find_all("tr")
            if (row := [folded(cell.get_text()) for cell in line.find_all(["td", "th"]) if cell.get_text().strip()])
        ]
        for table in soup.find_all("table")
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_another_program_reads_the_same_text(name: str) -> None:
    found = content(name)
    text = "".join(block.text for block in found.blocks)
    assert found.status == "read"
    assert [word for word in UNSEEN if word in text] == SHOWN.get(name, [])
    for word in UNSEEN:
        text = text.replace(word, "")
    assert [line for line in lines_of(name) if line not in folded(text) and line not in without_marks(text)] == []


@pytest.mark.parametrize("name", [name for name in TEXTS if EXPECTED[name]["lines"]])
def test_nothing_is_read_that_another_program_does_not(name: str) -> None:
    theirs = folded("".join(EXPECTED[name]["lines"]))
    assert len(folded(content(name).text)) < 1.15 * len(theirs) + 20


@pytest.mark.parametrize("name", [name for name in TEXTS if EXPECTED[name]["tables"]])
def test_another_program_reads_the_same_tables(name: str) -> None:
    wanted, ours = tables_of(name), tables_read(name)
    if len(wanted[0][0]) == 1 and len(ours[0][0]) > 1:
        wanted = [wanted[0][1:], *wanted[1:]]  # the title above a sheet's table is a paragraph here
    assert ours == wanted


@pytest.mark.parametrize("name", ARCHIVES)
def test_another_program_finds_the_same_members(name: str) -> None:
    assert [member.name for member in content(name).members] == EXPECTED[name]["lines"]
    for member in content(name).members:
        assert attachments.read(member.name, member.data, NoReaders()).status == "read"


def test_word_numbers_and_merged_cells_come_through_every_form() -> None:
    for ending in ("docx", "doc", "wps", "rtf", "odt", "xml"):
        found = content(f"office-notice.{ending}")
        numbers = [block.text for block in found.blocks if re.match(r"[一二]、|（[一二]）|\d\.", block.text)]
        assert numbers == [
            *("一、督查内容", "（一）造林质量", "1.整地是否达标；", "2.苗木是否合格。", "（二）资金使用"),
            *("二、督查方式", "（一）实地查看"),
        ], ending
        assert ('rowspan="2"' in found.html) == (ending != "xml"), ending  # LibreOffice leaves it out of that
        assert 'colspan="2"' in found.html, ending
        assert [block.text for block in found.blocks if block.place == "header"] == ["临溪县林业局文件"], ending
        assert [block.text for block in found.blocks if block.place == "note"] == ["[1] 含补植补造面积。"], ending


def test_text_boxes_whose_place_is_not_known_are_read_after_the_rest() -> None:
    for name in ("office-notice.doc", "office-notice.wps"):
        assert content(name).text.endswith("联系人：赵明，电话：0917-3320000")
        assert "框内文字列在正文之后" in content(name).findings[-1].message


@pytest.mark.parametrize("name", ["locked.odt", "locked.ods", "locked.odp", "locked.xls", "locked.doc"])
def test_what_a_real_program_locked_opens_with_the_password_of_the_mail(name: str) -> None:
    data = (FILES / f"office-{name}").read_bytes()
    opened = attachments.read(name, data, NoReaders(), passwords=("1234", PASSWORD))
    plain = {"doc": "news.doc", "odp": "policy.odp", "odt": "notice.odt"}.get(name[-3:], f"fund.{name[-3:]}")
    assert opened.status == "read"
    wanted = attachments.read(name, (FILES / f"office-{plain}").read_bytes(), NoReaders())
    assert set(opened.text.split("\n")) == set(wanted.text.split("\n"))
    for passwords, words in (((), "请报送单位取消密码"), (("1234",), "来信所写的密码打不开此文件")):
        locked = attachments.read(name, data, NoReaders(), passwords=passwords)
        assert (locked.status, locked.text) == ("encrypted", "")
        assert words in locked.findings[0].message


def test_a_locked_7z_opens_with_its_password_and_asks_for_it_without() -> None:
    assert (content("seven-locked.7z").status, bool(content("seven-locked.7z").members)) == ("read", True)
    locked = attachments.read("a.7z", (FILES / "seven-locked.7z").read_bytes(), NoReaders())
    assert locked.status == "encrypted"
    assert "告知密码" in locked.findings[0].message


def test_a_hidden_sheet_is_screened_and_told() -> None:
    for ending in ("xls", "xlsx", "et", "ods"):
        found = content(f"office-fund.{ending}")
        assert "底稿不应列出" in found.hidden_text
        assert "底稿" not in found.text
        assert [one.code for one in found.findings] == ["attachment.hidden_sheet"]


def test_a_sheet_saved_as_text_is_a_table() -> None:
    rows = [[cell for cell in line.split("\t") if cell] for line in content("office-fund.csv").text.splitlines()]
    assert rows[3] == ["石桥镇", "3,000", "95.5%", "1,234,567.50", "2026年3月5日"]


def test_a_page_saved_with_its_pictures_keeps_them_in_place() -> None:
    found = content("saved.mht")
    assert [block.kind for block in found.blocks] == ["heading", "paragraph", "picture", "table"]
    assert f"sha256:{found.blobs[0].sha256}" in found.html


@pytest.mark.parametrize("ending", ["avif", "bmp", "gif", "jp2", "png", "webp"])
def test_pictures_of_every_form_are_kept(ending: str) -> None:
    assert (content(f"pillow.{ending}").kind, content(f"pillow.{ending}").status) == ("image", "stored")


def test_pictures_of_telephones_and_fax_machines_are_kept() -> None:
    assert [content(name).kind for name in ("telephone.heic", "fax.tiff", "turned.jpg")] == ["image"] * 3
    data = (FILES / "turned.jpg").read_bytes()
    with Image.open(io.BytesIO(data)) as sent, Image.open(io.BytesIO(for_publishing(data))) as shown:
        assert (sent.size, shown.size) == ((320, 200), (200, 320))
        assert sent.getexif().get_ifd(0x8825)
        assert not shown.getexif()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", sorted(path.name for path in FILES.iterdir() if path.is_file() and path.suffix not in {".py", ".json"})
)
def test_a_damaged_file_of_a_real_program_ends_in_a_status(name: str) -> None:
    data = (FILES / name).read_bytes()
    chance = random.Random(name)
    for _ in range(6):
        flipped = bytearray(data)
        for _ in range(chance.choice((1, 20, 300))):
            flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        for broken in (bytes(flipped), data[: chance.randrange(len(data))], data[chance.randrange(len(data)) :]):
            began = time.process_time()
            found = attachments.read(name, broken, NoReaders(), passwords=(PASSWORD,))
            assert found.status in {"read", "stored", "scanned", "encrypted", "damaged", "refused"}
            assert time.process_time() - began < 10


def test_a_picture_that_browsers_do_not_show_says_what_to_ask_for() -> None:
    for name in ("telephone.heic", "fax.tiff", "pillow.jp2"):
        assert [(one.code, one.severity) for one in content(name).findings] == [("attachment.unread", "info")], name
        assert "改发 JPG" in content(name).findings[0].message
    assert content("pillow.png").findings == ()


def test_the_numbers_of_slides_are_written_out() -> None:
    for name in ("pandoc-policy.pptx", "office-policy.pptx"):
        lines = content(name).text.split("\n")
        assert lines[lines.index("申报流程") + 1 :][:2] == ["1.村集体申报", "2.乡镇审核"], name


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("ea1ChsPeriod", ("一、", "二、")),
        ("arabicParenBoth", ("(1)", "(2)")),
        ("circleNumDbPlain", ("①", "②")),
        ("alphaLcParenR", ("a)", "b)")),
        ("romanUcPeriod", ("I.", "II.")),
        ("unheard-of", ("1.", "2.")),
    ],
)
def test_each_kind_of_number_is_written_as_slides_show_it(kind: str, numbers: tuple[str, str]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(FILES / "pandoc-policy.pptx") as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"arabicPeriod", kind.encode()))
    text = attachments.read("a.pptx", out.getvalue(), NoReaders()).text
    assert f"{numbers[0]}村集体申报" in text
    assert f"{numbers[1]}乡镇审核" in text
