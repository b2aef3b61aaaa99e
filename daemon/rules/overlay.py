"""What the desk has learned of units over the files, laid over the office as one value.

The files are policy and the daemon only reads them; what an editor learns in the course of a day (whose address that
is, who the liaison is now) stands over them until the administrator writes it into the files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from parsers.office import Office, Unit
from parsers.sender import normal

Kind = Literal["address", "liaison"]


@dataclass(frozen=True)
class Learned:
    """One thing learned: an address that is a unit's (`value`), or the unit's liaison (name, phone)."""

    kind: Kind
    unit: str
    value: str
    phone: str | None = None


def laid_over(office: Office, learned: Iterable[Learned]) -> Office:
    """The office with what was learned; the later of two things about the same holds. Units that the files no longer
    have are passed over."""
    entries = tuple(learned)
    if not entries:
        return office
    version = sha256(f"{office.config_version}{entries!r}".encode()).hexdigest()
    return replace(office, units=tuple(_of_unit(unit, entries) for unit in office.units), config_version=version)


def is_in_files(files: Office, entry: Learned) -> bool:
    """Whether the files say it themselves by now."""
    unit = files.unit(entry.unit)
    return unit is not None and _with(unit, entry) == unit


def _of_unit(unit: Unit, entries: tuple[Learned, ...]) -> Unit:
    for entry in entries:
        if entry.unit == unit.name:
            unit = _with(unit, entry)
    return unit


def _with(unit: Unit, entry: Learned) -> Unit:
    if entry.kind == "liaison":
        return replace(unit, liaison_name=entry.value, liaison_phone=entry.phone or unit.liaison_phone)
    known = normal(entry.value) in map(normal, unit.addresses)
    return unit if known else replace(unit, addresses=(*unit.addresses, entry.value))
