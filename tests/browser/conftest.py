"""The real pages on waitress, in the system's Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request

from daemon.web.app import create_app
from daemon.web.server import serve
from tests.samples import NOW, PASSWORD, Desk, fill, open_store, settings_of

DESKTOP, PHONE = (1280, 860), (360, 740)


@dataclass
class Pages:
    """The pages at an address, and the windows that are open on them."""

    desk: Desk
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Requests to anybody but us."""
    complaints: list[str] = field(default_factory=list)
    """What the windows' consoles say, and scripts that failed."""

    def window(self, size: tuple[int, int] = DESKTOP, *, scripts: bool = True) -> Page:
        """A browser of its own, as another person has it."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", java_script_enabled=scripts,
            base_url=self.address,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        context.on("request", self._note)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)
        return page

    def editor(self, name: str = "王芳", size: tuple[int, int] = DESKTOP, *, scripts: bool = True) -> Page:
        """A window of somebody who has logged in."""
        page = self.window(size, scripts=scripts)
        page.goto("/login")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/queue/pending")
        return page

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog {dialog.message}")
        dialog.accept()

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "about:")):
            self.foreign.append(request.url)


@pytest.fixture
def open_pages(tmp_path: Path, browser: Browser) -> Iterator[Callable[[Callable[[Desk], None]], Pages]]:
    """Fills a new desk and serves it."""
    store = open_store(tmp_path)
    servers, opened = [], []

    def start(prepare: Callable[[Desk], None]) -> Pages:
        settings = settings_of(tmp_path)
        desk = Desk(store, settings)
        prepare(desk)
        server = serve(create_app(store, settings, settings.calendar, lambda: NOW), "127.0.0.1", 0)
        servers.append(server)
        opened.append(Pages(desk, f"http://127.0.0.1:{server.port}", browser))
        return opened[-1]

    yield start
    for pages in opened:
        for context in pages.contexts:
            context.close()
    for server in servers:
        server.stop()
    store.close()


@pytest.fixture
def day(open_pages: Callable[[Callable[[Desk], None]], Pages]) -> Pages:
    """The desk in the middle of its day."""
    return open_pages(fill)
