"""The pages as one application."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from daemon.blobs import StoreUnavailable
from daemon.desk.overlay import Current, may_be_bound
from daemon.rules.calendar import Calendar
from daemon.running import Running
from daemon.settings import Settings
from daemon.store.schema import Message
from daemon.store.unit_of_work import Store
from daemon.web import (
    access,
    admin,
    api,
    assessment,
    batch,
    calls,
    drafts,
    duties_page,
    editing,
    files,
    mail,
    manual,
    objections,
    publish,
    queue,
    registers,
    requests,
    samples,
    splitting,
    status,
    units,
    words,
)
from daemon.web.security import harden
from daemon.web.site import KEY, Clock, RowNumber, Site, now, site
from parsers.office import Unit

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pages"
LARGEST_FORM = 16 * 2**20
STATIC_FOR = 30 * 86400
"""Seconds that browsers keep style and script: their addresses change with them."""

PARTS = (
    queue, batch, drafts, editing, mail, calls, duties_page, registers, assessment, objections, files, publish,
    splitting, manual, requests, status, units, samples, admin, api,
)  # fmt: skip
"""Each with its `pages`."""

log = logging.getLogger(__name__)


def create_app(
    store: Store,
    settings: Settings,
    calendar: Calendar,
    clock: Clock,
    current: Current | None = None,
    running: Running | None = None,
) -> Flask:
    """The editors' pages on this store. `clock` gives the present, aware."""
    app = Flask("baosong", template_folder=str(TEMPLATES), static_folder=str(Path(__file__).parent / "static"))
    app.extensions[KEY] = Site(
        store,
        settings,
        calendar,
        clock,
        current or Current(store, settings),
        running or Running(settings.data_dir, clock),
    )
    _configure(app, settings.web.behind_proxy)
    _speak(app)
    app.before_request(manual.allow_uploads)
    app.before_request(_look_again)
    access.protect(app)
    for part in PARTS:
        app.register_blueprint(part.pages)
    _explain_errors(app)
    harden(app)
    return app


def _configure(app: Flask, behind_proxy: bool) -> None:
    """Bounds of what is sent, and who may say from where."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=200,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_FOR,
    )
    if behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    app.url_map.converters["int"] = RowNumber


def _look_again() -> None:
    """What the desk has learned holds from the next page on; while the database is away, what was known does."""
    if request.endpoint != "static":
        with suppress(StoreUnavailable):
            site().settings = site().current.settings()


def _speak(app: Flask) -> None:
    """How templates say times and states."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(words=words, static_version=_static_version())
    app.jinja_env.filters.update(size=words.size, day=words.day, bare=lambda text: "".join(text.split()))
    app.add_template_filter(lambda moment: words.short(moment, now(), site().zone), "short")
    app.add_template_filter(lambda moment: words.exact(moment, site().zone), "exact")
    app.add_template_filter(lambda moment: words.deadline(moment, site().zone), "deadline")
    app.add_template_filter(lambda moment: words.left(moment, now()), "left")
    app.add_template_filter(lambda moment: f"{moment.astimezone(site().zone):%H:%M}", "clock")
    app.add_template_filter(_local_field, "local_field")
    app.context_processor(_common)
    app.jinja_env.globals["bindable"] = _bindable


def _common() -> dict[str, Any]:
    visitor = current_user.actor if current_user and current_user.is_authenticated else None
    return {"me": visitor, "office": site().settings.office, "now": now()}


def _bindable(message: Message) -> tuple[Unit, ...]:
    """The units whose address the sender's may be; none where that is known."""
    settings = site().settings
    return settings.office_value.units if may_be_bound(message, settings) else ()


def _local_field(moment: datetime) -> str:
    """For a browser's field of date and time."""
    return f"{moment.astimezone(site().zone):%Y-%m-%dT%H:%M}"


def _static_version() -> str:
    """Changes with the files, so that browsers may keep them."""
    return str(max(int(path.stat().st_mtime) for path in (Path(__file__).parent / "static").iterdir()))


def _explain_errors(app: Flask) -> None:
    app.register_error_handler(CSRFError, lambda _: _problem(400, "页面停留过久或登录已变化，请返回刷新后重试。"))
    app.register_error_handler(HTTPException, _explained)
    app.register_error_handler(StoreUnavailable, lambda error: _problem(503, str(error)))
    app.register_error_handler(Exception, _unexpected)


def _explained(error: HTTPException) -> HTTPException | tuple[str, int]:
    """Redirects are such exceptions too; they pass."""
    code = error.code or 500
    return error if code < 400 else _problem(code, _sentence(error))


def _unexpected(error: Exception) -> tuple[str, int]:
    log.exception("page %s %s failed", request.method, request.path)
    return _problem(500, f"程序出错，操作没有完成（{type(error).__name__}）。请返回重试；仍出现时请告知管理员。")


def _problem(status: int, sentence: str) -> tuple[str, int]:
    return render_template("error.html", status=status, sentence=sentence), status


_SENTENCES = {
    404: "没有这个页面。", 405: "这个地址不能这样访问。", 413: "提交的内容过大。", 401: "请重新登录。",
}  # fmt: skip


def _sentence(error: HTTPException) -> str:
    """Ours where we gave one; werkzeug's own are English."""
    ours = error.description or ""
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in ours)
    return ours if is_chinese else _SENTENCES.get(error.code or 0, "请求无法处理，请返回重试。")
