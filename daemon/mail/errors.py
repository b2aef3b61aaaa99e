"""What the mail servers do to us. Texts are Chinese sentences for the administrator: what is wrong, what to do.

MailError
├ MailboxUnavailable    the mailbox can't be used now; nothing was changed on the server, try again later
│ ├ LoginRefused        user or password are wrong, or the provider wants an authorisation code
│ └ FolderRefused       the server won't open the folder
├ FetchFailed           the server won't give this one message; the connection still stands
│ ├ Vanished            it is no longer there
│ └ TooLarge            it is larger than `mailbox.max_size`
└ SmtpUnavailable       the server that sends our letters can't be used now
  └ SmtpLoginRefused
"""

from __future__ import annotations

import socket
import ssl


class MailError(Exception):
    """Anything of this tree."""


class MailboxUnavailable(MailError):
    pass


class LoginRefused(MailboxUnavailable):
    pass


class FolderRefused(MailboxUnavailable):
    pass


class FetchFailed(MailError):
    pass


class Vanished(FetchFailed):
    def __init__(self) -> None:
        super().__init__("邮件已不在服务器上，可能被人移动或删除")


class TooLarge(FetchFailed):
    pass


class SmtpUnavailable(MailError):
    pass


class SmtpLoginRefused(SmtpUnavailable):
    pass


def reason(error: BaseException, section: str) -> str:
    """Why a connection failed, in Chinese; `section` of office.yaml is where to look."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"服务器证书不受信任，自建证书请在 {section}.ca_file 中指明"
    if isinstance(error, ssl.SSLError):
        return f"加密连接未能建立，请检查 {section}.security 与 {section}.port 是否相符"
    if isinstance(error, socket.gaierror):
        return f"找不到这台服务器，请检查 {section}.host 和网络"
    if isinstance(error, ConnectionRefusedError):
        return f"服务器拒绝连接，请检查 {section}.port"
    if isinstance(error, TimeoutError):
        return "服务器长时间没有应答"
    return f"连接中断：{said(error)}"


def said(error: BaseException) -> str:
    """What a server said, as one short line without control characters."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(character for character in text if character.isprintable())[:200]
