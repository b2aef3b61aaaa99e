"""The assessment from draft to amendment, on each of the databases."""

from __future__ import annotations

from daemon.desk.bulletins import amend
from daemon.desk.tick import tick
from daemon.settings import Settings
from daemon.store.schema import Letter
from daemon.store.unit_of_work import Store
from tests.daemon.desk import test_bulletins as cycle
from tests.daemon.desk.office import rows

settings, ran, drafted = cycle.settings, cycle.ran, cycle.drafted


def test_it_is_drafted_frozen_told_and_amended(drafted: Store, settings: Settings) -> None:
    cycle.approve(drafted, settings)
    cycle.publish(drafted, settings)
    before = cycle.figures(drafted, settings)
    tick(drafted, settings, settings.calendar, cycle.MONDAY)
    cycle.correct_the_date(drafted)
    assert cycle.figures(drafted, settings) == before
    amend(cycle.desk(drafted, settings), "2026-11", "成文日期有误", cycle.CHIEF)
    assert cycle.standing(drafted) == [("2026-11", 0, "frozen"), ("2026-11", 1, "drafted")]
    kinds = {letter.kind for letter in rows(drafted, Letter)}
    assert kinds >= {"statement", "bulletin"}
