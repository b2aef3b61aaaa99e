"""What a slow reader found is kept: the same scan in a second mail takes no OCR, and nothing stale is believed."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.blobs import Blobs
from daemon.readers import cache
from daemon.readers.cache import CachedReaders, Readings
from daemon.readers.pool import ParserPool
from parsers.readers import OcrLine
from parsers.submission import Submission
from tests.daemon.readers.tasks import read_and_tell
from tests.daemon.readers.test_machine_readers import page
from tests.daemon.readers.test_pool import NOON, settings_of

LINE = OcrLine("关于防火的通知", (1.5, 2, 90, 20), 0.97)


@dataclass
class Counting:
    """Readers that count how often they are asked."""

    lines: list[OcrLine] | None = field(default_factory=lambda: [LINE])
    document: bytes | None = b"PK"
    asked: int = 0

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        self.asked += 1
        return self.lines

    def to_docx(self, data: bytes, extension: str) -> bytes | None:
        self.asked += 1
        return self.document


@dataclass(frozen=True)
class Versions:
    ocr_version: str | None = "1"
    office_version: str | None = "1"


def cached(readers: Counting, folder: Path, version: str | None = "1") -> CachedReaders:
    return CachedReaders(readers, Versions(version, version), Readings(folder / "readings"))


def test_the_same_bytes_are_read_once(tmp_path: Path) -> None:
    readers = Counting()
    for _ in range(2):
        assert cached(readers, tmp_path).ocr(b"picture") == [LINE]
        assert cached(readers, tmp_path).to_docx(b"old file", "doc") == b"PK"
    assert readers.asked == 2


def test_other_bytes_another_version_or_another_form_are_read_anew(tmp_path: Path) -> None:
    readers = Counting()
    cached(readers, tmp_path).ocr(b"picture")
    cached(readers, tmp_path).ocr(b"picture 2")
    cached(readers, tmp_path, "2").ocr(b"picture")
    cached(readers, tmp_path).to_docx(b"picture", "doc")
    cached(readers, tmp_path).to_docx(b"picture", "wps")
    assert readers.asked == 5


def test_an_empty_page_is_a_reading_and_a_failure_is_none(tmp_path: Path) -> None:
    empty, failing = Counting(lines=[]), Counting(lines=None, document=None)
    for _ in range(2):
        assert cached(empty, tmp_path).ocr(b"blank") == []
        assert cached(failing, tmp_path).ocr(b"broken") is None
        assert cached(failing, tmp_path).to_docx(b"broken", "doc") is None
    assert (empty.asked, failing.asked) == (1, 4)


def test_a_reader_that_is_switched_off_answers_nothing_from_before(tmp_path: Path) -> None:
    cached(Counting(), tmp_path).ocr(b"picture")
    off = Counting(lines=None, document=None)
    assert cached(off, tmp_path, None).ocr(b"picture") is None
    assert cached(off, tmp_path, None).to_docx(b"picture", "doc") is None


@pytest.mark.parametrize("change", [lambda kept: kept[:-1], lambda kept: kept[:64] + b"[]", lambda kept: b""])
def test_a_damaged_reading_is_made_again(tmp_path: Path, change: object) -> None:
    readers = Counting()
    cached(readers, tmp_path).ocr(b"picture")
    (kept,) = (tmp_path / "readings").iterdir()
    kept.write_bytes(change(kept.read_bytes()))  # type: ignore[operator]
    assert cached(readers, tmp_path).ocr(b"picture") == [LINE]
    assert cached(readers, tmp_path).ocr(b"picture") == [LINE]
    assert readers.asked == 2


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "readings").write_text("in the way")
    readers = Counting()
    assert [cached(readers, tmp_path).ocr(b"picture") for _ in range(2)] == [[LINE], [LINE]]
    assert readers.asked == 2


def test_the_least_used_readings_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_MOST", 10)
    readings = Readings(tmp_path)
    for number in range(10):
        readings.put(str(number), b"x")
        os.utime(tmp_path / str(number), (number, number))
    assert readings.get("0") == b"x"
    readings.put("new", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "7", "8", "9", "new"]


@pytest.mark.slow
def test_a_second_mail_with_the_same_scan_takes_no_ocr(tmp_path: Path) -> None:
    with ParserPool(settings_of(tmp_path / "office"), Blobs(tmp_path / "blobs"), read_and_tell) as pool:
        lanes, texts = [], []
        for unit in ("jia", "yi"):
            path = tmp_path / f"{unit}.eml"
            path.write_bytes(_mail(f"{unit}@town.example.cn"))
            found = pool.submit(path, NOON).result(120)
            assert isinstance(found, Submission), found
            lanes.append(found.subject)
            texts.append([file.text for draft in found.drafts for file in draft.attachments])
    assert lanes == ["heavy", "light"]
    assert texts[0] == texts[1]
    assert "各村民委员会" in texts[0][0]


def _mail(sender: str) -> bytes:
    out = io.BytesIO()
    page().save(out, "PDF", resolution=150)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, "报送通知"
    mail.set_content("请查收附件。")
    mail.add_attachment(out.getvalue(), maintype="application", subtype="pdf", filename="通知.pdf")
    return mail.as_bytes()
