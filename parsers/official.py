"""The elements of an official document after GB/T 9704-2012 and, before it, -1999 (DOMAIN.md, section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from parsers import markings
from parsers.content import Block
from parsers.dates import FoundDate, find_dates
from parsers.document_numbers import leading_number, whole_number
from parsers.elements import Elements
from parsers.lines import Line, closed_up, lines_of, without
from parsers.office import Office
from parsers.official_foot import Foot, read_foot
from parsers.official_head import Head, read_head
from parsers.organs import is_sealed, is_signed_by_person, organs, without_seal
from parsers.places import Places, places_of
from parsers.senses import ending
from parsers.sources import DATE_LABELS, ISSUER_LABELS, sources
from parsers.titles import from_file_name, from_subject, joined, stem

_WRAPS = re.compile(r"印发|转发|批转|印送|公布|发布")
_WRAPPED = re.compile(r"(?:印发|转发|批转|公布|发布)\s*(?P<title>.+)的(?:通知|函|公告|决定)$")
_PROCLAIMED = re.compile(r"^《(?P<title>[^》]{2,80})》.{0,80}现(?:予|将)?[^。]{0,12}(?:公布|发布|印发)")
_ORDER_LINES = 15
"""An order is a sentence, a name and a date; the rule that it puts into force begins below."""
_LOOSE_TYPES = {
    "名单",
    "清单",
    "目录",
    "标准",
    "说明",
    "措施",
    "制度",
    "总结",
    "要点",
    "政策",
    "声明",
    "报告",
    "意见",
    "十条",
    "纪要",
}
"""Type words that headlines and lists end in as well."""


@dataclass(frozen=True)
class Reading:
    """The elements, and the parts they come from, for those who judge by them (parsers.article)."""

    elements: Elements
    lines: tuple[Line, ...]
    head: Head
    foot: Foot
    places: Places


def read_official(
    blocks: tuple[Block, ...],
    office: Office,
    file_name: str | None = None,
    subject: str | None = None,
    part: str = "body",
) -> Elements:
    """The elements of an official document, its letterhead and foot taken out of the text.

    `subject` and `file_name` speak only where the text has no title or number of its own."""
    return read(blocks, office, file_name, subject, part).elements


def read(blocks: tuple[Block, ...], office: Office, file_name: str | None, subject: str | None, part: str) -> Reading:
    """The same with head and foot beside it."""
    lines = lines_of(blocks)
    head = _with_headers(read_head(lines, office), blocks)
    title = _title(head, lines, subject, file_name)
    issuers = _issuers_above(head, title, office)
    wraps = bool(_WRAPS.search(title or "")) or (head.masthead_title or "").endswith("令")
    foot = read_foot(lines, head.text_from, office, issuers, wraps)
    elements = replace(
        _of_head(head, title, lines),
        body=_body(blocks, lines, head, foot),
        document_number=head.number or _labelled_number(head) or _number_outside(subject, file_name),
        issuer=_issuer(foot, issuers, head),
        cut=tuple(lines[at].text for at in sorted({*head.cut, *foot.cut})),
        wrapped_title=_wrapped(title or "", lines[head.text_from : head.text_from + 3]) if wraps else None,
        **_of_foot(head, foot),
    )
    places = places_of(blocks)
    found = sources(elements, head, foot, lines, places, part, subject)
    return Reading(replace(elements, elements=found), tuple(lines), head, foot, places)


def _title(head: Head, lines: list[Line], subject: str | None, file_name: str | None) -> str | None:
    own = head.title or _proclaimed_title(head, lines) or head.masthead_title
    own = own or head.label("标题", "名称", "信息名称") or _title_in_table(lines)
    return own or from_subject(subject) or from_file_name(file_name)


def _proclaimed_title(head: Head, lines: list[Line]) -> str | None:
    """The title of the rule that an order puts into force, where the rule itself follows below."""
    if not (head.masthead_title or "").endswith("令"):
        return None
    named = _wrapped("", lines[head.text_from : head.text_from + 3])
    below = [line.text for line in lines[head.text_from + 1 : head.text_from + _ORDER_LINES]]
    spans = (joined(below[at : at + length]) for at in range(len(below)) for length in (1, 2, 3))
    return named if named and any(closed_up(text) == closed_up(named) for text in spans) else None


def _title_in_table(lines: list[Line]) -> str | None:
    """A sheet's title stands alone in the first row of its table."""
    table = next((line for line in lines[:3] if line.table), None)
    cells = [cell.strip() for cell in table.text.split("\n")[0].split("\t") if cell.strip()] if table else []
    return cells[0] if len(set(cells)) == 1 and 4 <= len(cells[0]) <= 80 else None


def _of_head(head: Head, title: str | None, lines: list[Line]) -> Elements:
    return Elements(
        form="official",
        title=title,
        body=(),
        addressee=head.addressee,
        secrecy=head.secrecy,
        urgency=head.urgency,
        disclosure=_disclosure(lines, head),
        signer=head.signer,
    )


def _of_foot(head: Head, foot: Foot) -> dict[str, Any]:
    issued = _issued(head, foot)
    return {
        "issued_on": issued.day if issued else None,
        "issued_at": foot.hour if foot.signature else issued.hour if issued else None,
        "printed_on": foot.printed_on,
        "annexes": foot.annexes,
        "copied_to": foot.copied_to,
        "notes": foot.notes,
    }


def _body(blocks: tuple[Block, ...], lines: list[Line], head: Head, foot: Foot) -> tuple[Block, ...]:
    """The text without what was cut, and without the words that say where the seal is set."""
    kept = without(blocks, {(lines[at].block, lines[at].index) for at in {*head.cut, *foot.cut}})
    return tuple(
        replace(one, text=without_seal(one.text), html=without_seal(one.html)) if is_sealed(one.text) else one
        for one in kept
    )


def is_official(elements: Elements) -> float:
    """How much it looks like an official document, 0 to 1: number, addressee, signature with date, type word.

    From 0.5 on it is read as one; a title that ends in 通知 or 公告 is enough, a headline about a document is not."""
    last = ending(elements.title or "")
    score = 0.5 * bool(elements.document_number) + 0.3 * bool(elements.issued_on) + 0.25 * bool(elements.addressee)
    score += 0.0 if last is None else 0.3 if last[1] in _LOOSE_TYPES else 0.5
    return min(1.0, score + 0.5 * bool(elements.secrecy or elements.printed_on))


def _with_headers(head: Head, blocks: tuple[Block, ...]) -> Head:
    """Page headers may hold number and secrecy where the letterhead was drawn there."""
    lines = [line for block in blocks if block.place == "header" for line in block.text.split("\n")]
    number = next((found for found in map(whole_number, lines) if found), None)
    secret = next((found for found in map(markings.secrecy, lines) if found), None)
    sources = head.sources + ((("document_number", number.number),) if number and not head.number else ())
    return replace(
        head, number=head.number or (number.number if number else None), secrecy=head.secrecy or secret, sources=sources
    )


def _number_outside(subject: str | None, file_name: str | None) -> str | None:
    """The number that the subject or the file name begins with, for a text that lacks one."""
    named = (leading_number(re.sub(r"\.\w+$", "", text)) for text in (subject, file_name) if text)
    return next((one[0] for one in named if one), None)


def _labelled_number(head: Head) -> str | None:
    value = head.label("发文字号", "文号")
    number = whole_number(value) if value else None
    return number.number if number else None


def _issuers_above(head: Head, title: str | None, office: Office) -> tuple[str, ...]:
    """Who issues it, by the title's words before 关于 and by the letterhead."""
    before = re.match(r"^(.{3,60}?)\s*(?:关于|印发|转发|批转)", title or "")
    named = organs(before[1], office) if before else ()
    return named or head.letterhead


def _issuer(foot: Foot, issuers: tuple[str, ...], head: Head) -> str | None:
    """The signature, if it is an organ's; else letterhead or title; else the table above."""
    signers = foot.signature.signers if foot.signature else ()
    by_organ = tuple(name for name in signers if not is_signed_by_person(name))
    names = by_organ or issuers
    return "、".join(names) or head.label(*ISSUER_LABELS)


def _issued(head: Head, foot: Foot) -> FoundDate | None:
    """成文日期: beside the signature, else labelled so at the head, else alone below the title."""
    if foot.signature:
        return foot.signature.found
    labelled = find_dates(head.label(*DATE_LABELS) or "")
    return labelled[0] if labelled else head.under_title


def _disclosure(lines: list[Line], head: Head) -> str | None:
    said = markings.disclosure("\n".join(line.text for line in lines))
    return said[0] if said else head.label("公开方式", "公开属性")


def _wrapped(title: str, first: list[Line]) -> str | None:
    """What it passes on: by its title, or by its first words (《某办法》已经…通过，现予公布)."""
    match = _WRAPPED.search(stem(title)) or next(
        (found for line in first if (found := _PROCLAIMED.match(line.text))), None
    )
    return match["title"].strip("《》〈〉 ") or None if match else None
