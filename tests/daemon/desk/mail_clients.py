"""Answers as people's mail programs write them: each quotes our letter in its own way, or not at all."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.header import Header, decode_header, make_header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import make_msgid
from functools import cache

import docx
import openpyxl

DESK = "desk@office.example.cn"
NAME = "县政务网编辑部"
File = tuple[str, bytes]


@dataclass(frozen=True)
class Letter:
    """A letter as a unit's mail program shows it."""

    message_id: str
    references: str
    subject: str
    text: str

    @classmethod
    def of(cls, message: Message) -> Letter:
        plain = next(part for part in message.walk() if part.get_content_type() == "text/plain")
        payload = plain.get_payload(decode=True)
        assert isinstance(payload, bytes)
        subject = str(make_header(decode_header(message["Subject"])))
        return cls(message["Message-ID"], message.get("References", ""), subject, payload.decode())


@dataclass(frozen=True)
class Style:
    """What one program makes of an answer. `body`: of the words and the letter; `mark`: before the subject."""

    body: Callable[[str, Letter], str]
    charset: str = "utf-8"
    subtype: str = "plain"
    mark: str = "Re: "
    threads: bool = True
    """It says in its headers what it answers."""


def _html(words: str) -> str:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<div>{line or '<br>'}</div>" for line in escaped.splitlines())


def _quoted(letter: Letter) -> str:
    return "\n".join(f"> {line}" for line in letter.text.splitlines())


def _head(letter: Letter, colon: str = ": ") -> str:
    lines = (
        ("发件人", f"{NAME} <{DESK}>"),
        ("发送时间", "2026年11月20日 10:00"),
        ("收件人", "甲镇"),
        ("主题", letter.subject),
    )
    return "\n".join(f"{label}{colon}{value}" for label, value in lines)


def _netease(words: str, letter: Letter) -> str:
    return (
        f'<div style="line-height:1.7">{_html(words)}</div><br><div id="divNeteaseMailCard"></div>'
        f'<p>在 2026-11-20 10:00:00，"{NAME}" &lt;{DESK}&gt; 写道：</p>'
        f'<blockquote id="isReplyContent" style="border-left:#ccc 1px solid">{_html(letter.text)}</blockquote>'
    )


def _qq(words: str, letter: Letter) -> str:
    bar = '<div style="font-size: 12px">------------------&nbsp;原始邮件&nbsp;------------------</div>'
    head = f'<div style="background:#efefef">{_html(_head(letter, ":"))}</div>'
    return f"{_html(words)}<div><br></div><includetail>{bar}{head}{_html(letter.text)}</includetail>"


def _foxmail(words: str, letter: Letter) -> str:
    rule = '<hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left">'
    head = "".join(f"<div><b>{line}</b></div>" for line in _head(letter).splitlines())
    signed = "<div><span>王芳 甲镇党政办</span></div>"
    return f"{_html(words)}{rule}{signed}<blockquote>{head}{_html(letter.text)}</blockquote>"


def _outlook(words: str, letter: Letter) -> str:
    return f"{words}\n\n-----邮件原件-----\n{_head(letter)}\n\n{letter.text}"


def _iphone(words: str, letter: Letter) -> str:
    return f"{words}\n\n发自我的iPhone\n\n> 在 2026年11月20日，10:00，{NAME} <{DESK}> 写道：\n> \n{_quoted(letter)}"


def _angles(words: str, letter: Letter) -> str:
    return f"{words}\n\n在 2026/11/20 10:00, {NAME} 写道:\n{_quoted(letter)}"


def _below(words: str, letter: Letter) -> str:
    return f"在 2026/11/20 10:00, {NAME} 写道:\n{_quoted(letter)}\n\n{words}"


def _english(words: str, letter: Letter) -> str:
    return f"{words}\n\nOn Fri, Nov 20, 2026 at 10:00 AM {NAME} <{DESK}> wrote:\n\n{_quoted(letter)}"


def _bare(words: str, letter: Letter) -> str:
    return words


def _unmarked(words: str, letter: Letter) -> str:
    return f"{words}\n\n{letter.text}"


STYLES: dict[str, Style] = {
    "netease": Style(_netease, "gbk", "html", "回复："),
    "netease utf-8": Style(_netease, "utf-8", "html", "回复:"),
    "qq": Style(_qq, "gb18030", "html", "回复： "),
    "foxmail": Style(_foxmail, "gb2312", "html", "回复: "),
    "outlook": Style(_outlook, "gb2312", "plain", "答复: "),
    "iphone": Style(_iphone, mark="回复："),
    "angles": Style(_angles),
    "below": Style(_below),
    "english": Style(_english, mark="RE: "),
    "bare": Style(_bare),
    "bare gbk": Style(_bare, "gbk", mark="回复："),
    "big5": Style(_bare, "big5", mark="Re: "),
    "unmarked": Style(_unmarked),
    "headless": Style(_bare, threads=False),
    "headless netease": Style(_netease, "gbk", "html", "回复：", threads=False),
    "fresh": Style(_bare, mark="", threads=False),
}


def answer(
    style: Style, words: str, letter: Letter, sender: str, subject: str | None = None, files: Sequence[File] = ()
) -> bytes:
    """The raw bytes of an answer to a letter."""
    text = MIMEText(style.body(words, letter), style.subtype, style.charset)
    mail: Message = text
    if files:
        mail = MIMEMultipart()
        mail.attach(text)
        for name, data in files:
            mail.attach(_attached(name, data, style.charset))
    mail["From"] = f"{_encoded('王芳', style.charset)} <{sender}>"
    mail["To"] = DESK
    mail["Subject"] = _encoded(style.mark + letter.subject if subject is None else subject, style.charset)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    if style.threads:
        mail["In-Reply-To"] = letter.message_id
        mail["References"] = f"{letter.references} {letter.message_id}".strip()
    return mail.as_bytes()


def _attached(name: str, data: bytes, charset: str) -> MIMEApplication:
    part = MIMEApplication(data)
    part.add_header("Content-Disposition", "attachment", filename=_encoded(name, charset))
    return part


def _encoded(text: str, charset: str) -> str:
    """A header's text; Big5 has no simplified characters."""
    return Header(text, "utf-8" if charset == "big5" else charset).encode()


@cache
def notice(title: str, number: str, text: str = "为做好有关工作，现将有关事项通知如下，请认真贯彻执行。") -> bytes:
    """A small official document."""
    document = docx.Document()
    for line in (
        f"甲镇人民政府文件\n{number}",
        title,
        "各村（居）：",
        text,
        "各村要加强领导，压实责任，确保各项措施落实到位。",
    ):
        document.add_paragraph(line)
    for line in ("甲镇人民政府", "2026年11月19日"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def sheet(word: str) -> bytes:
    """A small annex."""
    book = openpyxl.Workbook()
    book.active.append(["序号", word])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
