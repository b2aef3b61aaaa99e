"""A message taken apart: a bounded walk of its MIME tree, from the raw bytes (DOMAIN.md, section 6)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from urllib.parse import unquote

from parsers.budgets import BUDGET, Budget
from parsers.charsets import decode, decode_header
from parsers.dkim import Signature
from parsers.entities import Entity, pieces, read_entity, uuencoded
from parsers.headers import Hop, read_hops, read_sender, received_time
from parsers.names import base_name, file_name, parameter
from parsers.plain import unflow
from parsers.signed import signed_content
from parsers.submission import Finding

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_REFERENCES = 100
_SUBJECT = 1000
_MESSAGE_TYPES = {"message/rfc822", "message/global", "message/news"}
_EXCHANGE_TEXT = re.compile(r"ATT\d{3,6}\.(txt|html?)|mime-attachment\.(txt|html?)", re.IGNORECASE)
"""Names that Exchange and Apple Mail give to pieces of the text itself."""
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w-]{2,40})", re.IGNORECASE)
_CID = re.compile(r"cid:([^\"'\s<>)]{1,500})", re.IGNORECASE)
_SOURCE = re.compile(r"(?:src|background)\s{0,5}=\s{0,5}[\"']?([^\"'\s<>]{1,1000})", re.IGNORECASE)
_DATA_PICTURE = re.compile(r"data:(image/[\w.+-]{1,40});base64,([A-Za-z0-9+/=\s%]{20,})", re.IGNORECASE)
_SEALED_TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
_SIGNATURE_TYPES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}


@dataclass(frozen=True)
class Part:
    """A leaf of the MIME tree, decoded as far as it goes."""

    path: str
    """Its place in the tree, such as "1.2"."""
    name: str | None
    """The file name as the mail gives it, decoded, base name only; None where it gives none."""
    media_type: str
    data: bytes
    charset: str | None = None
    content_id: str | None = None
    content_location: str | None = None
    disposition: str | None = None
    inline: bool = False
    """The HTML body really refers to it."""


@dataclass(frozen=True)
class Mail:
    """A message taken apart: headers decoded, its own text, its files, the messages it forwards."""

    subject: str | None
    sender_name: str | None
    sender_address: str | None
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    received: tuple[datetime, ...]
    """Times of the Received headers, topmost first, aware."""
    headers: tuple[tuple[str, str], ...]
    """All headers, names in lower case, values decoded and without control characters."""
    html: str | None
    """The HTML of the mail's own text, decoded, not yet cleaned."""
    plain: str | None
    parts: tuple[Part, ...] = ()
    """Every leaf that is not the text itself: attachments, pictures, inline or not, messages as `message/rfc822`."""
    forwarded: tuple[Mail, ...] = ()
    """Messages that stand inside as message/rfc822."""
    findings: tuple[Finding, ...] = ()
    hops: tuple[Hop, ...] = ()
    """The Received headers, topmost first: which server took it from whom, and when."""
    signatures: tuple[Signature, ...] = ()
    """What its signatures are worth whose keys the office holds; `read_mail` doesn't ask."""

    def header(self, name: str) -> str | None:
        """The first header of this name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def pictures(self) -> dict[str, str]:
        """How the HTML names the parts that it shows → their SHA-256 in hexadecimal."""
        return {key: digest for part in self.parts if part.inline for key, digest in _references_of(part)}


@dataclass
class _Walk:
    """What the walk of one message has found so far."""

    budget: Budget
    texts: list[tuple[str | None, str | None]] = field(default_factory=list)
    """Pieces of the text as (plain, html), in order."""
    parts: list[Part] = field(default_factory=list)
    forwarded: list[Mail] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    leaves: int = 0
    nested: int = 0

    def note(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)


def read_mail(raw: bytes, budget: Budget = BUDGET) -> Mail:
    """A message taken apart, whatever its state. Never raises; what is over a bound is left out, with a finding."""
    mail, _ = _read(raw, budget, nested=0, leaves=0)
    return mail


def topmost_received(raw: bytes) -> datetime | None:
    """When the last server took the message: the time of the topmost Received header. None where that one has no
    readable time (a lower one could be the sender's own invention)."""
    received = read_entity(raw.lstrip(b"\r\n"), BUDGET).first("received")
    return received_time(decode_header(received)) if received else None


def first_header_values(raw: bytes, *names: str) -> tuple[str | None, ...]:
    """The first value of each header asked for (lower case), decoded, without reading the body. None: not there."""
    entity = read_entity(raw.lstrip(b"\r\n"), BUDGET)
    return tuple(decode_header(entity.first(name)) or None for name in names)


def _read(raw: bytes, budget: Budget, nested: int, leaves: int) -> tuple[Mail, int]:
    """The message, and how many leaves have been counted since the outermost one began."""
    walk = _Walk(budget, nested=nested, leaves=leaves)
    if len(raw) > budget.message:
        walk.note(_refused("邮件超过大小上限，只读取了前面的部分。"))
    entity = read_entity(raw[: budget.message].lstrip(b"\r\n"), budget)
    _visit(entity, "1", 0, walk, text_wanted=True)
    html, plain = _joined(walk.texts, budget)
    html, drawn = _lift_data_pictures(html)
    parts = tuple(_mark_inline((*walk.parts, *drawn), html))
    return _mail(entity, html, plain, parts, walk), walk.leaves


def _mail(entity: Entity, html: str | None, plain: str | None, parts: tuple[Part, ...], walk: _Walk) -> Mail:
    headers = tuple((name, decode_header(value)) for name, value in entity.fields)
    sender_name, sender_address = read_sender(entity.first("from") or entity.first("sender"))
    hops = read_hops(value for name, value in headers if name == "received")
    subject = decode_header(entity.first("subject"))[:_SUBJECT].strip()
    return Mail(
        subject=subject or None,
        sender_name=sender_name,
        sender_address=sender_address,
        message_id=_first_id(decode_header(entity.first("message-id"))),
        in_reply_to=_first_id(decode_header(entity.first("in-reply-to"))),
        references=tuple(_MESSAGE_ID.findall(decode_header(entity.first("references")))[-_REFERENCES:]),
        received=tuple(hop.at for hop in hops if hop.at),
        headers=headers,
        html=html,
        plain=plain,
        parts=parts,
        forwarded=tuple(walk.forwarded),
        findings=tuple(walk.findings),
        hops=hops,
    )


def _first_id(value: str) -> str | None:
    match = _MESSAGE_ID.search(value)
    return match[0] if match else value[:900] or None


def _visit(entity: Entity, path: str, depth: int, walk: _Walk, text_wanted: bool) -> None:
    """One node of the tree. `text_wanted`: a text here may be the mail's own."""
    if walk.leaves >= walk.budget.mime_parts:
        walk.note(_refused(f"邮件部件超过{walk.budget.mime_parts}个，其余未读取。"))
    elif entity.media_type.startswith("multipart/") and _visit_children(entity, path, depth, walk, text_wanted):
        return
    elif entity.media_type in _MESSAGE_TYPES:
        _visit_message(entity, path, walk)
    elif entity.media_type in _SEALED_TYPES and _visit_signed(entity, path, depth, walk, text_wanted):
        return
    elif text_wanted and _is_text(entity, root=depth == 0):
        _take_text(entity, path, walk)
    else:
        _take_part(entity, path, entity.payload, walk)


def _visit_children(entity: Entity, path: str, depth: int, walk: _Walk, text_wanted: bool) -> bool:
    """Visits what a multipart holds. False: it holds nothing that can be told apart, so it is a leaf itself."""
    if depth >= walk.budget.mime_depth:
        walk.note(_refused(f"邮件嵌套超过{walk.budget.mime_depth}层，内层未读取。"))
        return True
    spans = pieces(entity, walk.budget.mime_parts + 1)
    if not spans:
        return False
    default = "message/rfc822" if entity.media_type == "multipart/digest" else "text/plain"
    children = [read_entity(entity.raw, walk.budget, begin, end, default) for begin, end in spans]
    _note_security(entity, walk)
    first_text = len(walk.texts)
    for number, (child, wanted) in enumerate(_with_wishes(entity, children), 1):
        _visit(child, f"{path}.{number}", depth + 1, walk, text_wanted and wanted)
    if entity.media_type == "multipart/alternative":
        walk.texts[first_text:] = _one_of(walk.texts[first_text:])
    return True


def _visit_signed(entity: Entity, path: str, depth: int, walk: _Walk, text_wanted: bool) -> bool:
    """Visits what stands inside an opaque signature. False: it is none, or lies too deep, and stays a part."""
    content = signed_content(entity.payload) if depth < walk.budget.mime_depth else None
    if content is None:
        return False
    walk.note(_SIGNED)
    _visit(read_entity(content, walk.budget), f"{path}.1", depth + 1, walk, text_wanted)
    return True


def _with_wishes(entity: Entity, children: list[Entity]) -> Iterator[tuple[Entity, bool]]:
    """Which children may hold the mail's own text: of a related group only its root, the pictures' page."""
    start = (parameter(entity.parameters, "start") or "").strip("<> ")
    roots = [child for child in children if start and _content_id(child) == start] or children[:1]
    for child in children:
        yield child, entity.media_type != "multipart/related" or child is roots[0]


def _one_of(texts: list[tuple[str | None, str | None]]) -> list[tuple[str | None, str | None]]:
    """Alternatives say the same: the first plain text that says something, the last HTML."""
    plain = next((plain for plain, _ in texts if plain and plain.strip()), None)
    html = next((html for _, html in reversed(texts) if html and html.strip()), None)
    return [(plain, html)] if plain or html else []


def _is_text(entity: Entity, root: bool) -> bool:
    if entity.media_type not in ("text/plain", "text/html") or entity.disposition == "attachment":
        return False
    name = _name(entity)
    return root or name is None or bool(_EXCHANGE_TEXT.fullmatch(name))


def _take_text(entity: Entity, path: str, walk: _Walk) -> None:
    walk.leaves += 1
    data = entity.payload
    if len(data) > walk.budget.body_html:
        walk.note(_LONG)
        data = data[: walk.budget.body_html]
    if entity.media_type == "text/html":
        walk.texts.append((None, _bounded_html(_decode_html(data, _charset(entity)), walk)))
        return
    text = decode(_without_uuencoded(data, path, walk), _charset(entity))
    if "-----BEGIN PGP MESSAGE-----" in text:
        walk.note(_SEALED)
    if (parameter(entity.parameters, "format") or "").lower() == "flowed":
        text = unflow(text, (parameter(entity.parameters, "delsp") or "").lower() == "yes")
    walk.texts.append((_bounded_text(text, walk), None))


def _bounded_html(html: str, walk: _Walk) -> str:
    if html.count("<") > walk.budget.html_tags:
        walk.note(_LONG)
    return html


def _bounded_text(text: str, walk: _Walk) -> str:
    lines = text[: walk.budget.text].splitlines()
    if len(text) <= walk.budget.text and len(lines) <= walk.budget.text_lines:
        return text
    walk.note(_LONG)
    return "\n".join(lines[: walk.budget.text_lines])


def _decode_html(data: bytes, charset: str | None) -> str:
    meta = None if charset else _META_CHARSET.search(data[:4096])
    return decode(data, meta[1].decode("ascii", "replace") if meta else charset)


def _without_uuencoded(data: bytes, path: str, walk: _Walk) -> bytes:
    """The text without the uuencoded files in it, which become parts."""
    kept, position = [], 0
    for number, (name, content, begin, end) in enumerate(uuencoded(data), 1):
        if walk.leaves >= walk.budget.mime_parts:
            break
        walk.leaves += 1
        walk.parts.append(Part(f"{path}u{number}", base_name(decode_header(name)), "application/octet-stream", content))
        kept.append(data[position:begin])
        position = end
    return b"".join((*kept, data[position:]))


def _take_part(entity: Entity, path: str, data: bytes, walk: _Walk) -> None:
    walk.leaves += 1
    location = entity.first("content-location")
    if entity.media_type in _SEALED_TYPES:
        walk.note(_SEALED)
    walk.parts.append(
        Part(
            path=path,
            name=_name(entity),
            media_type=entity.media_type,
            data=data,
            charset=_charset(entity),
            content_id=_content_id(entity),
            content_location=decode_header(location)[:1000] or None,
            disposition=entity.disposition,
        )
    )


def _visit_message(entity: Entity, path: str, walk: _Walk) -> None:
    """A message inside: kept as a part, and read itself as deep as the budget goes."""
    data = entity.payload
    _take_part(entity, path, data, walk)
    if walk.nested >= walk.budget.nested_messages:
        walk.note(_refused(f"转发邮件嵌套超过{walk.budget.nested_messages}层，内层未读取。"))
        return
    inner, walk.leaves = _read(data, walk.budget, walk.nested + 1, walk.leaves)
    walk.forwarded.append(inner)


def _name(entity: Entity) -> str | None:
    return file_name(entity.first("content-disposition"), entity.first("content-type"))


def _charset(entity: Entity) -> str | None:
    return parameter(entity.parameters, "charset")


def _content_id(entity: Entity) -> str | None:
    return decode_header(entity.first("content-id")).strip("<> ")[:500] or None


def _joined(texts: list[tuple[str | None, str | None]], budget: Budget) -> tuple[str | None, str | None]:
    """Several pieces of text as one: as HTML if any of them is, its plain pieces marked up."""
    plain = "\n".join(plain for plain, _ in texts if plain)
    if not any(html for _, html in texts):
        return None, plain or None
    html = "\n".join(html or _as_html(plain or "") for plain, html in texts)
    return html[: budget.body_html], plain or None


def _as_html(plain: str) -> str:
    text = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<div>{line or '<br>'}</div>" for line in text.splitlines())


def _lift_data_pictures(html: str | None) -> tuple[str | None, list[Part]]:
    """Pictures that stand in the HTML itself (`data:`) become parts like others."""
    drawn: list[Part] = []

    def lift(match: re.Match[str]) -> str:
        content_id = f"data{len(drawn) + 1}@inline"
        letters = re.sub(r"\s+", "", unquote(match[2]))
        data = base64.b64decode(letters[: len(letters) // 4 * 4])
        drawn.append(Part(f"d{len(drawn) + 1}", None, match[1].lower(), data, content_id=content_id))
        return f"cid:{content_id}"

    return (_DATA_PICTURE.sub(lift, html) if html else html), drawn


def _mark_inline(parts: tuple[Part, ...], html: str | None) -> Iterator[Part]:
    """The parts, those marked that the HTML refers to: the disposition says little of it."""
    shown = {f"cid:{unquote(cid)}" for cid in _CID.findall(html or "")} | {
        unquote(s) for s in _SOURCE.findall(html or "")
    }
    for part in parts:
        yield replace(part, inline=any(key in shown for key, _ in _references_of(part, hashed=False)))


def _references_of(part: Part, hashed: bool = True) -> list[tuple[str, str]]:
    """The ways in which HTML may name a part, each with its SHA-256."""
    keys = [part.content_id and f"cid:{part.content_id}", part.content_location, part.name]
    digest = sha256(part.data).hexdigest() if hashed else ""
    return [(unquote(key), digest) for key in keys if key]


def _note_security(entity: Entity, walk: _Walk) -> None:
    if entity.media_type == "multipart/encrypted":
        walk.note(_SEALED)
    elif entity.media_type == "multipart/signed":
        walk.note(_SIGNED)


def _refused(message: str) -> Finding:
    return Finding("attachment.refused", "warn", message)


_SEALED = Finding(
    "attachment.encrypted", "warn", "邮件正文已加密（S/MIME 或 PGP），无法读取，请通知报送单位以普通邮件重新发送。"
)
_LONG = _refused("邮件正文过长，只读取了前面的部分，请人工核对原始邮件。")
_SIGNED = Finding("message.signed", "info", "邮件带有数字签名（S/MIME 或 PGP），系统未验证签名，附件按普通附件读取。")
