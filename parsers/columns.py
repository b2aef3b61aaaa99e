"""Which column (栏目) a draft belongs in, by what the config says of the columns; scored and explained.

Precedence, measured on real titles: appointment > procurement > interpretation > questions or a guide, where the
title ends so > a column's own topic, where the title ends in it or in a type word of it (停水公告) > video > permits >
the type word that ends the title > a topic in the words before it > a question > news. The columns' names mean nothing
here: keywords, role, issuers and `from` decide, and where a role is missing it is inferred from the keywords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parsers import habits
from parsers.choice import Case, Choice, seen
from parsers.dates import fold
from parsers.learned import Example, Lesson
from parsers.office import Column, Office, Unit
from parsers.senses import (
    BARE_PROJECT,
    CLOSINGS,
    ENDINGS,
    LETTER,
    SPOKEN,
    ending,
    heads,
    is_event,
    is_firm,
    is_news,
    sense_of,
    topics,
    unquoted,
)
from parsers.titles import OFFICIAL_TYPES, stem

_TOPIC = {
    "appointment": 95.0,
    "procurement": 90.0,
    "interpretation": 85.0,
    None: 76.0,
    "fixed": 72.0,
    "video": 70.0,
    "news": 24.0,
    "qa": 66.0,
    "permit": 62.0,
    "document": 60.0,
    "notice": 60.0,
    "law": 60.0,
    "consultation": 40.0,
    "dynamic": 22.0,
}
"""What a topical word in the title is worth for a column of this role."""
_CLOSING, _ABOUT = 80.0, 50.0
"""A title that ends in 问答 or 办事指南, whatever it is about; a topic somewhere before the type word (关于…的通知)."""
_ENDING, _WRAPPED, _MENTION, _HEAD, _LEAD, _NEWS = 55.0, 45.0, 14.0, 8.0, 2.0, 20.0
_ISSUED, _ASKED, _SPOKEN, _BARE = 6.0, 200.0, 78.0, 24.5
_NUMBERED, _DATED = 46.0, 24.0
_BY_ROLE = {
    ("document", "document"): 44.0, ("notice", "notice"): 44.0, ("law", "law"): 44.0, ("law", "document"): 48.0,
    ("notice", "document"): 35.0, ("document", "notice"): 35.0,
}  # fmt: skip
"""(kind of type word, role): for type words that no keyword names, and where a column of that very kind is missing."""
_GENERAL = {
    "document": {"通知", "文件", "公文"},
    "notice": {"公告", "通告", "公示"},
    "law": {"办法", "规定", "规章", "法规"},
}
"""Role → the keywords of the column that takes what no column of this role names."""
_SPECIAL, _OWN_TYPE = 3.0, 77.0
"""How far a column of special types (规划, 批复) is behind the general one where it names none; where it names the
title's own, it is ahead of any topic before that."""
_SHIFTING, _TOPIC_OF_DOCUMENT, _OWN_NEWS = 0.85, 0.88, 0.93
"""Trust in type words that documents of several columns end in; in a column's own topic where a type word ends the
title; in an event told by a unit whose kind has one column for it."""
_SHIFTING_TYPES = ("方案", "计划", "规划", "纲要", "要点", "报告", "决定", "目录", "清单", "名单")
_CONTENT_TYPES = ("方案", "计划", "规划", "纲要", "要点", "总结", "目录", "清单", "名单", "标准", "预案", "制度")
"""Type words that say what a text holds, not in which form an organ speaks."""
_LEAD_LENGTH = 300
_CAPTION = 260
"""Characters of a text that is hardly more than its pictures' captions."""
_WRAPPED_TITLE = re.compile(r"(?:印发|转发|批转)(?P<title>.+?)的?(?:通知|函)$")
_OF_UNITS = frozenset({"dynamic", "news", "appointment", "procurement"})
"""Roles whose keywords are looked for in units' names too."""
_WRITER = "□"
_GENERAL_TYPE = re.compile(
    r"^(?:实施|指导|工作|管理|暂行|试行|若干|行动|专项|总体|年度|部门|行政|政府|重要|重大|紧急|补充|具体|试点|发展|建设"
    rf"|情况|会议|政策|技术|操作|任务|活动|公开|分工)*(?:{'|'.join(sorted(OFFICIAL_TYPES, key=len, reverse=True))})$"
)
_NAME_ENDS = re.compile(r"(?:信息|公开|专栏|专题|栏目|之窗|在线|园地|工作)+$")
_ARTICLES = re.compile(r"(?:^|\n)\s*第[一1]条\s")


@dataclass(frozen=True)
class _Claim:
    """What one sign is worth for one column."""

    column: str
    worth: float
    reason: str
    trust: float | None = None
    """How often it was right on real titles, where that is not what its worth says."""
    contests: bool = True
    """It makes a stronger claim of another column less certain."""


@dataclass(frozen=True)
class Ruling:
    """What the rules make of a case."""

    choice: Choice
    open_to: tuple[str, ...]
    """The columns that it may stand in at all: `from` and `issuers` allow it."""


def choose(
    title: str,
    unit: Unit | None,
    office: Office,
    *,
    number: str | None = None,
    issuer: str | None = None,
    lead: str = "",
    asked_for: str | None = None,
    pictures: int = 0,
    dated: bool | None = None,
) -> Choice:
    """The column for a draft, by the rules, and by the editors' habits where the office has a model of them.

    `lead`: its text, or the first lines. `asked_for`: a column's name from the covering note (see asked_column): it
    counts more than any habit. `pictures`: how many it shows. `dated`: it has a 成文日期 or 文号 (None: not known)."""
    case = seen(title, unit, number=number, issuer=issuer, lead=lead, pictures=pictures, dated=dated)
    ruling = ruled(case, office, asked_for)
    if office.model is None or (asked_for and ruling.choice.column == asked_for):
        return ruling.choice
    return habits.decide(ruling.choice, example(case, ruling, office), office.model)


def ruled(case: Case, office: Office, asked_for: str | None = None) -> Ruling:
    """By the rules alone."""
    open_to = [column for column in office.columns if _may_file(column, case.unit) and _issuer_fits(column, case)]
    subject = _without_names(case.title, office)
    claims = [claim for column in open_to for claim in _claims(column, case, subject, office)]
    if asked_for in {column.name for column in open_to}:
        claims.append(_Claim(asked_for or "", _ASKED, f"来信指定发布在“{asked_for}”栏目"))
    return Ruling(_best(claims, open_to), tuple(column.name for column in open_to))


def example(case: Case, ruling: Ruling, office: Office) -> Example:
    """What a model of the editors' habits is asked, and taught."""
    return habits.example(case, ruling.choice, ruling.open_to, office.keywords)


def lesson(case: Case, office: Office, became: str) -> Lesson | None:
    """What there is to learn from the editors' word; None where the case may not stand in that column (any more)."""
    ruling = ruled(case, office)
    return Lesson(example(case, ruling, office), became) if became in ruling.open_to else None


def _may_file(column: Column, unit: Unit | None) -> bool:
    """`from` binds only where the unit is known."""
    return unit is None or column.kinds is None or unit.kind in column.kinds


def _issuer_fits(column: Column, case: Case) -> bool:
    """A column with `issuers` takes only documents of these units or number prefixes."""
    return not column.issuers or _issued_by(column, case)


def _issued_by(column: Column, case: Case) -> bool:
    unit = case.unit.name if case.unit else ""
    prefix = case.number.partition("〔")[0]
    return any(
        one in {unit, prefix} or one in case.issuer.split("、") or case.title.startswith(one) for one in column.issuers
    )


def _claims(column: Column, case: Case, subject: str, office: Office) -> Iterator[_Claim]:
    """Everything that speaks for a column. The strongest counts; the small ones decide between equals."""
    role = column.role or sense_of(column.name, column.keywords)
    yield from _by_topic(column, role, case, subject)
    yield from _by_ending(column, role, case)
    yield from _by_wrapped(column, role, case)
    yield from _by_head(column, case)
    yield from _by_lead(column, case)
    yield from _as_news(column, role, case, office)


def _by_topic(column: Column, role: str | None, case: Case, subject: str) -> Iterator[_Claim]:
    """A keyword that names a subject, not a type of text; or the role's general words. `subject`: the title without
    the names of units, which say who writes, not what of."""
    for place, (worth, keyword) in enumerate(_found_keywords(column, role, case.title, subject)):
        named = worth > _MENTION
        trust = _TOPIC_OF_DOCUMENT if named and role in {None, "fixed"} and ending(case.title) else None
        counted = worth if role or not place else min(worth, _MENTION)
        yield _Claim(column.name, counted + len(keyword) / 10, f"标题含“{keyword}”", trust)
    for sense, words, firm in topics(case.title):
        if sense == role:
            closing = role in CLOSINGS and stem(case.title).endswith(words)
            worth = _CLOSING if closing else _TOPIC[role] if firm else _MENTION
            yield _Claim(column.name, worth, f"标题含“{words}”")
    spoken = LETTER.search(stem(case.title)) or (SPOKEN.search(case.title) and not ending(case.title))
    if role == "consultation" and spoken:
        yield _Claim(column.name, _SPOKEN, "标题为群众咨询、建议或投诉")
    if role == "procurement" and BARE_PROJECT.search(case.title) and not is_event(case.title):
        yield _Claim(column.name, _BARE, "标题为项目名称")


def _found_keywords(column: Column, role: str | None, title: str, subject: str) -> list[tuple[float, str]]:
    """The column's keywords in the title, each with what it is worth at its best place; the strongest first."""
    found: list[tuple[float, str]] = []
    for keyword in _words(column, role):
        forms = [] if _is_type(keyword, role) else _forms(title if role in _OF_UNITS else subject, keyword)
        places = [(form, match) for form in forms for match in re.finditer(re.escape(keyword), form)]
        found += [(max(_topic_worth(role, form, match) for form, match in places), keyword)] if places else []
    return sorted(found, key=lambda one: (-one[0], -len(one[1])))


def _words(column: Column, role: str | None) -> tuple[str, ...]:
    """The column's keywords; of one that has nothing but a name, that name without 信息 or 公开."""
    if column.keywords or role or column.issuers:
        return column.keywords
    return tuple(word for word in (_NAME_ENDS.sub("", fold(column.name)),) if len(word) > 1)


def _is_type(keyword: str, role: str | None) -> bool:
    """A type word (通知), or one with a general word before it (实施意见, 工作要点): it counts where the title ends.
    征求意见 and 防火令 are topics of a column without a role of its own."""
    general = _GENERAL_TYPE.match(keyword) or role not in {None, *ENDINGS}
    return keyword.endswith(OFFICIAL_TYPES) and bool(general)


def _forms(plain: str, keyword: str) -> list[str]:
    """The title in the forms in which the keyword stands in it: as it is, without quotation marks, without what it
    names in 《》."""
    forms = (plain, unquoted(plain), re.sub(r"《[^《》]*》", "", plain))
    return [form for form in dict.fromkeys(forms) if keyword in form]


def _without_names(title: str, office: Office) -> str:
    for unit in office.units:
        for name in unit.names:
            title = title.replace(name, _WRITER * len(name))
    return title


def _topic_worth(role: str | None, title: str, found: re.Match[str]) -> float:
    """What the word is worth at this place of the title."""
    start, end = found.span()
    if not is_firm(title, start, end, role):
        return _MENTION
    if role in CLOSINGS and stem(title).endswith(found[0]):
        return _CLOSING
    if role in ENDINGS and stem(title).endswith(found[0]):
        return _TOPIC[None]
    return _ABOUT if role is None and not heads(title, start, end) else _TOPIC.get(role, 60.0)


def _by_ending(column: Column, role: str | None, case: Case) -> Iterator[_Claim]:
    """The last type word of the title: as a keyword of the column, or by the column's role."""
    last = stem(case.title)
    worded = max((word for word in column.keywords if last.endswith(word)), key=len, default="")
    found = ending(case.title)
    own = _ISSUED * bool(column.issuers)
    if worded and found and (_is_type(worded, role) or role in ENDINGS):
        trust = _SHIFTING if worded.endswith(_SHIFTING_TYPES) else None
        own_type = role in ENDINGS and _special(column, role) and worded.endswith(_CONTENT_TYPES)
        worth = _OWN_TYPE if own_type else _ENDING
        yield _Claim(column.name, worth + len(worded) / 10 + own, f"标题文种为“{worded}”", trust)
    elif found and column.issuers and not column.keywords:
        yield _Claim(column.name, _ENDING + own, f"发文机关或文号属于本栏目，文种为“{found[1]}”")
    elif found and role and (found[0], role) in _BY_ROLE:
        worth = _BY_ROLE[found[0], role] + own - _special(column, role)
        yield _Claim(column.name, worth, f"标题文种为“{found[1]}”")
    elif not found and role == "document":
        yield from _as_document(column, case)


def _special(column: Column, role: str) -> float:
    """Of columns of one role, what one for certain documents (规划, 预算) is behind the one for all."""
    return _SPECIAL if column.keywords and not _GENERAL.get(role, set()) & set(column.keywords) else 0.0


def _as_document(column: Column, case: Case) -> Iterator[_Claim]:
    """Without a type word: a 文号 makes it a document; a signature with date does where no event is told."""
    less = _special(column, "document")
    if case.number:
        yield _Claim(column.name, _NUMBERED - less, "有发文字号")
    elif case.dated and not is_event(case.title) and not is_news(case.lead):
        yield _Claim(column.name, _DATED - less, "有署名和成文日期，且非动态报道")


def _by_wrapped(column: Column, role: str | None, case: Case) -> Iterator[_Claim]:
    """印发《某某办法》的通知: what it carries is the more specific, where the text itself is there to be seen."""
    match = _WRAPPED_TITLE.search(stem(case.title))
    inner = stem(stem(match["title"])) if match else ""
    worded = max((word for word in column.keywords if inner.endswith(word)), key=len, default="")
    carried = ending(inner) if inner else None
    if role == "law" and carried and carried[0] == "law" and (case.lead or worded):
        worth = _ENDING + 2 if _ARTICLES.search(case.lead) or (case.lead and "《" in case.title) else _WRAPPED
        yield _Claim(column.name, worth, f"印发的是“{worded or carried[1]}”")
    elif worded and role != "law":
        yield _Claim(column.name, _WRAPPED, f"印发的是“{worded}”", contests=False)


def _by_head(column: Column, case: Case) -> Iterator[_Claim]:
    """Keywords in the red head or the number's prefix."""
    head = f"{case.issuer} {case.number.partition('〔')[0]}"
    word = next((word for word in column.keywords if word in head), None)
    if word and not _is_type(word, None):
        yield _Claim(column.name, _HEAD, f"版头或文号含“{word}”")


def _by_lead(column: Column, case: Case) -> Iterator[_Claim]:
    """Keywords in the first lines: they decide between equals, and where the title says nothing."""
    words = [word for word in column.keywords if word in fold(case.lead[:_LEAD_LENGTH])]
    if words:
        yield _Claim(column.name, _LEAD * min(3, len(words)), f"正文开头含“{'、'.join(words[:3])}”")


def _as_news(column: Column, role: str | None, case: Case, office: Office) -> Iterator[_Claim]:
    """A report without a type word goes to the news of its kind of unit."""
    if role not in {"dynamic", "news"} or ending(case.title):
        return
    told_of = is_event(case.title) or is_news(case.lead)
    worth = _NEWS + (6 if told_of else 0) + (1 if role == "dynamic" else 0) - (0 if column.role else 0.5)
    worth += _kind_bonus(column, case, office) + _picture_bonus(column, case)
    reason = "内容为工作动态或新闻报道" if told_of else "标题无公文文种，按动态、新闻处理"
    yield _Claim(column.name, worth, reason, _OWN_NEWS if told_of and case.unit and column.kinds else None)


def _picture_bonus(column: Column, case: Case) -> float:
    """A column for pictures takes short texts with pictures, and leaves the others to its neighbour."""
    if not any(re.search(r"图片|组图|图集|摄影", word) for word in column.keywords):
        return 0.0
    return 2.0 if case.pictures and len(case.lead) <= _CAPTION else -2.0


def _kind_bonus(column: Column, case: Case, office: Office) -> float:
    """Without a unit: which kind of unit the title speaks of, by the names of the office's own."""
    if case.unit is not None or column.kinds is None:
        return 2.0 if case.unit is not None and column.kinds else 0.0
    kinds = {unit.kind for unit in office.units for name in unit.names if name in case.title or name in case.issuer}
    return 3.0 if kinds & set(column.kinds) else 0.0


def _best(claims: list[_Claim], open_to: list[Column]) -> Choice:
    """The strongest claim of each column, and a share of its others; confidence by the lead over the next."""
    ranked = _ranked(claims, open_to)
    if not ranked:
        return Choice(None, 0.0, "没有合适的栏目，请编辑指定")
    name, worth = ranked[0]
    rivals = _ranked([claim for claim in claims if claim.contests and claim.column != name], open_to)
    lead = worth - (rivals[0][1] if rivals else 0.0)
    reasons = sorted((claim for claim in claims if claim.column == name), key=lambda claim: -claim.worth)
    shown = "；".join(dict.fromkeys(claim.reason for claim in reasons[:2]))
    scores = tuple((column, round(total, 1)) for column, total in ranked)
    signs = tuple(sorted(((one.column, round(one.worth, 1), one.reason) for one in claims), key=lambda one: -one[1]))
    return Choice(name, _confidence(worth, lead, reasons[0].trust), shown, scores, signs)


def _ranked(claims: list[_Claim], open_to: list[Column]) -> list[tuple[str, float]]:
    totals = {column.name: _total([claim for claim in claims if claim.column == column.name]) for column in open_to}
    return sorted(((name, total) for name, total in totals.items() if total > 0), key=lambda one: -one[1])


def _total(claims: list[_Claim]) -> float:
    """The best sign whole, the small ones as far as they go: many mentions never outweigh a type word."""
    worths = sorted((claim.worth for claim in claims), reverse=True)
    return worths[0] + min(8.0, sum(worths[1:]) / 20) if worths else 0.0


_TRUST = ((_ASKED, 0.97), (85.0, 0.95), (_ENDING, 0.93), (_NEWS + 6, 0.85), (_NEWS, 0.6), (0.0, 0.4))
"""From a worth on, how often a claim that no other comes near was right on real titles."""
_CLEAR = 12.0
"""A lead that leaves no doubt."""


def _confidence(worth: float, lead: float, trust: float | None) -> float:
    """How often such a claim with such a lead was right on real titles."""
    base = trust or next(share for least, share in _TRUST if worth >= least)
    doubt = 0.0 if worth >= _ASKED else max(0.0, _CLEAR - lead) * 0.03
    return round(max(0.3, base - doubt), 2)
