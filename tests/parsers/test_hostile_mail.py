"""Mail made to keep a reader busy, and broken mail: bounded time, and no exception ever."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.mime import Mail, read_mail, topmost_received
from parsers.quoting import read_body
from tests.corpus import messages

OWN = sorted((Path(__file__).parent.parent / "messages").rglob("*.eml"))

HTML = b"Content-Type: text/html; charset=utf-8\n\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"


def nested(depth: int) -> bytes:
    heads = [b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)]
    return b"".join(heads)


def seconds(raw: bytes) -> float:
    begin = time.process_time()
    read_body(read_mail(raw))
    topmost_received(raw)
    return time.process_time() - begin


HOSTILE = {
    "a subject of 5 MB": b"Subject: " + b"a" * 5_000_000 + b"\n\nx",
    "a subject of encoded words": b"Subject: " + b"=?utf-8?B?5aW9?= " * 300_000 + b"\n\nx",
    "a header folded a million times": b"Subject: a\n" + b" b\n" * 1_000_000 + b"\n\nx",
    "a hundred thousand headers": b"X-A: b\n" * 100_000 + b"\n\nx",
    "50,000 parts": MIXED + b"--b\n\nx\n" * 50_000,
    "20,000 parameters": b"Content-Type: text/plain; "
    + b"; ".join(b"a%d=%d" % (n, n) for n in range(20_000))
    + b"\n\nx",
    "200,000 addresses": b"From: " + b"a@b.cn, " * 200_000 + b"\nTo: " + b"a@b.cn, " * 200_000 + b"\n\nx",
    "quotes and brackets in From": b"From: " + b'"\\"<(' * 100_000 + b"\n\nx",
    "10,000 levels": nested(10_000),
    "messages within messages": b"Content-Type: message/rfc822\n\n" * 10_000,
    "base64 of equals signs": b"Content-Type: a/b\nContent-Transfer-Encoding: base64\n\n" + b"A=" * 2_000_000,
    "uuencoded files that never end": b"\n\n" + b"begin 644 a\n" * 200_000,
    "empty uuencoded files": b"\n\n" + b"begin 644 a\nend\n" * 100_000,
    "one line of 5 MB": b"\n\n" + b"a" * 5_000_000,
    "a million empty lines": b"\n\n" + b"\n" * 1_000_000,
    "quoted lines": b"\n\n" + b"> a\nb\n" * 200_000,
    "signature marks": b"\n\n" + b"--\na\n" * 200_000,
    "UTF-7": b"Content-Type: text/plain; charset=utf-7\n\n" + b"+AGE-" * 400_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 100_000,
    "unclosed tags": HTML + b"<a " * 1_000_000,
    "open bold": HTML + b"<b>" * 1_000_000,
    "deep blocks": HTML + b"<div>" * 500_000,
    "deep tables": HTML + b"<table border=1><tr><td>x" * 100_000,
    "deep quotes": HTML + b"<div class=gmail_quote>" * 100_000,
    "many breaks": HTML + b"a<br>" * 300_000,
    "many runs": HTML + b"<p>" + b"<b>a</b>b" * 200_000,
    "one style of 4 MB": HTML + b'<p style="' + b"a:b;" * 1_000_000 + b'">x',
    "pictures in the HTML": HTML + (b"<img src='data:image/png;base64," + b"A" * 40 + b"'>") * 30_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_is_read_in_seconds(raw: bytes) -> None:
    assert seconds(raw) < 20


def everything(mail: Mail) -> Iterator[str]:
    yield from (mail.subject or "", mail.sender_name or "", mail.sender_address or "", mail.message_id or "")
    yield from (value for _, value in mail.headers)
    yield from (part.name or "" for part in mail.parts)
    for inner in mail.forwarded:
        yield from everything(inner)


def check(raw: bytes) -> None:
    mail = read_mail(raw)
    body = read_body(mail)
    topmost_received(raw)
    for value in everything(mail):
        value.encode("utf-8")
        assert not set(value) & set("\r\n\0")
    "".join(block.html + block.text for block in (*body.own, *body.quoted)).encode("utf-8")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    check(raw)


LINES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b",
        b'Content-Type: multipart/alternative; boundary="c"',
        b"Content-Type: message/rfc822",
        b"Content-Type: text/html",
        b"Content-Transfer-Encoding: base64",
        b"Content-Disposition: attachment; filename*0*=x''%41; filename*1=b",
        b"Content-ID: <a>",
        b"Subject: =?gb2312?B?xx",
        b'From: "a" <b@c',
        b"From x",
        b"Received: x; y",
        b"--b",
        b"--b--",
        b"--c",
        b"",
        b"",
        b"YWJj",
        b"<img src=cid:a><p>x",
        b"begin 644 a",
        b"end",
        b"\xb9\xd8",
        b"> y",
        b" x",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(LINES, max_size=40), st.sampled_from([b"\n", b"\r\n"]))
def test_any_order_of_lines_is_a_mail(lines: list[bytes], end: bytes) -> None:
    check(end.join(lines))


def damaged(raw: bytes, number: int) -> Iterator[bytes]:
    """The mail cut off, with bits flipped, and with a piece moved."""
    dice = random.Random(number)
    yield raw[: dice.randrange(len(raw))]
    flipped = bytearray(raw[:60_000])
    for _ in range(40):
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
    yield bytes(flipped)
    begin, end, to = sorted(dice.randrange(min(len(raw), 20_000)) for _ in range(3))
    yield raw[:to] + raw[begin:end] + raw[to:60_000]


def test_damaged_sample_mails_are_still_read() -> None:
    for number, path in enumerate([*OWN, *messages()]):
        raw = path.read_bytes()
        for broken in damaged(raw, number):
            check(broken)


def test_a_mail_is_read_the_same_way_twice() -> None:
    for path in [*OWN, *messages()]:
        raw = path.read_bytes()
        assert read_mail(raw) == read_mail(raw)
        assert read_body(read_mail(raw)) == read_body(read_mail(raw))
