"""A bounce names its letter, whom it could not reach and why, in the forms that servers really send."""

from __future__ import annotations

import time

import pytest

from parsers.message import parse_message
from parsers.readers import NoReaders
from parsers.submission import Bounce
from tests.parsers.mails import OFFICE

OURS = "<20261120101500.131.acknowledgement@lingyun.example.cn>"
DSN = """\
From: MAILER-DAEMON@mx.example.cn
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=utf-8

This is the mail system.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.cn

Final-Recipient: rfc822; QingShiZhen_bgs@163.com
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <qingshizhen_bgs@163.com>:
 User unknown

--b
Content-Type: {returned}

Message-ID: {ours}
From: bianji@lingyun.example.cn
To: qingshizhen_bgs@163.com
Subject: x

text
--b--
"""
NETEASE = """\
From: Postmaster@163.com
Subject: =?utf-8?b?57O757uf6YCA5L+h?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=gbk
Content-Transfer-Encoding: 8bit

<html><style>p {{color: red}}</style><p>抱歉，您的邮件被退回来了……</p><table><tr><td>收件人邮件地址：</td>
<td>qingshizhen_bgs@163.com</td></tr></table><p>退信原因：收件人不存在 550 User not found</p></html>
--b
Content-Type: message/rfc822

Message-ID: {ours}
From: bianji@lingyun.example.cn
To: qingshizhen_bgs@163.com

text
--b--
"""
QQ = """\
From: postmaster@qq.com
Subject: =?utf-8?b?6YCA5L+h6YCa55+l?=
Return-Path: <>
Content-Type: text/plain; charset=utf-8

您发往 qingshizhen_bgs@163.com 的邮件《收稿回执（2026-000123）》未能送达：对方邮箱已满。发件人 bianji@lingyun.example.cn
"""


def read(text: str, charset: str = "utf-8") -> Bounce:
    found = parse_message(text.replace("\n", "\r\n").encode(charset), OFFICE, None, NoReaders())
    assert found.kind == "bounce"
    assert found.bounce is not None
    return found.bounce


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_delivery_status_report_is_read_by_its_fields(returned: str) -> None:
    found = read(DSN.format(action="failed", returned=returned, ours=OURS))
    assert (found.letters, found.addresses) == ((OURS,), ("qingshizhen_bgs@163.com",))
    assert found.reason == "550 5.1.1 <qingshizhen_bgs@163.com>: User unknown"
    assert found.permanent


def test_a_letter_that_is_only_late_has_not_failed() -> None:
    assert not read(DSN.format(action="delayed", returned="message/rfc822", ours=OURS)).permanent


def test_a_page_for_people_is_read_by_its_words() -> None:
    found = read(NETEASE.format(ours=OURS), "gbk")
    assert (found.letters, found.addresses, found.permanent) == ((OURS,), ("qingshizhen_bgs@163.com",), True)
    assert "收件人不存在" in found.reason


def test_a_bare_note_still_names_address_and_subject() -> None:
    found = read(QQ)
    assert (found.letters, found.addresses) == ((), ("qingshizhen_bgs@163.com",))
    assert "收稿回执（2026-000123）" in found.words
    assert "已满" in found.reason


def test_another_offices_letter_is_not_ours() -> None:
    other = OURS.replace("lingyun", "elsewhere")
    assert read(DSN.format(action="failed", returned="message/rfc822", ours=other)).letters == ()


@pytest.mark.parametrize("piece", ["<style>", "<", "a@b.", "不存在", "Action: failed\n ", "<style><", "a.", "@a.b"])
def test_a_hostile_report_is_read_in_bounded_time(piece: str) -> None:
    begun = time.monotonic()
    read(QQ + piece * 40_000)
    assert time.monotonic() - begun < 20
