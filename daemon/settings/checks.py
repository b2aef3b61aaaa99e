"""What only several parts of the config together show: words that must agree, names that must be single."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from daemon.settings.models import AssessmentFile, ColumnEntry, OfficeFile, UnitEntry
from daemon.settings.wording import line, suggestion


def mistakes(
    office: OfficeFile, units: tuple[UnitEntry, ...], columns: tuple[ColumnEntry, ...], assessment: AssessmentFile
) -> list[str]:
    """One line of Chinese for each contradiction; empty: the files agree."""
    return [
        *_twice("units.yaml", "units", "name", [unit.name for unit in units]),
        *_twice("units.yaml", "units", "addresses", [address for unit in units for address in _mailboxes(unit)]),
        *_twice("columns.yaml", "columns", "name", [column.name for column in columns]),
        *_names_of_others(units),
        *_column_names(office, units, columns),
        *_kinds_without_units(units, columns),
        *_kinds_without_columns(units, columns),
        *_names_of_kinds(units, assessment),
        *_bulletin_column(columns, assessment),
    ]


def warnings(office: OfficeFile, units: tuple[UnitEntry, ...]) -> list[str]:
    """What works, and yet should be looked at; `check` says it."""
    secrets = [secret for secret in (office.mailbox.password, office.smtp.password) if secret and secret.stands_in_file]
    aliases = Counter(alias for unit in units for alias in set(unit.aliases))
    return [
        *(f"{secret.key}：密码直接写在文件里，建议改用 ${{环境变量}} 或 password_file" for secret in secrets),
        *(f"units.yaml: 别名“{alias}”属于几个单位，不能据此辨认单位" for alias, n in aliases.items() if n > 1),
        *(f"units.yaml: units[{unit.name}]：没有登记邮箱，来信无法自动辨认" for unit in units if not unit.addresses),
    ]


def _twice(file: str, list_name: str, key: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield line(file, f"{list_name}[].{key}", value, f"重复出现 {count} 次，只能有一个")


def _mailboxes(unit: UnitEntry) -> set[str]:
    """The unit's addresses, each without its +tag, which doesn't matter when mail comes in."""
    return {re.sub(r"\+[^@]*@", "@", address) for address in unit.addresses}


def _names_of_others(units: tuple[UnitEntry, ...]) -> Iterator[str]:
    names = {unit.name for unit in units}
    for unit in units:
        for alias in sorted((names - {unit.name}) & set(unit.aliases)):
            yield line("units.yaml", f"units[{unit.name}].aliases", alias, "是另一个单位的名称，不能作别名")


def _column_names(office: OfficeFile, units: tuple[UnitEntry, ...], columns: tuple[ColumnEntry, ...]) -> Iterator[str]:
    known = [column.name for column in columns]
    yield from _unknown("office.yaml", "review.single_step", office.review.single_step, known)
    for unit in units:
        yield from _unknown("units.yaml", f"units[{unit.name}].exempt", unit.exempt, known)


def _unknown(file: str, key: str, names: Iterable[str], known: list[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield line(file, key, name, f"columns.yaml 中没有这个栏目{suggestion(name, known)}")


def _kinds_without_units(units: tuple[UnitEntry, ...], columns: tuple[ColumnEntry, ...]) -> Iterator[str]:
    known = sorted({unit.kind for unit in units})
    for column in columns:
        for kind in column.kinds or ():
            if kind not in known:
                expected = f"units.yaml 中没有这一类（kind）单位{suggestion(kind, known)}"
                yield line("columns.yaml", f"columns[{column.name}].from", kind, expected)


def _kinds_without_columns(units: tuple[UnitEntry, ...], columns: tuple[ColumnEntry, ...]) -> Iterator[str]:
    """A kind that no column names is a mistake where no column is open to all, and else where it looks misspelt."""
    named = sorted({kind for column in columns for kind in column.kinds or ()})
    open_to_all = any(column.kinds is None for column in columns)
    for unit in units:
        if unit.kind not in named and (not open_to_all or _is_misspelt(unit.kind, named)):
            expected = f"没有栏目接受这一类单位{suggestion(unit.kind, named)}"
            yield line("units.yaml", f"units[{unit.name}].kind", unit.kind, expected)


def _names_of_kinds(units: tuple[UnitEntry, ...], assessment: AssessmentFile) -> Iterator[str]:
    known = sorted({unit.kind for unit in units})
    for kind in assessment.kinds:
        if kind not in known:
            expected = f"units.yaml 中没有这一类（kind）单位{suggestion(kind, known)}"
            yield line("assessment.yaml", "kinds", kind, expected)


def _bulletin_column(columns: tuple[ColumnEntry, ...], assessment: AssessmentFile) -> Iterator[str]:
    if assessment.bulletin_column is not None:
        known = [column.name for column in columns]
        yield from _unknown("assessment.yaml", "bulletin_column", [assessment.bulletin_column], known)


def _is_misspelt(kind: str, named: list[str]) -> bool:
    """In Latin letters only: Chinese kinds may differ by one character and mean something else (县直部门, 市直部门)."""
    return kind.isascii() and bool(difflib.get_close_matches(kind, named, n=1, cutoff=0.72))
