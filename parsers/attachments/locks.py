"""Files behind a password that the mail itself tells: sealed Office files (MS-OFFCRYPTO), AES members of zips."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from io import BytesIO

import olefile
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from parsers.attachments.errors import Damaged, Encrypted, Refused
from parsers.attachments.package import local, parse_xml

_AGILE, _STANDARD = (4, 4), {(2, 2), (3, 2), (4, 2)}
_SPINS = 200_000
"""Rounds of hashing that a file may ask for; Office asks for 100,000."""
_SEGMENT = 4096
_STANDARD_SPINS = 50_000
_VERIFIER_INPUT, _VERIFIER, _KEY = (
    bytes.fromhex(word) for word in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6")
)
_HASHES = {"SHA1", "SHA256", "SHA384", "SHA512"}
_ZIP_AUTH = 10
_ZIP_SALT = {1: 8, 2: 12, 3: 16}


@dataclass(frozen=True)
class _Agile:
    """What an agile EncryptionInfo says of one of its keys."""

    salt: bytes
    hash_name: str
    key_bytes: int
    block: int

    def hash(self, data: bytes) -> bytes:
        return hashlib.new(self.hash_name, data, usedforsecurity=False).digest()


def unseal(data: bytes, passwords: tuple[str, ...]) -> bytes:
    """The package inside a sealed Office file. Raises Encrypted where none of the passwords opens it."""
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            info = ole.openstream("EncryptionInfo").read()
            package = ole.openstream("EncryptedPackage").read()
    except Exception as error:  # olefile raises whatever a broken sector chain leads to
        raise Encrypted from error
    for password in passwords:
        opened = _opened(info, package, password.encode("utf-16-le"))
        if opened is not None:
            return opened
    raise Encrypted


def _opened(info: bytes, package: bytes, password: bytes) -> bytes | None:
    try:
        version = struct.unpack_from("<HH", info)
        size = struct.unpack_from("<Q", package)[0]
        if version == _AGILE:
            plain = _agile(parse_xml(info[8:].rstrip(b"\0")), package[8:], password)
        else:
            plain = _standard(info, package[8:], password) if version in _STANDARD else None
    except (struct.error, ValueError, KeyError, StopIteration, Damaged, Refused):
        return None
    return plain[:size] if plain is not None else None


def _agile(root: etree._Element, package: bytes, password: bytes) -> bytes | None:
    data_key, key = (
        next(element for element in root.iter() if local(element) == name) for name in ("keyData", "encryptedKey")
    )
    own, whole = _agile_key(key), _agile_key(data_key)
    spun = _spun(own.hash_name, own.salt, password, int(key.get("spinCount", "0")))

    def unlocked(block_key: bytes, attribute: str) -> bytes:
        derived = own.hash(spun + block_key)[: own.key_bytes].ljust(own.key_bytes, b"\x36")
        return _cbc(derived, own.salt, base64.b64decode(key.get(attribute, "")))

    given = unlocked(_VERIFIER_INPUT, "encryptedVerifierHashInput")
    wanted = unlocked(_VERIFIER, "encryptedVerifierHashValue")
    if not hmac.compare_digest(own.hash(given), wanted[: len(own.hash(b""))]):
        return None
    secret = unlocked(_KEY, "encryptedKeyValue")[: whole.key_bytes]
    return b"".join(
        _cbc(
            secret, whole.hash(whole.salt + struct.pack("<I", number))[: whole.block], package[place : place + _SEGMENT]
        )
        for number, place in enumerate(range(0, len(package), _SEGMENT))
    )


def _agile_key(element: etree._Element) -> _Agile:
    name = element.get("hashAlgorithm", "").replace("-", "").upper()
    if name not in _HASHES or element.get("cipherAlgorithm") != "AES":
        raise ValueError(name)
    salt = base64.b64decode(element.get("saltValue", ""))
    return _Agile(salt, name, int(element.get("keyBits", "0")) // 8, int(element.get("blockSize", "0")))


def _standard(info: bytes, package: bytes, password: bytes) -> bytes | None:
    """Office 2007's way: AES-ECB with a key from 50,000 rounds of SHA-1."""
    header = struct.unpack_from("<I", info, 8)[0]
    key_bytes = struct.unpack_from("<I", info, 12 + 16)[0] // 8
    place = 12 + header
    salt, verifier = info[place + 4 : place + 20], info[place + 20 : place + 36]
    stored = info[place + 40 : place + 72]
    final = hashlib.sha1(_spun("SHA1", salt, password, _STANDARD_SPINS) + b"\0" * 4, usedforsecurity=False).digest()
    key = (_padded_hash(final, 0x36) + _padded_hash(final, 0x5C))[:key_bytes]
    if hashlib.sha1(_ecb(key, verifier), usedforsecurity=False).digest() != _ecb(key, stored)[:20]:
        return None
    return _ecb(key, package[: len(package) // 16 * 16])


def _padded_hash(value: bytes, mask: int) -> bytes:
    mixed = bytes(byte ^ mask for byte in value.ljust(64, b"\0"))
    return hashlib.sha1(mixed, usedforsecurity=False).digest()


def _spun(name: str, salt: bytes, password: bytes, rounds: int) -> bytes:
    if rounds > _SPINS:
        raise ValueError(rounds)
    value = hashlib.new(name, salt + password, usedforsecurity=False).digest()
    for number in range(rounds):
        value = hashlib.new(name, number.to_bytes(4, "little") + value, usedforsecurity=False).digest()
    return value


def zip_member(raw: bytes, strength: int, password: bytes) -> bytes | None:
    """An AES member of a zip (WinZip's AE-1 and AE-2), decrypted, still packed; None where the password is wrong."""
    salt_bytes = _ZIP_SALT.get(strength, 16)
    key_bytes = 2 * salt_bytes
    salt, check = raw[:salt_bytes], raw[salt_bytes : salt_bytes + 2]
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * key_bytes + 2)
    sealed, mark = raw[salt_bytes + 2 : -_ZIP_AUTH], raw[-_ZIP_AUTH:]
    if keys[-2:] != check or hmac.digest(keys[key_bytes:-2], sealed, "sha1")[:_ZIP_AUTH] != mark:
        return None
    blocks = -(-len(sealed) // 16)
    counters = b"".join(number.to_bytes(16, "little") for number in range(1, blocks + 1))
    stream = _ecb(keys[:key_bytes], counters, encrypt=True)[: len(sealed)]
    return (int.from_bytes(sealed, "little") ^ int.from_bytes(stream, "little")).to_bytes(len(sealed), "little")


def _cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
    return decryptor.update(data[: len(data) // 16 * 16]) + decryptor.finalize()


def _ecb(key: bytes, data: bytes, *, encrypt: bool = False) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - the format asks for it
    run = cipher.encryptor() if encrypt else cipher.decryptor()
    return run.update(data) + run.finalize()
