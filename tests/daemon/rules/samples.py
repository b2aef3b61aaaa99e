"""A small office of invented columns and units, and drafts of it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from daemon.rules.calendar import Calendar
from daemon.rules.quotas import Basis, DeliveredDraft
from parsers.office import Column, Office, Period, Quota, Unit

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar()
LIMITS = {"submit_within": Period(3, "d"), "publish_within": Period(12, "h")}

TOWN_NEWS = Column(
    "乡镇动态",
    kinds=("town",),
    role="dynamic",
    quotas=(Quota(1, "day"), Quota(30, "month")),
    stale_after=Period(3, "d"),
)
DEPARTMENT_NEWS = Column(
    "部门动态", kinds=("department",), role="dynamic", quotas=(Quota(15, "month", counts="published"),)
)
NOTICES = Column("公告公示", role="notice", **LIMITS)  # type: ignore[arg-type]
RULES = Column("法规文件", role="law", needs_interpretation=True, submit_within=Period(3, "d"))
INTERPRETATIONS = Column("政策解读", role="interpretation")
TOWN = Unit("青石镇人民政府", "town", aliases=("青石镇",))
DEPARTMENT = Unit("云溪县财政局", "department")
OFFICE = Office(
    name="编辑部",
    address="desk@office.example.cn",
    phone="0500-1234567",
    timezone="Asia/Shanghai",
    units=(TOWN, DEPARTMENT),
    columns=(TOWN_NEWS, DEPARTMENT_NEWS, NOTICES, RULES, INTERPRETATIONS),
)

_numbers = count(1)


def at(text: str) -> datetime:
    """A moment at the office."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def basis(now: str, start: date = date(2026, 1, 1)) -> Basis:
    """The account of the sample office at this moment."""
    return Basis(OFFICE, CALENDAR, start, at(now))


def draft(column: Column, received: str, **values: Any) -> DeliveredDraft:
    """A draft received on this day; pending, and its limit certain, unless said otherwise."""
    return DeliveredDraft(
        receipt=f"2026-{next(_numbers):06}",
        unit=values.pop("unit", None),
        column=column.name,
        state=values.pop("state", "pending"),
        received_on=date.fromisoformat(received),
        due_certain=values.pop("due_certain", True),
        **values,
    )
