"""Fixed columns (机构概况, 单位职责 …, article 2): when a unit is asked whether what stands there is still right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from daemon.rules.quotas import Basis, owes_column
from parsers.office import Column, Unit


def columns_to_confirm(unit: Unit, asked_on: Mapping[str, date], basis: Basis) -> tuple[Column, ...]:
    """The unit's columns whose `confirm_every` is over since they were asked about last, else since duties began."""
    if not basis.since(unit) <= basis.today <= (unit.until or basis.today):
        return ()
    return tuple(
        column
        for column in basis.office.columns
        if owes_column(unit, column) and _is_due(column, asked_on.get(column.name, basis.since(unit)), basis)
    )


def _is_due(column: Column, since: date, basis: Basis) -> bool:
    return column.confirm_every is not None and basis.now >= basis.calendar.add(since, column.confirm_every).at
