"""Pages to print: whom to call today, and the line on document numbers in each unit's month."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, abort, render_template, request

from daemon.desk.call_sheet import call_sheet
from daemon.desk.number_gaps import month_lines
from daemon.rules.calendar import month_of
from daemon.web.queue import frame
from daemon.web.site import now, site

pages = Blueprint("calls", __name__)


@pages.get("/calls")
def calls() -> str:
    """今日催办单."""
    with site().store.read() as session:
        sheet = call_sheet(session, site().settings, site().calendar, now())
        return render_template("calls.html", sheet=sheet, today=_today(), **frame(session, "reminders"))


@pages.get("/numbers")
def numbers() -> str:
    """Gaps in the units' document numbers that showed in a month."""
    month = _month(request.args.get("month"))
    with site().store.read() as session:
        lines = month_lines(session, site().settings, site().calendar, month, now())
        return render_template(
            "numbers.html",
            lines=lines,
            month=month,
            before=month - timedelta(days=1),
            after=month_of(month)[1] + timedelta(days=1),
            today=_today(),
            **frame(session, "reminders"),
        )


def _today() -> date:
    return site().calendar.local_date(now())


def _month(text: str | None) -> date:
    """The first day of the month that the address asks for, else of the present one."""
    try:
        return date.fromisoformat(f"{text}-01") if text else _today().replace(day=1)
    except ValueError:
        abort(400, "月份应写作 2026-11。")
