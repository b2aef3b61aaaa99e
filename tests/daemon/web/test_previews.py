"""What an editor sees of files, and of what differs."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest

from daemon.desk import review
from daemon.desk.hand import held
from tests.daemon.desk.desks import UNIT, draft, received
from tests.daemon.web.conftest import Visit
from tests.samples import NOW, attached, found_draft, picture, submission


@pytest.fixture
def editor(visit: Visit) -> Visit:
    visit.login()
    return visit


def pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def files_of(visit: Visit, number: int) -> list[str]:
    with visit.desk.store.read() as session:
        found = held(session, visit.desk.hand(number)).attachments
        return [f"/drafts/{number}/files/{one.id}" for one in found]


def test_a_sheet_is_shown_as_its_tables_in_a_sandbox(editor: Visit) -> None:
    file, blob = attached("表.xlsx", "xlsx", "annex", b"sheet")
    html = '<table><tr><td>东片</td></tr></table><script>alert(1)</script><img src="https://evil.example.com/x.png">'
    number = received(editor.desk, column="政府公文", attachments=(replace(file, html=html),), blobs=(blob,))
    (path,) = files_of(editor, number)
    assert f'src="{path}/preview"' in editor.text(f"/drafts/{number}")
    answer = editor.get(f"{path}/preview")
    text = answer.get_data(as_text=True)
    assert "东片" in text
    assert "script" not in text
    assert "evil" not in text
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_picture_is_shown_from_its_own_bytes(editor: Visit) -> None:
    photo, blob = attached("照片.png", "image", "picture", picture("#9fb7c9"))
    number = received(editor.desk, column="政府公文", attachments=(photo,), blobs=(blob,))
    assert 'src="data:image/png;base64,' in editor.text(f"{files_of(editor, number)[0]}/preview")


def test_a_pdf_is_shown_page_by_page(editor: Visit) -> None:
    file, blob = attached("文件.pdf", "pdf", "main", pdf())
    number = received(editor.desk, column="政府公文", attachments=(file,), blobs=(blob,))
    (path,) = files_of(editor, number)
    answer = editor.get(f"{path}/preview")
    assert f'src="{path}/pages/1"' in answer.get_data(as_text=True)
    assert "script" not in answer.headers["Content-Security-Policy"]
    page = editor.get(f"{path}/pages/1")
    assert (page.status_code, page.mimetype, page.data[:4]) == (200, "image/png", b"\x89PNG")
    again = editor.get(f"{path}/pages/1", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    assert editor.get(f"{path}/pages/2").status_code == 404


def test_a_damaged_pdf_says_so(editor: Visit) -> None:
    file, blob = attached("文件.pdf", "pdf", "main", b"%PDF nothing")
    number = received(editor.desk, column="政府公文", attachments=(file,), blobs=(blob,))
    assert "无法显示" in editor.text(f"{files_of(editor, number)[0]}/preview")


def test_two_revisions_are_compared(editor: Visit) -> None:
    number = received(editor.desk, "通知", column="政府公文", body_html="<p>认真组织实施</p>", body_text="认真组织实施")
    now = draft(editor.desk, number)
    values = {name: getattr(now, name) for name in review.CONTENT} | {"body_html": "<p>认真抓好实施</p>"}
    editor.desk.do(number, review.edit, review.Content(**values))
    assert f"/drafts/{number}/compare" in editor.text(f"/drafts/{number}")
    text = editor.text(f"/drafts/{number}/compare?old=1&new=2")
    assert "<del>组织</del><ins>抓好</ins>" in text
    assert "<ins>组织</ins><del>" not in text
    assert editor.get(f"/drafts/{number}/compare?old=1&new=9").status_code == 404


def test_a_draft_is_compared_with_an_earlier_one_of_the_unit(editor: Visit) -> None:
    first = received(editor.desk, "通知", column="政府公文", body_text="认真组织实施")
    newer = found_draft("通知", "政府公文", body_text="认真抓好实施")
    row = editor.desk.receive(b"newer", submission(UNIT, "jia@town.example.cn", "通知", NOW, newer))
    second = editor.desk.draft_of(row).id
    assert re.search(rf"/drafts/{second}/compare/{first}", editor.text(f"/drafts/{second}"))
    text = editor.text(f"/drafts/{second}/compare/{first}")
    assert "<del>组织</del><ins>抓好</ins>" in text


def test_a_column_is_changed_from_the_draft_itself(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    version = draft(editor.desk, number).version
    editor.post(f"/drafts/{number}/column", f"/drafts/{number}", version=version, column="政务公告")
    assert draft(editor.desk, number).column == "政务公告"
