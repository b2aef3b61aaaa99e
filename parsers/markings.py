"""Marks of secrecy, urgency and disclosure (GB/T 9704, 7.2; DOMAIN.md, section 4)."""

from __future__ import annotations

import re

from parsers.dates import fold
from parsers.lines import closed_up

_SECRET = re.compile(
    r"^[\s★☆*]*(?P<degree>绝\s*密|机\s*密|秘\s*密)\s*(?:[★☆*]\s*(?P<term>\d+\s*(?:年|个?月|天|日)|长期|启封前|公布前)?)?"
    r"\s*(?P<urgency>特\s*急|加\s*急|平\s*急|特\s*提)?\s*$"
)
_WORK_SECRET = re.compile(
    r"^[\s★☆*(\[【]*(?:(?:工作秘密|内部资料|内部文件|内部使用|注意保存|妥善保管|不得外传|严禁外传|会后收回|阅后即焚)[\s,、。!:]{0,3}){1,5}[)\]】]*$"
)
_URGENT = re.compile(r"^\s*(特\s*急|加\s*急|平\s*急|特\s*提|急\s*件)\s*$")
_HERE = re.compile(r"[(\[【]\s*此件\s*(?P<said>[^()\[\]【】。]{1,30}?)\s*[)\]】]")
_PROPERTY = re.compile(
    r"(?:^|[\t ]{2}|\t)\W{0,4}(?:政府)?(?:信息)?公开\s*(?:属性|选项|方式|形式|类型|类别)\s*:?\s*"
    r"(?P<said>主动公开|依申请公开|不予公开|不公开|免予公开|部分公开|公开)\s*[。)\]]?\s*(?:$|[\t ]{2}|\t)",
    re.MULTILINE,
)
"""A label of its own, not a sentence about ways of disclosure."""
_CLOSED = re.compile(r"不予公开|不公开|免予公开|依申请公开|发至|不得公开|不宜公开|部分公开|内部|限.{0,12}(?:阅|知悉)")
_LONGEST = 80
SECRECY_LINES = 15
"""How many lines of the head a mark of secrecy may stand in; below, 秘密 is a word of the text."""


def secrecy(line: str) -> str | None:
    """The mark of secrecy that a line consists of (秘密★1年), or None; 商业秘密 in a sentence is none."""
    match = _SECRET.match(fold(line)) if len(line) <= _LONGEST else None
    if not match:
        return _work_secret(line)
    degree, term = re.sub(r"\s", "", match["degree"]), match["term"]
    return f"{degree}★{re.sub(r' ', '', term)}" if term else degree


def _work_secret(line: str) -> str | None:
    plain = closed_up(fold(line[: _LONGEST + 1]))
    return plain if len(plain) <= _LONGEST and _WORK_SECRET.match(plain) else None


def urgency(line: str) -> str | None:
    """特急, 加急 and the like where a line consists of it, alone or after the mark of secrecy."""
    plain = fold(line[: _LONGEST + 1])
    match = _URGENT.match(plain)
    secret = _SECRET.match(plain)
    found = match[1] if match else secret["urgency"] if secret else None
    return re.sub(r"\s", "", found) if found else None


def disclosure(text: str) -> tuple[str, str] | None:
    """What a document says of its disclosure, and the words: （此件公开发布）, 公开属性：不予公开. The strictest."""
    plain = fold(text)
    found = [(match["said"].strip(), match[0]) for pattern in (_HERE, _PROPERTY) for match in pattern.finditer(plain)]
    return next((one for one in found if is_closed(one[0])), found[0] if found else None)


def is_closed(said: str) -> bool:
    """The stated disclosure forbids publishing: 不予公开, 依申请公开, 发至县团级 …"""
    return bool(_CLOSED.search(said))
