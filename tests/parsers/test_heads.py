"""What stands above a title and is none: the remarks of a form, the name of a series, whatever the layout."""

import pytest

from parsers.article import read_elements
from parsers.attachments.layout import Line, Page, read
from parsers.elements import Elements
from tests.parsers.papers import line, office, paper, table

OFFICE = office()
ANSWER = "对县第十五届人民代表大会第三次会议第27号建议的答复"
ANSWERED = "王某代表：\n您提出的关于加快公路建设的建议收悉，现答复如下。\n临川县财政局\n2026年9月18日"
MINUTES = "临川县供暖保障第三次调度会议纪要"
TALKED = (
    "2026年7月6日上午，县供暖办召开调度会议，研究供暖保障工作。现将会议议定事项纪要如下。\n临川县财政局\n2026年7月8日"
)


def elements(text: str) -> Elements:
    return read_elements(paper(text), OFFICE)


@pytest.mark.parametrize(
    "above",
    [
        "办理结果：A",
        "办理结果：A类",
        "办理结果: 已解决",
        "办理情况：B",
        "答复类别：B",
        "办理类别：A",
        "类别：A",
        "类别标记：A",
        "类别标识：B1",
        "分类：A",
        "分类标记：C",
        "公开属性：主动公开",
        "公开选项：依申请公开",
        "公开方式：主动公开",
        "是否公开：是",
        "是否同意公开：同意",
        "是否全文公开：是",
        "同意公开：是",
        "建议编号：第27号",
        "承办单位：临川县财政局",
        "主办单位：临川县财政局",
        "会办单位：临川县民政局",
        "签发人：李某",
        "签发：李某",
        "联系人：赵某",
        "联系电话：0500-1234567",
        "联系人：赵某　　联系电话：0500-1234567",
        "案由：加快公路建设",
        "领衔代表：王某",
        "密级：一般",
        "缓急：平件",
        "A类",
        "（A）",
        "〔B类〕",
        "A",
        "办理结果：A\n公开属性：主动公开",
        "类别标记：A\n签发人：李某\n是否公开：是",
    ],
)
@pytest.mark.parametrize("number_above", [True, False])
def test_the_remarks_of_a_form_are_no_title(above: str, number_above: bool) -> None:
    head = f"临财函〔2026〕18号\n{above}" if number_above else f"{above}\n临财函〔2026〕18号"
    found = elements(f"临川县财政局\n{head}\n{ANSWER}\n{ANSWERED}")
    assert found.title == ANSWER
    assert found.document_number == "临财函〔2026〕18号"
    assert above.split("\n")[0] not in found.text.split("\n")


@pytest.mark.parametrize(
    "row",
    [
        "临财函〔2026〕18号　　　　办理结果：A",
        "临财函〔2026〕18号　　　　签发人：李某",
        "临财函〔2026〕18号　　签发人：李某　　办理结果：A",
        "临财函〔2026〕18号　　　　类别标记：B",
        "临财函〔2026〕18号　　　　A类",
        "临财函〔2026〕18号　　　　（A）",
        "临财函〔2026〕18号　　公开属性：主动公开",
        "临财函〔2026〕18号　是否公开：是　类别：A",
    ],
)
def test_what_a_form_prints_beside_the_number_leaves_the_number(row: str) -> None:
    found = elements(f"临川县财政局文件\n{row}\n{ANSWER}\n{ANSWERED}")
    assert (found.title, found.document_number) == (ANSWER, "临财函〔2026〕18号")
    assert found.signer == ("李某" if "签发人" in row else None)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("清河镇：春耕正当时", "清河镇抢抓农时，组织春耕，田间一片繁忙。"),
        ("图解：临川县供水管理办法", "一、出台背景。为了加强供水管理，制定本办法。"),
        ("电话诈骗防范提示", "近期电话诈骗多发，请广大群众提高警惕。"),
        ("类别管理让服务更精准", "县财政局推行分类管理，服务更加精准。"),
        ("联系群众一线行", "县财政局干部走村入户，倾听群众心声。"),
    ],
)
def test_a_headline_with_a_colon_or_a_like_word_stays_a_title(title: str, text: str) -> None:
    assert elements(f"{title}\n{text}").title == title


@pytest.mark.parametrize(
    "head",
    [
        "会议纪要\n临供暖办纪要〔2026〕3号",
        "会议纪要\n第3期",
        "会议纪要\n〔2026〕3号",
        "会议纪要\n（2026年第3期）",
        "会议纪要\n临川县财政局　2026年7月8日",
        "会议纪要\n临川县财政局\n2026年7月8日",
        "会议纪要\n2026年7月8日",
        "会议纪要\n第3期\n临川县财政局　　2026年7月8日",
        "会　议　纪　要\n临供暖办纪要〔2026〕3号",
        "专题会议纪要\n第12期",
        "办公会议纪要\n临政发〔2026〕3号",
        "县长办公会议纪要\n临政发〔2026〕3号",
        "常务会议纪要\n第12号",
        "纪要\n第三期",
        "临川县财政局会议纪要\n临财发〔2026〕3号",
        "临川县财政局\n会议纪要\n临财发〔2026〕3号",
        "简报\n第8期",
        "工作简报\n第8期\n临川县财政局编　　2026年7月8日",
        "工作简报\n（第8期）\n临川县财政局\n2026年7月8日",
        "情况专报\n〔2026〕第8期",
        "督查通报\n临财发〔2026〕3号",
        "通报\n临财发〔2026〕3号",
        "情况通报\n第8期",
        "内部情况通报\n临川县财政局　2026年7月8日",
        "临财发〔2026〕3号\n会议纪要",
        "会议纪要",
        "工作简报",
        "会议纪要\n临财发〔2026〕3号\n签发人：李某",
        "会议纪要\n━━━━━━━━\n临财发〔2026〕3号",
        "秘密\n会议纪要\n第3期",
        "信息快报\n第118期",
        "政务要情\n第118期",
    ],
)
def test_the_name_of_a_series_is_no_title_where_one_stands_below(head: str) -> None:
    found = elements(f"{head}\n{MINUTES}\n{TALKED}")
    assert found.title == MINUTES
    assert found.text.startswith("2026年7月6日上午")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("会议纪要\n第3期", "研究冬季供暖保障有关问题"),
        ("工作简报\n第8期\n临川县财政局编　2026年7月8日", "全县财源建设推进会召开"),
        ("通报\n临财发〔2026〕3号", "临川县财政局关于表扬先进集体的通报"),
        ("会议纪要\n临财发〔2026〕3号", "关于研究城区供暖有关问题的会议纪要"),
        ("会议纪要\n第3期", "临川县供暖工作领导小组\n第三次会议纪要"),
    ],
)
def test_below_a_series_a_title_of_any_form_is_the_title(head: str, title: str) -> None:
    assert elements(f"{head}\n{title}\n{TALKED}").title == title.replace("\n", "")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("会议纪要\n第3期", "会议纪要"),
        ("通报\n临财发〔2026〕3号", "通报"),
        ("临川县财政局会议纪要\n临财发〔2026〕3号", "临川县财政局会议纪要"),
    ],
)
@pytest.mark.parametrize(
    "text", [TALKED, f"各镇人民政府：\n{TALKED}", f"时间：2026年7月6日上午\n地点：县政府\n{TALKED}"]
)
def test_without_a_title_below_the_series_gives_it(head: str, title: str, text: str) -> None:
    assert elements(f"{head}\n{text}").title == title


def test_minutes_of_one_meeting_are_no_series_though_their_number_stands_below() -> None:
    found = elements(f"{MINUTES}\n（2026年7月6日）\n{TALKED}")
    assert found.title == MINUTES


def test_a_remark_in_a_table_above_the_title_is_none_either() -> None:
    blocks = (
        table("临财函〔2026〕18号\t签发人：李某"),
        line("办理结果：A"),
        line(ANSWER, centered=True, size=22.0),
        *paper(ANSWERED),
    )
    assert read_elements(blocks, OFFICE).title == ANSWER


def test_on_a_page_a_line_of_number_and_signer_does_not_run_into_the_remark_below_it() -> None:
    def at(row: int, text: str, left: float = 90) -> Line:
        return Line(text, left, 506, 100 + row * 28, 116 + row * 28, 16)

    rows = ["临财函〔2026〕18号　　　　　　签发人：李某", "办理结果：A"]
    page = Page(595, 842, (*(at(row, text) for row, text in enumerate(rows)), at(3, "您提出的建议收悉，" * 3, 122)))
    assert [block.text for block in read([page])][:2] == rows
