"""Official documents after GB/T 9704: each element from its own place, and what remains as on the portal."""

from datetime import date, time

import pytest

from parsers.article import read_elements
from parsers.elements import Elements
from parsers.official import is_official, read_official
from tests.parsers.papers import NOTICE, line, office, paper, table

OFFICE = office()


def read(text: str, **more: str) -> Elements:
    return read_elements(paper(text), OFFICE, **more)


def test_a_notice_is_read_whole() -> None:
    found = read(NOTICE)
    assert found.form == "official"
    assert found.title == "清河镇人民政府关于做好冬季供暖工作的通知"
    assert found.document_number == "清政发〔2026〕12号"
    assert found.issuer == "清河镇人民政府"
    assert (found.issued_on, found.printed_on) == (date(2026, 10, 8), date(2026, 10, 9))
    assert found.addressee == "各村民委员会，镇直各部门："
    assert found.disclosure == "主动公开"
    assert found.annexes == ("任务分工表", "联系人名单")
    assert found.copied_to == "县政府办公室。"
    assert found.notes == "此件主动公开"


def test_letterhead_number_title_and_foot_leave_the_text_and_the_signature_stays() -> None:
    found = read(NOTICE)
    assert found.text.startswith("各村民委员会")
    assert found.text.endswith("清河镇人民政府\n2026年10月8日\n（此件主动公开）")
    assert set(found.cut) >= {"清河镇人民政府文件", "清政发〔2026〕12号", "抄送：县政府办公室。"}
    assert "印发" not in found.html


def test_each_element_says_where_it_was_found() -> None:
    found = {one.name: one for one in read_official(paper(NOTICE), OFFICE, part="通知.docx").elements}
    assert found["document_number"].excerpt == "清政发〔2026〕12号"
    assert found["issued_on"].excerpt == "清河镇人民政府\n2026年10月8日"
    assert found["title"].excerpt == "清河镇人民政府\n关于做好冬季供暖工作的通知"
    assert all(one.part == "通知.docx" and one.reason for one in found.values())


@pytest.mark.parametrize(
    "written",
    [
        "二〇二六年三月五日",
        "二○二六年三月五日",
        "二Ｏ二六年三月五日",
        "2026-3-5",
        "2026.3.5",
        "２０２６年３月５日",
        "2026 年 3 月 5 日",
    ],
)
def test_every_form_of_the_date_beside_the_signature(written: str) -> None:
    found = read(f"关于供暖的通知\n各村：\n请执行。\n清河镇人民政府\n{written}")
    assert (found.issued_on, found.issuer) == (date(2026, 3, 5), "清河镇人民政府")


def test_signature_and_date_may_share_a_line() -> None:
    found = read("关于供暖的公示\n现予公示。\n特此公示。\n　　　县财政局　2026年3月1日")
    assert (found.issued_on, found.issuer) == (date(2026, 3, 1), "县财政局")


def test_the_hour_beside_the_date_is_kept() -> None:
    found = read("暴雨预警公告\n请注意防范。\n清河镇人民政府\n2026年7月5日16时30分")
    assert (found.issued_on, found.issued_at) == (date(2026, 7, 5), time(16, 30))


def test_a_date_in_the_text_is_no_date_of_issue() -> None:
    found = read("关于举办培训的通知\n各单位：\n一、时间\n2026年3月5日\n二、地点\n县委党校。请准时参加。")
    assert found.issued_on is None


def test_a_date_in_an_annex_behind_the_signature_is_not_the_documents() -> None:
    text = "关于举办培训的通知\n各单位：\n请参加。\n县财政局\n2026年3月1日\n附件\n报名回执\n县民政局\n2026年3月9日"
    assert read(text).issued_on == date(2026, 3, 1)


def test_a_wrapper_has_its_own_title_and_date() -> None:
    text = (
        "清河镇人民政府\n转发县财政局关于做好决算工作的通知的通知\n各村：\n现转发给你们。\n清河镇人民政府\n2026年6月5日\n"
        "临川县财政局\n关于做好决算工作的通知\n各镇：\n请执行。\n临川县财政局\n2026年6月1日"
    )
    found = read(text)
    assert found.title == "清河镇人民政府转发县财政局关于做好决算工作的通知的通知"
    assert found.wrapped_title == "县财政局关于做好决算工作的通知"
    assert found.issued_on == date(2026, 6, 5)
    assert "2026年6月1日" in found.text


def test_joint_issuers_are_all_named() -> None:
    text = (
        "临川县财政局\n临川县民政局　文件\n临财社［2026］ 5 号\n"
        "临川县财政局 临川县民政局\n关于下达资金\n的通知\n各镇：\n请执行。\n"
        "临川县财政局　　　临川县民政局\n2026年3月5日"
    )
    found = read(text)
    assert found.issuer == "临川县财政局、临川县民政局"
    assert found.document_number == "临财社〔2026〕5号"
    assert found.title == "临川县财政局 临川县民政局关于下达资金的通知"


def test_signatures_side_by_side_in_a_table() -> None:
    blocks = (*paper("关于下达资金的通知\n各镇：\n请执行。"), table("临川县财政局\t临川县民政局"), line("2026年3月5日"))
    found = read_elements(blocks, OFFICE)
    assert (found.issuer, found.issued_on) == ("临川县财政局、临川县民政局", date(2026, 3, 5))


def test_an_order_has_its_plain_number_and_is_signed_by_a_person() -> None:
    text = (
        "临川县人民政府令\n第9号\n《临川县供水管理办法》已经2026年3月1日县政府常务会议通过，现予公布。\n"
        "县　长　　王某某\n2026年3月5日\n"
        "临川县供水管理办法\n第一条　为了加强管理，制定本办法。"
    )
    found = read(text)
    assert (found.document_number, found.issued_on) == ("第9号", date(2026, 3, 5))
    assert found.wrapped_title == "临川县供水管理办法"
    assert found.issuer == "临川县人民政府"


def test_an_announcement_has_its_number_below_the_title() -> None:
    found = read("县民政局\n公　　告\n2026年第3号\n现公告如下。\n县民政局\n二〇二六年元月廿一日")
    assert (found.title, found.document_number) == ("县民政局公告", "2026年第3号")
    assert found.issued_on == date(2026, 1, 21)


def test_marks_and_signer_at_the_head() -> None:
    text = (
        "000012\n机密★1年\n特急\n县财政局文件\n临财发〔2026〕8号　　签发人：张三\n县财政局\n"
        "关于预算的报告\n县政府：\n现报告如下。\n县财政局\n2026-3-5"
    )
    found = read(text)
    assert (found.secrecy, found.urgency, found.signer) == ("机密★1年", "特急", "张三")
    assert found.title == "县财政局关于预算的报告"
    assert "000012" not in found.text


def test_labels_above_the_title_give_number_and_date() -> None:
    text = (
        "索引号：1101　　　发布机构：县财政局\n"
        "成文日期：2026年3月5日　　　发文字号：临财发〔2026〕3号\n关于加强资金管理的通知\n各镇：\n"
        "请认真执行。"
    )
    found = read(text)
    assert (found.issued_on, found.document_number, found.issuer) == (date(2026, 3, 5), "临财发〔2026〕3号", "县财政局")
    assert found.title == "关于加强资金管理的通知"


def test_number_and_secrecy_may_stand_in_the_page_header() -> None:
    blocks = (
        line("临财发〔2026〕3号", place="header"),
        *paper("关于加强资金管理的通知\n各镇：\n请执行。"),
        line("— 1 —", place="footer"),
    )
    found = read_elements(blocks, OFFICE)
    assert found.document_number == "临财发〔2026〕3号"
    assert "— 1 —" not in found.text


def test_a_citation_is_never_the_documents_own_number() -> None:
    found = read("关于转运工作的通知\n各镇：\n根据临政发〔2026〕1号文件，现通知如下。\n县财政局\n2026年3月5日")
    assert found.document_number is None


def test_the_subject_speaks_where_the_text_has_no_title() -> None:
    found = read("各镇：\n请执行。\n县财政局\n2026年3月5日", subject="Fwd: 县财政局关于加强管理的通知")
    assert found.title == "县财政局关于加强管理的通知"


def test_a_title_broken_by_hand_within_one_paragraph_is_one_title() -> None:
    blocks = (
        line("县财政局\n关于加强资金\n管理的通知", centered=True),
        *paper("各镇：\n请执行。\n县财政局\n2026年3月5日"),
    )
    assert read_elements(blocks, OFFICE).title == "县财政局关于加强资金管理的通知"


def test_a_document_of_1999_has_subject_words_that_go() -> None:
    text = (
        "县财政局文件\n临财发〔2010〕5号\n关于预算的通知\n各镇：\n请执行。\n二Ｏ一Ｏ年三月五日\n"
        "主题词：预算 通知\n抄送：县委\n县财政局办公室 2010年3月6日印发\n共印50份"
    )
    found = read(text)
    assert (found.issued_on, found.printed_on) == (date(2010, 3, 5), date(2010, 3, 6))
    assert found.text.endswith("二Ｏ一Ｏ年三月五日")


def test_the_words_for_the_seal_leave_the_signature() -> None:
    found = read("关于预算的通知\n各镇：\n请执行。\n县财政局（盖章）\n2026年3月5日")
    assert "盖章" not in found.text + found.html
    assert found.issuer == "县财政局"


def test_an_empty_text_has_no_elements() -> None:
    found = read_official((), OFFICE)
    assert (found.title, found.issued_on, found.text) == (None, None, "")
    assert is_official(found) < 0.5


def test_a_sheets_title_stands_alone_in_its_first_row() -> None:
    found = read_elements((table("临川县2026年预算收支情况表\t\t", "项目\t预算\t完成"),), OFFICE)
    assert found.title == "临川县2026年预算收支情况表"


@pytest.mark.parametrize(
    ("head", "title", "number"),
    [
        ("临川县民政\n局\n临民审〔2026〕3号\n关于某公司\n登记的批复", "关于某公司登记的批复", "临民审〔2026〕3号"),
        ("临川县人民政府办公室文\n件\n临政发〔2026〕3号\n关于供暖的通知", "关于供暖的通知", "临政发〔2026〕3号"),
        ("县长办公会议纪要\n〔2026〕12号\n关于供暖的会议纪要", "关于供暖的会议纪要", None),
        ("创建工作简报\n第12期\n县创建办公室编　　2026年10月8日\n清河镇多措并举迎创建", "清河镇多措并举迎创建", None),
        (
            "索引号 01 发文机关 清河镇\n发文字号 清政发〔2026〕3号\n关于供暖的通知",
            "关于供暖的通知",
            "清政发〔2026〕3号",
        ),
    ],
)
def test_what_stands_above_the_title_is_no_title(head: str, title: str, number: str | None) -> None:
    found = read(f"{head}\n各村：\n请认真执行。\n清河镇人民政府\n2026年10月8日")
    assert (found.title, found.document_number, found.addressee) == (title, number, "各村：")


def test_a_red_head_may_be_a_table() -> None:
    blocks = (table("临川县财政局\t文件", "临川县民政局\t"), table("临财发〔2026〕12号\t签发人：张三"))
    found = read_elements((*blocks, *paper("关于救助标准的请示\n县政府：\n请批示。")), OFFICE)
    assert (found.title, found.document_number, found.signer) == ("关于救助标准的请示", "临财发〔2026〕12号", "张三")


def test_an_organ_in_the_type_of_a_title_goes_on_with_what_it_is_about() -> None:
    blocks = (line("临川县财政局文件", centered=True, size=41), line("临财发〔2026〕1号", centered=True, size=16))
    title = (line("临川县财政局", centered=True, size=22.1), line("关于票据的通知", centered=True, size=22.4))
    found = read_elements((*blocks, *title, *paper("各镇财政所：\n请执行。")), OFFICE)
    assert (found.title, found.addressee) == ("临川县财政局关于票据的通知", "各镇财政所：")


@pytest.mark.parametrize(
    ("below", "title"),
    [
        ("第一部分　部门概况", "临川县财政局2025年度部门决算"),
        ("目　录", "临川县财政局2025年度部门决算"),
        ("（征求意见稿）", "临川县财政局2025年度部门决算（征求意见稿）"),
    ],
)
def test_headings_and_contents_end_a_title(below: str, title: str) -> None:
    text = f"临川县财政局2025年度部门决算\n{below}\n一、主要职责\n负责财政工作。"
    assert read(text).title == title


def test_a_heading_in_the_type_of_the_text_ends_a_centred_title() -> None:
    blocks = (line("2025年度部门决算", centered=True, size=22), line("部门概况", size=16), line("负责财政。", size=16))
    assert read_elements(blocks, OFFICE).title == "2025年度部门决算"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("关于第18号提案的答复", "函"), "关于第18号提案的答复函"),
        (("《清洁取暖方案》", "政策解读"), "《清洁取暖方案》政策解读"),
        (("政府工作报告", "临川县人民政府县长　张三"), "政府工作报告"),
    ],
)
def test_what_goes_on_below_a_whole_title(lines: tuple[str, ...], title: str) -> None:
    blocks = (*(line(one, centered=True, size=22) for one in lines), line("各位代表：", size=16), line("现报告工作。"))
    assert read_elements(blocks, OFFICE).title == title


def test_an_order_is_titled_by_the_rule_that_follows_it() -> None:
    order = "临川县人民政府令\n第9号\n《临川县停车场管理办法》已经通过，现予公布。\n县长　张三\n2026年6月24日\n"
    rule = "临川县停车场\n管理办法\n第一条　为加强管理，制定本办法。"
    assert (read(order + rule).title, read(order + rule).document_number) == ("临川县停车场管理办法", "第9号")
    assert (read(order).title, read(order + rule).issued_on) == ("临川县人民政府令", date(2026, 6, 24))


@pytest.mark.parametrize("foot", ["财政\n临川县财政局\n2026年3月1日", "临川县财政局\n局县\n2026年3月1日"])
def test_what_ocr_reads_off_a_seal_leaves_the_signature(foot: str) -> None:
    found = read(f"关于供暖的通知\n各村：\n请执行。\n{foot}")
    assert (found.issuer, found.issued_on) == ("临川县财政局", date(2026, 3, 1))
    assert found.text == "各村：\n请执行。\n临川县财政局\n2026年3月1日"


def test_brackets_in_a_title_may_begin_a_line() -> None:
    found = read("关于征求《养犬规定\n（征求意见稿）》意见的公告\n现公开征求意见。\n县财政局\n2026年3月1日")
    assert found.title == "关于征求《养犬规定（征求意见稿）》意见的公告"


def test_a_smaller_line_above_a_headline_is_not_the_title_and_stays() -> None:
    blocks = (line("观摩会召开", centered=True, size=16), line("真抓实干", centered=True, size=26), line("镇里开会。"))
    found = read_elements(blocks, OFFICE)
    assert (found.title, found.text) == ("真抓实干", "观摩会召开\n镇里开会。")


def test_a_headline_may_begin_with_whose_it_is() -> None:
    blocks = (line("清河镇：", centered=True, size=22), line("网格大治理", centered=True, size=22), line("镇里开会。"))
    assert read_elements(blocks, OFFICE).title == "清河镇：网格大治理"


@pytest.mark.parametrize(
    "opening",
    [
        "为有效预防森林火灾，保护群众生命财产安全，发布如下禁火令：",
        "根据市局统一安排，对以下各镇村予以命名：",
        "现将名单公布如下：",
    ],
)
def test_how_a_decree_opens_is_no_addressee(opening: str) -> None:
    assert read(f"临川县人民政府森林防火禁火令\n{opening}\n一、严禁一切野外用火。").addressee is None


def test_a_sentence_with_a_date_is_no_addressee() -> None:
    assert read("大风预警\n县气象台2026年10月8日发布预警：\n请注意。").addressee is None
