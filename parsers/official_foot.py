"""The end of an official document: 附件说明, signature, 成文日期, 附注, 抄送, 印发 (GB/T 9704-2012, 7.3.4 to 7.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from parsers.content import Block
from parsers.dates import FoundDate, find_dates, fold, whole_date
from parsers.lines import Line, closed_up, lines_of, without
from parsers.office import Office
from parsers.organs import is_signed_by_person, organs

_COPIES = re.compile(r"^(?:抄\s*送|抄\s*报|分\s*送|印\s*送|发\s*送|报\s*送|主\s*送)\s*(?:单位|机关)?\s*:")
_PRINTED = re.compile(r"(?:印\s*发|印\s*制)\s*$")
_FOOT = re.compile(
    r"^(?:主\s*题\s*词\s*:|(?:政府)?(?:信息)?公开\s*(?:属性|选项|方式|形式|类型|类别)\s*:?|[(]?\s*共\s*印\s*:?\s*\d+\s*份|印\s*数\s*:"
    r"|(?:责任)?(?:校\s*对|打\s*字|打\s*印|录\s*入|排\s*版|拟\s*稿|核\s*稿|承\s*办(?:单位)?)\s*(?:人|员)?\s*:)"
)
_PAGE = re.compile(r"^(?:-+\s*\d{1,4}\s*-+|·\s*\d{1,4}\s*·|第\s*\d+\s*页(?:\s*[,/]?\s*共\s*\d+\s*页)?)$")
_SEAL_ONLY = re.compile(r"^[(\[]?\s*(?:加?盖章|公章|印章|盖章处|此处盖章|印)\s*[)\]]$|^[(\[]此处?页?无正文[)\]]$")
_ANNEX_START = re.compile(r"^附\s*(?:件|表)\s*[0-9一二三四五六七八九十]{0,3}\s*(?:[:.-]?$|[-.]\d)")
_ANNEX_LIST = re.compile(r"^附\s*(?:件|表)\s*(?P<serial>[0-9一二三四五六七八九十]{0,3})\s*[:.、]\s*(?P<name>.+)$")
_ANNEX_ITEM = re.compile(r"^(?:附\s*件)?\s*[0-9一二三四五六七八九十]{1,3}\s*[.、:]\s*(?P<name>.{2,120})$")
_HOUR_LINE = re.compile(r"^(?P<half>上午|下午)?\s*(?P<hour>\d{1,2})\s*[:时]\s*(?P<minute>\d{1,2})?\s*分?$")
_NOTE = re.compile(r"^[(\[](?P<note>[^()\[\]]{2,120})[)\]]$")
_RUN_ON = re.compile(r"\s*(?:抄\s*送|抄\s*报|主\s*题\s*词|[（(]此件).*$")
"""What a reader of pages may have joined to the line of the date."""
_ORGAN_END = re.compile(r"(?:政府|局|委|办|厅|院|公司)$")
_SIGNERS_ABOVE = 8
_SEAL_READ = 4
"""Characters in a row that OCR may read off a round seal."""
_SEAL_NEAR = 2
"""Lines above and below a signature that its seal may reach."""


@dataclass(frozen=True)
class Signature:
    """A date on a line of its own, and who stands above it."""

    line: int
    """Index of the line with the date."""
    found: FoundDate
    signers: tuple[str, ...] = ()
    first: int = 0
    """Index of the first line of the block."""


@dataclass(frozen=True)
class Foot:
    """What the end of a document says."""

    signature: Signature | None = None
    hour: time | None = None
    printed_on: date | None = None
    copied_to: str | None = None
    annexes: tuple[str, ...] = ()
    notes: str | None = None
    cut: tuple[int, ...] = ()
    places: tuple[tuple[str, int, int], ...] = ()
    """Element name → first and last of the lines that it was read from; beside the signature's own."""


def read_foot(lines: list[Line], start: int, office: Office, issuers: tuple[str, ...], wraps: bool) -> Foot:
    """Reads the lines from `start` on. `issuers`: of letterhead and title, to tell the document's own signature from
    that of a text it carries; `wraps`: it passes another document on, so that the first signature is its own."""
    signature = _own(signatures(lines, start, office), lines, issuers, wraps)
    after = signature.line + 1 if signature else max(start, len(lines) - 15)
    printed = next(((at, day) for at, day in _printed(lines, after)), None)
    copied = [at for at in range(after, len(lines)) if _COPIES.match(fold(lines[at].text))]
    annex_lines = _annex_lines(lines, start, signature.first if signature else len(lines))
    notes = _notes(lines, signature)
    return Foot(
        signature=signature,
        hour=_hour(lines, signature),
        printed_on=printed[1] if printed else None,
        copied_to=_copied(lines, copied, printed[0] if printed else None),
        annexes=tuple(name for _, name in annex_lines),
        notes=notes,
        cut=(*_cut(lines, start, after, copied, printed[0] if printed else None), *_seal_pieces(lines, signature)),
        places=_places(lines, printed, copied),
    )


def unsigned(blocks: tuple[Block, ...], office: Office) -> tuple[Block, ...]:
    """A text without the signature and date at its end."""
    lines = lines_of(blocks)
    last = next(reversed(signatures(lines, 0, office)), None)
    at_end = last is not None and last.line == len(lines) - 1
    cut = {(line.block, line.index) for line in lines[last.first :]} if last and at_end else set()
    return without(blocks, cut)


def signatures(lines: list[Line], start: int, office: Office) -> list[Signature]:
    """Every line from `start` on that is a date, alone or beside an organ's name."""
    found = (_signature(lines, at, start, office) for at in range(start, len(lines)))
    return [one for one in found if one]


def _signature(lines: list[Line], at: int, start: int, office: Office) -> Signature | None:
    line = lines[at]
    if len(line.text) > 120:
        return None
    if line.table:
        return _table_signature(line, at, office)
    day = whole_date(_RUN_ON.sub("", line.text))
    return _above(lines, at, day, start, office) if day else _beside(line, at, office)


def _beside(line: Line, at: int, office: Office) -> Signature | None:
    """某县某局　2026年11月3日 on one line."""
    plain = fold(line.text)
    days = find_dates(plain)
    if len(days) != 1 or plain[days[0].end :].strip(" ()。."):
        return None
    named = organs(line.text[: days[0].start].strip(" （(，,"), office)
    return Signature(at, days[0], named, at) if named else None


def _table_signature(line: Line, at: int, office: Office) -> Signature | None:
    """Signers side by side in a table without rules, the date below them."""
    cells = [cell.strip() for cell in re.split(r"[\t\n]", line.text) if cell.strip()]
    days = {found.day: found for found in map(whole_date, cells) if found}
    named = tuple(name for cell in cells if not whole_date(cell) for name in organs(cell, office))
    others = [cell for cell in cells if not whole_date(cell) and not organs(cell, office)]
    return Signature(at, next(iter(days.values())), named, at) if len(days) == 1 and named and not others else None


def _above(lines: list[Line], at: int, day: FoundDate, start: int, office: Office) -> Signature:
    named: list[str] = []
    first = at
    for above in range(at - 1, max(start, at - _SIGNERS_ABOVE) - 1, -1):
        here = _signers(lines[above], office)
        if here is None and not _is_of_seal(lines[above], _organs_near(lines, above, office)):
            break
        named[:0] = here or ()
        first = above
    if not named and at + 1 < len(lines):
        named = list(_signers(lines[at + 1], office) or ())
    return Signature(at, day, tuple(dict.fromkeys(named)), first)


def _is_of_seal(line: Line, names: tuple[str, ...]) -> bool:
    """A few characters of one of the names beside them: what OCR reads off the seal."""
    text = closed_up(line.text)
    short = 1 <= len(text) <= _SEAL_READ and not line.table
    return short and any(text != name and set(text) <= set(name) for name in names) and not _ORGAN_END.search(text)


def _organs_near(lines: list[Line], at: int, office: Office) -> tuple[str, ...]:
    near = lines[max(at - _SEAL_NEAR, 0) : at + _SEAL_NEAR + 1]
    return tuple(name for line in near if line is not lines[at] for name in organs(line.text, office))


def _signers(line: Line, office: Office) -> tuple[str, ...] | None:
    """The signers that a line names; empty for a seal or a picture of one; None where it is no signature."""
    if line.picture or _SEAL_ONLY.match(fold(line.text)):
        return ()
    if line.table:
        cells = [cell for cell in re.split(r"[\t\n]", line.text) if cell.strip()]
        named = [organs(cell, office) for cell in cells]
        return tuple(name for one in named for name in one) if cells and all(named) and len(cells) <= 8 else None
    label = re.sub(r"^(?:发布单位|发文单位|发布机构|公告单位|单位|落款)\s*[:：]\s*", "", line.text)
    if is_signed_by_person(label):
        return (closed_up(label),)
    return organs(label, office) or None


def _own(found: list[Signature], lines: list[Line], issuers: tuple[str, ...], wraps: bool) -> Signature | None:
    """The document's own: beside a signature, before any annex, the last one; of a wrapper the first."""
    if not found:
        return None
    annex = next(
        (at for at in range(found[0].line + 1, len(lines)) if _ANNEX_START.match(fold(lines[at].text))), len(lines)
    )
    before = [one for one in found if one.line < annex]
    signed = [one for one in before if one.signers]
    if not signed:
        sentence = _last_sentence(lines, annex)
        signed = [one for one in before if one.line > sentence]
    if not signed:
        return before[0] if wraps else None
    own = [one for one in signed if any(_same_organ(signer, issuer) for signer in one.signers for issuer in issuers)]
    return signed[0] if wraps else (own or signed)[-1]


def _same_organ(one: str, other: str) -> bool:
    return one in other or other in one


def _last_sentence(lines: list[Line], until: int) -> int:
    """The last line that is text, neither note nor foot: a bare date above it is a step of a schedule, no signature."""
    for at in range(until - 1, -1, -1):
        plain = fold(lines[at].text)
        if "。" in plain and not _NOTE.match(plain) and not _is_foot(plain):
            return at
    return -1


def _hour(lines: list[Line], signature: Signature | None) -> time | None:
    if signature is None:
        return None
    below = lines[signature.line + 1].text if signature.line + 1 < len(lines) else ""
    match = None if signature.found.hour else _HOUR_LINE.match(fold(below))
    if not match:
        return signature.found.hour
    hour = int(match["hour"]) + (12 if match["half"] == "下午" and int(match["hour"]) < 12 else 0)
    minute = int(match["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _printed(lines: list[Line], start: int) -> list[tuple[int, date]]:
    """Lines that end in 印发, with their date."""
    found = []
    for at in range(start, len(lines)):
        plain = fold(lines[at].text)
        days = find_dates(plain) if len(plain) < 160 else []
        if days and (_PRINTED.search(plain) or re.match(r"^印\s*发\s*(?:日期|时间)\s*:", plain)):
            found.append((at, days[-1].day))
    return found


def _copied(lines: list[Line], copied: list[int], printed: int | None) -> str | None:
    """抄送, over the lines down to the next part of the foot."""
    if not copied:
        return None
    return re.sub(
        r"^\S{1,6}?[:：]", "", closed_up(" ".join(lines[at].text for at in _copy_span(lines, copied, printed)))
    )


def _copy_span(lines: list[Line], copied: list[int], printed: int | None) -> list[int]:
    span = []
    for at in range(copied[0], min(copied[-1] + 8, printed if printed is not None else copied[-1] + 1)):
        span.append(at)
    return span or copied


def _cut(lines: list[Line], start: int, after: int, copied: list[int], printed: int | None) -> list[int]:
    """What leaves the text: foot and seals below the signature, page numbers anywhere."""
    span = _copy_span(lines, copied, printed) if copied else []
    foot = [at for at in range(after, len(lines)) if _is_foot(fold(lines[at].text))]
    furniture = [
        at
        for at in range(start, len(lines))
        if _PAGE.match(fold(lines[at].text)) or _SEAL_ONLY.match(fold(lines[at].text))
    ]
    return sorted({*span, *foot, *furniture, *([printed] if printed is not None else [])})


def _seal_pieces(lines: list[Line], signature: Signature | None) -> list[int]:
    if signature is None:
        return []
    span = range(max(signature.first - _SEAL_NEAR, 0), min(signature.line + _SEAL_NEAR + 1, len(lines)))
    return [at for at in span if _is_of_seal(lines[at], signature.signers)]


def _is_foot(plain: str) -> bool:
    return bool(_FOOT.match(plain) or _COPIES.match(plain) or (_PRINTED.search(plain) and find_dates(plain)))


def _annex_lines(lines: list[Line], start: int, until: int) -> list[tuple[int, str]]:
    """附件说明: "附件：1.某表" and the numbered lines below it, before the signature."""
    found: list[tuple[int, str]] = []
    for at in range(start, until):
        plain = fold(lines[at].text)
        match = _ANNEX_LIST.match(plain) or (_ANNEX_ITEM.match(plain) if found and found[-1][0] == at - 1 else None)
        if match and len(plain) < 160 and "。" not in plain:
            found.append((at, re.sub(r"^[0-9]{1,2}\s*[.、]\s*", "", match["name"]).strip(" ;.")))
    return found


def _notes(lines: list[Line], signature: Signature | None) -> str | None:
    """附注: in brackets, on the line below the date."""
    if signature is None:
        return None
    below = (_NOTE.match(fold(line.text)) for line in lines[signature.line + 1 : signature.line + 3])
    return next((match["note"].strip() for match in below if match), None)


def _places(lines: list[Line], printed: tuple[int, date] | None, copied: list[int]) -> tuple[tuple[str, int, int], ...]:
    span = _copy_span(lines, copied, printed[0] if printed else None) if copied else []
    found = [("printed_on", printed[0], printed[0])] if printed else []
    return (*found, *((("copied_to", span[0], span[-1]),) if span else ()))
