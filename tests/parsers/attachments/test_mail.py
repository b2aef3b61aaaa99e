"""Messages as files: their text, and their files as members."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from parsers import attachments
from parsers.content import Content
from parsers.readers import NoReaders
from tests.parsers.attachments.cfb import ole
from tests.parsers.attachments.files import docx, p


def read(data: bytes, name: str) -> Content:
    return attachments.read(name, data, NoReaders())


def test_an_eml_gives_its_text_and_its_files() -> None:
    raw = (
        "From: a@b.cn\r\nSubject: 报送通知\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n正文一段。\r\n"
        '--x\r\nContent-Type: application/octet-stream; name="a.bin"\r\n\r\nabc\r\n--x--\r\n'
    )
    content = read(raw.encode(), "转发.eml")
    assert (content.kind, content.status) == ("eml", "read")
    assert "正文一段。" in content.text
    assert [member.name for member in content.members] == ["a.bin"]


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def test_an_outlook_message_gives_its_text_and_its_files() -> None:
    file = "__attach_version1.0_#00000000/__substg1.0_"
    data = ole(
        {
            "__properties_version1.0": b"",
            "__substg1.0_0037001F": utf16("报送通知"),
            "__substg1.0_1000001F": utf16("请审核。"),
            file + "37010102": docx(p("正文")),
            file + "3707001F": utf16("..\\防火通知.docx"),
        }
    )
    content = read(data, "报送.msg")
    assert (content.kind, content.text) == ("msg", "报送通知\n请审核。")
    assert [member.name for member in content.members] == ["防火通知.docx"]
    assert read(content.members[0].data, "防火通知.docx").text == "正文"


def test_an_old_outlook_message_is_in_the_code_of_its_machine() -> None:
    data = ole({"__properties_version1.0": b"", "__substg1.0_1000001E": "各村民委员会：请查收".encode("gb18030")})
    assert read(data, "报送.msg").text == "各村民委员会：请查收"


def test_a_message_in_a_message_is_read_with_it() -> None:
    inner = "__attach_version1.0_#00000000/__substg1.0_3701000D/"
    file = inner + "__attach_version1.0_#00000000/__substg1.0_"
    data = ole(
        {
            "__properties_version1.0": b"",
            inner + "__substg1.0_1000001F": utf16("里面的信"),
            file + "37010102": b"%PDF-1.4",
            file + "3704001F": utf16("a.pdf"),
        }
    )
    content = read(data, "报送.msg")
    assert content.text == "里面的信"
    assert [member.name for member in content.members] == ["a.pdf"]


def attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BHHI", level, number, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(values: Sequence[tuple[int, int, bytes]]) -> bytes:
    written = b"".join(
        struct.pack("<HHII", kind, tag, 1, len(value)) + value + b"\0" * (-len(value) % 4)
        for tag, kind, value in values
    )
    return struct.pack("<I", len(values)) + written


def winmail(*more: bytes) -> bytes:
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(more)


def test_a_winmail_dat_gives_its_files_by_their_long_names() -> None:
    data = winmail(
        attribute(2, 0x9002, b"\0" * 14),
        attribute(2, 0x8010, "通知~1.DOC\0".encode("gb18030")),
        attribute(2, 0x800F, b"%PDF-1.4 x"),
        attribute(2, 0x9005, properties([(0x3707, 0x1F, utf16("关于防火的通知.doc\0"))])),
        attribute(2, 0x9002, b"\0" * 14),
        attribute(2, 0x8010, "名单.xls\0".encode("gb18030")),
        attribute(2, 0x800F, b"abc"),
    )
    content = read(data, "winmail.dat")
    assert (content.kind, content.status) == ("archive", "read")
    assert [(member.name, member.data) for member in content.members] == [
        ("关于防火的通知.doc", b"%PDF-1.4 x"),
        ("名单.xls", b"abc"),
    ]


def test_a_winmail_dat_cut_off_gives_what_is_whole() -> None:
    data = winmail(
        attribute(2, 0x9002, b""),
        attribute(2, 0x8010, b"a.txt\0"),
        attribute(2, 0x800F, b"abc"),
        b"\x02\x02\x90\x06\0\xff",
    )
    assert [member.data for member in read(data, "winmail.dat").members] == [b"abc"]


def test_an_empty_winmail_dat_is_damaged() -> None:
    assert read(winmail(), "winmail.dat").status == "damaged"
