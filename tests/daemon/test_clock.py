from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon import clock

HOME = Path(__file__).resolve().parents[2]
READS_THE_CLOCK = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(|time_ns\(")


def test_now_is_aware_and_in_the_zone_asked_for() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    moment = clock.now(zone)
    assert moment.tzinfo is zone
    assert moment.utcoffset() is not None


def test_nothing_else_reads_the_wall_clock() -> None:
    modules = [path for top in ("daemon", "parsers") for path in (HOME / top).rglob("*.py")]
    readers = {path.relative_to(HOME).as_posix() for path in modules if READS_THE_CLOCK.search(path.read_text("utf-8"))}
    assert readers == {"daemon/clock.py"}
