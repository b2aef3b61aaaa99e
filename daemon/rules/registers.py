"""The registers of changes and of consultations: what a mail says of one, their clocks, whom a text names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from daemon.rules.calendar import Calendar, Due
from daemon.rules.quotas import owes_column
from parsers.dates import FoundDate, find_dates, fold
from parsers.office import Column, Office, Period, Unit
from parsers.personal import personal_data

Register = Literal["change", "consultation", "complaint"]

A_DAY = Period(24, "h")
"""行政审批和社会服务变更工作程序后、固定类栏目内容变更后: within 24 hours (articles 二（一）and 2 of the notice)."""
_WORDS: dict[str, Register] = {"变更": "change", "咨询": "consultation", "投诉": "complaint"}
_MARK = re.compile(r"[\[【〔(（［]\s*(重要|紧急)?\s*(变更|咨询|投诉)\s*[\]】〕)）］]")
_FORWARDED = re.compile(r"^(?:\s*(?:转发|fw|fwd)\s*[:：])+\s*", re.I)
_ANSWERS = re.compile(r"^\s*(?:re|aw|回复|答复|回覆)\s*[:：]", re.I)
_SHORT_DATE = re.compile(
    r"(?<![\d年])(\d{1,2})月(\d{1,2})[日号]\s*(上午|下午|晚上?)?\s*(?:(\d{1,2})(?:[时点](?:(\d{1,2})分)?|:(\d{2})))?"
)
_LONGEST = 20_000
"""Characters of a text that are looked at."""
_CONTACT = re.compile(
    r"^\W{0,4}(?:姓\s*名|网\s*名|联系人|来信人|投诉人|咨询人|电\s*话|联系电话|手\s*机|联系方式|邮\s*箱|地\s*址|住\s*址)\s*[:：]\s*(\S.{0,80})$",
    re.M,
)
_NOT_OURS = re.compile(
    r"不属于?(?:我|本)?[^。，；\n]{0,8}(?:职责|职权|管辖|职能|单位)|非(?:我|本)(?:单位|局|镇|办)[^。，；\n]{0,4}(?:职责|职权)"
)
_CHANGEABLE = frozenset({"fixed", "permit"})


@dataclass(frozen=True)
class Marked:
    """A subject with one of the registers' marks."""

    register: Register
    important: bool
    rest: str
    """The subject without the mark."""


@dataclass(frozen=True)
class Moment:
    """When something changed; `hour_known` False: at some hour of that day, told as its beginning."""

    at: datetime
    hour_known: bool


@dataclass(frozen=True)
class Clocks:
    """Until when a complainant is told that the complaint is here, and until when the question is answered."""

    notice: datetime | None
    answer: datetime
    certain: bool


@dataclass(frozen=True)
class Limits:
    """`consultations` of office.yaml."""

    notice: Period
    answer: Period
    important: Period


@dataclass(frozen=True)
class OpenEntry:
    """What a register holds against a unit: a change to bring onto the portal, a question to answer."""

    reference: str
    """The same in every reminder of it: `change:12`, `case:5`."""
    needs: Literal["change", "reply"]
    column: str | None
    title: str
    due_at: datetime
    certain: bool


def marked(subject: str | None) -> Marked | None:
    """The mark of a subject: `[变更]` at its beginning, `[咨询]` or `[投诉]` anywhere; an answer to one bears none."""
    text = _FORWARDED.sub("", (subject or "")[:1000])
    found = _MARK.search(text)
    if found is None or _ANSWERS.match(text):
        return None
    register = _WORDS[found[2]]
    if register == "change" and text[: found.start()].strip():
        return None
    rest = " ".join(f"{text[: found.start()]}{text[found.end() :]}".split())
    return Marked(register, found[1] is not None, rest.lstrip(":：- ") or found[2])


def stated_moment(text: str, received_at: datetime, calendar: Calendar) -> Moment:
    """When a mail says that it changed: the first date in it that had come; without one, when the mail did."""
    today = calendar.local_date(received_at)
    stated = [*find_dates(text[:_LONGEST]), *_short_dates(text[:_LONGEST], today)]
    past = [one for one in stated if one.day <= today]
    if not past:
        return Moment(received_at, hour_known=True)
    first = min(past, key=lambda one: one.start)
    return moment_of(first.day, first.hour, calendar)


def moment_of(day: date, hour: time | None, calendar: Calendar) -> Moment:
    """The moment of a day and, where it is known, an hour."""
    return Moment(datetime.combine(day, hour or time(), calendar.zone), hour is not None)


def named_column(text: str, unit: Unit, office: Office) -> str | None:
    """The column that a text is about: by its name, else the only fixed or permit column one of whose words it says."""
    mine = [column for column in office.columns if owes_column(unit, column)]
    by_name = [column.name for column in mine if column.name in text]
    if by_name:
        return max(by_name, key=len)
    changeable = (column for column in mine if column.role in _CHANGEABLE)
    by_word = [column.name for column in changeable if any(word in text for word in column.keywords)]
    return by_word[0] if len(by_word) == 1 else None


def named_unit(text: str, units: Iterable[Unit], but: str | None = None) -> str | None:
    """The only unit that a text names, `but` (who passes it on) left out; None: it names none or several."""
    rest, found = text[:_LONGEST], []
    names = [(name, unit.name) for unit in units for name in unit.names if len(name) > 1]
    for name, unit in sorted(names, key=lambda pair: -len(pair[0])):
        if name in rest:
            rest = rest.replace(name, "\n")  # a longer name is not read once more as a shorter one
            found.append(unit)
    others = set(found) - {but}
    return others.pop() if len(others) == 1 else None


def change_due(moment: Moment, column: Column | None, calendar: Calendar) -> Due:
    """Until when a change has to be brought: the column's `publish_within`, else 24 hours, from the moment."""
    within = column.publish_within if column and column.publish_within else A_DAY
    return calendar.add(moment.at if moment.hour_known else calendar.local_date(moment.at), within)


def case_clocks(
    register: Register, important: bool, received_at: datetime, limits: Limits, calendar: Calendar
) -> Clocks:
    """Article 6: complainants are told within 24 hours, questions answered within 3 working days, what is important
    within 3 days, whichever is the earlier."""
    notice = calendar.add(received_at, limits.notice) if register == "complaint" else None
    answers = [calendar.add(received_at, limits.answer)]
    if important:
        answers.append(calendar.add(received_at, limits.important))
    first = min(answers, key=lambda due: due.at)
    return Clocks(notice.at if notice else None, first.at, first.certain and (notice is None or notice.certain))


def declines(text: str) -> bool:
    """Whether a unit says that a question is not its own to answer."""
    return _NOT_OURS.search(text[:_LONGEST]) is not None


def contact_in(text: str) -> str:
    """Name, telephone and address of whoever asks, from the lines that say so."""
    lines = (match[0].strip() for match in _CONTACT.finditer(text[:_LONGEST]))
    return "；".join(dict.fromkeys(lines))[:300]


def without_contact(text: str) -> str:
    """The text as a letter may carry it: without the lines on who asks, its telephone and identity numbers hidden."""
    kept = _CONTACT.sub("", text)
    for hit in personal_data(kept):
        kept = _hidden(kept, hit.value)
    return "\n".join(line for line in kept.splitlines() if line.strip())


def _hidden(text: str, value: str) -> str:
    digits = re.sub(r"[^0-9A-Za-z]", "", value)
    pattern = r"[ -]?".join(map(re.escape, digits))
    return re.sub(pattern, f"{digits[:3]}****{digits[-2:]}", fold(text) if value not in text else text)


def _short_dates(text: str, today: date) -> Iterable[FoundDate]:
    """`11月24日上午9时`: of the last twelve months."""
    for match in _SHORT_DATE.finditer(fold(text)):
        year = today.year - ((int(match[1]), int(match[2])) > (today.month, today.day))
        try:
            day, hour = date(year, int(match[1]), int(match[2])), _hour(match)
        except ValueError:
            continue
        yield FoundDate(match.start(), match.end(), day, hour)


def _hour(match: re.Match[str]) -> time | None:
    if match[4] is None:
        return None
    hour = int(match[4]) + (12 if match[3] in {"下午", "晚", "晚上"} and int(match[4]) < 12 else 0)
    return time(hour, int(match[5] or match[6] or 0))
