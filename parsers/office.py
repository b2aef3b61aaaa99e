"""What the parsers and rules know of an office: its units, columns and words, as frozen values.

`daemon.settings` builds them from the YAML files (CONTRACT.md, section 2); nothing here reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from parsers.learned import Model

PeriodUnit = Literal["s", "min", "h", "d", "wd", "mo"]


@dataclass(frozen=True)
class Period:
    """A span as the rules write it: `3d`, `3wd` (working days), `24h`, `3mo`. How it is counted: rules.calendar."""

    amount: int
    unit: PeriodUnit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@dataclass(frozen=True)
class Quota:
    """How much a unit owes a column (articles 3 and 4 of the notice)."""

    at_least: int
    per: Literal["day", "month"]
    counts: Literal["submitted", "published"] = "submitted"
    days: Literal["calendar", "working"] = "calendar"


@dataclass(frozen=True)
class Column:
    """A column (栏目) of the portal: who may file there, what speaks for it, within which limits."""

    name: str
    kinds: tuple[str, ...] | None = None
    """Kinds of unit that may file here (`from` in the YAML); None: all."""
    keywords: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    role: str | None = None
    submit_within: Period | None = None
    publish_within: Period | None = None
    quotas: tuple[Quota, ...] = ()
    needs_interpretation: bool = False
    stale_after: Period | None = None
    confirm_every: Period | None = None


@dataclass(frozen=True)
class Unit:
    """A town or department that owes the portal its documents and news."""

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    """Whole addresses, or `@domain`, in lower case."""
    notify: tuple[str, ...] = ()
    document_prefixes: tuple[str, ...] = ()
    liaison_name: str | None = None
    liaison_phone: str | None = None
    escalate_to: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    exempt: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The unit's name and its aliases, longest first, so that the most exact one is found first."""
        return tuple(sorted({self.name, *self.aliases}, key=lambda name: (-len(name), name)))


@dataclass(frozen=True)
class Office:
    """The editorial office that receives the mail, with everything its config says that reading depends on."""

    name: str
    address: str
    phone: str
    timezone: str
    units: tuple[Unit, ...]
    columns: tuple[Column, ...]
    editors: tuple[str, ...] = ()
    """Addresses of the office's people: what they pass on with `[代报 …]` is the unit's."""
    own_phones: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    """Texts that screening lets pass."""
    trusted_host: str | None = None
    """The receiving server whose Received and Authentication-Results are believed."""
    dkim_keys: tuple[tuple[str, str], ...] = ()
    """Keys that signatures are verified with: `selector._domainkey.domain` and its DNS record."""
    config_version: str = ""
    """A hash of the config that a draft was made with."""
    model: Model | None = field(default=None, compare=False, repr=False)
    """The editors' habits as learned so far (parsers.habits); None: columns go by the rules alone."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """All columns' keywords, each once."""
        return tuple(dict.fromkeys(word for column in self.columns for word in column.keywords))

    def column(self, name: str | None) -> Column | None:
        """The column of this name, or None."""
        return self._columns.get(name)

    @cached_property
    def interpreted(self) -> frozenset[str | None]:
        """The columns whose documents need an interpretation."""
        return frozenset(column.name for column in self.columns if column.needs_interpretation)

    @cached_property
    def _columns(self) -> dict[str | None, Column]:
        return {column.name: column for column in self.columns}

    def unit(self, name: str | None) -> Unit | None:
        """The unit of this very name (not an alias), or None."""
        return next((unit for unit in self.units if unit.name == name), None)
