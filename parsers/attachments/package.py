"""Files that are zip archives of XML (docx, odt, ofd …): opened within bounds, parsed without DTDs or network."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TypeVar

from lxml import etree

from parsers.attachments.errors import Damaged, Encrypted, Refused
from parsers.budgets import Budget

T = TypeVar("T")
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, IndexError)
_DTD = "文件的 XML 带有 DTD 声明，可能夹带恶意内容，未予打开，请报送单位重新保存后发送。"


class Parts:
    """The parts of a file by name, in any case of letters."""

    def __init__(self, parts: Mapping[str, bytes], budget: Budget, *, lenient: bool = False) -> None:
        """`lenient`: parts that break off are read up to there."""
        self.budget = budget
        self._lenient = lenient
        self.names = tuple(parts)
        self.broken: list[str] = []
        """Parts that were passed over because they are broken."""
        self._parts = {_key(name): data for name, data in parts.items()}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of a part. Raises KeyError where it is absent; Encrypted, Damaged or Refused as they say."""
        return self._parts[_key(name)]

    def xml(self, name: str) -> etree._Element:
        """A part parsed as XML. Raises KeyError where it is absent."""
        return self._parsed(name, parse_xml)

    def optional_xml(self, name: str) -> etree._Element | None:
        """A part without which the text can still be read; None where it is absent or broken."""
        return self.optional(name, parse_xml)

    def optional(self, name: str, parse: Callable[[bytes, bool], T]) -> T | None:
        """The same, parsed otherwise: `parse` is given the bytes, and whether to read them up to where they break."""
        try:
            return self._parsed(name, parse) if name in self else None
        except Damaged:
            self.broken.append(name)
            return None

    def _parsed(self, name: str, parse: Callable[[bytes, bool], T]) -> T:
        data = self.read(name, self.budget.xml)
        if len(data) > self.budget.xml or data.count(b"<") > self.budget.xml_tags:
            raise Refused
        return parse(data, self._lenient)


class Package(Parts):
    """The parts of a zip package. Counts what it unpacks; never writes a file."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        super().__init__({}, budget)
        self._left = budget.unpacked
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _READ_ERRORS as error:
            raise Damaged from error
        infos = self._zip.infolist()
        if len(infos) > budget.archive_members * 4:
            raise Refused(f"文件内含 {len(infos)} 个部件，超出安全限度，未予打开，请报送单位重新制作后发送。")
        self._infos = {_key(info.filename): info for info in infos}
        self.names = tuple(info.filename for info in infos)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._infos

    def read(self, name: str, limit: int | None = None) -> bytes:
        info = self._infos[_key(name)]
        if info.flag_bits & 1:
            raise Encrypted
        return self._inflate(info, min(self._left, limit or self._left))

    def _inflate(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        try:
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)
        except _READ_ERRORS as error:
            raise Damaged from error
        except RuntimeError as error:
            raise Encrypted from error
        if len(data) > limit:
            raise Refused
        self._left -= len(data)
        return data


def parse_xml(data: bytes, recover: bool = False) -> etree._Element:
    """XML without entities, DTD, network or unbounded depth; the strict namespaces of OOXML as the common ones."""
    for strict, common in _STRICT:
        data = data.replace(strict, common)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise (Refused(_DTD) if b"<!DOCTYPE" in data else Damaged()) from error
    if root is None:
        raise Damaged
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused(_DTD)
    return root


def relations(package: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, target); targets inside the package as its part names.

    External ones keep their address and are never fetched.
    """
    folder, base = posixpath.split(part)
    root = package.optional_xml(posixpath.join(folder, "_rels", base + ".rels"))
    found = {}
    for element in root if root is not None else ():
        kind = element.get("Type", "").rpartition("/")[2]
        target = element.get("Target", "")
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
        found[element.get("Id", "")] = (kind, target)
    return found


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
