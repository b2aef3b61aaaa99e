"""doc and wps of Word 97 and later: converted to docx and read as such, so that all Word text is alike."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import doc2docx
from doc2docx.errors import EncryptedDocumentError, InvalidWordDocument
from doc2docx.msdoc import formatting
from doc2docx.msdoc.sprm import parse_grpprl
from office_oxide import Document, OfficeOxideError

from parsers.attachments import blocks, legacy_boxes, word
from parsers.attachments.errors import Damaged, Encrypted, Unreadable
from parsers.attachments.findings import finding
from parsers.budgets import Budget
from parsers.content import Block, Content
from parsers.readers import Readers

_NO_NUMBERS = (
    "此文件只能读出文字，自动编号、表格和图片可能缺失，也可能混入批注和已删除的文字，"
    "请对照原文件核对，必要时请报送单位另存为 .docx 发送。"
)
_BOXES = "文件中有文本框，框内文字列在正文之后，请对照原文件核对位置。"
_LOST_BOXES = "文件中有文本框，框内文字未能读出，请对照原文件补全，必要时请报送单位另存为 .docx 发送。"


def _forgiving(data: bytes, *, label: str, allow_trailing_zero_padding: bool = False) -> Any:
    """Properties padded to an even length, as LibreOffice pads them, with a byte that msdoc2docx wants to be zero."""
    try:
        return parse_grpprl(data, label=label, allow_trailing_zero_padding=allow_trailing_zero_padding)
    except InvalidWordDocument:
        if not allow_trailing_zero_padding:
            raise
        return parse_grpprl(data[:-1], label=label)


formatting.parse_grpprl = _forgiving


def read_doc(data: bytes, kind: str, readers: Readers, budget: Budget, passwords: tuple[str, ...] = ()) -> Content:
    """A binary Word file: by msdoc2docx, else by the office suite, else its bare text. Raises Unreadable."""
    for password in ("", *passwords):
        try:
            converted, boxes = _converted(data, password)
            content = replace(word.read(converted, budget), kind=kind)
            return content if boxes is None else _with_boxes(content, boxes)
        except Encrypted:
            continue
        except Unreadable:
            break
    else:
        raise Encrypted
    return _by_suite(data, kind, readers, budget) or _bare(data, kind, budget)


def _converted(data: bytes, password: str) -> tuple[bytes, list[str] | None]:
    """The file as docx, and the lines of text boxes that are not in it; the converter works on paths. Raises Encrypted
    or Damaged."""
    with tempfile.TemporaryDirectory(prefix="baosong-doc-") as folder:
        source, target = Path(folder, "in.doc"), Path(folder, "out.docx")
        source.write_bytes(data)
        try:
            result = doc2docx.convert(source, target, password=password or None)
            lost = any(one.code in legacy_boxes.UNPLACED for one in result.report.diagnostics)
        except EncryptedDocumentError as error:
            raise Encrypted from error
        except Exception as error:  # a young library: what it does not foresee may be any exception
            raise Damaged from error
        return target.read_bytes(), _boxes(source, password) if lost else None


def _boxes(source: Path, password: str) -> list[str]:
    try:
        return legacy_boxes.lines(source, password)
    except Exception:  # noqa: BLE001 - as above; the rest of the file is here
        return []


def _with_boxes(content: Content, lines: list[str]) -> Content:
    """Where a box stood is not known: its text comes after the rest."""
    told = finding("attachment.partly_read", _BOXES if lines else _LOST_BOXES)
    found = blocks.paragraphs("\n".join(lines))
    return replace(content, blocks=(*content.blocks, *found), findings=(*content.findings, told))


def _by_suite(data: bytes, kind: str, readers: Readers, budget: Budget) -> Content | None:
    converted = readers.to_docx(data, kind)
    if converted is None:
        return None
    try:
        return replace(word.read(converted, budget), kind=kind)
    except Unreadable:
        return None


def _bare(data: bytes, kind: str, budget: Budget) -> Content:
    try:
        with Document.from_bytes(data, "doc") as document:
            text = document.plain_text()
    except OfficeOxideError as error:
        raise Damaged from error
    if not text.strip():
        raise Damaged
    return _plain(kind, text, budget)


def _plain(kind: str, text: str, budget: Budget) -> Content:
    found: list[Block] = blocks.paragraphs(text[: budget.text])
    return Content(kind, "read", tuple(found), findings=(finding("attachment.partly_read", _NO_NUMBERS),))
