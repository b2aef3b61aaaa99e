"""Archives: names as Chinese programs write them, members in memory, bombs refused, locked members told."""

from __future__ import annotations

import bz2
import gzip
import io
import locale
import lzma
import stat
import struct
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from parsers import attachments
from parsers.budgets import Budget
from parsers.content import Content, Sealed
from parsers.readers import NoReaders
from tests.parsers.attachments.files import docx, p, packed


def read(data: bytes, name: str = "材料.zip", budget: Budget | None = None, passwords: tuple[str, ...] = ()) -> Content:
    return attachments.read(name, data, NoReaders(), budget or Budget(), passwords)


def names(content: Content) -> list[str]:
    return [member.name for member in content.members]


def gbk_zip(name: str) -> bytes:
    """A zip as 360zip and WinRAR write it: the name in GBK, no flag."""
    placeholder = "x" * len(name.encode("gb18030"))
    return packed({placeholder: b"text"}).replace(placeholder.encode(), name.encode("gb18030"))


def test_names_in_gbk_without_a_flag() -> None:
    assert names(read(gbk_zip("附件/测绘资质一览表.txt"))) == ["测绘资质一览表.txt"]


def test_names_in_utf_8_with_and_without_a_flag() -> None:
    flagged = packed({"通知.txt": b"x"})
    assert names(read(flagged)) == ["通知.txt"]
    unflagged = packed({"a" * 10: b"x"}).replace(b"a" * 10, "通知.txt".encode())
    assert names(read(unflagged)) == ["通知.txt"]


def test_no_path_or_link_is_followed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("../../etc/passwd", "C:\\Windows\\x.ini", "/abs.txt", "folder/"):
            archive.writestr(name, "x")
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert names(read(out.getvalue())) == ["passwd", "x.ini", "abs.txt"]


def test_what_programs_leave_behind_is_passed_over() -> None:
    data = packed({"__MACOSX/._a.txt": b"x", "Thumbs.db": b"x", ".DS_Store": b"x", "~$通知.docx": b"x", "a.txt": b"x"})
    assert names(read(data)) == ["a.txt"]


def bomb(size: int = 30 * 2**20) -> bytes:
    return packed({"a.txt": b"\0" * size})


@pytest.mark.parametrize(
    ("data", "budget"),
    [
        (bomb(), Budget()),
        (packed({f"{number}.txt": b"x" for number in range(40)}), Budget(archive_members=30)),
        (packed({"a.zip": packed({"a.txt": b"\0" * 2**21}, zipfile.ZIP_STORED)}), Budget()),
        (gzip.compress(b"\0" * 30 * 2**20), Budget()),
        (packed({"a.txt": b"x" * 5000}), Budget(unpacked=1000)),
    ],
    ids=["ratio", "count", "nesting", "gzip", "size"],
)
def test_bombs_are_refused(data: bytes, budget: Budget) -> None:
    content = read(data, budget=budget)
    assert content.status == "refused"
    assert content.members == ()
    assert [found.code for found in content.findings] == ["attachment.refused"]


def test_an_archive_that_lies_about_its_sizes_is_not_believed() -> None:
    data = bytearray(bomb(40 * 2**20))
    for magic, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.find(magic) + offset, 10)
    assert read(bytes(data)).status in ("refused", "damaged")


def seven_zip(tmp_path: Path, name: str, *options: str) -> bytes:
    (tmp_path / "公告.txt").write_text("正文", "utf-8")
    subprocess.run(["7z", "a", *options, name, "公告.txt"], cwd=tmp_path, check=True, capture_output=True)
    return (tmp_path / name).read_bytes()


def test_a_7z_is_opened(tmp_path: Path) -> None:
    content = read(seven_zip(tmp_path, "a.7z"), "a.7z")
    assert [(member.name, member.data.decode()) for member in content.members] == [("公告.txt", "正文")]


def test_names_in_a_7z_do_not_depend_on_the_locale(tmp_path: Path) -> None:
    data = seven_zip(tmp_path, "a.7z")
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C")
        content = read(data, "a.7z")
        assert locale.setlocale(locale.LC_CTYPE) == "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    assert [member.name for member in content.members] == ["公告.txt"]


def test_a_locked_7z_is_told(tmp_path: Path) -> None:
    assert read(seven_zip(tmp_path, "a.7z", "-p1234"), "a.7z").status == "encrypted"


def test_a_locked_zip_opens_with_the_password_of_the_mail(tmp_path: Path) -> None:
    data = seven_zip(tmp_path, "a.zip", "-tzip", "-mem=ZipCrypto", "-p1234")
    content = read(data, passwords=("wrong", "1234"))
    assert (content.status, content.members[0].data.decode()) == ("read", "正文")


def test_a_locked_zip_lists_its_members_and_each_reads_as_locked(tmp_path: Path) -> None:
    (tmp_path / "通知.docx").write_bytes(docx(p("正文")))
    subprocess.run(
        ["7z", "a", "-tzip", "-pgeheim", "a.zip", "通知.docx"], cwd=tmp_path, check=True, capture_output=True
    )
    content = read((tmp_path / "a.zip").read_bytes(), passwords=("1234",))
    assert (content.status, names(content)) == ("encrypted", ["通知.docx"])
    assert isinstance(content.members[0].data, Sealed)
    member = attachments.read("通知.docx", content.members[0].data, NoReaders())
    assert (member.kind, member.status) == ("docx", "encrypted")


def test_a_broken_member_does_not_cost_the_others() -> None:
    data = bytearray(packed({"坏.docx": docx(p("坏")), "好.docx": docx(p("好"))}))
    data[80] ^= 0xFF
    content = read(bytes(data))
    read_members = [attachments.read(member.name, member.data, NoReaders()) for member in content.members]
    assert [(member.kind, member.status) for member in read_members] == [("docx", "damaged"), ("docx", "read")]


def test_tar_with_devices_and_links_gives_only_its_files() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, kind in (("../x/公告.txt", tarfile.REGTYPE), ("dev", tarfile.CHRTYPE), ("link", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, "/etc/passwd", 5 if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(b"hello"))
    content = read(out.getvalue(), "a.tar.gz")
    assert [(member.name, member.data) for member in content.members] == [("公告.txt", b"hello")]


@pytest.mark.parametrize(
    ("data", "name"),
    [(gzip.compress(b"x"), "a.txt.gz"), (bz2.compress(b"x"), "a.txt.bz2"), (lzma.compress(b"x"), "a.txt.xz")],
)
def test_a_single_packed_file_is_its_own_member(data: bytes, name: str) -> None:
    content = read(data, name)
    assert [(member.name, member.data) for member in content.members] == [("a.txt", b"x")]
