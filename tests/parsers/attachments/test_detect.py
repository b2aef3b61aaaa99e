"""What a file is, by its content; names only choose between twins."""

from __future__ import annotations

import io
import tarfile

import openpyxl
import pytest

from parsers.attachments import kind_of
from tests.parsers.attachments.files import docx, p, packed, pdf, picture

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (docx(p("文")), "通知.doc", "docx"),
        (docx(p("文")), "通知", "docx"),
        (workbook(), "表.et", "xlsx"),
        (packed({"ppt/presentation.xml": ""}), "a.ppt", "pptx"),
        (packed({"OFD.xml": "<x/>"}), "a.zip", "ofd"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}, 0), "a.doc", "odt"),
        (packed({"通知.docx": "x"}), "a.docx", "archive"),
        (pdf([(50, 50, 16, "文")]), "a.doc", "pdf"),
        (b"\r\n\r\n" + pdf([(50, 50, 16, "文")]), "a", "pdf"),
        (b"{\\rtf1\\ansi}", "通知.doc", "rtf"),
        (b"<html><body>x</body></html>", "通知.doc", "html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--", "通知.doc", "html"),
        (b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\n\r\ntext", "a.txt", "eml"),
        (b"Received: from x by y; z\r\nFrom: a@b.cn\r\n\r\n", "noname", "eml"),
        ("关于防火的通知\n各村：".encode("gb18030"), "通知.txt", "txt"),
        ("关于防火的通知".encode("utf-16"), "通知.txt", "txt"),
        ("姓名,金额\n李某,5".encode(), "名单.csv", "csv"),
        ("姓名,金额\n李某,5".encode(), "名单.txt", "txt"),
        (picture("PNG"), "a.doc", "image"),
        (picture("JPEG"), "a", "image"),
        (picture("BMP"), "a", "image"),
        (picture("WEBP"), "a", "image"),
        (picture("TIFF"), "a", "image"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "IMG_1.jpg", "image"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a.jpg", "video"),
        (b"ID3\4\0", "a.mp4", "audio"),
        (b"Rar!\x1a\x07\x01\0", "a.zip", "archive"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a.rar", "archive"),
        (tar(), "a.tar.gz", "archive"),
        (b"\x78\x9f\x3e\x22\0\0", "winmail.dat", "archive"),
        (OLE + b"\0" * 600, "通知.wps", "wps"),
        (OLE + b"\0" * 600, "表.et", "et"),
        (OLE + b"\0" * 600, "不明.bin", "other"),
        (docx(p("文"))[:500], "通知.docx", "docx"),
        (b"PK\3\4" + b"\0" * 40, "通知.docx", "docx"),
        (b"MZ\x90\0\3\0\0\0", "通知.doc", "other"),
        (b"", "通知.docx", "docx"),
        (b"", "程序.exe", "other"),
    ],
)
def test_kinds(data: bytes, name: str, kind: str) -> None:
    assert kind_of(data, name) == kind
