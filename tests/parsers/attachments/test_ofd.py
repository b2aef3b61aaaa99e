"""OFD: text objects to paragraphs; templates under the page; pictures to OCR."""

from __future__ import annotations

from collections.abc import Mapping

from parsers import attachments
from parsers.content import Content
from parsers.readers import NoReaders, OcrLine, Readers
from tests.parsers.attachments.files import packed, picture

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def read(data: bytes, readers: Readers | None = None) -> Content:
    return attachments.read("公文.ofd", data, readers or NoReaders())


def text(left: float, top: float, size: float, words: str) -> str:
    width = size * len(words)
    return (
        f'<ofd:TextObject Boundary="{left} {top} {width} {size * 1.3}" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="g {len(words) - 1} {size}">{words}</ofd:TextCode></ofd:TextObject>'
    )


def page(*objects: str, before: str = "") -> str:
    return f"<ofd:Page {NS}>{before}<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"


def ofd(
    parts: Mapping[str, str | bytes], root: str = "Doc_0/Document.xml", common: str = "", loc: str = "P.xml"
) -> bytes:
    return packed(
        {
            "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
            f"</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData>"
            f"<ofd:Pages><ofd:Page BaseLoc='{loc}'/></ofd:Pages></ofd:Document>",
            **parts,
        }
    )


LONG = "为确保纳税人及时准确享受专项附加扣除，现就有关事项通"


def body() -> str:
    return page(
        text(64, 40, 7.76, "关于确认扣除信息的通告"),
        text(28, 70, 5.64, "　　" + LONG),
        text(28, 80, 5.64, "告如下。"),
    )


def test_lines_become_paragraphs_and_titles_are_centred() -> None:
    content = read(ofd({"Doc_0/P.xml": body()}))
    assert (content.kind, content.status) == ("ofd", "read")
    assert content.text == f"关于确认扣除信息的通告\n{LONG}告如下。"
    assert (content.blocks[0].centered, content.blocks[0].size) == (True, 22.0)


def test_places_from_the_root_and_in_another_case_are_found() -> None:
    assert read(ofd({"Doc_0/p.XML": body()}, root="/doc_0/Document.xml", loc="/Doc_0/P.xml")).text.startswith("关于")


def test_the_template_under_a_page_is_read_with_it() -> None:
    template = "<ofd:TemplatePage ID='9' BaseLoc='T.xml'/>"
    parts = {"Doc_0/T.xml": page(text(60, 10, 12, "桓台县某局文件")), "Doc_0/P.xml": body().replace(
        "<ofd:Content>", "<ofd:Template TemplateID='9'/><ofd:Content>")}  # fmt: skip
    assert read(ofd(parts, common=template)).text.startswith("桓台县某局文件\n关于确认")


def test_an_ofd_of_pictures_goes_to_ocr() -> None:
    class Eye(NoReaders):
        def ocr(self, picture: bytes) -> list[OcrLine]:
            return [OcrLine("关于防火的通知", (100, 100, 400, 140), 0.98)]

    data = ofd({"Doc_0/P.xml": page(), "Doc_0/Res/image_1.jpg": picture("JPEG", (800, 1100))})
    assert read(data).status == "stored"
    content = read(data, Eye())
    assert (content.status, content.text) == ("scanned", "关于防火的通知")


def test_a_page_that_is_not_there_is_damage() -> None:
    assert read(ofd({})).status == "damaged"
