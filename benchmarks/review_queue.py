"""How long the editors' lists, searches, reminders and tasks take on the server with 100,000 drafts.

Usage: python benchmarks/review_queue.py [--drafts 100000] [--url postgresql+psycopg://…]; without --url SQLite in /tmp.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert
from sqlalchemy.orm import Session

from daemon.desk import queue
from daemon.desk.accounts import Actor
from daemon.desk.call_sheet import call_sheet
from daemon.desk.queue import BY_KEY, Cursor, Filter
from daemon.desk.remind import preview
from daemon.desk.today import today
from daemon.rules.calendar import Calendar
from daemon.settings import Settings, load
from daemon.store import search
from daemon.store.open_findings import OpenFinding
from daemon.store.schema import Draft, Journal, Message
from daemon.store.unit_of_work import Store
from parsers.office import Unit

NOW = datetime(2026, 11, 20, 7, 10, tzinfo=UTC)
WHO = Actor(1, "王芳", "editor")
WORDS = (
    "森林防火", "秸秆禁烧", "志愿服务", "安全生产", "乡村振兴", "清洁取暖", "文物保护", "招聘公告", "土地征收",
    "环境整治", "公共文化", "政务服务", "项目建设", "农业技术", "医疗保障", "食品安全", "防汛抗旱", "交通管制",
    "教育教学", "人口普查",
)  # fmt: skip
OPEN = ["pending"] * 300 + ["in_review"] * 50 + ["approved"] * 40 + ["returned"] * 200 + ["rejected"] * 1000
FINDING = {
    "code": "pii.id_number",
    "severity": "block",
    "message": "正文含有身份证号。",
    "excerpt": "3703",
    "place": "",
}
AT_ONCE = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drafts", type=int, default=100_000)
    parser.add_argument("--url")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baosong-queue-") as name:
        url = arguments.url or f"sqlite:///{name}/test.sqlite3"
        with Store.open(url, Path(name)) as store:
            begin = time.perf_counter()
            fill(store, arguments.drafts)
            print(f"{arguments.drafts} drafts put in and indexed in {time.perf_counter() - begin:.0f} s")
            for what, ask in questions(arguments.drafts):
                measure(store, what, ask)


def questions(drafts: int) -> Iterator[tuple[str, Callable[[Session], object]]]:
    yield "counts", lambda session: queue.counts(session, WHO, NOW)
    for key in ("pending", "mine", "published", "all"):
        yield f"list {key}", partial(listed, key, Filter())
    middle = Cursor(NOW - timedelta(minutes=drafts // 2), drafts // 2)
    yield "list published, page in the middle", partial(listed, "published", Filter(), after=middle)
    for words in ("通知", "防火", "森林防火 招聘", "火", "2026-000123", "没有的词"):
        yield f"search all for {words}", partial(listed, "all", Filter(words=words))
        yield f"search pending for {words}", partial(listed, "pending", Filter(words=words))
    wanted = Filter(column="政务公告", unit="单位07")
    yield "published of a column and a unit", partial(listed, "published", wanted)
    for since in (date(2026, 10, 1), date(2024, 1, 1)):
        period = replace(Filter(), since=since, until=since + timedelta(days=31))
        yield f"all of the month from {since}", partial(listed, "all", period)
    yield "all with a finding", partial(listed, "all", Filter(finding="pii.id_number"))
    yield "all with a finding that none has", partial(listed, "all", Filter(finding="pii.bank_card"))
    office = of_hundred_units()
    for what, ask in (("reminders", preview), ("the sheet of calls", call_sheet)):
        yield what, partial(ask_timers, ask, office)
    yield "the day's tasks", lambda session: today(session, office, office.calendar, WHO, NOW)
    yield "a draft", lambda session: queue.draft_view(session, drafts // 2, WHO)


def of_hundred_units() -> Settings:
    """The shipped columns and limits for the units that the drafts are of, all of which have an address."""
    settings = load(Path(__file__).resolve().parent.parent / "config")
    units = tuple(Unit(f"单位{n:02d}", "department", notify=(f"u{n}@unit.example.cn",)) for n in range(100))
    return replace(settings, office_value=replace(settings.office_value, units=units))


def ask_timers(
    ask: Callable[[Session, Settings, Calendar, datetime], object], office: Settings, session: Session
) -> object:
    return ask(session, office, office.calendar, NOW)


def listed(key: str, wanted: Filter, session: Session, after: Cursor | None = None) -> object:
    return queue.page(session, BY_KEY[key], WHO, NOW, wanted, after)


def measure(store: Store, what: str, ask: Callable[[Session], object]) -> None:
    """CPU time of this process beside the clock, since others may use the machine; the best of five."""
    spans = []
    for _ in range(5):
        with store.read() as session:
            begin = time.perf_counter(), time.process_time()
            ask(session)
            spans.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    wall, cpu = min(spans)
    print(f"{what}: {1000 * wall:.1f} ms ({1000 * cpu:.1f} ms of CPU)")


def fill(store: Store, drafts: int) -> None:
    rows = made(drafts)
    while part := list(islice(rows, AT_ONCE)):
        with store.write() as session:
            session.execute(insert(Message), [message(row) for row in part])
            session.execute(insert(Draft), part)
            session.execute(insert(Journal), [journal(row) for row in part])
            if found := [one for row in part for one in open_findings(row)]:
                session.execute(insert(OpenFinding), found)
            texts = {row["id"]: f"{row['title']}\n{row['receipt']}\n{row['body_text']}" for row in part}
            search.put_texts(session, texts)
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def made(drafts: int) -> Iterator[dict[str, Any]]:
    """About as long as notices are, over three years, the open ones the newest."""
    chosen = random.Random(7)
    for number in range(1, drafts + 1):
        topics = chosen.sample(WORDS, 3)
        kind = chosen.choice(("通知", "公告", "活动", "会议"))
        text = "".join(f"关于做好{topic}工作的{kind}，各单位要高度重视，认真组织实施。" for topic in topics * 4)
        at = NOW - timedelta(minutes=15 * (drafts - number))
        newest = drafts - number
        yield {
            "id": number, "message_row": number, "ordinal": 1, "receipt": f"2026-{number:06d}",
            "state": OPEN[newest] if newest < len(OPEN) else "published", "title": f"关于{topics[0]}的{kind}",
            "column": chosen.choice(("政务公告", "政府公文", "部门动态")), "unit": f"单位{chosen.randrange(100):02d}",
            "assignee": WHO.name if newest % 7 == 0 else None, "body_html": f"<p>{text}</p>", "body_text": text,
            "findings": [FINDING] if number % 50 == 0 else [], "received_at": at, "received_on": at.date(),
            "published_at": at if newest >= len(OPEN) else None, "desk_due_at": at + timedelta(days=1),
            "created_at": at, "updated_at": at,
        }  # fmt: skip


def message(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"], "sha256": f"{row['id']:064x}", "size": 9, "stored_at": NOW, "source": "imap",
        "state": "parsed", "kind": "submission",
    }  # fmt: skip


def open_findings(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"code": finding["code"], "draft": row["id"]} for finding in row["findings"]]


def journal(row: dict[str, Any]) -> dict[str, Any]:
    return {"at": NOW, "who": "系统", "action": "receive", "draft": row["id"]}


if __name__ == "__main__":
    main()
