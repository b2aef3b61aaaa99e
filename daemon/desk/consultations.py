"""咨询投诉: questions and complaints of citizens, passed to the unit that has to answer, told, answered and closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from daemon.desk.hand import ConflictError, InvalidInput
from daemon.desk.outbox import Cause, write_letter
from daemon.desk.recipient import unit_address
from daemon.desk.register_hand import LONGEST, EntryHand, filled, held, record, swap
from daemon.mail.answers import case_links
from daemon.mail.letter import said_due, said_time
from daemon.rules.calendar import Calendar
from daemon.rules.registers import Clocks, Limits, OpenEntry, Register, case_clocks, named_unit
from daemon.settings import Settings
from daemon.store.registers import Consultation
from daemon.store.schema import Journal, Letter

KINDS: dict[str, str] = {"consultation": "咨询", "complaint": "投诉"}


@dataclass(frozen=True)
class NewCase:
    """What is entered, or came by mail. `key` says what called for it; the same one opens no second case."""

    key: str
    kind: Register
    important: bool
    received_at: datetime
    subject: str
    text: str
    person: str
    message: int | None = None
    passed_by: str | None = None
    """The unit that handed it to the office: not the one that has to answer."""


def form_key(*words: object) -> str:
    """The same form sent twice is one case."""
    return f"form:{sha256(repr(words).encode(errors='replace')).hexdigest()[:40]}"


def open_case(session: Session, new: NewCase, who: str, settings: Settings, now: datetime) -> Consultation:
    """The case with this key, made where there is none yet; InvalidInput says what is missing."""
    there = session.scalar(select(Consultation).where(Consultation.key == new.key))
    if there is not None:
        return there
    if new.received_at > now:
        raise InvalidInput("收到时间不能晚于现在。")
    clocks = _clocks(new.kind, new.important, new.received_at, settings)
    text = filled(new.text, "咨询、投诉的内容")
    row = Consultation(
        key=new.key, kind=new.kind, important=new.important, state="open", received_at=new.received_at, version=1,
        subject=filled(new.subject, "标题")[:200], text=text, person=new.person.strip()[:300], message=new.message,
        proposed=named_unit(f"{new.subject}\n{text}", settings.office_value.units, new.passed_by), letters=[],
        created_at=now, created_by=who, **_values(clocks),
    )  # fmt: skip
    session.add(row)
    session.flush()
    about = {"message": row.message, "after": {"case": row.id}}
    session.add(Journal(at=now, who=who, action="case.open", note=number_of(row), **about))
    return row


def number_of(row: Consultation) -> str:
    """As letters name it: 咨询第12号."""
    return f"{KINDS[row.kind]}第{row.id}号"


def rate(session: Session, hand: EntryHand, kind: Register, important: bool) -> Consultation:
    """Another kind or weight, and the clocks that follow from them."""
    row = _open(session, hand)
    swap(
        session,
        row,
        kind=kind,
        important=important,
        **_values(_clocks(kind, important, row.received_at, hand.settings)),
    )
    record(session, hand, "case.rate", row, f"{KINDS[kind]}{'，重要' if important else ''}")
    return row


def pass_on(session: Session, hand: EntryHand, unit_name: str, text: str, contact: str) -> Consultation:
    """Writes the letter to the unit that has to answer. `text` is what the editor lets it say; `contact` only where the
    unit must speak with whoever asked, empty otherwise."""
    row, unit = _open(session, hand), hand.settings.office_value.unit(unit_name)
    if unit is None:
        raise InvalidInput("请选择承办单位。")
    words = filled(text, "转办内容")
    to = unit_address(session, unit)
    if to is None:
        raise InvalidInput(f"{unit.name}没有可用的邮箱地址，请电话转办，并在“去向告知”中登记。")
    # The version makes the key: the same click twice meets a version that has moved on.
    cause = Cause(f"consultation:{row.id}:{row.version}", "consultation", to, unit.name)
    letter = write_letter(
        session, cause, _letter(row, unit.name, words, contact.strip(), hand), hand.settings, hand.now
    )
    swap(session, row, unit=unit.name, passed_at=hand.now, letters=[*row.letters, letter.id])
    record(session, hand, "case.pass", row, f"{number_of(row)}转{unit.name}办理", letter=letter.id)
    return row


def tell(session: Session, hand: EntryHand, at: datetime, how: str) -> Consultation:
    """The complainant was told that the complaint is here and until when it will be answered (article 6)."""
    row = _open(session, hand)
    swap(session, row, told_at=_past(at, row, hand), told_how=filled(how, "告知方式"))
    record(session, hand, "case.tell", row, f"{number_of(row)}已告知")
    return row


def hand_on(session: Session, hand: EntryHand, at: datetime, how: str) -> Consultation:
    """The complainant was told where it went, and how to reach who deals with it (去向、联系方式)."""
    row = _open(session, hand)
    swap(session, row, handed_at=_past(at, row, hand), handed_how=filled(how, "去向和联系方式"))
    record(session, hand, "case.hand_on", row, f"{number_of(row)}已告知去向")
    return row


def answer(session: Session, hand: EntryHand, at: datetime, text: str) -> Consultation:
    """The answer as an editor enters or amends it; its time stays that of the first one."""
    row = _open(session, hand)
    first = row.answered_at or _past(at, row, hand)
    swap(session, row, state="answered", answer=filled(text, "答复内容"), answered_at=first)
    record(session, hand, "case.answer", row, f"{number_of(row)}已登记答复")
    return row


def close(session: Session, hand: EntryHand, result: str) -> Consultation:
    """Nothing more is to be done: the answer has reached whoever asked, or why there is none."""
    row = _open(session, hand)
    swap(
        session, row, state="closed", closed_at=hand.now, closed_by=hand.who.name, result=filled(result, "办结情况")
    )  # fmt: skip
    record(session, hand, "case.close", row, f"{number_of(row)}办结")
    return row


def open_entries(session: Session) -> dict[str, list[OpenEntry]]:
    """What each unit has to answer, for its letter: without a word of who asked."""
    found: defaultdict[str, list[OpenEntry]] = defaultdict(list)
    query = select(Consultation).where(Consultation.state == "open", Consultation.passed_at.is_not(None))
    for row in session.scalars(query.order_by(Consultation.answer_due_at, Consultation.id)):
        title = f"{number_of(row)}{'（重要）' if row.important else ''}"
        entry = OpenEntry(f"case:{row.id}", "reply", None, title, row.answer_due_at, row.certain)
        found[row.unit or ""].append(entry)
    return found


def listed(session: Session, state: str, limit: int = 200) -> list[Consultation]:
    """Open ones by their limit (those with an answer included), closed ones the newest first."""
    if state == "open":
        query = select(Consultation).where(Consultation.state != "closed")
        return list(session.scalars(query.order_by(Consultation.answer_due_at, Consultation.id).limit(limit)))
    query = select(Consultation).where(Consultation.state == "closed").order_by(Consultation.id.desc())
    return list(session.scalars(query.limit(limit)))


def history(session: Session, row: Consultation) -> list[Journal]:
    """What was done with a case, the latest first."""
    query = select(Journal).where(or_(Journal.action.startswith("case."), Journal.action == "reply.answer"))
    mine = query.where(Journal.after["case"].as_integer() == row.id, Journal.at >= row.created_at)
    return list(session.scalars(mine.order_by(Journal.id.desc())))


def letters_of(session: Session, row: Consultation) -> list[Letter]:
    """The letters by which it was passed on."""
    return list(session.scalars(select(Letter).where(Letter.id.in_(row.letters)).order_by(Letter.id)))


def figures(
    session: Session, calendar: Calendar, first: date, last: date, now: datetime, units: Iterable[str]
) -> dict[str, tuple[int, int]]:
    """By unit: the questions received in the period that it has answered, and those that it answered late or owes.

    Both days included. A limit that had passed before the unit was written to is not the unit's; one that is not
    certain is nobody's.
    """
    begin, end = calendar.midnight(first), calendar.midnight(last + timedelta(days=1))
    counted = dict.fromkeys(units, (0, 0))
    query = select(Consultation).where(Consultation.received_at >= begin, Consultation.received_at < end)
    for row in session.scalars(query.where(Consultation.unit.in_(counted))):
        answered, late = counted[row.unit or ""]
        counted[row.unit or ""] = (answered + (row.answered_at is not None), late + _is_late(row, now))
    return counted


def _is_late(row: Consultation, now: datetime) -> bool:
    if not row.certain or row.passed_at is None or row.passed_at >= row.answer_due_at:
        return False
    ended = row.answered_at or row.closed_at or now
    return ended >= row.answer_due_at


def _clocks(kind: Register, important: bool, received_at: datetime, settings: Settings) -> Clocks:
    section = settings.consultations
    limits = Limits(section.notice, section.answer, section.important)
    return case_clocks(kind, important, received_at, limits, settings.calendar)


def _values(clocks: Clocks) -> dict[str, Any]:
    return {"notice_due_at": clocks.notice, "answer_due_at": clocks.answer, "certain": clocks.certain}


def _open(session: Session, hand: EntryHand) -> Consultation:
    row = held(session, Consultation, hand)
    if row.state == "closed":
        raise ConflictError("该件已经办结。")
    return row


def _past(at: datetime, row: Consultation, hand: EntryHand) -> datetime:
    if not row.received_at <= at <= hand.now:
        raise InvalidInput("所填时间应在收到之后、现在之前。")
    return at


def _letter(row: Consultation, unit: str, words: str, contact: str, hand: EntryHand) -> dict[str, Any]:
    zone = hand.settings.office_value.zone
    return {
        "addressee": unit,
        "case": number_of(row),
        "kind": KINDS[row.kind],
        "important": row.important,
        "received": said_time(row.received_at.astimezone(zone)),
        "due": said_due(row.answer_due_at.astimezone(zone)),
        "certain": row.certain,
        "lines": [line.strip() for line in words[:LONGEST].splitlines() if line.strip()],
        "contact": contact[:300],
        "links": case_links(hand.settings.office.address, number_of(row)),
    }
