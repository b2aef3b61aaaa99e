"""Word files that are one XML file: Flat OPC (every part of a docx inside it) and WordML of Word 2003."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable

from lxml import etree

from parsers.attachments.errors import Damaged
from parsers.attachments.package import Parts, parse_xml
from parsers.attachments.word_pictures import R
from parsers.attachments.word_styles import W
from parsers.budgets import Budget

_W2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_W = W[1:-1]
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def unpack(data: bytes, budget: Budget) -> Parts:
    """The parts of the file, as those of a docx. Raises Damaged."""
    if _PKG[1:-1].encode() in data:
        return Parts(_flat_parts(parse_xml(data)), budget)
    return Parts(_parts_of_2003(parse_xml(data.replace(_W2003, _W.encode()))), budget)


def _parts_of_2003(root: etree._Element) -> dict[str, bytes]:
    """The same in the parts and words of a docx: notes, heads and lists stand elsewhere and are called otherwise."""
    body = root.find(W + "body")
    if body is None:
        raise Damaged
    for name, change in _CHANGED.items():
        for element in list(root.iter(name)):
            change(element)
    parts: dict[str, etree._Element] = {"styles": _part("styles", root.find(W + "styles"))}
    parts["numbering"] = _part("numbering", root.find(W + "lists"))
    for kind in ("footnote", "endnote"):
        parts[kind + "s"] = _taken(list(body.iter(W + kind)), _part(kind + "s"), f"{kind}Reference")
    margins = [*body.iter(W + "hdr"), *body.iter(W + "ftr")]
    for number, margin in enumerate(margins):
        side = "header" if margin.tag == W + "hdr" else "footer"
        parts[f"{side}{number}"] = margin
        _replaced(margin, etree.Element(W + side + "Reference", {R + "id": f"r{side}{number}"}))
    parts["document"] = _part("document", [body])
    relations = "".join(
        f'<Relationship Id="r{name}" Type="{R[1:-1]}/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    written = {f"word/{name}.xml": etree.tostring(part, with_tail=False) for name, part in parts.items()}
    return {**written, "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>".encode()}


def _part(name: str, content: Iterable[etree._Element] | None = None) -> etree._Element:
    part = etree.Element(W + name)
    part.extend(list(content) if content is not None else [])
    return part


def _taken(notes: list[etree._Element], part: etree._Element, reference: str) -> etree._Element:
    """Notes moved out of the text, which refers to them by their numbers."""
    for number, note in enumerate(notes, 1):
        _replaced(note, etree.Element(W + reference, {W + "id": str(number)}))
        note.set(W + "id", str(number))
        part.append(note)
    return part


def _replaced(old: etree._Element, new: etree._Element) -> None:
    parent = old.getparent()
    if parent is not None:
        new.tail, old.tail = old.tail, None
        parent.replace(old, new)


def _change_annotation(element: etree._Element) -> None:
    """Deletions and insertions by their names in a docx; comments out."""
    kind = _ANNOTATIONS.get(element.get(W + "type", ""))
    content = element.find(_AML + "content")
    new = etree.Element(W + (kind or "commentRangeEnd"))
    if kind and content is not None:
        new.extend(list(content))
    _replaced(element, new)


def _renamed(name: str) -> Callable[[etree._Element], None]:
    def change(element: etree._Element) -> None:
        element.tag = W + name

    return change


def _change_list(element: etree._Element) -> None:
    element.tag = W + "abstractNum"
    element.set(W + "abstractNumId", element.get(W + "listDefId", ""))


def _change_instance(element: etree._Element) -> None:
    element.tag = W + "num"
    element.set(W + "numId", element.get(W + "ilfo", ""))


def _change_form(element: etree._Element) -> None:
    element.tag = W + "numFmt"
    element.set(W + "val", _FORMS.get(element.get(W + "val", ""), "decimal"))


_ANNOTATIONS = {"Word.Deletion": "del", "Word.Insertion": "ins"}
_FORMS = {
    "1": "upperRoman", "2": "lowerRoman", "3": "upperLetter", "4": "lowerLetter", "10": "japaneseCounting",
    "18": "decimalEnclosedCircle", "23": "bullet", "37": "chineseCounting", "38": "chineseLegalSimplified",
    "39": "chineseCountingThousand", "255": "none",
}  # fmt: skip
"""Number formats (nfc) as Word's binary format counts them (MS-OSHARED, 2.2.1.3)."""
_CHANGED: dict[str, Callable[[etree._Element], None]] = {
    _AML + "annotation": _change_annotation,
    W + "vmerge": _renamed("vMerge"),
    W + "listPr": _renamed("numPr"),
    W + "listDef": _change_list,
    W + "list": _change_instance,
    W + "ilst": _renamed("abstractNumId"),
    W + "ilfo": _renamed("numId"),
    W + "nfc": _change_form,
}


def _flat_parts(root: etree._Element) -> dict[str, bytes]:
    parts = {}
    for part in root.iterchildren(_PKG + "part"):
        name = part.get(_PKG + "name", "").lstrip("/")
        for content in part:
            parts[name] = _bytes(content)
    return parts


def _bytes(content: etree._Element) -> bytes:
    if content.tag == _PKG + "xmlData" and len(content):
        return etree.tostring(content[0], with_tail=False)
    try:
        return base64.b64decode(content.text or "")
    except (binascii.Error, ValueError) as error:
        raise Damaged from error
