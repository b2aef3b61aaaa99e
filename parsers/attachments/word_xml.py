"""Word files that are one XML file: Flat OPC (every part of a docx inside it) and WordML of Word 2003."""

from __future__ import annotations

import base64
import binascii

from lxml import etree

from parsers.attachments.errors import Damaged
from parsers.attachments.package import Parts, parse_xml
from parsers.budgets import Budget

_W2003 = b"http://schemas.microsoft.com/office/word/2003/wordml"
_W = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def unpack(data: bytes, budget: Budget) -> Parts:
    """The parts of the file, as those of a docx. Raises Damaged."""
    if _PKG[1:-1].encode() in data:
        return Parts(_flat_parts(parse_xml(data)), budget)
    root = parse_xml(data.replace(_W2003, _W))
    body = root.find(f"{{{_W.decode()}}}body")
    if body is None:
        raise Damaged
    document = etree.Element(f"{{{_W.decode()}}}document")
    document.append(body)
    return Parts({"word/document.xml": etree.tostring(document)}, budget)


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
