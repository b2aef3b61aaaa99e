"""Of a body, the unit's own text is told from what is quoted, signed, covering or linked."""

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.mime import read_mail
from parsers.quoting import BodySplit, QuoteHeader, read_body, split, split_plain

ARTICLE = [
    "青石镇：防汛演练进村居",
    "7月1日，青石镇在东村开展防汛应急演练，进一步提升基层防汛应急处置能力，为安全度汛打牢基础。",
    "演练结束后，镇应急办对参演人员进行了点评，要求各村举一反三，补齐短板，确保关键时刻拉得出、用得上。",
]
OLD = ["王主任：", "名单暂不对外公布，请从通知里删去，改好以后再发给我一份。"]


def texts(body: BodySplit) -> list[str]:
    return [block.text for block in body.own]


def quoted(body: BodySplit) -> list[str]:
    return [block.text for block in body.quoted]


def divs(*lines: str) -> str:
    return "".join(f"<div>{line or '<br>'}</div>" for line in lines)


# --- quotes ----------------------------------------------------------------------------------------------------------

TAIL = ["收件人: desk@b.cn", "主题: 旧信"]
HEADS = {
    "qq": [
        "------------------ 原始邮件 ------------------",
        '发件人: "李明" <li@a.cn>;',
        "发送时间: 2026年7月1日(星期三) 下午3:05",
        '收件人: "编辑部"<desk@b.cn>;',
        "主题: 旧信",
    ],
    "foxmail": ["发件人： 李明", "发送时间： 2026-07-01 15:05", "收件人： desk@b.cn", "抄送： c@d.cn", "主题： 旧信"],
    "netease": ["-----原始邮件-----", "发件人: 李明 <li@a.cn>", "发送时间: 2026-07-01 15:05:00 (星期三)", *TAIL],
    "netease master": [
        "---- 回复的原邮件 ----",
        "发件人\t李明<li@a.cn>",
        "发送日期\t2026年07月01日 15:05",
        "收件人\tdesk@b.cn",
        "主题\t旧信",
    ],
    "netease wrote": ['在 2026-07-01 15:05:00，"李明" <li@a.cn> 写道：'],
    "coremail": [
        "-----原始邮件-----",
        '发件人:"李明" <li@a.cn>',
        "发送时间:2026-07-01 15:05:00 (星期三)",
        "抄送:",
        *TAIL,
    ],
    "outlook zh": ["-----邮件原件-----", "发件人: 李明 [mailto:li@a.cn]", "发送时间: 2026年7月1日 15:05", *TAIL],
    "outlook zh without a bar": ["发件人: 李明 <li@a.cn>", "发送时间: 2026年7月1日 15:05", *TAIL],
    "outlook en": ["-----Original Message-----", "From: 李明 <li@a.cn>", "Sent: 2026-7-1 15:05", "Subject: 旧信"],
    "qq on a telephone": ["---Original---", 'From: "李明"<li@a.cn>', "Date: 2026-7-1 15:05", "Subject: 旧信"],
    "outlook en without a bar": ["From: 李明 <li@a.cn>", "Sent: 2026/7/1 15:05", "To: desk@b.cn", "Subject: 旧信"],
    "iphone": ["在 2026年7月1日，15:05，李明 <li@a.cn> 写道："],
    "gmail": ["李明 <li@a.cn> 于2026年7月1日周三 15:05写道："],
    "thunderbird": ["在 2026/7/1 15:05, 李明 写道:"],
    "huawei": ["-------- 原始邮件 --------", "发件人： 李明 <li@a.cn>", "日期： 2026年7月1日周三 下午3:05", *TAIL],
    "android": ["-------- 原始信息 --------", "发件人： 李明 <li@a.cn>", "日期： 2026/7/1 15:05 (GMT+08:00)", *TAIL],
    "wecom": ["发件人：李明<li@a.cn>", "发件时间：2026年7月1日 15:05", "收件人：desk<desk@b.cn>", "主题：旧信"],
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.parametrize("as_html", [True, False])
def test_quotes_of_every_program_are_cut_and_their_heads_read(head: list[str], as_html: bool) -> None:
    lines = [*ARTICLE, "", *head, "", *OLD]
    shown = [line.replace("<", "&lt;").replace("\t", "&nbsp;\t") if as_html else line for line in lines]
    body = split(divs(*shown), subject="回复：旧信") if as_html else split_plain("\r\n".join(lines), "Re: 旧信")
    assert texts(body) == ARTICLE
    assert quoted(body) == OLD
    assert not body.forwarded
    assert body.forwarded_from is not None
    assert body.forwarded_from.name == "李明"
    assert body.forwarded_from.sent == datetime(2026, 7, 1, 15, 5)


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote type='cite'>{}</blockquote>",
        "<blockquote id='isReplyContent' style='x'>{}</blockquote>",
        "<div class='gmail_quote'>{}</div>",
        "<includetail>{}</includetail>",
        "<div class='x yahoo_quoted'><div>{}</div></div>",
        "<div id='ntes-pcmail-quote'>{}</div>",
    ],
)
def test_elements_that_programs_quote_with_are_quotes(html: str) -> None:
    body = split(divs(*ARTICLE) + html.format(divs(*OLD)), subject="回复：旧信")
    assert (texts(body), quoted(body)) == (ARTICLE, OLD)


def test_an_outlook_head_in_one_paragraph_is_a_head() -> None:
    head = (
        "<p class=MsoNormal><b>发件人:</b> 李明 [mailto:li@a.cn]<br><b>发送时间:</b> 2026年7月1日 15:05<br>"
        "<b>收件人:</b> x<br><b>主题:</b> 旧信</p>"
    )
    body = split(divs(*ARTICLE) + head + divs(*OLD), subject="答复: 旧信")
    assert (texts(body), quoted(body)) == (ARTICLE, OLD)
    assert body.forwarded_from == QuoteHeader("李明", "li@a.cn", "旧信", datetime(2026, 7, 1, 15, 5))


def test_a_head_written_as_a_table_is_a_head() -> None:
    rows = (("发件人", "李明&lt;li@a.cn&gt;"), ("发送日期", "2026年07月01日 15:05"), ("收件人", "x"), ("主题", "旧信"))
    table = "<table>" + "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows) + "</table>"
    body = split(divs(*ARTICLE, "---- 转发的原邮件 ----") + table + divs("<br>", *OLD))
    assert (texts(body), quoted(body), body.forwarded) == (ARTICLE, OLD, True)
    assert body.forwarded_from == QuoteHeader("李明", "li@a.cn", "旧信", datetime(2026, 7, 1, 15, 5))


def test_lines_behind_angle_brackets_are_quoted_wherever_they_stand() -> None:
    body = split_plain("\n".join(["> 旧的一行，问题在这里。", ARTICLE[0], ARTICLE[1]]), "Re: x")
    assert (texts(body), quoted(body)) == (ARTICLE[:2], ["旧的一行，问题在这里。"])


@pytest.mark.parametrize(
    "line",
    [
        "发件人应当妥善保管邮件。",
        "主题：学习贯彻会议精神",
        "他在信中写道：“感谢政府。”",
        "时间：7月1日上午9:00",
        "2026年7月1日，村民李明在感谢信中写道：",
        "原始邮件",
        "——青石镇农技站原始记录——",
    ],
)
def test_an_article_may_use_the_words_of_a_head(line: str) -> None:
    body = split(divs(ARTICLE[0], line, ARTICLE[1], ARTICLE[2]))
    assert texts(body) == [ARTICLE[0], line, *ARTICLE[1:]]


# --- forwards --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bar", "subject"),
    [
        ("-------- 转发邮件信息 --------", None),
        ("---------- 转发的邮件信息 ----------", "无关"),
        ("---- 转发的原邮件 ----", None),
        ("---------- Forwarded message ---------", None),
        ("开始转发的邮件：", None),
        ("-------- 以下是转发邮件信息 --------", None),
        ("------------------ 原始邮件 ------------------", "转发：防汛演练"),
        ("-----Original Message-----", "FW: 防汛演练"),
    ],
)
def test_of_a_forward_the_inner_text_is_the_text(bar: str, subject: str | None) -> None:
    head = ["发件人：李明 <li@a.cn>", "发送日期：2026-07-01 15:05:00", "收件人：x@b.cn", "主题：防汛演练"]
    inner = ["王主任，您好：", *ARTICLE, "--", "青石镇 李明"]
    body = split(
        divs("请查收，谢谢！", "", bar, *[line.replace("<", "&lt;") for line in head], *inner), subject=subject
    )
    assert body.forwarded
    assert (body.own, body.covering) == ((), ("请查收，谢谢！",))
    assert [block.text for block in body.forwarded_own] == ARTICLE
    assert [block.text for block in body.text_blocks] == ARTICLE
    assert body.forwarded_covering == ("王主任，您好：",)
    assert body.forwarded_from == QuoteHeader("李明", "li@a.cn", "防汛演练", datetime(2026, 7, 1, 15, 5))
    assert body.cut == ("--", "青石镇 李明")


def test_a_forward_of_a_forward_is_followed_to_its_text() -> None:
    bar = "-------- 转发邮件信息 --------"
    head = ["发件人：李明 &lt;li@a.cn&gt;", "主题：防汛演练"]
    body = split(divs("请审核。", bar, *head, "请转网站。", bar, *head, *ARTICLE))
    assert [block.text for block in body.text_blocks] == ARTICLE
    assert body.forwarded_covering == ("请转网站。",)


def test_the_first_prefix_of_a_subject_decides() -> None:
    lines = divs("请查收。", "-----原始邮件-----", "发件人: 李明", "主题: a", *ARTICLE)
    assert split(lines, subject="Fwd: Re: a").forwarded
    assert not split(lines, subject="Re: Fwd: a").forwarded


def test_quotes_within_quotes_end_somewhere() -> None:
    body = split(divs(*["-------- 转发邮件信息 --------", "发件人：a@b.cn", "请查收。"] * 500))
    assert body.forwarded


# --- covering, signatures, notices -----------------------------------------------------------------------------------


def test_greeting_and_covering_lines_around_an_article_are_told_apart() -> None:
    body = split(
        divs(
            "编辑老师：",
            "您好！现将我镇信息一篇报上，请审核发布。",
            "",
            *ARTICLE,
            "",
            "以上稿件请审核，谢谢！",
            "此致",
            "敬礼",
        )
    )
    assert texts(body) == ARTICLE
    assert body.covering == (
        "编辑老师：",
        "您好！现将我镇信息一篇报上，请审核发布。",
        "以上稿件请审核，谢谢！",
        "此致",
        "敬礼",
    )


def test_what_only_covers_attachments_has_no_text_of_its_own() -> None:
    body = split(divs("编辑部：", "材料已打包，请查收。", "", "青石镇党政办　王芳"))
    assert (body.own, body.covering[-1]) == ((), "青石镇党政办　王芳")


SIGNATURES = {
    "foxmail rule": '<hr style="width: 210px; height: 1px;"><div>青石镇党政办</div><div>王芳 0900-1112222</div>',
    "foxmail id": '<hr id="FMSigSeperator"><div>青石镇党政办</div><div>王芳 0900-1112222</div>',
    "qq": "<div>------------------</div><div>青石镇党政办</div><div>王芳 0900-1112222</div>",
    "netease": "<div>--<br><div>青石镇党政办</div><div>王芳 0900-1112222</div></div>",
    "sign tag": "<sign signid=1><div>青石镇党政办</div><div>王芳 0900-1112222</div></sign>",
    "exmail": '<div id="_mail_signature"><p>青石镇党政办<p>王芳 0900-1112222</div>',
    "gmail": '<div class="gmail_signature">青石镇党政办<br>王芳 0900-1112222</div>',
    "nothing but its looks": "<div><br></div><div>青石镇党政办</div><div>王芳 0900-1112222</div>",
}


@pytest.mark.parametrize("signature", SIGNATURES.values(), ids=SIGNATURES)
def test_signatures_are_cut(signature: str) -> None:
    body = split(divs(*ARTICLE) + signature)
    assert texts(body) == ARTICLE
    assert [line for line in body.cut if line.strip("- ")] == ["青石镇党政办", "王芳 0900-1112222"]


def test_the_end_of_a_document_is_no_signature() -> None:
    lines = ["公示期间如有异议，请向镇政府反映。", "联系电话：0900-1112222", "青石镇人民政府", "2026年7月1日"]
    assert texts(split(divs(*ARTICLE, *lines))) == [*ARTICLE, *lines]
    body = split(divs(*ARTICLE, *lines, "王芳 0900-1112222"))
    assert (texts(body), body.cut) == ([*ARTICLE, *lines], ("王芳 0900-1112222",))


@pytest.mark.parametrize(
    "notice",
    [
        "发自我的iPhone",
        "发自我的华为手机",
        "来自我的小米手机",
        "发自新浪邮箱客户端",
        "Sent from my iPhone",
        "从 Windows 版邮件发送",
        "签名由 网易邮箱大师 定制",
        "获取 Outlook for iOS",
        "本邮件及其附件仅供指定收件人使用，含有保密内容，如误收请立即删除，不得复制或转发。",
        "This e-mail and its attachments contain confidential information, intended only for the addressee.",
        "【网易自营|30天无忧退货】春装上新，品质卫衣限时仅99元起>>",
    ],
)
def test_what_programs_and_servers_add_is_cut(notice: str) -> None:
    body = split(divs(*ARTICLE, "", notice.replace(">", "&gt;")))
    assert (texts(body), body.cut) == (ARTICLE, (notice,))


# --- the body of a mail ----------------------------------------------------------------------------------------------


def test_html_without_text_gives_way_to_the_plain_text() -> None:
    plain = "Content-Type: text/plain; charset=utf-8\n\n" + "\n".join(ARTICLE)
    page = "Content-Type: text/html\n\n<div><br></div>"
    raw = f"Content-Type: multipart/alternative; boundary=b\n\n--b\n{plain}\n--b\n{page}\n--b--\n"
    assert texts(read_body(read_mail(raw.encode()))) == ARTICLE


def test_logos_are_no_pictures_of_the_text_and_photographs_are() -> None:
    parts = "".join(
        f"--b\nContent-Type: image/png\nContent-ID: <{name}>\n\n{'x' * size}\n"
        for name, size in (("photo", 50_000), ("logo", 900))
    )
    page = f"<p>{ARTICLE[1]}</p><img src=cid:photo><p>{ARTICLE[2]}</p><img src=cid:logo>"
    head = "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\n\n"
    body = read_body(read_mail(f"{head}{page}\n{parts}--b--\n".encode()))
    assert [block.kind for block in body.own] == ["paragraph", "picture", "paragraph"]


ODD = ["", "请查收。", "> x", "--", "发件人：a@b.cn", "发自我的iPhone"]
LINES = st.sampled_from([*ARTICLE, *OLD, *HEADS["qq"], *ODD])


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_no_line_of_a_body_is_lost_but_the_heads_of_quotes(lines: list[str]) -> None:
    body = split_plain("\n".join(lines))
    kept = "\n".join([*texts(body), *quoted(body), *body.covering, *body.cut])
    assert all(line in kept for line in lines if line in ARTICLE or line in OLD)


@pytest.mark.parametrize(
    "unit",
    [
        "发件人：\n",
        "在 2026 写道\n",
        "> a\nb\n",
        "--\na\n",
        "-" * 50 + "\n",
        "请" * 80 + "\n",
        "王芳 0900-1112222\n",
        "http://pan.baidu.com/s/1\n",
        "a(1M)\n",
    ],
)
def test_hostile_bodies_cost_linear_time(unit: str) -> None:
    begin = time.process_time()
    split_plain(unit * (8_000 // unit.count("\n")), "Fw: x")
    assert time.process_time() - begin < 10


def test_an_answer_below_a_quote_that_is_marked_line_by_line_is_the_writers_own() -> None:
    body = split_plain(
        "在 2026/3/1 10:00, 编辑部 <a@b.example.cn> 写道:\n> 收稿回执\n> 如需撤回请回复\n\n请撤回这篇稿件。"
    )
    assert [block.text for block in body.own] == ["请撤回这篇稿件。"]
    assert "请撤回这篇稿件" not in "".join(block.text for block in body.quoted)


def test_unmarked_lines_within_or_right_below_a_quote_belong_to_it() -> None:
    head = "在 2026/3/1 10:00, 编辑部 <a@b.example.cn> 写道:\n"
    for quote in ("> 请撤回\n请撤回这篇稿件。", "> 一行\n\n请撤回这篇稿件。\n\n> 二行", "一行\n\n请撤回这篇稿件。"):
        assert split_plain(head + quote).own == ()


def test_an_article_below_words_of_someone_who_passed_it_on_twice_is_reached() -> None:
    head = ["发件人: 李明 <li@a.cn>", "发送时间: 2026年7月1日 15:05", "收件人: x", "主题: Fw: 稿子"]
    twice = [
        "请采用",
        "",
        *head,
        "",
        "主任，稿子改好了，您看行的话发县里",
        "",
        "-----原始邮件-----",
        *head,
        "",
        *ARTICLE,
    ]
    body = split_plain("\n".join(twice), "转发: Fw: 稿子")
    assert [block.text for block in body.forwarded_own] == ["主任，稿子改好了，您看行的话发县里"]
    assert [[block.text for block in text] for text in body.deeper] == [ARTICLE]
