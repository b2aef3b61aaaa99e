"""OpenDocument files behind a password that the mail tells (ODF 1.2 and 1.3, part 3, 4.8: AES and PBKDF2)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from parsers.attachments.errors import Damaged, Encrypted, Refused
from parsers.attachments.odt_styles import get
from parsers.attachments.package import Package, local
from parsers.budgets import Budget

MANIFEST = "META-INF/manifest.xml"
_ROUNDS = 500_000
"""Of hashing that a part may ask for; LibreOffice asks for 100,000."""
_PARTS = 200
"""Parts whose key is reckoned, each from its own salt."""
_CHECKED = 1024
_GCM_START = 12


@dataclass(frozen=True)
class _Locked:
    """What the manifest says of one part."""

    cipher: str
    start: bytes
    start_key: str
    rounds: int
    salt: bytes
    key_bytes: int
    checksum: bytes


class LockedPackage(Package):
    """A package whose parts are decrypted as they are read. Raises Encrypted where no password opens it."""

    def __init__(self, data: bytes, budget: Budget, passwords: tuple[str, ...]) -> None:
        super().__init__(data, budget)
        self._locked: dict[str, _Locked] = {}
        self._keys = _PARTS
        self._locked = _locked_parts(self.xml(MANIFEST))
        self._password = self._fitting(passwords)

    def read(self, name: str, limit: int | None = None) -> bytes:
        locked, sealed = self._locked.get(name), super().read(name, limit)
        if locked is None:
            return sealed
        self._keys -= 1
        if self._keys < 0:
            raise Refused
        return _inflated(_opened(sealed, locked, self._password), limit or self.budget.xml)

    def _fitting(self, passwords: tuple[str, ...]) -> str:
        """The password that opens the text, by the checksum over its beginning."""
        locked = self._locked.get("content.xml")
        if locked is None:
            raise Encrypted
        sealed = super().read("content.xml", self.budget.xml)
        for password in passwords:
            opened = _opened(sealed, locked, password)
            if opened and ("gcm" in locked.cipher or _fits(opened, locked.checksum)):
                return password
        raise Encrypted


def is_locked(package: Package) -> bool:
    """Whether the manifest tells of parts behind a password."""
    return MANIFEST in package and b"encryption-data" in package.read(MANIFEST)


def _locked_parts(manifest: etree._Element) -> dict[str, _Locked]:
    found = {}
    for entry in manifest:
        data = next((child for child in entry if local(child) == "encryption-data"), None)
        part = _locked(data) if data is not None else None
        if part is not None:
            found[get(entry, "full-path")] = part
    return found


def _locked(data: etree._Element) -> _Locked | None:
    """None where the part is locked in a way that is not read here (Blowfish, Argon2)."""
    by_name = {local(child): child for child in data}
    try:
        algorithm, derivation = by_name["algorithm"], by_name["key-derivation"]
        start_key = get(by_name["start-key-generation"], "start-key-generation-name").rpartition("#")[2].lower()
        locked = _Locked(
            cipher=get(algorithm, "algorithm-name").rpartition("#")[2].lower(),
            start=base64.b64decode(get(algorithm, "initialisation-vector")),
            start_key=start_key,
            rounds=int(get(derivation, "iteration-count")),
            salt=base64.b64decode(get(derivation, "salt")),
            key_bytes=int(get(derivation, "key-size") or 32),
            checksum=base64.b64decode(get(data, "checksum")),
        )
    except (KeyError, ValueError):
        return None
    by_pbkdf2 = get(derivation, "key-derivation-name").rpartition("#")[2].upper() == "PBKDF2"
    known = locked.cipher in ("aes256-cbc", "aes192-cbc", "aes128-cbc", "aes256-gcm") and start_key == "sha256"
    return locked if by_pbkdf2 and known and 0 < locked.rounds <= _ROUNDS and locked.key_bytes in (16, 24, 32) else None


def _opened(sealed: bytes, locked: _Locked, password: str) -> bytes:
    """The part, still packed; empty where the password is known to be wrong."""
    start = hashlib.sha256(password.encode()).digest()
    key = hashlib.pbkdf2_hmac("sha1", start, locked.salt, locked.rounds, locked.key_bytes)
    if locked.cipher.endswith("gcm"):
        try:
            return AESGCM(key).decrypt(sealed[:_GCM_START], sealed[_GCM_START:], None)
        except (InvalidTag, ValueError):
            return b""
    if len(locked.start) != 16:
        return b""
    decryptor = Cipher(algorithms.AES(key), modes.CBC(locked.start)).decryptor()
    return decryptor.update(sealed[: len(sealed) // 16 * 16]) + decryptor.finalize()


def _fits(opened: bytes, checksum: bytes) -> bool:
    return hmac.compare_digest(hashlib.sha256(opened[:_CHECKED]).digest(), checksum)


def _inflated(packed: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(-15)
    try:
        data = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Damaged from error
    if len(data) > limit:
        raise Refused
    return data
