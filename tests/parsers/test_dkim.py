"""Signatures of mail whose keys the office holds: what is intact passes, what was touched fails, nothing is fetched."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from parsers.dkim import key_of, signatures
from parsers.message import glance, parse_message
from parsers.readers import NoReaders
from tests.parsers.mails import OFFICE

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
RFC_8463 = """\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""
RFC_KEYS = {
    "brisbane._domainkey.football.example.com": "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "test._domainkey.football.example.com": "v=DKIM1; k=rsa; "
    "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91"
    "y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
}
FROM = "王明 <qingshizhen_bgs@163.com>".encode()
NAME = "k1._domainkey.163.com"
FIELDS = (b"From: " + FROM, b"To: desk@office.example.cn", b"Subject:  =?utf-8?b?5oql6YCB?=\r\n  two", b"Date: now")
BODY = "各位：\r\n\r\n请  查收。 \r\n\r\n\r\n".encode()


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def short_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def record(algorithm: str) -> str:
    if algorithm == "ed25519-sha256":
        data = short_key().public_key().public_bytes_raw()
    else:
        data = rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k={algorithm.partition('-')[0]}; p={base64.b64encode(data).decode()}"


def signed(
    algorithm: str = "rsa-sha256", form: str = "relaxed/relaxed", body: bytes = BODY, more: str = "",
    names: str = "from:to:subject:date", domain: str = "163.com",
) -> bytes:  # fmt: skip
    """A mail as its domain signs it: made alike by RFC 6376, 3.4, written here a second time, line by line."""
    head, text = form.split("/")
    digest = base64.b64encode(sha256(_alike(body, text)).digest()).decode()
    own = f"DKIM-Signature: v=1; a={algorithm}; c={form}; d={domain}; s=k1;\r\n h={names};{more} bh={digest}; b="
    lines = [_alike_field(field, head) for field in FIELDS] + [_alike_field(own.encode(), head)]
    data = b"\r\n".join(lines)
    if algorithm == "ed25519-sha256":
        said = short_key().sign(sha256(data).digest())
    else:
        said = rsa_key().sign(data, padding.PKCS1v15(), SHA256())
    shown = base64.b64encode(said).decode()
    return b"\r\n".join((own.encode() + f"{shown[:60]}\r\n {shown[60:]}".encode(), *FIELDS, b"", body))


def _alike(body: bytes, form: str) -> bytes:
    lines = body.split(b"\r\n")
    if form == "relaxed":
        lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return b"\r\n".join([*lines, b""]) if lines else b"" if form == "relaxed" else b"\r\n"


def _alike_field(field: bytes, form: str) -> bytes:
    if form == "simple":
        return field
    name, _, value = field.partition(b":")
    return name.lower() + b":" + b" ".join(value.split())


def verdicts(raw: bytes, keys: dict[str, str] | None = None) -> list[str]:
    known = {NAME: record("rsa-sha256")} if keys is None else keys
    return [one.verdict for one in signatures(raw, known, NOON)]


def test_the_example_of_rfc_8463_passes_with_both_its_keys() -> None:
    assert verdicts(RFC_8463.encode(), RFC_KEYS) == ["pass", "pass"]
    assert verdicts(RFC_8463.replace("\n", "\r\n").encode(), RFC_KEYS) == ["pass", "pass"]
    assert verdicts(RFC_8463.replace("dinner", "supper").encode(), RFC_KEYS) == ["fail", "fail"]
    assert verdicts(RFC_8463.replace("lost", "won").encode(), RFC_KEYS) == ["fail", "fail"]


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "ed25519-sha256"])
@pytest.mark.parametrize("form", ["relaxed/relaxed", "simple/simple", "relaxed/simple", "simple/relaxed"])
@pytest.mark.parametrize("body", [BODY, b"", b"\r\n\r\n", b"one line", b" \t\r\n a\t\tb \r\n"])
def test_every_form_of_signature_passes_until_a_word_is_touched(algorithm: str, form: str, body: bytes) -> None:
    raw, keys = signed(algorithm, form, body), {NAME: record(algorithm)}
    assert verdicts(raw, keys) == ["pass"]
    assert verdicts(raw + b"more\r\n", keys) == ["fail"]
    assert verdicts(raw.replace(b"Date: now", b"Date: then"), keys) == ["fail"]
    assert verdicts(b"Received: by mx\r\n" + raw, keys) == ["pass"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (signed(names="to:subject"), "发件人"),
        (b"From: someone@else.example\r\n" + signed(), "发件人"),
        (signed(more=" x=1500000000;"), "过期"),
        (signed(more=" l=3;"), "一部分"),
        (signed(more=" i=@elsewhere.example;"), "域名"),
        (signed().replace(b"a=rsa-sha256", b"a=rsa-sha1"), "算法"),
        (signed("ed25519-sha256"), "公钥"),
        (re.sub(rb" b=[^\r]*", b" b=!!", signed()), "邮件头"),
    ],
)
def test_what_a_signature_lacks_is_said(raw: bytes, reason: str) -> None:
    (one,) = signatures(raw, {NAME: record("rsa-sha256")}, NOON)
    assert one.verdict == "fail"
    assert reason in one.reason


def test_nothing_is_said_of_signatures_whose_key_is_not_at_hand() -> None:
    assert verdicts(signed(domain="elsewhere.example")) == []
    assert verdicts(signed(), {}) == []
    assert verdicts(signed().replace(b"; s=k1", b"; s=k1; s=k1")) == []


@given(st.binary(max_size=400))
def test_nothing_in_a_mail_raises(noise: bytes) -> None:
    keys = {NAME: record("rsa-sha256")}
    signatures(noise, keys, NOON)
    signatures(b"DKIM-Signature: v=1; a=rsa-sha256; d=163.com; s=k1; h=from; bh=; b=" + noise, keys, NOON)
    signatures(signed() + noise, keys, None)


def test_hostile_mail_is_read_in_no_time() -> None:
    started = time.perf_counter()
    one = b"DKIM-Signature: v=1; a=rsa-sha256; d=163.com; s=k1; h=" + b"from:" * 2000 + b"; bh=a; b=b\r\n"
    for raw in (
        one * 20 + b"\r\n" + b" \t" * 1_000_000, b"a:" * 120_000 + b"\n", one + b" \t" * 100_000 + b"\r\n\r\n",
        b"x: " + b"\r\n " * 80_000, signed(body=b"\r\n" * 1_000_000 + b"x"), b"b=" * 100_000,
    ):  # fmt: skip
        verdicts(raw)
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize("text", ["", "v=DKIM1; p=", "v=DKIM1; k=rsa; p=AAAA", "v=DKIM1; k=ed25519; p=AAAA", "p=äöü"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="公钥"):
        key_of(text)


def test_a_record_in_pieces_as_tools_print_it_is_a_key() -> None:
    whole = record("rsa-sha256")
    assert key_of(f'"{whole[:200]}" "{whole[200:]}"') == key_of(whole)


class TestOfAUnit:
    office = replace(OFFICE, dkim_keys=((NAME, record("rsa-sha256")),))

    def codes(self, raw: bytes, trusted: str | None = None) -> list[str]:
        office = replace(self.office, trusted_host=trusted)
        found = parse_message(raw, office, NOON, NoReaders())
        assert glance(raw, office, NOON).unit == found.unit
        return [str(found.unit_evidence), *(one.code for one in found.findings if one.code.startswith("sender."))]

    def test_a_signed_mail_is_the_units(self) -> None:
        assert self.codes(signed()) == ["address"]

    def test_one_whose_signature_fails_is_spoofed_and_of_no_unit(self) -> None:
        assert self.codes(signed().replace(b"Date: now", b"Date: then")) == ["None", "sender.spoofed"]

    def test_one_good_signature_of_several_is_enough(self) -> None:
        broken = signed().split(b"\r\nFrom:")[0].replace(b"bh=", b"bh=x")
        assert self.codes(broken + b"\r\n" + signed()) == ["address"]

    def test_an_unsigned_mail_is_judged_as_before(self) -> None:
        assert self.codes(b"\r\n".join((*FIELDS, b"", BODY))) == ["address"]

    def test_the_trusted_server_s_verdict_goes_before(self) -> None:
        raw = signed().replace(b"Date: now", b"Date: then")
        assert self.codes(b"Authentication-Results: mx.example.cn; dmarc=pass\r\n" + raw, "mx.example.cn") == [
            "address"
        ]

    def test_a_good_signature_outweighs_a_failed_spf(self) -> None:
        results = b"Authentication-Results: mx.example.cn; spf=fail\r\n"
        assert self.codes(results + signed(), "mx.example.cn") == ["address"]
