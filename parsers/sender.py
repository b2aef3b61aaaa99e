"""Which unit a mail is from, and how sure: by address, by domain, by what the document says; and who only pretends.

`sender.spoofed` (CONTRACT.md, section 3): the display name is a unit's, or an address of one, or the address imitates
one, and the real address is not its. Any other address of no unit is `sender.unknown`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from parsers.authenticity import forged
from parsers.mime import Mail
from parsers.office import Office, Unit
from parsers.submission import Evidence, Finding

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_PUBLIC = frozenset(
    re.findall(
        r"\S+",
        "163.com 126.com yeah.net 188.com vip.163.com qq.com vip.qq.com foxmail.com sina.com sina.cn vip.sina.com "
        "sohu.com 139.com 189.cn wo.cn 21cn.com aliyun.com tom.com outlook.com hotmail.com gmail.com icloud.com",
    )
)
"""Mail services that anybody can register with: their names are no imitation of one another."""
_COMMON_LOCALS = frozenset({"admin", "office", "webmaster", "bangongshi", "service", "contact", "xinxizhongxin"})
_OFFICE_OF_UNIT = re.compile(r"[一-龥]{0,6}(办公室|办|科|股|信息员|联络员|宣传员|通讯员|信息中心|编辑部|官方|邮箱)?")
_CONFUSABLE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "2": "z", "q": "g", "|": "l"})
_ON_BEHALF = re.compile(r"[\[【［]\s*代报\s*[:：]?\s*([^\]】］]{2,40}?)\s*[\]】］]")


@dataclass(frozen=True)
class Origin:
    """The unit that a mail is from, the evidence for it, and what must be known of the sender."""

    unit: Unit | None
    evidence: Evidence | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Named:
    """What a document or the mail's own text says of its author."""

    issuers: tuple[str, ...] = ()
    """From letterhead and signature, the most certain first."""
    numbers: tuple[str, ...] = ()
    """发文字号."""
    forwarded_from: tuple[str, ...] = ()
    """Addresses that a forwarded mail claims to come from: no better than a signature, for anybody can write them."""
    signature: str = ""
    """The lines that close the mail, or the first and last lines of an article."""


def by_address(address: str | None, office: Office) -> tuple[Unit | None, Evidence | None]:
    """The unit that an address is of: whole addresses first, then domains, then the addresses that letters go to.
    +tags and case don't matter."""
    plain = normal(address)
    if not plain:
        return None, None
    if unit := _owner(plain, [(unit, unit.addresses) for unit in office.units]):
        return unit, "address"
    domain = plain.rsplit("@", 1)[-1]
    claims = [(len(own), unit) for unit in office.units for own in _domains(unit) if _under(domain, own)]
    if claims:
        return max(claims, key=lambda claim: claim[0])[1], "domain"
    unit = _owner(plain, [(unit, unit.notify) for unit in office.units])
    return unit, "address" if unit else None


def _owner(plain: str, held: Iterable[tuple[Unit, tuple[str, ...]]]) -> Unit | None:
    return next((unit for unit, addresses in held if plain in map(normal, addresses)), None)


def judge(mail: Mail, named: Named, office: Office) -> Origin:
    """The unit of a mail and the findings on its sender. A spoofed sender has no unit."""
    pretended = spoofed(mail, office) or unauthentic(mail, office)
    if pretended:
        return Origin(None, None, (pretended,))
    unit, evidence = by_address(mail.sender_address, office)
    if unit:
        return Origin(unit, evidence)
    own, on_behalf = is_own(mail.sender_address, office), _on_behalf(mail, office)
    if own and on_behalf:
        return Origin(on_behalf, "desk")
    unit = on_behalf or by_document(named, office)
    return Origin(unit, "document" if unit else None, () if own else (_unknown(mail, unit),))


def is_own(address: str | None, office: Office) -> bool:
    """Whether the address is the office's, or one of its people's."""
    return normal(address) in map(normal, (office.address, *office.editors))


def by_document(named: Named, office: Office) -> Unit | None:
    """The unit that letterhead, number, forwarded mail or signature name."""
    found = (find_unit(issuer, office) for issuer in named.issuers)
    by_number = (_by_prefix(number, office) for number in named.numbers)
    by_sender = (by_address(address, office)[0] for address in named.forwarded_from)
    candidates = (*found, *by_number, *by_sender, find_unit(named.signature, office))
    return next((unit for unit in candidates if unit), None)


def find_unit(text: str, office: Office) -> Unit | None:
    """The unit whose name or alias stands in a text, the longest name first; the earlier one where two are as long."""
    names = sorted(((name, unit) for unit in office.units for name in unit.names), key=lambda pair: -len(pair[0]))
    squeezed = re.sub(r"\s+", "", text)
    hits = [(-len(name), squeezed.find(name), unit) for name, unit in names if name in squeezed]
    return min(hits, key=lambda hit: hit[:2])[2] if hits else None


def spoofed(mail: Mail, office: Office) -> Finding | None:
    """The block on a sender who pretends to be a unit, or None."""
    address = normal(mail.sender_address)
    name = unicodedata.normalize("NFKC", mail.sender_name or "").strip()
    if not address or is_own(address, office):
        return None
    reason = (
        _name_of_unit(name, address, office) or _address_in_name(name, address, office) or _imitates(address, office)
    )
    if not reason:
        return None
    message = f"发件人疑似冒用：{reason}。请先用登记的电话与该单位核实，核实前不得发布。"
    return Finding("sender.spoofed", "block", message, excerpt=f"{mail.sender_name or ''} <{mail.sender_address}>")


def unauthentic(mail: Mail, office: Office) -> Finding | None:
    """The block on an address of a unit, or of the office's people, that the mail is not from, or None."""
    unit, _ = by_address(mail.sender_address, office)
    whose = unit.name if unit else "编辑部" if is_own(mail.sender_address, office) else None
    reason = forged(mail, office) if whose else None
    if not reason:
        return None
    message = f"发件人疑似冒用{whose}的邮箱：{reason}。请先用登记的电话与该单位核实，核实前不得发布。"
    return Finding("sender.spoofed", "block", message, excerpt=f"{mail.sender_name or ''} <{mail.sender_address}>")


def normal(address: str | None) -> str:
    """An address in lower case, without a +tag and without white space."""
    local, _, domain = (address or "").strip().lower().rpartition("@")
    return f"{local.split('+')[0]}@{domain}" if domain else ""


def _unknown(mail: Mail, unit: Unit | None) -> Finding:
    shown = mail.sender_address or "（无地址）"
    guess = f"按文件内容判断为{unit.name}" if unit else "无法判断属于哪个单位"
    message = f"发件地址 {shown} 不在单位登记之中，{guess}，请核实后处理。"
    return Finding("sender.unknown", "warn", message, excerpt=shown)


def without_mark(subject: str) -> str:
    """A subject without the words that say for whom it is passed on."""
    return _ON_BEHALF.sub("", subject).strip()


def _on_behalf(mail: Mail, office: Office) -> Unit | None:
    """An editor passes on what came by other ways: the subject says for whom."""
    marked = _ON_BEHALF.search(mail.subject or "")
    if marked is None:
        return None
    begun = [unit for unit in office.units if unit.name.startswith(marked[1])]
    return find_unit(marked[1], office) or (begun[0] if len(begun) == 1 else None)


def _by_prefix(number: str, office: Office) -> Unit | None:
    prefix = number.split("〔")[0]
    claims = [(unit, own) for unit in office.units for own in unit.document_prefixes if own and prefix == own]
    return claims[0][0] if claims else None


def _domains(unit: Unit) -> Iterable[str]:
    return (address[1:].lower() for address in unit.addresses if address.startswith("@"))


def _under(domain: str, own: str) -> bool:
    return domain == own or domain.endswith("." + own)


def _is_of(address: str, unit: Unit) -> bool:
    domain = address.rsplit("@", 1)[-1]
    return address in map(normal, (*unit.addresses, *unit.notify)) or any(_under(domain, own) for own in _domains(unit))


def _name_of_unit(name: str, address: str, office: Office) -> str | None:
    """A display name that is a unit's, alone or with one of its offices behind it."""
    plain = re.sub(r"[\s\"'“”‘’()（）<>《》·._-]", "", name)
    known = by_address(address, office)[0]
    for unit in office.units:
        if _is_of(address, unit):
            continue
        for own in unit.names:
            rest = plain.removeprefix(own)
            same = plain == own or (
                known is None and rest != plain and _OFFICE_OF_UNIT.fullmatch(rest) and _closes(rest)
            )
            if same and not _better_known(plain, known):
                return f"显示名“{name}”是{unit.name}的名称，而地址 {address} 不是该单位登记的地址"
    return None


def _closes(rest: str) -> bool:
    return bool(re.search(r"(办公室|办|科|股|员|信息中心|编辑部|官方|邮箱)$", rest))


def _better_known(plain: str, known: Unit | None) -> bool:
    """The sender's own unit bears that name too."""
    return known is not None and any(own in plain or plain in own for own in known.names)


def _address_in_name(name: str, address: str, office: Office) -> str | None:
    for shown in map(normal, _ADDRESS.findall(name)):
        unit, _ = by_address(shown, office)
        if unit and shown != address and not _is_of(address, unit):
            return f"显示名写的是{unit.name}的地址 {shown}，真实地址却是 {address}"
    return None


def _imitates(address: str, office: Office) -> str | None:
    if by_address(address, office)[0]:
        return None
    for unit in office.units:
        for own in unit.addresses:
            if (
                _looks_like_domain(address, own[1:])
                if own.startswith("@")
                else _looks_like(address, normal(own), office)
            ):
                return f"地址 {address} 与{unit.name}登记的地址 {own} 极为相似，但并不相同"
    return None


def _looks_like(address: str, own: str, office: Office) -> bool:
    local, _, domain = address.rpartition("@")
    own_local, _, own_domain = own.rpartition("@")
    if domain == own_domain:
        return _looks_like_local(local, own_local, _scheme(own_domain, office))
    if local == own_local:
        return _alike_domains(domain, own_domain) or _distinctive(local)
    return skeleton(local) == skeleton(own_local) and _distinctive(local) and _alike_domains(domain, own_domain)


def _looks_like_local(local: str, own: str, scheme: frozenset[str]) -> bool:
    """One slip apart, or the same but for look-alike letters; not where the office's own addresses are as close."""
    if skeleton(local) == skeleton(own):
        return True
    if len(own) < 6 or len(local) < 6 or _sister(local, own):
        return False
    allowed = 2 if len(own) >= 10 else 1
    closest = min((distance(own, other) for other in scheme if other != own), default=99)
    return distance(local, own) <= min(allowed, closest - 1)


def _sister(local: str, own: str) -> bool:
    """Another mailbox by the same pattern (town_bgs, town_xcb): one would have to know, so it is only unknown."""
    head, mark, _ = re.sub(r"[-.]", "_", local).rpartition("_")
    own_head, own_mark, _ = re.sub(r"[-.]", "_", own).rpartition("_")
    return bool(mark and own_mark) and head == own_head


def _scheme(domain: str, office: Office) -> frozenset[str]:
    addresses = (normal(own) for unit in office.units for own in unit.addresses)
    return frozenset(own.rpartition("@")[0] for own in addresses if own.endswith("@" + domain))


def _looks_like_domain(address: str, own: str) -> bool:
    return _alike_domains(address.rpartition("@")[2], own.lower())


def _alike_domains(domain: str, own: str) -> bool:
    """Look-alike letters, one slip in a long label, or the real name inside a stranger's domain."""
    if domain == own or domain in _PUBLIC:
        return False
    if skeleton(domain) == skeleton(own) or domain.startswith(own + "."):
        return True
    first, _, parent = domain.partition(".")
    own_first, _, own_parent = own.partition(".")
    if parent == own_parent:
        return len(own_first) >= 6 and distance(first, own_first) == 1
    return distance(domain, own) == 1 or (first == own_first and len(first) >= 3 and distance(domain, own) <= 2)


def _distinctive(local: str) -> bool:
    """A name that nobody else would choose by chance, such as htxyz_office."""
    return (
        len(local) >= 6 and local not in _COMMON_LOCALS and not local.isdigit() and bool(re.search(r"[a-z]{3}", local))
    )


def skeleton(text: str) -> str:
    """A name with look-alike characters made one and separators taken out."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("rn", "m").replace("vv", "w")
    return re.sub(r"[._-]", "", folded.translate(_CONFUSABLE))


def distance(one: str, two: str) -> int:
    """Edits between two short names: insert, delete, replace, swap neighbours (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            swapped = i > 1 and j > 1 and a == two[j - 2] and b == one[i - 2]
            row.append(min(best, older[j - 2] + 1) if swapped else best)
    return row[-1]
