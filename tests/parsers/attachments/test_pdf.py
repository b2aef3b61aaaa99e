"""PDF text as paragraphs, without what the page adds to it; tables where ruled; scans by OCR."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from parsers import attachments
from parsers.content import Content
from parsers.readers import NoReaders, OcrLine, Readers
from tests.parsers.attachments.files import pdf, picture

FULL = "为加强森林防火工作，切实保护生态环境和人民群众生命财产安"
REST = "全，现就有关事项通知如下，请认真贯彻执行。"


class Lines(NoReaders):
    """An OCR that finds these lines on every picture."""

    def __init__(self, *lines: OcrLine) -> None:
        self.lines = list(lines)

    def ocr(self, picture: bytes) -> list[OcrLine]:
        assert Image.open(io.BytesIO(picture)).format == "PNG"
        return self.lines


def read(data: bytes, readers: Readers | None = None, passwords: tuple[str, ...] = ()) -> Content:
    return attachments.read("通知.pdf", data, readers or NoReaders(), passwords=passwords)


def body(top: float, text: str, indent: float = 2) -> tuple[float, float, float, str]:
    return 60 + 16 * indent, top, 16, text


def test_a_line_that_is_full_runs_on_into_the_next() -> None:
    content = read(pdf([body(200, FULL), body(230, REST, 0), body(260, "一、加强领导"), body(290, FULL)]))
    assert content.text.split("\n") == [FULL + REST, "一、加强领导", FULL]


def test_a_paragraph_runs_on_over_the_page() -> None:
    content = read(
        pdf(
            [body(200, FULL), (280, 790, 14, "— 1 —")],
            [body(120, REST, 0), (280, 790, 14, "— 2 —")],
        )
    )
    assert content.text == FULL + REST


def test_centred_title_lines_stay_lines_and_are_told() -> None:
    title = [(190, 80, 22, "桓台县某某局关于做好"), (212, 110, 22, "防火工作的通知某")]
    content = read(pdf([*title, body(200, FULL), body(230, REST, 0)]))
    assert [(block.text, block.centered, block.size) for block in content.blocks[:2]] == [
        ("桓台县某某局关于做好", True, 22.0),
        ("防火工作的通知某", True, 22.0),
    ]


def test_a_wide_title_keeps_apart_from_the_addressee_below_white() -> None:
    title = (100, 80, 16, FULL[:25] + "的通知")
    full = [body(178, FULL), *(body(top, FULL + "防火", 0) for top in (206, 234))]
    content = read(pdf([title, body(136, "各镇人民政府：", 0), *full, body(262, REST, 0)]))
    assert content.text.split("\n") == [title[3], "各镇人民政府：", FULL + 2 * (FULL + "防火") + REST]


def test_a_date_at_the_right_margin_does_not_run_on_into_the_foot() -> None:
    date = (420, 260, 16, "2026年10月8日　")
    content = read(pdf([body(200, FULL), body(228, REST, 0), date, (60, 286, 14, "抄送：县政府办公室。")]))
    assert content.text.split("\n")[1:] == ["2026年10月8日", "抄送：县政府办公室。"]


def test_two_columns_are_read_one_after_the_other() -> None:
    def column(left: float, name: str) -> list[tuple[float, float, float, str]]:
        return [(left, 150 + 20 * at, 12, f"{name}段第{at}行" + FULL[:12]) for at in range(6)]

    beside = [piece for pair in zip(column(60, "甲"), column(320, "乙"), strict=True) for piece in pair]
    content = read(pdf([(190, 80, 22, "清河镇工作简报一则"), *beside, (280, 790, 14, "— 1 —")]))
    whole = "".join(f"{name}段第{at}行" + FULL[:12] for name in "甲乙" for at in range(6))
    assert content.text.split("\n") == ["清河镇工作简报一则", whole]
    assert content.blocks[0].centered


def test_labels_and_values_side_by_side_are_no_columns() -> None:
    values = ["某局", "二〇二六年三月五日", "主动公开", "某政发〔2026〕3号文", "关于供暖的通知", "长期有效的"]
    rows = [((60, top, 12, "发布机构"), (300, top, 12, value)) for top, value in enumerate(values, 150)]
    spread = [(left, 150 + 20 * (top - 150), size, text) for row in rows for left, top, size, text in row]
    assert "发布机构 二〇二六年三月五日" in read(pdf(spread)).text


def test_running_heads_stand_apart() -> None:
    pages = [[(200, 40, 10, f"某报告 第{at}期"), body(200, f"第{word}段")] for at, word in enumerate("一二三")]
    content = read(pdf(*pages))
    assert content.text.split("\n") == ["第一段", "第二段", "第三段"]
    assert [block.place for block in content.blocks] == ["header", "body", "body", "body"]


def test_a_ruled_table_is_a_table_in_its_place() -> None:
    rules = "".join(f"60 {842 - y} m 360 {842 - y} l S\n" for y in (200, 230, 260))
    rules += "".join(f"{x} {842 - 200} m {x} {842 - 260} l S\n" for x in (60, 160, 360))
    cells = [(70, 206, 14, "序号"), (170, 206, 14, "名称"), (70, 236, 14, "1"), (170, 236, 14, "新桥")]
    content = read(pdf([body(120, "前文"), *cells, body(300, "后文")], drawing=rules))
    assert [block.text for block in content.blocks] == ["前文", "序号\t名称\n1\t新桥", "后文"]
    assert content.blocks[1].html.startswith("<table><tbody><tr><td>序号</td>")


def with_picture(width: float, height: float) -> bytes:
    document = pypdfium2.PdfDocument(pdf([body(100, FULL), body(700, REST, 0)]))
    image = pypdfium2.PdfImage.new(document)
    image.load_jpeg(io.BytesIO(picture("JPEG", (400, 300))))
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height).translate(100, 300))
    page = document[0]
    page.insert_obj(image)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_photograph_stands_in_its_place() -> None:
    content = read(with_picture(300, 225))
    assert [block.kind for block in content.blocks] == ["paragraph", "picture", "paragraph"]
    assert content.blobs[0].data == picture("JPEG", (400, 300))
    assert content.blobs[0].sha256 in content.blocks[1].html


@pytest.mark.parametrize(("width", "height"), [(119, 119), (20, 15)], ids=["seal", "icon"])
def test_seals_and_icons_are_no_pictures_of_the_text(width: float, height: float) -> None:
    assert read(with_picture(width, height)).blobs == ()


def scan(size: tuple[int, int] = (620, 877)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, "PDF", resolution=75)
    return out.getvalue()


def test_a_scan_is_read_by_ocr() -> None:
    lines = OcrLine("关于防火的通知", (600, 200, 1000, 260), 0.99), OcrLine("县", (100, 2000, 150, 2050), 0.6)
    content = read(scan(), Lines(*lines))
    assert (content.status, content.by_ocr, content.text) == ("scanned", True, "关于防火的通知")
    assert content.findings == ()


def test_digits_in_a_line_make_its_type_no_larger_than_that_of_the_line_below() -> None:
    """Word processors leave a quarter of a character beside digits: a title of two lines must stay of one size."""
    lines = (
        OcrLine("青政发〔2026〕58号", (622, 520, 1075, 576), 0.99),
        OcrLine("青石县白杨镇人民政府关于开展2026年度", (265, 675, 1432, 751), 0.99),
        OcrLine("城乡居民基本医疗保险参保登记工作的通知", (263, 758, 1432, 832), 0.99),
        OcrLine("为做好2027年度城乡居民医保征缴工作，现将有关事项", (335, 1023, 1450, 1077), 0.99),
        OcrLine("一、集中征缴期为2026年9月1日至12月31日。", (334, 1169, 1369, 1225), 0.99),
    )
    _, title, second, *text = read(scan(), Lines(*lines)).blocks
    assert title.size
    assert second.size
    assert title.size < 1.1 * second.size
    assert all(block.size and second.size > 1.2 * block.size for block in text)


def test_a_doubtful_reading_is_told() -> None:
    content = read(scan(), Lines(OcrLine("关于防大的通知", (600, 200, 1000, 260), 0.7)))
    assert [found.code for found in content.findings] == ["text.ocr_doubtful"]


def test_a_scan_without_ocr_is_stored_and_the_finding_says_what_to_do() -> None:
    content = read(scan())
    assert (content.status, content.text) == ("stored", "")
    assert "Word" in content.findings[0].message


def test_a_page_of_a_million_points_costs_no_more_pixels_than_allowed() -> None:
    seen = []

    class Eye(NoReaders):
        def ocr(self, picture: bytes) -> list[OcrLine]:
            seen.append(Image.open(io.BytesIO(picture)).size)
            return []

    wide = io.BytesIO()
    Image.new("L", (1000, 1000), 255).save(wide, "PDF", resolution=0.1)
    read(wide.getvalue(), Eye())
    assert [width * height <= 60_100_000 for width, height in seen] == [True]
