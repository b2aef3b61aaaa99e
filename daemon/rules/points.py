"""Points and ranks: from shares of what was owed to one number a unit (config/assessment.yaml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, get_args

from daemon.rules.excuses import GivenPoints

Criterion = Literal["completeness", "punctuality", "liveliness", "interpretation"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)


@dataclass(frozen=True)
class Share:
    """So many of so many; a `whole` of 0 is nothing to measure."""

    part: int
    whole: int

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.part, self.whole)


@dataclass(frozen=True)
class Weights:
    """How much each criterion counts, in relation to the others."""

    completeness: int = 50
    punctuality: int = 30
    liveliness: int = 10
    interpretation: int = 10

    def of(self, criterion: Criterion) -> int:
        """The criterion's weight."""
        weight: int = getattr(self, criterion)
        return weight


def points_of(shares: Mapping[Criterion, Share], weights: Weights) -> Decimal | None:
    """The weighted mean of the shares, 0 to 100 with two decimals; None where nothing that has a weight is measured.

    What a unit cannot be measured by is left out, and the rest counts as the whole.
    """
    whole = sum(weights.of(criterion) for criterion in shares)
    if not whole:
        return None
    weighted = (weights.of(criterion) * share.fraction for criterion, share in shares.items())
    exact = 100 * sum(weighted, Fraction()) / whole
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


def with_given(points: Decimal | None, given: Iterable[GivenPoints]) -> Decimal | None:
    """The points with what people added and took, never under 0; None stays None: a rank needs something measured."""
    return None if points is None else max(Decimal("0.00"), points + sum(one.points for one in given))


def ranks_of(points: Iterable[Decimal | None]) -> dict[Decimal | None, int | None]:
    """The rank that each number of points has; equal points share it, and after two firsts comes a third."""
    holders = Counter(points)
    ranks: dict[Decimal | None, int | None] = {None: None}
    place = 1
    for number in sorted((number for number in holders if number is not None), reverse=True):
        ranks[number] = place
        place += holders[number]
    return ranks
