"""How long the assessment of a month and of a year takes, with 100 units and 100,000 drafts of one year in SQLite.

Usage: python benchmarks/assess.py [--drafts 100000] [--units 100]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert

from daemon.desk.assess import assess
from daemon.settings import Settings, load
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from parsers.office import Office, Unit

YEAR = 2026
NOW = datetime(2027, 1, 4, 1, 0, tzinfo=UTC)
BODY = "　　近日，镇政府组织志愿者开展志愿服务活动，受到群众欢迎。" * 40
"""About as long as a short notice: rows are read past their texts."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drafts", type=int, default=100_000)
    parser.add_argument("--units", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baosong-assess-") as name:
        folder = Path(name)
        settings = _settings(arguments.units)
        with Store.open(f"sqlite:///{folder}/test.sqlite3", folder) as store:
            _fill(store, _rows(settings, arguments.drafts))
            for period in (f"{YEAR}-11", f"{YEAR}-H2", f"{YEAR}"):
                _measure(store, settings, period)


def _measure(store: Store, settings: Settings, period: str) -> None:
    """CPU time beside the clock, since others may use the machine; the best of five."""
    spans: list[tuple[float, float]] = []
    for _ in range(5):
        begin = time.perf_counter(), time.process_time()
        report = assess(store, settings, settings.calendar, period, NOW)
        spans.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    drafts = sum(len(unit.evidence) for unit in report.units)
    wall, cpu = min(spans)
    print(f"{period}: {len(report.units)} units, {drafts} drafts, {1000 * wall:.0f} ms ({1000 * cpu:.0f} ms of CPU)")


def _settings(count: int) -> Settings:
    """The shipped columns, and so many towns and departments."""
    settings = load(Path(__file__).resolve().parent.parent / "config")
    units = tuple(Unit(f"第{n}单位", "town" if n % 2 else "department") for n in range(count))
    mailbox = settings.mailbox.model_copy(update={"start": date(YEAR, 1, 1)})
    return replace(settings, mailbox=mailbox, office_value=replace(settings.office_value, units=units))


def _rows(settings: Settings, count: int) -> Iterator[dict[str, Any]]:
    office = settings.office_value
    columns = {kind: _columns(office, kind) for kind in ("town", "department")}
    for number in range(count):
        unit = office.units[number % len(office.units)]
        names = columns[unit.kind]
        received = datetime(YEAR, 1, 1, 1, tzinfo=UTC) + number * timedelta(days=365) / count
        yield {
            "ordinal": 0,
            "receipt": f"{YEAR}-{number + 1:06}",
            "state": "published",
            "unit": unit.name,
            "column": names[number // len(office.units) % len(names)],
            "title": f"{unit.name}关于第{number}项工作的通知",
            "body_html": BODY,
            "body_text": BODY,
            "received_at": received,
            "received_on": received.date(),
            "published_at": received + timedelta(hours=4),
            "timeliness": "late" if number % 9 == 0 else "on_time",
            "due_certain": True,
            "created_at": received,
            "updated_at": received,
        }


def _columns(office: Office, kind: str) -> list[str]:
    """Fifty columns to file in by turns, as in life: mostly news, one rule, one interpretation."""
    own = [column for column in office.columns if column.kinds is None or kind in column.kinds]
    news = next(column.name for column in own if column.role == "dynamic")
    rare = [column.name for column in own if column.role in ("law", "interpretation")]
    other = [column.name for column in own if column.role not in ("dynamic", "law", "interpretation", "qa")]
    return [*(name for pair in zip([news] * 24, other * 3, strict=False) for name in pair), *rare]


def _fill(store: Store, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, 5000)):
        with store.write() as session:
            session.execute(insert(Draft), batch)


if __name__ == "__main__":
    main()
