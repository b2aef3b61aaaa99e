"""Titles: joined over lines, cleaned of what mail programs and file names add, known by their last word."""

import pytest

from parsers.titles import from_file_name, from_subject, is_whole, joined, stem, type_word


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["清河镇人民政府", "关于做好供暖工作的通知"], "清河镇人民政府关于做好供暖工作的通知"),
        (["通　　　知"], "通知"),
        (["关　于　加　强　管　理　的　通　知"], "关于加强管理的通知"),
        (["春耕忙 农机助力抢农时"], "春耕忙 农机助力抢农时"),
        (["关于开展 5G", "and IoT 试点的通知"], "关于开展 5G and IoT 试点的通知"),
        (["某某局", "公　告"], "某某局公告"),
    ],
)
def test_lines_of_a_title_are_joined(lines: list[str], title: str) -> None:
    assert joined(lines) == title


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Fwd: Re: 关于做好供暖工作的通知", "关于做好供暖工作的通知"),
        ("转发：回复：关于做好供暖工作的通知", "关于做好供暖工作的通知"),
        ("转发县政府关于做好供暖工作的通知", "转发县政府关于做好供暖工作的通知"),
        ("清政发〔2026〕12号 关于做好供暖工作的通知", "关于做好供暖工作的通知"),
        ("清政发〔2026〕12号", None),
        ("", None),
        (None, None),
    ],
)
def test_a_subject_as_a_title(subject: str | None, title: str | None) -> None:
    assert from_subject(subject) == title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2026.10.8关于做好供暖工作的通知（定稿）.docx", "关于做好供暖工作的通知"),
        ("1.关于做好供暖工作的通知.doc", "关于做好供暖工作的通知"),
        ("关于做好供暖工作的通知20261008.pdf", "关于做好供暖工作的通知"),
        ("关于印发《供水办法（试行）》的通知(1).docx", "关于印发《供水办法（试行）》的通知"),
        ("供水管理办法（试行）.docx", "供水管理办法（试行）"),
        ("清政发〔2026〕12号.docx", None),
        ("2026年工作要点.docx", "2026年工作要点"),
        ("1.jpg", None),
    ],
)
def test_a_file_name_as_a_title(name: str, title: str | None) -> None:
    assert from_file_name(name) == title


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("关于供暖的通知", "通知"),
        ("供水管理办法（试行）", "办法"),
        ("拟录用人员公示（第二批）", "公示"),
        ("《供水管理办法》解读", "解读"),
        ("清河镇：春耕忙", None),
    ],
)
def test_the_last_word_says_what_it_is(title: str, word: str | None) -> None:
    assert type_word(title) == word


def test_brackets_at_the_end_are_stripped_one_after_the_other() -> None:
    assert stem("供水管理办法（修订）（试行）") == "供水管理办法"


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("关于做好供暖工作的通知", True),
        ("关于公布应急方案", False),
        ("清河镇人民政府", False),
        ("关于印发《供水管理办法", False),
        ("停电公告", True),
    ],
)
def test_a_title_is_whole_when_it_has_come_to_its_type_word(title: str, whole: bool) -> None:
    assert is_whole(title) is whole
