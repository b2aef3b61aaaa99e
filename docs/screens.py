"""Pictures of every page at the width of a desk and of a telephone, into docs/screens/, from the tests' full day.

    .venv/bin/python docs/screens.py [NAME …]

NAME: endpoints as in tests/browser/tour.py (`drafts.show`); without any, all of them.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from flask import Flask  # noqa: E402 — after the path
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from daemon.web.app import create_app  # noqa: E402
from daemon.web.server import serve  # noqa: E402
from daemon.web.site import site_of  # noqa: E402
from tests.browser.tour import addresses, full_day  # noqa: E402
from tests.samples import NOW, PASSWORD, Desk, open_store, settings_of  # noqa: E402
from tests.servers import program  # noqa: E402

FOLDER = HOME / "docs" / "screens"
SIZES = {"desktop": (1280, 860), "phone": (390, 780)}
TALLEST = 1800
"""Pixels of a page that its picture shows."""


def main(names: Sequence[str]) -> None:
    """Takes the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        settings = settings_of(Path(folder))
        desk = Desk(store, settings)
        full_day(desk)
        app = create_app(store, settings, settings.calendar, lambda: NOW)
        for loop in ("邮箱", "阅读", "发信", "定时", "学习"):
            site_of(app).running.begins(loop)
            site_of(app).running.ends(loop)
        server = serve(app, "127.0.0.1", 0)
        try:
            _take(app, desk, f"http://127.0.0.1:{server.port}", names)
        finally:
            server.stop()


def _take(app: Flask, desk: Desk, address: str, names: Sequence[str]) -> None:
    pages = {name: path for name, path in addresses(app, desk).items() if not names or name in names}
    with sync_playwright() as playwright:
        chromium = program("chromium", "chromium fonts-noto-cjk", "/usr/lib/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size in SIZES:
            _in_window(browser, address, size, pages)
        browser.close()


def _in_window(browser: Browser, address: str, size: str, pages: Mapping[str, str]) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN", base_url=address)
    page.goto("/login")
    page.get_by_label("用户名").fill("张主编")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/queue/pending")
    for name, path in pages.items():
        page.goto(path)
        page.wait_for_load_state("load")
        page.wait_for_timeout(400)
        tall = min(TALLEST, max(height, int(page.evaluate("document.documentElement.scrollHeight"))))
        page.set_viewport_size({"width": width, "height": tall})
        page.evaluate("scrollTo(0, 0)")
        _keep(page.screenshot(), FOLDER / f"{name}.{size}.png")
        page.set_viewport_size({"width": width, "height": height})


def _keep(picture: bytes, path: Path) -> None:
    """In 64 colours, which a page has few more of: a third of the bytes."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
