"""A report as a file of each form, and as the page that loads nothing."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from daemon.export.page import page
from daemon.export.report_file import ENDINGS, has_form, write_report
from daemon.rules.assessment import as_json
from parsers.office import Unit
from tests.daemon.export.reports import ISSUER, report, with_questions
from tests.daemon.rules.samples import TOWN

BEGINNINGS = {".json": b"{\n", ".xlsx": b"PK", ".docx": b"PK", ".html": b"<!DOCTYPE html>"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_its_ending_says_what_a_file_is(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"十月{ending.upper()}"
    assert has_form(path)
    write_report(report(), ISSUER, path)
    assert path.read_bytes().startswith(BEGINNINGS[ending])
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["十月.pdf", "十月", ".json.txt"])
def test_other_endings_are_no_form(name: str) -> None:
    assert not has_form(Path(name))


def test_the_json_file_is_the_report(tmp_path: Path) -> None:
    made = report()
    write_report(made, ISSUER, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == as_json(made)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "x.html").mkdir()
    with pytest.raises(OSError, match=r"x\.html"):
        write_report(report(), ISSUER, tmp_path / "x.html")
    assert [one.name for one in tmp_path.iterdir()] == ["x.html"]


def test_the_page_loads_nothing_from_anywhere() -> None:
    told = page(report(), ISSUER)
    assert not re.findall(r"""(?:src|href)=["'](?!#)|url\(|@import|<script""", told)


def test_the_page_has_the_questions_of_citizens_where_there_were_any() -> None:
    soup = BeautifulSoup(page(with_questions(), ISSUER), "lxml")
    headings, town = (row.select("th, td") for row in soup.select("tr")[:2])
    assert [cell.get_text() for cell in (*headings[-2:], *town[-2:])] == ["咨询答复", "答复逾期", "2", "1"]
    assert [cell.get("class") for cell in town[-2:]] == [None, ["bad"]]
    assert "<th>答复逾期" not in page(report(), ISSUER)


def test_the_page_names_for_every_figure_the_receipts_that_it_counts() -> None:
    made = report()
    soup = BeautifulSoup(page(made, ISSUER), "lxml")
    town = next(one for one in made.units if one.unit.name == TOWN.name)
    details = next(one for one in soup.find_all("details") if TOWN.name in one.summary.text)
    listed = {row.td.text: row.find_all("td")[4].text.split() for row in details.tbody.find_all("tr")}
    assert {column.column: list(column.receipts) for column in town.duties.columns if column.receipts} == listed
    for term in details.find_all("dt"):
        name, number = term.text.split()
        assert len(term.find_next_sibling("dd").find_all("span")) == int(number), name
    named = {term.text for term in details.find_all("dt")}
    assert named == {"按时 2", "逾期 1", "未认定 31", "退稿 1", "应配解读 2", "已配解读 1", "无信息天数 3"}


def test_the_page_leads_from_the_ranking_to_the_unit() -> None:
    soup = BeautifulSoup(page(report(), ISSUER), "lxml")
    for link in soup.find_all("a"):
        (details,) = soup.find_all("details", id=link["href"][1:])
        assert link.text in details.summary.text


def test_a_name_is_text_on_the_page() -> None:
    made = report()
    strange = replace(made.units[0], unit=Unit("<b>镇</b>", "town"))
    told = page(replace(made, units=(strange, *made.units[1:])), ISSUER)
    assert "&lt;b&gt;镇&lt;/b&gt;" in told
    assert "<b>镇</b>" not in told
