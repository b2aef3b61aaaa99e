"""News and articles: title against lead, byline, captions. And the choice between news and documents."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.content import Block
from parsers.dates import fold
from parsers.elements import Elements
from parsers.lines import Line, without
from parsers.office import Office
from parsers.official import Reading, is_official, read
from parsers.official_title import BYLINE, HEADING
from parsers.submission import Element
from parsers.titles import from_file_name, from_subject, joined

_LEADS = re.compile(r"^(?:本报讯|本网讯|[一-龥]{2,8}讯|近日|日前|连日来|\d{1,2}月\d{1,2}日|\d{4}年\d{1,2}月)")
_SHOT = re.compile(
    r"^[(\[]?\s*(?:图\s*[一二三四五六七八九十\d]{0,2}\s*[为:]|图片说明\s*:|图注\s*:|上图|下图|左图|右图|▲|△|↑|↓)"
)
_ENOUGH = 0.5
"""From this score on a text is read as an official document (parsers.official.is_official)."""


def read_elements(
    blocks: tuple[Block, ...],
    office: Office,
    subject: str | None = None,
    file_name: str | None = None,
    part: str = "body",
) -> Elements:
    """The one entry: a document where it looks like one, else an article."""
    reading = read(blocks, office, file_name, subject, part)
    if is_official(reading.elements) >= _ENOUGH:
        return reading.elements
    return _as_article(reading, blocks, subject, file_name, part)


def read_article(
    blocks: tuple[Block, ...],
    office: Office,
    subject: str | None = None,
    file_name: str | None = None,
    part: str = "body",
) -> Elements:
    """The elements of a piece of news. It has a 成文日期 only where an organ signs it with a full date, or where a
    label at the head says so; a date in the text, in a byline or alone is none."""
    return _as_article(read(blocks, office, file_name, subject, part), blocks, subject, file_name, part)


def _as_article(
    reading: Reading, blocks: tuple[Block, ...], subject: str | None, file_name: str | None, part: str
) -> Elements:
    official, lines = reading.elements, list(reading.lines)
    span = _title_lines(lines, from_subject(subject))
    bylines = [line.text for line in lines if is_byline(line.text)]
    captions = tuple(_caption(line.text) for line in lines if is_caption(line.text))
    found = replace(_dated(reading), form="article", byline=_joined(bylines), captions=captions)
    title = _headline(official, lines, span, subject, file_name)
    if title != official.title:
        cut = {(lines[at].block, lines[at].index) for at in span}
        found = replace(found, title=title, body=without(blocks, cut), cut=tuple(lines[at].text for at in span))
    return replace(found, elements=_with_sources(found, reading, span, part, subject))


def _dated(reading: Reading) -> Elements:
    """Without the date, unless an organ stands beside it or a label says what it is."""
    signed = reading.foot.signature is not None and bool(reading.foot.signature.signers)
    if signed or reading.head.labels:
        return reading.elements
    sources = tuple(one for one in reading.elements.elements if one.name != "issued_on")
    return replace(reading.elements, issued_on=None, issued_at=None, elements=sources)


def _title_lines(lines: list[Line], subject: str | None) -> tuple[int, ...]:
    """The line among the first that the subject repeats: above it stand only greetings."""
    wanted = _plain(subject or "")
    for at, line in enumerate(lines[:8]):
        if wanted and len(line.text) <= 120 and _plain(line.text) == wanted:
            return (at,)
    return ()


def _headline(
    official: Elements, lines: list[Line], span: tuple[int, ...], subject: str | None, file_name: str | None
) -> str | None:
    if span:
        return joined([lines[at].text for at in span])
    if official.title and not _LEADS.match(fold(official.title)) and not _is_subheading(official.title, lines):
        return official.title
    return from_subject(subject) or from_file_name(file_name) or official.title


def _is_subheading(title: str, lines: list[Line]) -> bool:
    """一、加强领导, with a 二、 below: the text has no headline above it."""
    return bool(HEADING.match(fold(title))) and sum(bool(HEADING.match(fold(line.text))) for line in lines) > 1


def _plain(text: str) -> str:
    return re.sub(r"[\s\W]", "", fold(text))


def is_byline(line: str) -> bool:
    """（记者 某某 通讯员 某某）, 供稿：某某, （某镇 某某）: who wrote it."""
    plain = fold(line).strip()
    short = len(plain) <= 60 and "。" not in plain
    return short and bool(BYLINE.match(plain) or re.fullmatch(r"\([一-龥]{2,12}(?:\s+[一-龥·]{2,4}){1,4}\)", plain))


def is_caption(line: str) -> bool:
    """图为…, 图1：…, ▲…: the words below a picture."""
    plain = fold(line).strip()
    return len(plain) <= 160 and bool(_SHOT.match(plain))


def _caption(line: str) -> str:
    return re.sub(r"^[▲△↑↓\s]+", "", line).strip()


def _joined(bylines: list[str]) -> str | None:
    return "；".join(re.sub(r"\s+", " ", line).strip("（）()[]【】 ") for line in bylines) or None


def _with_sources(
    found: Elements, reading: Reading, span: tuple[int, ...], part: str, subject: str | None
) -> tuple[Element, ...]:
    """The elements as they were, the title's place set right, the byline added."""
    kept = [one for one in found.elements if one.name != "title"]
    if found.title:
        kept.insert(0, _title_source(found.title, reading, span, part, subject))
    line = next((line for line in reading.lines if is_byline(line.text)), None)
    if found.byline and line:
        offset, excerpt = reading.places.span(line, line)
        kept.append(Element("byline", found.byline, part, excerpt, "文中的署名（记者、通讯员、供稿）", offset))
    return tuple(kept)


def _title_source(title: str, reading: Reading, span: tuple[int, ...], part: str, subject: str | None) -> Element:
    lines = span or reading.head.title_lines if title == reading.elements.title or span else ()
    at = (reading.lines[lines[0]], reading.lines[lines[-1]]) if lines else _lines_saying(title, reading)
    if at:
        offset, excerpt = reading.places.span(*at)
        return Element("title", title, part, excerpt, "正文首行的标题", offset)
    of_subject = from_subject(subject) == title
    reason = "正文无标题，取自邮件主题或文件名"
    return Element("title", title, "subject" if of_subject else part, title if of_subject else "", reason)


def _lines_saying(title: str, reading: Reading) -> tuple[Line, Line] | None:
    return next(((line, line) for line in reading.lines[:8] if _plain(line.text) == _plain(title)), None)
