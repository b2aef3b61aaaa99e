"""The readers of this machine: OCR with its own models, an office suite in a sandbox, and what `check` says of them."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.readers import MachineReaders, ocr, office_suite
from parsers import attachments

_FONTS = sorted(Path("/usr/share/fonts").rglob("*CJK*-*.ttc"))


_LINES = ("关于做好森林防火工作的通知", "各村民委员会，镇直各单位：", "二〇二六年十一月十三日")


def page(angle: float = 0, seal: bool = False) -> Image.Image:
    """A page with a line of Chinese and a date, as a scanner sees it."""
    made = Image.new("RGB", (1240, 700), "white")
    draw = ImageDraw.Draw(made)
    font = ImageFont.truetype(str(_FONTS[0]), 44)
    for number, line in enumerate(
        ("关于做好森林防火工作的通知", "各村民委员会，镇直各单位：", "二〇二六年十一月十三日")
    ):
        draw.text((200, 120 + 120 * number), line, "black", font)
    if seal:
        draw.ellipse((300, 300, 620, 620), outline=(230, 40, 40), width=14)
    return made.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.mark.slow
def test_a_slanted_page_under_a_red_seal_is_read() -> None:
    lines = MachineReaders().ocr(png(page(angle=2, seal=True)))
    assert lines is not None
    text = "".join(line.text for line in lines)
    assert "关于做好森林防火工作的通知" in text
    assert "年十一月十三日" in text
    assert all(0 <= line.confidence <= 1 for line in lines)
    assert [line.box[1] for line in lines] == sorted(line.box[1] for line in lines)


@pytest.mark.slow
def test_a_scanned_pdf_becomes_text() -> None:
    out = io.BytesIO()
    page().save(out, "PDF", resolution=150)
    content = attachments.read("扫描件.pdf", out.getvalue(), MachineReaders())
    assert (content.status, content.by_ocr) == ("scanned", True)
    assert "各村民委员会" in content.text


def test_the_red_of_a_seal_is_as_bright_as_paper() -> None:
    seal = ocr.without_seal(Image.new("RGB", (4, 4), (230, 40, 40)))
    type_under_it = ocr.without_seal(Image.new("RGB", (4, 4), (40, 10, 10)))
    assert seal.getpixel((0, 0)) == 230
    assert type_under_it.getpixel((0, 0)) == 40


@pytest.mark.parametrize("angle", [-3.0, 1.5])
def test_a_page_is_turned_back_by_what_it_is_askew(angle: float) -> None:
    assert ocr.skew(page(angle).convert("L")) == pytest.approx(-angle, abs=0.3)


def test_an_empty_page_is_not_turned() -> None:
    assert ocr.skew(Image.new("L", (100, 100), 255)) == 0.0


def test_what_is_no_picture_gives_nothing() -> None:
    assert ocr.read_lines(b"no picture") is None


def test_a_picture_of_endless_sides_is_not_looked_at() -> None:
    assert ocr.read_lines(png(Image.new("1", (9000, 1)))) is None


def test_words_of_tesseract_are_joined_to_lines() -> None:
    head = "level page_num block_num par_num line_num word_num left top width height conf text"
    rows = "5 1 1 1 1 1 10 20 30 40 90 防火", "5 1 1 1 1 2 50 18 30 40 80 通知", "4 1 1 1 2 1 1 1 1 1 -1 "
    (line,) = ocr.tesseract_lines("\n".join((head, *rows)).replace(" ", "\t"))
    assert (line.text, line.box) == ("防火通知", (10, 18, 80, 60))
    assert line.confidence == pytest.approx(0.85)


def test_readers_that_are_switched_off_give_nothing() -> None:
    readers = MachineReaders(use_ocr=False, use_office_suite=False)
    assert readers.ocr(png(page())) is None
    assert readers.to_docx(b"x", "doc") is None
    assert [state.found for state in readers.describe()] == [False, False]
    assert all("office.yaml" in state.message for state in readers.describe())


def test_check_says_what_is_there_and_what_to_do() -> None:
    for state in MachineReaders().describe():
        assert state.name
        assert state.found or "make install" in state.message


def suite(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program under the office suite's name, for what must hold of any: the real one is not on every machine."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_file_that_an_office_suite_writes_is_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(tmp_path, 'while [ $# -gt 2 ]; do shift; done; mkdir "$1"; cp "$2" "$1/in.docx"', monkeypatch)
    assert office_suite.to_docx(b"some text", "rtf") == b"some text"


def test_an_office_suite_has_a_profile_of_its_own_without_macros(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    suite(tmp_path, f'echo "$@" > {told}; cat "$HOME"/profile/user/*.xcu >> {told}', monkeypatch)
    assert office_suite.to_docx(b"x", "doc") is None
    assert "-env:UserInstallation=file:///" in told.read_text("utf-8")
    assert "DisableMacrosExecution" in told.read_text("utf-8")


def test_an_office_suite_that_writes_nothing_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(tmp_path, "exit 0", monkeypatch)
    assert office_suite.to_docx(b"x", "doc") is None
    assert office_suite.to_docx(b"x", "../x") is None


def test_a_machine_without_an_office_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office_suite.to_docx(b"x", "doc") is None
