"""Where a quoted or forwarded mail begins in a body, and what its head says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class QuoteHeader:
    """What the head of a quoted or forwarded mail says of it; any of it may be missing."""

    name: str | None = None
    address: str | None = None
    subject: str | None = None
    sent: datetime | None = None
    """As written there, naive: never judged by."""


@dataclass(frozen=True)
class Mark:
    """Where a quote begins: its first line, the first line of its text, whether its words say that it is forwarded."""

    begin: int
    text: int
    forwarded: bool | None
    header: QuoteHeader


_WINDOW = 12
_DASHES = r"[-—–_－*=~·>\s]{2,60}"
_FORWARD_BAR = (
    r"(以下是)?(转发的?邮件(信息|内容)?|转发的原邮件|已转发邮件|被转发(的)?邮件(信息)?|转发信息"
    r"|forwarded (message|mail|email)( from .{1,60})?)"
)
_REPLY_BAR = r"(回复的原邮件|回复的原始邮件)"
_NEUTRAL_BAR = (
    r"(原始邮件(信息)?|原邮件|邮件原件|原始消息|原始信息|原始信件|原件|original( (message|email|mail|appointment))?)"
)
_BARS = tuple(
    (re.compile(rf"{_DASHES}\s*{words}\s*{_DASHES}", re.IGNORECASE), forwarded)
    for words, forwarded in ((_FORWARD_BAR, True), (_REPLY_BAR, False), (_NEUTRAL_BAR, None))
)
_FORWARD_LINE = re.compile(
    r"[>\s]*(开始转发的邮件|下面是被?转发的邮件|以下是转发的邮件|begin forwarded message)\s*[:：]?", re.IGNORECASE
)
_WROTE = re.compile(r"[>\s]*(在|于|at|on)?.{0,200}(写道|写到|写入|wrote|schrieb)\s*[:：]?", re.IGNORECASE)
_WROTE_EVIDENCE = re.compile(r"@|(19|20)\d\d\s*[年/.-].*\d{1,2}[:：]\d{2}")
_LABELS = {
    "from": "发件人|寄件人|寄件者|发信人|发件者|from",
    "sent": "发送时间|发送日期|日期|时间|寄件日期|寄件时间|发件时间|sent|date",
    "to": "收件人|收信人|to",
    "copy": "抄送|抄送人|副本|密送|cc|bcc",
    "subject": "主题|主旨|标题|subject",
    "more": "重要性|附件|importance|attachments?|reply-to|答复|回复地址",
}
_LABEL = re.compile(
    r"[>\s*]*(?:"
    + "|".join(f"(?P<{key}>{words})" for key, words in _LABELS.items())
    + r")\s*\**\s*(?P<sign>[:：]|\t|\s(?=\S))\**\s*(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"[\w.+$-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}", re.ASCII)
_MOMENT = re.compile(
    r"(20\d\d)\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?"
    r"(?:[^\d\n]{0,14}?(上午|中午|下午|晚上|凌晨|AM|PM)?\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?"
)
_WRITERS = (
    re.compile(r"[\"“]([^\"“”]{1,60})[\"”]"),
    re.compile(r"^[>\s]*([^<>@\d]{1,40}?)\s*<[^<>]{1,100}>\s*于"),
    re.compile(r"[，,]\s*([^，,<>\"“”:：]{1,30}?)\s*(?:<[^<>]{0,100}>)?\s*写道"),
)
_NAME_ENDS = re.compile(r"[<\[(（;；&].*", re.DOTALL)


def find_mark(lines: Sequence[str]) -> Mark | None:
    """The first place where a quoted mail begins; None where the body quotes nothing."""
    for number, line in enumerate(lines):
        mark = _mark_at(lines, number, line)
        if mark:
            return mark
    return None


def is_lead_in(line: str) -> bool:
    """在 … 写道： and the like."""
    short = line.strip()[:300]
    return bool(_WROTE.fullmatch(short) and _WROTE_EVIDENCE.search(short))


def read_header(lines: Sequence[str], begin: int) -> tuple[QuoteHeader, int]:
    """The header lines from `begin` on, and the first line after them."""
    found: dict[str, str] = {}
    number, key = begin, ""
    while number < len(lines) and number - begin < _WINDOW:
        fields = [_LABEL.match(part) for part in lines[number].split("\n") if part.strip()]
        labelled = [field for field in fields if field]
        if not labelled and not (key in ("to", "copy") and _ADDRESS.search(lines[number])):
            break
        for field in labelled:
            key = field.lastgroup if field.lastgroup in _LABELS else _key(field)
            found.setdefault(key, field["value"].strip())
        number += 1
    return _header(found), number


def _key(field: re.Match[str]) -> str:
    return next(key for key in _LABELS if field[key])


def _mark_at(lines: Sequence[str], number: int, line: str) -> Mark | None:
    first = line.strip()[:300].split("\n")[0]
    for bar, forwarded in _BARS:
        if bar.fullmatch(first):
            return _marked(lines, number, number + 1, forwarded)
    if _FORWARD_LINE.fullmatch(first):
        return _marked(lines, number, number + 1, True)
    if is_lead_in(line):
        return Mark(number, number + 1, False, _from_lead_in(line))
    if _is_header_block(lines, number):
        return _marked(lines, number, number, None)
    return None


def _marked(lines: Sequence[str], begin: int, head: int, forwarded: bool | None) -> Mark:
    header, text = read_header(lines, head)
    return Mark(begin, text, forwarded, header)


def _is_header_block(lines: Sequence[str], number: int) -> bool:
    """发件人 first, and at least two more of a head's labels in the next lines, each with a colon."""
    parts = "\n".join(lines[number : number + 6]).split("\n")[:8]
    first = _LABEL.match(parts[0])
    if not first or not first["from"] or first["sign"].isspace():
        return False
    keys = {_key(field) for part in parts[1:] if (field := _LABEL.match(part)) and not field["sign"].isspace()}
    return len(keys & {"sent", "to", "subject"}) >= 2


def _header(found: dict[str, str]) -> QuoteHeader:
    sender = found.get("from", "")
    address = _ADDRESS.search(sender)
    name = _NAME_ENDS.sub("", sender).strip(" \"'“”") or None
    return QuoteHeader(
        name=name if name != (address and address[0]) else None,
        address=address[0] if address else None,
        subject=found.get("subject", "").strip() or None,
        sent=read_moment(found.get("sent", "")),
    )


def _from_lead_in(line: str) -> QuoteHeader:
    address = _ADDRESS.search(line)
    name = next((match[1].strip() for pattern in _WRITERS if (match := pattern.search(line[:300]))), None)
    return QuoteHeader(name, address[0] if address else None, None, read_moment(line))


def read_moment(text: str) -> datetime | None:
    """A time as Chinese mail programs write it in a quote; None for other forms."""
    match = _MOMENT.search(text[:300])
    if not match:
        return None
    year, month, day, half, hour, minute, second = match.groups()
    hours = int(hour or 0) + (12 if half in ("下午", "晚上", "PM") and int(hour or 0) < 12 else 0)
    try:
        return datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))  # noqa: DTZ001
    except ValueError:
        return None
