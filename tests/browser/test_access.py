"""Every page for everybody: WCAG 2.2 AA by axe-core, and no page wider than a small telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from daemon.web.app import create_app
from tests.browser.conftest import DESKTOP, Pages
from tests.browser.tour import addresses, full_day
from tests.offices import HOME
from tests.samples import NOW, Desk

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = HOME / "node_modules" / "axe-core" / "axe.min.js"
NARROW = (320, 740)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async tags => {
  const rules = {'image-redundant-alt': {enabled: false}};
  const options = {runOnly: tags, rules, iframes: false, resultTypes: ['violations']};
  const found = await axe.run({exclude: ['iframe']}, options);
  const where = nodes => nodes.map(node => node.target.join(' ')).slice(0, 3).join(' | ');
  return found.violations.map(one => `${one.id}: ${where(one.nodes)} (${one.nodes[0].failureSummary})`);
}"""
"""A picture's caption is its alternative text too: the content system shows the one, screen readers say the other."""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def tour(open_pages: Callable[[Callable[[Desk], None]], Pages]) -> Pages:
    return open_pages(full_day)


def app_of(pages: Pages) -> Flask:
    desk = pages.desk
    return create_app(desk.store, desk.settings, desk.settings.calendar, lambda: NOW)


def complaints(page: Page, address: str, axe: str) -> list[str]:
    """What is wrong with one page in this window."""
    answer = page.goto(address)
    page.wait_for_load_state("load")
    if answer is None or answer.status != 200:
        return [f"{address}: answered {answer.status if answer else 'nothing'}"]
    page.evaluate(axe)
    found: list[Any] = page.evaluate(CHECK, TAGS)
    wider = page.evaluate(WIDER)
    return [f"{address}: {one}" for one in found] + ([f"{address}: {wider} px too wide"] if wider > 0 else [])


@pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "320 px"])
def test_no_page_shuts_anybody_out_and_none_is_wider_than_its_window(tour: Pages, size: tuple[int, int]) -> None:
    axe = AXE.read_text("utf-8")
    window = tour.window(size)
    found = complaints(window, "/login", axe)
    page = tour.editor("张主编", size)
    for endpoint, address in sorted(addresses(app_of(tour), tour.desk).items()):
        if endpoint != "access.login":
            found += complaints(page, address, axe)
    assert not found, "\n".join(found)


def test_what_shuts_somebody_out_is_found(tour: Pages) -> None:
    page = tour.window()
    page.set_content('<!doctype html><title>x</title><img src="a.png"><div style="width:3000px">x</div>')
    page.evaluate(AXE.read_text("utf-8"))
    assert any(one.startswith("image-alt") for one in page.evaluate(CHECK, TAGS))
    assert page.evaluate(WIDER) > 0
