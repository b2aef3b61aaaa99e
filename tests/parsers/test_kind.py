"""Machines, meeting invitations and advertisements are no submissions, and machines are never answered."""

from __future__ import annotations

import pytest

from parsers.kind import advertises, answers_us, bars_answer, machine
from parsers.submission import Kind
from tests.parsers.mails import DESK, OFFICE, mail

REPORT = 'multipart/report; boundary=b; report-type="{}"'
OURS = "<20260301101500.000131.acknowledgement@lingyun.example.cn>"


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        ("auto_reply", {"subject": "自动回复：收稿回执 2026-000087"}),
        ("auto_reply", {"subject": "自动答复: 关于报送信息的提醒"}),
        ("auto_reply", {"subject": "Automatic reply: 退稿"}),
        ("auto_reply", {"subject": "回复", "body": "这是来自QQ邮箱的假期自动回复邮件。您好，我正在休假。"}),
        ("auto_reply", {"subject": "收到", "Auto_Submitted": "auto-replied (vacation)"}),
        ("auto_reply", {"subject": "Re: 提醒", "X_QQ_AUTO_REPLY": "true"}),
        ("auto_reply", {"subject": "Re: 提醒", "X_QQ_HolidayReply": "1"}),
        ("auto_reply", {"subject": "Re: 提醒", "Precedence": "auto_reply"}),
        ("auto_reply", {"subject": "Re: 提醒", "Return_Path": "<qingshizhen_bgs+auto_=bianji=x@163.com>"}),
        ("bounce", {"sender": "MAILER-DAEMON@mx.example.cn", "subject": "Undelivered Mail Returned to Sender"}),
        ("bounce", {"sender": "Postmaster <postmaster@163.com>", "subject": "系统退信"}),
        ("bounce", {"sender": "admin@qq.com", "subject": "系统退信/The email is returned", "Return_Path": "<>"}),
        (
            "bounce",
            {"sender": "noreply@mail.example.cn", "subject": "邮件投递失败", "body": "您的邮件无法送达收件人。"},
        ),
        ("bounce", {"subject": "报告", "Content_Type": REPORT.format("delivery-status")}),
        ("other", {"subject": "已读: 收稿回执", "Content_Type": REPORT.format("disposition-notification")}),
        ("other", {"subject": "已读：收稿回执", "body": "您的邮件已于2026年3月1日 9:12 阅读。"}),
        ("other", {"subject": "会议邀请：座谈会", "Content_Type": "text/calendar; method=REQUEST"}),
        ("other", {"sender": DESK, "subject": "催报", "Auto_Submitted": "auto-generated"}),
        ("other", {"subject": "催报", "Message_ID": OURS}),
    ],
)
def test_what_no_person_wrote_is_told_by_its_headers_or_words(wanted: Kind, fields: dict[str, str]) -> None:
    read = mail(**fields)
    verdict = machine(read, read.plain or "", OFFICE)
    assert verdict is not None
    assert (verdict.kind, bool(verdict.reason)) == (wanted, True)


@pytest.mark.parametrize(("action", "wanted"), [("failed", "bounce"), ("delayed", "bounce"), ("delivered", "other")])
def test_a_delivery_report_is_a_bounce_unless_it_says_that_the_letter_arrived(action: str, wanted: Kind) -> None:
    parts = "--b\r\n\r\nReport\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: {}\r\n--b--\r\n"
    read = mail("系统 <mx@example.cn>", "报告", parts.format(action), Content_Type=REPORT.format("delivery-status"))
    verdict = machine(read, "", OFFICE)
    assert verdict is not None
    assert verdict.kind == wanted


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "青石镇关于清明防火的通知", "body": "请查收。"},
        {"subject": "自动喷淋系统验收公示", "body": "现予公示。"},
        {"subject": "Re: 关于报送信息的通知", "Auto_Submitted": "no"},
        {"subject": "我县破解“退信”难题", "body": "近日，邮政分公司整治地址不详退信现象。"},
        {"subject": "已读好书分享活动举行", "body": "活动现场，读者分享了已阅读的书目。"},
        {"subject": "OA公文", "Auto_Submitted": "auto-generated", "body": "系统自动转发公文。"},
    ],
)
def test_what_a_person_wrote_is_no_machine(fields: dict[str, str]) -> None:
    read = mail(**fields)
    assert machine(read, read.plain or "", OFFICE) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "收到", "In_Reply_To": OURS},
        {"subject": "收到", "References": f"<a@b.example> {OURS}"},
        {"subject": "收到", "In_Reply_To": "<20260301101500.000131@LingYun.example.cn>"},
        {"subject": "回复：【凌云县政府网】收稿回执 2026-000131"},
        {"subject": "Re: Re: 退回修改 2026-000131：春耕通知"},
    ],
)
def test_an_answer_names_our_letter_or_a_receipt_number(fields: dict[str, str]) -> None:
    assert answers_us(mail(**fields), OFFICE)


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "回复：春耕通知", "In_Reply_To": "<abc@163.com>"},
        {"subject": "回复：春耕通知", "In_Reply_To": "<20260301101500.000131@other.example.cn>"},
        {"subject": "项目2026-000131中标公告"},
        {"subject": "回复：项目编号12026-000131"},
    ],
)
def test_a_reply_to_somebody_else_is_none_to_us(fields: dict[str, str]) -> None:
    assert answers_us(mail(**fields), OFFICE) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
        {"List_Id": "<news.example.cn>"},
        {"List_Unsubscribe": "<mailto:x@example.cn>"},
        {"X_Auto_Response_Suppress": "OOF, AutoReply"},
        {"Return_Path": "<>"},
        {"sender": "postmaster@example.cn"},
        {"sender": "no-reply@example.cn"},
        {"sender": DESK},
        {"subject": "自动回复：收稿回执"},
        {"Content_Type": REPORT.format("disposition-notification")},
    ],
)
def test_a_letter_never_answers_machines_lists_or_ourselves(fields: dict[str, str]) -> None:
    assert bars_answer(mail(**fields), OFFICE)


def test_a_unit_that_wrote_gets_its_answer() -> None:
    read = mail(subject="稿件", Return_Path="<qingshizhen_bgs@163.com>", X_Auto_Response_Suppress="RN")
    assert bars_answer(read, OFFICE) is None


def test_selling_words_make_an_advertisement_only_together() -> None:
    assert advertises("公文写作培训班", "名师授课，限时优惠1980元/人，包教包会，点击退订")
    assert advertises("县供销社开展农资优惠活动", "活动当天为群众优惠供应化肥20吨。") is None
