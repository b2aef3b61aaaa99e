"""Which texts and files of a mail can be a draft or belong to one; what only decorates it or wraps others is not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers import attachments
from parsers.article import read_elements
from parsers.attachments.blocks import picture
from parsers.budgets import BUDGET
from parsers.content import Block
from parsers.elements import Elements
from parsers.gather import File, Gathered
from parsers.kind import answers_us
from parsers.likeness import folded
from parsers.notes import asks, is_piece, without_covering
from parsers.office import Office
from parsers.official_foot import unsigned
from parsers.papers import CONTAINERS, PAPERS, SHEETS, Paper, Text, is_paper
from parsers.quoting import BodySplit
from parsers.readers import Readers
from parsers.roundup import items
from parsers.several import several, stated_count
from parsers.subjects import bare_subject
from parsers.submission import Finding
from parsers.titles import from_subject, type_word

_SHOWN = re.compile(r"sha256:([0-9a-f]{64})")
_PAGES = 10
"""Photographed pages that are read of one mail."""
_PAGE_OF_TEXT = 60
"""Characters on a picture from which on it shows a page rather than a scene with a sign."""
_LOGO_SIDE = 160
"""Pixels: a picture in the text whose shorter side is less is a logo or an icon."""


@dataclass(frozen=True)
class Candidates:
    """What a mail can make drafts from."""

    papers: tuple[Paper, ...]
    texts: tuple[Text, ...]
    others: tuple[File, ...]
    """Pictures and files that only go with a draft."""


def candidates(held: Gathered, office: Office, known: bool, readers: Readers) -> Candidates:
    """What was dropped into a document is an annex of it. `known`: the sender's address is a unit's, so a short text or
    pictures alone are meant for publishing."""
    files = [file for file in held.all_files if not _only_wraps(file)]
    dropped = {file.path for file in files if file.kind in PAPERS}
    documents = [file for file in files if (is_paper(file) or file.kind in SHEETS) and file.folder not in dropped][
        : BUDGET.readable_attachments
    ]
    papers = tuple(read_paper(file, office) for file in documents)
    others = tuple(file for file in files if file not in documents)
    pictures = [file for file in others if file.kind == "image" and not is_decoration(file)]
    texts = _texts(held, office, bool(papers), bool(pictures), known)
    if pictures and not papers and not texts:
        papers, texts = _from_pictures(held, pictures, office, known, readers)
        others = tuple(file for file in others if all(file.path != paper.file.path for paper in papers))
    shown = {digest for text in texts for block in text.blocks for digest in _SHOWN.findall(block.html)}
    return Candidates(papers, texts, tuple(file for file in others if not _unshown(file, shown)))


def _from_pictures(
    held: Gathered, pictures: list[File], office: Office, known: bool, readers: Readers
) -> tuple[tuple[Paper, ...], tuple[Text, ...]]:
    """Pictures are all there is: photographed pages of a document, else 图片新闻."""
    page = photographed(pictures, readers)
    if page:
        return (read_paper(page, office),), ()
    title = from_subject(bare_subject(held.mail.subject, office))
    letter = "\n".join((*held.body.covering, *(block.text for block in held.body.own)))
    return (), _pictures_alone(title, pictures) if title and known and not asks(letter) else ()


def photographed(pictures: list[File], readers: Readers) -> File | None:
    """The first picture as a document of all the text on them; None where they don't show pages of text."""
    first = attachments.read_picture_text(pictures[0].name, pictures[0].data, readers)
    if first.status != "scanned" or len(folded(first.text[:1000])) < _PAGE_OF_TEXT:
        return None
    rest = [attachments.read_picture_text(one.name, one.data, readers) for one in pictures[1:_PAGES]]
    blocks = (*first.blocks, *(block for page in rest for block in page.blocks))
    findings = (*first.findings, *(finding for page in rest for finding in page.findings))
    return replace(pictures[0], content=replace(first, blocks=blocks, findings=tuple(dict.fromkeys(findings))))


def read_paper(file: File, office: Office, subject: str | None = None) -> Paper:
    """A file's elements. A text that breaks the reading is kept as it stands, with a finding, and the rest is read."""
    elements, findings = _read(file.content.blocks, office, subject, file.name, file.name)
    if not findings:
        return Paper(file, elements)
    content = replace(file.content, findings=(*file.content.findings, *findings))
    return Paper(replace(file, content=content), elements)


def _read(
    blocks: tuple[Block, ...], office: Office, subject: str | None, file_name: str | None, part: str
) -> tuple[Elements, tuple[Finding, ...]]:
    try:
        return read_elements(blocks, office, subject=subject, file_name=file_name, part=part), ()
    except Exception as failure:  # noqa: BLE001 - whatever one text leads to, the rest of the mail must not be lost
        message = "识别要素时出错，正文按原样保留，请人工核对标题、文号和日期。"
        place = file_name or ""
        finding = Finding("attachment.damaged", "warn", message, excerpt=type(failure).__name__, place=place)
        return Elements(form="article", title=None, body=blocks), (finding,)


def _only_wraps(file: File) -> bool:
    """An archive or message that was opened: its members are listed themselves."""
    opened = file.content.members or file.content.blocks or file.kind == "eml"
    return file.kind in CONTAINERS and file.content.status in {"read", "stored"} and bool(opened)


def _unshown(file: File, shown: set[str]) -> bool:
    """A picture of the signature or of the mail's own decoration."""
    if file.kind != "image" or file.sha256 in shown:
        return False
    return is_decoration(file)


def is_decoration(file: File) -> bool:
    """A logo or icon: small, where the mail's HTML shows it; or one of a few pixels wherever it stands."""
    side = file.shorter_side
    return side is not None and side < (_LOGO_SIDE if file.inline else 32)


def _texts(held: Gathered, office: Office, beside_files: bool, pictures: bool, known: bool) -> tuple[Text, ...]:
    """The pieces that stand in the mail, in the messages inside it, and in messages that came as Outlook's files."""
    small = frozenset(file.sha256 for file in held.all_files if file.kind == "image" and is_decoration(file))
    judge = _Judge(office, small, beside_files, pictures, known)
    found = [judge.of_mail(one) for one in (held, *held.all_inner)]
    if not any(found):
        found = [judge.of_file(file) for file in held.all_files if _only_wraps(file) and file.kind != "eml"]
    return tuple(part for text in found if text for part in _apart(text, held.mail.subject, office))


def _choices(body: BodySplit) -> tuple[tuple[tuple[Block, ...], tuple[str, ...]], ...]:
    """The texts of a mail that may be the piece, each with the lines already cut from around it."""
    passed_on = (*body.forwarded_covering, *body.cut)
    return (
        (body.own, (*body.covering, *body.cut)),
        *((text, passed_on) for text in (body.forwarded_own, *body.deeper)),
    )


def _apart(text: Text, subject: str | None, office: Office) -> tuple[Text, ...]:
    """The items of a mail that strings several together, as texts of their own: each is an article."""
    strung = several(text.blocks, stated_count((subject or "", *text.cut)), office)
    if strung:
        return _of_letter([_part(part, office) for part in strung], office)
    parts = items(text.blocks)
    if len(parts) == 1 or text.dated:
        return (text,)
    return tuple(_part(part, office) for part in parts)


def _part(blocks: tuple[Block, ...], office: Office) -> Text:
    return Text(blocks, read_elements(blocks, office), None)


def _of_letter(parts: list[Text], office: Office) -> tuple[Text, ...]:
    """The parts of a letter. Where only the last one is signed with a date, and is no document, the letter is."""
    last = parts[-1]
    if not last.dated or any(part.dated for part in parts[:-1]) or type_word(last.elements.title or ""):
        return tuple(parts)
    return (*parts[:-1], _part(unsigned(last.blocks, office), office))


@dataclass(frozen=True)
class _Judge:
    """What decides whether a text of this mail is a piece."""

    office: Office
    small: frozenset[str]
    beside_files: bool
    pictures: bool
    known: bool

    def of_mail(self, held: Gathered) -> Text | None:
        """The sender's own text where it is a piece, else the text that a forward passes on."""
        answers = answers_us(held.mail, self.office) is not None
        subject = None if answers else bare_subject(held.mail.subject, self.office)
        found = (self._piece(whole, cut, subject, answers) for whole, cut in _choices(held.body))
        return next((text for text in found if text), None)

    def of_file(self, file: File) -> Text | None:
        """The text of an Outlook message; its first line is the subject."""
        blocks = file.content.blocks
        subject = blocks[0].text if file.kind == "msg" and len(blocks) > 1 else None
        return self._piece(blocks[1:] if subject else blocks, (), bare_subject(subject, self.office), False)

    def _piece(self, whole: tuple[Block, ...], cut: tuple[str, ...], subject: str | None, answers: bool) -> Text | None:
        blocks = without_covering(whole)
        kept = tuple(block for block in blocks if block.text.strip() or not self._decorates(block))
        if not kept:
            return None
        elements, findings = _read(kept, self.office, subject, None, "body")
        strict = self.beside_files or answers
        if not is_piece(kept, elements, beside_files=strict, pictures=self.pictures, known=self.known):
            return None
        stays = set(map(id, blocks))
        covering = tuple(block.text for block in whole if id(block) not in stays and block.text.strip())
        return Text(kept, elements, subject, (*cut, *covering), findings)

    def _decorates(self, block: Block) -> bool:
        return bool(self.small & set(_SHOWN.findall(block.html)))


def _pictures_alone(title: str, pictures: list[File]) -> tuple[Text, ...]:
    """图片新闻 without a word in the mail: the subject is its title, the file names are its captions."""
    blocks: tuple[Block, ...] = tuple(picture(file.sha256, file.stem) for file in pictures)
    return (Text(blocks, Elements(form="article", title=title, body=blocks), title),)
