"""What the documents promise is there, and what is there is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from daemon.commands import _parser
from daemon.settings import models
from tests.offices import HOME

CONTRACT = (HOME / "docs" / "CONTRACT.md").read_text("utf-8")
FINDING = re.compile(
    r'"((?:secret|pii|sender|document|attachment|interpretation|duplicate|receipt|message|validity|link|text)\.[a-z_]+'
    r'|supersedes)"'
)


def _commands() -> list[str]:
    (commands,) = [action for action in _parser()._actions if action.choices and action.dest != "help"]
    return sorted(commands.choices or ())


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation)


def _codes() -> set[str]:
    sources = [*(HOME / "parsers").rglob("*.py"), *(HOME / "daemon").rglob("*.py")]
    pages = {path.name for path in (HOME / "templates" / "pages").iterdir()}
    return {code for path in sources for code in FINDING.findall(path.read_text("utf-8"))} - pages


@pytest.mark.parametrize("command", _commands())
def test_every_command_stands_in_the_contract(command: str) -> None:
    assert re.search(rf"`{command}[ `]", CONTRACT)


@pytest.mark.parametrize("model", [models.OfficeFile, models.UnitEntry, models.ColumnEntry, models.CalendarFile])
def test_every_key_of_the_config_stands_in_the_contract(model: type[BaseModel]) -> None:
    assert [key for key in _keys(model) if not re.search(rf"\b{key}\b", CONTRACT)] == []


def test_every_finding_stands_in_the_contract() -> None:
    assert [code for code in sorted(_codes()) if f"`{code}`" not in CONTRACT] == []


@pytest.mark.parametrize(
    "document", [*sorted((HOME / "docs").glob("*.md")), HOME / "README.md"], ids=lambda path: path.name
)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_dependency_has_its_line() -> None:
    listed = (HOME / "docs" / "dependencies.md").read_text("utf-8").lower()
    project = (HOME / "pyproject.toml").read_text("utf-8")
    names = re.findall(
        r'"([A-Za-z0-9.-]+)(?:\[\w+\])?(?:>=[\d.]+)?"', project.split("dependencies = [")[1].split("\n]")[0]
    )
    assert [name for name in names if name.lower() not in listed] == []
