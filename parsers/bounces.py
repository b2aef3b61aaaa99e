"""Which letter a bounce gives back, to whom it could not be delivered, and why.

Sources: RFC 3464 (message/delivery-status), RFC 3462 (the returned message or its headers), and the Chinese providers'
own forms, which are a page for people with the returned message attached, or nothing but its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.charsets import clean_line
from parsers.kind import letter_ids
from parsers.mime import Mail
from parsers.office import Office
from parsers.submission import Bounce

_LOOKED_AT = 200_000
_MOST = 20
_FIELD = re.compile(
    rb"^(final-recipient|original-recipient|action|status|diagnostic-code)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)",
    re.I | re.M,
)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_REASON = re.compile(
    r"[^\n。]{0,60}(?:不存在|无法(?:投递|送达|找到)|拒收|拒绝|已满|停用|冻结|禁用"
    r"|user (?:unknown|not found)|no such user|mailbox (?:unavailable|full|not found)|does not exist"
    r"|\b5\d\d[ -]\d?)[^\n。]{0,100}",
    re.I,
)
_RETURNED = {"text/rfc822-headers", "message/rfc822", "message/global-headers"}


def read_bounce(mail: Mail, office: Office) -> Bounce:
    """What a mail of kind `bounce` says of the letter that it gives back. Nothing in it makes this raise."""
    fields = list(_fields(mail))
    words = _words(mail)
    named = [_address(value) for name, value in fields if name in ("final-recipient", "original-recipient")]
    failed = [mail.header("x-failed-recipients") or "", *filter(None, named)]
    addresses = _addresses("\n".join(failed), office) or _addresses(words, office)
    actions = {value.strip().lower() for name, value in fields if name == "action"}
    return Bounce(
        letters=_letters(mail, words, office),
        addresses=addresses,
        reason=_reason(fields, words),
        permanent=not actions or "failed" in actions,
        words=words[:4000],
    )


def _fields(mail: Mail) -> Iterator[tuple[str, str]]:
    for part in mail.parts:
        if part.media_type == "message/delivery-status":
            for name, value in _FIELD.findall(part.data[:_LOOKED_AT]):
                yield name.decode("ascii").lower(), clean_line(value.decode("utf-8", "replace"))


def _address(value: str) -> str:
    """`rfc822; a@b.cn` (RFC 3464, section 2.3.2)."""
    return value.rpartition(";")[2].strip()


def _words(mail: Mail) -> str:
    """The report for people, its markup taken out."""
    html = re.sub(r"<(style|script)\b[^<]*+(?:<(?!/\1)[^<]*+)*+", " ", (mail.html or "")[:_LOOKED_AT], flags=re.I)
    shown = re.sub(r"<[^<>]{0,2000}>", "\n", html)
    return f"{mail.subject or ''}\n{(mail.plain or '')[:_LOOKED_AT]}\n{shown}"


def _letters(mail: Mail, words: str, office: Office) -> tuple[str, ...]:
    """The Message-IDs of ours that stand in it: of what it answers, of the message returned, in its words."""
    returned = [
        part.data[:_LOOKED_AT].decode("utf-8", "replace") for part in mail.parts if part.media_type in _RETURNED
    ]
    inner = [one.message_id or "" for one in mail.forwarded]
    texts = [mail.in_reply_to or "", *mail.references, *inner, *returned, words]
    found = (identity for text in texts for identity in letter_ids(text, office))
    return tuple(dict.fromkeys(found))[:_MOST]


def _addresses(text: str, office: Office) -> tuple[str, ...]:
    found = (address.lower() for address in _ADDRESS.findall(text[:_LOOKED_AT]))
    return tuple(dict.fromkeys(address for address in found if address != office.address.lower()))[:_MOST]


def _reason(fields: list[tuple[str, str]], words: str) -> str:
    """What the other server said, in one line; else what the page says for people."""
    values = dict(reversed(fields))
    said = _address(values.get("diagnostic-code", "")) or values.get("status", "")
    if not said and (found := _REASON.search(words)):
        said = found[0]
    return clean_line(said).strip()[:200] or "未说明原因"
