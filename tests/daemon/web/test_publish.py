"""The last metre to the portal."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import pytest

from daemon.desk import review
from daemon.desk.overlay import Current
from daemon.web.site import site_of
from tests.daemon.desk.desks import BLOCK, received
from tests.daemon.web.conftest import Visit
from tests.samples import attached, picture


@pytest.fixture
def editor(visit: Visit) -> Visit:
    visit.login()
    return visit


def approved(visit: Visit) -> int:
    photo, photo_blob = attached("照 片.png", "image", "picture", picture("#9fb7c9"))
    annex, annex_blob = attached("附件1：分工表.xlsx", "xlsx", "annex", b"sheet")
    body = f'<p>各村要认真组织实施。</p><p><img src="sha256:{photo.sha256}" alt="值守点"></p>'
    number = received(
        visit.desk, "防火通知", column="政府公文", body_html=body, document_number="唐政发〔2026〕31号",
        attachments=(annex, photo), blobs=(photo_blob, annex_blob), findings=(replace(BLOCK, excerpt=""),),
    )  # fmt: skip
    visit.desk.do(number, review.resolve, 0, "已隐去")
    visit.desk.do(number, review.take)
    visit.desk.do(number, review.sign)
    return number


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def test_each_field_is_there_to_be_copied_in_the_order_of_the_config(editor: Visit) -> None:
    text = editor.text(f"/drafts/{approved(editor)}/publish")
    places = [text.index(f">{name}</dt>") for name in ("标题", "栏目", "发文字号", "成文日期", "正文", "附件")]
    assert places == sorted(places)
    assert 'id="field-document_number">唐政发〔2026〕31号<' in text
    assert "src=&#34;pictures/01.png&#34;" in text


def test_another_order_of_fields_is_shown_as_it_is_configured(editor: Visit) -> None:
    number = approved(editor)
    site = site_of(editor.app)
    publishing = site.settings.publishing.model_copy(update={"fields": ("column", "title")})
    site.current = Current(editor.desk.store, replace(site.settings, publishing=publishing))
    text = editor.text(f"/drafts/{number}/publish")
    assert text.index(">栏目</dt>") < text.index(">标题</dt>")
    assert ">正文</dt>" not in text


def test_pictures_come_under_the_names_that_the_text_says(editor: Visit) -> None:
    number = approved(editor)
    answer = editor.get(f"/drafts/{number}/publish/pictures/01.png")
    assert answer.data == picture("#9fb7c9")
    assert 'filename="01.png"' in answer.headers["Content-Disposition"]
    assert editor.get(f"/drafts/{number}/publish/files/nothing.doc").status_code == 404
    assert set(opened(editor.get(f"/drafts/{number}/post.zip").data).namelist()) == {
        "post.json", "index.html", "files/附件1：分工表.xlsx", "pictures/01.png",
    }  # fmt: skip


def test_what_is_not_approved_is_not_offered(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文")
    assert editor.get(f"/drafts/{number}/publish").status_code == 404
    assert editor.get(f"/drafts/{number}/post.zip").status_code == 404


def test_one_file_holds_everything_of_a_draft(editor: Visit) -> None:
    number = approved(editor)
    packed = opened(editor.get(f"/drafts/{number}/zip").data)
    assert packed.testzip() is None
    assert {"审核单.docx", "原始邮件.eml", "来稿附件/01 附件1：分工表.xlsx", "发布内容/index.html"} <= set(
        packed.namelist()
    )
    assert packed.read("原始邮件.eml") == "防火通知".encode()


def test_the_review_sheet_names_who_signed_when_and_what_was_settled(editor: Visit) -> None:
    number = approved(editor)
    sheet = docx.Document(io.BytesIO(editor.get(f"/drafts/{number}/sheet").data))
    facts, steps = ([[cell.text for cell in row.cells] for row in table.rows] for table in sheet.tables)
    assert ["标题", "防火通知"] in facts
    assert ["报送单位", "甲镇人民政府"] in facts
    assert steps[1:] == [["审核", "王芳", "2026-11-20 15:10", "同意"]]
    assert any("已处理（王芳：已隐去）" in paragraph.text for paragraph in sheet.paragraphs)


def test_a_secret_has_no_sheet_for_an_editor(editor: Visit) -> None:
    number = received(editor.desk, column="政府公文", findings=(replace(BLOCK, code="secret.marking"),))
    assert editor.get(f"/drafts/{number}/sheet").status_code == 404
    assert editor.get(f"/drafts/{number}/zip").status_code == 404
