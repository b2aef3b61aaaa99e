"""A small report for tests of its files: two towns and a department, one of everything that a figure can count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from daemon.rules.assessment import Report, assess_units, parse_period
from daemon.rules.points import Weights
from daemon.rules.quotas import DeliveredDraft
from parsers.office import Unit
from tests.daemon.rules.samples import (
    DEPARTMENT,
    DEPARTMENT_NEWS,
    INTERPRETATIONS,
    NOTICES,
    OFFICE,
    RULES,
    TOWN,
    TOWN_NEWS,
    at,
    basis,
    draft,
)

ISSUER = "云溪县政务网编辑部"
OTHER = Unit("白沙镇人民政府", "town")
KINDS = {"town": "镇（街道）", "department": "县政府各部门"}


def report(extra: tuple[DeliveredDraft, ...] = (), now: str = "2026-11-02T09:05") -> Report:
    """October, as seen on a Monday morning."""
    news = [draft(TOWN_NEWS, f"2026-10-{day:02}", title=f"活动{day}") for day in range(1, 29)]
    due = at("2026-10-12T00:00")
    drafts = {
        TOWN.name: [
            *news,
            draft(NOTICES, "2026-10-09", title="防火公告", timeliness="on_time", submit_due_at=due),
            draft(NOTICES, "2026-10-13", title="停水公告", timeliness="late", submit_due_at=due, state="returned"),
            draft(RULES, "2026-10-14", title="青石镇关于印发青石镇集市管理办法的通知"),
            draft(RULES, "2026-10-15", title="青石镇关于印发青石镇河道保护办法的通知"),
            draft(INTERPRETATIONS, "2026-10-20", title="《青石镇集市管理办法》解读"),
            draft(NOTICES, "2026-10-21", title="", timeliness="on_time"),
            draft(NOTICES, "2026-10-22", title="误报公告", state="rejected"),
            draft(NOTICES, "2026-10-22", title="防火公告", is_duplicate=True),
            *extra,
        ],
        DEPARTMENT.name: [
            draft(DEPARTMENT_NEWS, "2026-09-30", title="财政动态", published_on=date(2026, 10, 1), state="published"),
            draft(DEPARTMENT_NEWS, "2026-10-30", title="预算动态"),
        ],
    }
    on = replace(basis(now), office=replace(OFFICE, units=(TOWN, OTHER, DEPARTMENT)))
    return replace(assess_units(drafts, parse_period("2026-10"), Weights(), on), kind_names=KINDS)


def with_questions() -> Report:
    """The same, and the first town was asked by citizens: it answered two, and one of them late."""
    made = report()
    units = (replace(unit, answered=(2, 1) if unit.unit == TOWN else (0, 0)) for unit in made.units)
    return replace(made, units=tuple(units))
