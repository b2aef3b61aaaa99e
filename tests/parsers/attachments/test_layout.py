"""Lines of a page to paragraphs: a title that fills its line does not run into 主送机关 below it."""

import pytest

from parsers.attachments.layout import Line, Page, read

BODY = ("为做好今年冬季供暖工作，保障群众温暖过冬，现就有关", "事项通知如下，请各单位认真抓好落实，确保供暖工作安全。")


def page(*lines: str, size: float = 16, pitch: float = 28) -> Page:
    """Every line but the first ones of paragraphs begins at the margin; all of one size, as OCR measures it."""
    placed = []
    for row, text in enumerate(lines):
        left = 90 + (0 if text == text.lstrip("　") else 2 * size)
        width = size * len(text.lstrip("　"))
        placed.append(Line(text.lstrip("　"), left, left + width, 300 + row * pitch, 300 + row * pitch + size, size))
    return Page(595, 842, tuple(placed))


def texts(*lines: str) -> list[str]:
    return [block.text for block in read([page(*lines)])]


@pytest.mark.parametrize(
    "title",
    [
        "关于印发冬季供暖安全宣传月活动实施方案的通知",
        "关于公布临川县二〇二六年供暖服务单位名单的公告",
        "关于转发《临川县供水供热价格管理办法》的函",
        "临川县人民政府关于冬季取暖安全工作的实施意见",
        "关于印发临川县供热管理办法的通知（试行）",
    ],
)
@pytest.mark.parametrize(
    "addressee",
    [
        "各镇人民政府，各街道办事处：",
        "各镇卫生院、县直各医疗卫生机构:",
        "县直各部门，各有关企业：",
        "清河镇人民政府：",
        "各镇人民政府，县政府各部门，各企业、事业单位，各驻县",
    ],
)
def test_a_full_title_ends_at_its_type_word_where_it_addresses_somebody_below(title: str, addressee: str) -> None:
    body = (BODY[0] * 2)[: len(title)]
    lines = texts(title, addressee, "　　" + body[2:], body, body)
    assert lines[0] == title
    assert lines[1] == addressee or lines[1].startswith(addressee)


def test_a_sentence_goes_on_though_its_line_ends_in_a_type_word() -> None:
    first = "　　各单位要认真落实，按照省政府关于加强供暖工作的通知"
    assert texts(first, "要求，各镇组织力量开展检查，发现问题及时整改落实。", BODY[1])[0].startswith(
        "各单位要认真落实，按照省政府关于加强供暖工作的通知要求，各镇"
    )


def test_a_title_of_two_full_lines_stays_one() -> None:
    title = ("临川县人民政府办公室关于转发县发展改革委等部门关于促进", "供热产业高质量发展若干意见的通知")
    assert "".join(texts(*title, "各镇人民政府：", "　　" + BODY[0], BODY[1])).startswith("".join(title) + "各镇")


def test_a_short_paragraph_does_not_run_into_the_heading_below_it() -> None:
    lines = ("现将有关事项通知如下：", "一、工作目标", "（一）供暖面积", "全年完成五万平方米。", "二、保障措施与要求")
    assert texts(*lines) == list(lines)


def test_a_sentence_goes_on_though_its_next_line_begins_like_a_heading() -> None:
    lines = (
        "　　各单位要按照《供暖工作方案》第三部分中第（二）项和",
        "（三）项的要求抓好落实，逐项对照检查，及时整改到位。",
        BODY[1],
    )
    assert texts(*lines)[0].startswith("各单位要按照《供暖工作方案》第三部分中第（二）项和（三）项的要求")
