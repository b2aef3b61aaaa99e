"""OFD (GB/T 33190-2016): the state's fixed layout format. Text objects to lines, lines to paragraphs as in a PDF."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate

from lxml import etree
from PIL import Image

from parsers.attachments import blocks, layout, ocr
from parsers.attachments.errors import Damaged, NoReader, Unreadable
from parsers.attachments.layout import Line, Page, rows
from parsers.attachments.package import Package, local
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import Readers

_POINTS = 72 / 25.4
"""OFD measures in millimetres."""
_FEW = 20


@dataclass(frozen=True)
class _Document:
    """One document of the file, with its pages' places and the files of its pictures by their id."""

    package: Package
    root: etree._Element
    folder: str


def read(data: bytes, readers: Readers, budget: Budget) -> Content:
    """The text of an OFD file. Raises Unreadable where there is none to be had."""
    package = Package(data, budget)
    pages = [page for document in _documents(package) for page in _pages(document)]
    if not pages:
        raise Damaged
    if sum(len(line.text) for page in pages for line in page.lines) < _FEW:
        return _scanned(package, readers, budget)
    return Content("ofd", "read", blocks=tuple(blocks.cut(layout.read(pages), budget.text)))


def _documents(package: Package) -> Iterator[_Document]:
    for element in package.xml("OFD.xml").iter():
        if local(element) == "DocRoot" and element.text:
            part = _resolved("", element.text)
            if part in package:
                yield _Document(package, package.xml(part), posixpath.dirname(part))


def _pages(document: _Document) -> Iterator[Page]:
    templates = {
        element.get("ID", ""): _resolved(document.folder, element.get("BaseLoc", ""))
        for element in document.root.iter()
        if local(element) == "TemplatePage"
    }
    whole = _box(document.root)
    for number, element in enumerate(_children(document.root, "Pages", "Page")):
        part = _resolved(document.folder, element.get("BaseLoc", ""))
        if number < document.package.budget.pdf_pages and part in document.package:
            yield _page(document.package, document.package.xml(part), templates, whole)


def _page(package: Package, root: etree._Element, templates: dict[str, str], whole: tuple[float, ...]) -> Page:
    """A page with the templates under it: red heads and page frames stand there."""
    roots = [root]
    for element in root.iter():
        part = templates.get(element.get("TemplateID", "")) if local(element) == "Template" else None
        if part and part in package:
            roots.insert(0, package.xml(part))
    _, _, width, height = _box(root) or whole or (0.0, 0.0, 210.0, 297.0)
    lines = [line for one in roots for line in _lines(one)]
    return Page(width, height, tuple(rows(lines)), points=_POINTS)


def _lines(root: etree._Element) -> Iterator[Line]:
    for element in root.iter():
        if local(element) == "TextObject":
            yield from _text_lines(element)


def _text_lines(element: etree._Element) -> Iterator[Line]:
    left, top, _, _ = _numbers(element.get("Boundary", "")) or (0.0, 0.0, 0.0, 0.0)
    across, upright = _scale(element)
    size = _number(element.get("Size"), 4.0)
    for code in element:
        text = blocks.clean("".join(map(str, code.itertext()))) if local(code) == "TextCode" else ""
        if not text.strip():
            continue
        places = _places(text, size, code.get("DeltaX", ""))
        start = left + _number(code.get("X"), 0.0) * across
        baseline = top + _number(code.get("Y"), size) * upright
        yield Line(
            text=text.strip(),
            left=start + places[len(text) - len(text.lstrip())] * across,
            right=start + places[len(text.rstrip())] * across,
            top=baseline - size * upright,
            bottom=baseline,
            size=size * upright,
        )


def _places(text: str, size: float, deltas: str) -> list[float]:
    """Where each character begins, and where the last one ends: by DeltaX (`g n v` is v n times), else by its width."""
    words = iter(deltas.split())
    steps: list[float] = []
    for word in words:
        if word == "g":
            count, step = int(_number(next(words, ""), 0)), _number(next(words, ""), size)
            steps += [step] * min(max(count, 0), len(text))
        else:
            steps.append(_number(word, size))
    widths = [size if ord(char) > 0x2E7F else size / 2 for char in text]
    advances = steps[: len(text)] + widths[len(steps) :] if steps else widths
    return [0.0, *accumulate(advances)]


def _scale(element: etree._Element) -> tuple[float, float]:
    """How the object's matrix stretches it across and upright."""
    matrix = [_number(text, 0.0) for text in element.get("CTM", "").split()]
    return (abs(matrix[0]) or 1.0, abs(matrix[3]) or 1.0) if len(matrix) == 6 else (1.0, 1.0)


def _scanned(package: Package, readers: Readers, budget: Budget) -> Content:
    """An OFD of pictures: the pictures in the order of their names, read by OCR."""
    pages: list[Page] = []
    for name in sorted(package.names)[: budget.archive_members]:
        if name.lower().endswith((".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")) and len(pages) < budget.ocr_pages:
            page = _picture_page(package, name, readers, budget)
            pages += [page] if page and page.lines else []
    if not pages:
        raise NoReader("此 OFD 文件由图片组成，本机未能识别文字，已原样保存，请报送单位改发 Word 文件。")
    found = tuple(layout.read(pages))
    return Content("ofd", "scanned", blocks=found, findings=tuple(ocr.doubts(pages)), by_ocr=True)


def _picture_page(package: Package, name: str, readers: Readers, budget: Budget) -> Page | None:
    try:
        picture = Image.open(BytesIO(package.read(name)))
        if picture.width * picture.height > budget.pixels:
            return None
        return ocr.page(picture, readers, 210 * _POINTS / picture.width)
    except (Unreadable, OSError, ValueError, Image.DecompressionBombError):
        return None


def _children(root: etree._Element, *names: str) -> list[etree._Element]:
    found = [root]
    for name in names:
        found = [child for element in found for child in element if local(child) == name]
    return found


def _box(root: etree._Element) -> tuple[float, ...]:
    element = next((element for element in root.iter() if local(element) == "PhysicalBox"), None)
    return _numbers(element.text or "") or () if element is not None else ()


def _numbers(text: str) -> tuple[float, float, float, float] | None:
    values = [_number(word, 0.0) for word in text.split()]
    return (values[0], values[1], values[2], values[3]) if len(values) == 4 else None


def _number(text: str | None, default: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return default
    return value if -1e6 < value < 1e6 else default


def _resolved(folder: str, place: str) -> str:
    """A part's name: from the root where it begins with a slash, else from the folder of the file that names it."""
    place = place.strip().replace("\\", "/")
    return posixpath.normpath(posixpath.join("/" + folder, place)).lstrip("/")
