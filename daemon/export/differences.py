"""What an assessment would say now that is not what it said when it was frozen: for the page and for an amendment."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.export.figures import CONSULTATIONS, DETAILS, RANKING, said
from daemon.rules.assessment import Report, UnitAssessment


@dataclass(frozen=True)
class Difference:
    """One figure of one unit, as tables say it."""

    unit: str
    figure: str
    was: str
    becomes: str


def differences(before: Report, after: Report) -> tuple[Difference, ...]:
    """Every figure that differs, unit by unit; a unit that only one of them has is told as such."""
    old, new = _by_name(before), _by_name(after)
    return tuple(one for name in dict.fromkeys([*old, *new]) for one in _of_unit(name, old.get(name), new.get(name)))


def _by_name(report: Report) -> dict[str, UnitAssessment]:
    return {unit.unit.name: unit for unit in report.units}


def _of_unit(name: str, before: UnitAssessment | None, after: UnitAssessment | None) -> list[Difference]:
    if before is None or after is None:
        return [Difference(name, "是否参加考核", "是" if before else "否", "是" if after else "否")]
    headings = (*RANKING, *CONSULTATIONS, *DETAILS)
    pairs = ((heading.name, said(heading.of(before)), said(heading.of(after))) for heading in headings)
    return [Difference(name, figure, was, becomes) for figure, was, becomes in pairs if was != becomes]
