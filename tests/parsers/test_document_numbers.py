"""发文字号: every misspelling is read to the normal form; a citation is never a document's own number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.document_numbers import cited_numbers, leading_number, signer_of, whole_number

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
PREFIXES = st.sampled_from(["清政发", "临财发", "国税函", "临卫健字", "鲁政办发"])
BRACKETS = st.sampled_from(["〔〕", "［］", "[]", "【】", "（）", "()", "﹝﹞", "〔)", "<>"])
GAPS = st.sampled_from(["", " ", "　"])


@given(
    PREFIXES, BRACKETS, GAPS, st.integers(1990, 2035), st.integers(1, 9999), st.booleans(), st.booleans(), st.booleans()
)
def test_every_misspelling_is_read_to_the_normal_form(
    prefix: str, brackets: str, gap: str, year: int, serial: int, wide: bool, ordinal: bool, year_sign: bool
) -> None:
    said = f"{year}{'年' if year_sign else ''}"
    text = f"{prefix}{gap}{brackets[0]}{said}{brackets[1]}{gap}{'第' if ordinal else ''}{serial}{gap}号"
    found = whole_number(text.translate(WIDE) if wide else text)
    assert found is not None, text
    assert found.number == f"{prefix}〔{year}〕{serial}号"


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    whole_number(text)
    leading_number(text)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("清 政 发〔2026〕 12 号", "清政发〔2026〕12号"),
        ("文号：清政发〔2026〕12号", "清政发〔2026〕12号"),
        ("（清政发〔2026〕12号）", "清政发〔2026〕12号"),
        ("清政发〔2O26〕12号", "清政发〔2026〕12号"),
        ("清政发〔2026〕12", "清政发〔2026〕12号"),
        ("第9号", "第9号"),
        ("2026年第3号", "2026年第3号"),
        ("２０２６年第３号", "2026年第3号"),
    ],
)
def test_numbers_as_they_stand_on_a_line(line: str, number: str) -> None:
    found = whole_number(line)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    "line", ["根据清政发〔2026〕12号文件要求，现通知如下。", "项目编号：SD20260012", "2026年11月3日", "第三条", "第1期"]
)
def test_what_says_more_or_else_is_no_number(line: str) -> None:
    assert whole_number(line) is None


def test_the_signer_stands_beside_the_number() -> None:
    found = whole_number("临财发〔2026〕5号　　　　签发人：张　三　李四")
    assert found is not None
    assert (found.number, found.signer) == ("临财发〔2026〕5号", "张、三、李四")
    assert signer_of("签发人：王五") == "王五"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("清政发〔2026〕12号 关于供暖的通知", ("清政发〔2026〕12号", "关于供暖的通知")),
        ("供水管理办法（临政发〔2021〕8号）", ("临政发〔2021〕8号", "供水管理办法")),
        ("转发临政发〔2021〕8号文件的通知", None),
        ("关于供暖的通知", None),
    ],
)
def test_a_number_at_the_edge_of_a_title_is_set_apart(text: str, found: tuple[str, str] | None) -> None:
    assert leading_number(text) == found


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (
            "原《办法》（清政发〔2020〕03号）和清政办发[2019] 第12号废止。",
            ["清政发〔2020〕3号", "清政办发〔2019〕12号"],
        ),
        ("关于清政发（2026）3号文件的解读", ["清政发〔2026〕3号"]),
        ("根据〔2020〕3号，和政发〔2021〕4号", ["和政发〔2021〕4号"]),
        ("第12号令", []),
    ],
)
def test_cited_numbers_come_without_the_words_before_them(text: str, cited: list[str]) -> None:
    assert cited_numbers(text) == cited


@given(st.text("和关于政发〔2020〕3号 ", max_size=300))
def test_a_cited_number_is_in_normal_form(text: str) -> None:
    for number in cited_numbers(text):
        found = whole_number(number)
        assert found is not None
        assert found.number == number
