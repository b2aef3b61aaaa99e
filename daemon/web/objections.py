"""异议, 免责与加减分: cases that units have opened, and what people say of an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import excuses, objections
from daemon.desk.excuses import Wanted
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.desk.objections import How, Verdict
from daemon.desk.statements import objections_until
from daemon.rules.assessment import PeriodError
from daemon.rules.states import NotAllowed
from daemon.web.queue import frame
from daemon.web.site import me, now, row_number, site

pages = Blueprint("objections", __name__)
REFUSED = (NotAllowed, ConflictError, InvalidInput, NotFound, PeriodError)


@pages.get("/objections")
def case_list() -> str:
    """The open cases, and those that are settled."""
    with site().store.read() as session:
        waiting = objections.cases(session, True)
        return render_template(
            "objections.html",
            open=waiting,
            settled=objections.cases(session, False, 50),
            until={case.row.id: _until(session, case.row.period) for case in waiting},
            units=[unit.name for unit in site().settings.office_value.units],
            **frame(session, "objections"),
        )


@pages.post("/objections/<int:number>")
def settle(number: int) -> Response:
    """Upholds or dismisses a case; the unit is answered."""
    how = request.form.get("how", "")
    verdict = Verdict(
        request.form.get("reason", ""), cast(How, how) if how in ("excuse", "issued_on", "unit") else None,
        _day("issued_on"), request.form.get("unit") or None, _day("since"), _day("until"),
    )  # fmt: skip
    if how not in ("excuse", "issued_on", "unit", "dismiss"):
        flash("请选择异议是否成立。", "error")
        return redirect(url_for("objections.case_list"))
    version = row_number(request.form.get("version", "0"))
    return _change(
        lambda session: objections.settle(session, number, version, verdict, me(), now(), site().settings),
        "异议已办结，答复函已写好。",
        "objections.case_list",
    )


@pages.get("/excuses")
def entries() -> str:
    """Excuses and points, those taken back too."""
    return _entries(request.args)


@pages.post("/excuses")
def excuse() -> Response | tuple[str, int]:
    """Days, or a draft, that are not held against a unit."""
    form = request.form
    wanted = Wanted(
        form.get("reason", ""), form.get("unit") or None, form.get("column") or None, _day("since"), _day("until"),
        form.get("receipt", "").strip() or None,
    )  # fmt: skip
    settings = site().settings
    return _enter(lambda session: excuses.excuse(session, wanted, me(), now(), settings), "免责已登记。", "excuse")


@pages.post("/points")
def points() -> Response | tuple[str, int]:
    """Points for a unit in a period."""
    unit, period, number, reason = (request.form.get(one, "").strip() for one in ("unit", "period", "points", "reason"))
    settings = site().settings
    return _enter(
        lambda session: excuses.give_points(session, unit, period, number, reason, me(), now(), settings),
        "加减分已登记。",
        "points",
    )


@pages.post("/<any(excuses, points):what>/<int:number>/revoke")
def revoke(what: str, number: int) -> Response:
    """It counts no longer, and stays on record."""
    step = excuses.revoke_excuse if what == "excuses" else excuses.revoke_points
    return _change(lambda session: step(session, number, me(), now()), "已撤销，记录保留。")


def _until(session: Session, period: str | None) -> object:
    """Till when the case's month could be objected to."""
    if not period:
        return None
    return objections_until(session, site().settings, site().calendar, date.fromisoformat(f"{period}-01"))


def _day(name: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(request.form.get(name, ""))
    return None


def _entries(wanted: Mapping[str, str], form: str = "", problem: str = "") -> str:
    """The page; what was typed into the refused form stands in it again."""
    with site().store.read() as session:
        given, points = excuses.entries(session)
        office = site().settings.office_value
        return render_template(
            "excuses.html", excuses=given, points=points, units=[unit.name for unit in office.units], form=form,
            columns=[column.name for column in office.columns], wanted=wanted, problem=problem,
            **frame(session, "excuses"),
        )  # fmt: skip


def _enter(change: Callable[[Session], object], done: str, form: str) -> Response | tuple[str, int]:
    try:
        with site().store.write() as session:
            change(session)
    except REFUSED as problem:
        return _entries(request.form, form, str(problem)), 422
    flash(done, "success")
    return redirect(url_for("objections.entries"))


def _change(change: Callable[[Session], object], done: str, page: str = "objections.entries") -> Response:
    try:
        with site().store.write() as session:
            change(session)
    except REFUSED as problem:
        flash(str(problem), "error")
    else:
        flash(done, "success")
    return redirect(url_for(page))
