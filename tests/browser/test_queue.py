"""The editors' day in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from daemon.desk import review
from tests.browser.conftest import PHONE, Pages
from tests.samples import NOW, found_draft, mail, submission

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIVE = 15_000
"""Milliseconds; open pages ask every 5 s."""
NOTICE = "唐山镇人民政府关于做好秋冬季森林防火和秸秆禁烧工作的通知"
PATHS = ("/queue/pending", "/queue/all?words=防火&since=2026-11-01", "/queue/ready", "/queue/published",
         "/mail/other", "/mail/unreadable", "/outbox", "/outbox?state=held", "/reminders")  # fmt: skip


def press(page: Page, key: str) -> None:
    """A key, once the page knows its keys: its scripts have run when it has loaded."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def open_draft(page: Page, title: str) -> None:
    page.goto("/queue/pending")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_an_account_is_locked_after_repeated_failures(day: Pages) -> None:
    page = day.window()
    page.goto("/login")
    for _ in range(5):
        page.get_by_label("用户名").fill("王芳")
        page.get_by_label("密码").fill("wrong password")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("锁定")


def test_the_list_shows_state_title_column_unit_receipt_and_time_left(day: Pages) -> None:
    page = day.editor()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("关于马踏湖湿地保护范围内禁止取土的通告")
    expect(row).to_contain_text("桓台县自然资源局")
    expect(row).to_contain_text("政务公告")
    expect(row).to_contain_text("2026-000001")
    late = row.locator("time.late")
    expect(late).to_have_text("逾期 15 小时")
    expect(late).to_have_attribute("title", "期限：2026年11月19日 24:00 前")
    expect(late).to_have_css("color", "rgb(176, 40, 31)")


def test_a_sure_draft_goes_from_the_list_to_published_by_keyboard(day: Pages) -> None:
    page = day.editor()
    page.get_by_role("link", name=NOTICE).focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NOTICE)
    for done in ("已开始审核", "已审核通过", "已导出到"):
        press(page, "a")
        expect(page.locator("#messages")).to_contain_text(done)
    press(page, "a")
    page.keyboard.type("https://www.huantai.example.cn/art/1.html")
    press(page, "Enter")
    expect(page.locator(".facts")).to_contain_text("已发布")
    folders = [path.name for path in day.desk.settings.publishing.folder.iterdir()]
    assert len(folders) == 3


def test_j_and_k_move_through_the_list(day: Pages) -> None:
    page = day.editor()
    press(page, "j")
    press(page, "j")
    expect(page.locator("tbody tr").nth(1).get_by_role("link")).to_be_focused()
    press(page, "k")
    expect(page.locator("tbody tr").nth(0).get_by_role("link")).to_be_focused()


def test_title_column_date_and_body_are_corrected_with_table_and_picture_kept(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    press(page, "e")
    page.get_by_label("标题").fill("改过的标题")
    page.get_by_label("栏目", exact=True).select_option("政务公告")
    page.get_by_label("成文日期").fill("2026-11-16")
    editor = page.get_by_role("textbox", name="正文")
    editor.focus()
    press(page, "Control+Home")
    page.keyboard.type("新加的话。")
    press(page, "Control+s")
    expect(page.get_by_role("heading", level=1)).to_contain_text("改过的标题")
    post = page.locator(".read .post")
    expect(post).to_contain_text("新加的话。")
    expect(post.locator("td").first).to_have_text("东片")
    assert post.locator("img").evaluate("image => image.complete && image.naturalWidth") == 640
    expect(page.locator(".history")).to_contain_text("成文日期：2026-11-17 → 2026-11-16")
    expect(page.locator(".facts")).to_contain_text("迟报")
    assert day.complaints == []


def test_a_draft_is_returned_with_a_ready_made_reason_and_its_letter_waits(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    press(page, "r")
    page.get_by_label("缺少附件，请补齐后重新报送。").check()
    page.get_by_role("button", name="确定退稿").click()
    expect(page.locator("#messages")).to_contain_text("退稿函已放入发件箱")
    page.goto("/outbox")
    page.get_by_role("link", name=re.compile("^退稿函.*森林防火")).click()
    expect(page.locator(".letter")).to_contain_text("缺少附件，请补齐后重新报送。")


def test_of_two_editors_the_second_loses_no_word_and_sees_who_was_faster(day: Pages) -> None:
    first, second = day.editor("王芳"), day.editor("刘洋")
    for page in (first, second):
        open_draft(page, NOTICE)
        press(page, "e")
    first.get_by_label("标题").fill("王芳的标题")
    press(first, "Control+s")
    expect(first.get_by_role("heading", level=1)).to_contain_text("王芳的标题")
    second.get_by_label("标题").fill("刘洋的标题")
    press(second, "Control+s")
    expect(second.get_by_role("alert")).to_contain_text("已被王芳修改")
    expect(second.get_by_label("标题")).to_have_value("刘洋的标题")
    second.get_by_role("button", name="保存").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("刘洋的标题")
    expect(second.locator(".history")).to_contain_text("王芳的标题 → 刘洋的标题")


def test_an_open_draft_says_that_somebody_else_has_changed_it(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    number = int(page.locator("body").get_attribute("data-draft") or 0)
    expect(page.locator("#changed")).to_be_hidden()
    day.desk.do(number, review.take, name="刘洋")
    expect(page.locator("#changed")).to_be_visible(timeout=LIVE)


def test_a_list_follows_new_mail_without_a_reload_and_keeps_its_place(day: Pages) -> None:
    page = day.editor()
    press(page, "j")
    press(page, "j")
    held = page.evaluate("document.activeElement.textContent")
    title = "果里镇新增两处便民充电站"
    found = submission("果里镇人民政府", "guoli_dzb@163.com", title, NOW - timedelta(days=9), found_draft(title, None))
    day.desk.receive(mail(title, "guoli_dzb@163.com", "<p>x</p>"), found)
    expect(page.get_by_role("link", name=title)).to_be_visible(timeout=LIVE)
    expect(page.locator("#tabs [aria-current] .count")).to_have_text("12")
    assert page.evaluate("document.activeElement.textContent") == held


def test_a_mail_judged_nothing_to_publish_is_recovered_by_one_key(day: Pages) -> None:
    page = day.editor()
    page.goto("/mail/other")
    press(page, "j")
    press(page, "d")
    expect(page.locator("#messages")).to_contain_text("已转为稿件")
    expect(page.get_by_role("heading", level=1)).to_contain_text("感谢回复")


def test_a_mail_judged_nothing_to_publish_is_recovered_by_two_clicks(day: Pages) -> None:
    page = day.editor()
    page.get_by_role("link", name=re.compile("^其他来信")).click()
    page.locator("[data-id]", has_text="感谢回复").get_by_role("button", name="转为稿件").click()
    expect(page.locator("#messages")).to_contain_text("已转为稿件")
    expect(page.get_by_role("heading", level=1)).to_contain_text("感谢回复")


def test_the_pages_work_without_scripts(day: Pages) -> None:
    page = day.editor(scripts=False)
    page.get_by_label("栏目").select_option("政府公文")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("link", name=NOTICE).click()
    page.get_by_role("button", name="开始审核").click()
    expect(page.locator(".facts")).to_contain_text("审核中")
    page.get_by_text("退稿", exact=True).first.click()
    page.get_by_label("其他原因或补充说明").fill("请补充附件")
    page.get_by_role("button", name="确定退稿").click()
    expect(page.locator("#messages")).to_contain_text("已退回")


def test_on_a_phone_nothing_scrolls_sideways(day: Pages) -> None:
    page = day.editor(size=PHONE)
    numbers = page.locator("tbody tr").evaluate_all("rows => rows.map((row) => row.dataset.id)")
    drafts = [f"/drafts/{number}{end}" for number in numbers[-3:] for end in ("", "/edit")]
    for path in (*PATHS, *drafts, "/drafts/6/publish", "/mail/1", "/outbox/1"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path


def test_on_a_phone_a_draft_is_taken_and_returned_by_thumb(day: Pages) -> None:
    page = day.editor(size=PHONE)
    open_draft(page, NOTICE)
    page.get_by_role("button", name="开始审核").click()
    page.locator("summary", has_text="退稿").click()
    page.get_by_label("其他原因或补充说明").fill("请补充附件")
    page.get_by_role("button", name="确定退稿").click()
    expect(page.locator("#messages")).to_contain_text("已退回")


def test_no_page_troubles_the_policy_or_asks_a_stranger(day: Pages) -> None:
    page = day.window()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/login")
    page.get_by_label("用户名").fill("张主编")
    page.get_by_label("密码").fill("桓台-测试-口令")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/queue/pending")
    for path in (*PATHS, "/drafts/14", "/drafts/14/edit", "/mail/1"):
        page.goto(path)
    assert (said, day.foreign, day.complaints) == ([], [], [])


def test_drafts_are_chosen_by_key_and_rejected_together(day: Pages) -> None:
    page = day.editor()
    press(page, "j")
    press(page, "j")
    press(page, "x")
    press(page, "k")
    press(page, "x")
    expect(page.locator("#live input:checked")).to_have_count(2)
    page.get_by_text("退稿或不采用所选").click()
    page.get_by_label("原因").fill("重复报送")
    page.get_by_role("button", name="不采用所选").click()
    expect(page.locator("#messages")).to_contain_text("已办理 2 篇")


def test_what_is_chosen_stays_chosen_while_the_list_follows(day: Pages) -> None:
    page = day.editor()
    page.get_by_role("checkbox", name=f"选择：{NOTICE}").check()
    title = "果里镇新增两处便民充电站"
    found = submission("果里镇人民政府", "guoli_dzb@163.com", title, NOW - timedelta(days=9), found_draft(title, None))
    day.desk.receive(mail(title, "guoli_dzb@163.com", "<p>x</p>"), found)
    expect(page.get_by_role("link", name=title)).to_be_visible(timeout=LIVE)
    expect(page.get_by_role("checkbox", name=f"选择：{NOTICE}")).to_be_checked()


def test_the_keys_are_told_by_one_of_them(day: Pages) -> None:
    page = day.editor()
    press(page, "?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_contain_text("退回单位")
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_word_of_two_characters_is_looked_for_by_keyboard(day: Pages) -> None:
    page = day.editor()
    press(page, "/")
    page.keyboard.type("芦苇")
    press(page, "Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("马踏湖畔芦苇收割忙")


def test_another_column_is_chosen_by_one_key(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    press(page, "c")
    page.get_by_label("栏目", exact=True).select_option("政务公告")
    press(page, "Enter")
    page.get_by_role("button", name="确定改栏目").click()
    expect(page.locator("#messages")).to_contain_text("栏目定为“政务公告”")


def test_a_doubtful_column_is_asked_about_in_the_list_and_answered_by_one_key(day: Pages) -> None:
    title = "关于调整公交线路的情况"
    doubtful = found_draft(title, "政府公文", confidence=0.3)
    found = submission("果里镇人民政府", "guoli_dzb@163.com", title, NOW - timedelta(days=9), doubtful)
    number = day.desk.draft_of(day.desk.receive(title.encode(), found)).id
    page = day.editor()
    row = page.locator(f'[data-id="{number}"]')
    expect(row).to_contain_text("栏目待核")
    row.locator("a.cover").click()
    expect(page.locator(".facts")).to_contain_text("待核")
    press(page, "y")
    expect(page.locator("#messages")).to_contain_text("今后同类来稿会照此学习")
    expect(page.locator(".facts")).not_to_contain_text("待核")


def test_a_file_is_previewed_in_place(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    page.locator(".files summary").last.click()
    expect(page.frame_locator(".files iframe").last.locator("img")).to_be_visible()
    assert (day.foreign, day.complaints) == ([], [])


def test_where_an_element_was_read_is_marked_in_the_original(day: Pages) -> None:
    page = day.editor()
    open_draft(page, NOTICE)
    original = page.frame_locator("iframe[name=original]")
    page.get_by_role("link", name=re.compile("成文日期在原文中的位置")).click()
    expect(original.locator("#found")).to_have_text("2026年11月17日")
    expect(original.locator("#found")).to_be_in_viewport()
    page.get_by_role("link", name=re.compile("标题在原文中的位置")).click()
    expect(original.locator("h2 #found")).to_have_text(NOTICE)
    page.get_by_role("link", name="显示邮件正文").click()
    expect(original.locator("body")).to_contain_text("现报送我镇森林防火通知")
    assert (day.foreign, day.complaints) == ([], [])


def test_a_post_is_copied_field_by_field_and_reported_as_published(day: Pages) -> None:
    page = day.editor()
    page.goto("/queue/ready")
    page.get_by_role("link", name="少海街道举办“邻里节”系列文化活动").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("邻里节")
    press(page, "p")
    page.get_by_role("button", name="复制标题").click()
    expect(page.get_by_role("status")).to_have_text("已复制。")
    page.get_by_role("button", name="复制带格式的正文").click()
    press(page, "a")
    press(page, "Control+v")
    expect(page.get_by_label("网页地址")).not_to_have_value("")
    page.get_by_label("网页地址").fill("https://www.huantai.example.cn/art/2.html")
    press(page, "Enter")
    expect(page.locator(".facts")).to_contain_text("已发布")


def test_an_empty_list_offers_nothing_to_be_done_with_what_is_chosen(day: Pages) -> None:
    page = day.editor()
    expect(page.locator("#batch")).to_be_visible()
    page.goto("/queue/pending?words=无此字样")
    expect(page.get_by_text("没有符合条件的稿件")).to_be_visible()
    expect(page.locator("#batch")).to_be_hidden()
