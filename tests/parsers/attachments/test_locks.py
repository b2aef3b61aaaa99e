"""Passwords that the mail tells open sealed Office files and AES members of zips."""

from __future__ import annotations

import base64
import hashlib
import struct
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from parsers import attachments
from parsers.readers import NoReaders
from tests.parsers.attachments.cfb import ole
from tests.parsers.attachments.files import docx, p

_SALT, _SECRET = b"s" * 16, b"k" * 32


def _cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    run = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return run.update(data + b"\0" * (-len(data) % 16)) + run.finalize()


def _sha(data: bytes) -> bytes:
    return hashlib.sha512(data).digest()


def sealed(package: bytes, password: str, spins: int = 1000, told: int | None = None) -> bytes:
    """A sealed Office file, as MS-OFFCRYPTO 2.3.4.10 to 2.3.4.15 tell how to write it."""
    spun = _sha(_SALT + password.encode("utf-16-le"))
    for number in range(spins):
        spun = _sha(number.to_bytes(4, "little") + spun)

    def locked(block_key: str, data: bytes) -> str:
        key = _sha(spun + bytes.fromhex(block_key))[:32]
        return base64.b64encode(_cbc(key, _SALT, data)).decode()

    salt = base64.b64encode(_SALT).decode()
    common = f'cipherAlgorithm="AES" hashAlgorithm="SHA512" blockSize="16" keyBits="256" saltValue="{salt}"'
    info = (
        f'<encryption><keyData {common}/><keyEncryptors><encryptedKey {common} spinCount="{told or spins}"'
        f' encryptedVerifierHashInput="{locked("fea7d2763b4b9e79", b"v" * 16)}"'
        f' encryptedVerifierHashValue="{locked("d7aa0f6d3061344e", _sha(b"v" * 16))}"'
        f' encryptedKeyValue="{locked("146e0be7abacd0d6", _SECRET)}"/></keyEncryptors></encryption>'
    )
    body = b"".join(
        _cbc(_SECRET, _sha(_SALT + struct.pack("<I", number))[:16], package[place : place + 4096])
        for number, place in enumerate(range(0, len(package), 4096))
    )
    head = struct.pack("<HHI", 4, 4, 0x40)
    return ole({"EncryptionInfo": head + info.encode(), "EncryptedPackage": struct.pack("<Q", len(package)) + body})


def test_a_sealed_word_file_opens_with_the_password_of_the_mail() -> None:
    package = docx(p("正文" * 3000))
    content = attachments.read("通知.docx", sealed(package, "密码2026"), NoReaders(), passwords=("1234", "密码2026"))
    assert (content.kind, content.status, content.text) == ("docx", "read", "正文" * 3000)


@pytest.mark.parametrize("passwords", [(), ("1234",)])
def test_a_sealed_word_file_stays_sealed_without_it(passwords: tuple[str, ...]) -> None:
    data = sealed(docx(p("正文")), "密码2026")
    content = attachments.read("通知.docx", data, NoReaders(), passwords=passwords)
    assert (content.kind, content.status, content.text) == ("docx", "encrypted", "")


def test_a_file_that_asks_for_endless_hashing_is_not_tried() -> None:
    data = sealed(docx(p("正文")), "1234", told=9_999_999_999)
    assert attachments.read("通知.docx", data, NoReaders(), passwords=("1234",)).status == "encrypted"


@pytest.mark.parametrize("method", ["AES128", "AES192", "AES256"])
@pytest.mark.parametrize("level", ["0", "5"])
def test_an_aes_zip_opens_with_the_password_of_the_mail(tmp_path: Path, method: str, level: str) -> None:
    (tmp_path / "公告.txt").write_text("正文" * 5000, "utf-8")
    command = ["7z", "a", "-tzip", f"-mem={method}", f"-mx={level}", "-pmima12", "a.zip", "公告.txt"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    data = (tmp_path / "a.zip").read_bytes()
    content = attachments.read("a.zip", data, NoReaders(), passwords=("1234", "mima12"))
    assert (content.status, content.members[0].data.decode()) == ("read", "正文" * 5000)
    assert attachments.read("a.zip", data, NoReaders(), passwords=("1234",)).status == "encrypted"
