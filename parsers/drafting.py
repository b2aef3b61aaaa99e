"""From a group of parts to a draft: its elements, column, attachments and findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from parsers import columns, screening
from parsers.asked import Described, asked_columns
from parsers.candidates import read_paper
from parsers.elements import Elements
from parsers.gather import File, Gathered
from parsers.grouping import Group
from parsers.likeness import fingerprint, folded
from parsers.links import link_findings
from parsers.office import Office, Unit
from parsers.places import moved, places_of
from parsers.quoting import CloudLink
from parsers.roundup import points
from parsers.submission import Attachment, Blob, Draft, Element, Finding, Role
from parsers.titles import from_file_name, from_subject, type_word

_INTERPRETS = re.compile(r"解读|问答|图解|一图读懂|答记者问")
_SHOWN = re.compile(r"sha256:([0-9a-f]{64})")
_ANNEX_HEAD = re.compile(r"^附件[\d一二三四五六七八九十]{0,3}")
_TEXT = 200_000
"""Characters in which an annex is looked for."""
_LEAD = 400
"""Characters of the text that speak for a column."""
_HEADLINES = 500
"""Characters of the headlines of a roundup that are quoted."""
_UNTITLED = "（无标题）"


@dataclass(frozen=True)
class Context:
    """What a draft needs to know of its mail."""

    office: Office
    unit: Unit | None
    note: str
    """The covering note."""
    received_at: datetime | None
    subject: str | None
    sender_findings: tuple[Finding, ...]
    drafts: int
    """How many drafts the mail makes: its subject speaks for a draft only where there is one."""

    @property
    def received_on(self) -> date | None:
        return self.received_at.astimezone(self.office.zone).date() if self.received_at else None


def draft_of(
    made: Group,
    groups: Sequence[Group],
    context: Context,
    links: Sequence[CloudLink] = (),
    asked_for: str | None = None,
) -> Draft:
    """The draft that a group makes. `links`: files that the mail only links to, where they are this draft's.
    `asked_for`: the column that the covering note asks for it."""
    alone = context.drafts == 1
    elements = _elements(made, context, alone)
    title = elements.title or _title_outside(made, context.subject if alone else None)
    attachments = tuple(_attachment(file, role) for file, role in made.listed)
    pictures = elements.html.count("<img") + sum(one.role == "picture" for one in attachments)
    column, confidence, reason = _column(title, elements, pictures, context, asked_for)
    return Draft(
        title=title,
        column=column,
        confidence=confidence,
        document_number=elements.document_number,
        issuer=elements.issuer,
        issued_on=elements.issued_on,
        printed_on=elements.printed_on,
        addressee=elements.addressee,
        body_html=elements.html,
        body_text=elements.text,
        attachments=attachments,
        findings=_findings(made, groups, elements, column, context, links),
        issued_at=elements.issued_at,
        issued_on_certain=not (made.main and made.main.file.content.by_ocr),
        elements=tuple(_located(title, elements, made, context)),
        column_reason=reason,
        grouping_reason="；".join(made.reasons),
        fingerprint=fingerprint(elements.text),
        cut=(*(made.text.cut if made.text and not made.main else ()), *elements.cut),
    )


def _located(title: str, elements: Elements, made: Group, context: Context) -> Iterator[Element]:
    """The elements, those of the mail's own text with their place in the mail. A title from outside is one of them."""
    if elements.title is None and title != _UNTITLED:
        yield Element("title", title, "subject", title, "正文无标题，取自邮件主题或文件名")
    own = None if made.main or made.text is None else places_of(made.text.blocks)
    for one in elements.elements:
        if own is None or one.offset is None:
            yield one
        else:
            yield replace(one, offset=moved(one.offset, one.excerpt, own, context.note))


def asked_of(groups: Sequence[Group], note: str, office: Office) -> tuple[str | None, ...]:
    """The column that the covering note asks for each of the drafts."""
    return asked_columns(note, office, [_described(one) for one in groups])


def _described(made: Group) -> Described:
    """What a covering note can name it by."""
    elements = made.main.elements if made.main else made.text.elements if made.text else None
    dated = elements is not None and bool(elements.issued_on or elements.document_number)
    return Described(made.title, made.main.file.name if made.main else "", dated)


def _column(
    title: str, elements: Elements, pictures: int, context: Context, asked_for: str | None
) -> tuple[str | None, float, str]:
    """The column, how sure, and why."""
    choice = columns.choose(
        title,
        context.unit,
        context.office,
        number=elements.document_number,
        issuer=elements.issuer,
        lead=elements.text[:_LEAD],
        asked_for=asked_for,
        pictures=pictures,
        dated=bool(elements.issued_on or elements.document_number),
    )
    return choice.column, choice.confidence, choice.reason


def _split_offered(elements: Elements) -> tuple[Finding, ...]:
    """A roundup stays one draft as it was sent; the editor is told where it could be split into several."""
    items = [one.title for one in points(elements.body)]
    message = f"文中似有多条信息，可在以下{len(items)}处标题前拆分为多篇"
    return (Finding("text.roundup", "info", message, excerpt="；".join(items)[:_HEADLINES]),) if items else ()


def _elements(made: Group, context: Context, alone: bool) -> Elements:
    """Read once more with the subject at hand, where it can only mean this draft."""
    if made.main:
        return read_paper(made.main.file, context.office, context.subject).elements if alone else made.main.elements
    if made.text:
        return made.text.elements
    raise AssertionError("a group has a main file or a text")


def _title_outside(made: Group, subject: str | None) -> str:
    """By subject or file name, the one that is a document's title first."""
    named = [from_subject(subject), from_file_name(made.main.file.name) if made.main else None]
    given = [title for title in named if title]
    plain = given[0] if given else made.main.file.stem if made.main else ""
    return next((title for title in given if type_word(title)), plain or _UNTITLED)


def _attachment(file: File, role: Role) -> Attachment:
    content = file.content
    text = "\n".join(part for part in (content.text, content.hidden_text) if part)
    return Attachment(file.name, file.kind, len(file.data), file.sha256, role, content.status, text, content.html)


def kept_files(files: Iterable[File]) -> tuple[Attachment, ...]:
    """Files of a message without drafts, as an editor may still need them."""
    return tuple(_attachment(file, "picture" if file.kind == "image" else "annex") for file in files)


def _findings(
    made: Group,
    groups: Sequence[Group],
    elements: Elements,
    column: str | None,
    context: Context,
    links: Sequence[CloudLink],
) -> tuple[Finding, ...]:
    of_files = [
        screening.raise_severity(finding, role) for file, role in made.listed for finding in file.content.findings
    ]
    of_text = screening.screen(
        _whole_text(made),
        _annex_texts(made),
        elements,
        context.office.column(column),
        context.office,
        received_on=context.received_on,
        interpretation_present=_interpreted(made, groups),
    )
    of_links = link_findings(links, context.received_at, context.office)
    of_files += made.text.findings if made.text else ()
    forgotten = () if links else _forgotten_annexes(made, elements)
    of_draft = (*of_text, *of_links, *forgotten, *_split_offered(elements))
    return tuple(dict.fromkeys((*context.sender_findings, *of_files, *of_draft)))


def _interpreted(made: Group, groups: Sequence[Group]) -> bool:
    """The same mail brings an interpretation, as a draft or as a file of one."""
    titles = (other.title for other in groups if other is not made)
    names = (file.name for other in groups for file, role in other.listed if role != "main")
    return any(_INTERPRETS.search(name) for name in (*titles, *names))


def _forgotten_annexes(made: Group, elements: Elements) -> tuple[Finding, ...]:
    """The 附件说明 lists annexes, but none came with the mail and none follows in the text."""
    if not elements.annexes or made.files:
        return ()
    lines = [folded(line) for line in _whole_text(made)[:_TEXT].split("\n")]
    wanted = {folded(name) for name in elements.annexes}
    headed = sum(bool(_ANNEX_HEAD.match(line)) for line in lines) > 1
    if headed or any(line in wanted for line in lines):
        return ()
    message = "文中列有附件，但来信没有附上，请报送单位补发附件。"
    return (Finding("message.attachment_missing", "warn", message, excerpt="；".join(elements.annexes)[:100]),)


def _whole_text(made: Group) -> str:
    if made.main:
        return made.main.file.content.text
    return "\n".join(block.text for block in made.text.blocks) if made.text else ""


def _annex_texts(made: Group) -> dict[str, str]:
    texts = {file.name: f"{file.content.text}\n{file.content.hidden_text}" for file, _ in made.files}
    if made.main and made.main.file.content.hidden_text:
        texts[made.main.file.name] = made.main.file.content.hidden_text
    return {name: text for name, text in texts.items() if text.strip()}


def blobs_of(held: Gathered, drafts: Sequence[Draft], kept: Sequence[Attachment]) -> tuple[Blob, ...]:
    """Every byte string that drafts and kept files refer to, each once."""
    wanted = {one.sha256 for draft in drafts for one in draft.attachments} | {one.sha256 for one in kept}
    htmls = [html for draft in drafts for html in (draft.body_html, *(one.html for one in draft.attachments))]
    wanted |= {digest for html in (*htmls, *(one.html for one in kept)) for digest in _SHOWN.findall(html)}
    known: dict[str, bytes] = {}
    for file in held.all_files:
        known.setdefault(file.sha256, file.data)
        for blob in file.content.blobs:
            known.setdefault(blob.sha256, blob.data)
    return tuple(Blob(digest, data) for digest, data in known.items() if digest in wanted)
