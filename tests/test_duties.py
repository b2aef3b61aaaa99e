"""docs/duties.md speaks of every duty, and names tests that are there."""

from __future__ import annotations

import re

from tests.offices import HOME

DOMAIN = (HOME / "docs" / "DOMAIN.md").read_text("utf-8")
DUTIES = (HOME / "docs" / "duties.md").read_text("utf-8")


def ids(text: str) -> list[str]:
    """The duties that a table has rows for."""
    cells = re.findall(r"^\| \**((?:O\d+[a-c]? ?)+)\** \|", text, re.MULTILINE)
    return [found for cell in cells for found in cell.split()]


def test_every_duty_has_its_row() -> None:
    assert len(ids(DOMAIN)) > 30
    assert ids(DUTIES) == ids(DOMAIN)


def test_what_is_done_names_a_test() -> None:
    rows = [row.split(" | ") for row in DUTIES.splitlines() if row.startswith("| O")]
    assert {row[2] for row in rows} <= {"done", "open", "not by email"}
    assert [row[0] for row in rows if row[2] == "done" and "::" not in row[3] and "The same as" not in row[3]] == []


def test_the_tests_that_it_names_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DUTIES)
    assert len(named) > 20
    assert [name for file, name in named if f"def {name}(" not in (HOME / file).read_text("utf-8")] == []
