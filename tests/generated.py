"""Mails in any number for load and kill tests: the same mail for the same number, every mail another one.

Three of ten are a notice as a Word file, one a notice as a Word file with a sheet, one news with a picture,
three news in the body, two the dull rest: an advertisement and an automatic answer.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Any

import docx
import openpyxl
from PIL import Image

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
UNITS = ("甲镇人民政府", "乙镇人民政府", "县林业局")
ADDRESSES = ("jia@town.example.cn", "yi@town.example.cn", "ly@bureau.example.cn")
PREFIXES = ("甲政发", "乙政发", "林发")
MARK = "NUMBERMARK"


def received_at(number: int) -> datetime:
    """When the n-th mail came in: one every ten minutes."""
    return START + timedelta(minutes=10 * number)


def generated(number: int) -> bytes:
    """The raw bytes of the n-th mail."""
    sort = number % 10
    if sort in (0, 1, 2, 3):
        mail = _notice(number, with_sheet=sort == 3)
    elif sort in (4, 5, 6, 7):
        mail = _news(number, with_picture=sort == 7)
    else:
        mail = _advertisement(number) if sort == 8 else _automatic_answer(number)
    if mail.is_multipart():
        mail.set_boundary(f"boundary-{number}")
    return mail.as_bytes()


def has_draft(number: int) -> bool:
    """Whether the n-th mail ends as one draft; the others are recorded as nothing to publish."""
    return number % 10 < 8


def units_yaml() -> str:
    """The units that these mails come from, as units.yaml has them."""
    rows = [
        f"  - {{name: {name}, kind: {'town' if '镇' in name else 'department'}, addresses: [{address}], "
        f"document_prefixes: [{prefix}]}}"
        for name, address, prefix in zip(UNITS, ADDRESSES, PREFIXES, strict=True)
    ]
    return "units:\n" + "\n".join(rows) + "\n"


def _notice(number: int, *, with_sheet: bool) -> EmailMessage:
    mail = _mail(number, f"报送{_notice_title(number)}")
    mail.set_content("编辑部：\n　　现报送通知一份，请查收。\n")
    _attach(mail, _word(number), f"通知{number}.docx", "vnd.openxmlformats-officedocument.wordprocessingml.document")
    if with_sheet:
        _attach(mail, _sheet(), "附件：任务分解表.xlsx", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    return mail


def _news(number: int, *, with_picture: bool) -> EmailMessage:
    mail = _mail(number, f"{UNITS[number % 3][:2]}开展第{number}次志愿服务活动")
    mail.set_content(
        f"　　近日，{UNITS[number % 3]}组织志愿者开展第{number}次志愿服务活动，共有{number % 50 + 10}名志愿者参加。\n"
        "　　活动现场，志愿者们清理沿河垃圾，向群众发放宣传材料，讲解防火和用电安全知识，受到群众欢迎。\n"
        "　　下一步，将继续开展形式多样的志愿服务活动，引导更多群众参与到文明建设中来。\n"
    )
    if with_picture:
        mail.add_attachment(_picture(), maintype="image", subtype="jpeg", filename="活动现场.jpg")
    return mail


def _advertisement(number: int) -> EmailMessage:
    mail = _mail(number, f"企业财务税务培训课程限时优惠{number}", sender="sale@course.example.com")
    mail["List-Unsubscribe"] = "<https://course.example.com/unsubscribe>"
    mail.set_content("诚邀参加财税培训课程，限时优惠，名额有限，报名从速。退订请回复TD。\n")
    return mail


def _automatic_answer(number: int) -> EmailMessage:
    mail = _mail(number, f"自动回复: 回执{number}")
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("您好，来信已收到，我会尽快回复。\n")
    return mail


def _mail(number: int, subject: str, sender: str | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{UNITS[number % 3]} <{sender or ADDRESSES[number % 3]}>"
    mail["To"] = "desk@office.example.cn"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(received_at(number))
    mail["Message-ID"] = f"<generated-{number}@example.cn>"
    return mail


def _attach(mail: EmailMessage, data: bytes, name: str, subtype: str) -> None:
    mail.add_attachment(data, maintype="application", subtype=subtype, filename=name)


def _notice_title(number: int) -> str:
    return f"{UNITS[number % 3]}关于做好第{number}阶段森林防火工作的通知"


def _word(number: int) -> bytes:
    """A Word file of its own for each number, made from one that python-docx wrote."""
    day = received_at(number).date() - timedelta(days=number % 3)
    words = {
        "TITLEMARK": _notice_title(number),
        "DOCUMENTNUMBER": f"{PREFIXES[number % 3]}〔2026〕{number + 1}号",
        MARK: str(number),
        "UNITMARK": UNITS[number % 3],
        "DATEMARK": f"{day.year}年{day.month}月{day.day}日",
    }
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_word_pattern())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            target.writestr(item, _filled(source.read(item), words, item.filename))
    return out.getvalue()


def _filled(data: bytes, words: dict[str, str], name: str) -> bytes:
    if name != "word/document.xml":
        return data
    text = data.decode()
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text.encode()


@cache
def _word_pattern() -> bytes:
    document: Any = docx.Document()
    for line in ("DOCUMENTNUMBER", "TITLEMARK"):
        document.add_paragraph(line).alignment = 1
    document.add_paragraph("各村（居），各有关单位：")
    for clause in ("一、提高思想认识。", "二、落实防控责任。", "三、加强应急值守。"):
        document.add_paragraph(clause + f"要把第{MARK}阶段的工作抓紧抓实，做到责任到人、措施到位，确保不发生火情。" * 3)
    for line in ("UNITMARK", "DATEMARK"):
        document.add_paragraph(line).alignment = 2
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def _sheet() -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (("序号", "任务", "责任单位", "时限"), *((n, f"任务{n}", "有关单位", "11月底前") for n in range(1, 30))):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def _picture() -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize((640, 480)).convert("RGB").save(out, "JPEG", quality=97)
    return out.getvalue()
