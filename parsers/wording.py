"""Slips of the pen in official text that a machine can see: a short list of common ones, none of them in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from parsers.dates import fold
from parsers.office import Office

_TYPO_PAIRS = (
    "截止目前→截至目前 截止到→截至 布署→部署 己经→已经 做为→作为 按装→安装 松驰→松弛 坐阵→坐镇 "
    "震憾→震撼 一如继往→一如既往 再接再励→再接再厉 名符其实→名副其实 穿流不息→川流不息 "
    "不径而走→不胫而走 迫不急待→迫不及待 走头无路→走投无路 谈笑风声→谈笑风生 渡假→度假 帐户→账户 "
    "帐号→账号 供献→贡献 气慨→气概 追朔→追溯 脉博→脉搏 幅射→辐射 防犯→防范 急燥→急躁 竣功→竣工 "
    "贯切→贯彻 人民政俯→人民政府"
)
_TYPOS = dict(pair.split("→") for pair in _TYPO_PAIRS.split())
"""What was typed → what was meant."""
_TYPO = re.compile("|".join(map(re.escape, _TYPOS)))
_UNTIL = re.compile(r"截止(?=\d{1,4}(?:年|月))")
_DOUBLED = re.compile(r"[，。；：、]{2,}|的的(?!确)|了了(?![之解])|和和(?![美气睦])|(?<![一-龥])进行进行")
_DAY = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_MOST = 5
_SEARCHED = 200_000
"""Characters in which names of units are looked for."""


def suspects(text: str, office: Office) -> list[tuple[str, str]]:
    """(words, what is likely meant) for at most five likely slips."""
    found = dict.fromkeys((*_typos(text), *_impossible_days(text), *_swapped_names(text[:_SEARCHED], office)))
    return list(found)[:_MOST]


def _typos(text: str) -> Iterator[tuple[str, str]]:
    for match in _TYPO.finditer(text):
        yield match[0], f"疑为“{_TYPOS[match[0]]}”"
    for match in _UNTIL.finditer(fold(text)):
        yield match[0], "疑为“截至”"
    for match in _DOUBLED.finditer(text):
        yield match[0], "标点或字词重复"


def _impossible_days(text: str) -> Iterator[tuple[str, str]]:
    for match in _DAY.finditer(fold(text)):
        try:
            date(int(match["year"]), int(match["month"]), int(match["day"]))
        except ValueError:
            yield match[0], "日期不存在"


def _swapped_names(text: str, office: Office) -> Iterator[tuple[str, str]]:
    """A unit's name with two neighbouring characters swapped."""
    known = {name for unit in office.units for name in unit.names}
    for name in sorted(name for name in known if len(name) >= 5):
        for place in range(1, len(name) - 1):
            swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
            if swapped != name and swapped not in known and swapped in text:
                yield swapped, f"疑为“{name}”"
