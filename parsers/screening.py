"""What an editor must know before publishing: the findings of CONTRACT.md, section 3, that content gives rise to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from parsers import markings
from parsers.dates import fold
from parsers.elements import Elements
from parsers.lines import visible
from parsers.office import Column, Office
from parsers.personal import around, name_list, personal_data
from parsers.senses import ending
from parsers.submission import Finding, Severity
from parsers.titles import stem
from parsers.wording import suspects

SEVERITY: dict[str, Severity] = {
    "secret.marking": "block",
    "secret.not_public": "block",
    "pii.id_number": "block",
    "pii.bank_card": "block",
    "document.future_date": "block",
    "pii.phone": "warn",
    "pii.name_list": "warn",
    "document.no_date": "warn",
    "document.no_title": "warn",
    "interpretation.missing": "warn",
    "validity.expires": "info",
    "supersedes": "info",
    "link.external": "info",
    "text.suspect": "info",
}
_PERSONAL = {
    "pii.id_number": "含居民身份证号码，公开前须删除或隐去",
    "pii.bank_card": "含银行卡号，公开前须删除或隐去",
    "pii.phone": "含个人手机号码，公开前请核实是否可以公开",
}
_DATED_ROLES = {"document", "notice", "law", "procurement", "appointment"}
_MOST_HITS = 20
"""Findings of one kind in one place; more tell an editor nothing new."""

_UNITS = r"(?:个?工作日|个?月|日|天|年)"
_SPAN = rf"(?:\d{{4}}|\d{{1,3}}\s*{_UNITS}|\d{{1,2}}月|[一二两三四五六七八九十]{{1,3}}\s*{_UNITS})"
_PUBLIC_PERIOD = re.compile(rf"公示(?:期限?|时间|日期|时限)\s*(?:为|是|自|从|:|,|\s)*{_SPAN}")
_VALID_UNTIL = re.compile(
    rf"本[一-龥《》]{{1,12}}[^。\n]{{0,60}}有效期限?\s*(?:为|至|到|是|自|:|\s)*{_SPAN}|有效期限?\s*(?:截?至|到|为\s*\d{{4}})\s*(?:\d{{4}})"
    rf"|(?:试行|暂行)期限?\s*(?:为|至|:)?\s*{_SPAN}|本[一-龥]{{1,8}}自[^。\n]{{4,30}}(?:施行|实施|执行)[^。\n]{{0,12}}(?:至|试行)[^。\n]{{2,16}}(?:止|年)"
)
_NOT_ITS_OWN = re.compile(r"(?:证|照|许可|资质|合同|卡|码|疫苗|保险)[^。，,;\n]{0,6}$")
_REPEALS = re.compile(
    r"(?:同时|予以|自行|即行|相应|一并)废止|废止(?:《|以下|下列|的决定|的通知)|以(?:本|此)[一-龥]{1,6}为准|"
    r"原[^。\n]{0,40}(?:作废|不再执行|停止执行|同时失效)|不再执行[^。\n]{0,10}[《〔]|[《〔][^。\n]{0,60}(?:停止执行|不再执行|作废)"
)
_CORRECTS = re.compile(r"更正|勘误|补正|(?:修改|修订|废止|撤销)[^。]{0,60}(?:决定|通知|公告)$|废止")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'（）()《》，。；、]+", re.IGNORECASE)
_HREF = re.compile(r"href=[\"'](https?://[^\"']+)", re.IGNORECASE)


def screen(
    text: str,
    annex_texts: Mapping[str, str],
    elements: Elements,
    column: Column | None,
    office: Office,
    *,
    received_on: date | None,
    interpretation_present: bool = False,
    dated_kind: bool | None = None,
) -> tuple[Finding, ...]:
    """All content findings of one draft. `text`: of the whole main part, before letterhead and foot were cut;
    `annex_texts`: file name → text (also of hidden sheets); `received_on`: office-local day of receipt;
    `interpretation_present`: the same mail holds an interpretation of it;
    `dated_kind`: it must bear a date (None: judged by its form and column)."""
    places = {"": text, **annex_texts}
    found = [finding for place, words in places.items() for finding in _in_text(words, place, elements, office)]
    found += _of_disclosure(elements, places)
    found += _of_document(text, elements, column, received_on, dated_kind)
    found += _of_rules(text, elements, column, office, interpretation_present)
    found += _of_links(text, elements, office)
    return tuple(dict.fromkeys(found))


def raise_severity(finding: Finding, role: str) -> Finding:
    """A finding on an attachment (encrypted, damaged, refused) is a block where it is the main text, else a warning."""
    hindered = finding.code in {"attachment.encrypted", "attachment.damaged", "attachment.refused"}
    return replace(finding, severity="block" if role == "main" else "warn") if hindered else finding


def _finding(code: str, message: str, excerpt: str = "", place: str = "") -> Finding:
    return Finding(code, SEVERITY[code], message, excerpt, place)


def _in_text(text: str, place: str, elements: Elements, office: Office) -> Iterator[Finding]:
    """Marks of secrecy and personal data: of the text and of each annex."""
    head = [line for line in map(visible, text.split("\n")) if line][: markings.SECRECY_LINES]
    for line in (line for cell in head for line in cell.split("\t")):
        if markings.secrecy(line):
            yield _finding("secret.marking", "文件标有密级或内部资料字样，不得公开，请立即报告负责人", line, place)
    counts: dict[str, int] = {}
    for hit in personal_data(text):
        counts[hit.code] = counts.get(hit.code, 0) + 1
        if counts[hit.code] <= _MOST_HITS and not _may_stand(hit.value, office):
            yield _finding(hit.code, _PERSONAL[hit.code], hit.excerpt, place)
    names = name_list(text, f"{elements.title or ''} {place}")
    if names:
        yield _finding("pii.name_list", "含涉及特定人群的人员名单，请核实是否应当隐去姓名", names.excerpt, place)


def _may_stand(value: str, office: Office) -> bool:
    """The office's own numbers, and those that it lets pass."""
    allowed = {re.sub(r"\D", "", fold(one)) for one in (*office.own_phones, *office.allow)} - {""}
    return value in allowed or value in office.allow


def _of_disclosure(elements: Elements, places: Mapping[str, str]) -> Iterator[Finding]:
    """The document says of itself that it is not for the public; a mark that only the page header bears counts too."""
    for place, text in places.items():
        said = markings.disclosure(text)
        if said and markings.is_closed(said[0]):
            yield _finding("secret.not_public", f"文件标明“{said[0]}”，不得直接公开", said[1], place)
    stated = elements.disclosure
    if stated and markings.is_closed(stated) and not markings.disclosure(places[""]):
        yield _finding("secret.not_public", f"文件标明“{stated}”，不得直接公开", stated)
    if elements.secrecy and not any(markings.secrecy(line) for line in places[""].split("\n")):
        yield _finding("secret.marking", "文件标有密级或内部资料字样，不得公开，请立即报告负责人", elements.secrecy)


def _of_document(
    text: str, elements: Elements, column: Column | None, received_on: date | None, dated_kind: bool | None
) -> Iterator[Finding]:
    if not elements.title:
        yield _finding("document.no_title", "未能识别标题，请编辑补充")
    issued = elements.issued_on
    if issued and received_on and issued > received_on:
        stated = f"{issued.year}年{issued.month}月{issued.day}日"
        yield _finding(
            "document.future_date", f"成文日期（{stated}）晚于收到日期，请与报送单位核实", issued.isoformat()
        )
    must = dated_kind if dated_kind is not None else _must_be_dated(elements, column)
    if issued is None and must and text.strip():
        yield _finding("document.no_date", "未见成文日期，无法核算报送时限，请与报送单位核实")


def _must_be_dated(elements: Elements, column: Column | None) -> bool:
    """Official documents and notices bear a date; news, interpretations and questions need none."""
    return elements.form == "official" or (column is not None and column.role in _DATED_ROLES)


def _of_rules(
    text: str, elements: Elements, column: Column | None, office: Office, interpretation_present: bool
) -> Iterator[Finding]:
    """Interpretation, validity, repeal and correction, likely slips."""
    if not interpretation_present and _needs_interpretation(elements, column, office):
        yield _finding("interpretation.missing", "该类文件应配套解读或便民问答，来信中未见", elements.title or "")
    plain = fold(text)
    period = _PUBLIC_PERIOD.search(plain) or _own_validity(plain)
    if period:
        excerpt = around(plain, *period.span())
        yield _finding("validity.expires", "文件规定了有效期或公示期，到期后应及时删除或变更", excerpt)
    repeals = _REPEALS.search(plain) or _CORRECTS.search(stem(elements.title or ""))
    if repeals:
        source = plain if repeals.string == plain else repeals.string
        yield _finding(
            "supersedes", "文件废止、更正或代替了以前的文件，请核对网上旧文", around(source, *repeals.span(), reach=30)
        )
    for words, meant in suspects(text, office):
        yield _finding("text.suspect", meant, words)


def _needs_interpretation(elements: Elements, column: Column | None, office: Office) -> bool:
    """By the column; also a regulation that is filed with the documents, where the office asks it of regulations."""
    if column is not None and column.needs_interpretation:
        return True
    asked = any(one.role == "law" and one.needs_interpretation for one in office.columns)
    filed = column is not None and column.role == "document"
    return asked and filed and (ending(elements.wrapped_title or "") or ("", ""))[0] == "law"


def _own_validity(plain: str) -> re.Match[str] | None:
    """A validity of the document itself, not of a licence that it speaks of."""
    matches = _VALID_UNTIL.finditer(plain)
    return next(
        (match for match in matches if not _NOT_ITS_OWN.search(plain[max(0, match.start() - 20) : match.start()])), None
    )


def _of_links(text: str, elements: Elements, office: Office) -> Iterator[Finding]:
    """Addresses outside the government's own domains."""
    own = office.address.partition("@")[2].lower()
    urls = dict.fromkeys((*_URL.findall(text), *_HREF.findall(elements.html)))
    for url in [url for url in urls if not _is_own(url, own)][:_MOST_HITS]:
        yield _finding("link.external", "含站外链接，请核实其安全性和有效性", url[:200])


def _is_own(url: str, own: str) -> bool:
    host = re.sub(r"^(?:https?://)?(?:[^/@]*@)?", "", url.lower()).split("/")[0].split(":")[0]
    return host.endswith(".gov.cn") or (bool(own) and (host == own or host.endswith("." + own)))
