"""A message is taken apart whatever its state: text, files, forwarded messages, each where it belongs."""

import base64
import subprocess
import time
from datetime import datetime
from email.header import Header
from email.message import EmailMessage, MIMEPart
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.budgets import Budget
from parsers.mime import Mail, first_header_values, read_mail, topmost_received
from parsers.plain import unflow
from parsers.signed import signed_content
from parsers.submission import Finding

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def message(*lines: str, crlf: bool = True) -> bytes:
    return ("\r\n" if crlf else "\n").join(lines).encode()


def multipart(kind: str, *parts: str, boundary: str = "b", close: bool = True) -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{body}' + (f"--{boundary}--\n" if close else "")


def part(media_type: str, body: str, *headers: str) -> str:
    return "\n".join([f"Content-Type: {media_type}", *headers, "", body])


def read(text: str) -> Mail:
    return read_mail(text.encode())


def coded(text: str) -> str:
    return Header(text, "utf-8").encode()


PLAIN = part("text/plain; charset=utf-8", "正文")
RICH = part("text/html; charset=utf-8", "<p>正文</p>")
PAPER = part('application/pdf; name="通知.pdf"', "%PDF", "Content-Disposition: attachment")


# --- headers ---------------------------------------------------------------------------------------------------------


def test_headers_are_decoded_and_their_names_lowered() -> None:
    mail = read(f"Subject: {coded('关于防汛的通知')}\nX-Has-Attach: yes\nMessage-ID: <a@b>\n\nx")
    assert mail.subject == "关于防汛的通知"
    assert mail.header("X-HAS-ATTACH") == "yes"
    assert mail.message_id == "<a@b>"
    assert mail.header("x-none") is None


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("wang@a.cn", None, "wang@a.cn"),
        ("<wang@a.cn>", None, "wang@a.cn"),
        (f"{coded('王芳')} <wang@a.cn>", "王芳", "wang@a.cn"),
        (f'"{coded("王芳")}" <wang@a.cn>', "王芳", "wang@a.cn"),
        ("王芳 <wang@a.cn>", "王芳", "wang@a.cn"),
        ("wang@a.cn (王芳)", "王芳", "wang@a.cn"),
        ('"王, 芳" <wang@a.cn>', "王, 芳", "wang@a.cn"),
        (f"{coded('王芳 <wang@a.cn>')}", "王芳", "wang@a.cn"),
        ('"gov@a.cn" <evil@b.com>', "gov@a.cn", "evil@b.com"),
        ('"财政局 <gov@a.cn>" <evil@b.com>', "财政局 <gov@a.cn>", "evil@b.com"),
        ("gov@a.cn <evil@b.com>", "gov@a.cn", "evil@b.com"),
        ("<first@a.cn>, <second@a.cn>", None, "first@a.cn"),
        ("王芳 <wang@a.cn", "王芳", "wang@a.cn"),
        ("王芳", "王芳", None),
        ("", None, None),
    ],
)
def test_the_sender_is_who_stands_in_the_angle_brackets(value: str, name: str | None, address: str | None) -> None:
    mail = read(f"From: {value}\n\nx")
    assert (mail.sender_name, mail.sender_address) == (name, address)


def test_a_raw_gbk_header_and_bare_line_feeds_are_read() -> None:
    mail = read_mail("Subject: 停电公告\nFrom: 供电公司 <a@b.cn>\n\n正文在此，请查收附件。".encode("gbk"))
    assert (mail.subject, mail.sender_name, mail.plain) == ("停电公告", "供电公司", "正文在此，请查收附件。")


def test_references_and_replies_are_message_ids() -> None:
    mail = read("In-Reply-To: <1@a> (note)\nReferences: <0@a>\r\n <1@a>\n\n")
    assert (mail.in_reply_to, mail.references) == ("<1@a>", ("<0@a>", "<1@a>"))


RECEIVED = (
    "from a.cn (a.cn [198.51.100.1])\n\tby MX1.office.cn (Postfix) with ESMTPS id X;"
    " Wed, 18 Nov 2026 09:31:05 +0800 (CST)"
)


def test_the_topmost_received_header_gives_the_time_and_the_server() -> None:
    raw = f"Received: {RECEIVED}\nReceived: from evil by nobody; Wed, 18 Nov 2020 09:31:05 +0800\n\n".encode()
    moment = datetime.fromisoformat("2026-11-18T09:31:05+08:00")
    assert topmost_received(raw) == moment
    mail = read_mail(raw)
    assert mail.received[0] == moment
    assert [hop.by for hop in mail.hops] == ["mx1.office.cn", "nobody"]
    assert mail.hops[0].origin == "a.cn (a.cn [198.51.100.1])"


@pytest.mark.parametrize(
    "value", ["from a by b; gestern", "from a by b", "from a by b; Wed, 99 Foo 20260 +9999", "x; 18 Nov 2026 09:31:05"]
)
def test_an_unreadable_topmost_time_is_none_and_no_lower_one_steps_in(value: str) -> None:
    assert topmost_received(f"Received: {value}\nReceived: {RECEIVED}\n\n".encode()) is None


def test_headers_can_be_read_without_the_body() -> None:
    assert first_header_values(f"Subject: {coded('通知')}\nX: 1\nX: 2\n\n".encode(), "subject", "x", "y") == (
        "通知",
        "1",
        None,
    )


def test_a_mailbox_line_and_a_broken_line_among_the_headers_are_passed_over() -> None:
    mail = read("From - Wed Nov 18 09:31:05 2026\nSubject: a\nthis line is broken\nFrom: b@c.cn\n\nx")
    assert (mail.subject, mail.sender_address, mail.plain) == ("a", "b@c.cn", "x")


# --- which leaf is the text ------------------------------------------------------------------------------------------


def test_alternatives_in_any_nesting_give_one_text_and_the_files() -> None:
    alternative = multipart("alternative", PLAIN, RICH, boundary="alt")
    related = multipart("related", alternative, part("image/png", "x", "Content-ID: <p1>"), boundary="rel")
    mail = read(multipart("mixed", related, PAPER))
    assert (mail.plain, mail.html) == ("正文", "<p>正文</p>")
    assert [one.name for one in mail.parts] == [None, "通知.pdf"]
    assert [one.path for one in mail.parts] == ["1.1.2", "1.2"]


def test_several_text_parts_are_joined_in_order() -> None:
    mail = read(multipart("mixed", part("text/plain", "one"), part("image/png", "x"), part("text/plain", "two")))
    assert mail.plain == "one\ntwo"


def test_a_plain_part_beside_html_joins_it_as_html() -> None:
    mail = read(multipart("mixed", RICH, part("text/plain; charset=utf-8", "1 < 2")))
    assert mail.html == "<p>正文</p>\n<div>1 &lt; 2</div>"


@pytest.mark.parametrize(
    "header",
    [
        'Content-Disposition: attachment; filename="a.txt"',
        "Content-Disposition: attachment",
        'X: y\nContent-Disposition: inline; filename="a.txt"',
    ],
)
def test_a_text_that_is_a_file_is_no_text_of_the_mail(header: str) -> None:
    mail = read(multipart("mixed", PLAIN, part("text/plain", "annex", header)))
    assert mail.plain == "正文"
    assert [one.data for one in mail.parts] == [b"annex"]


def test_pieces_of_the_text_that_exchange_names_are_text() -> None:
    mail = read(multipart("mixed", PLAIN, PAPER, part('text/html; name="ATT00001.htm"', "<p>tail</p>")))
    assert mail.html is not None
    assert "tail" in mail.html


def test_a_zip_may_be_the_whole_body() -> None:
    mail = read("Content-Type: application/octet-stream; name=a.zip\nContent-Transfer-Encoding: base64\n\nUEsDBA==")
    assert (mail.plain, mail.html) == (None, None)
    assert [(one.name, one.data) for one in mail.parts] == [("a.zip", b"PK\x03\x04")]


def test_invitations_and_reports_stay_parts() -> None:
    mail = read(multipart("alternative", PLAIN, part("text/calendar", "BEGIN:VCALENDAR")))
    assert [one.media_type for one in mail.parts] == ["text/calendar"]


def test_a_mail_without_text_has_none() -> None:
    mail = read("Subject: a\n\n")
    assert (mail.plain, mail.html, mail.parts) == (None, None, ())


def test_the_charset_of_html_is_in_its_head_where_no_label_is() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>縣委</p>'
    assert "縣委" in (read_mail(b"Content-Type: text/html\n\n" + page.encode("big5")).html or "")


# --- inline or attached ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "header"),
    [
        ("cid:p1@x", "Content-ID: <p1@x>"),
        ("cid:p%31@x", "Content-ID: <p1@x>"),
        ("http://a.cn/p.png", "Content-Location: http://a.cn/p.png"),
        ("p.png", 'Content-Disposition: attachment; filename="p.png"'),
    ],
)
def test_inline_is_what_the_html_refers_to_whatever_the_disposition_says(source: str, header: str) -> None:
    page = part("text/html", f'<img src="{source}">')
    other = part("image/png", "y", "Content-ID: <p2@x>", "Content-Disposition: inline")
    mail = read(multipart("related", page, part("image/png", "x", header), other))
    assert [one.inline for one in mail.parts] == [True, False]
    assert len(set(mail.pictures.values())) == 1


def test_pictures_in_the_html_itself_become_parts() -> None:
    mail = read(part("text/html", f'<p>a<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}"></p>'))
    assert [(one.media_type, one.data, one.inline) for one in mail.parts] == [("image/png", PNG, True)]
    assert mail.html is not None
    assert "data:" not in mail.html


# --- messages inside -------------------------------------------------------------------------------------------------


def test_a_forwarded_message_is_read_itself_and_kept_as_a_file() -> None:
    inner = "Subject: inner\n" + multipart("mixed", PLAIN, PAPER, boundary="in")
    mail = read(multipart("mixed", part("text/plain", "look"), part('message/rfc822; name="旧.eml"', inner)))
    assert mail.plain == "look"
    assert [one.subject for one in mail.forwarded] == ["inner"]
    assert mail.forwarded[0].plain == "正文"
    assert [(one.name, one.media_type) for one in mail.parts] == [("旧.eml", "message/rfc822")]
    assert read_mail(mail.parts[0].data).subject == "inner"


def test_messages_inside_messages_end_at_the_budget() -> None:
    text = "Subject: innermost\n\nx"
    for _ in range(10):
        text = f"Content-Type: message/rfc822\n\n{text}"
    mail = read(text)
    assert "attachment.refused" in {one.code for one in _all_findings(mail)}


def _all_findings(mail: Mail) -> list[Finding]:
    return [*mail.findings, *(one for inner in mail.forwarded for one in _all_findings(inner))]


def test_an_eml_as_octet_stream_stays_a_file() -> None:
    mail = read(multipart("mixed", PLAIN, part('application/octet-stream; name="a.eml"', "Subject: x\n\ny")))
    assert mail.forwarded == ()
    assert [one.name for one in mail.parts] == ["a.eml"]


def test_uuencoded_files_in_the_text_become_parts() -> None:
    mail = read("\nsee below\nbegin 644 a.txt\n#0V%T\n`\nend\nthanks")
    assert [(one.name, one.data) for one in mail.parts] == [("a.txt", b"Cat")]
    assert mail.plain == "see below\nthanks"


# --- what is broken --------------------------------------------------------------------------------------------------


def test_a_missing_closing_boundary_loses_nothing() -> None:
    mail = read(multipart("mixed", PLAIN, PAPER, close=False))
    assert mail.plain == "正文"
    assert len(mail.parts) == 1


def test_an_inner_boundary_that_never_closes_does_not_swallow_the_outer_parts() -> None:
    inner = multipart("alternative", PLAIN, RICH, boundary="inner", close=False)
    assert [one.name for one in read(multipart("mixed", inner, PAPER)).parts] == ["通知.pdf"]


@pytest.mark.parametrize(
    "header", ["multipart/mixed", 'multipart/mixed; boundary="other"', 'multipart/mixed; boundary=""']
)
def test_a_missing_or_wrong_boundary_is_guessed(header: str) -> None:
    body = multipart("mixed", PLAIN, PAPER).split("\n\n", 1)[1]
    mail = read(f"Content-Type: {header}\n\n{body}")
    assert (mail.plain, len(mail.parts)) == ("正文", 1)


def test_one_boundary_may_begin_like_another() -> None:
    inner = multipart("alternative", PLAIN, RICH, boundary="b1")
    mail = read(multipart("mixed", inner, PAPER, boundary="b"))
    assert (mail.plain, mail.html, len(mail.parts)) == ("正文", "<p>正文</p>", 1)


@pytest.mark.parametrize(
    ("encoding", "body", "data"),
    [
        ("base64", "YWJj\n!ZGVm", b"abcdef"),
        ("base64", "YWI=\nY2Q=", b"abcd"),
        ("base64", "YWJjZ", b"abc"),
        ("BASE64", "YWJj", b"abc"),
        ("base64", "这不是编码，而是正文本身", "这不是编码，而是正文本身".encode()),
        ("quoted-printable", "a=3Db=\nc=zz", b"a=bc=zz"),
        ("x-uuencode", "begin 644 a\n#0V%T\n`\nend", b"Cat"),
        ("nonsense", "abc", b"abc"),
    ],
)
def test_transfer_encodings_are_read_as_far_as_they_go(encoding: str, body: str, data: bytes) -> None:
    mail = read(part("application/x-any", body, f"Content-Transfer-Encoding: {encoding}"))
    assert mail.parts[0].data == data


def test_flowed_text_is_joined_and_its_signature_kept_apart() -> None:
    mail = read(part("text/plain; format=flowed; charset=utf-8", "one \ntwo\n-- \nname"))
    assert mail.plain == "one two\n-- \nname"
    assert unflow("中文 \n接着", delete_space=True) == "中文接着"


# --- signed, sealed, too much ----------------------------------------------------------------------------------------


def test_what_is_signed_is_read_and_said() -> None:
    mail = read(multipart("signed", PLAIN, part('application/pkcs7-signature; name="smime.p7s"', "x")))
    assert mail.plain == "正文"
    assert [(one.code, one.severity) for one in mail.findings] == [("message.signed", "info")]
    assert [one.name for one in mail.parts] == ["smime.p7s"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate and its key, of OpenSSL's making."""
    folder = tmp_path_factory.mktemp("smime")
    words = "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=a -days 9"
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    return folder


def by_openssl(folder: Path, inner: str, *words: str) -> bytes:
    made = subprocess.run(["openssl", *words], cwd=folder, input=inner.encode(), check=True, capture_output=True)
    return b"From: a@b.cn\n" + made.stdout


@pytest.mark.parametrize("way", ["-nodetach", "-nodetach -stream"], ids=["whole", "in pieces"])
@pytest.mark.parametrize("program", ["smime", "cms"])
def test_what_stands_inside_a_signature_is_read_and_said(certificate: Path, program: str, way: str) -> None:
    inner = multipart("mixed", part("text/plain; charset=utf-8", "正文" * 9000), PAPER)
    words = f"{program} -sign {way} -signer cert.pem -inkey key.pem"
    mail = read_mail(by_openssl(certificate, inner, *words.split()))
    assert mail.plain is not None
    assert mail.plain.strip() == "正文" * 9000
    assert [(one.code, one.severity) for one in mail.findings] == [("message.signed", "info")]
    assert [one.name for one in mail.parts] == [one.name for one in read(PAPER).parts]


def test_what_is_encrypted_to_somebody_is_kept_and_said(certificate: Path) -> None:
    raw = by_openssl(certificate, PLAIN, "smime", "-encrypt", "-aes256", "cert.pem")
    mail = read_mail(raw)
    assert mail.plain is None
    assert [one.code for one in mail.findings] == ["attachment.encrypted"]
    assert [one.name for one in mail.parts] == ["smime.p7m"]


def test_signatures_within_signatures_end(certificate: Path) -> None:
    text = PLAIN.encode()
    for _ in range(25):
        text = b"Content-Type: application/pkcs7-mime\n\n" + opaque(text)
    assert {one.code for one in read_mail(text).findings} == {"message.signed", "attachment.encrypted"}


def opaque(content: bytes) -> bytes:
    """A signed message without signers, by hand."""

    def value(tag: int, *inner: bytes) -> bytes:
        data = b"".join(inner)
        return bytes([tag, 0x84]) + len(data).to_bytes(4, "big") + data

    kind = value(6, bytes.fromhex("2a864886f70d010702"))
    held = value(0x30, value(6, b"*"), value(0xA0, value(4, content)))
    return value(0x30, kind, value(0xA0, value(0x30, value(2, b"\1"), value(0x31), held, value(0x31))))


@given(st.binary(max_size=60), st.integers(0, 60))
def test_no_bytes_break_the_reader_of_signatures(junk: bytes, place: int) -> None:
    whole = opaque(b"Content-Type: text/plain\n\na")
    assert signed_content(whole) == b"Content-Type: text/plain\n\na"
    signed_content(whole[:place] + junk + whole[place:])


@pytest.mark.parametrize("start", [b"\x30\x80" * 50_000, b"\x24\x80\x04\x00" * 200_000, opaque(b"a" * 9)[:-9] * 9999])
def test_a_signature_made_to_keep_a_reader_busy_is_left(start: bytes) -> None:
    began = time.process_time()
    signed_content(start)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "text",
    [
        part('application/pkcs7-mime; name="smime.p7m"', "x"),
        multipart("encrypted", part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "x")),
        part("text/plain", "-----BEGIN PGP MESSAGE-----\n\nx"),
    ],
)
def test_what_is_sealed_is_kept_and_said_once(text: str) -> None:
    assert [(one.code, one.severity) for one in read(text).findings] == [("attachment.encrypted", "warn")]


def test_what_lies_beyond_a_bound_is_refused_and_the_rest_read() -> None:
    mail = read_mail(multipart("mixed", PLAIN, *[PAPER] * 9).encode(), Budget(mime_parts=4))
    assert mail.plain == "正文"
    assert len(mail.parts) == 3
    assert [one.code for one in mail.findings] == ["attachment.refused"]


def test_nesting_beyond_the_bound_is_refused_and_the_rest_read() -> None:
    text = PLAIN
    for number in range(30):
        text = multipart("mixed", text, boundary=f"n{number}x")
    mail = read(multipart("mixed", RICH, text))
    assert mail.html == "<p>正文</p>"
    assert [one.code for one in mail.findings] == ["attachment.refused"]


def test_a_long_text_is_cut_and_said() -> None:
    mail = read_mail(b"\n\n" + b"a\n" * 100, Budget(text_lines=10))
    assert mail.plain == "\n".join("a" * 10)
    assert [one.code for one in mail.findings] == ["attachment.refused"]


def test_what_the_standard_library_writes_is_read_back() -> None:
    sent = EmailMessage()
    sent["Subject"] = "关于召开会议的通知" * 10
    sent["From"] = "青石镇 <a@b.cn>"
    sent.set_content("正文\n")
    sent.add_alternative('<p>正文<img src="cid:x@y"></p>', subtype="html")
    page = sent.get_payload(1)
    assert isinstance(page, MIMEPart)
    page.add_related(PNG, "image", "png", cid="<x@y>")
    sent.add_attachment(b"abc", "application", "msword", filename="会议通知（定稿）.doc")
    mail = read_mail(sent.as_bytes())
    assert mail.subject == "关于召开会议的通知" * 10
    assert [(one.name, one.inline) for one in mail.parts] == [(None, True), ("会议通知（定稿）.doc", False)]
