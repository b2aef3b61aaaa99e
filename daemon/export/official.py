"""A Word file in the form of official documents (GB/T 9704-2012): page, type, numbering of pages, signature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

TITLE_FONT, BODY_FONT, HEADING_FONT, SUBHEADING_FONT, PAGE_FONT = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体",
)  # fmt: skip
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""二号, 三号, 四号, 五号."""
_LINE = Pt(28.95)
"""22 lines on the 225 mm of a page."""
_TITLE_LINE, _TABLE_LINE = Pt(35), Pt(16)
_TIGHTER = -5
"""28 characters of 三号 on 156 mm: 15.75 pt each instead of 16, in twentieths of a point."""


class OfficialDocument:
    """A document that is written from top to bottom."""

    def __init__(self, title: str, author: str, at: datetime) -> None:
        self._document = docx.Document()
        properties = self._document.core_properties
        properties.title, properties.author, properties.last_modified_by = title, author, author
        properties.created = properties.modified = at.replace(tzinfo=None)
        properties.comments = ""
        _set_page(self._document)
        _set_style(self._document.styles["Normal"])

    def title(self, lines: Sequence[str]) -> None:
        """The title, 二号小标宋, broken where the sense allows; an empty line after it."""
        paragraph = self._paragraph(WD_ALIGN_PARAGRAPH.CENTER, _TITLE_LINE)
        for number, line in enumerate(lines):
            run = _run(paragraph, line, TITLE_FONT, SIZE_2)
            if number < len(lines) - 1:
                run.add_break(WD_BREAK.LINE)
        self._paragraph()

    def addressee(self, text: str) -> None:
        """主送机关, at the margin."""
        _run(self._paragraph(), text, BODY_FONT)

    def heading(self, text: str) -> None:
        """First level: 一、"""
        self._indented(text, HEADING_FONT).paragraph_format.keep_with_next = True

    def subheading(self, text: str) -> None:
        """Second level: （一）"""
        self._indented(text, SUBHEADING_FONT).paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """A paragraph of the text."""
        self._indented(text, BODY_FONT)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[Length]) -> None:
        """A table of small type whose heading comes again on every page."""
        table = self._document.add_table(rows=0, cols=len(headings), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _set_cell_margins(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in (headings, *rows):
            _fill(table.add_row(), row, widths, HEADING_FONT if row is headings else BODY_FONT)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def signature(self, issuer: str, day: str) -> None:
        """署名 two characters from the right, the date beginning two further right than it: no seal is set."""
        self._paragraph()
        excess = _width(issuer) - _width(day)
        self._at_right(issuer, max(2.0, 4 - excess))
        self._at_right(day, max(2.0, excess))

    def note(self, text: str) -> None:
        """附注: in brackets, two characters from the left."""
        self._indented(f"（{text}）", BODY_FONT)

    def as_bytes(self) -> bytes:
        """The file."""
        data = io.BytesIO()
        self._document.save(data)
        return data.getvalue()

    def _paragraph(self, alignment: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY, line: Length = _LINE) -> Any:
        paragraph = self._document.add_paragraph()
        paragraph.alignment = alignment
        _set_lines(paragraph, line)
        return paragraph

    def _indented(self, text: str, font: str) -> Any:
        paragraph = self._paragraph()
        _set_indent(paragraph, "firstLineChars", 2)
        _run(paragraph, text, font)
        return paragraph

    def _at_right(self, text: str, characters: float) -> None:
        paragraph = self._paragraph(WD_ALIGN_PARAGRAPH.RIGHT)
        _set_indent(paragraph, "rightChars", characters)
        _run(paragraph, text, BODY_FONT)


def _set_page(document: Any) -> None:
    """A4; 37 mm above, 35 below, 28 left, 26 right; the page's number outside, 7 mm below the text."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    _number_pages(section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars")
    _number_pages(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars")


def _number_pages(footer: Any, alignment: WD_ALIGN_PARAGRAPH, side: str) -> None:
    """— 1 —, one character from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = alignment
    _set_indent(paragraph, side, 1)
    _run(paragraph, "— ", PAGE_FONT, SIZE_4)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(_run(paragraph, "1", PAGE_FONT, SIZE_4)._r)
    paragraph._p.append(field)
    _run(paragraph, " —", PAGE_FONT, SIZE_4)


def _set_style(style: Any) -> None:
    style.font.size = SIZE_3
    _set_font(style, BODY_FONT)


def _set_font(styled: Any, font: str) -> None:
    """Chinese and other characters alike: digits stand in the font of the text around them."""
    styled.font.name = font
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _set_lines(paragraph: Any, line: Length) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line


def _set_indent(paragraph: Any, side: str, characters: float) -> None:
    """In hundredths of a character, and in twentieths of a point for programs that know no characters."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{side}"), str(round(100 * characters)))
    indent.set(qn(f"w:{side.removesuffix('Chars')}"), str(round(characters * SIZE_3.pt * 20)))


def _run(paragraph: Any, text: str, font: str, size: Length = SIZE_3) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    _set_font(run, font)
    if size == SIZE_3:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(_TIGHTER))
        run._r.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz")
    return run


def _set_cell_margins(table: Any) -> None:
    """Half a millimetre beside the text, so that a dozen columns stand on a page."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(Mm(0.5).twips)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _fill(row: Any, texts: Sequence[str], widths: Sequence[Length], font: str) -> None:
    """A row that no page break cuts."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set_lines(paragraph, _TABLE_LINE)
        _run(paragraph, text, font, SIZE_5)


def _width(text: str) -> float:
    """In characters: a Latin one or a digit takes half of one."""
    return sum(0.5 if character.isascii() else 1 for character in text)
