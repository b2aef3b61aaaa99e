"""What the office's own server says of a mail: whether it is from whom it claims to be, and when it came.

Only headers that `mailbox.trusted_host` wrote are believed (RFC 8601, section 5), and of these the topmost, which no
sender can have put there; without a trusted host nothing is. Beside it counts what the office can see itself:
signatures whose keys it holds (`parsers.dkim`).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from parsers.mime import Mail
from parsers.office import Office
from parsers.submission import Finding

DISPUTED_FROM = timedelta(minutes=10)
"""CONTRACT.md, section 3: two times of receipt that are further apart are for a person to decide."""
_LONGEST = 4000
_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*([a-z]+)([^;]*)", re.I)
_DKIM_DOMAIN = re.compile(r"header\.(?:d|i)\s*=\s*\"?@?([\w.-]+)", re.I)


def forged(mail: Mail, office: Office) -> str | None:
    """Why the mail is not from its sender's domain, in Chinese; None: nothing says so.

    The trusted server's DMARC verdict decides; without one, signatures of the domain whose keys the office holds; else
    a failed SPF that no signature of the sender's own domain outweighs.
    """
    results = _results(mail, office)
    verdicts = {method: verdict for method, verdict, _ in reversed(results)}
    if verdicts.get("dmarc") == "fail":
        return f"收信服务器 {office.trusted_host} 判定发件域名未通过 DMARC 验证"
    if "dmarc" in verdicts:
        return None
    if own := [one for one in mail.signatures if _is_domain_of(one.domain, mail)]:
        broken = f"{own[0].domain} 的签名验证未通过（{own[0].reason}）"
        return None if any(one.verdict == "pass" for one in own) else broken
    if verdicts.get("spf") != "fail" or _signed_by_sender(mail, results):
        return None
    return f"收信服务器 {office.trusted_host} 判定发信来源未通过 SPF 验证，也没有该域名的有效签名"


def disputed(mail: Mail, office: Office, received_at: datetime | None) -> Finding | None:
    """The warning where the mailbox's time of receipt and that of the trusted Received header are too far apart."""
    at = next((hop.at for hop in mail.hops if hop.by and _is_trusted(hop.by, office)), None)
    if at is None or received_at is None or abs(received_at - at) <= DISPUTED_FROM:
        return None
    shown = [f"{one.astimezone(office.zone):%Y-%m-%d %H:%M}" for one in (received_at, at)]
    message = f"邮箱记录的收到时间（{shown[0]}）与收信服务器写入的时间（{shown[1]}）相差超过10分钟，请核定收到时间。"
    return Finding("receipt.disputed", "warn", message, excerpt=shown[1])


def _results(mail: Mail, office: Office) -> list[tuple[str, str, str]]:
    """Method, verdict and properties, from the topmost header that the trusted server wrote."""
    for name, value in mail.headers:
        if name == "authentication-results":
            server, _, rest = value[:_LONGEST].partition(";")
            if server.split() and _is_trusted(server.split()[0].lower(), office):
                return [(method.lower(), verdict.lower(), more) for method, verdict, more in _RESULT.findall(rest)]
    return []


def _is_trusted(host: str, office: Office) -> bool:
    trusted = (office.trusted_host or "").lower().rstrip(".")
    return bool(trusted) and (host.rstrip(".") == trusted or host.rstrip(".").endswith("." + trusted))


def _signed_by_sender(mail: Mail, results: list[tuple[str, str, str]]) -> bool:
    """A valid signature of the sender's domain, or of one above it (RFC 7489, relaxed alignment)."""
    signers = [found[1].lower() for method, verdict, more in results if (method, verdict) == ("dkim", "pass")
               for found in _DKIM_DOMAIN.finditer(more)]  # fmt: skip
    return any(_is_domain_of(signer, mail) for signer in signers)


def _is_domain_of(signer: str, mail: Mail) -> bool:
    domain = (mail.sender_address or "").rpartition("@")[2].lower()
    return "." in signer and (signer == domain or domain.endswith("." + signer))
