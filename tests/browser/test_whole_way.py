"""From a mail that arrives in Dovecot to the published post, by the running daemon, with the keyboard alone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_queue import LIVE, press
from tests.dovecot import Account, Dovecot
from tests.generated import generated, received_at
from tests.offices import Desk, write_desk
from tests.samples import PASSWORD
from tests.servers import free_port, listens, wait_until
from tests.smtp import SmtpServer

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.slow]
FIVE_KEYS = (("Enter", "待审"), ("a", "审核中"), ("a", "已通过"), ("a", "已导出"), ("a", "已导出"))
"""From the list to the field of the address, each with the state that is shown then; the sixth key sends it."""


@contextmanager
def running(desk: Desk, port: int) -> Iterator[None]:
    with (desk.folder / "daemon.log").open("w") as out:
        daemon = desk.start("run", stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: listens(port), "the start of the daemon", 60)
        yield
    finally:
        daemon.kill()
        daemon.wait()


def log_in_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    for name, text in (("用户名", "王芳"), ("密码", PASSWORD)):
        while page.evaluate("document.activeElement.labels?.[0]?.textContent") != name:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/pending")


def test_a_sure_draft_goes_from_mail_to_published_in_six_keys(
    dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path, browser: Browser
) -> None:
    account: Account = dovecot.account()
    port, address = free_port(), "https://www.example.cn/art/1.html"
    sections = {"web": {"port": port}, "review": {"steps": ["审核"]}}
    desk = write_desk(tmp_path / "desk", dovecot.settings(account), smtp_server.settings(), **sections)
    added = desk.run("user", "add", "王芳", "--role", "editor", "--password-stdin", stdin=PASSWORD)
    assert added.returncode == 0, added.stderr
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    with running(desk, port):
        log_in_by_keyboard(page, f"http://127.0.0.1:{port}")
        account.deliver(generated(0), received_at(0))
        expect(page.locator("#live [data-id]")).to_have_count(1, timeout=4 * LIVE)
        press(page, "j")
        for key, shown in FIVE_KEYS:
            press(page, key)
            expect(page.locator(".facts").first).to_contain_text(shown)
        page.keyboard.insert_text(address)  # as pasted from the portal
        press(page, "Enter")
        expect(page.locator(".facts").first).to_contain_text("已发布")
    context.close()
    (draft,) = desk.rows("drafts")
    assert (draft["state"], draft["published_url"]) == ("published", address)
