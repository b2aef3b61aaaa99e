"""The assessment of a month, half-year or year (part 三 of the notice): figures, points, ranks, and what they rest on.

Every figure is the number of drafts, documents or days that the report can name: `Evidence` says which.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from daemon.rules.calendar import month_of
from daemon.rules.duties import (
    EXPLAINS,
    ColumnDuty,
    UnitDuties,
    interpretation_of,
    needs_interpretation,
    news_days,
    silent_days,
    unit_duties,
)
from daemon.rules.excuses import Excuse, GivenPoints
from daemon.rules.points import Criterion, Share, Weights, points_of, ranks_of, with_given
from daemon.rules.quotas import Basis, DeliveredDraft, counts_for_punctuality, verdict_of
from daemon.rules.rule_texts import COUNTING, column_rule, points_rules
from parsers.office import Unit
from parsers.submission import Timeliness

_PERIOD = re.compile(r"([0-9]{4})(?:-(?:(0[1-9]|1[0-2])|H([12])))?")


class PeriodError(ValueError):
    """Nothing that can be assessed; the text says in Chinese what was expected."""


@dataclass(frozen=True)
class AssessmentPeriod:
    """Whole months, both days included."""

    text: str
    """As people type it: `2026-11`, `2026-H1`, `2026`."""
    said: str
    """As a bulletin says it: 2026年11月."""
    first: date
    last: date


@dataclass(frozen=True)
class Evidence:
    """A draft in a unit's account, and the figures that it is counted in."""

    draft: DeliveredDraft
    delivered: bool
    """One of its column's `delivered`."""
    verdict: Timeliness | None
    """One of the unit's on_time, late or unknown; None: of none of them."""
    returned: bool
    owes_interpretation: bool
    interpreted_by: str | None
    """The receipt of its interpretation."""
    excused: bool = False
    """It was late, and that is held against nobody."""


@dataclass(frozen=True)
class UnitAssessment:
    """A unit's account with its points and its rank among the units of its kind."""

    unit: Unit
    duties: UnitDuties
    shares: Mapping[Criterion, Share]
    """Only what the unit can be measured by."""
    points: Decimal | None
    """0 to 100, with what people gave and took; None: nothing to measure."""
    rank: int | None
    silent_days: tuple[date, ...]
    evidence: tuple[Evidence, ...]
    given: tuple[GivenPoints, ...] = ()
    excused: tuple[Excuse, ...] = ()
    answered: tuple[int, int] = (0, 0)
    """Questions of citizens that came in the period: answered, and answered late or owed beyond the limit."""

    @property
    def measured(self) -> tuple[ColumnDuty, ...]:
        """The columns in which a number is owed."""
        return tuple(column for column in self.duties.columns if column.owed)

    @property
    def late_share(self) -> Fraction | None:
        """Of the drafts with a verdict, how many were late; None: there is no verdict."""
        judged = self.duties.on_time + self.duties.late
        return Fraction(self.duties.late, judged) if judged else None


@dataclass(frozen=True)
class Report:
    """The assessment of a period as it stands at `as_of`."""

    period: AssessmentPeriod
    as_of: datetime
    rules: Mapping[str, str]
    """What each column was judged by, in Chinese."""
    points_rules: tuple[str, ...]
    counting_rules: tuple[str, ...]
    units: tuple[UnitAssessment, ...]
    """By kind in the order of the register, then by rank."""
    kind_names: Mapping[str, str] = field(default_factory=dict)
    frozen: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether the period had ended."""
        return self.as_of.date() > self.period.last

    @property
    def by_kind(self) -> dict[str, tuple[UnitAssessment, ...]]:
        """The units of each kind, under the name that a bulletin gives it."""
        groups: defaultdict[str, list[UnitAssessment]] = defaultdict(list)
        for unit in self.units:
            groups[self.kind_name(unit)].append(unit)
        return {kind: tuple(units) for kind, units in groups.items()}

    def kind_name(self, unit: UnitAssessment) -> str:
        """The unit's kind in the words of a bulletin."""
        return self.kind_names.get(unit.unit.kind, unit.unit.kind)


def parse_period(text: str) -> AssessmentPeriod:
    """The period of this name; PeriodError where there is none such."""
    match = _PERIOD.fullmatch(text)
    if not match or not 2000 <= int(match[1]) <= 2100:
        raise PeriodError(f"“{text}”不是考核期间：应为月份（如 2026-11）、半年（如 2026-H1）或年份（如 2026）")
    year, half = int(match[1]), match[3]
    if match[2]:
        first, last = month_of(date(year, int(match[2]), 1))
        return AssessmentPeriod(text, f"{year}年{first.month}月", first, last)
    first = date(year, 7 if half == "2" else 1, 1)
    last = date(year, 6, 30) if half == "1" else date(year, 12, 31)
    name = "度" if half is None else "上半年" if half == "1" else "下半年"
    return AssessmentPeriod(text, f"{year}年{name}", first, last)


def assess_units(
    drafts: Mapping[str, list[DeliveredDraft]],
    period: AssessmentPeriod,
    weights: Weights,
    basis: Basis,
    given: Sequence[GivenPoints] = (),
) -> Report:
    """The report on all units whose duties touch the period; `drafts` are each unit's own, of any time; `given` are
    the period's.

    PeriodError where the period has not begun.
    """
    if period.first > basis.today:
        raise PeriodError(f"{period.said}尚未开始，还没有可以考核的内容")
    units = [unit for unit in basis.office.units if _is_on_duty(unit, period, basis)]
    assessed = [
        _with_given(_assessed(unit, drafts.get(unit.name, []), period, weights, basis), given) for unit in units
    ]
    kinds = dict.fromkeys(unit.kind for unit in units)
    return Report(
        period=period,
        as_of=basis.now.astimezone(basis.calendar.zone),
        rules={column.name: column_rule(column, basis.calendar) for column in basis.office.columns},
        points_rules=points_rules(weights),
        counting_rules=COUNTING,
        units=tuple(unit for kind in kinds for unit in _ranked([one for one in assessed if one.unit.kind == kind])),
    )


def as_json(report: Report) -> dict[str, Any]:
    """The report as CONTRACT.md, section 5, has it."""
    return {
        "period": report.period.text,
        "from": report.period.first.isoformat(),
        "until": report.period.last.isoformat(),
        "frozen": report.frozen.isoformat() if report.frozen else None,
        "rules": dict(report.rules),
        "units": [_unit_json(unit) for unit in report.units],
    }


def _is_on_duty(unit: Unit, period: AssessmentPeriod, basis: Basis) -> bool:
    begin, end = max(period.first, basis.since(unit)), min(period.last, unit.until or period.last)
    return begin <= end and begin <= basis.today


def _assessed(
    unit: Unit, drafts: list[DeliveredDraft], period: AssessmentPeriod, weights: Weights, basis: Basis
) -> UnitAssessment:
    duties = unit_duties(unit, drafts, period.first, period.last, basis)
    shares = _shares(duties, len(news_days(unit, period.first, period.last, basis)))
    evidence = _evidence(unit, drafts, duties, basis)
    return UnitAssessment(
        unit=unit,
        duties=duties,
        shares=shares,
        points=points_of(shares, weights),
        rank=None,
        silent_days=silent_days(unit, drafts, period.first, period.last, basis),
        evidence=evidence,
        excused=_excused(unit, {one.draft.receipt for one in evidence}, period, basis),
    )


def _with_given(unit: UnitAssessment, given: Sequence[GivenPoints]) -> UnitAssessment:
    own = tuple(one for one in given if one.unit == unit.unit.name)
    return replace(unit, given=own, points=with_given(unit.points, own)) if own else unit


def _excused(unit: Unit, receipts: set[str], period: AssessmentPeriod, basis: Basis) -> tuple[Excuse, ...]:
    """What of the unit's account is excused in the period."""
    return tuple(
        excuse
        for excuse in basis.excuses
        if excuse.receipt in receipts
        or (excuse.unit in (None, unit.name) and excuse.touches(period.first, period.last))
    )


def _shares(duties: UnitDuties, awaited_days: int) -> dict[Criterion, Share]:
    owed = sum(column.owed for column in duties.columns)
    missing = sum(column.missing for column in duties.columns)
    documents = duties.interpretations
    shares: dict[Criterion, Share] = {
        "completeness": Share(owed - missing, owed),
        "punctuality": Share(duties.on_time, duties.on_time + duties.late),
        "liveliness": Share(awaited_days - duties.days_without_news, awaited_days),
        "interpretation": Share(documents.delivered, documents.owed),
    }
    return {criterion: share for criterion, share in shares.items() if share.whole}


def _ranked(units: list[UnitAssessment]) -> list[UnitAssessment]:
    """Units of one kind by rank; those without one at the end."""
    ranks = ranks_of(unit.points for unit in units)
    ranked = [replace(unit, rank=ranks[unit.points]) for unit in units]
    return sorted(ranked, key=lambda unit: unit.rank or len(units) + 1)


def _evidence(unit: Unit, drafts: list[DeliveredDraft], duties: UnitDuties, basis: Basis) -> tuple[Evidence, ...]:
    """Old mail that was imported as history is in no account."""
    begin, end = max(duties.first, basis.since(unit)), min(duties.last, unit.until or duties.last)
    delivered = {receipt for column in duties.columns for receipt in column.receipts}
    received = {draft.receipt for draft in drafts if draft.received_on and begin <= draft.received_on <= end}
    counted = delivered | received
    roles = {column.name: column.role for column in basis.office.columns}
    explaining = [draft for draft in drafts if roles.get(draft.column or "") in EXPLAINS]
    shown = [draft for draft in drafts if draft.receipt in counted and draft.state != "archived"]
    return tuple(
        _one(draft, draft.receipt in delivered, draft.receipt in received, explaining, basis)
        for draft in sorted(shown, key=attrgetter("receipt"))
    )


def _one(
    draft: DeliveredDraft, delivered: bool, received: bool, explaining: list[DeliveredDraft], basis: Basis
) -> Evidence:
    owes = received and needs_interpretation(draft, basis.office)
    verdict = verdict_of(draft, basis) if received else None
    return Evidence(
        draft=draft,
        delivered=delivered,
        verdict=verdict,
        returned=draft.state == "returned",
        owes_interpretation=owes,
        interpreted_by=interpretation_of(draft, basis.office, explaining) if owes else None,
        excused=received and verdict is None and counts_for_punctuality(draft),
    )


def _unit_json(unit: UnitAssessment) -> dict[str, Any]:
    duties = unit.duties
    return {
        "unit": unit.unit.name,
        "kind": unit.unit.kind,
        "rank": unit.rank,
        "points": None if unit.points is None else float(unit.points),
        "on_time": duties.on_time,
        "late": duties.late,
        "unknown": duties.unknown,
        "returned": duties.returned,
        "days_without_news": duties.days_without_news,
        "columns": [_column_json(column) for column in duties.columns],
        "interpretations": {"owed": duties.interpretations.owed, "delivered": duties.interpretations.delivered},
        "consultations": {"answered": unit.answered[0], "late": unit.answered[1]},
        "excused": [_excuse_json(one) for one in unit.excused],
        "given": [{"points": float(one.points), "reason": one.reason, "who": one.who} for one in unit.given],
    }


def _excuse_json(excuse: Excuse) -> dict[str, Any]:
    return {
        "receipt": excuse.receipt,
        "column": excuse.column,
        "from": excuse.since.isoformat() if excuse.since else None,
        "until": excuse.until.isoformat() if excuse.until else None,
        "reason": excuse.reason,
        "who": excuse.who,
    }


def _column_json(column: ColumnDuty) -> dict[str, Any]:
    return {
        "column": column.column,
        "owed": column.owed,
        "delivered": column.delivered,
        "missing": column.missing,
        "drafts": list(column.receipts),
    }
