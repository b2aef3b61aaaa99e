"""Draws every letter as Chromium shows it, at a desktop's width and on a telephone.

`.venv/bin/python docs/letters/make.py` writes KIND-NUMBER.png (800 px) and KIND-NUMBER-phone.png (360 px) beside
itself, of the shipped config's office.
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1]
sys.path.insert(0, str(HOME))
os.environ.setdefault("BAOSONG_IMAP_PASSWORD", "x")
os.environ.setdefault("BAOSONG_SMTP_PASSWORD", "x")

from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from daemon.mail.samples import Sample, kinds, samples  # noqa: E402
from daemon.settings import load  # noqa: E402

WIDTHS = {"": 800, "-phone": 360}


def main() -> None:
    """All letters, as they would be written on one and the same day."""
    settings = load(HOME / "config")
    at = datetime(2026, 11, 24, 10, 5, tzinfo=settings.office_value.zone)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"))
        for kind in kinds():
            for number, sample in enumerate(samples(kind, settings, at), 1):
                draw(browser, sample, f"{kind}-{number}")
        browser.close()


def draw(browser: Browser, sample: Sample, name: str) -> None:
    """One letter at both widths; an error where it is wider than the screen."""
    for ending, width in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": 400})
        page.set_content(sample.letter.html)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            raise SystemExit(f"{name} is wider than {width} px")
        shot = Image.open(BytesIO(page.screenshot(full_page=True)))
        shot.quantize(128).save(HERE / f"{name}{ending}.png", optimize=True)
        page.close()


main()
