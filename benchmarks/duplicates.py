"""How long it takes to find out that a draft has come before, with 100,000 drafts in the database.

Usage: python benchmarks/duplicates.py [--drafts 100000] [--url postgresql+psycopg://…]; without --url SQLite in /tmp.

A third of the drafts are daily posts of one wording with other figures: the hardest case, since all of them share
fingerprints with a new one.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert
from sqlalchemy.orm import Session

from daemon.desk.duplicates import Arrival, find_repeat, text_key, title_key
from daemon.store import likeness
from daemon.store.likeness import Fingerprint
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from parsers.likeness import fingerprint

NOW = datetime(2026, 11, 20, 7, 10, tzinfo=UTC)
WORDS = (
    "森林防火", "秸秆禁烧", "志愿服务", "安全生产", "乡村振兴", "清洁取暖", "文物保护", "土地征收", "环境整治",
    "公共文化", "政务服务", "项目建设", "农业技术", "医疗保障", "食品安全", "防汛抗旱", "组织干部群众", "走村入户",
    "压实责任", "稳步推进",
)  # fmt: skip
DAILY = (
    "今日全镇空气质量监测结果如下：PM2.5为{}，PM10为{}，臭氧为{}，二氧化氮为{}，"
    "空气质量总体保持稳定，请广大居民合理安排出行。"
)
AT_ONCE = 2000
ASKED = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drafts", type=int, default=100_000)
    parser.add_argument("--url")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baosong-likeness-") as name:
        url = arguments.url or f"sqlite:///{name}/test.sqlite3"
        with Store.open(url, Path(name)) as store:
            begin = time.perf_counter()
            for first in range(1, arguments.drafts + 1, AT_ONCE):
                fill(store, range(first, min(first + AT_ONCE, arguments.drafts + 1)))
            print(f"{arguments.drafts} drafts with fingerprints put in in {time.perf_counter() - begin:.0f} s")
            chosen = random.Random(7)
            again = [text(chosen.randrange(1, arguments.drafts)).replace("，", "、", 3) for _ in range(ASKED)]
            ask(store, "nearly the same again", again)
            ask(store, "something new", [text(at) for at in range(200_000_002, 200_000_002 + 3 * ASKED, 3)])
            ask(
                store, "another of the daily posts", [text(at) for at in range(300_000_000, 300_000_000 + 3 * ASKED, 3)]
            )


def text(number: int) -> str:
    chosen = random.Random(number)
    if number % 3 == 0:
        return DAILY.format(*(chosen.randint(1, 300) for _ in range(4)))
    return "，".join(chosen.choice(WORDS) for _ in range(100))


def fill(store: Store, numbers: range) -> None:
    texts = {number: text(number) for number in numbers}
    keys = [{"draft": number, "key": key} for number in numbers for key in set(fingerprint(texts[number]))]
    with store.write() as session:
        session.execute(insert(Draft), [row(number, texts[number]) for number in numbers])
        session.execute(insert(Fingerprint), keys)


def row(number: int, words: str) -> dict[str, Any]:
    return {
        "id": number, "ordinal": number, "receipt": f"2026-{number:06d}", "state": "published",
        "unit": f"镇{number % 20}", "title": words[:9], "title_key": title_key(words[:9]),
        "text_key": text_key(words), "body_html": "", "body_text": words, "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip


def ask(store: Store, what: str, texts: list[str]) -> None:
    with store.write() as session:
        taken = sorted(one(session, words) for words in texts)
    found = sum(bool(repeat) for _, repeat in taken)
    times = [1000 * seconds for seconds, _ in taken]
    print(
        f"{what}: {found} of {len(texts)} found; median {statistics.median(times):.1f} ms, "
        f"95 % {times[int(0.95 * len(times))]:.1f} ms, slowest {times[-1]:.1f} ms"
    )


def one(session: Session, words: str) -> tuple[float, bool]:
    """What intake does for one draft, the look into the whole batch's fingerprints included."""
    keys = fingerprint(words)
    values = row(0, words) | {"document_number": None, "issued_on": None, "unit": "镇1"}
    begin = time.perf_counter()
    known = likeness.known(session, keys)
    repeat = find_repeat(session, Arrival(values, keys, frozenset(), None, None)) if known else None
    return time.perf_counter() - begin, repeat is not None


if __name__ == "__main__":
    main()
