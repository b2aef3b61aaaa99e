"""What a file is, by its content (CONTRACT.md, attachments[].kind). A name only chooses between twins of one content.

Own rules: libmagic, magika, puremagic and filetype are each wrong on some of ofd, docm, locked docx, rar, xls.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import olefile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TNEF = b"\x78\x9f\x3e\x22"
_HEAD = 8192

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"), (b"{\\rtf", "rtf"), (TNEF, "archive"),
    (b"\xff\xd8\xff", "image"), (b"\x89PNG\r\n", "image"), (b"GIF87a", "image"), (b"GIF89a", "image"),
    (b"II*\0", "image"), (b"MM\0*", "image"), (b"II+\0", "image"), (b"8BPS", "image"), (b"\0\0\1\0", "image"),
    (b"\xd7\xcd\xc6\x9a", "image"), (b"\xff\x0a", "image"), (b"\0\0\0\x0cJXL ", "image"), (b"\0\0\0\x0cjP  ", "image"),
    (b"Rar!\x1a\x07", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b\x08", "archive"), (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"), (b"\x28\xb5\x2f\xfd", "archive"), (b"MSCF", "archive"),
    (b"ID3", "audio"), (b"fLaC", "audio"), (b"#!AMR", "audio"), (b"MThd", "audio"), (b"\xff\xfb", "audio"),
    (b"\xff\xf3", "audio"), (b"\xff\xf1", "audio"), (b"\xff\xf9", "audio"),
    (b"\x1aE\xdf\xa3", "video"), (b"FLV\1", "video"), (b"\0\0\1\xba", "video"), (b"\0\0\1\xb3", "video"),
    (b".RMF", "video"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"),
)  # fmt: skip
_BRANDS = {
    b"heic": "image", b"heix": "image", b"heim": "image", b"hevc": "image",
    b"mif1": "image", b"msf1": "image", b"avif": "image", b"M4A ": "audio", b"M4B ": "audio",
}  # fmt: skip
_OPENDOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
_ODF_KINDS = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
"""Of the `mimetype` that stands first and unpacked in such a file."""
_RIFF = {b"WEBP": "image", b"WAVE": "audio", b"AVI ": "video"}
_ZIP_PARTS = (("ofd.xml", "ofd"), ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"),
              ("xl/workbook.bin", "xlsx"),           ("ppt/presentation.xml", "pptx"))  # fmt: skip
_ZIP_FOLDERS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("doc_0/", "ofd"))
_OLE_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt"),
                ("__properties_version1.0", "msg"))  # fmt: skip
_TWINS = {"doc": {"wps": "wps", "wpt": "wps"}, "xls": {"et": "et", "ett": "et"}, "txt": {"csv": "csv"}}
"""WPS writes Microsoft's own formats under its own extensions; commas make a table only where the name says so."""
_OLE_NAMES = {
    "doc": "doc", "dot": "doc", "wps": "doc", "wpt": "doc", "xls": "xls", "et": "xls",
    "ppt": "ppt", "dps": "ppt", "msg": "msg",
}  # fmt: skip
"""For OLE files whose folder is broken: the name is all that is left."""
_LOCKED_STREAMS = {"EncryptedPackage", "EncryptionInfo"}
_LOCKED = {"docx", "xlsx", "pptx"}
_NAMED = {"pdf", "ofd", "odt", "ods", "odp", "rtf", "txt", "csv"}
_MAIL_FIELD = re.compile(
    rb"(?:From|To|Subject|Received|Return-Path|MIME-Version|Message-ID|Date|Delivered-To|Content-Type|X-[\w-]+): ?",
    re.I,
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b", re.I)
_MHT = re.compile(rb"^content-type:\s*multipart/related", re.I | re.M)
_WORD_XML = (b"schemas.microsoft.com/office/word/2003/wordml", b"schemas.microsoft.com/office/2006/xmlPackage")


def kind_of(data: bytes, name: str = "") -> str:
    """One of docx doc wps odt rtf pdf ofd xlsx xls et ods csv pptx ppt odp txt html image archive eml msg audio video
    other."""
    kind = _by_content(data, extension(name)) if data else _by_name(extension(name))
    return _TWINS.get(kind, {}).get(extension(name), kind)


def extension(name: str) -> str:
    """The part of a file name after its last dot, in lower case; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def _by_content(data: bytes, ending: str) -> str:
    head = data[:_HEAD]
    if head.startswith(OLE):
        return _ole_kind(data, ending)
    if head.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _zip_kind(data, ending)
    return _by_magic(head) or _by_text(head, ending)


def _by_name(ending: str) -> str:
    """For a file of which only the name can be had."""
    return _OLE_NAMES.get(ending, ending if ending in _LOCKED | _NAMED else "other")


def _by_magic(head: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video")
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "image"
    if head[257:262] == b"ustar":
        return "archive"
    return "pdf" if b"%PDF-" in head[:1024] else None


def _ole_kind(data: bytes, ending: str) -> str:
    streams = ole_streams(data)
    if _LOCKED_STREAMS & streams:
        return ending if ending in _LOCKED else {"docm": "docx", "xlsm": "xlsx", "pptm": "pptx"}.get(ending, "other")
    for stream, kind in _OLE_STREAMS:
        if stream in streams:
            return kind
    return _OLE_NAMES.get(ending, "other")


def is_locked(data: bytes) -> bool:
    """An Office file of the newer kind behind a password: an OLE file that holds nothing but the sealed package."""
    return data.startswith(OLE) and bool(_LOCKED_STREAMS & ole_streams(data))


def has_macros(data: bytes) -> bool:
    """VBA in an Office file of either kind: the names of its parts stand unpacked in the file."""
    if data.startswith(OLE):
        return "_VBA_PROJECT".encode("utf-16-le") in data
    return data.startswith(b"PK") and b"vbaProject.bin" in data


def ole_streams(data: bytes) -> set[str]:
    """The top-level names of an OLE file; empty where its folder cannot be read."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            return {entry[0] for entry in ole.listdir(streams=True, storages=True)}
    except Exception:  # noqa: BLE001 - olefile raises whatever a broken sector chain leads to
        return set()


def _zip_kind(data: bytes, ending: str) -> str:
    names = [name.replace("\\", "/").lower() for name in _zip_names(data)]
    if opendocument := _OPENDOCUMENT.search(data[:200]):
        return _ODF_KINDS[opendocument[1]]
    for part, kind in _ZIP_PARTS:
        if part in names:
            return kind
    if "[content_types].xml" in names:
        for folder, kind in _ZIP_FOLDERS:
            if any(name.startswith(folder) for name in names):
                return kind
    if not any(names) and ending in _LOCKED | {"ofd", "odt", "ods", "odp"}:
        return ending
    return "archive"


def _zip_names(data: bytes) -> list[str]:
    """Names from the directory at the end; of a file cut off, from the headers that are left."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return archive.namelist()
    except Exception:  # noqa: BLE001 - zipfile leaks struct, value and decoding errors on broken directories
        return [_local_name(data, match.start()) for match in re.finditer(b"PK\3\4", data)]


def _local_name(data: bytes, start: int) -> str:
    length = int.from_bytes(data[start + 26 : start + 28], "little")
    return data[start + 30 : start + 30 + min(length, 255)].decode("utf-8", "replace")


def _by_text(head: bytes, ending: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "txt" if len(head) % 2 == 0 or len(head) == _HEAD else "other"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if any(name in head for name in _WORD_XML):
        return "docx"
    if _is_mail(text):
        return "html" if _MHT.search(text) and not re.search(rb"^(received|to):", text, re.I | re.M) else "eml"
    if text.startswith(b"<") and _HTML.search(text):
        return "html"
    return "txt" if text and _looks_like_text(head) else "other"


def _is_mail(text: bytes) -> bool:
    """At least two header fields of mail in the first lines."""
    lines = text[:4096].splitlines()[:40]
    if not lines or not re.match(rb"[A-Za-z][\w-]*:", lines[0]):
        return False
    return sum(bool(_MAIL_FIELD.match(line)) for line in lines) >= 2


def _looks_like_text(head: bytes) -> bool:
    """No control characters, in UTF-8 or a double-byte Chinese code."""
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head)
