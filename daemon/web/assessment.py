"""考核: results of a period and what they rest on, downloads, freezing, amending; the month; a unit's record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from daemon.desk import bulletins
from daemon.desk.assess import assess
from daemon.desk.bulletins import Desk
from daemon.desk.frozen import report_of, standings
from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.month_map import month_map
from daemon.desk.unit_record import draft_rows, unit_record
from daemon.export.differences import Difference, differences
from daemon.export.figures import caveat, headings_of, note_of, said, title_of
from daemon.export.report_file import has_form, report_bytes
from daemon.rules.assessment import AssessmentPeriod, PeriodError, Report, parse_period
from daemon.rules.calendar import month_of
from daemon.rules.rule_texts import VERDICTS
from daemon.rules.states import NotAllowed
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("assessment", __name__)
SPAN = 14
"""Months that can be chosen, counted back from the present one."""


@pages.get("/assessment")
def results() -> str:
    """考核结果."""
    report = _report(request.args.get("period") or _last_month())
    period = report.period.text
    with site().store.read() as session:
        found = standings(session, [period])
        return render_template(
            "assessment.html",
            report=report,
            standings=found,
            changed=_changed(report),
            periods=_periods(period),
            headings=headings_of(report.units),
            said=said,
            caveat=caveat(report),
            **frame(session, "assessment"),
        )


@pages.get("/assessment/<period>/unit")
def unit_results(period: str) -> str:
    """What one unit's figures sum up."""
    report, name = _report(period), request.args.get("unit", "")
    unit = next((one for one in report.units if one.unit.name == name), None) or abort(404, "本期没有考核这个单位。")
    with site().store.read() as session:
        return render_template(
            "assessment_unit.html",
            report=report,
            unit=unit,
            rows=draft_rows(session, [one.draft.receipt for one in unit.evidence]),
            headings=headings_of([unit]),
            said=said,
            title_of=title_of,
            note_of=note_of,
            verdicts=VERDICTS,
            **frame(session, "assessment"),
        )


@pages.get("/assessment/<name>")
def download(name: str) -> Response:
    """The report as a file: `2026-11.xlsx`, .docx, .json, .html."""
    path = Path(name)
    if not has_form(path):
        abort(404, "没有这种格式，可下载 .xlsx、.docx、.json、.html。")
    report = _report(path.stem)
    data = report_bytes(report, site().settings.office.name, path)
    return send_file(BytesIO(data), as_attachment=True, download_name=f"{report.period.said}内容保障考核{path.suffix}")


@pages.post("/assessment/<period>/<any(draft, redraft, amend):action>")
def act(period: str, action: str) -> Response:
    """Drafts the bulletin, drafts it anew, or drafts an amendment; all of them go to the review queue."""
    desk = Desk(site().store, site().settings, site().calendar, now())
    steps: dict[str, Callable[[], int]] = {
        "draft": lambda: bulletins.draft_now(desk, period, me()),
        "redraft": lambda: bulletins.redraft(desk, period, me()),
        "amend": lambda: bulletins.amend(desk, period, request.form.get("reason", ""), me()),
    }
    try:
        steps[action]()
    except (NotAllowed, ConflictError, InvalidInput, PeriodError) as problem:
        flash(str(problem), "error")
    else:
        flash("通报已起草，请在待审稿件中审核。", "success")
    return redirect(url_for("assessment.results", period=period))


@pages.get("/month")
def month() -> str:
    """月度一览."""
    text = request.args.get("month") or f"{_today():%Y-%m}"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        abort(400, "月份应写作 2026-11。")
    report = _live(text)
    first, last = report.period.first, report.period.last
    with site().store.read() as session:
        return render_template(
            "month.html",
            report=report,
            kinds=month_map(report),
            days=[first + timedelta(days=n) for n in range((last - first).days + 1)],
            working=site().calendar.is_working_day,
            before=first - timedelta(days=1),
            after=last + timedelta(days=1),
            today=_today(),
            **frame(session, "month"),
        )


@pages.get("/record")
def record() -> str:
    """单位档案."""
    name, year = request.args.get("unit", ""), request.args.get("year", _today().year, type=_year)
    if site().settings.office_value.unit(name) is None:
        abort(404, "没有登记这个单位。")
    found = unit_record(site().store, site().settings, site().calendar, name, year, now())
    with site().store.read() as session:
        return render_template(
            "record.html", record=found, unit=name, year=year, today=_today(), said=said, title_of=title_of,
            headings=headings_of([month.unit for month in found.months]), **frame(session, "month"),
        )  # fmt: skip


def _report(period: str) -> Report:
    try:
        return report_of(site().store, site().settings, site().calendar, period, now())
    except PeriodError as problem:
        abort(400, f"{problem}。")


def _live(period: str) -> Report:
    try:
        return assess(site().store, site().settings, site().calendar, period, now())
    except PeriodError as problem:
        abort(400, f"{problem}。")


def _changed(report: Report) -> tuple[Difference, ...]:
    """What the data would say now of a period that is frozen."""
    return differences(report, _live(report.period.text)) if report.frozen else ()


def _today() -> date:
    return site().calendar.local_date(now())


def _last_month() -> str:
    return f"{_today().replace(day=1) - timedelta(days=1):%Y-%m}"


def _periods(chosen: str) -> list[AssessmentPeriod]:
    """What the chooser offers: the last months, half-years and years that have begun."""
    day, found = _today(), []
    for _ in range(SPAN):
        found += [f"{day:%Y-%m}", *_halves(day)]
        day = month_of(day)[0] - timedelta(days=1)
    return [parse_period(text) for text in dict.fromkeys([chosen, *found])]


def _halves(day: date) -> list[str]:
    return [f"{day.year}-H{1 if day.month < 7 else 2}", f"{day.year}"]


def _year(text: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}", text):
        raise ValueError(text)
    return int(text)
