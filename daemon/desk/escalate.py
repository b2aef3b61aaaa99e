"""Letters to a unit's leader about what reminders have not moved (`reminders.escalate_after`): once on each thing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from daemon.desk.outbox import Cause, write_letter
from daemon.desk.reminder_text import sections
from daemon.rules.reminders import ReminderItem, thing_of
from daemon.settings import Settings
from daemon.store.schema import Journal, Letter, Message
from parsers.office import Unit

REMINDED, ESCALATED = "reminder.named", "escalation.named"
"""Actions of the journal: which things a reminder, or a letter to the leader, has named."""
_REMEMBERED = timedelta(days=400)
BY_OFFICE = "催报类信函须由编辑放行"
ANSWERED = "单位回复过催报信，请核实其说明后放行或取消"
NOBODY = "多次催报未办，但未登记该单位负责同志的邮箱，请电话联系"


@dataclass(frozen=True)
class Escalation:
    """One unit's letter to its leader."""

    unit: Unit
    items: tuple[ReminderItem, ...]
    times: int
    """How many reminders in a row have named each of them, at least."""
    hold_reason: str | None

    @property
    def line(self) -> str:
        """What the timer says of it."""
        to = ", ".join(self.unit.escalate_to)
        if not to:
            return f"呈报：{self.unit.name}：{NOBODY}"
        held = f"（暂不发出：{self.hold_reason}）" if self.hold_reason else ""
        return f"呈报：{self.unit.name} → {to}：{len(self.items)}项多次催报未办{held}"


def times_reminded(session: Session, now: datetime) -> dict[str, Counter[str]]:
    """By unit and thing: how many reminders have named it in a row, the latest sent one included."""
    query = (
        select(Journal.unit, Journal.after)
        .join(Letter, Letter.id == Journal.letter)
        .where(Journal.action == REMINDED, Letter.state == "sent", Letter.created_at >= now - _REMEMBERED)
        .order_by(Journal.id.desc())
    )
    letters: defaultdict[str, list[set[str]]] = defaultdict(list)
    for unit, after in session.execute(query):
        letters[unit or ""].append(set(after["things"]))
    return {unit: _in_a_row(newest_first) for unit, newest_first in letters.items()}


def escalations(
    session: Session, settings: Settings, lagging: Iterable[tuple[Unit, tuple[ReminderItem, ...]]], now: datetime
) -> list[Escalation]:
    """The letters that are due now; nothing that a leader has been told of is told again."""
    counts = times_reminded(session, now)
    found = ((unit, _stubborn(items, counts.get(unit.name, Counter()), settings)) for unit, items in lagging)
    due = [(unit, _new(session, unit, items)) for unit, items in found if items]
    return [_escalation(session, settings, unit, items, counts[unit.name]) for unit, items in due if items]


def put(session: Session, settings: Settings, escalation: Escalation, now: datetime) -> None:
    """Writes the letter in the caller's transaction, or a task for the editors where there is no leader's address."""
    unit = escalation.unit
    things = {"things": [thing_of(item) for item in escalation.items]}
    told = Journal(at=now, who="系统", action=ESCALATED, unit=unit.name, after=things)
    if unit.escalate_to:
        day = now.astimezone(settings.office_value.zone).date()
        key, to = f"escalation:{unit.name}:{day}", ", ".join(unit.escalate_to)
        cause = Cause(key, "escalation", to, unit.name, hold_reason=escalation.hold_reason)
        told.letter = write_letter(session, cause, _values(escalation, settings), settings, now).id
    else:
        told.note = NOBODY
    session.add(told)


def _in_a_row(newest_first: list[set[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    unbroken = newest_first[0]
    for things in newest_first:
        unbroken = unbroken & things
        counts.update(unbroken)
    return counts


def _stubborn(items: Iterable[ReminderItem], times: Counter[str], settings: Settings) -> list[ReminderItem]:
    enough = settings.reminders.escalate_after
    return [item for item in items if (thing := thing_of(item)) and times[thing] >= enough]


def _new(session: Session, unit: Unit, items: list[ReminderItem]) -> tuple[ReminderItem, ...]:
    query = select(Journal.after).where(Journal.action == ESCALATED, Journal.unit == unit.name)
    told = {thing for after in session.scalars(query) for thing in after["things"]}
    return tuple(item for item in items if thing_of(item) not in told)


def _escalation(
    session: Session, settings: Settings, unit: Unit, items: tuple[ReminderItem, ...], times: Counter[str]
) -> Escalation:
    reason = BY_OFFICE if settings.reminders.hold else ANSWERED if _has_answered(session, unit) else None
    return Escalation(unit, items, min(times[thing_of(item) or ""] for item in items), reason)


def _has_answered(session: Session, unit: Unit) -> bool:
    """Whether the unit has written back to one of its last reminders: what it says is for a person to judge."""
    last = select(Letter.message_id).where(Letter.unit == unit.name, Letter.kind == "reminder", Letter.state == "sent")
    recent = list(session.scalars(last.order_by(Letter.id.desc()).limit(5)))
    answers = exists().where(Message.unit == unit.name, Message.kind == "reply", Message.in_reply_to.in_(recent))
    return bool(session.scalar(select(answers)))


def _values(escalation: Escalation, settings: Settings) -> dict[str, object]:
    return {
        "addressee": f"{escalation.unit.name}负责同志",
        "unit": escalation.unit.name,
        "count": len(escalation.items),
        "times": escalation.times,
        "sections": sections(escalation.items, settings.office_value.zone),
        "liaison": escalation.unit.liaison_name,
    }
