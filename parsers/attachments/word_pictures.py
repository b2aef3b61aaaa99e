"""Pictures inside a Word file: found by their relationship, kept as blobs, never fetched from outside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parsers.attachments import blocks
from parsers.attachments.errors import Unreadable
from parsers.attachments.package import Parts, local
from parsers.submission import Blob

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHOWN = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF")
_FILE_LIKE = re.compile(r"[\\/:]|\.\w{3,4}$|^(图片|Picture|IMG|image)[ _-]*\d", re.IGNORECASE)


@dataclass
class Pictures:
    """The pictures of a document, each kept once. `relations` are those of the part being read."""

    package: Parts
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)
    kept: dict[str, Blob] = field(default_factory=dict)
    lost: int = 0
    """Pictures in forms that no browser shows (EMF, WMF), or that are absent."""

    def target(self, element: etree._Element) -> str:
        """Where a hyperlink leads; empty for places inside the document."""
        kind, target = self.relations.get(element.get(R + "id", ""), ("", ""))
        return target if kind == "hyperlink" else ""

    def read(self, element: etree._Element) -> list[tuple[str, str]]:
        """(sha256, caption) of each picture in a drawing, in order; those in its text boxes are read with the box."""
        found = []
        caption = ""
        for node in _nodes(element):
            name = local(node)
            if name == "docPr":
                caption = _caption(node.get("descr", ""))
            elif name in ("blip", "imagedata") and (sha := self._keep(node)):
                found.append((sha, caption))
        return found

    def _keep(self, node: etree._Element) -> str | None:
        kind, part = self.relations.get(node.get(R + "embed") or node.get(R + "id") or "", ("", ""))
        if kind != "image":
            return None
        try:
            data = self.package.read(part)
        except (KeyError, Unreadable):
            data = b""
        if not data.startswith(_SHOWN):
            self.lost += 1
            return None
        blob = blocks.blob(data)
        self.kept[blob.sha256] = blob
        return blob.sha256


def _nodes(element: etree._Element) -> list[etree._Element]:
    """Descendants in order, without text boxes and the second telling for older programs."""
    out = [element]
    for child in element:
        if local(child) not in ("txbxContent", "Fallback"):
            out += _nodes(child)
    return out


def _caption(described: str) -> str:
    """The description where a person wrote one: programs put paths and file names there."""
    return "" if _FILE_LIKE.search(described) or len(described) > 200 else described.strip()
