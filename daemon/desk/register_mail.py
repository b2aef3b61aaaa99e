"""Mail of the registers: `[变更]` opens a change, `[咨询]` and `[投诉]` a case, a plain reply to one answers it.

Only what a unit's own registered address, or the office itself, sends does any of it. A mail acts once: reading it
again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from typing import Any

from sqlalchemy import exists, select

from daemon.desk import notes
from daemon.desk.changes import from_message
from daemon.desk.consultations import NewCase, number_of, open_case
from daemon.desk.conversation import own_words
from daemon.desk.drafting import SYSTEM, Intake, draft_values, new_draft
from daemon.desk.outbox import is_verified
from daemon.desk.register_hand import LONGEST, swap
from daemon.rules.registers import Marked, contact_in, declines, marked, without_contact
from daemon.rules.replies import is_courtesy
from daemon.store.registers import Change, Consultation
from daemon.store.schema import Draft, Journal, Letter
from parsers.elements import Elements
from parsers.screening import screen
from parsers.sender import is_own
from parsers.submission import Draft as Found
from parsers.submission import attachment_json

CASE, ANSWER, CHANGE = "reply.case", "reply.answer", "reply.change"
"""Actions of the journal: what a mail did to a register."""
_REMARK = 200
"""Characters of a text in a mail of a change up to which it tells of the change rather than being its new content."""
_NUMBER = re.compile(r"(?:咨询|投诉)第(\d{1,9})号")
_READY_MADE = re.compile(r"^\s*(?:咨询|投诉)第\d{1,9}号(?:答复如下|确实无法答复，原因)[:：]?\s*")


def take_case(intake: Intake) -> list[int] | None:
    """Opens a case, or takes a unit's answer to one; gives the drafts made. None: the mail is neither."""
    if _has_acted(intake):
        return []
    mark = marked(intake.message.subject)
    if mark and mark.register != "change" and _may_open_cases(intake):
        _open(intake, mark)
        return []
    letter = _letter(intake)
    row = _asked(intake, letter)
    return _answered(intake, row, own_words(intake.message, [letter] if letter else [])) if row else None


def take_change(intake: Intake) -> Intake:
    """Opens the change that a unit's mail tells of; what is left of the mail are the documents in it."""
    message, mark = intake.message, marked(intake.message.subject)
    if mark is None or mark.register != "change" or not is_verified(message):
        return intake
    if intake.session.scalar(select(Change.id).where(Change.key == f"message:{message.id}")) is None:
        row = from_message(intake.session, message, SYSTEM, intake.settings, intake.now)
        _note(intake, CHANGE, {"change": row.id}, f"变更登记第{row.id}号")
    kept = tuple(one for one in intake.found.drafts if one.attachments or len(one.body_text) >= _REMARK)
    return replace(intake, found=replace(intake.found, drafts=kept))


def _has_acted(intake: Intake) -> bool:
    if intake.message.is_new:
        return False
    query = select(exists().where(Journal.message == intake.message.id, Journal.action.in_((CASE, ANSWER))))
    return bool(intake.session.scalar(query))


def _may_open_cases(intake: Intake) -> bool:
    """The editors, the complaint centre and other units: by addresses of theirs."""
    message = intake.message
    own = is_own(message.sender_address, intake.settings.office_value)
    findings = (*intake.found.findings, *(one for draft in intake.found.drafts for one in draft.findings))
    return (own or is_verified(message)) and all(one.code != "sender.spoofed" for one in findings)


def _open(intake: Intake, mark: Marked) -> None:
    """The mail is no draft any more: who asked stands in no index, no letter and no receipt."""
    message, text = intake.message, _text_of(intake)
    new = NewCase(
        key=f"message:{message.id}",
        kind=mark.register,
        important=mark.important,
        received_at=min(message.received_at or intake.now, intake.now),
        subject=mark.rest,
        text=text or "见来信附件",
        person=contact_in(text),
        message=message.id,
        passed_by=message.unit if is_verified(message) else None,
    )
    row = open_case(intake.session, new, SYSTEM, intake.settings, intake.now)
    message.kind, message.kind_reason = "other", f"已登记为{number_of(row)}"
    files = [file for draft in intake.found.drafts for file in draft.attachments]
    message.attachments = [*message.attachments, *(attachment_json(one) | _texts(one) for one in files)]
    _note(intake, CASE, {"case": row.id}, number_of(row))


def _texts(file: Any) -> dict[str, str]:
    return {"text": file.text, "html": file.html}


def _text_of(intake: Intake) -> str:
    """The question: the mail's own words and what it brings along, else what it quotes."""
    parts = [intake.message.note]
    parts += [draft.body_text for draft in intake.found.drafts if draft.body_text not in parts[0]]
    text = "\n".join(part.strip() for part in parts if part.strip())
    return (text or intake.message.quoted.strip())[:LONGEST]


def _letter(intake: Intake) -> Letter | None:
    message = intake.message
    named = [one for one in (message.in_reply_to, *message.references) if one][-100:]
    if not named:
        return None
    query = select(Letter).where(Letter.message_id.in_(named), Letter.kind == "consultation")
    return intake.session.scalar(query.order_by(Letter.id.desc()).limit(1))


def _asked(intake: Intake, letter: Letter | None) -> Consultation | None:
    """The case that this mail answers: by the letter that it answers, else by the number in its subject; only where its
    unit has it to answer."""
    named = _NUMBER.search((letter.subject if letter else intake.message.subject or "")[:1000])
    if named is None or not is_verified(intake.message):
        return None
    row = intake.session.get(Consultation, int(named[1]), with_for_update=True)
    mine = row is not None and row.unit == intake.message.unit and row.state != "closed"
    return row if mine else None


def _answered(intake: Intake, row: Consultation, words: str) -> list[int] | None:
    documents = [one for one in intake.found.drafts if one.attachments]
    said = _READY_MADE.sub("", words).strip()[:LONGEST]
    if not documents and (not said or is_courtesy(said)):
        return None
    if declines(said):
        return _declined(intake, row, said)
    text = "\n".join(filter(None, (one.body_text.strip() for one in documents))) or said
    return _take(intake, row, text[:LONGEST], documents)


def _declined(intake: Intake, row: Consultation, words: str) -> list[int]:
    """It is another unit's to answer: the editors choose again."""
    _note(intake, ANSWER, {"case": row.id}, f"{number_of(row)}退回编辑部：{notes.shortened(without_contact(words))}")
    swap(intake.session, row, unit=None, proposed=None, passed_at=None)
    return []


def _take(intake: Intake, row: Consultation, text: str, documents: Iterable[Found]) -> list[int]:
    whole = f"{row.answer}\n\n补充答复：\n{text}" if row.answer else text
    made = None if row.answer_draft else _draft(intake, row, text, documents)
    at = row.answered_at or min(intake.message.received_at or intake.now, intake.now)
    draft = row.answer_draft or (made.id if made else None)
    swap(intake.session, row, state="answered", answer=whole, answered_at=at, answer_draft=draft)
    if made is None and draft is not None:
        notes.put(intake, intake.session.get_one(Draft, draft), f"单位补充答复：{text}")
    _note(intake, ANSWER, {"case": row.id}, f"{number_of(row)}收到答复", draft)
    return [draft] if draft is not None else []


def _draft(intake: Intake, row: Consultation, text: str, documents: Iterable[Found]) -> Draft | None:
    """Question and answer as a draft, where the portal has a column for them; it goes through review as any other."""
    columns = intake.settings.office_value.columns
    column = next((one.name for one in columns if one.role == "consultation"), None)
    if column is None:
        return None
    found = _found(intake, row, text, column, documents)
    values = draft_values(intake, found) | {"touched": True}
    return new_draft(intake, 1, values, found.attachments, SYSTEM, "receive")


def _found(intake: Intake, row: Consultation, text: str, column: str, documents: Iterable[Found]) -> Found:
    lines = [f"问：{without_contact(row.text)}", f"答：{text}"]
    body, title = "\n".join(lines), f"关于“{row.subject}”的答复"
    elements = Elements(form="article", title=title, body=())
    office = intake.settings.office_value
    return Found(
        title=title,
        column=column,
        confidence=1.0,
        document_number=None,
        issuer=intake.message.unit,
        issued_on=None,
        printed_on=None,
        addressee=None,
        body_html="".join(f"<p>{escape(line)}</p>" for line in body.splitlines() if line.strip()),
        body_text=body,
        attachments=tuple(file for one in documents for file in one.attachments),
        findings=screen(body, {}, elements, None, office, received_on=intake.received_on),
        column_reason=f"{number_of(row)}的答复",
        grouping_reason="单位对转办函的答复",
    )


def _note(intake: Intake, action: str, after: dict[str, Any], note: str, draft: int | None = None) -> None:
    message = intake.message
    message.is_new = False  # its receipt tells what was done
    about = {"message": message.id, "unit": message.unit, "draft": draft}
    intake.session.add(Journal(at=intake.now, who=SYSTEM, action=action, after=after, note=note, **about))
