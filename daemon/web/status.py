"""运行状态: what the daemon does now, what went wrong lately, and what can be had done again."""

from __future__ import annotations

import shutil
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from daemon.desk import status
from daemon.readers import MachineReaders, ReaderState
from daemon.running import Running
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("status", __name__, url_prefix="/status")
SCARCE = 2 * 2**30
"""Bytes of free space below which the administrator is warned."""


@pages.get("")
def show() -> str:
    """All on one page."""
    settings, running = site().settings, site().running
    disk = shutil.disk_usage(_existing(settings.data_dir))
    with site().store.read() as session:
        return render_template(
            "status.html",
            work=status.work(session),
            running=running,
            before=_before(running),
            errors=[(datetime.fromisoformat(one.at), one.loop, one.error) for one in running.errors()],
            disk=disk,
            is_scarce=disk.free < SCARCE,
            readers=_readers(settings.readers.ocr == "auto", settings.readers.office_suite == "auto"),
            missing_year=settings.calendar.missing_year(now().date()),
            warnings=settings.warnings,
            **frame(session, "status"),
        )


@pages.post("/retry")
def retry() -> Response:
    """Nothing waits any longer for its next try."""
    with site().store.write() as session:
        count = status.try_again(session, me(), now())
    site().running.try_now()
    flash(f"正在重试：{count} 项提前重试，连接失败的服务立即重新连接。", "success")
    return redirect(url_for("status.show"))


@pages.post("/parse")
def parse() -> Response:
    """What could not be read is read once more."""
    with site().store.write() as session:
        count = status.read_all_again(session, me(), now())
    flash(f"{count} 封无法解析的来信正在重新解析。", "success")
    return redirect(url_for("status.show"))


@cache
def _readers(ocr: bool, office_suite: bool) -> tuple[ReaderState, ...]:
    """Looked for once: programs are not installed while it runs."""
    return tuple(MachineReaders(ocr, office_suite).describe())


def _before(running: Running) -> tuple[datetime, bool] | None:
    """When the run before was last alive, and whether it ended in an orderly way."""
    life = running.before
    return (datetime.fromisoformat(life.alive_at), life.ended) if life else None


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else Path.cwd()
