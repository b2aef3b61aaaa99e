"""The question which column (栏目) a draft belongs in, and the answer: what rules and habits both speak of."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.office import Unit
from parsers.senses import told


@dataclass(frozen=True)
class Case:
    """What is known of a draft when its column is chosen. Made by `seen`."""

    title: str
    unit: Unit | None
    number: str
    issuer: str
    lead: str
    pictures: int
    dated: bool | None


@dataclass(frozen=True)
class Choice:
    """A column, how sure, and why."""

    column: str | None
    confidence: float
    """0 to 1."""
    reason: str
    """In Chinese, for the editor."""
    scores: tuple[tuple[str, float], ...] = ()
    """Every column with a claim, best first."""
    signs: tuple[tuple[str, float, str], ...] = ()
    """What the rules made of it: (column, worth, why) of every sign, the strongest first."""


def seen(
    title: str,
    unit: Unit | None,
    *,
    number: str | None = None,
    issuer: str | None = None,
    lead: str = "",
    pictures: int = 0,
    dated: bool | None = None,
) -> Case:
    """A case. `lead`: its text, or the first lines. `pictures`: how many it shows. `dated`: it has a 成文日期 or 文号
    (None: not known)."""
    return Case(told(title), unit, number or "", issuer or "", lead, pictures, dated)
