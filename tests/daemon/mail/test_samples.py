"""Every kind of letter has its samples, whatever the office's config says, and a mail program can show them."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from daemon.mail.letter import TEMPLATES, Kind, LetterText
from daemon.mail.samples import Sample, composed, kinds, marked, samples
from daemon.settings import Settings, load
from tests.daemon.desk.office import OFFICE, settings_of

AT = datetime(2026, 11, 24, 10, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
ODD = '甲: "乙" #镇 {{ 7 * 7 }} <b>'


def all_samples(settings: Settings) -> list[Sample]:
    return [sample for kind in kinds() for sample in samples(kind, settings, AT)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "office")


def test_every_kind_that_has_templates_has_samples(settings: Settings) -> None:
    with_templates = {path.name.removesuffix(".subject.j2") for path in TEMPLATES.glob("*.subject.j2")}
    assert {sample.kind for sample in all_samples(settings)} == with_templates


@pytest.mark.parametrize("kind", kinds())
def test_a_letter_says_who_writes_to_whom_and_whom_to_call(settings: Settings, kind: Kind) -> None:
    for sample in samples(kind, settings, AT):
        for text in (sample.letter.text, sample.letter.html):
            assert settings.office.name in text
            assert settings.office.phone in text
            assert settings.office.address in text
            assert "2026年11月24日" in text
        assert sample.letter.subject
        assert not re.search(r"\bNone\b|Undefined|\{\{|\{%", sample.letter.text + sample.letter.subject)


def test_names_of_a_config_are_shown_as_they_are_and_never_run(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "office")
    units = yaml.safe_load((settings.folder / "units.yaml").read_text("utf-8"))["units"]
    odd = {"units": [units[0] | {"name": ODD, "aliases": []}, *units[1:]]}
    (settings.folder / "units.yaml").write_text(yaml.safe_dump(odd, allow_unicode=True), "utf-8")
    for sample in all_samples(load(settings.folder)):
        assert sample.letter.text.startswith(("您好：", ODD))
        assert ODD not in sample.letter.html


@pytest.mark.parametrize("kind", kinds())
def test_the_text_says_what_the_page_says(settings: Settings, kind: Kind) -> None:
    for sample in samples(kind, settings, AT):
        for line in _words(sample.letter):
            assert line in _squeezed(_Page.of(sample.letter.html).text), (sample.name, line)


@pytest.mark.parametrize("kind", kinds())
def test_a_page_fetches_nothing_and_styles_itself(settings: Settings, kind: Kind) -> None:
    for sample in samples(kind, settings, AT):
        page = _Page.of(sample.letter.html)
        assert page.tags.isdisjoint({"script", "style", "link", "img", "iframe", "form", "input", "object", "svg"})
        assert not re.search(
            r"url\(|@import|position\s*:|float\s*:|background-image|!important|var\(", sample.letter.html
        )
        assert all(re.match(r"mailto:|https?://www\.example\.cn/", link) for link in page.links)
        assert len(sample.letter.html) < 100_000


@pytest.mark.parametrize("kind", kinds())
def test_a_dark_screen_leaves_the_letter_legible(settings: Settings, kind: Kind) -> None:
    """It says that it is light; where a program turns it all the same, ink and ground are given together, and turn
    together. Every ink is 4.5 to 1 on its ground (WCAG 2.2, 1.4.3)."""
    for sample in samples(kind, settings, AT):
        page = _Page.of(sample.letter.html)
        assert page.metas["color-scheme"] == "light"
        assert any("background:#ffffff" in style and "color:#1f2328" in style for style in page.styles)
        inks = re.findall(r"(?<![\w-])color:(#[0-9a-f]{6})", sample.letter.html)
        assert min(map(_contrast_on_white, inks)) >= 4.5


def test_a_test_letter_says_that_it_is_one_and_comes_from_nobodys_case(settings: Settings) -> None:
    for sample in all_samples(settings):
        letter = marked(sample.letter)
        assert letter.subject.startswith("【测试】")
        assert "内容均为虚构" in letter.text
        assert "内容均为虚构" in letter.html
        raw = composed(letter, "me@example.cn", settings, AT)
        assert b"\r\nTo: me@example.cn\r\n" in raw
        assert b"\r\nAuto-Submitted: auto-generated\r\n" in raw
        assert f".test@{OFFICE.partition('@')[2]}>".encode() in raw


class _Page(HTMLParser):
    """What stands in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.styles: list[str] = []
        self.metas: dict[str, str] = {}
        self.text = ""

    @classmethod
    def of(cls, html: str) -> _Page:
        page = cls()
        page.feed(html)
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.links += [values["href"]] if "href" in values else []
        self.styles += [values["style"]] if "style" in values else []
        if "name" in values:
            self.metas[values["name"]] = values.get("content", "")

    def handle_data(self, data: str) -> None:
        self.text += data


def _contrast_on_white(ink: str) -> float:
    parts = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _words(letter: LetterText) -> list[str]:
    """The lines of the plain text, without what only lays them out."""
    shown = (line for line in letter.text.splitlines() if "答复格式" not in line)  # where a page has links
    lines = (re.sub(r"^\s*(?:\d+\. )?", "", line) for line in shown)
    pieces = (piece for line in lines for piece in re.split(r"[：、（）]", line))
    return [found for piece in pieces if (found := _squeezed(piece))]
