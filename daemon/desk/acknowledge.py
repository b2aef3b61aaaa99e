"""The receipt for a mail: one letter, in the transaction that makes the drafts. Machines are never answered (RFC 3834).

Who gets what: a unit's own address gets a receipt for every draft and is asked for what is missing; any other address
learns at most once a day that its mail is here, without a word of its content, since anybody can write in anybody's
name. A unit that was told “附件识别中” (`tell_slow`) hears again only of what asks something of it. Letters over a
budget, for mail that is old already, and to who pretends to be a unit, are held for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from daemon.desk.bounces import living
from daemon.desk.outbox import Cause, is_verified, is_written, write_letter, written_today
from daemon.desk.reply_receipt import about, done_by, is_worth_a_letter
from daemon.mail.answers import AnswerLink, Wish, answer_links
from daemon.mail.letter import Kind, is_deliverable, said_day, said_due, said_time
from daemon.settings import Settings
from daemon.store.schema import Draft, Letter, Message
from parsers.submission import MACHINES

BY_DESK = "以编辑部核定为准"
_PLEAS = {
    "encrypted": "设有打开密码，无法读取，请取消密码后重新发送",
    "damaged": "已损坏或不完整，无法打开，请重新发送原文件",
    "refused": "超出安全限度，未予打开，请改用常用格式或拆分后重新发送",
}
_MISSING_ATTACHMENT = "来信提到附件，但未收到附件，请补发。"
_EXPIRED_LINK = "来信以网盘或超大附件链接报送文件，收到时链接已失效，请将文件作为普通附件发送。"
_NO_DATE = "未识别出成文日期，请补充，以便认定是否按期报送。"
_LATE = "收到时已超过报送期限"
_MARKED = "请注意：该件带有密级标志，本回执不显示标题。涉密文件不得通过互联网电子邮箱报送，请立即与编辑部电话联系。"
EARLY = timedelta(minutes=8)
"""From the storing of a mail to the word that its files are still being recognised: with the paces of mailbox, timers
and outbox that letter is gone within ten minutes."""


@dataclass(frozen=True)
class Receipt:
    """What the letter says of one draft: pairs of label and value, and what the unit should still send."""

    number: str
    title: str
    facts: tuple[tuple[str, str], ...]
    requests: tuple[str, ...] = ()
    links: tuple[AnswerLink, ...] = ()


def acknowledge(session: Session, message: Message, settings: Settings, now: datetime) -> Letter | None:
    """Writes the letter that this mail calls for, if any; a second call writes none."""
    key = _key(session, message)
    if not (_may_answer(message, settings) and (message.is_new or not is_written(session, key))):
        return None
    was_told = message.stored_at <= now - EARLY and _told_early(session, message)
    drafts = _drafts(session, message)
    done = done_by(session, message)
    requests = _requests(message, drafts)
    verified = is_verified(message)
    kind = _kind(drafts, requests if verified else (), is_worth_a_letter(session, message, done, now))
    if kind is None or not (verified or _is_polite(session, message, settings, now)):
        return None
    assert message.sender_address is not None
    spoken_of = about(session, message) if kind == "answer" else None
    cause = Cause(
        key=key,
        kind=kind,
        to=message.sender_address.lower(),
        unit=message.unit if verified else None,
        answers=message,
        draft=spoken_of,
        hold_reason=hold_reason(session, message, drafts, settings, now),
    )
    receipts = tuple(_receipt(draft, settings) for draft in drafts)
    if was_told and kind == "acknowledgement" and not _asks(drafts, receipts, requests):
        return None
    sentences = (*(one.sentence for one in done), *requests)
    values = mail_values(message, verified, settings) | _said(receipts, sentences, verified, drafts)
    return write_letter(session, cause, values | {"receipt": spoken_of.receipt if spoken_of else None}, settings, now)


def _key(session: Session, message: Message) -> str:
    """A mail whose address has become a unit's since gets a second receipt: the first said nothing of its content."""
    key = f"acknowledge:{message.id}"
    if message.is_new or not is_verified(message):
        return key
    told_a_stranger = session.scalar(select(Letter.unit.is_(None)).where(Letter.key == key))
    return f"{key}:bound" if told_a_stranger else key


def amend(session: Session, draft: Draft, settings: Settings, now: datetime) -> Letter | None:
    """The receipt once more, after an editor has corrected the date that punctuality is judged by; an amendment that
    has not gone yet is replaced. None where the unit has had no receipt that said otherwise."""
    message = session.get(Message, draft.message_row) if draft.message_row is not None else None
    if (
        message is None
        or draft.secret
        or not is_verified(message)
        or not is_written(session, f"acknowledge:{message.id}")
    ):
        return None
    to = living(session, settings.office_value.unit(message.unit), [message.sender_address or ""])
    if not to or not is_deliverable(to[0]):
        return None
    begins = f"amend:{draft.id}:"
    waiting = Letter.key.startswith(begins) & (Letter.state == "waiting")
    session.execute(update(Letter).where(waiting).values(state="cancelled"))
    cause = Cause(f"{begins}{draft.version}", "acknowledgement", to[0], message.unit, answers=message, draft=draft)
    said = _said((_receipt(draft, settings),), (), True, [draft]) | {"amended": True}
    return write_letter(session, cause, mail_values(message, True, settings) | said, settings, now)


def early_key(message: Message) -> str:
    """Of the letter that a mail has come whose files are still being recognised."""
    return f"recognising:{message.id}"


def _told_early(session: Session, message: Message) -> bool:
    """Whether that letter has gone. One that has not goes no more: what it promises is here."""
    early = session.scalar(select(Letter).where(Letter.key == early_key(message)))
    if early is not None and early.state in ("held", "waiting"):
        early.state = "cancelled"
    return early is not None and early.state == "sent"


def _asks(drafts: list[Draft], receipts: tuple[Receipt, ...], requests: tuple[str, ...]) -> bool:
    """Whether a receipt says anything that the unit must know or do; that all came in time is no news."""
    lacks = any(receipt.requests for receipt in receipts)
    return bool(requests) or lacks or any(verdict(draft) == _LATE for draft in drafts)


def _kind(drafts: list[Draft], requests: tuple[str, ...], has_done: bool) -> Kind | None:
    """The letter that a mail calls for: about its drafts, about what a reply did, about what is missing; or none."""
    if drafts:
        return "acknowledgement"
    return "answer" if has_done else "resend_request" if requests else None


def own_addresses(settings: Settings) -> frozenset[str]:
    """The addresses that are ourselves: answering them would never end."""
    ours = (settings.office.address, settings.smtp.from_address, settings.mailbox.user)
    return frozenset(address.lower() for address in ours)


def _may_answer(message: Message, settings: Settings) -> bool:
    return message.kind is not None and is_answerable(message, settings)


def is_answerable(message: Message, settings: Settings) -> bool:
    """Whether a letter may go to who wrote this mail, whatever it is about."""
    if message.history or message.unanswerable or message.kind in MACHINES:
        return False
    address = message.sender_address
    return is_deliverable(address) and address is not None and address.lower() not in own_addresses(settings)


def _is_polite(session: Session, message: Message, settings: Settings, now: datetime) -> bool:
    """Whether an address of no unit may be written to once more today."""
    if settings.letters.unverified == "never":
        return False
    return written_today(session, settings, now, (message.sender_address or "").lower(), held_too=True) == 0


def hold_reason(
    session: Session, message: Message, drafts: list[Draft], settings: Settings, now: datetime
) -> str | None:
    """Why the answer to a mail has to be let go by a person, in Chinese; None: it goes by itself."""
    letters = settings.letters
    if _is_spoofed(message, drafts):
        return "发件人疑似冒用单位名义，须经编辑核实后发出"
    within = letters.acknowledge_within
    if within is not None and (message.received_at is None or now - message.received_at > within):
        return f"来信收到已超过 {_span(within)}，回执须由编辑确认后发出" if message.received_at else "来信收到时间不明"
    if written_today(session, settings, now, (message.sender_address or "").lower()) >= letters.per_address_a_day:
        return f"今日发往该地址的信件已达上限（{letters.per_address_a_day} 封）"
    if written_today(session, settings, now) >= letters.total_a_day:
        return f"今日信件总数已达上限（{letters.total_a_day} 封）"
    return None


def _is_spoofed(message: Message, drafts: list[Draft]) -> bool:
    of_drafts = (finding for draft in drafts for finding in draft.findings)
    return any(finding["code"] == "sender.spoofed" for finding in (*message.findings, *of_drafts))


def _span(span: timedelta) -> str:
    return f"{span.days} 天" if span.days else f"{span.total_seconds() / 3600:g} 小时"


def _drafts(session: Session, message: Message) -> list[Draft]:
    if message.is_new:
        return list(message.drafts)
    return list(session.scalars(select(Draft).where(Draft.message_row == message.id).order_by(Draft.ordinal)))


def _requests(message: Message, drafts: list[Draft]) -> tuple[str, ...]:
    """What the mail as a whole lacks, as sentences to the unit."""
    of_drafts = (finding for draft in drafts for finding in draft.findings)
    codes = {finding["code"] for finding in (*message.findings, *of_drafts)}
    asked = [_MISSING_ATTACHMENT] if "message.attachment_missing" in codes else []
    asked += [_EXPIRED_LINK] if "attachment.expired_link" in codes else []
    return (*asked, *_unreadable((file["name"], file["status"]) for file in message.attachments))


def _unreadable(files: Iterable[tuple[str, str]]) -> list[str]:
    return [f"附件“{name}”{_PLEAS[status]}。" for name, status in files if status in _PLEAS]


def mail_values(message: Message, verified: bool, settings: Settings) -> dict[str, object]:
    """What a letter says of the mail that it answers."""
    at = message.received_at
    return {
        "verified": verified,
        "addressee": message.unit if verified else "您好",
        "subject": message.subject if verified else None,
        "received_at": at.astimezone(settings.office_value.zone) if at else None,
    }


def _said(
    receipts: tuple[Receipt, ...], requests: tuple[str, ...], verified: bool, drafts: list[Draft]
) -> dict[str, object]:
    shown = verified and len(drafts) == 1 and not drafts[0].secret
    headline = drafts[0].title if shown else None
    return {"receipts": receipts, "requests": requests, "headline": headline, "amended": False, "recognising": False}


def _receipt(draft: Draft, settings: Settings) -> Receipt:
    zone = settings.office_value.zone
    received = ("收到时间", said_time(draft.received_at.astimezone(zone)) if draft.received_at else "待核定")
    if draft.secret:
        return Receipt(draft.receipt, "（不显示标题）", (("回执编号", draft.receipt), received), (_MARKED,))
    facts = [
        ("回执编号", draft.receipt),
        ("发文字号", draft.document_number),
        ("拟归栏目", _column(draft, settings)),
        ("成文日期", said_day(draft.issued_on) if draft.issued_on else None),
        received,
        ("报送期限", _due(draft, settings)),
        ("认定情况", f"{verdict(draft)}（{BY_DESK}）"),
    ]
    wishes: tuple[Wish, ...] = ("更正", "撤回", "异议") if draft.timeliness == "late" else ("更正", "撤回")
    return Receipt(
        number=draft.receipt,
        title=draft.title,
        facts=tuple((label, value) for label, value in facts if value),
        requests=_lacks(draft),
        links=answer_links(settings.office.address, draft.receipt, draft.title, wishes),
    )


def verdict(draft: Draft) -> str:
    """What is said of punctuality: never "late" where the due time is not certain, nothing where that of
    receipt is not."""
    if any(finding["code"] == "receipt.disputed" for finding in draft.findings):
        return "待核定"
    if draft.timeliness == "on_time":
        return "在报送期限内收到"
    if draft.timeliness == "late" and draft.due_certain:
        return _LATE
    return "待核定"


def _column(draft: Draft, settings: Settings) -> str:
    if draft.column is None:
        return "待编辑部确定"
    return f"{draft.column}（待核）" if draft.confidence < settings.review.ask_below else draft.column


def _due(draft: Draft, settings: Settings) -> str | None:
    if draft.submit_due_at is None:
        return None
    said = said_due(draft.submit_due_at.astimezone(settings.office_value.zone))
    return f"{said}前" if draft.due_certain else f"{said}前（暂定）"


def _lacks(draft: Draft) -> tuple[str, ...]:
    no_date = any(finding["code"] == "document.no_date" for finding in draft.findings)
    lacks = [*_unreadable((file.name, file.status) for file in draft.attachments), *([_NO_DATE] if no_date else [])]
    return tuple(f"需补充：{lack}" for lack in lacks)
