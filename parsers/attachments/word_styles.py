"""How Word text looks: direct formatting over character style over paragraph style over the document's defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from parsers.attachments.package import local, parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off", "none")
_DEPTH = 20
_KEPT = 512 * 2**10
"""Bytes up to which the part is kept; its tree takes ten times as much."""


@dataclass(frozen=True)
class Look:
    """What a property list says; None where it says nothing."""

    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    hidden: bool | None = None
    raised: str | None = None
    size: float | None = None
    align: str | None = None
    level: int | None = None
    list_id: str | None = None
    depth: int | None = None

    def over(self, below: Look) -> Look:
        """This look, and where it says nothing the one below."""
        said = {name: value for name, value in vars(self).items() if value is not None}
        return replace(below, **said)


@dataclass
class Styles:
    """The styles of a document. It carries hundreds and names a few: a style is read when it is first asked for."""

    elements: dict[str, etree._Element] = field(default_factory=dict)
    default: Look = Look()
    paragraph_default: str = ""
    _looks: dict[str, Look] = field(default_factory=dict)

    def paragraph(self, properties: etree._Element | None) -> Look:
        """The look of a paragraph's text and of the paragraph itself."""
        style = val(properties, "pStyle") or self.paragraph_default
        below = self._look(style).over(self.default)
        return read_look(properties).over(below) if properties is not None else below

    def run(self, properties: etree._Element | None, paragraph: Look) -> Look:
        """The look of a run in a paragraph."""
        if properties is None:
            return paragraph
        style = val(properties, "rStyle")
        return read_look(properties).over(self._look(style).over(paragraph) if style else paragraph)

    def _look(self, name: str) -> Look:
        """A style flattened over those that it is based on; one that is not there says nothing."""
        if name not in self._looks:
            self._looks[name] = self._flattened(name)
        return self._looks[name]

    def _flattened(self, name: str) -> Look:
        look, base = Look(), self.elements.get(name)
        for _ in range(_DEPTH):
            if base is None:
                break
            look = look.over(_style_look(base))
            base = self.elements.get(val(base, "basedOn") or "")
        return look


def styles_in(data: bytes, recover: bool) -> Styles:
    """The styles of word/styles.xml. Kept for the next documents, since those of one template bring the same part, and
    to parse its hundreds of styles is most of what reading a short document costs."""
    return _kept_styles(data, recover) if len(data) <= _KEPT else read_styles(parse_xml(data, recover))


@lru_cache(maxsize=4)
def _kept_styles(data: bytes, recover: bool) -> Styles:
    return read_styles(parse_xml(data, recover))


def read_styles(root: etree._Element) -> Styles:
    """The styles of the root of word/styles.xml."""
    styles = Styles(default=_defaults(root))
    for element in root.iterchildren(W + "style"):
        name = element.get(W + "styleId", "")
        styles.elements[name] = element
        if element.get(W + "type") == "paragraph" and element.get(W + "default", "0") not in _OFF:
            styles.paragraph_default = name
    return styles


def read_look(properties: etree._Element) -> Look:
    """The look that a `pPr` or `rPr` itself asks for."""
    size = val(properties, "sz")
    list_id, depth = _list(properties)
    level = val(properties, "outlineLvl")
    return Look(
        bold=_flag(properties, "b"),
        italic=_flag(properties, "i"),
        underline=_flag(properties, "u"),
        hidden=_flag(properties, "vanish"),
        raised=val(properties, "vertAlign"),
        size=int(size) / 2 if size and size.isdigit() and len(size) < 5 else None,
        align=val(properties, "jc"),
        level=int(level) if level and level.isdigit() and len(level) == 1 else None,
        list_id=list_id,
        depth=depth,
    )


def val(parent: etree._Element | None, name: str) -> str | None:
    """`w:val` of a child of this name."""
    child = parent.find(W + name) if parent is not None else None
    return child.get(W + "val") if child is not None else None


def _list(properties: etree._Element) -> tuple[str | None, int | None]:
    numbered = properties.find(W + "numPr")
    if numbered is None:
        return None, None
    depth = val(numbered, "ilvl")
    return val(numbered, "numId"), int(depth) if depth and depth.isdigit() and len(depth) == 1 else None


def _flag(properties: etree._Element, name: str) -> bool | None:
    child = properties.find(W + name)
    return None if child is None else child.get(W + "val", "1") not in _OFF


def _defaults(root: etree._Element) -> Look:
    look = Look()
    for path in (f"{W}docDefaults/{W}rPrDefault/{W}rPr", f"{W}docDefaults/{W}pPrDefault/{W}pPr"):
        properties = root.find(path)
        if properties is not None:
            look = look.over(read_look(properties))
    return look


def _style_look(style: etree._Element) -> Look:
    look = Look()
    for child in style:
        if local(child) in ("pPr", "rPr"):
            look = look.over(read_look(child))
    return look
