"""PDF: the text as paragraphs, tables where ruled, scanned pages by OCR."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

import pypdfium2

from parsers.attachments import blocks, layout, ocr, pdf_page, pdf_pictures, pdf_tables
from parsers.attachments.errors import Damaged, Encrypted, NoReader
from parsers.attachments.findings import finding
from parsers.attachments.layout import Page
from parsers.budgets import Budget
from parsers.content import Block, Content
from parsers.readers import Readers
from parsers.submission import Blob, Finding

_FEW = 20
"""Characters: a page with fewer, and a picture over half of it, is a scan (LIBRARIES.md)."""
_DPI = 200
_TABLE_PAGES = 60
_PICTURES = 100


_UNREAD_SCAN = "此文件是扫描件，本机未能识别文字，已原样保存，请报送单位改发 Word 文件，或由管理员安装文字识别组件。"


@dataclass
class _Run:
    """One reading of a file: what was found, and what is left of its bounds."""

    data: bytes
    password: str
    readers: Readers
    budget: Budget
    pages: list[Page] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    blobs: dict[str, Blob] = field(default_factory=dict)
    scanned: int = 0
    unread: int = 0
    characters: int = 0
    tables: int = 0


def read(data: bytes, readers: Readers, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """The text of a PDF file. Raises Unreadable where there is none to be had."""
    document, password = _open(data, passwords)
    run = _Run(data, password, readers, budget)
    try:
        for number in range(min(len(document), budget.pdf_pages)):
            _read_page(document, number, run)
        return _content(run, len(document))
    finally:
        document.close()


def _open(data: bytes, passwords: tuple[str, ...]) -> tuple[pypdfium2.PdfDocument, str]:
    for password in ("", *passwords):
        try:
            return pypdfium2.PdfDocument(BytesIO(data), password=password or None), password
        except pypdfium2.PdfiumError as error:
            if "password" not in str(error).lower():
                raise Damaged from error
    raise Encrypted


def _read_page(document: pypdfium2.PdfDocument, number: int, run: _Run) -> None:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        run.unread += 1
        return
    try:
        found = pdf_page.chars(page, run.budget.text - run.characters)
        run.characters += len(found)
        if _is_scan(page, found):
            _read_scan(page, run)
        else:
            run.pages.append(_text_page(page, number, found, run))
    finally:
        page.close()


def _is_scan(page: pypdfium2.PdfPage, found: list[pdf_page.Char]) -> bool:
    """A picture of text; also text in a font that does not say which characters it draws."""
    text = "".join(char.text for char in found if not char.text.isspace())
    unknown = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text)
    if len(text) < _FEW:
        return pdf_page.picture_share(page) > 0.5
    return unknown > 0.3 * len(text)


def _text_page(page: pypdfium2.PdfPage, number: int, found: list[pdf_page.Char], run: _Run) -> Page:
    placed: list[tuple[float, Block]] = []
    if page.get_rotation() == 0 and run.tables < _TABLE_PAGES and found and pdf_page.has_rules(page):
        run.tables += 1
        for cells in pdf_tables.find(run.data, number, run.password):
            block, found = pdf_tables.table(cells, found)
            placed += [(pdf_tables.top(cells), block)] if block else []
    for top, data in pdf_pictures.find(page) if len(run.blobs) < _PICTURES else ():
        blob = blocks.blob(data)
        run.blobs[blob.sha256] = blob
        placed.append((top, blocks.picture(blob.sha256)))
    width, height = page.get_size()
    return Page(width, height, tuple(pdf_page.lines(found)), tuple(placed))


def _read_scan(page: pypdfium2.PdfPage, run: _Run) -> None:
    if run.scanned >= run.budget.ocr_pages:
        run.unread += 1
        return
    width, height = page.get_size()
    scale = min(_DPI / 72, (run.budget.pixels / max(width * height, 1)) ** 0.5)
    picture = page.render(scale=scale, may_draw_forms=False).to_pil()
    read = ocr.page(picture, run.readers, 72 / _DPI)
    if read is None:
        run.unread += 1
    else:
        run.scanned += 1
        run.pages.append(read)


def _content(run: _Run, page_count: int) -> Content:
    if run.unread and not run.pages:
        raise NoReader(_UNREAD_SCAN)
    found = blocks.cut(layout.read(run.pages), run.budget.text)
    return Content(
        kind="pdf",
        status="scanned" if run.scanned else "read",
        blocks=tuple(found),
        blobs=tuple(run.blobs.values()),
        findings=(*run.findings, *_omissions(run, page_count), *ocr.doubts(run.pages)),
        by_ocr=run.scanned > 0,
    )


def _omissions(run: _Run, page_count: int) -> list[Finding]:
    missing = run.unread + max(page_count - run.budget.pdf_pages, 0)
    if not missing:
        return []
    return [
        finding("attachment.partly_read", f"文件共 {page_count} 页，其中 {missing} 页未能读取文字，请对照原文件核对。")
    ]
