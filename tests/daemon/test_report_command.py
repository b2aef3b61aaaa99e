"""`report` as its users meet it: in a process of its own."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.offices import Desk, write_desk

NOWHERE = {"host": "127.0.0.1", "port": 1, "user": "desk", "password": "secret"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An office whose duties began at New Year, and to which nothing came."""
    mailbox = NOWHERE | {"start": datetime(2026, 1, 1).date()}
    return write_desk(tmp_path / "desk", mailbox, NOWHERE | {"from": "desk@office.example.cn"})


def test_it_prints_a_table(desk: Desk) -> None:
    done = desk.run("report", "2026-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026年1月内容保障考核" in done.stdout
    (town,) = [line for line in done.stdout.splitlines() if "甲镇人民政府" in line]
    assert [cell.strip() for cell in town.split("│")[1:-1]] == [
        "town", "1", "甲镇人民政府", "0.00", "31", "0", "31", "0", "0", "0", "0", "31",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["json", "xlsx", "docx", "html"])
def test_it_writes_the_file_that_is_asked_for(desk: Desk, ending: str) -> None:
    done = desk.run("report", "2026-H1", "--out", f"x.{ending}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (desk.folder / f"x.{ending}").stat().st_size > 1000


def test_the_json_says_what_was_owed(desk: Desk) -> None:
    desk.run("report", "2026-01", "--out", "x.json")
    found = json.loads((desk.folder / "x.json").read_text("utf-8"))
    assert (found["period"], found["from"], found["until"]) == ("2026-01", "2026-01-01", "2026-01-31")
    assert {one["unit"]: one["columns"][0] for one in found["units"]}["县林业局"] == {
        "column": "部门动态", "owed": 15, "delivered": 0, "missing": 15, "drafts": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["2026-13"], 2, "“2026-13”不是考核期间"),
        (["2099"], 2, "2099年度尚未开始"),
        (["2026-01", "--out", "x.pdf"], 2, "--out：文件名应以 .json、.xlsx、.docx、.html 结尾，而不是“x.pdf”"),
        (["2026-01", "--out", "nowhere/x.json"], 1, "nowhere/x.json: "),
    ],
)
def test_a_mistake_is_told_in_one_line(desk: Desk, words: list[str], code: int, said: str) -> None:
    done = desk.run("report", *words)
    assert done.returncode == code
    (line,) = done.stderr.splitlines()
    assert said in line
