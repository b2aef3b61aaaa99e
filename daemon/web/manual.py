"""手工登记: the page on which an editor enters what came by other ways."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import PurePosixPath

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from daemon.desk import manual
from daemon.desk.hand import InvalidInput
from daemon.desk.manual import LARGEST, WAYS, Entry
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("manual", __name__, url_prefix="/manual")
_ROOM = 2**20
"""Bytes of the form beside its files."""


def allow_uploads() -> None:
    """Before the form is looked at: files may come with this one, from who is logged in."""
    if request.endpoint == "manual.enter" and session.get("_user_id"):
        request.max_content_length = LARGEST + _ROOM


@pages.get("")
def form() -> str:
    """The form, and what was entered lately with what became of it."""
    return _page({"form": secrets.token_hex(16)})


@pages.post("")
def enter() -> Response | tuple[str, int]:
    """What was entered goes to the readers like a mail that has come."""
    try:
        message = manual.enter(site().store, _entry(), me(), site().settings, now())
    except InvalidInput as problem:
        return _page(request.form.to_dict(), str(problem)), 422
    flash("已登记，正在识别。识别完毕后在此显示回执编号和时限认定。", "success")
    return redirect(url_for("manual.form", _anchor=f"m{message}"))


def _page(values: dict[str, str], problem: str | None = None) -> str:
    with site().store.read() as database:
        entries = manual.entered(database)
        return render_template(
            "manual.html", values=values, problem=problem, ways=WAYS, entries=entries,
            units=site().settings.office_value.units, **frame(database, "manual"),
        )  # fmt: skip


def _entry() -> Entry:
    field = request.form
    uploads = [file for file in request.files.getlist("files") if file.filename]
    return Entry(
        form=field.get("form", "")[:64],
        unit=field.get("unit", ""),
        received_at=_moment(field.get("received_at", "")),
        way=field.get("way", ""),
        reason=field.get("reason", "")[:500],
        title=" ".join(field.get("title", "").split()),
        text=field.get("text", "")[:200_000],
        files=tuple((_name(file.filename), _bytes(file)) for file in uploads),
    )


def _moment(text: str) -> datetime:
    with suppress(ValueError):
        local = datetime.fromisoformat(text)
        return local if local.tzinfo else local.replace(tzinfo=site().zone)
    raise InvalidInput("请填写收到时间。")


def _bytes(file: FileStorage) -> bytes:
    with file.stream as stream:
        return stream.read()


def _name(name: str | None) -> str:
    """The base name, as every system writes it."""
    base = PurePosixPath((name or "").replace("\\", "/")).name
    return re.sub(r"[\x00-\x1f\x7f]", "", base)[-150:] or "未命名"
