"""The config folder as one validated, frozen snapshot (CONTRACT.md, section 2).

`load(folder)` reads `office.yaml`, `units.yaml`, `columns.yaml`, `calendar.yaml` and, where it is there,
`assessment.yaml`. Every mistake found becomes one line of a SettingsError. Secrets are resolved when they are called:
`settings.mailbox.password()`, `settings.database.url()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from daemon.rules.calendar import Calendar
from daemon.settings import checks, models
from daemon.settings.errors import SettingsError
from daemon.settings.files import parse_yaml, read_bytes, version_of
from daemon.settings.wording import lines_of
from parsers.office import Office

__all__ = ["Settings", "SettingsError", "load"]

Model = TypeVar("Model", bound=BaseModel)

_REQUIRED: dict[str, type[BaseModel]] = {
    "office.yaml": models.OfficeFile,
    "units.yaml": models.UnitsFile,
    "columns.yaml": models.ColumnsFile,
    "calendar.yaml": models.CalendarFile,
}
_OPTIONAL: dict[str, type[BaseModel]] = {"assessment.yaml": models.AssessmentFile}


@dataclass(frozen=True)
class Settings:
    """Everything that an office decides. `office_value` is the part that reading a mail depends on."""

    folder: Path
    office: models.OfficeSection
    mailbox: models.Mailbox
    smtp: models.Smtp
    database: models.Database
    data_dir: Path
    web: models.Web
    letters: models.Letters
    reminders: models.Reminders
    review: models.Review
    publishing: models.Publishing
    screening: models.Screening
    readers: models.ReadersSection
    consultations: models.Consultations
    keep: models.Keep
    calendar: Calendar
    office_value: Office
    assessment: models.AssessmentFile
    """Its defaults where there is no assessment.yaml."""
    warnings: tuple[str, ...]
    """In Chinese: what works and yet should be looked at."""

    @property
    def base_url(self) -> str:
        """Where the editors' pages are, without a slash at the end."""
        return (self.web.base_url or f"http://{self.web.host}:{self.web.port}").rstrip("/")


def load(folder: Path) -> Settings:
    """The config in this folder; SettingsError with a line for each mistake."""
    contents = _contents(folder)
    data = _each(contents, parse_yaml)
    files = _each(_REQUIRED | _OPTIONAL, lambda name, model: _validate(name, data.get(name, {}), model, folder))
    return _settings(folder, files, version_of(contents))


def _contents(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise SettingsError([f"配置文件夹 {folder} 不存在，请用 --config 指明"])
    contents = _each(dict.fromkeys(_REQUIRED, folder), lambda name, where: read_bytes(where / name))
    there = {name: folder for name in _OPTIONAL if (folder / name).exists()}
    return contents | _each(there, lambda name, where: read_bytes(where / name))


def _each(items: dict[str, Any], step: Any) -> dict[str, Any]:
    """The step for every file, so that the mistakes of all of them are told at once."""
    results: dict[str, Any] = {}
    mistakes: list[str] = []
    for name, item in items.items():
        try:
            results[name] = step(name, item)
        except SettingsError as error:
            mistakes += error.mistakes
    if mistakes:
        raise SettingsError(mistakes)
    return results


def _validate(name: str, data: dict[str, Any], model: type[Model], folder: Path) -> Model:
    try:
        return model.model_validate(data, context={"folder": folder})
    except ValidationError as error:
        raise SettingsError(lines_of(error, name, data, model)) from None


def _settings(folder: Path, files: dict[str, Any], version: str) -> Settings:
    office: models.OfficeFile = files["office.yaml"]
    units, columns = files["units.yaml"].units, files["columns.yaml"].columns
    assessment: models.AssessmentFile = files["assessment.yaml"]
    if mistakes := checks.mistakes(office, units, columns, assessment):
        raise SettingsError(mistakes)
    sections = {name: getattr(office, name) for name in models.OfficeFile.model_fields}
    return Settings(
        folder=folder,
        **sections,
        calendar=_calendar(files["calendar.yaml"], office.office.timezone),
        office_value=_office(office, units, columns, version),
        assessment=assessment,
        warnings=tuple(checks.warnings(office, units)),
    )


def _office(
    file: models.OfficeFile, units: tuple[models.UnitEntry, ...], columns: tuple[models.ColumnEntry, ...], version: str
) -> Office:
    return Office(
        name=file.office.name,
        address=file.office.address,
        phone=file.office.phone,
        timezone=file.office.timezone,
        units=tuple(unit.value() for unit in units),
        columns=tuple(column.value() for column in columns),
        editors=file.office.editors,
        own_phones=file.screening.own_phones,
        allow=file.screening.allow,
        trusted_host=file.mailbox.trusted_host,
        dkim_keys=tuple(file.mailbox.dkim_keys.items()),
        config_version=version,
    )


def _calendar(file: models.CalendarFile, timezone: str) -> Calendar:
    return Calendar(
        timezone=timezone,
        holidays=frozenset(file.holidays),
        workdays=frozenset(file.workdays),
        official_years=frozenset(file.official_years),
        roll_over=file.roll_over_holidays,
    )
