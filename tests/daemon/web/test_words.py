"""Times as people say them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from daemon.web import words
from tests.samples import NOW, ZONE


@pytest.mark.parametrize(
    ("hours", "text", "tone"),
    [
        (0.01, "还剩 1 分钟", "soon"),
        (0.75, "还剩 45 分钟", "soon"),
        (5, "还剩 5 小时", "soon"),
        (24, "还剩 24 小时", "soon"),
        (47, "还剩 47 小时", ""),
        (72, "还剩 3 天", ""),
        (0, "逾期 1 分钟", "late"),
        (-3, "逾期 3 小时", "late"),
        (-60, "逾期 2 天", "late"),
    ],
)
def test_the_time_left_has_a_word_and_a_tone(hours: float, text: str, tone: str) -> None:
    assert words.left(NOW + timedelta(hours=hours), NOW) == words.Left(text, tone)


@pytest.mark.parametrize(
    ("hours", "text"), [(1, "14:10"), (20, "昨天 19:10"), (60, "11-18 03:10"), (24 * 400, "2025-10-16")]
)
def test_a_moment_is_said_shortly(hours: float, text: str) -> None:
    assert words.short(NOW - timedelta(hours=hours), NOW, ZONE) == text


def test_midnight_ends_the_day_before() -> None:
    midnight = NOW.replace(hour=0, minute=0)
    assert words.deadline(midnight, ZONE) == "2026年11月19日 24:00 前"
    assert words.deadline(NOW, ZONE) == "2026年11月20日 15:10 前"


@pytest.mark.parametrize(
    ("count", "text"), [(7, "7 字节"), (10240, "10 KB"), (1468006, "1.4 MB"), (72 * 2**30, "72.0 GB")]
)
def test_sizes_are_said_roundly(count: int, text: str) -> None:
    assert words.size(count) == text
