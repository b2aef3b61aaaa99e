"""The words of a reminder: one sentence for what it is about, how it stands, and what the unit should do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from daemon.mail.letter import said_day, said_due
from daemon.rules.reminders import ItemKind, ReminderItem

_LATE, _SOON, NEUTRAL = "#b42318", "#9a6700", "#1f2328"
"""Colours of what a letter says of a thing's state."""
_SECTIONS: dict[ItemKind, tuple[str, str]] = {
    "overdue": ("已超过期限", _LATE),
    "due_soon": ("即将到期", _SOON),
    "unexplained": ("尚缺配套解读或便民问答", _SOON),
    "daily_quota": ("每日报送不足", _SOON),
    "monthly_quota": ("本月报送不足", _SOON),
    "stale": ("栏目长时间没有新信息", NEUTRAL),
}
_DAYS_NAMED = 7


@dataclass(frozen=True)
class Entry:
    """One item as it is read."""

    what: str
    state: str
    request: str


@dataclass(frozen=True)
class Section:
    heading: str
    color: str
    """Of the state's words, never without the heading's word."""
    entries: tuple[Entry, ...]


def sections(items: Iterable[ReminderItem], zone: ZoneInfo) -> tuple[Section, ...]:
    """The letter's sections; `items` come sorted by kind."""
    groups = groupby(items, key=lambda item: item.kind)
    return tuple(
        _section(number, kind, tuple(_entry(item, zone) for item in some))
        for number, (kind, some) in zip("一二三四五六", groups, strict=False)
    )


def _section(number: str, kind: ItemKind, entries: tuple[Entry, ...]) -> Section:
    heading, color = _SECTIONS[kind]
    return Section(f"{number}、{heading}", color, entries)


def _entry(item: ReminderItem, zone: ZoneInfo) -> Entry:
    if item.reference:
        return _of_register(item, zone)
    if item.needs == "resend":
        return Entry(_document(item), f"已退回，{_limit(item, zone)}", "请按退稿函的意见修改后，尽快重新报送。")
    if item.needs == "interpretation":
        request = "请报送配套解读或便民问答，并在标题中注明所解读文件的名称或文号。"
        limit = f"，{_limit(item, zone)}" if item.due_at else "。"
        return Entry(_document(item), f"尚未收到配套的解读或便民问答{limit}", request)
    if item.kind == "daily_quota":
        return Entry(_column(item), _missed(item), "请按日报送，避免再次缺漏。")
    if item.kind == "monthly_quota":
        return Entry(_column(item), _short(item, zone), "请在月底前补足。")
    return Entry(_column(item), _silent(item), "请尽快报送，栏目内容不能缺失。")


def _of_register(item: ReminderItem, zone: ZoneInfo) -> Entry:
    if item.needs == "change":
        column = f"（{_column(item)}）" if item.column else ""
        request = "请按变更后的内容报送，由编辑部更新网上信息。"
        return Entry(f"变更事项：{item.title}{column}", _limit(item, zone), request)
    request = "请直接回复转办函，答复内容要具体、全面；确实无法答复的，说明原因。"
    return Entry(item.title or "", f"尚未收到答复，{_limit(item, zone, '答复')}", request)


def _document(item: ReminderItem) -> str:
    about = f"回执编号：{item.receipt}" + (f"，栏目：{item.column}" if item.column else "")
    # A draft with a secrecy mark comes without its title.
    return f"《{item.title}》（{about}）" if item.title else f"一份来稿（{about}）"


def _column(item: ReminderItem) -> str:
    return f"“{item.column}”栏目"


def _limit(item: ReminderItem, zone: ZoneInfo, what: str = "报送") -> str:
    assert item.due_at is not None
    limit = f"{what}期限为{said_due(item.due_at.astimezone(zone))}"
    if not item.certain:
        return f"{limit}（暂定）。"
    return f"{limit}，已超过。" if item.kind == "overdue" else f"{limit}。"


def _missed(item: ReminderItem) -> str:
    days = "、".join(f"{day.month}月{day.day}日" for day in item.days[-_DAYS_NAMED:])
    more = f"等{len(item.days)}天" if len(item.days) > _DAYS_NAMED else ""
    provisional = "（节假日安排暂定）" if not item.certain else ""
    return f"每日应报送不少于{item.owed}条；{days}{more}不足，共缺{item.missing}条{provisional}。"


def _short(item: ReminderItem, zone: ZoneInfo) -> str:
    assert item.due_at is not None
    waiting = f"，另有{item.waiting}条待编辑部发布" if item.waiting else ""
    end = said_due(item.due_at.astimezone(zone))
    return f"本月应不少于{item.owed}条，已计{item.delivered}条{waiting}，尚缺{item.missing}条，截止{end}。"


def _silent(item: ReminderItem) -> str:
    if not item.last_on:  # with `start: all` the count would begin decades ago
        return "自统计以来没有收到过信息。"
    return f"上次报送为{said_day(item.last_on)}，已连续{item.silent_days}天没有收到新信息。"
