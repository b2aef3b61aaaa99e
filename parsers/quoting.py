"""What of a mail's body is the unit's own text, and what is quoted, signature, greeting, disclaimer, download link."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bs4 import Tag

from parsers.cloud_links import CloudLink, find_links
from parsers.content import Block
from parsers.covering import is_closing, is_covering, is_dashes, is_notice, is_slight, signature_start
from parsers.html import NO_PICTURES, Piece, read_pieces
from parsers.mime import Mail
from parsers.plain import plain_lines
from parsers.quote_heads import Mark, QuoteHeader, find_mark, is_lead_in, read_header
from parsers.runs import paragraph
from parsers.styles import attribute, declarations

__all__ = ["BodySplit", "CloudLink", "QuoteHeader", "is_covering", "read_body", "split", "split_plain"]

_DEPTH = 5
"""Quotes within quotes that are taken apart."""
_LOGO = 6 * 1024
"""Bytes: a picture in the text that is smaller is a logo, an icon, a smiley, never a photograph."""
_SIGNATURE_LINES, _SIGNATURE_LENGTH = 12, 60
_FORWARD = re.compile(r"\s*(fw|fwd|转发|轉寄|轉發)\s*[:：]", re.IGNORECASE)
_QUOTE_NAMES = re.compile(
    r"isreplycontent|gmail_quote|yahoo_quoted|protonmail_quote|ntes-pcmail-quote|divrplyfwdmsg|mailquote|foxmail_quote|zmail_extra"
)
_SIGNATURE_NAMES = re.compile(r"signature|foxmailsign|spneditorsign|_flashsignname|xm_signature|ntes_sign|mail_sign")
_LINK_NAMES = re.compile(
    r"qqmailbigattach|divneteasebigattach|divneteasesirius|netease_?attdown|cloudattach|bigattach|_divbigfile|largeattach"
)
_FOXMAIL_RULE = "210px"


@dataclass(frozen=True)
class BodySplit:
    """A body taken apart. Nothing is lost: what is in none of the block tuples is in `covering`, `cut` or `links`."""

    own: tuple[Block, ...]
    """The sender's own text, without greetings and covering phrases: empty where the mail only covers attachments."""
    covering: tuple[str, ...] = ()
    """Greetings and covering lines of the sender's own text, in order."""
    quoted: tuple[Block, ...] = ()
    """The mail below, as it stands, without its header lines."""
    forwarded: bool = False
    """The mail below is passed on, not answered."""
    forwarded_own: tuple[Block, ...] = ()
    """Of a forward: the inner message's own text, split in the same way. Else empty."""
    forwarded_covering: tuple[str, ...] = ()
    deeper: tuple[tuple[Block, ...], ...] = ()
    """What the mail passed on passes on itself below words of its own (主任，稿子改好了), outermost first."""
    forwarded_from: QuoteHeader | None = None
    """The head of the mail below, forwarded or answered."""
    cut: tuple[str, ...] = ()
    """Signature, disclaimer and advertisement lines."""
    links: tuple[CloudLink, ...] = ()

    @property
    def text_blocks(self) -> tuple[Block, ...]:
        """The blocks to publish from: the sender's own, else of a forward the inner message's."""
        return self.own or self.forwarded_own


def read_body(mail: Mail, pictures: Mapping[str, str] | None = None) -> BodySplit:
    """The body of a mail taken apart: its HTML where that shows something, else its plain text. Logos, icons and
    smileys are no pictures of the text."""
    shown = mail.pictures if pictures is None else pictures
    logos = {part.content_id for part in mail.parts if part.inline and len(part.data) < _LOGO}
    known = {key: digest for key, digest in shown.items() if key.removeprefix("cid:") not in logos}
    body = split(mail.html, known, mail.subject) if mail.html else BodySplit(())
    return body if body != BodySplit(()) else split_plain(mail.plain or "", mail.subject)


def split(html: str, pictures: Mapping[str, str] | None = None, subject: str | None = None) -> BodySplit:
    """An HTML body taken apart. The subject ("转发：…") tells a forward where the quote's own words do not."""
    return _split(read_pieces(html, NO_PICTURES if pictures is None else pictures, _zone), subject, _DEPTH)


def split_plain(text: str, subject: str | None = None) -> BodySplit:
    """A plain text body taken apart."""
    return _split(_plain_pieces(text), subject, _DEPTH)


def _zone(tag: Tag) -> str:
    """What programs say by an element's name, id and class of what is inside."""
    if tag.name in ("includetail",) or attribute(tag, "type") == "cite":
        return "quote"
    if tag.name == "hr":
        return "signature-rule" if _is_signature_rule(tag) else ""
    if tag.name == "sign":
        return "signature"
    names = f"{attribute(tag, 'id')} {attribute(tag, 'class')}".lower()[:500]
    if names == " ":
        return ""
    for zone, pattern in (("link", _LINK_NAMES), ("quote", _QUOTE_NAMES), ("signature", _SIGNATURE_NAMES)):
        if pattern.search(names):
            return zone
    return ""


def _is_signature_rule(tag: Tag) -> bool:
    """Foxmail's line above a signature."""
    names = attribute(tag, "id").lower()
    return "fmsig" in names or declarations(attribute(tag, "style")).get("width") == _FOXMAIL_RULE


def _plain_pieces(text: str) -> tuple[Piece, ...]:
    """The paragraphs of a plain text; those behind ">" stand in a quote."""
    pieces: list[Piece] = []
    for quoted, lines in _by_quote(text):
        for line in plain_lines("\n".join(lines)):
            block = Block("paragraph", line.text, paragraph(line.text))
            pieces.append(Piece(block, "/quote" if quoted else "", line.gap))
    return tuple(pieces)


def _by_quote(text: str) -> list[tuple[bool, list[str]]]:
    """Runs of lines with and without a leading ">"."""
    runs: list[tuple[bool, list[str]]] = []
    for line in text.splitlines():
        quoted = line.startswith(">")
        if not runs or runs[-1][0] != quoted:
            runs.append((quoted, []))
        runs[-1][1].append(line.lstrip("> \ufeff") if quoted else line)
    return runs


def _split(pieces: Sequence[Piece], subject: str | None, depth: int) -> BodySplit:
    """The pieces of one message. Cloud links first: their lines would be taken for text or signature."""
    own, quoted, mark = _divide(pieces)
    links, own = _take_links(own)
    own, cut = _take_signature(own)
    covering, text = _take_covering(own)
    body = BodySplit(
        own=_blocks(text),
        covering=tuple(covering),
        quoted=_blocks(quoted),
        forwarded_from=mark.header if mark else None,
        cut=tuple(cut),
        links=tuple(links),
    )
    return _with_forward(body, quoted, mark, subject, depth) if quoted else body


def _with_forward(
    body: BodySplit, quoted: list[Piece], mark: Mark | None, subject: str | None, depth: int
) -> BodySplit:
    forwarded = _is_forward(mark, subject, body)
    if not forwarded or depth == 0:
        return replace(body, forwarded=forwarded)
    inner = _split([_out_of_quote(piece) for piece in quoted], mark.header.subject if mark else None, depth - 1)
    return replace(
        body,
        forwarded=True,
        forwarded_own=inner.text_blocks,
        forwarded_covering=(*inner.covering, *inner.forwarded_covering),
        deeper=(*((inner.forwarded_own,) if inner.own and inner.forwarded_own else ()), *inner.deeper),
        cut=(*body.cut, *inner.cut),
        links=(*body.links, *inner.links),
    )


def _is_forward(mark: Mark | None, subject: str | None, body: BodySplit) -> bool:
    """The quote's own words say it, else the subject, else that nothing stands above."""
    if mark and mark.forwarded is not None:
        return mark.forwarded
    if subject and _FORWARD.match(subject):
        return True
    return not subject and not body.own and not body.covering


def _out_of_quote(piece: Piece) -> Piece:
    return replace(piece, zone=piece.zone.removeprefix("/quote"))


def _divide(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece], Mark | None]:
    """What stands above a quote and what in it. A mark in words takes everything below it; an element only itself."""
    lines = [
        piece.block.text if piece.block and piece.block.kind != "table" else _table_head(piece) for piece in pieces
    ]
    mark = find_mark(lines)
    end = mark.begin if mark else len(pieces)
    own = [piece for piece in pieces[:end] if not piece.zone.startswith("/quote")]
    within = [piece for piece in pieces[:end] if piece.zone.startswith("/quote")]
    if not mark:
        return own, _without_head(within), None
    below, after = _answered_below(pieces[mark.text :])
    return _without_lead_in([*own, *after]), within + below, mark


def _answered_below(below: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """A quote of which every line is marked as one, and what stands below it, set off by an empty line: an answer
    written there. A quote with unmarked lines goes on to the end."""
    marked = [piece.zone.startswith("/quote") for piece in below]
    end = marked.index(False) if False in marked else len(below)
    is_answered = 0 < end < len(below) and not any(marked[end:]) and below[end].gap
    return (list(below[:end]), list(below[end:])) if is_answered else (list(below), [])


def _table_head(piece: Piece) -> str:
    """The text of a table where it may be a quote's head (NetEase's programs write it so), else nothing."""
    text = piece.block.text if piece.block else ""
    return text if len(text) < 1000 else ""


def _without_head(quoted: list[Piece]) -> list[Piece]:
    _, begin = read_header([piece.block.text if piece.block else "" for piece in quoted], 0)
    return quoted[begin:]


def _without_lead_in(own: list[Piece]) -> list[Piece]:
    return [piece for piece in own if not (piece.block and is_lead_in(piece.block.text))]


def _take_links(own: list[Piece]) -> tuple[list[CloudLink], list[Piece]]:
    texts = [piece.block.text if piece.block else "" for piece in own]
    htmls = [piece.block.html if piece.block and piece.block.kind != "table" else "" for piece in own]
    links, taken = find_links(texts, htmls, ["/link" in piece.zone for piece in own])
    return links, [piece for number, piece in enumerate(own) if number not in taken]


def _take_signature(own: list[Piece]) -> tuple[list[Piece], list[str]]:
    """The text without what a program or person signs it with, and the lines that went."""
    begin = _marked_signature(own)
    kept = [piece for piece in own[:begin] if not _is_signed(piece)]
    gone = [piece for piece in own[:begin] if _is_signed(piece)] + own[begin:]
    texts = [piece.block.text if piece.block else "" for piece in kept]
    start = signature_start(texts, [piece.gap for piece in kept])
    return kept[:start], _texts(kept[start:] + gone)


def _is_signed(piece: Piece) -> bool:
    return "/signature" in piece.zone or bool(
        piece.block and piece.block.kind != "table" and is_notice(piece.block.text)
    )


def _marked_signature(own: list[Piece]) -> int:
    """Where a mark sets off a signature: Foxmail's rule, "--", QQ's dashes; the end where none does."""
    rules = (number for number, piece in enumerate(own) if piece.zone.endswith("signature-rule"))
    begin = next(rules, len(own))
    for number in range(max(0, begin - _SIGNATURE_LINES - 1), begin):
        block = own[number].block
        if block and is_dashes(block.text) and _looks_signed(own[number + 1 : begin]):
            return number
    return begin


def _looks_signed(after: list[Piece]) -> bool:
    """Few and short lines: a long text after dashes is a text."""
    lines = _texts(after)
    return len(lines) <= _SIGNATURE_LINES and all(len(line) <= _SIGNATURE_LENGTH or is_notice(line) for line in lines)


def _take_covering(own: list[Piece]) -> tuple[list[str], list[Piece]]:
    """Greetings and covering lines from the head and the end; and all of it where hardly anything else is left."""
    begin, end = 0, len(own)
    while begin < end and _covers(own[begin], is_covering):
        begin += 1
    while begin < end and _covers(own[end - 1], is_closing):
        end -= 1
    text = own[begin:end]
    around = _texts(own[:begin]) + _texts(own[end:])
    if (
        around
        and is_slight(_texts(text))
        and not any(piece.block and piece.block.kind in ("table", "picture") for piece in text)
    ):
        return _texts(own), []
    return around, text


def _covers(piece: Piece, covers: Callable[[str], bool]) -> bool:
    if piece.block is None:
        return True
    return piece.block.kind not in ("table", "picture", "heading") and covers(piece.block.text)


def _texts(pieces: Sequence[Piece]) -> list[str]:
    return [piece.block.text for piece in pieces if piece.block and piece.block.text]


def _blocks(pieces: Sequence[Piece]) -> tuple[Block, ...]:
    return tuple(piece.block for piece in pieces if piece.block)
