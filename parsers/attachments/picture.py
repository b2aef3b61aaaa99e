"""Pictures: kept as they are; their text only when a caller asks for it, their place of taking never published."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps, ImageSequence

from parsers.attachments import blocks, layout, ocr
from parsers.attachments.errors import Damaged, NoReader, Refused
from parsers.attachments.findings import finding
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import Readers

_ORIENTATION = 0x0112
_WIDTH_ON_PAPER = 595
"""Points: a photographed page is taken for A4."""
_OPENED = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")
_SHOWN_BY_FEW = (
    ((4, b"ftyphei"), "HEIC"), ((4, b"ftyphev"), "HEIC"), ((4, b"ftypmif1"), "HEIF"), ((4, b"ftypmsf1"), "HEIF"),
    ((0, b"II*\0"), "TIFF"), ((0, b"MM\0*"), "TIFF"), ((0, b"\0\0\0\x0cjP  "), "JPEG 2000"),
)  # fmt: skip
"""How pictures begin that browsers don't show. (What reads HEIC for Python brings a GPL encoder in its wheel.)"""
_ASK_FOR_JPEG = "图片为 {} 格式，多数浏览器不能显示，不宜直接发布，请报送单位改发 JPG。"
_ERRORS = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


def read(data: bytes) -> Content:
    """A picture as it is kept. Raises Damaged where its head does not say what it is."""
    if data.startswith(_OPENED):
        try:
            Image.open(BytesIO(data)).close()
        except Image.DecompressionBombError:
            pass
        except _ERRORS as error:
            raise Damaged from error
    shown_by_few = next((name for magic, name in _SHOWN_BY_FEW if data[magic[0] :].startswith(magic[1])), None)
    told = (finding("attachment.unread", _ASK_FOR_JPEG.format(shown_by_few), "info"),) if shown_by_few else ()
    return Content("image", "stored", findings=told)


def read_text(data: bytes, readers: Readers, budget: Budget) -> Content:
    """The text on a picture, page by page where it has several (fax files). Raises Unreadable where it gives none."""
    pages = []
    try:
        with Image.open(BytesIO(data)) as picture:
            if picture.width * picture.height > budget.pixels:
                raise Refused("图片尺寸过大，未识别其中文字，请报送单位缩小后重新发送。")
            for number, frame in enumerate(ImageSequence.Iterator(picture)):
                if number < budget.ocr_pages:
                    pages.append(ocr.page(ImageOps.exif_transpose(frame), readers, _WIDTH_ON_PAPER / frame.width))
    except _ERRORS as error:
        raise Damaged from error
    read_pages = [page for page in pages if page is not None]
    if not read_pages:
        raise NoReader("本机未安装文字识别组件，图片中的文字未能识别，请报送单位改发 Word 文件。")
    found = tuple(blocks.cut(layout.read(read_pages), budget.text))
    return Content("image", "scanned", blocks=found, findings=tuple(ocr.doubts(read_pages)), by_ocr=True)


def for_publishing(data: bytes) -> bytes:
    """A JPEG without EXIF (place, device, owner), turned as it is meant to be seen; anything else as it is."""
    if not data.startswith(b"\xff\xd8\xff"):
        return data
    try:
        with Image.open(BytesIO(data)) as picture:
            turned = picture.getexif().get(_ORIENTATION, 1) != 1
            return _turned(picture) if turned else _without_exif(data)
    except _ERRORS:
        return data


def _turned(picture: Image.Image) -> bytes:
    out = BytesIO()
    upright = ImageOps.exif_transpose(picture)
    upright.info.pop("exif", None)
    upright.convert("RGB").save(out, "JPEG", quality=92)
    return out.getvalue()


def _without_exif(data: bytes) -> bytes:
    """The file without its APP1 and APP13 segments (EXIF, XMP, IPTC): no pixel changes."""
    out = bytearray(data[:2])
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF and data[position + 1] != 0xDA:
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if data[position + 1] not in (0xE1, 0xED):
            out += data[position:end]
        position = end
    return bytes(out + data[position:])
