"""What stands on the portal and has ended is told: the unit on the last day, once, and the editors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from daemon.desk import review
from daemon.desk.ends import ended
from daemon.desk.expire import BY_PHONE, expire
from daemon.desk.export import export
from daemon.desk.tick import tick
from daemon.store.schema import Draft, Journal, Letter
from tests.samples import NOW, ZONE, Desk, found_draft, open_store, settings_of, submission

TOWN, ADDRESS = "唐山镇人民政府", "tszxxy@163.com"
PERIOD = "公示期：2026年11月20日至2026年11月26日。"
DAY = timedelta(days=1)
LAST = datetime(2026, 11, 26, 9, tzinfo=ZONE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_store(tmp_path) as store:
        desk = Desk(store, settings_of(tmp_path))
        desk.add_people()
        yield desk


def publish(desk: Desk, title: str, body: str, column: str = "政务公告", unit: str | None = TOWN, **values: Any) -> int:
    """A draft that came in, passed review and went up today."""
    found = found_draft(title, column, body_html=body, document_number=values.pop("number", None), **values)
    mail = submission(unit, ADDRESS, title, NOW - DAY, found)
    draft = desk.draft_of(desk.receive(title.encode(), mail)).id
    for step in (review.take, review.sign):
        desk.do(draft, step)
    export(desk.store, desk.hand(draft))
    desk.do(draft, review.confirm, NOW, "https://www.example.cn/1.html")
    return draft


def on(desk: Desk, at: datetime, dry_run: bool = False) -> list[str]:
    return expire(desk.store, desk.settings, desk.settings.calendar, at, dry_run)


def written(desk: Desk) -> list[Letter]:
    with desk.store.read() as session:
        return list(session.scalars(select(Letter).where(Letter.kind == "expiry").order_by(Letter.id)))


def tasks(desk: Desk, draft: int) -> list[str]:
    with desk.store.read() as session:
        rows = select(Journal.note).where(Journal.draft == draft, Journal.action == "expiry.due")
        return list(session.scalars(rows.order_by(Journal.id)))


def test_on_the_last_day_the_unit_gets_a_letter_and_the_editors_a_task(desk: Desk) -> None:
    draft = publish(desk, "唐山镇拟新增低保对象公示", PERIOD)
    assert on(desk, LAST - DAY) == []
    assert on(desk, LAST) == [f"到期：{TOWN} → {ADDRESS}：2026-000001公示期"]
    (letter,) = written(desk)
    assert (letter.key, letter.to, letter.state) == (f"expiry:{TOWN}:2026-11-26", ADDRESS, "waiting")
    for words in ("《唐山镇拟新增低保对象公示》（回执编号：2026-000001）", "公示期至2026年11月26日（原文：公示期"):
        assert words in letter.text
        assert words in letter.html
    (task,) = tasks(desk, draft)
    assert "撤下或变更" in task


def test_nothing_is_told_twice_and_nothing_before_its_hour(desk: Desk) -> None:
    publish(desk, "公示", PERIOD)
    assert on(desk, LAST - timedelta(seconds=1)) == []
    told = on(desk, LAST, dry_run=True)
    assert written(desk) == []
    assert on(desk, LAST) == told
    for later in (LAST, LAST + timedelta(hours=9), LAST - DAY, LAST + DAY, LAST + 9 * DAY):
        assert on(desk, later) == []
    assert len(written(desk)) == 1


def test_after_days_without_the_daemon_one_letter_a_unit_makes_it_good(desk: Desk) -> None:
    publish(desk, "公示甲", PERIOD)
    publish(desk, "公示乙", "公示期：2026年11月20日至2026年11月28日。")
    (line,) = on(desk, LAST + 5 * DAY)
    assert "2026-000001公示期、2026-000002公示期" in line
    assert [letter.key for letter in written(desk)] == [f"expiry:{TOWN}:2026-12-01"]


def test_it_is_told_on_a_day_off_too(desk: Desk) -> None:
    publish(desk, "报名公告", "报名截止时间：2026年11月29日17:00")
    assert len(on(desk, datetime(2026, 11, 29, 9, tzinfo=ZONE))) == 1


@pytest.mark.parametrize("leave", [review.withdraw, review.correct])
def test_what_no_longer_stands_there_is_not_told(desk: Desk, leave: Callable[..., Draft]) -> None:
    draft = publish(desk, "公示", PERIOD)
    on(desk, LAST - 2 * DAY)
    desk.do(draft, leave, "内容有误", name="张主编")
    assert on(desk, LAST) == []
    with desk.store.read() as session:
        assert ended(session, date(2026, 12, 1)) == []


def test_a_corrected_text_s_own_end_counts(desk: Desk) -> None:
    draft = publish(desk, "公示", PERIOD)
    on(desk, LAST - 2 * DAY)
    with desk.store.write() as session:
        session.get_one(Draft, draft).body_text = "公示期：2026年11月20日至2026年11月30日。"
        session.add(Journal(at=NOW, who="王芳", action="confirm", draft=draft))
    assert on(desk, LAST) == []
    assert len(on(desk, LAST + 4 * DAY)) == 1


def test_an_end_that_a_corrected_text_has_no_longer_is_forgotten(desk: Desk) -> None:
    draft = publish(desk, "公示", PERIOD)
    on(desk, LAST - 2 * DAY)
    with desk.store.write() as session:
        session.get_one(Draft, draft).body_text = "公示已结束。"
        session.add(Journal(at=NOW, who="王芳", action="confirm", draft=draft))
    assert on(desk, LAST) == []


def test_a_document_stays_as_a_record_when_its_dates_are_past(desk: Desk) -> None:
    body = "请于2026年11月25日前将报名表报县教体局。"
    publish(desk, "关于举办运动会的通知", body, column="政府公文")
    publish(desk, "关于举办运动会的公告", body)
    (line,) = on(desk, LAST)
    assert line.endswith("2026-000002截止日期")


def test_a_later_text_that_repeals_an_earlier_one_is_told_for_the_earlier_one(desk: Desk) -> None:
    by_number = publish(desk, "供水办法", "第一条", number="唐政发〔2020〕3号")
    by_name = publish(desk, "唐山镇人民政府关于印发《唐山镇道路养护办法》的通知", "第一条")
    untouched = publish(desk, "唐山镇绿化办法", "第一条")
    body = "本办法自2026年12月1日起施行，唐政发〔2020〕3号和《唐山镇道路养护办法》同时废止。"
    publish(desk, "唐山镇市政办法", body)
    assert on(desk, datetime(2026, 11, 30, 9, tzinfo=ZONE)) == []
    (line,) = on(desk, datetime(2026, 12, 1, 9, tzinfo=ZONE))
    assert "2026-000001废止、2026-000002废止" in line
    assert "自2026年12月1日起由《唐山镇市政办法》废止或代替。" in written(desk)[0].text
    assert [len(tasks(desk, draft)) for draft in (by_number, by_name, untouched)] == [1, 1, 0]


def test_another_unit_s_text_repeals_by_number_alone(desk: Desk) -> None:
    publish(desk, "唐山镇道路养护办法", "第一条", number="唐政发〔2020〕3号")
    publish(desk, "果里镇办法", "《唐山镇道路养护办法》同时废止。", unit="果里镇人民政府", issued_on=date(2026, 11, 19))
    assert on(desk, LAST) == []
    publish(desk, "县办法", "唐政发〔2020〕3号同时废止。", unit="果里镇人民政府", issued_on=date(2026, 11, 19))
    assert len(on(desk, LAST + DAY)) == 1


def test_a_secret_text_is_named_to_nobody(desk: Desk) -> None:
    draft = publish(desk, "公示", PERIOD)
    on(desk, LAST - 2 * DAY)
    with desk.store.write() as session:
        session.get_one(Draft, draft).secret = True
    assert on(desk, LAST) == []


def test_without_an_address_the_editors_call(desk: Desk) -> None:
    draft = publish(desk, "公示", PERIOD)
    with desk.store.write() as session:
        session.get_one(Draft, draft).unit = "已撤销的单位"
    assert on(desk, LAST) == [f"到期：已撤销的单位 → {BY_PHONE}：2026-000001公示期"]
    assert written(desk) == []
    assert BY_PHONE in tasks(desk, draft)[0]


def test_the_daily_pass_of_the_timers_tells_it(desk: Desk) -> None:
    publish(desk, "公示", PERIOD)
    assert any(line.startswith("到期：") for line in tick(desk.store, desk.settings, desk.settings.calendar, LAST))
