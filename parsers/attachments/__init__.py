"""What units attach: what each file is, and what it says. One module a family; none trusts a name or a file.

`read` never raises: a file that gives no text gives a status and a finding that says what to ask the unit for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from parsers.attachments import (
    archive,
    detect,
    findings,
    legacy,
    locks,
    mail,
    media,
    ods,
    odt,
    ofd,
    pdf,
    picture,
    rtf,
    sheet,
    slides,
    text,
    word,
)
from parsers.attachments.detect import kind_of
from parsers.attachments.errors import Damaged, Encrypted, NoReader, Unreadable
from parsers.budgets import BUDGET, Budget
from parsers.content import Content, Sealed
from parsers.readers import Readers

__all__ = ["kind_of", "read", "read_picture_text"]


@dataclass(frozen=True)
class File:
    """One file as the families get it."""

    name: str
    data: bytes
    kind: str
    readers: Readers
    budget: Budget
    passwords: tuple[str, ...] = ()


_NOT_THIS_ONE = "来信所写的密码打不开此文件，请报送单位核实密码，或取消密码后重新发送。"
_MACRO = "文件带有宏代码，已只取文字、未运行宏，请报送单位另存为不含宏的文件后发送。"
_FAMILIES: dict[str, Callable[[File], Content]] = {
    "docx": lambda file: word.read(file.data, file.budget),
    "doc": lambda file: legacy.read_doc(file.data, file.kind, file.readers, file.budget, file.passwords),
    "wps": lambda file: legacy.read_doc(file.data, file.kind, file.readers, file.budget, file.passwords),
    "rtf": lambda file: rtf.read(file.data, file.budget),
    "xlsx": lambda file: sheet.read(file.data, file.kind, file.budget, file.passwords),
    "xls": lambda file: sheet.read(file.data, file.kind, file.budget, file.passwords),
    "et": lambda file: sheet.read(file.data, file.kind, file.budget, file.passwords),
    "csv": lambda file: sheet.read_csv(file.data, file.budget),
    "archive": lambda file: _read_archive(file),
    "eml": lambda file: mail.read_eml(file.data, file.budget),
    "msg": lambda file: mail.read_msg(file.data, file.budget),
    "pptx": lambda file: slides.read(file.data, file.kind, file.budget),
    "ppt": lambda file: slides.read(file.data, file.kind, file.budget),
    "txt": lambda file: text.read_text(file.data, file.budget),
    "html": lambda file: text.read_html(file.data, file.budget),
    "image": lambda file: picture.read(file.data),
    "audio": lambda file: media.read(file.data, "audio"),
    "video": lambda file: media.read(file.data, "video"),
    "ofd": lambda file: ofd.read(file.data, file.readers, file.budget),
    "odt": lambda file: odt.read(file.data, file.budget, file.passwords),
    "ods": lambda file: ods.read_sheets(file.data, file.budget, file.passwords),
    "odp": lambda file: ods.read_slides(file.data, file.budget, file.passwords),
    "pdf": lambda file: pdf.read(file.data, file.readers, file.budget, file.passwords),
}


def read(name: str, data: bytes, readers: Readers, budget: Budget = BUDGET, passwords: tuple[str, ...] = ()) -> Content:
    """The content of one file. Findings are `warn` at most; where the file is the main text, the caller raises them.

    `members` (of an archive, a forwarded message) are to be read by further calls, within `budget.archive_depth`.
    """
    kind = kind_of(b"" if isinstance(data, Sealed) else data, name)
    try:
        content = _read(File(name, data, kind, readers, budget, passwords))
    except Encrypted as error:
        content = _unread(kind, Encrypted(_NOT_THIS_ONE) if passwords and error.message == Encrypted.advice else error)
    except Unreadable as error:
        content = _unread(kind, error)
    except Exception as error:  # noqa: BLE001 - a hostile file may break any library in any way; the mail is read on
        content = _unread(kind, Damaged(), type(error).__name__)
    return replace(content, findings=tuple(replace(found, place=name) for found in content.findings))


def read_picture_text(name: str, data: bytes, readers: Readers, budget: Budget = BUDGET) -> Content:
    """The text on a picture, by OCR, for a caller that takes it for a photographed document. Never raises."""
    try:
        content = picture.read_text(data, readers, budget)
    except Unreadable as error:
        content = _unread("image", error)
    except Exception as error:  # noqa: BLE001 - as in `read`
        content = _unread("image", Damaged(), type(error).__name__)
    return replace(content, findings=tuple(replace(found, place=name) for found in content.findings))


def _read_archive(file: File) -> Content:
    if file.data.startswith(detect.TNEF):
        return mail.read_tnef(file.data, file.budget)
    return archive.read(file.name, file.data, file.budget, file.passwords)


def _unsealed(file: File) -> File:
    """The file behind a password that the mail told. Raises Encrypted where it told none that fits."""
    data = locks.unseal(file.data, file.passwords)
    return replace(file, data=data, kind=kind_of(data, file.name))


def _unread(kind: str, error: Unreadable, excerpt: str = "") -> Content:
    return Content(kind, error.status, findings=(replace(findings.of_error(error), excerpt=excerpt),))


def _read(file: File) -> Content:
    if isinstance(file.data, Sealed):
        raise Encrypted
    if not file.data:
        raise Damaged("文件是空的，没有任何内容，请报送单位重新发送原文件。")
    if detect.is_locked(file.data):
        file = _unsealed(file)
    family = _FAMILIES.get(file.kind)
    if family is None:
        raise NoReader
    content = family(file)
    if detect.has_macros(file.data):
        return replace(content, findings=(*content.findings, findings.finding("attachment.macro", _MACRO)))
    return content
