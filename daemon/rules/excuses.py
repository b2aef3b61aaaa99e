"""What is not held against a unit (a server that stood still, a flood): days or one draft, with a reason, on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

LONGEST = 366
"""Days that one excuse can span."""


@dataclass(frozen=True)
class Excuse:
    """Of a draft (`receipt`), or of the days `since` to `until`, both included."""

    reason: str
    who: str
    unit: str | None = None
    """None: of all units."""
    column: str | None = None
    """None: in all columns."""
    since: date | None = None
    until: date | None = None
    receipt: str | None = None

    def covers(self, unit: str, column: str | None) -> bool:
        """Whether its days are excused for this unit in this column."""
        return self.unit in (None, unit) and self.column in (None, column)

    def holds(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.since is not None and self.until is not None and self.since <= day <= self.until

    def touches(self, first: date, last: date) -> bool:
        """Whether any of its days lies in the period."""
        return self.since is not None and self.until is not None and self.since <= last and self.until >= first


@dataclass(frozen=True)
class GivenPoints:
    """Points that a person adds to a unit's, or takes from them, with the reason."""

    unit: str
    points: Decimal
    reason: str
    who: str


def excused_days(excuses: Iterable[Excuse], unit: str, column: str, first: date, last: date) -> frozenset[date]:
    """The days of the period on which nothing is held against the unit in this column."""
    return frozenset(
        day
        for excuse in excuses
        if excuse.touches(first, last) and excuse.covers(unit, column)
        for day in _days(excuse, first, last)
    )


def _days(excuse: Excuse, first: date, last: date) -> list[date]:
    assert excuse.since is not None
    assert excuse.until is not None
    begin, end = max(first, excuse.since), min(last, excuse.until)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
