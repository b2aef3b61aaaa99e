"""Signatures of mail (DKIM: RFC 6376, RFC 8301, RFC 8463) whose keys the office holds. Nothing is looked up anywhere.

Bounded: so many signatures, so large a message; every step reads it once. What a mail says of itself chooses only among
the keys that the config gives.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from parsers.budgets import BUDGET

PublicKey = RSAPublicKey | Ed25519PublicKey
_MOST = 5
"""Signatures of a mail that are tried."""
_LARGEST = 50 * 2**20
"""Bytes of a mail; of a larger one nothing is said."""
_SMALLEST_RSA = 1024
"""Bits (RFC 8301, section 3.2)."""
_FIELD = re.compile(rb"^[!-9;-~]{1,200}[ \t]*:(?:[^\r\n]|\r\n[ \t]|\r(?!\n))*+(?=\r\n)", re.M)
_OWN_VALUE = re.compile(rb"([:;][ \t\r\n]*b[ \t\r\n]*=)[^;]*")
_TAG = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=([^;]*)(?:;|$)")
_REQUIRED = frozenset("vabdhs") | {"bh"}


@dataclass(frozen=True)
class Signature:
    """One signature whose key is at hand, and what became of it."""

    domain: str
    """That signs, in lower case."""
    verdict: Literal["pass", "fail"]
    reason: str = ""
    """In Chinese: why it fails."""


class _Fails(Exception):
    """The text is the reason, in Chinese."""


def signatures(raw: bytes, keys: Mapping[str, str], at: datetime | None) -> tuple[Signature, ...]:
    """What the signatures are worth that are by one of `keys` (`selector._domainkey.domain` → DNS record). `at`: when
    the mail came, to know what has expired. Nothing in it makes this raise."""
    if not keys or len(raw) > _LARGEST:
        return ()
    head, body = _split(raw.lstrip(b"\r\n"))
    fields = _fields(head)
    found = ((field, _tags(field)) for field in fields if field.lower().startswith(b"dkim-signature"))
    known = [(field, tags, keys[name]) for field, tags in found if (name := _key_name(tags)) in keys]
    return tuple(_judged(field, tags, record, fields, body, at) for field, tags, record in known[:_MOST])


def key_of(record: str) -> PublicKey:
    """The key in a DNS record (`v=DKIM1; k=rsa; p=…`, RFC 6376, 3.6.1). ValueError, in Chinese, where there is none."""
    return _key(record)


@lru_cache(maxsize=64)
def _key(record: str) -> PublicKey:
    tags = dict(_TAG.findall(re.sub(r'"\s*"', "", record).strip().strip('"')))
    try:
        data = base64.b64decode(re.sub(r"\s+", "", tags.get("p", "")), validate=True)
        key = Ed25519PublicKey.from_public_bytes(data) if tags.get("k", "").strip() == "ed25519" else _rsa(data)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("不是 DKIM 公钥记录，应形如 v=DKIM1; k=rsa; p=…") from None
    return key


def _rsa(data: bytes) -> RSAPublicKey:
    key = load_der_public_key(data)
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_RSA:
        raise ValueError
    return key


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body, lines ending in CRLF as they were signed."""
    if b"\r\n" not in raw[: BUDGET.header_bytes]:
        raw = raw.replace(b"\n", b"\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + b"\r\n", body


def _fields(head: bytes) -> list[bytes]:
    """The header's fields as they stand; none where there is more than a mail may have."""
    if len(head) > BUDGET.header_bytes:
        return []
    found = _FIELD.findall(head)
    return found if len(found) <= BUDGET.header_fields else []


def _tags(field: bytes) -> dict[str, str]:
    """The signature's tags without white space; empty where it is malformed or says a thing twice."""
    pairs = _TAG.findall(field.partition(b":")[2].decode("latin-1"))
    tags = {name: re.sub(r"\s+", "", value) for name, value in pairs}
    return tags if len(tags) == len(pairs) and tags.keys() >= _REQUIRED else {}


def _key_name(tags: Mapping[str, str]) -> str:
    return f"{tags['s']}._domainkey.{tags['d']}".lower() if tags else ""


def _judged(
    field: bytes, tags: dict[str, str], record: str, fields: list[bytes], body: bytes, at: datetime | None
) -> Signature:
    domain = tags["d"].lower()
    try:
        _check(tags, fields, at)
        _check_body(tags, body)
        _check_head(field, tags, record, fields)
    except _Fails as why:
        return Signature(domain, "fail", str(why))
    return Signature(domain, "pass")


def _check(tags: Mapping[str, str], fields: list[bytes], at: datetime | None) -> None:
    if tags["v"] != "1" or tags["a"].lower() not in ("rsa-sha256", "ed25519-sha256"):
        raise _Fails("签名算法不受信任")
    if "from" not in tags["h"].lower().split(":") or sum(_name(field) == b"from" for field in fields) != 1:
        raise _Fails("签名没有涵盖唯一的发件人")
    signer, domain = tags.get("i", tags["d"]).rpartition("@")[2].lower(), tags["d"].lower()
    if signer != domain and not signer.endswith("." + domain):
        raise _Fails("签名人不属于签名的域名")
    if at is not None and (end := tags.get("x", "")).isdigit() and len(end) < 12 and at.timestamp() > int(end):
        raise _Fails("签名已过期")


def _check_body(tags: Mapping[str, str], body: bytes) -> None:
    plain = _plain_body(body, relaxed=_relaxed(tags)[1])
    if "l" in tags and tags["l"] != str(len(plain)):
        raise _Fails("签名只涵盖正文的一部分")
    if sha256(plain).digest() != _decoded(tags["bh"]):
        raise _Fails("正文在签名之后被改动")


def _check_head(field: bytes, tags: Mapping[str, str], record: str, fields: list[bytes]) -> None:
    relaxed, key, said = _relaxed(tags)[0], _key(record), _decoded(tags["b"])
    signed = [_plain_field(one, relaxed) + b"\r\n" for one in _signed(tags["h"], fields)]
    text = b"".join(signed) + _plain_field(_OWN_VALUE.sub(rb"\1", field, count=1), relaxed)
    is_rsa = tags["a"].lower().startswith("rsa")
    try:
        if isinstance(key, RSAPublicKey) and is_rsa:
            key.verify(said, text, PKCS1v15(), SHA256())
        elif isinstance(key, Ed25519PublicKey) and not is_rsa:
            key.verify(said, sha256(text).digest())
        else:
            raise _Fails("签名算法与公钥不符")
    except InvalidSignature:
        raise _Fails("签名与邮件头不符") from None


def _signed(names: str, fields: list[bytes]) -> list[bytes]:
    """The fields that are signed: of several with one name the last first, each once (RFC 6376, 5.4.2)."""
    left: dict[bytes, list[bytes]] = {}
    for field in fields:
        left.setdefault(_name(field), []).append(field)
    wanted = names.lower().encode("latin-1").split(b":")[: BUDGET.header_fields]
    return [left[name].pop() for name in wanted if left.get(name)]


def _relaxed(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Of header and body: whether they were made alike before signing (RFC 6376, 3.4)."""
    head, _, body = tags.get("c", "simple/simple").lower().partition("/")
    return head == "relaxed", body == "relaxed"


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()


def _plain_field(field: bytes, relaxed: bool) -> bytes:
    if not relaxed:
        return field
    value = re.sub(rb"[ \t]+", b" ", field.partition(b":")[2].replace(b"\r\n", b""))
    return _name(field) + b":" + value.strip(b" ")


def _plain_body(body: bytes, relaxed: bool) -> bytes:
    if relaxed:
        body = re.sub(rb"[ \t]+", b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(body)
    while body[end - 2 : end] == b"\r\n":
        end -= 2
    return b"" if relaxed and end == 0 else body[:end] + b"\r\n"


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""
