"""Pages of PDFs as pictures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from daemon.readers.pdf_pages import MOST, WIDTH, count_pages, page_picture


def pdf(folder: Path, *sizes: tuple[float, float]) -> Path:
    path = folder / "test.pdf"
    document = pypdfium2.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    document.save(path)
    return path


def test_a_page_is_a_picture_as_wide_as_the_screen_wants(tmp_path: Path) -> None:
    path = pdf(tmp_path, (595, 842), (842, 595))
    assert count_pages(path) == 2
    data = page_picture(path, 2)
    assert data is not None
    with Image.open(BytesIO(data)) as picture:
        assert abs(picture.width - WIDTH) <= 1


def test_a_huge_page_takes_no_more_than_its_pixels(tmp_path: Path) -> None:
    data = page_picture(pdf(tmp_path, (14, 14_000)), 1)
    assert data is not None
    with Image.open(BytesIO(data)) as picture:
        assert picture.width * picture.height <= MOST * 1.02  # whole pixels


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing", b"PK\x03\x04"])
def test_what_is_no_pdf_has_no_pages(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    assert (count_pages(path), page_picture(path, 1)) == (0, None)


def test_a_page_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert page_picture(pdf(tmp_path, (595, 842)), 2) is None
