"""发文字号: the number of an official document, in all its misspellings, to its normal form 某政发〔2026〕1号."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.dates import ZERO, fold, number

_OPEN, _CLOSE = r"〔\[(【﹝<《{「〖（［", r"〕\])】﹞>》}」〗）］"
_YEAR = rf"(?:19|20|2[{ZERO}])\s*[0-9{ZERO}]\s*[0-9{ZERO}]"
_PREFIX = r"(?P<prefix>[A-Za-z一-龥](?:\s{0,4}[A-Za-z一-龥]){0,15}?)"
_ONE = re.compile(
    rf"{_PREFIX}\s*[{_OPEN}]\s*(?P<year>{_YEAR})\s*年?\s*[{_CLOSE}]\s*[,.、]?\s*(?:第\s*)?(?P<serial>[0-9O](?:\s?[0-9O]){{0,4}})\s*号"
)
"""Of the prefix the shortest that reaches back to something else than a character; {1,16} as in DOMAIN.md."""
_BARE_YEAR = re.compile(rf"^{_PREFIX}\s*(?P<year>{_YEAR})\s*年?\s*第?\s*(?P<serial>[0-9]{{1,5}})\s*号$")
_NO_SIGN = re.compile(
    rf"^{_PREFIX}\s*[{_OPEN}]\s*(?P<year>{_YEAR})\s*年?\s*[{_CLOSE}]\s*第?\s*(?P<serial>[0-9]{{1,5}})$"
)
_PLAIN = re.compile(
    r"^(?:(?P<year>(?:19|20)\d\d)\s*年?\s*)?第\s*(?P<serial>[0-9]{1,5}|[一二三四五六七八九十百〇零]{1,7})\s*[号期]$"
)
_LABEL = re.compile(r"^(?:发\s*文\s*字\s*号|发\s*文\s*号|文\s*件\s*编\s*号|文\s*号|字\s*号)\s*[:\s]\s*")
_SENTENCE = re.compile("关于|印发|转发|批转|根据|按照|依据|落实|贯彻|执行|废止|的")
"""A prefix never holds these: the number is cited."""
_CITED = re.compile(
    rf"[{_OPEN}]\s{{0,3}}(?P<year>(?:19|20)\d\d)\s?年?\s{{0,3}}[{_CLOSE}]\s{{0,3}}(?:第\s?)?(?P<serial>\d{{1,5}})\s?号"
)
_BEFORE = re.compile(r"(?:(?<=[)》>\]号])(?:以及|[和与及]))?(?P<prefix>[A-Za-z一-龥]{1,16})\s{0,3}$")
_SIGNER = re.compile(r"签\s*发\s*人\s*:?\s*(?P<names>[一-龥·]{1,4}(?:[\s、,]+[一-龥·]{1,4}){0,5})?\s*$")


@dataclass(frozen=True)
class HeadNumber:
    """The number that a line of the head consists of, and the signer who may stand beside it."""

    number: str
    signer: str | None = None


def whole_number(line: str) -> HeadNumber | None:
    """The number of a line that says nothing else but a label, brackets or 签发人; a citation in a sentence is none."""
    plain = fold(line).strip()
    if len(plain) > 80:
        return None
    signer = signer_of(plain)
    plain = _LABEL.sub("", _SIGNER.sub("", plain)).strip()
    plain = _unwrapped(plain)
    match = _ONE.fullmatch(plain) or _BARE_YEAR.match(plain) or _NO_SIGN.match(plain)
    if match:
        return HeadNumber(_normal(match), signer)
    ordered = _PLAIN.match(plain)
    return HeadNumber(re.sub(r"\s", "", plain), signer) if ordered and plain.endswith("号") else None


def signer_of(line: str) -> str | None:
    """Who signed the document for issue (签发人, in reports and requests to a superior)."""
    match = _SIGNER.search(fold(line))
    return re.sub(r"\s+", "、", match["names"].strip()) if match and match["names"] else None


def leading_number(text: str) -> tuple[str, str] | None:
    """A number that a title or file name begins or ends with, and the rest: 某政发〔2026〕3号 关于…."""
    plain = fold(text).strip()
    start = _ONE.match(plain)
    if start and not _SENTENCE.search(start["prefix"]):
        return _normal(start), plain[start.end() :].strip(" ,;:-_、")
    end = re.search(r"[(\[【]\s*([^()\[\]【】]{0,24}[(〔\[【﹝][^()]{4,8}[)〕\]】﹞][^()]{0,12}号)\s*[)\]】]$", plain)
    inner = _ONE.fullmatch(end[1]) if end else None
    return (_normal(inner), plain[: end.start()].strip()) if end and inner else None


def cited_numbers(text: str) -> list[str]:
    """All numbers that a text cites, in normal form and in order."""
    plain = fold(text)
    cited = [(_BEFORE.search(plain, max(0, one.start() - 20), one.start()), one) for one in _CITED.finditer(plain)]
    prefixes = [(_SENTENCE.split(before["prefix"])[-1], match) for before, match in cited if before]
    return [f"{prefix}〔{match['year']}〕{int(match['serial'])}号" for prefix, match in prefixes if prefix]


def _unwrapped(plain: str) -> str:
    inner = re.fullmatch(r"[(\[【]\s*(.+?)\s*[)\]】]", plain)
    return inner[1] if inner and (_ONE.fullmatch(inner[1]) or _PLAIN.match(inner[1])) else plain


def _normal(match: re.Match[str]) -> str:
    prefix = re.sub(r"\s", "", match["prefix"])
    serial = int(re.sub(r"\s", "", match["serial"]).replace("O", "0"))
    return f"{prefix}〔{number(match['year'])}〕{serial}号"
