"""Letters as bytes: headers that no value can break, and content that mail programs can read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.mail.letter import (
    REFERENCES,
    Envelope,
    LetterText,
    compose,
    is_deliverable,
    known_references,
    new_message_id,
    one_line,
    said_due,
    said_time,
)

AT = datetime(2026, 11, 20, 9, 31, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
TEXT = LetterText("收稿回执（2026-000123）：关于做好秋季防火工作的通知", "正文一行\n第二行\n", "<p>正文一行</p>\n")
ENVELOPE = Envelope(
    sender_name="桓台政务网编辑部",
    sender="desk@office.example.cn",
    reply_to="desk@office.example.cn",
    to="jia@town.example.cn",
    kind="acknowledgement",
    message_id="<20261120093105.7.acknowledgement@office.example.cn>",
    in_reply_to="<mail.1@town.example.cn>",
    references=("<mail.0@town.example.cn>", "<mail.1@town.example.cn>"),
)
HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress", "in-reply-to",
    "references", "content-type", "mime-version",
}  # fmt: skip


def sent(text: LetterText = TEXT, envelope: Envelope = ENVELOPE) -> Message:
    return message_from_bytes(compose(text, envelope, AT))


def shown(message: Message, name: str) -> str:
    return str(make_header(decode_header(message[name])))


def test_headers_say_who_writes_what_in_answer_to_which_mail() -> None:
    message = sent()
    assert shown(message, "Subject") == TEXT.subject
    name, address = parseaddr(message["From"])
    assert str(make_header(decode_header(name))) == "桓台政务网编辑部"
    assert (address, message["To"]) == ("desk@office.example.cn", "jia@town.example.cn")
    assert message["Date"] == "Fri, 20 Nov 2026 09:31:05 +0800"
    assert message["Message-ID"] == ENVELOPE.message_id
    assert message["In-Reply-To"] == "<mail.1@town.example.cn>"
    assert message["References"].split() == ["<mail.0@town.example.cn>", "<mail.1@town.example.cn>"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [("acknowledgement", "auto-replied"), ("reminder", "auto-generated"), ("return", "auto-generated")],
)
def test_other_machines_are_told_that_a_machine_wrote_it(kind: str, word: str) -> None:
    assert sent(envelope=replace(ENVELOPE, kind=kind))["Auto-Submitted"] == word


def test_text_comes_first_and_html_last() -> None:
    parts = [part for part in sent().walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert parts[0].get_payload(decode=True) == "正文一行\n第二行\n".encode()


def test_lines_end_as_smtp_wants_and_stay_short() -> None:
    lines = compose(TEXT, ENVELOPE, AT).split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert all(line.isascii() for line in lines)


def test_answers_go_to_the_office_where_another_address_sends() -> None:
    assert sent(envelope=replace(ENVELOPE, sender="robot@mail.example.cn"))["Reply-To"] == "desk@office.example.cn"
    assert sent()["Reply-To"] is None


def test_one_letter_can_go_to_several_addresses() -> None:
    assert sent(envelope=replace(ENVELOPE, to="a@b.cn, c@d.cn"))["To"] == "a@b.cn, c@d.cn"


@given(text=st.text(max_size=300), reference=st.text(max_size=100))
def test_no_value_of_a_mail_can_add_a_header(text: str, reference: str) -> None:
    evil = text + "\r\nBcc: victim@example.com\n\n" + text
    answers = {"in_reply_to": reference + "\r\nX-Evil: 1", "references": (evil, reference)}
    envelope = replace(ENVELOPE, sender_name=evil, **answers)  # type: ignore[arg-type]
    message = sent(LetterText(evil, evil, evil), envelope)
    assert {name.lower() for name in message} <= HEADERS
    assert message["Bcc"] is None


@pytest.mark.parametrize("to", ["", "a", "a@b.cn\r\nBcc: c@d.cn", "a b@c.cn", "用户@b.cn", "a@b.cn, ", "<a@b.cn>"])
def test_an_address_that_is_none_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="收发信地址"):
        compose(TEXT, replace(ENVELOPE, to=to), AT)


def test_a_message_id_tells_when_what_and_whose() -> None:
    assert new_message_id(AT, 7, "reminder", "desk@office.cn") == "<20261120093105.7.reminder@office.cn>"
    assert new_message_id(AT, 7, "return", "desk@政务.cn") == "<20261120093105.7.return@xn--zfr164b.cn>"


def test_a_long_conversation_keeps_its_first_and_last_references() -> None:
    chain = [f"<{number}@example.cn>" for number in range(99)]
    kept = known_references("<last@example.cn>", chain)
    assert len(kept) == REFERENCES
    assert (kept[0], kept[-1]) == ("<0@example.cn>", "<last@example.cn>")


def test_what_is_no_message_id_is_not_referred_to() -> None:
    assert known_references("no id", ["<a b@c>", "<a@b><c@d>", "<ok@example.cn>", "<ok@example.cn>"]) == (
        "<ok@example.cn>",
    )


@pytest.mark.parametrize("address", ["a@b.cn", "a.b+c_d@sub.b-c.cn", "tszxxy@163.com"])
def test_plain_addresses_can_be_written_to(address: str) -> None:
    assert is_deliverable(address)


def test_invisible_characters_are_dropped() -> None:
    assert one_line("标\u202e题\u200b\ud800\r\n\t 二\x00三\u2028四") == "标题 二 三 四"


def test_times_are_said_as_in_official_documents() -> None:
    assert said_time(AT) == "2026年11月20日 9时31分"
    assert said_time(AT.replace(minute=0)) == "2026年11月20日 9时"
    assert said_due(AT.replace(day=1, hour=0, minute=0, second=0)) == "2026年10月31日 24时"
    assert said_due(AT.replace(second=0)) == "2026年11月20日 9时31分"
