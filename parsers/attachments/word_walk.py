"""The content of a Word part as blocks: what prints, in reading order, with pending changes accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from parsers.attachments import blocks, word_table
from parsers.attachments.blocks import Mark, Place, Span
from parsers.attachments.package import local
from parsers.attachments.word_numbering import Numbering, numeral
from parsers.attachments.word_pictures import Pictures
from parsers.attachments.word_styles import Look, Styles, W, val
from parsers.content import Block

_DROPPED = {
    "del",
    "moveFrom",
    "commentRangeStart",
    "commentRangeEnd",
    "sdtPr",
    "sdtEndPr",
    "pPr",
    "rPr",
    "rt",
    "tblPr",
    "tblGrid",
}
_SIGNS = {"tab": "\u3000", "ptab": "\u3000", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_SYMBOLS = {  # private characters of Wingdings and its like: boxes and ticks are the ones that carry meaning
    0xA8: "□", 0x6F: "□", 0x71: "□", 0xFE: "☑", 0x52: "☑", 0xFC: "✓", 0x50: "✓",
    0xFD: "☒", 0xFB: "✗", 0x6C: "●", 0x6E: "■", 0xD8: "➢",
}  # fmt: skip
_NOTE_FORMS: dict[str, Callable[[int], str]] = {"footnote": str, "endnote": partial(numeral, form="lowerRoman")}
_BOXES_DEEP = 3


@dataclass
class Line:
    """A paragraph while it is read: its spans, and what is anchored in it."""

    look: Look
    spans: list[Span] = field(default_factory=list)
    anchored: list[Block] = field(default_factory=list)


@dataclass
class Walk:
    """Reads one document's parts in order; holds what runs through them: fields, list counts, hidden text."""

    styles: Styles
    numbering: Numbering
    pictures: Pictures
    place: Place = "body"
    hidden: list[str] = field(default_factory=list)
    revised: bool = False
    notes: dict[str, list[str]] = field(default_factory=lambda: {"footnote": [], "endnote": []})
    """The ids of the notes, in the order in which the text refers to them: their own order says nothing."""
    _fields: list[bool] = field(default_factory=list)
    """Open fields; True once the result is reached."""
    _links: list[str] = field(default_factory=list)
    _carried: Line | None = None
    """A paragraph whose end mark is deleted: it runs on into the next."""
    _boxes: int = 0

    def blocks(self, parent: etree._Element) -> list[Block]:
        """The blocks of a body, a cell, a text box, a header or a note."""
        out: list[Block] = []
        for child in parent:
            match local(child):
                case "p":
                    out += self._paragraph(child)
                case "tbl":
                    out += word_table.read(child, self)
                case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag" | "sect" | "sub-section":
                    self._note_revision(child)
                    out += self.blocks(child) if not _placeholder(child) else []
                case "AlternateContent":
                    out += self.blocks(_choice(child))
                case "del" | "moveFrom":
                    self._hide(child)
        return out

    def _paragraph(self, element: etree._Element) -> list[Block]:
        properties = element.find(W + "pPr")
        line = self._carried or Line(self.styles.paragraph(properties))
        self._carried = None
        if not line.spans:
            self._number(line, properties)
        self._inline(element, line)
        if _mark_deleted(properties):
            self.revised = True
            self._carried = line
            return []
        return self._finished(line)

    def _finished(self, line: Line) -> list[Block]:
        look = line.look
        level = look.level if look.level is not None and look.level < 9 else None
        block = blocks.paragraph(line.spans, centered=look.align == "center", level=level, place=self.place)
        return [*([block] if block else []), *line.anchored]

    def _number(self, line: Line, properties: etree._Element | None) -> None:
        look = line.look
        if look.list_id in (None, "0"):
            return
        style = val(properties, "pStyle") or self.styles.paragraph_default
        depth = look.depth if look.depth is not None else self.numbering.depth(look.list_id or "", style)
        mark = self.styles.run(properties.find(W + "rPr") if properties is not None else None, look)
        label = self.numbering.label(look.list_id or "", depth)
        line.spans.append(Span(label, _marks(mark), size=mark.size))

    def _inline(self, parent: etree._Element, line: Line) -> None:
        for child in parent:
            name = local(child)
            if name == "r":
                self._run(child, line)
            elif name in ("del", "moveFrom"):
                self._hide(child)
            elif name == "hyperlink":
                self._linked(child, line)
            elif name == "AlternateContent":
                self._inline(_choice(child), line)
            elif name in ("t", "oMath", "oMathPara"):
                self._add("".join(map(str, child.itertext())), line, line.look)
            elif name not in _DROPPED and not _placeholder(child):
                self._note_revision(child)
                self._inline(child, line)

    def _linked(self, element: etree._Element, line: Line) -> None:
        target = self.pictures.target(element)
        self._links.append(blocks.safe_link(target) or "")
        self._inline(element, line)
        self._links.pop()

    def _run(self, run: etree._Element, line: Line) -> None:
        look = self.styles.run(run.find(W + "rPr"), line.look)
        if look.hidden:
            self._hide(run)
            return
        for child in run:
            self._piece(child, line, look)

    def _piece(self, child: etree._Element, line: Line, look: Look) -> None:
        name = local(child)
        if name == "fldChar":
            self._field(child.get(W + "fldCharType", ""))
        elif not all(self._fields):
            return
        elif name in ("drawing", "pict", "object"):
            self._anchored(child, line)
        elif name == "AlternateContent":
            for inner in _choice(child):
                self._piece(inner, line, look)
        elif name in ("footnoteReference", "endnoteReference"):
            self._add(self._note_mark(child, name.removesuffix("Reference")), line, look)
        elif name == "ruby":
            for base in child.iterchildren(W + "rubyBase"):
                self._inline(base, line)
        else:
            self._add(_characters(child, name), line, look)

    def note_number(self, kind: str, note_id: str) -> str:
        """A note's number as it prints, counted by where the text refers to it; empty where it does not."""
        ids = self.notes[kind]
        return _NOTE_FORMS[kind](ids.index(note_id) + 1) if note_id in ids else ""

    def _note_mark(self, reference: etree._Element, kind: str) -> str:
        note_id = reference.get(W + "id", "")
        if reference.get(W + "customMarkFollows", "0") not in ("0", "false"):
            return ""
        if note_id not in self.notes[kind]:
            self.notes[kind].append(note_id)
        return f"[{self.note_number(kind, note_id)}]"

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _add(self, text: str, line: Line, look: Look) -> None:
        if text and all(self._fields):
            link = self._links[-1] if self._links else ""
            line.spans.append(Span(text, _marks(look), link or None, look.size))

    def _anchored(self, element: etree._Element, line: Line) -> None:
        """Pictures and text boxes; a box inside a box is read by the outer one."""
        line.anchored += [blocks.picture(sha, alt, self.place) for sha, alt in self.pictures.read(element)]
        if self._boxes >= _BOXES_DEEP:
            return
        self._boxes += 1
        fields, self._fields = self._fields, []
        for box in _outermost_boxes(element):
            line.anchored += self.blocks(box)
        self._fields = fields
        self._boxes -= 1

    def _hide(self, element: etree._Element) -> None:
        self._note_revision(element)
        text = "".join(node.text or "" for node in element.iter(W + "t", W + "delText"))
        if text.strip():
            self.hidden.append(blocks.clean(text))

    def _note_revision(self, element: etree._Element) -> None:
        if local(element) in ("ins", "del", "moveFrom", "moveTo"):
            self.revised = True


def _characters(child: etree._Element, name: str) -> str:
    if name == "t":
        return child.text or ""
    if name == "br":
        return "\n" if child.get(W + "type", "textWrapping") == "textWrapping" else ""
    if name == "sym":
        return _symbol(child.get(W + "char", ""))
    return _SIGNS.get(name, "")


def _symbol(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= number <= 0xF0FF:
        return _SYMBOLS.get(number - 0xF000, "")
    return chr(number) if 0x20 <= number <= 0xFFFF else ""


def _marks(look: Look) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    if look.bold:
        marks.append("strong")
    if look.italic:
        marks.append("em")
    if look.underline:
        marks.append("u")
    if look.raised in ("superscript", "subscript"):
        marks.append("sup" if look.raised == "superscript" else "sub")
    return tuple(marks)


def _choice(element: etree._Element) -> etree._Element:
    """The first of the alternatives; the others say the same again for older programs."""
    for child in element:
        if local(child) == "Choice":
            return child
    return element[0] if len(element) else element


def _outermost_boxes(element: etree._Element) -> list[etree._Element]:
    if local(element) == "txbxContent":
        return [element]
    children = _choice(element) if local(element) == "AlternateContent" else element
    return [box for child in children for box in _outermost_boxes(child)]


def _placeholder(element: etree._Element) -> bool:
    """A form field that still shows "click here"."""
    properties = element.find(W + "sdtPr")
    return properties is not None and properties.find(W + "showingPlcHdr") is not None


def _mark_deleted(properties: etree._Element | None) -> bool:
    mark = properties.find(W + "rPr") if properties is not None else None
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)
