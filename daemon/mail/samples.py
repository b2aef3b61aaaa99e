"""Every letter with invented content, as the office's own config makes it: for previews and test letters.

What is invented stands beside the templates, in `KIND.sample.yaml.j2`: by the name of the case, the values that the
letter is rendered with. A kind is whatever has templates; a case of it needs no line of code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from typing import Any, get_args

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from daemon.mail.answers import AnswerLink, answer_links, case_links, column_links
from daemon.mail.letter import TEMPLATES, Envelope, Kind, LetterText, compose, new_message_id, render, said_day
from daemon.settings import Settings
from parsers.office import Office, Unit

_MARK = "【测试】"
_SAID = "这是一封测试信函，内容均为虚构，请勿据此办理，也不必回复。"


@dataclass(frozen=True)
class Sample:
    """One letter of a kind, in one of its cases."""

    kind: Kind
    name: str
    """The case, in Chinese."""
    letter: LetterText


def kinds() -> tuple[Kind, ...]:
    """Every kind that has templates, in the order of CONTRACT.md, section 6."""
    return tuple(kind for kind in get_args(Kind) if (TEMPLATES / f"{kind}.subject.j2").exists())


def samples(kind: Kind, settings: Settings, now: datetime) -> tuple[Sample, ...]:
    """The cases of a kind, as they would be written now."""
    local = now.astimezone(settings.office_value.zone)
    source = _environment().get_template(f"{kind}.sample.yaml.j2").render(_invented(settings, local))
    common = {"office": settings.office, "now": local, "today": local.date()}
    cases: dict[str, dict[str, Any]] = yaml.safe_load(source)
    return tuple(
        Sample(kind, name, render(kind, common | _linked(values, settings.office.address)))
        for name, values in cases.items()
    )


def marked(letter: LetterText) -> LetterText:
    """The letter as a test sends it: nobody can take it for a real one."""
    html = letter.html.replace("<h1", f'<p style="margin:0 0 12px;color:#b42318;font-size:14px;">{_SAID}</p>\n<h1', 1)
    return replace(letter, subject=_MARK + letter.subject, text=f"{_SAID}\n\n{letter.text}", html=html)


def composed(letter: LetterText, to: str, settings: Settings, now: datetime) -> bytes:
    """A test letter as SMTP takes it. ValueError where the address can't be written to."""
    envelope = Envelope(
        sender_name=settings.office.name,
        sender=settings.smtp.from_address,
        reply_to=settings.office.address,
        to=to,
        kind="test",
        message_id=new_message_id(now, 0, "test", settings.office.address),
    )
    return compose(letter, envelope, now)


def _linked(value: Any, office: str) -> Any:
    """`links` as the ready-made answers to what the same entry is about: a case, columns, or a draft."""
    if isinstance(value, list):
        return [_linked(one, office) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _linked(one, office) for key, one in value.items() if key != "links"}
    if "links" in value:
        inner["links"] = _links(value, office)
    return inner


def _links(value: dict[str, Any], office: str) -> tuple[AnswerLink, ...]:
    if "case" in value:
        return case_links(office, value["case"])
    if "columns" in value:
        return column_links(office)
    return answer_links(office, value.get("number") or value.get("receipt") or "", value.get("title"), value["links"])


def _invented(settings: Settings, local: datetime) -> Mapping[str, Any]:
    """What the files of cases can say: the office's first unit, its columns, days from today, receipt numbers."""
    unit = next(iter(settings.office_value.units), Unit("某某镇人民政府", "town"))
    today = local.date()

    def day(number: int) -> date:
        return today + timedelta(days=number)

    def at(number: int, clock: str) -> str:
        return datetime.combine(day(number), time.fromisoformat(clock), local.tzinfo).isoformat()

    return {
        "unit": unit.name, "liaison": unit.liaison_name or "王某某", "today": today, "day": day, "at": at,
        "last_month": today.replace(day=1) - timedelta(days=1), "said": lambda number: said_day(day(number)),
        "receipt": lambda number: f"{today.year}-{number:06}", "column": partial(_column, settings.office_value),
    }  # fmt: skip


def _column(office: Office, sort: str) -> str:
    """A column of this role, or one that owes something each `day`; any other where the office has none."""
    fits = (one.name for one in office.columns if sort in (one.role, *(quota.per for quota in one.quotas)))
    return next(fits, office.columns[0].name)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(  # noqa: S701 — it makes YAML, and every name of the config comes quoted
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined
    )
