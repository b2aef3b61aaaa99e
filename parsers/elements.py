"""The value that reading a document or an article gives: its elements (要素), what remains as text, what left it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from parsers.content import Block
from parsers.submission import Element


@dataclass(frozen=True)
class Elements:
    """What was recognised in one text. Nothing is invented: what the text does not say is None."""

    form: Literal["official", "article"]
    """A document after GB/T 9704 (also a notice, regulation or tender with a date), or news."""
    title: str | None
    body: tuple[Block, ...]
    """What remains, as it stands on the portal."""
    document_number: str | None = None
    """Normal form 某政发〔2026〕1号; of orders and announcements as printed."""
    issuer: str | None = None
    """Joint issuers are joined by a full-width space, in the order of the document."""
    issued_on: date | None = None
    """成文日期."""
    issued_at: time | None = None
    """The hour beside the date, where the document states one."""
    printed_on: date | None = None
    """印发日期; nothing is counted from it."""
    addressee: str | None = None
    """主送机关, with the colon that ends it."""
    secrecy: str | None = None
    urgency: str | None = None
    disclosure: str | None = None
    """公开属性 as it is stated: 主动公开, 依申请公开, 不予公开 …"""
    signer: str | None = None
    """签发人."""
    annexes: tuple[str, ...] = ()
    """Names of annexes that the 附件说明 lists."""
    copied_to: str | None = None
    notes: str | None = None
    """附注, without its brackets."""
    byline: str | None = None
    """Of news: 记者, 通讯员, 供稿, 来源."""
    captions: tuple[str, ...] = ()
    wrapped_title: str | None = None
    """Of a document that passes another one on (印发, 转发): the other one's title."""
    cut: tuple[str, ...] = ()
    """Lines that left the text: letterhead, number, seal, 抄送, page numbers."""
    elements: tuple[Element, ...] = ()
    """Where each of the above was found, for highlighting."""

    @property
    def text(self) -> str:
        """The plain text of what remains, a line a block."""
        return "\n".join(block.text for block in self.body if block.text)

    @property
    def html(self) -> str:
        """The same as clean HTML."""
        return "".join(block.html for block in self.body)
