"""What an editor must know of files that a mail only links to (超大附件, 云附件). They are never fetched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from parsers.office import Office
from parsers.quoting import CloudLink
from parsers.submission import Finding


def link_findings(links: Iterable[CloudLink], received_at: datetime | None, office: Office) -> tuple[Finding, ...]:
    """One finding a link: expired at receipt, or to be fetched by a person in time."""
    now = received_at.astimezone(office.zone).replace(tzinfo=None) if received_at else None
    return tuple(dict.fromkeys(_finding(link, now) for link in links))


def _finding(link: CloudLink, now: datetime | None) -> Finding:
    shown = link.name or link.url or "网盘文件"
    size = f"（{link.size}）" if link.size else ""
    if link.expires_at and now and link.expires_at <= now:
        until = f"{link.expires_at:%Y年%m月%d日 %H:%M}"
        message = f"超大附件“{shown}”{size}的下载链接收到时已过期（{until}到期），请报送单位重新发送。"
        return Finding("attachment.expired_link", "warn", message, excerpt=link.url or "")
    until = f"，{link.expires_at:%Y年%m月%d日 %H:%M}到期" if link.expires_at else ""
    message = f"“{shown}”{size}只以下载链接报送{until}，系统不自动下载，请人工核实后下载或请报送单位直接发送。"
    return Finding("link.external", "info", message, excerpt=link.url or "")
