"""The body is edited as it looks: what is pasted, pictures, what is not saved yet, earlier revisions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Pages
from tests.browser.test_hostile import HOSTILE
from tests.browser.test_queue import NOTICE, open_draft, press
from tests.samples import NOW, found_draft, mail, submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASTE = """(field, html) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "只有文字");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm; color:red} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<h1 style='text-align:center'><span style='font-family:方正小标宋简体'>秋季防汛提示<o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:32.0pt'><span style='font-size:16.0pt;font-family:仿宋_GB2312'>请各村做好<b
style='mso-bidi-font-weight:normal'>防汛</b>准备，<span style='font-weight:bold'>落实值班</span>。<o:p></o:p></span></p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>
备足物资</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td width=277 colspan=2 style='border:solid'>
<p class=MsoNormal>片区分工<o:p></o:p></p></td></tr><tr><td><p class=MsoNormal>东片</p></td><td><p>西片</p></td></tr>
</table><p class=MsoNormal><img width=500 src="file:///C:/Users/x/msohtmlclip1/01/clip_image002.jpg"></p>
<!--EndFragment--></body></html>"""


def edit_notice(pages: Pages, name: str = "王芳") -> Page:
    page = pages.editor(name)
    open_draft(page, NOTICE)
    press(page, "e")
    expect(body(page)).to_be_visible()
    page.wait_for_load_state("load")
    return page


def body(page: Page) -> Locator:
    return page.get_by_role("textbox", name="正文")


def saved(page: Page) -> Locator:
    press(page, "Control+s")
    expect(page.locator("#messages")).to_contain_text("修改已保存")
    return page.locator(".read .post")


def paste_over_all(page: Page, html: str) -> None:
    body(page).focus()
    press(page, "Control+a")
    body(page).evaluate(PASTE, html)


def test_what_is_pasted_from_word_keeps_its_text_bold_and_table_and_nothing_else(day: Pages) -> None:
    page = edit_notice(day)
    paste_over_all(page, WORD)
    assert not re.search("style=|class=|Mso|<span|<o:p|file:", body(page).inner_html())
    post = saved(page)
    expect(post.locator("strong")).to_have_text(["防汛", "落实值班"])
    expect(post.locator("td[colspan='2']")).to_have_text("片区分工")
    expect(post.locator("h2, h3, h4").first).to_have_text("秋季防汛提示")
    expect(post).to_contain_text("1. 备足物资")
    assert post.locator("img").count() == 0
    assert (day.foreign, day.complaints) == ([], [])


def test_nothing_of_a_hostile_page_that_is_pasted_runs_or_is_fetched(day: Pages) -> None:
    page = edit_notice(day)
    paste_over_all(page, HOSTILE)
    expect(body(page)).to_contain_text("正文第一段")
    page.wait_for_timeout(700)
    assert page.evaluate("window.hacked") is None
    kept = saved(page).inner_html()
    assert not any(word in kept for word in ("script", "onerror", "style", "svg", "iframe", "<img", "javascript"))
    assert (day.foreign, day.complaints) == ([], [])


def test_headings_and_lists_are_made_with_the_toolbar_and_undone(day: Pages) -> None:
    page = edit_notice(day)
    body(page).get_by_text("当前已进入秋冬季节").click()
    page.get_by_role("button", name="格式块").last.click()
    page.get_by_role("button", name="一级标题").click()
    expect(body(page).locator("h2")).to_contain_text("当前已进入秋冬季节")
    page.get_by_role("button", name="撤销").click()
    expect(body(page).locator("h2")).to_have_count(0)


def test_opening_and_saving_changes_nothing(day: Pages) -> None:
    page = edit_notice(day)
    saved(page)
    expect(page.locator(".history")).not_to_contain_text("修改")


def test_pictures_are_captioned_moved_taken_out_and_put_back(day: Pages) -> None:
    page = edit_notice(day)
    page.get_by_label("图片 1 的说明").fill("护林员在值守点登记")
    page.get_by_role("button", name=re.compile("上移.*图片 1")).click()
    page.get_by_role("button", name=re.compile("插入正文.*图片 2")).click()
    post = saved(page)
    expect(post.locator("img")).to_have_count(2)
    captioned = post.locator("img[alt='护林员在值守点登记']")
    assert captioned.evaluate("image => image.closest('p').nextElementSibling !== null")
    press(page, "e")
    page.get_by_role("button", name=re.compile("移出正文.*图片 1")).click()
    page.get_by_role("button", name=re.compile("移出正文.*图片 2")).click()
    expect(saved(page).locator("img")).to_have_count(0)
    press(page, "e")
    page.get_by_role("button", name=re.compile("插入正文.*图片")).first.click()
    expect(saved(page).locator("img")).to_have_count(1)


def test_what_was_not_saved_is_offered_when_the_page_is_opened_again(day: Pages) -> None:
    page = edit_notice(day)
    page.get_by_label("标题").fill("没有保存的标题")
    body(page).press_sequentially("没有保存的话。")
    expect(page.locator("#kept")).to_contain_text("已暂存")
    page.get_by_role("link", name="取消").click()
    expect(page.locator(".facts").first).to_be_visible()
    day.complaints.clear()  # the browser asked whether to leave
    press(page, "e")
    page.get_by_role("link", name="继续上次的修改").click()
    expect(page.get_by_label("标题")).to_have_value("没有保存的标题")
    expect(saved(page)).to_contain_text("没有保存的话。")
    press(page, "e")
    expect(page.get_by_text("上次未保存的修改")).to_have_count(0)


def test_of_two_who_write_at_once_each_is_told_of_the_other_and_both_texts_stay(day: Pages) -> None:
    first, second = edit_notice(day, "王芳"), day.editor("刘洋")
    first.get_by_label("标题").fill("王芳的标题")
    expect(first.locator("#kept")).to_contain_text("已暂存")
    open_draft(second, NOTICE)
    press(second, "e")
    expect(second.locator(".notice", has_text="王芳在")).to_contain_text("也在修改这篇稿件")
    second.get_by_label("标题").fill("刘洋的标题")
    saved(second)
    first.get_by_label("标题").press_sequentially("！")
    expect(first.locator("#kept")).to_contain_text("稿件已被他人修改")
    press(first, "Control+s")
    expect(first.get_by_role("alert")).to_contain_text("已被刘洋修改")
    expect(first.get_by_label("标题")).to_have_value("王芳的标题！")


def test_an_earlier_revision_is_looked_at_compared_and_put_back(day: Pages) -> None:
    page = edit_notice(day)
    page.get_by_label("标题").fill("改坏了的标题")
    saved(page)
    page.get_by_role("link", name="修改前的第 1 版").click()
    page.get_by_role("button", name="恢复此版").click()
    expect(page.locator("#messages")).to_contain_text("已恢复为第 1 版的内容")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NOTICE)
    expect(page.locator(".history")).to_contain_text("恢复为第 1 版的内容")
    page.get_by_role("link", name="各版").click()
    page.get_by_label("由").select_option("2")
    page.get_by_label("到").select_option("3")
    page.get_by_role("button", name="比较").click()
    expect(page.locator("del")).to_contain_text(["改坏了的标题"])


def test_a_draft_is_split_at_a_heading_and_the_split_undone(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    page.get_by_role("link", name="拆分").click()
    page.get_by_role("radio", name=re.compile("第 8 段")).check()
    page.get_by_label("附件1：包靠责任分工表.xlsx").select_option("归新稿")
    page.get_by_role("button", name="拆分为两篇").click()
    expect(page.locator("#messages")).to_contain_text("已分出 2026-")
    expect(page.locator(".files", has_text="附件1：包靠责任分工表.xlsx")).to_be_visible()
    open_draft(page, NOTICE)
    expect(page.locator(".read .post")).not_to_contain_text("通过村村响广播")
    page.get_by_role("button", name="撤销这次拆分").press("Enter")
    expect(page.locator("#messages")).to_contain_text("已撤销")
    expect(page.locator(".read .post")).to_contain_text("通过村村响广播")


def test_two_drafts_of_a_unit_are_merged_without_scripts(day: Pages) -> None:
    title = "唐山镇森林防火宣传续报"
    found = submission(
        "唐山镇人民政府", "tszxxy@163.com", title, NOW, found_draft(title, None, body_html="<p>续报。</p>")
    )
    day.desk.receive(mail(title, "tszxxy@163.com", "<p>x</p>"), found)
    page = day.editor(scripts=False)
    page.get_by_role("link", name=NOTICE).click()
    page.get_by_role("link", name="合并").click()
    page.get_by_role("radio", name=title).check()
    page.get_by_role("button", name="合并").click()
    expect(page.locator("#messages")).to_contain_text("已合并")
    expect(page.locator(".read .post h3").last).to_have_text(title)


def test_files_are_put_into_the_order_in_which_they_are_published(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    page.get_by_role("button", name=re.compile("上移.*巡查队伍.png")).click()
    expect(page.locator("#messages")).to_contain_text("附件的先后已调整")
    expect(page.locator(".files > li > a")).to_contain_text(["docx", "xlsx", "巡查队伍.png", "值守点.png"])
