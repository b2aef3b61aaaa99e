"""Titles of documents and articles: their type words, when they are whole, and what mail and file names add to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.dates import fold
from parsers.document_numbers import leading_number
from parsers.lines import closed_up

_OFFICIAL_TYPES_WORDS = (
    "通知 通报 通告 公告 公示 公报 决定 决议 命令 意见 议案 报告 请示 批复 答复 复函 函 纪要 方案 "
    "办法 规定 细则 条例 规则 规程 章程 准则 制度 措施 预案 规划 计划 纲要 要点 告知书 公开信 "
    "倡议书 决定书 令 标准 清单 目录 总结 声明 启事 预告 计划书 说明 名单"
)
OFFICIAL_TYPES = tuple(_OFFICIAL_TYPES_WORDS.split())
"""Kinds of official text (Regulations on official documents 2012, article 8, and others that offices use)."""
_OTHER_TYPES_WORDS = (
    "解读 问答 指南 简介 分工 职责 设置 概况 情况表 一览表 统计表 名册 报名表 专报 简报 快报 "
    "简章 须知 一封信 承诺书 白皮书 名录"
)
OTHER_TYPES = tuple(_OTHER_TYPES_WORDS.split())
_TYPE = "|".join(sorted(OFFICIAL_TYPES + OTHER_TYPES, key=len, reverse=True))
_TYPE_END = re.compile(rf"(?:{_TYPE})$")
_OF_TYPE_END = re.compile(rf"的(?:[一-龥]{{0,4}})?(?:{_TYPE})$")
_TAIL = re.compile(r"\s*[(\[【<][^()\[\]【】<>]{1,40}[)\]】>]$")
_OPENS = re.compile(r"关于|印发|转发|批转")
_PAIRS = (("《", "》"), ("(", ")"), ("〈", "〉"), ("“", "”"), ("[", "]"), ("【", "】"), ("〔", "〕"))
_PREFIXES = re.compile(
    r"^(?:(?:re|fw|fwd|aw|转发|转|回复|答复|回覆|轉寄|轉發|再次发送|重发|补发|报送|上报|投稿|来稿|新闻稿件?|稿件|信息稿件?|标题|题目|主题)\s*:\s*)+",
    re.IGNORECASE,
)
_LONGEST = 500
"""Characters of a title, subject or file name that are looked at."""
_EXTENSION = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]{1,4})+$")
_VERSION = re.compile(
    r"[\s_\-]{0,4}(?:[(\[【][^()\[\]【】]{0,6}(?:稿|版|修改后?|盖章|扫描件?|正式|新|\d{1,2})[)\]】]"
    r"|(?:副本|最终版?|定稿|终稿|正式稿|word版|pdf版))$",
    re.IGNORECASE,
)
_FILE_DATE = re.compile(
    r"^(?:\(?(?:20\d\d[-._年]?)?\d{1,2}[-._月]\d{1,2}日?\)?|\(?20\d{6}\)?)[\s_.、-]{0,4}(?:稿件?|信息)?[\s_:、-]{0,4}"
    r"|[\s_(-]{0,4}20\d{6}\)?$|[\s_(-]{1,4}(?:20\d\d[-._年]\d{1,2}[-._月]\d{1,2}日?|\d{1,2}[.月-]\d{1,2}日?)\)?$"
)
_SERIAL = re.compile(r"^(?:\d{1,2}\s*[.、_\-)]\s*|\(\d{1,2}\)\s*)(?=[^\d\s])")


def stem(title: str) -> str:
    """A title without the brackets at its end ((试行), (第二次)), for a look at its last word."""
    plain = closed_up(fold(title[:_LONGEST])).rstrip(" .。!")
    while _TAIL.search(plain):
        plain = _TAIL.sub("", plain).rstrip()
    return plain.rstrip("》〉”\"' ")


def type_word(title: str) -> str | None:
    """The word that says what kind of text it is, at the end of the title: 通知, 公告, 解读; None without one."""
    match = _TYPE_END.search(stem(title))
    return match[0] if match else None


def is_whole(title: str) -> bool:
    """Nothing more can be expected: brackets are closed, and what began with 关于 or 印发 has come to its type word."""
    plain = closed_up(fold(title))
    if not balanced(plain):
        return False
    if _OPENS.search(plain):
        return bool(_OF_TYPE_END.search(stem(plain)))
    return bool(_TYPE_END.search(stem(plain)))


def balanced(text: str) -> bool:
    """Every bracket and quotation mark of the title is closed."""
    return all(text.count(left) <= text.count(right) for left, right in _PAIRS)


def joined(lines: Sequence[str]) -> str:
    """The lines of one title: without a space between Chinese, with one between Latin words.

    A space inside a line that divides a headline in two (春耕正当时 田间好风光) stays."""
    whole = ""
    for line in (_unspread(re.sub(r"\s+", " ", line.strip())) for line in lines):
        latin = whole and re.search(r"[A-Za-z0-9]$", whole) and re.match(r"[A-Za-z]", line)
        whole += (" " if latin else "") + line
    return whole


def _unspread(line: str) -> str:
    """通　　知 or 河 北 省: single characters set apart are one word."""
    line = re.sub(r"(?<![^\s])([一-龥])(?: ([一-龥])(?![^\s]))+", lambda match: match[0].replace(" ", ""), line)
    return re.sub(r"(?<=[一-龥]) (?=[》)】])|(?<=[《(【]) (?=[一-龥])", "", line)


def from_subject(subject: str | None) -> str | None:
    """What a subject says as a title: without Fwd:, 转发:, and 【…】 before it; None where nothing remains."""
    return _cleaned(_PREFIXES.sub("", fold((subject or "")[:_LONGEST]).strip()), subject)


def from_file_name(name: str | None) -> str | None:
    """What a file name says as a title: without extension, date, serial and 文号; None where nothing remains."""
    plain = _EXTENSION.sub("", fold((name or "")[-_LONGEST:]).strip())
    for pattern in (_VERSION, _FILE_DATE, _SERIAL, _VERSION):
        plain = pattern.sub("", plain).strip()
    return _cleaned(plain, name)


def _cleaned(plain: str, source: str | None) -> str | None:
    plain = _PREFIXES.sub("", plain.strip(" _-"))
    number = leading_number(plain)
    plain = number[1] if number else plain
    found = _as_typed(plain, source or "")
    return found if len(re.findall(r"[一-龥A-Za-z]", found)) >= 4 else None


def _as_typed(plain: str, source: str) -> str:
    """The signs as they were typed (full-width brackets), where folding them changed nothing else."""
    start = fold(source).find(plain)
    same_length = len(fold(source)) == len(source)
    return source[start : start + len(plain)].strip() if start >= 0 and same_length else plain
