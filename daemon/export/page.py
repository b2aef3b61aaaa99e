"""A report as one page (.html) that loads nothing from anywhere: to be opened, printed, or put on the portal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from daemon.export.bulletin import bases, shortcomings, summary
from daemon.export.figures import caveat, headings_of, said
from daemon.rules.assessment import Report, UnitAssessment

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "reports"
_BAD = frozenset({"缺报", "逾期", "退稿", "答复逾期"})


def page(report: Report, issuer: str) -> str:
    """The page, issued by the editorial office of this name."""
    return environment().get_template("report.html.j2").render(
        report=report,
        issuer=issuer,
        caveat=caveat(report),
        summary=summary(report),
        shortcomings=list(shortcomings(report)),
        bases=list(bases(report)),
        headings=headings_of(report.units),
        bad=_BAD,
        numbers={unit.unit.name: number for number, unit in enumerate(report.units, start=1)},
        said=said,
        figures=_figures,
    )  # fmt: skip


def _figures(unit: UnitAssessment) -> Iterator[tuple[str, list[str]]]:
    """The unit's figures that are no column's, each as the receipts or days that it counts."""
    for name, verdict in (("按时", "on_time"), ("逾期", "late"), ("未认定", "unknown")):
        yield name, [one.draft.receipt for one in unit.evidence if one.verdict == verdict]
    yield "退稿", [one.draft.receipt for one in unit.evidence if one.returned]
    yield "应配解读", [one.draft.receipt for one in unit.evidence if one.owes_interpretation]
    yield "已配解读", [one.draft.receipt for one in unit.evidence if one.interpreted_by]
    yield "无信息天数", [day.isoformat() for day in unit.silent_days]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of reports."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
