"""docx and docm, by an own reader: numbering written out, hidden and deleted text kept back (LIBRARIES.md)."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from parsers.attachments import blocks, word_embedded, word_xml, zips
from parsers.attachments.errors import Damaged
from parsers.attachments.findings import finding, of_error
from parsers.attachments.package import Package, Parts, relations
from parsers.attachments.word_numbering import read_numbering
from parsers.attachments.word_pictures import Pictures, R
from parsers.attachments.word_styles import Styles, W, styles_in
from parsers.attachments.word_walk import Walk
from parsers.budgets import Budget
from parsers.content import Block, Content
from parsers.submission import Finding

_RECOVERED = "文件已损坏，只读出了其中一部分，可能有缺失，不能直接发布，请报送单位重新发送原文件。"
PAGE_NUMBER = re.compile(r"[\s—\-－–·第页共/\d]*")


def read(data: bytes, budget: Budget) -> Content:
    """A Word file's text. Raises Unreadable where there is none to be had."""
    if not data.startswith(b"PK"):
        return read_package(word_xml.unpack(data, budget))
    try:
        return read_package(Package(data, budget))
    except Damaged:
        return _recovered(data, budget)


def _recovered(data: bytes, budget: Budget) -> Content:
    """What is left of a broken file. It stays a damaged one: nobody can say what is missing."""
    content = read_package(Parts(zips.salvaged(data, budget), budget, lenient=True))
    if not content.text.strip():
        raise Damaged
    return replace(content, status="damaged", findings=(of_error(Damaged(_RECOVERED)), *content.findings))


def read_package(package: Parts, kind: str = "docx") -> Content:
    """The text of a package of WordprocessingML parts."""
    part = _main_part(package)
    document = package.xml(part)
    body = document.find(W + "body")
    if body is None:
        raise Damaged
    related = relations(package, part)
    walk = _walk(package, related)
    found = walk.blocks(body)
    found = [*_margins(package, walk, document, related, "header"), *found]
    found += [*_notes(package, walk, related), *_margins(package, walk, document, related, "footer")]
    return Content(
        kind=kind,
        status="read",
        blocks=tuple(blocks.cut(found, package.budget.text)),
        blobs=tuple(walk.pictures.kept.values()),
        members=word_embedded.members(package, related),
        findings=_findings(walk, package),
        hidden_text="\n".join([*walk.hidden, *_comments(package, related)])[: package.budget.text],
    )


def _main_part(package: Parts) -> str:
    for kind, target in relations(package, "").values():
        if kind == "officeDocument" and target in package:
            return target
    if "word/document.xml" in package:
        return "word/document.xml"
    raise Damaged


def _walk(package: Parts, related: dict[str, tuple[str, str]]) -> Walk:
    return Walk(
        styles=_styles(package, related),
        numbering=read_numbering(_part(package, related, "numbering")),
        pictures=Pictures(package, related),
    )


def _styles(package: Parts, related: dict[str, tuple[str, str]]) -> Styles:
    target = _target(related, "styles")
    return (package.optional(target, styles_in) if target else None) or Styles()


def _part(package: Parts, related: dict[str, tuple[str, str]], kind: str) -> etree._Element | None:
    target = _target(related, kind)
    return package.optional_xml(target) if target else None


def _target(related: dict[str, tuple[str, str]], kind: str) -> str | None:
    return next((target for found, target in related.values() if found == kind), None)


def _margins(
    package: Parts, walk: Walk, document: etree._Element, related: dict[str, tuple[str, str]], side: str
) -> list[Block]:
    """Headers or footers in the order in which sections use them, each text once, page numbers left out."""
    names = {
        related.get(reference.get(R + "id", ""), ("", ""))[1]: None
        for reference in document.iter(W + side + "Reference")
    }
    found: dict[str, Block] = {}
    walk.place = "header" if side == "header" else "footer"
    for name in names:
        root = package.optional_xml(name) if name else None
        if root is None:
            continue
        walk.pictures.relations = relations(package, name)
        for block in walk.blocks(root):
            if not PAGE_NUMBER.fullmatch(block.text) or block.kind == "picture":
                found.setdefault(block.text + block.html, block)
    return list(found.values())


def _notes(package: Parts, walk: Walk, related: dict[str, tuple[str, str]]) -> list[Block]:
    """The notes that the text refers to, in that order; those with a mark of their own, which have no number, last."""
    walk.place = "note"
    out: list[Block] = []
    for kind in ("footnote", "endnote"):
        root = _part(package, related, kind + "s")
        notes = [note for note in (root if root is not None else ()) if note.get(W + "type") is None]
        order = {note_id: at for at, note_id in enumerate(walk.notes[kind])}
        for note in sorted(notes, key=lambda note: order.get(note.get(W + "id", ""), len(order))):
            found = walk.blocks(note)
            out += [_numbered(found[0], walk.note_number(kind, note.get(W + "id", ""))), *found[1:]] if found else []
    return out


def _numbered(block: Block, number: str) -> Block:
    """A note's first paragraph with its number in front, as it stands in the text."""
    return (blocks.paragraph(f"[{number}] {block.text}", place="note") if number else None) or block


def _comments(package: Parts, related: dict[str, tuple[str, str]]) -> list[str]:
    root = _part(package, related, "comments")
    texts = (
        "".join(node.text or "" for node in comment.iter(W + "t")) for comment in (root if root is not None else ())
    )
    return [blocks.clean(text) for text in texts if text.strip()]


def _findings(walk: Walk, package: Parts) -> tuple[Finding, ...]:
    found = []
    if package.broken:
        message = "文件有部分内容损坏，已读出其余内容，请对照原文件核对，必要时请报送单位重新发送。"
        found.append(finding("attachment.partly_read", message))
    if walk.revised:
        found.append(
            finding("text.revisions", "文件中有尚未接受的修订，已按全部接受处理，请与报送单位核对定稿。", "info")
        )
    if walk.pictures.lost:
        found.append(
            finding(
                "text.picture",
                f"文中有 {walk.pictures.lost} 张图片格式特殊或已缺失，未能取出，请报送单位另发 JPG 图片。",
                "info",
            )
        )
    return tuple(found)
