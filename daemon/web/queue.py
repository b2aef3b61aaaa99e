"""The lists of drafts, and what open pages ask every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import accounts, queue
from daemon.desk.queue import BY_KEY, Cursor, Filter, Tab
from daemon.web.site import me, now, row_number, site

pages = Blueprint("queue", __name__)
FILTERS = ("words", "column", "unit", "kind", "editor", "since", "until", "finding")
_WORK = ("take", "return", "reject")
OFFERED: Mapping[str, tuple[str, ...]] = {
    "pending": _WORK, "mine": _WORK[1:], "soon": _WORK, "returned": ("reject",), "quarantined": ("reject",),
    "ready": ("export", "reject"),
}  # fmt: skip
"""What each list offers for many drafts at once; the others only show."""
LONGEST = 200
"""Characters of an argument that an address carries on."""


@pages.get("/")
def home() -> Response:
    """Where the day begins."""
    return redirect(url_for("queue.list_page", key="pending"))


@pages.get("/queue/<key>")
def list_page(key: str) -> str:
    """A tab."""
    tab = tab_or_404(key)
    wanted = wanted_filter()
    with site().store.read() as session:
        return render_template(
            "list.html",
            tab=tab,
            offered=OFFERED.get(tab.key, ()),
            wanted=wanted,
            page=queue.page(session, tab, me(), now(), wanted, _cursor(request.args.get("after"))),
            columns=site().settings.office_value.columns,
            units=site().settings.office_value.units,
            editors=accounts.people(session),
            filters=filter_arguments(),
            here={"from": tab.key} | filter_arguments(),
            **frame(session, tab.key),
        )


@pages.get("/changes")
def changes() -> Response:
    """What has changed since a journal number; 304 where the page has seen it all."""
    since = request.args.get("since", type=row_number)
    if since is None:
        abort(400, "日志编号 since 应为数字。")
    with site().store.read() as session:
        mark = queue.last_change(session)
        answer = jsonify(last=mark.journal, drafts=queue.changed_drafts(session, since, me()))
    answer.set_etag(f"{mark.journal}-{mark.message}-{since}")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def tab_or_404(key: str) -> Tab:
    """The tab of this key."""
    return BY_KEY.get(key) or abort(404, "没有这个列表。")


def wanted_filter() -> Filter:
    """What the address asks for; `-` is "without one"."""
    return Filter(
        column=_choice("column"),
        unit=_choice("unit"),
        units=_units_of(request.args.get("kind", "")),
        editor=_choice("editor"),
        since=_day("since"),
        until=_day("until"),
        finding=request.args.get("finding") or None,
        words=request.args.get("words", ""),
    )


def filter_arguments() -> dict[str, str]:
    """The same filter as arguments of an address."""
    return {name: value[:LONGEST] for name in FILTERS if (value := request.args.get(name, "").strip())}


def frame(session: Session, current: str) -> dict[str, Any]:
    """What the frame around every page shows."""
    counts = queue.counts(session, me(), now())
    since, settings = queue.last_change(session).journal, site().settings
    asked = partial(queue.is_asked, settings=settings)
    return {"counts": counts, "current": current, "since": since, "tabs": queue.TABS, "is_asked": asked}


def _choice(name: str) -> str | None:
    value = request.args.get(name)
    return {None: None, "": None, "-": ""}.get(value, value)


def _units_of(kind: str) -> tuple[str, ...] | None:
    return tuple(unit.name for unit in site().settings.office_value.units if unit.kind == kind) if kind else None


def _day(name: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(request.args.get(name, ""))
    return None


def _cursor(text: str | None) -> Cursor | None:
    """A page that a changed address asks for is the first one."""
    due, _, number = (text or "").partition("~")
    with suppress(ValueError):
        at = datetime.fromisoformat(due) if due else None
        if at is None or at.tzinfo:
            return Cursor(at, row_number(number))
    return None
