"""The timers through 2026: every letter against a count written straight from the notice (article numbers beside it).

The units and their habits are those of `year.py`, a town and a department of each; the days off are its list, and
nothing of `daemon.rules` is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select, update

from daemon.desk import review
from daemon.desk.accounts import Actor
from daemon.desk.bulletins import draft_bulletins
from daemon.desk.frozen import report_of
from daemon.desk.hand import Hand
from daemon.desk.statements import send_statements
from daemon.desk.tick import tick
from daemon.settings import Settings, load
from daemon.store.assessments import FrozenAssessment
from daemon.store.schema import Draft, Journal, Letter, ReceiptNumber, TimerRun
from daemon.store.unit_of_work import Store
from parsers.office import Unit
from tests.daemon.desk.test_assess import figures, row
from tests.daemon.desk.year import (
    DEPARTMENT_NEWS,
    FIRST,
    HABITS,
    LAST,
    READINGS,
    RULES,
    TOWN_NEWS,
    ZONE,
    Item,
    is_off,
    units,
    year,
)
from tests.daemon.desk.year import counted as hand_count
from tests.samples import HOME

DAY = timedelta(days=1)
HOUR = time(9, 30)
DOWN = [date(2026, 11, 2) + n * DAY for n in range(5)]
"""Monday to Friday: the daemon does not run."""
NEW_YEAR = date(2027, 1, 4)
"""A Monday, the first working day after the year; the three working days to object end on Thursday."""
FIXED = 4
"""Fixed columns that towns and departments have, each to be confirmed every three months."""


@dataclass(frozen=True)
class Told:
    """One letter's content: the things that it names, the days of a daily quota, what a month lacks."""

    things: frozenset[str]
    days: str | None
    lacking: tuple[int, ...]


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The notice as the shipped config has it, for the simulated units, who all have an address and a leader."""
    shipped = load(HOME / "config")
    mailbox = shipped.mailbox.model_copy(update={"start": FIRST})
    people = tuple(
        replace(unit, notify=(f"u{n}@unit.example.cn",), escalate_to=(f"l{n}@unit.example.cn",))
        for n, unit in enumerate(_UNITS)
    )
    return replace(
        shipped,
        mailbox=mailbox,
        office_value=replace(shipped.office_value, units=people),
        reminders=shipped.reminders.model_copy(update={"hold": False}),
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Store]:
    """The store after the year: mail came day by day, and every timer was run twice each day on which it ran."""
    folder = tmp_path_factory.mktemp("reminded")
    with Store.open(f"sqlite:///{folder}/year.sqlite3", folder) as store:
        with store.write() as session:
            session.add(ReceiptNumber(year=2026, last=900_000))  # the items bring their own
        for n in range((LAST - FIRST).days + 1):
            _live(store, settings, FIRST + n * DAY)
        _assess(store, settings)
        yield store


def _live(store: Store, settings: Settings, day: date) -> None:
    now = datetime.combine(day, HOUR, ZONE)
    with store.write() as session:
        if arrived := _BY_DAY[day]:
            session.execute(insert(Draft), [row(item, settings) | {"published_at": None} for item in arrived])
        out = [item.receipt for item in _ITEMS if item.published == day]
        session.execute(update(Draft).where(Draft.receipt.in_(out)).values(published_at=now - timedelta(hours=1)))
    if day in DOWN:
        return
    tick(store, settings, settings.calendar, now)
    assert tick(store, settings, settings.calendar, now + timedelta(minutes=1)) == []
    with store.write() as session:
        session.execute(update(Letter).where(Letter.state == "waiting").values(state="sent", sent_at=now))


def _assess(store: Store, settings: Settings) -> None:
    """The new year's first days, of the assessment's timers alone: nothing is sent in any more."""
    with store.write() as session:
        session.execute(insert(Draft), [row(item, settings) | {"published_at": None} for item in _BY_DAY[LAST + DAY]])
        # What came at night and was published the same day, which the morning's pass could not say.
        for item in _ITEMS:
            if item.published == item.day and item.received.time() >= HOUR:
                at = datetime.combine(item.published, time(12), ZONE)
                session.execute(update(Draft).where(Draft.receipt == item.receipt).values(published_at=at))
    for days in (0, 3, 4):
        now = datetime.combine(NEW_YEAR + days * DAY, HOUR, ZONE)
        send_statements(store, settings, settings.calendar, now)
        draft_bulletins(store, settings, settings.calendar, now)


_UNITS = tuple(unit for unit in units() if int(unit.name[1:3]) < len(HABITS))
_ITEMS = [item for item in year() if item.unit in _UNITS]
_BY_DAY: defaultdict[date, list[Item]] = defaultdict(list)
for _item in _ITEMS:
    # What comes after the timers' hour is there for those of the next day.
    _BY_DAY[_item.day + (DAY if _item.received.time() >= HOUR else timedelta())].append(_item)


# --- the count


def working_days() -> list[date]:
    return [day for n in range(365) if not is_off(day := FIRST + n * DAY) and day not in DOWN]


def rolled(day: date) -> date:
    while is_off(day):
        day += DAY
    return day


def earlier_working_day(day: date, count: int = 1) -> date:
    for _ in range(count):
        day -= DAY
        while is_off(day):
            day -= DAY
    return day


def expected(unit: Unit, items: list[Item], day: date) -> Told | None:
    """What the letter of this day has to say; None: there is none."""
    if not (unit.since or FIRST) <= day <= (unit.until or LAST):
        return None
    here = [item for item in items if item.received < datetime.combine(day, HOUR, ZONE) and item.counts]
    things = {*_documents(here, day), *_silence(unit, here, day)}
    lacking = _month(unit, here, day)
    if lacking:
        things.add(f"month:{news_of(unit)}:{next_month(day)}")
    days = _days(unit, here, day)
    return Told(frozenset(things), days, tuple(lacking)) if things or days else None


def news_of(unit: Unit) -> str:
    return TOWN_NEWS if unit.kind == "town" else DEPARTMENT_NEWS


def next_month(day: date) -> date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1)


def _documents(here: list[Item], day: date) -> Iterator[str]:
    """Article 三: three days from issue, named from the last of them on; article 5: rules need an interpretation."""
    readings = " ".join(item.title for item in here if item.column == READINGS)
    for item in here:
        is_time = item.issued is None or day >= rolled(item.issued + 3 * DAY)
        if item.state == "returned":
            if item.issued and is_time:
                yield f"resend:{item.receipt}"
        elif item.column == RULES and is_time and item.title[item.title.index("第") : -3] not in readings:
            yield f"interpretation:{item.receipt}"


def _good_news(unit: Unit, here: list[Item]) -> list[Item]:
    return [item for item in here if item.column == news_of(unit) and item.state != "returned"]


def _silence(unit: Unit, here: list[Item], day: date) -> Iterator[str]:
    """Articles 3 and 4, 不能缺失: three days without news of a town, fourteen of a department."""
    last = max((item.day for item in _good_news(unit, here)), default=None)
    begin = max(unit.since or FIRST, last or FIRST)
    if day > rolled(begin + (3 if unit.kind == "town" else 14) * DAY):
        yield f"stale:{news_of(unit)}:{last}"


def _owes_month(unit: Unit, day: date) -> bool:
    first, after = day.replace(day=1), next_month(day)
    return (unit.since or FIRST) <= first and (unit.until is None or unit.until >= after - DAY)


def _days(unit: Unit, here: list[Item], day: date) -> str | None:
    """Article 3, at least one each day: named on the next working day."""
    if unit.kind != "town":
        return None
    covered = {item.day for item in _good_news(unit, here)}
    since = earlier_working_day(day)
    gone = [since + n * DAY for n in range((day - since).days)]
    empty = [one for one in gone if one >= FIRST and one not in covered and _owes_month(unit, one)]
    months = [[one for one in empty if one.month == month] for month in dict.fromkeys(one.month for one in empty)]
    return "；".join(_said(days) for days in months) or None


def _said(days: list[date]) -> str:
    named = "、".join(f"{one.month}月{one.day}日" for one in days[-7:])
    return f"{named}{f'等{len(days)}天' if len(days) > 7 else ''}不足，共缺{len(days)}条"


def _month(unit: Unit, here: list[Item], day: date) -> list[int]:
    """Articles 3 and 4: thirty sent in, or fifteen published, a month; named on its last five working days."""
    end = next_month(day)
    if not _owes_month(unit, day) or day < earlier_working_day(end, 5):
        return []
    news = _good_news(unit, here)
    if unit.kind == "town":
        lacking = 30 - sum(item.day >= day.replace(day=1) for item in news)
    else:
        out = [item for item in news if item.published and item.published <= day]
        lacking = 15 - sum(item.published >= day.replace(day=1) for item in out if item.published)
        lacking -= len(news) - len(out)
    return [lacking] if lacking > 0 else []


@pytest.fixture(scope="module")
def counted(settings: Settings) -> dict[str, Told]:
    """Every reminder of the year, by the key of its letter."""
    of_unit = defaultdict(list)
    for item in _ITEMS:
        of_unit[item.unit.name].append(item)
    told = {
        f"reminder:{unit.name}:{day}": expected(unit, of_unit[unit.name], day)
        for unit in settings.office_value.units
        for day in working_days()
    }
    return {key: one for key, one in told.items() if one}


# --- what was written


def _written(store: Store) -> dict[str, Told]:
    query = select(Letter.key, Letter.text, Journal.after).join(Journal, Journal.letter == Letter.id)
    with store.read() as session:
        rows = session.execute(query.where(Letter.kind == "reminder", Journal.action == "reminder.named")).all()
    return {key: Told(frozenset(after["things"]), _days_of(text), _lacking_of(text)) for key, text, after in rows}


def _days_of(text: str) -> str | None:
    return "；".join(re.findall(r"每日应报送不少于1条；(.+?条)。", text)) or None


def _lacking_of(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"尚缺(\d+)条", text))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_reminder_of_the_year_agrees_with_the_count(lived: Store, counted: dict[str, Told]) -> None:
    written = _written(lived)
    assert len(counted) > 1500
    assert len({thing.split(":")[0] for told in counted.values() for thing in told.things}) == 4
    assert written.keys() == counted.keys()
    assert {key: one for key, one in written.items() if one != counted[key]} == {}


@pytest.mark.slow
def test_every_letter_to_a_leader_agrees_with_the_count(
    lived: Store, settings: Settings, counted: dict[str, Told]
) -> None:
    expected: dict[str, set[str]] = {}
    for unit in settings.office_value.units:
        told: set[str] = set()
        sent: list[frozenset[str]] = []
        for day in working_days():
            letter = counted.get(f"reminder:{unit.name}:{day}")
            if letter is None:
                continue
            stubborn = set.intersection(*map(set, [letter.things, *sent[-3:]])) - told if len(sent) >= 3 else set()
            if stubborn:
                expected[f"escalation:{unit.name}:{day}"] = stubborn
            told |= stubborn
            sent.append(letter.things)
    query = select(Letter.key, Journal.after).join(Journal, Journal.letter == Letter.id)
    with lived.read() as session:
        rows = session.execute(query.where(Journal.action == "escalation.named")).all()
    assert len(expected) > 100
    assert {key: set(after["things"]) for key, after in rows} == expected


@pytest.mark.slow
def test_every_question_about_fixed_columns_agrees_with_the_count(lived: Store, settings: Settings) -> None:
    expected = set()
    for unit in settings.office_value.units:
        last, end = unit.since or FIRST, unit.until or LAST
        while (day := _asked_after(last)) <= end:
            expected.add(f"confirmation:{unit.name}:{day}")
            last = day
    with lived.read() as session:
        rows = session.execute(select(Letter.key, Letter.text).where(Letter.kind == "confirmation_request")).all()
    assert {key for key, _ in rows} == expected
    assert all(f"{FIXED}个固定栏目" in text for _, text in rows)


def _asked_after(last: date) -> date:
    """Three months on, moved to a working day, are over with that day's end; asked on the next working day."""
    months = date(last.year + (last.month + 2) // 12, (last.month + 2) % 12 + 1, min(last.day, 28))
    day = rolled(rolled(months + (last.day - months.day) * DAY) + DAY)
    while day in DOWN:
        day = rolled(day + DAY)
    return day


@pytest.mark.slow
def test_after_five_days_without_the_daemon_each_unit_gets_one_letter(lived: Store) -> None:
    monday = DOWN[-1] + 3 * DAY
    with lived.read() as session:
        runs = {run.day: run.outcome for run in session.scalars(select(TimerRun).where(TimerRun.timer == "reminders"))}
        letters = session.execute(select(Letter.unit, Letter.key).where(Letter.kind == "reminder")).all()
    of_days = [unit for unit, key in letters if DOWN[0] <= date.fromisoformat(key[-10:]) <= monday]
    assert of_days
    assert len(of_days) == len(set(of_days))
    assert {runs[day] for day in DOWN} == {"missed"}
    assert {day for day, outcome in runs.items() if outcome == "done"} == set(working_days())


def _month_ends() -> list[tuple[date, date]]:
    """First and last day of each month of the year."""
    firsts = [date(2026, month, 1) for month in range(1, 13)]
    return [(first, next_month(first) - DAY) for first in firsts]


def _items_of(unit: Unit) -> list[Item]:
    return [item for item in _ITEMS if item.unit.name == unit.name]


@pytest.mark.slow
def test_every_statement_of_the_year_agrees_with_the_count(lived: Store, settings: Settings) -> None:
    """Each month's on its first working day after it, once a unit that was on duty."""
    expected = {}
    for first, last in _month_ends():
        for unit in settings.office_value.units:
            if (count := hand_count(unit, _items_of(unit), first, last)) is not None:
                told = [f"按时：{count.on_time}件", f"逾期：{count.late}件", f"未认定：{count.unknown}件"]
                expected[f"statement:{unit.name}:{first:%Y-%m}"] = (_statement_day(last), told)
    with lived.read() as session:
        query = select(Letter.key, Letter.created_at, Letter.text).where(Letter.kind == "statement")
        written = {key: (at.astimezone(ZONE).date(), text) for key, at, text in session.execute(query)}
    assert written.keys() == expected.keys()
    assert len(expected) > 200
    for key, (day, told) in expected.items():
        assert written[key][0] == day, key
        assert [words for words in told if words not in written[key][1]] == [], key


def _statement_day(last: date) -> date:
    day = rolled(last + DAY)
    return rolled(DOWN[-1] + DAY) if day in DOWN else day


@pytest.mark.slow
@pytest.mark.parametrize("period", ["2026-12", "2026-H2", "2026"])
def test_december_half_year_and_year_are_frozen_as_the_count_has_them(
    lived: Store, settings: Settings, period: str
) -> None:
    afterwards = datetime.combine(NEW_YEAR + 5 * DAY, HOUR, ZONE)
    with lived.write() as session:
        bulletin = session.scalars(select(FrozenAssessment).where(FrozenAssessment.period == period)).one()
        assert bulletin.at.astimezone(ZONE).date() == NEW_YEAR + 4 * DAY
        draft = session.get_one(Draft, bulletin.draft)
        for name, step in (("王芳", review.take), ("王芳", review.sign), ("张主编", review.sign)):
            step(session, Hand(draft.id, draft.version, Actor(1, name, "chief"), afterwards, settings))
    # An edit of all quotas, later: what is frozen knows nothing of it.
    nothing = tuple(replace(column, quotas=()) for column in settings.office_value.columns)
    edited = replace(settings, office_value=replace(settings.office_value, columns=nothing))
    found = report_of(lived, edited, edited.calendar, period, afterwards)
    assert found.frozen == afterwards
    counts = {unit.name: hand_count(unit, _items_of(unit), found.period.first, found.period.last) for unit in _UNITS}
    assert {one.unit.name: figures(one) for one in found.units} == {name: one for name, one in counts.items() if one}
