"""Why a file could not be read. Each becomes a status and a finding; none leaves `parsers.attachments.read`.

Unreadable
├── Encrypted   a password is needed
├── Damaged     cut off, or not what it says
├── Refused     unsafe, or over a bound of parsers.budgets
└── NoReader    sound, but nothing on this machine opens it
"""

from __future__ import annotations

from typing import ClassVar

from parsers.submission import Status


class Unreadable(Exception):
    """A file that gives no text. The message is for the editor, in Chinese, and says what to ask the unit for."""

    status: ClassVar[Status] = "damaged"
    code: ClassVar[str] = "attachment.damaged"
    advice: ClassVar[str] = "文件已损坏或不完整，无法打开，请报送单位重新发送原文件。"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.advice)

    @property
    def message(self) -> str:
        return str(self)


class Encrypted(Unreadable):
    status = "encrypted"
    code = "attachment.encrypted"
    advice = "文件设有打开密码，无法读取，请报送单位取消密码后重新发送，或来信告知密码。"


class Damaged(Unreadable):
    pass


class Refused(Unreadable):
    status = "refused"
    code = "attachment.refused"
    advice = "文件超出安全限度，未予打开，请报送单位改用常用格式、拆分后重新发送。"


class NoReader(Unreadable):
    status = "stored"
    code = "attachment.unread"
    advice = "本机没有能打开此类文件的程序，已原样保存，请报送单位改发 Word（.docx）或 PDF 文件。"
