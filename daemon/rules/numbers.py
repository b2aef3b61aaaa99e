"""Gaps in a unit's document numbers (全面、完整, part 二 of the notice): a hint, since many are lawfully not public."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daemon.rules.quotas import DeliveredDraft, counts_for_punctuality
from parsers.office import Unit

_NUMBER = re.compile(r"(.{1,20})〔(\d{4})〕(\d{1,5})号")
_WIDEST = 200
"""More missing numbers at once come from a misread one."""


@dataclass(frozen=True)
class NumberGap:
    """Numbers of one series that have not come, though a later one has."""

    prefix: str
    year: int
    missing: tuple[int, ...]

    def __str__(self) -> str:
        """In the words of an account: 某政发〔2026〕第3号、第5至7号."""
        return f"{self.prefix}〔{self.year}〕" + "、".join(_said(first, last) for first, last in _runs(self.missing))


def number_gaps(
    unit: Unit, drafts: Iterable[DeliveredDraft], first: date, last: date, since: date
) -> tuple[NumberGap, ...]:
    """The gaps that showed in the period `first` to `last`: below its highest number, above the highest before it.

    A series is counted from 1, in the year in which the unit's duties began (`since`) from the first that came. What
    came later fills its gap. Only the unit's own series, where the register names them.
    """
    came: defaultdict[tuple[str, int], dict[int, date]] = defaultdict(dict)
    for prefix, year, serial, day in _serials(unit, drafts):
        came[prefix, year][serial] = min(day, came[prefix, year].get(serial, day))
    found = (_gap(series, days, first, last, since) for series, days in sorted(came.items()))
    return tuple(gap for gap in found if gap)


def gaps_line(gaps: Iterable[NumberGap]) -> str | None:
    """The line in a unit's month; None: no number is missing."""
    said = "；".join(map(str, gaps))
    return f"发文字号不连续，未见{said}（不予公开的文件不必报送，仅供核对）。" if said else None


def _serials(unit: Unit, drafts: Iterable[DeliveredDraft]) -> Iterable[tuple[str, int, int, date]]:
    for draft in drafts:
        match = _NUMBER.fullmatch(draft.document_number or "")
        if match is None or draft.received_on is None or not counts_for_punctuality(draft):
            continue
        if not unit.document_prefixes or match[1] in unit.document_prefixes:
            yield match[1], int(match[2]), int(match[3]), draft.received_on


def _gap(series: tuple[str, int], days: dict[int, date], first: date, last: date, since: date) -> NumberGap | None:
    prefix, year = series
    highest = max((serial for serial, day in days.items() if first <= day <= last), default=0)
    before = [serial for serial, day in days.items() if day < first]
    begin = 0 if year > since.year else min(days)
    missing = tuple(sorted(set(range(max([begin, *before]) + 1, highest)) - days.keys()))
    return NumberGap(prefix, year, missing) if 0 < len(missing) <= _WIDEST else None


def _runs(numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _said(first: int, last: int) -> str:
    return f"第{first}号" if first == last else f"第{first}至{last}号"
