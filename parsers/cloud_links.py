"""Files that a mail only links to (超大附件, 云附件, shares of net disks). Links are told, never fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from typing import Literal

Host = Literal["qq", "163", "139", "wps", "baidu", "other"]


@dataclass(frozen=True)
class CloudLink:
    """A file that the mail only links to."""

    name: str | None
    size: str | None
    """As the mail gives it: `35.2M`."""
    expires_at: datetime | None
    """In the office's local time, naive; None where the mail names no end. A day alone counts to its end."""
    url: str | None
    code: str | None
    """提取码."""
    host: Host


_HEAD = re.compile(
    r"(来自|从)?.{0,16}(邮箱|邮件|mail|coremail).{0,6}(的)?(超大附件|云附件|大附件|文件中转站)\s*[:：]?$|^(超大附件|云附件|文件中转站)\s*[:：]?$",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"(?P<name>[^()（）\n]{1,150}?(?:[（(][^()（）\n]{1,40}[)）][^()（）\n]{0,60}?)?)"
    r"\s*[（(]\s*(?P<size>\d[\d.,]{0,9}\s*(?:[KMGT]i?B?|B|字节))\s*(?:[,，、]\s*(?P<until>[^()（）\n]{0,60}))?[)）]",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://[^\s\"'<>“”，。；（）\u4e00-\u9fff]{4,1500}", re.IGNORECASE)
_SHARES: tuple[tuple[Host, re.Pattern[str]], ...] = (
    ("qq", re.compile(r"mail\.qq\.[\w.]+/(ftn|cgi-bin/ftn)|ftn\.qq\.com|share\.weiyun\.com|docs\.qq\.com")),
    ("163", re.compile(r"mail\.(163|126|yeah)\.\w+/(large-attachment|filehub)|(u|dashi|fs|edisk\.qiye)\.163\.com")),
    ("139", re.compile(r"(caiyun|yun)\.(139|feixin\.10086)\.(com|cn)|mail\.10086\.cn|139\.com/.{0,40}(large|disk)")),
    ("wps", re.compile(r"kdocs\.cn|(drive|365|yun)\.?wps\.cn|f\.wps\.cn")),
    ("baidu", re.compile(r"(pan|yun)\.baidu\.com")),
    ("other", re.compile(r"cloud\.189\.cn|ali(yundrive|pan)\.com|pan\.(quark|xunlei)\.c|123pan\.com|jianguoyun\.com")),
)
_HEADS: tuple[tuple[Host, str], ...] = (
    ("qq", "QQ"),
    ("qq", "腾讯"),
    ("163", "网易"),
    ("163", "163"),
    ("163", "126"),
    ("139", "139"),
    ("139", "移动"),
    ("wps", "WPS"),
)
_CODE = re.compile(r"(?:提取码|访问码|提取密码|访问密码|密码)\s*[:：]?\s*([A-Za-z0-9]{4,8})(?![A-Za-z0-9])")
_DAY = re.compile(
    r"(20\d\d)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?(?:\s*[(（]?\S{0,6}?[)）]?\s*(\d{1,2})[:：](\d{2}))?"
)
_SHARE_WORDS = re.compile(
    r"^(进入)?(下载(页面)?|打开|查看|保存|转存)[\s:：]*$|有效期|到期|过期|无限期|提取码|访问码"
    r"|复制这段内容|百度网盘|金山文档|来自.{0,20}分享|分享的?文件|推荐客户端|极速下载|^链接\s*[:：]"
)
_NAME = re.compile(
    r"(?:文件(?:名)?|分享的文件|名称)\s*[:：]\s*(.{1,150})$|【(?:金山文档|WPS云文档|腾讯文档)】\s*(.{1,150})$"
)
_FILE = re.compile(r".{1,150}\.[A-Za-z0-9]{2,5}$")
_HREF = re.compile(r'href="(https?://[^"]{4,1500})"')
_MOST = 50
_SHORT = 80


def find_links(texts: Sequence[str], htmls: Sequence[str], zoned: Sequence[bool]) -> tuple[list[CloudLink], set[int]]:
    """The links in the lines of a body, and the numbers of the lines that they take up. `zoned` lines stand in a
    program's own box for such links."""
    taken: set[int] = set()
    links: list[CloudLink] = []
    number = 0
    while number < len(texts):
        end = _block_end(texts, htmls, zoned, number)
        if end > number and len(links) < _MOST:
            links += _links_of(texts[number:end], htmls[number:end])
            taken.update(range(number, end))
        number = max(end, number + 1)
    return links, taken


def _block_end(texts: Sequence[str], htmls: Sequence[str], zoned: Sequence[bool], begin: int) -> int:
    """Where a run of lines about links ends that begins here; `begin` itself where none does."""
    headed = zoned[begin] or _HEAD.search(texts[begin][:80])
    if not (headed or _share(texts[begin], htmls[begin]) or _opens_share(texts, htmls, begin)):
        return begin
    end = begin + 1
    while end < len(texts) and (zoned[end] or _belongs(texts[end], htmls[end])):
        end += 1
    return end


def _opens_share(texts: Sequence[str], htmls: Sequence[str], begin: int) -> bool:
    """A line such as 通过百度网盘分享的文件：… with the link on the next one or two."""
    following = range(begin + 1, min(begin + 3, len(texts)))
    return bool(_NAME.search(texts[begin])) and any(_share(texts[number], htmls[number]) for number in following)


def _belongs(text: str, html: str) -> bool:
    """Whether a line goes on telling of links; a sentence of the text does not."""
    line = text.strip()
    if _share(text, html) or _ITEM.match(line) or _URL.match(line):
        return True
    words = _SHARE_WORDS.search(line) or _CODE.search(line) or _NAME.search(line)
    return len(line) <= _SHORT and bool(words or (_HREF.search(html) and _FILE.match(line)))


def _share(text: str, html: str) -> Host | None:
    """The net disk that a line links to."""
    urls = " ".join([*_URL.findall(text[:4000]), *_hrefs(html)])
    return next((host for host, pattern in _SHARES if pattern.search(urls)), None)


def _hrefs(html: str) -> list[str]:
    return [unescape(url) for url in _HREF.findall(html[:20_000])]


def _links_of(texts: Sequence[str], htmls: Sequence[str]) -> list[CloudLink]:
    """The links in a run of lines: an item begins with a name and a size, else with an address."""
    links: list[CloudLink] = []
    host = _host(texts, htmls)
    for text, html in zip(texts, htmls, strict=True):
        told = _told(text, html, host)
        if _HEAD.search(text[:80]) or told == CloudLink(None, None, None, None, None, told.host):
            continue
        if links and not _begins_another(links[-1], told):
            links[-1] = _completed(links[-1], told)
        else:
            links.append(told)
    named = [link for link in links if link.name]
    return named or [link for link in links if link.url]


def _told(text: str, html: str, host: Host) -> CloudLink:
    """What one line says of a link; most of it may be missing."""
    urls = [*_URL.findall(text[:4000]), *_hrefs(html)]
    item, named, code = _ITEM.match(text.strip()), _NAME.search(text.strip()), _CODE.search(text)
    name = item["name"].strip() if item else (named[1] or named[2]).strip() if named else None
    return CloudLink(
        name=name or (text.strip() if _FILE.match(text.strip()) and not _URL.search(text) else None),
        size=item["size"].replace(" ", "") if item else None,
        expires_at=_moment(text),
        url=urls[0] if urls else None,
        code=code[1] if code else None,
        host=_share(text, html) or host,
    )


def _begins_another(last: CloudLink, told: CloudLink) -> bool:
    """Whether a line is of a new link: a second name, or a second address of a net disk."""
    second_name = bool(told.name and last.name and told.name != last.name)
    second_address = bool(told.url and last.url and told.url != last.url and last.name is None)
    return second_name or second_address


def _completed(last: CloudLink, told: CloudLink) -> CloudLink:
    return replace(
        last,
        name=last.name or told.name,
        size=last.size or told.size,
        expires_at=last.expires_at or told.expires_at,
        url=last.url or told.url,
        code=last.code or told.code,
    )


def _host(texts: Sequence[str], htmls: Sequence[str]) -> Host:
    for text, html in zip(texts, htmls, strict=True):
        found = _share(text, html)
        if found:
            return found
    head = texts[0][:80].upper() if _HEAD.search(texts[0][:80]) else ""
    return next((host for host, word in _HEADS if word in head), "other")


def _moment(text: str) -> datetime | None:
    match = _DAY.search(text[:400])
    if not match:
        return None
    year, month, day = (int(number) for number in match.groups()[:3])
    hour, minute, second = (int(match[4]), int(match[5]), 0) if match[4] else (23, 59, 59)
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None
