"""An approved draft as a folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.desk import review
from daemon.desk.export import export
from daemon.desk.hand import ConflictError, held
from daemon.export.folder import Post, PostFile, safe_name, write_post
from daemon.rules.states import NotAllowed
from daemon.settings import Settings
from daemon.store.unit_of_work import Store
from tests.daemon.desk.desks import draft, received, staffed
from tests.samples import Desk, attached, picture

FOLDER_NAMES = ("index.html", "post.json")


@pytest.fixture
def desk(store: Store, settings: Settings, tmp_path: Path) -> Desk:
    publishing = settings.publishing.model_copy(update={"folder": tmp_path / "export"})
    one_step = settings.review.model_copy(update={"steps": ("审核",)})
    return staffed(store, replace(settings, publishing=publishing, review=one_step))


def approved(desk: Desk, **values: Any) -> int:
    number = received(desk, **values)
    desk.do(number, review.take)
    desk.do(number, review.sign)
    return number


def with_files(desk: Desk) -> int:
    photo, photo_blob = attached("../../值守 点.PNG", "image", "picture", picture("#9fb7c9"))
    annex, annex_blob = attached("附件1：分工表.xlsx", "xlsx", "annex", b"sheet")
    main, main_blob = attached("通知.docx", "docx", "main", b"word")
    body = f'<p>正文</p><p><img src="sha256:{photo.sha256}" alt="值守点"></p>'
    return approved(desk, body_html=body, attachments=(main, annex, photo), blobs=(photo_blob, annex_blob, main_blob))


def test_an_export_holds_page_facts_annexes_and_pictures(desk: Desk) -> None:
    folder = export(desk.store, desk.hand(with_files(desk)))
    post = json.loads((folder / "post.json").read_text(encoding="utf-8"))
    assert {file["path"] for file in post["files"]} == {"files/附件1：分工表.xlsx", "pictures/01.png"}
    assert (folder / "files" / "附件1：分工表.xlsx").read_bytes() == b"sheet"
    assert (folder / "pictures" / "01.png").read_bytes() == picture("#9fb7c9")
    assert 'src="pictures/01.png"' in post["body_html"]
    assert 'src="pictures/01.png"' in (folder / "index.html").read_text(encoding="utf-8")


def test_the_main_document_stays_here_since_nobody_looked_at_what_it_hides(desk: Desk) -> None:
    folder = export(desk.store, desk.hand(with_files(desk)))
    assert not list(folder.rglob("*.docx"))


def test_an_export_moves_the_draft_and_is_on_record(desk: Desk) -> None:
    number = with_files(desk)
    export(desk.store, desk.hand(number))
    now = draft(desk, number)
    assert (now.state, now.exported_at) == ("exported", desk.now)


def test_what_is_not_approved_leaves_nothing_in_the_folder(desk: Desk) -> None:
    number = received(desk)
    with pytest.raises(NotAllowed):
        export(desk.store, desk.hand(number))
    assert not desk.settings.publishing.folder.exists()


def test_an_old_page_exports_nothing(desk: Desk) -> None:
    number = approved(desk)
    old = desk.hand(number)
    desk.do(number, review.reject, "重复")
    with pytest.raises(ConflictError):
        export(desk.store, old)
    assert not desk.settings.publishing.folder.exists()


def test_a_picture_that_is_kept_back_leaves_the_text_too(desk: Desk) -> None:
    photo, blob = attached("照片.png", "image", "picture", picture("#9fb7c9"))
    number = received(
        desk, body_html=f'<p>正文</p><img src="sha256:{photo.sha256}">', attachments=(photo,), blobs=(blob,)
    )
    with desk.store.read() as session:
        file = held(session, desk.hand(number)).attachments[0]
    desk.do(number, review.keep_back, file.id, False)
    desk.do(number, review.take)
    desk.do(number, review.sign)
    folder = export(desk.store, desk.hand(number))
    assert sorted(path.name for path in folder.iterdir()) == list(FOLDER_NAMES)
    assert "<img" not in (folder / "index.html").read_text(encoding="utf-8")


def test_pictures_inside_a_word_file_go_along_though_they_are_no_attachments(desk: Desk) -> None:
    photo, blob = attached("image1.emf", "image", "picture", picture("#101010"))
    number = approved(desk, body_html=f'<p>图</p><img src="sha256:{photo.sha256}">', blobs=(blob,))
    folder = export(desk.store, desk.hand(number))
    assert (folder / "pictures" / "01.png").read_bytes() == blob.data


def post(**values: Any) -> Post:
    facts: dict[str, Any] = {
        "receipt": "2026-000001",
        "revision": 1,
        "title": "题",
        "body_html": "<p>文</p>",
        "facts": {},
        "files": (),
    }
    return Post(**(facts | values))


def nothing(_digest: str) -> bytes:
    return b""


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = write_post(tmp_path, post(), nothing)
    inode = first.stat().st_ino
    assert write_post(tmp_path, post(), nothing) == first
    assert first.stat().st_ino == inode
    assert [path.name for path in tmp_path.iterdir()] == ["2026-000001-1"]


def test_a_folder_that_somebody_damaged_is_made_whole(tmp_path: Path) -> None:
    folder = write_post(tmp_path, post(), nothing)
    (folder / "index.html").write_text("damaged", encoding="utf-8")
    write_post(tmp_path, post(), nothing)
    assert "<h1>题</h1>" in (folder / "index.html").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["2026-000001-1"]


def test_a_failure_half_way_leaves_no_folder(tmp_path: Path) -> None:
    def fails(_digest: str) -> bytes:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        write_post(tmp_path, post(files=(PostFile("a.pdf", "pdf", "annex", 1, "0" * 64),)), fails)
    assert list(tmp_path.iterdir()) == []


def test_a_title_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    folder = write_post(tmp_path, post(title="<script>alert(1)</script>"), nothing)
    assert "<script>" not in (folder / "index.html").read_text(encoding="utf-8")


def test_files_of_one_name_get_different_ones(tmp_path: Path) -> None:
    files = tuple(PostFile("表.xlsx", "xlsx", "annex", 1, str(number) * 64) for number in range(3))
    folder = write_post(tmp_path, post(files=files), nothing)
    assert sorted(path.name for path in (folder / "files").iterdir()) == ["表(2).xlsx", "表(3).xlsx", "表.xlsx"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("附件1.xlsx", "附件1.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "_"),
        (".bashrc", "bashrc"),
        ("a\r\nb\x00.txt", "a__b_.txt"),
        ("CON.txt", "_CON.txt"),
        ("名\u202egpj.exe", "名_gpj.exe"),
        ("", "_"),
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension() -> None:
    name = safe_name("很长" * 200 + ".pdf")
    assert name.endswith(".pdf")
    assert len(name.encode()) <= 180
