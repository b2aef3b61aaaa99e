"""今日任务 and 即将到期: what is due, and what will end on the portal; both to be printed."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from daemon.desk import today as tasks
from daemon.desk.reminder_text import sections
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("duties", __name__)
SPANS = (30, 90, 365)
"""Days that 即将到期 looks ahead."""


@pages.get("/today")
def today() -> str:
    """Everything that is due today or overdue."""
    with site().store.read() as session:
        found = tasks.today(session, site().settings, site().calendar, me(), now())
        units = [(unit, sections(items, site().zone)) for unit, items in found.units]
        day = site().calendar.local_date(now())
        return render_template(
            "today.html", found=found, units=units, day=day, most=tasks.MOST, **frame(session, "today")
        )


@pages.get("/expiring")
def expiring() -> str:
    """What ends within the days asked for, by date."""
    asked = request.args.get("days", type=int)
    days = asked if asked in SPANS else SPANS[0]
    with site().store.read() as session:
        found = tasks.expiring(session, site().calendar, now(), days)
        day = site().calendar.local_date(now())
        return render_template(
            "expiring.html", found=found, days=days, spans=SPANS, day=day, has_ended=tasks.has_ended,
            **frame(session, "expiring"),
        )  # fmt: skip
