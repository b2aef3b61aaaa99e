"""The registers and the day's tasks in the system's Chromium, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Pages
from tests.samples import Desk, fill

pytestmark = [pytest.mark.server, pytest.mark.slow]
PATHS = ("/today", "/expiring", "/registers/changes", "/cases", "/cases/1")


def enter(page: Page) -> None:
    """A complaint that names its unit."""
    page.goto("/cases")
    page.get_by_text("登记一件").click()
    page.get_by_label("类别").select_option("complaint")
    page.get_by_label("标题").fill("集市夜间施工扰民")
    page.get_by_label("内容").fill("电话：13805331234\n唐山镇集市夜间施工，请予解决。")
    page.get_by_label("当事人").fill("张三丰 13805331234")
    page.get_by_role("button", name="登记", exact=True).click()


def test_a_complaint_is_entered_and_passed_on_without_the_name_of_who_wrote_it(
    open_pages: Callable[[Callable[[Desk], None]], Pages],
) -> None:
    pages = open_pages(fill)
    page = pages.editor()
    enter(page)
    expect(page.get_by_role("heading", name="集市夜间施工扰民")).to_be_visible()
    expect(page.get_by_label("承办单位")).to_have_value("唐山镇人民政府")
    expect(page.get_by_label("转办函中写明的内容")).to_have_value("唐山镇集市夜间施工，请予解决。")
    page.get_by_role("button", name="转办").click()
    page.get_by_role("link", name="投诉转办").click()
    expect(page.get_by_text("事项编号：投诉第1号")).to_be_visible()
    assert "13805331234" not in page.content()
    assert (pages.foreign, pages.complaints) == ([], [])


def test_on_a_phone_nothing_has_to_be_moved_sideways_and_without_scripts_all_works(
    open_pages: Callable[[Callable[[Desk], None]], Pages],
) -> None:
    pages = open_pages(fill)
    page = pages.editor(size=(320, PHONE[1]), scripts=False)
    enter(page)
    for path in PATHS:
        page.goto(path)
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= 320, path
    pages.editor(size=(320, PHONE[1])).goto("/cases")
    with_scripts = pages.contexts[-1].pages[0]
    for path in PATHS:
        with_scripts.goto(path)
        assert with_scripts.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_page_begins_at_its_top_though_its_name_stands_low_in_the_list(day: Pages) -> None:
    page = day.editor(size=(1280, 720))
    page.goto("/excuses")
    expect(page.locator("#tabs [aria-current]")).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == 0


def test_on_a_phone_a_score_stands_on_one_line(day: Pages) -> None:
    page = day.editor(size=PHONE)
    page.goto("/assessment?period=2026-11")
    scores = page.locator(".figures td").filter(has_text=re.compile(r"^\s*\d+\.\d\d\s*$"))
    assert scores.count()
    assert {score.evaluate("x => getComputedStyle(x).whiteSpace") for score in scores.all()} == {"nowrap"}
