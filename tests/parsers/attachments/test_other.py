"""Text files, web pages, slides, pictures, media, and what nothing here can open."""

from __future__ import annotations

import io

import pytest
from office_oxide import PptxWriter
from PIL import Image

from parsers import attachments
from parsers.attachments.picture import for_publishing
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import NoReaders, OcrLine
from tests.parsers.attachments.cfb import ole
from tests.parsers.attachments.files import docx, p, picture


class Office(NoReaders):
    """An office suite that makes this docx of everything."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[str] = []

    def to_docx(self, data: bytes, extension: str) -> bytes:
        self.asked.append(extension)
        return docx(p(self.text))


def read(data: bytes, name: str, readers: NoReaders | None = None) -> Content:
    return attachments.read(name, data, readers or NoReaders())


@pytest.mark.parametrize("code", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_a_text_file_in_any_code(code: str) -> None:
    content = read("关于防火的通知\n\n各村民委员会：".encode(code), "通知.txt")
    assert (content.kind, content.text) == ("txt", "关于防火的通知\n各村民委员会：")


def test_a_web_page_in_the_code_that_it_names() -> None:
    page = '<html><head><meta charset="gbk"><script>x()</script></head><body><p>各村民委员会：</p></body></html>'
    content = read(page.encode("gbk"), "通知.htm")
    assert content.kind == "html"
    assert "各村民委员会：" in content.text
    assert "script" not in content.html


def test_a_saved_web_page() -> None:
    saved = (
        'From: <Saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
        '--x\r\nContent-Type: text/html; charset="utf-8"\r\n\r\n<p>存下的网页</p>\r\n--x--\r\n'
    )
    content = read(saved.encode(), "网页.mht")
    assert content.kind == "html"
    assert "存下的网页" in content.text


def test_slides_are_read_in_order() -> None:
    made = PptxWriter()
    for title, text in (("第一张", "要点一"), ("第二张", "要点二")):
        slide = made.add_slide()
        made.set_slide_title(slide, title)
        made.add_slide_text(slide, text)
    content = read(made.to_bytes(), "解读.pptx")
    assert (content.kind, content.text) == ("pptx", "第一张\n要点一\n第二张\n要点二")


def test_rich_text_in_the_code_of_chinese_windows() -> None:
    words = "".join(f"\\'{byte:02x}" for byte in "关于防火的通知".encode("gbk"))
    data = f"{{\\rtf1\\ansi\\ansicpg936 {words}\\par x}}".encode()
    assert "关于防火的通知" in read(data, "通知.doc").text


def test_a_doc_that_only_an_office_suite_opens() -> None:
    data = ole({"WordDocument": b"\xdc\xa5" + b"x" * 100})
    assert read(data, "通知.doc").status == "damaged"
    content = read(data, "通知.wps", Office("旧版正文"))
    assert (content.kind, content.status, content.text) == ("wps", "read", "旧版正文")


@pytest.mark.parametrize(
    ("name", "kind"), [("通知.docx", "docx"), ("表.xlsx", "xlsx"), ("通知.docm", "docx"), ("x", "other")]
)
def test_locked_office_files_are_told(name: str, kind: str) -> None:
    content = read(ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), name)
    assert (content.kind, content.status) == (kind, "encrypted")
    assert content.findings[0].code == "attachment.encrypted"
    assert content.findings[0].place == name


def test_a_locked_xls_is_told() -> None:
    stream = b"\x09\x08\x10\x00" + b"\0" * 16 + b"\x2f\x00\x36\x00" + b"\0" * 54
    assert read(ole({"Workbook": stream}), "表.xls").status == "encrypted"


def test_macros_in_an_old_office_file_are_told() -> None:
    content = read(ole({"WordDocument": b"", "Macros/_VBA_PROJECT_CUR": b""}), "通知.doc", Office("文"))
    assert [found.code for found in content.findings] == ["attachment.macro"]


def test_pictures_and_media_are_kept() -> None:
    assert (read(picture(), "a.png").kind, read(picture(), "a.png").status) == ("image", "stored")
    assert read(b"\0\0\0\x18ftypisom\0\0\0\0", "新闻.mp4").status == "stored"
    assert read(b"\xff\xd8\xff\xe0" + b"\0" * 10, "坏图.jpg").status == "damaged"


def test_what_nothing_here_opens_is_kept_and_told() -> None:
    content = read(b"AC1027" + b"\0" * 100, "红线图.dwg")
    assert (content.kind, content.status) == ("other", "stored")
    assert content.findings[0].severity == "info"


def test_a_photographed_page_is_read_when_asked() -> None:
    class Eye(NoReaders):
        def ocr(self, picture: bytes) -> list[OcrLine]:
            return [OcrLine("关于防火的通知", (10, 10, 90, 25), 0.97)]

    photo = picture("JPEG", (200, 280))
    assert attachments.read_picture_text("a.jpg", photo, Eye()).text == "关于防火的通知"
    assert attachments.read_picture_text("a.jpg", photo, NoReaders()).status == "stored"
    assert attachments.read_picture_text("a.jpg", photo, Eye(), Budget(pixels=100)).status == "refused"
    assert attachments.read_picture_text("a.jpg", photo[:200], Eye()).status == "damaged"


def photo_with_place(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "PlaceMaker"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("orientation", "size"), [(1, (60, 40)), (6, (40, 60))])
def test_a_published_picture_says_nothing_of_where_it_was_taken(orientation: int, size: tuple[int, int]) -> None:
    data = photo_with_place(orientation)
    assert b"PlaceMaker" in data
    published = for_publishing(data)
    assert b"PlaceMaker" not in published
    with Image.open(io.BytesIO(published)) as shown:
        assert shown.size == size
        assert not shown.getexif()
