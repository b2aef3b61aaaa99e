"""What the office's own server says of a mail is believed, and nobody else's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parsers.message import parse_message
from parsers.readers import NoReaders
from parsers.sender import Named, judge
from tests.parsers.mails import OFFICE, mail, raw

TRUSTING = replace(OFFICE, trusted_host="mx.example.cn")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOP = "from a.example.cn by {} with ESMTP id 1; Fri, 20 Nov 2026 11:{:02d}:00 +0800"


def codes(results: str, trusted: bool = True, sender: str = "王明 <qingshizhen_bgs@163.com>") -> list[str]:
    one = mail(sender, Authentication_Results=results)
    return [found.code for found in judge(one, Named(), TRUSTING if trusted else OFFICE).findings]


@pytest.mark.parametrize(
    "results",
    [
        "mx.example.cn; spf=pass smtp.mailfrom=163.com; dkim=pass header.d=163.com; dmarc=fail header.from=163.com",
        "mx.example.cn 1; spf=fail smtp.mailfrom=163.com; dkim=none",
        "in.mx.example.cn; SPF=Fail; dkim=pass header.d=elsewhere.example",
    ],
)
def test_a_units_address_that_fails_is_spoofed_and_has_no_unit(results: str) -> None:
    assert codes(results) == ["sender.spoofed"]
    origin = judge(mail(Authentication_Results=results), Named(), TRUSTING)
    assert (origin.unit, origin.evidence) == (None, None)


def test_nobody_passes_on_in_an_editors_name_what_is_not_from_the_editor() -> None:
    office = replace(TRUSTING, editors=("editor@example.org",))
    subject = f"[代报 {OFFICE.units[0].name}] 通知"
    for results, evidence in (("mx.example.cn; dmarc=fail", None), ("mx.example.cn; dmarc=pass", "desk")):
        one = mail("李编辑 <editor@example.org>", subject=subject, Authentication_Results=results)
        assert judge(one, Named(), office).evidence == evidence


@pytest.mark.parametrize(
    "results",
    [
        "mx.example.cn; spf=pass; dkim=pass header.d=163.com; dmarc=pass",
        "mx.example.cn; spf=fail; dmarc=pass",
        "mx.example.cn; spf=fail; dkim=pass header.d=163.com",
        "mx.example.cn; spf=softfail; dkim=none",
        "mx.example.cn; none",
        "mx.elsewhere.example; dmarc=fail",
        "evilmx.example.cn; dmarc=fail",
        ";;;===",
        "",
    ],
)
def test_what_passes_or_comes_from_others_changes_nothing(results: str) -> None:
    assert codes(results) == []


def test_without_a_trusted_host_nobody_is_believed() -> None:
    assert codes("mx.example.cn; dmarc=fail", trusted=False) == []


def test_a_strangers_failure_makes_him_no_more_than_unknown() -> None:
    assert codes("mx.example.cn; dmarc=fail", sender="某人 <x@elsewhere.example>") == ["sender.unknown"]


@pytest.mark.parametrize(
    ("host", "minute", "is_disputed"),
    [("mx.example.cn", 49, True), ("mx.example.cn", 50, False), ("other.example.cn", 10, False)],
)
def test_times_more_than_ten_minutes_apart_are_for_a_person(host: str, minute: int, is_disputed: bool) -> None:
    read = parse_message(raw(body="您好", Received=HOP.format(host, minute)), TRUSTING, NOON, NoReaders())
    assert ("receipt.disputed" in [found.code for found in read.findings]) == is_disputed


def test_nothing_is_disputed_without_a_trusted_host_or_a_time() -> None:
    early = raw(body="您好", Received=HOP.format("mx.example.cn", 0))
    for office, at in ((OFFICE, NOON), (TRUSTING, None), (TRUSTING, NOON - timedelta(hours=1))):
        assert "receipt.disputed" not in [
            found.code for found in parse_message(early, office, at, NoReaders()).findings
        ]
