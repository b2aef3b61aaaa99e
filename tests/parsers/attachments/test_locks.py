"""Passwords that the mail tells open sealed Office files and AES members of zips."""

from __future__ import annotations

import base64
import hashlib
import struct
import subprocess
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import attachments
from parsers.readers import NoReaders
from tests.parsers.attachments.cfb import ole
from tests.parsers.attachments.files import docx, p

FILES = Path(__file__).resolve().parents[2] / "files"
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


def seven(tmp_path: Path, *options: str) -> bytes:
    """Made by 7-Zip: two documents, a link and what a program left behind."""
    (tmp_path / "公告.txt").write_text("正文" * 5000, "utf-8")
    (tmp_path / "表").mkdir()
    (tmp_path / "表" / "名单.csv").write_text("甲,乙", "utf-8")
    (tmp_path / "Thumbs.db").write_bytes(b"x")
    command = ["7z", "a", *options, "a.7z", "公告.txt", "表", "Thumbs.db"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    return (tmp_path / "a.7z").read_bytes()


@pytest.mark.parametrize("options", [(), ("-mhe=on",), ("-ms=off",), ("-m0=BZip2",), ("-m0=PPMd",), ("-mx=0",)])
def test_a_locked_7z_opens_with_the_password_of_the_mail(tmp_path: Path, options: tuple[str, ...]) -> None:
    data = seven(tmp_path, "-p密码2026", *options)
    content = attachments.read("a.7z", data, NoReaders(), passwords=("1234", "密码2026"))
    assert content.status == "read"
    assert {member.name: member.data.decode() for member in content.members} == {
        "公告.txt": "正文" * 5000,
        "名单.csv": "甲,乙",
    }


def test_a_locked_7z_with_another_password_says_so(tmp_path: Path) -> None:
    content = attachments.read("a.7z", seven(tmp_path, "-p密码2026"), NoReaders(), passwords=("1234",))
    assert (content.status, content.members) == ("encrypted", ())
    assert "来信所写的密码打不开此文件" in content.findings[0].message


def test_a_locked_7z_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "公告.txt").write_bytes(bytes(300 * 2**20))
    subprocess.run(["7z", "a", "-p1234", "a.7z", "公告.txt"], cwd=tmp_path, check=True, capture_output=True)
    content = attachments.read("a.7z", (tmp_path / "a.7z").read_bytes(), NoReaders(), passwords=("1234",))
    assert (content.status, content.members) == ("refused", ())


def test_a_7z_that_asks_for_endless_hashing_is_not_tried(tmp_path: Path) -> None:
    data = bytearray(seven(tmp_path, "-p1234", "-mhe=on"))
    place = data.index(b"\x06\xf1\x07\x01") + 5
    data[place] = data[place] & 0xC0 | 40
    began = time.process_time()
    content = attachments.read("a.7z", bytes(data), NoReaders(), passwords=("1234",))
    assert content.status in ("encrypted", "damaged")
    assert time.process_time() - began < 5


@given(st.integers(40, 2000), st.integers(1, 255))
@settings(max_examples=25, deadline=None)
def test_a_broken_locked_7z_is_told_and_never_raises(place: int, change: int) -> None:
    data = bytearray((FILES / "seven-locked.7z").read_bytes())
    data[place % len(data)] ^= change
    content = attachments.read("a.7z", bytes(data), NoReaders(), passwords=("1234",))
    assert content.status in ("read", "encrypted", "damaged", "refused")
