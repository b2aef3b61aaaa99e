"""Findings before publishing: nothing secret or personal slips through, and nothing harmless is stopped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.article import read_elements
from parsers.office import Column, Office
from parsers.personal import is_bank_card, is_credit_code, is_identity_number, personal_data
from parsers.screening import raise_severity, screen
from parsers.submission import Finding
from parsers.wording import suspects
from tests.parsers.papers import NOTICE, UNITS, office, paper

OFFICE = office()
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity(born: date, serial: int) -> str:
    body = f"370321{born:%Y%m%d}{serial:03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def card(body: str) -> str:
    total = sum(int(d) if i % 2 else sum(divmod(int(d) * 2, 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


IDENTITY, CARD = identity(date(1904, 2, 29), 11), card("621700220999999999")


def findings(
    text: str, where: Office = OFFICE, column: str | None = None, annexes: Mapping[str, str] | None = None, **more: Any
) -> tuple[Finding, ...]:
    received = more.pop("received_on", date(2026, 10, 10))
    elements = read_elements(paper(text), where)
    return screen(text, annexes or {}, elements, where.column(column), where, received_on=received, **more)


def codes(text: str, **more: Any) -> set[str]:
    return {finding.code for finding in findings(text, **more)}


def test_a_plain_notice_has_no_finding() -> None:
    assert findings(NOTICE, column="文件") == ()


@given(st.dates(date(1900, 1, 1), date(1909, 12, 31)), st.integers(0, 999))
def test_every_identity_number_with_a_right_check_digit_is_found(born: date, serial: int) -> None:
    number = identity(born, serial)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    for shown in (number, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}", "（" + number + "）"):
        assert [hit.code for hit in personal_data(f"身份证号{shown}，")] == ["pii.id_number"]
    assert "pii.id_number" not in [hit.code for hit in personal_data(f"编号{wrong}")]


@given(st.from_regex(r"62\d{13,16}", fullmatch=True))
def test_every_bank_card_with_a_right_check_digit_is_found(body: str) -> None:
    number = card(body)
    if is_bank_card(number):
        assert [hit.code for hit in personal_data(f"卡号：{number}。")] == ["pii.bank_card"]
        assert not is_bank_card(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(
    "shown", ["13800001357", "138 0000 1357", "138-0000-1357", "１３８００００１３５７", "+86 13800001357"]
)
def test_mobiles_in_every_spelling(shown: str) -> None:
    assert codes(f"春耕忙\n联系人王某，电话{shown}。") == {"pii.phone"}


@pytest.mark.parametrize(
    "text",
    [
        "监督电话：0533-9001050，热线12345、95598、400-800-1234。",
        "证号370321********0031，卡号6217**********1188，电话138****5566。",
        "统一社会信用代码：91370321MA3C1ABC2X。",
        "项目编号：SDGP370321000202602000217。",
        "依法保护商业秘密和个人隐私，开展保密宣传。",
        "受理政府信息公开申请，公开方式包括主动公开和依申请公开。",
    ],
)
def test_office_numbers_masked_numbers_codes_and_talk_of_secrets_pass(text: str) -> None:
    assert codes(f"清河镇开展宣传\n{text}") == set()


def test_numbers_in_annexes_are_found_with_the_annexs_name() -> None:
    found = findings(NOTICE, annexes={"名单.xlsx": f"姓名\t证件\n李某\t{IDENTITY}\n王某\t{CARD}"})
    assert {(one.code, one.place) for one in found} == {("pii.id_number", "名单.xlsx"), ("pii.bank_card", "名单.xlsx")}
    assert all(one.severity == "block" for one in found)
    assert all(one.excerpt for one in found)


def test_own_and_allowed_numbers_pass() -> None:
    text = "春耕忙\n电话138-0000-1357，13900002468。"
    assert codes(text, where=office(own_phones=("138 0000 1357",), allow=("13900002468",))) == set()


def test_codes_of_organisations_are_told_from_cards() -> None:
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y44")
    assert not is_bank_card(IDENTITY.replace("X", "0")) or not is_identity_number(IDENTITY)


@pytest.mark.parametrize("mark", ["秘密★1年", "机密", "绝密★长期", "秘　密", "内部资料，注意保存", "工作秘密"])
def test_a_mark_of_secrecy_at_the_head_blocks(mark: str) -> None:
    found = findings(f"{mark}\n{NOTICE.strip()}", column="文件")
    assert [(one.code, one.severity) for one in found] == [("secret.marking", "block")]


@pytest.mark.parametrize(
    "said",
    ["（此件不公开）", "（此件依申请公开）", "（此件发至县团级）", "公开属性：不予公开", "信息公开选项: 不予公开"],
)
def test_what_is_not_for_the_public_blocks(said: str) -> None:
    assert codes(f"{NOTICE.strip().replace('（此件主动公开）', said)}", column="文件") == {"secret.not_public"}


def test_a_list_of_names_beside_a_sensitive_word_is_shown() -> None:
    rows = "序号\t姓名\t住址\n1\t王小明\t一村\n2\t李大海\t二村\n3\t张文\t三村"
    assert "pii.name_list" in codes(f"清河镇低保对象公示\n{rows}\n清河镇人民政府\n2026年10月8日")
    masked = rows.replace("王小明", "王某").replace("李大海", "李某某").replace("张文", "张*")
    assert "pii.name_list" not in codes(f"清河镇低保对象公示\n{masked}\n清河镇人民政府\n2026年10月8日")
    two = "序号\t户主姓名\t人数\n1\t王小明\t2\n2\t李大海\t1"
    assert "pii.name_list" in codes(f"清河镇低保对象公示\n{two}\n清河镇人民政府\n2026年10月8日")
    offices = "姓名\t职务\t分工\n王小明\t镇长\t残疾人工作\n李大海\t副镇长\t低保\n张文\t委员\t学生"
    assert "pii.name_list" not in codes(f"领导班子分工\n{offices}")


def test_dates_that_are_missing_or_to_come() -> None:
    undated = NOTICE.replace("2026年10月8日\n", "")
    assert codes(undated, column="文件") == {"document.no_date"}
    assert codes(NOTICE, column="文件", received_on=date(2026, 10, 7)) == {"document.future_date"}
    assert codes(NOTICE, column="文件", received_on=None) == set()
    assert codes("清河镇开展植树活动\n3月12日，植树500棵。", column="乡镇动态") == set()


def test_a_text_without_a_title_is_shown() -> None:
    assert "document.no_title" in codes("各村：\n请执行。")


def test_a_regulation_needs_its_interpretation() -> None:
    text = NOTICE.replace("关于做好冬季供暖工作的通知", "关于印发《清河镇供水办法》的通知")
    assert "interpretation.missing" in codes(text, column="规章")
    assert "interpretation.missing" in codes(text, column="文件")
    assert "interpretation.missing" not in codes(text, column="规章", interpretation_present=True)
    assert "interpretation.missing" not in codes(NOTICE, column="文件")


@pytest.mark.parametrize(
    "text",
    [
        "公示期：2026年10月8日至10月14日。",
        "公示时间为5个工作日。",
        "公示期限自2026年10月8日起。",
        "本办法自2026年12月20日起施行，有效期至2031年12月19日。",
        "本通知有效期五年。",
        "本办法自公布之日起试行，试行期两年。",
    ],
)
def test_a_stated_end_is_shown(text: str) -> None:
    assert "validity.expires" in codes(f"清河镇公告\n{text}\n清河镇人民政府\n2026年10月8日")


@pytest.mark.parametrize(
    "text",
    [
        "自查截止日期为2026年10月31日。",
        "身份证有效期10年的除外。",
        "评定结论公示无异议后办理。",
        "集中缴费期为11月1日至12月31日。",
    ],
)
def test_other_ends_are_none(text: str) -> None:
    assert "validity.expires" not in codes(f"清河镇公告\n{text}\n清河镇人民政府\n2026年10月8日")


@pytest.mark.parametrize(
    "text",
    [
        "《饮水办法》（清政发〔2021〕8号）同时废止。",
        "与本公告不一致的，以本公告为准。",
        "原通知不再执行，请知悉，《旧办法》停止执行。",
    ],
)
def test_what_it_replaces_is_shown(text: str) -> None:
    assert "supersedes" in codes(f"清河镇公告\n{text}\n清河镇人民政府\n2026年10月8日")
    assert "supersedes" in codes("设备采购更正公告\n内容如下。\n县财政局\n2026年10月8日")


def test_links_outside_are_shown_and_governments_own_pass() -> None:
    text = "春耕忙\n详见 http://shop.example.com/a?b=1 和 https://www.linchuan.gov.cn/x 、http://www.linchuan.example.cn/y。"
    found = findings(text)
    assert [(one.code, one.excerpt, one.severity) for one in found] == [
        ("link.external", "http://shop.example.com/a?b=1", "info")
    ]


def test_likely_slips_are_shown() -> None:
    found = findings("春耕忙\n截止目前，县政财局已完成布署，，会议定于2026年2月30日召开。")
    assert {one.excerpt for one in found if one.code == "text.suspect"} == {
        "截止目前",
        "布署",
        "，，",
        "2026年2月30日",
        "县政财局",
    } - {"县政财局"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("临川县政财局组织开展活动。", "疑为“临川县财政局”"),
        ("临川县召开会议，林川县财政局负责人参加。", "疑为“临川县财政局”"),
        ("清河镇干部参加，清何镇人民政府主办。", "疑为“清河镇人民政府”"),
        ("清河镇人政府组织开展活动。", "疑为“清河镇人民政府”"),
        ("清河镇人民人民政府、临川县县财政局参加。", "疑为“临川县财政局”"),
        ("2026年8月共12户3村5组7人9次11项13件，其中２户。", "全角字符，疑为“2”"),
        ("一，二，三，四，五，六，七，八，九，十,完。", "半角标点，应为全角"),
        ("截止2026年11月20日，全镇累计完成投资3亿元。", "疑为“截至”"),
    ],
)
def test_a_slip_in_a_name_or_a_sign_is_shown(text: str, meant: str) -> None:
    assert meant in [one.message for one in findings(f"春耕忙\n{text}") if one.code == "text.suspect"]


def test_a_liaisons_name_is_misspelt_only_beside_the_telephone_that_is_theirs() -> None:
    liaison = replace(UNITS[0], liaison_name="王晓芳", liaison_phone="0900-1234567")
    own = replace(office(), units=(liaison,))
    assert list(suspects("联系人：王晓方，电话：0900-1234567。", own)) == [("王晓方", "疑为“王晓芳”")]
    assert suspects("联系人：王晓方，电话：0900-7654321。", own) == []
    assert suspects("联系人：王晓芳，电话：0900-1234567。", own) == []


@pytest.mark.parametrize(
    "text",
    [
        "报名截止2026年12月5日，逾期不予受理。",
        "申报截止到11月30日。材料已齐全的可提前报送。",
        "他自己经营果园，我们知己经年。",
        "严防犯罪，一贯切实履职，提供献血服务，发布署名文章，过渡假期。",
        "临川县邮政局、临川县人民政府、市财政局、清河镇政府参加，山脉博物馆开放。",
        "县财政局与临川县民政局参加，临川县财政局局长讲话。",
        "２０２６年８月５日，共１２户。",
        "一,二,三,四。",
    ],
)
def test_what_is_right_raises_no_suspicion(text: str) -> None:
    assert [one for one in findings(f"春耕忙\n{text}") if one.code == "text.suspect"] == []


def test_hindered_main_text_blocks_and_a_hindered_annex_warns() -> None:
    hindered = Finding("attachment.encrypted", "warn", "已加密")
    assert raise_severity(hindered, "main").severity == "block"
    assert raise_severity(hindered, "annex").severity == "warn"
    other = Finding("pii.phone", "warn", "号码")
    assert raise_severity(other, "main") == other


@given(st.text(max_size=400))
def test_any_text_is_screened(text: str) -> None:
    findings(text or "x", column="文件")


def test_a_column_that_needs_interpretation_by_its_own_word() -> None:
    where = office((Column("规范性文件", keywords=("通知",), needs_interpretation=True),))
    assert "interpretation.missing" in codes(NOTICE, where=where, column="规范性文件")
