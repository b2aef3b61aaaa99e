"""What editors do with a draft: one function an action (CONTRACT.md, section 4).

Each compares and swaps the draft's version and writes its journal row in the caller's transaction. A text is never
overwritten: an edit makes a revision. Reading an old page and acting on it gives ConflictError and changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from daemon.desk import clocks
from daemon.desk.accounts import Actor, people
from daemon.desk.acknowledge import amend
from daemon.desk.bulletins import freeze
from daemon.desk.hand import (
    Hand,
    InvalidInput,
    NotFound,
    held,
    lock,
    locked_by_other,
    record,
    renewed,
    swap,
    unlocked,
)  # fmt: skip
from daemon.desk.pictures import of_draft, only
from daemon.desk.queue import open_blocks
from daemon.desk.rescreen import still_stands
from daemon.desk.return_to_unit import return_letter
from daemon.rules import states
from daemon.rules.states import NotAllowed, Place
from daemon.settings import Settings
from daemon.store import search
from daemon.store.schema import Correction, Draft, Journal, Revision
from parsers.html import blocks, clean

EDITABLE = ("quarantined", "pending", "in_review")
ASSIGNABLE = ("pending", "in_review")
LONGEST_TITLE = 300


@dataclass(frozen=True)
class Content:
    """What an editor can correct."""

    title: str
    column: str | None
    document_number: str | None
    issuer: str | None
    issued_on: date | None
    addressee: str | None
    body_html: str


CONTENT = tuple(Content.__dataclass_fields__)


def release(session: Session, hand: Hand, note: str = "") -> Draft:
    """The source has been confirmed: the draft joins the queue."""
    return _move(session, hand, "release", note)


def take(session: Session, hand: Hand) -> Draft:
    """The editor begins to review it, and holds it for the time of the lock."""
    return _move(session, hand, "take", **lock(hand))


def assign(session: Session, hand: Hand, to: str) -> Draft:
    """Hands it to somebody, oneself included (接手). What another is working on, only the chief hands on."""
    is_chief = states.has_role(hand.who.role, "chief")
    draft = held(session, hand) if is_chief else unlocked(session, hand)
    if draft.state not in ASSIGNABLE:
        raise NotAllowed(f"稿件当前为“{states.STATE_NAMES[place_of(draft).state]}”，不能指派。")
    if to not in people(session, draft.secret):
        raise InvalidInput("请选择一位可以处理这篇稿件的编辑。")
    before = draft.assignee
    swap(
        session,
        hand,
        draft,
        **({"assignee": to, "locked_until": None} | (renewed(draft, hand) if to == hand.who.name else {})),
    )
    record(session, hand, "assign", {"assignee": before}, {"assignee": to})
    return draft


def sign(session: Session, hand: Hand) -> Draft:
    """This step of review is passed; the last one approves the draft. The next step is free for another person."""
    draft = unlocked(session, hand)
    _check_publishable(draft)
    states.move(place_of(draft), "sign", hand.who.role, steps_of(draft, hand.settings), draft.secret)
    if hand.who.name in signers(session, draft.id):
        raise NotAllowed("您已签过前一审，后一审须由其他人办理。")
    signed = _move(session, hand, "sign", assignee=None)
    if signed.state == "approved":
        _teach(session, hand, signed, signed.column)
        freeze(session, signed, hand.who.name, hand.now)
    return signed


def return_to_unit(session: Session, hand: Hand, reason: str) -> Draft:
    """Back to the unit, with a letter that gives the reason."""
    reason = _required(reason, "请填写退回原因，退稿函会写明这一原因。")
    draft = _move(session, hand, "return", reason, assignee=None)
    return_letter(session, draft, reason, hand.settings, hand.now)
    return draft


def resend(session: Session, hand: Hand) -> Draft:
    """What was returned has come again by another way."""
    return _move(session, hand, "resend")


def reject(session: Session, hand: Hand, reason: str) -> Draft:
    """It will not be published."""
    return _move(session, hand, "reject", _required(reason, "请填写不采用的原因。"), assignee=None)


def withdraw(session: Session, hand: Hand, reason: str) -> Draft:
    """The unit takes it back, or it is taken off the portal."""
    return _move(session, hand, "withdraw", _required(reason, "请填写撤回的原因。"), assignee=None)


def reopen(session: Session, hand: Hand, note: str = "") -> Draft:
    """Into the queue again."""
    return _move(session, hand, "reopen", note)


def correct(session: Session, hand: Hand, reason: str) -> Draft:
    """A published post is worked on again; the old text stays up meanwhile."""
    return _move(session, hand, "correct", _required(reason, "请填写更正的原因。"), **lock(hand))


def exported(session: Session, hand: Hand) -> Draft:
    """Its folder has been written."""
    return _move(session, hand, "export", exported_at=hand.now)


def confirm(session: Session, hand: Hand, published_at: datetime, url: str) -> Draft:
    """It stands on the portal, since when and where."""
    if published_at > hand.now:
        raise InvalidInput("上网时间不能晚于现在。")
    return _move(session, hand, "confirm", published_at=published_at, published_url=_address(url))


def edit(session: Session, hand: Hand, content: Content) -> Draft:
    """The corrected text as a new revision; due times follow a changed date or column. No change: no revision."""
    draft = unlocked(session, hand)
    check_editable(draft, hand)
    return apply(session, hand, draft, asdict(_checked(content, hand.settings, of_draft(session, draft))))


def restore(session: Session, hand: Hand, number: int) -> Draft:
    """What an earlier revision said, as a new one. A column that there is no more stays as it is now."""
    draft = unlocked(session, hand)
    check_editable(draft, hand)
    said = revision_of(session, draft, number)
    if hand.settings.office_value.column(said["column"]) is None:
        said["column"] = draft.column
    return apply(session, hand, draft, said, f"恢复为第 {number} 版的内容")


def revision_of(session: Session, draft: Draft, number: int) -> dict[str, Any]:
    """What a revision said, as values of the draft's columns."""
    former = session.get(Revision, (draft.id, number))
    if former is None:
        raise NotFound("没有这一版。")
    said = {name: former.content[name] for name in CONTENT}
    return said | {"issued_on": date.fromisoformat(said["issued_on"]) if said["issued_on"] else None}


def set_column(session: Session, hand: Hand, column: str) -> Draft:
    """Another column, all else as it is: an edit like any other, which teaches; or the word that it is right."""
    draft = unlocked(session, hand)
    check_editable(draft, hand)
    _check_column(column, hand.settings)
    if column == draft.column:
        return _keep_column(session, hand, draft)
    return apply(session, hand, draft, {name: getattr(draft, name) for name in CONTENT} | {"column": column})


def resolve(session: Session, hand: Hand, index: int, note: str) -> Draft:
    """A finding has been dealt with. Refused while what it found still stands in what would be published."""
    draft = unlocked(session, hand)
    finding = _finding(draft, index)
    if finding["code"].startswith("secret."):
        raise NotAllowed("密级和公开属性的问题不能标记为已处理，须由主编裁定。")
    if finding["severity"] == "block" and still_stands(draft, finding, hand.settings):
        raise NotAllowed("稿件中仍检出同类内容。请先修改正文或不发布该附件；确需保留的，由主编裁定放行。")
    return _settle(session, hand, index, "resolved", _required(note, "请写明如何处理的。"))


def overrule(session: Session, hand: Hand, index: int, reason: str) -> Draft:
    """The chief lets it be published in spite of a finding."""
    if not states.has_role(hand.who.role, "chief"):
        raise NotAllowed("“裁定放行”须由主编办理。")
    return _settle(session, hand, index, "overruled", _required(reason, "请写明放行的理由。"))


def keep_back(session: Session, hand: Hand, attachment_id: int, publish: bool) -> Draft:
    """Whether a file goes with the post."""
    draft = unlocked(session, hand)
    check_editable(draft, hand)
    attachment = next((one for one in draft.attachments if one.id == attachment_id), None)
    if attachment is None:
        raise NotFound("没有这个附件。")
    swap(session, hand, draft, **renewed(draft, hand))
    before, attachment.publish = attachment.publish, publish
    record(session, hand, "attachment", {"publish": before}, {"publish": publish}, attachment.name)
    return draft


def place_of(draft: Draft) -> Place:
    """Where a draft stands."""
    return Place(draft.state, draft.review_step)  # type: ignore[arg-type]


def steps_of(draft: Draft, settings: Settings) -> tuple[str, ...]:
    """The steps of review that this draft goes through."""
    return states.steps_of(draft.column, settings.review.steps, settings.review.single_step)


def allowed(
    draft: Draft, who: Actor, settings: Settings, now: datetime, signed: frozenset[str]
) -> tuple[states.Action, ...]:
    """What this person may do with it now; `signed`: by whom earlier steps were signed."""
    if locked_by_other(draft, who, now):
        return ()
    found = states.allowed_actions(place_of(draft), who.role, steps_of(draft, settings), draft.secret)
    return tuple(action for action in found if action != "sign" or who.name not in signed)


def signers(session: Session, draft_id: int) -> frozenset[str]:
    """Who has signed a step since the present review began: each step is another person's (三审制)."""
    begun = select(func.max(Journal.id)).where(Journal.draft == draft_id, Journal.action.in_(("take", "correct")))
    signed = select(Journal.who).where(
        Journal.draft == draft_id, Journal.action == "sign", Journal.id > func.coalesce(begun.scalar_subquery(), 0)
    )
    return frozenset(session.scalars(signed))


def apply(session: Session, hand: Hand, draft: Draft, new: dict[str, Any], note: str = "") -> Draft:
    """New values of `CONTENT`, already checked, as the draft's next revision."""
    changed = [name for name in new if getattr(draft, name) != new[name]]
    if not changed:
        return draft
    before = {name: _plain(getattr(draft, name)) for name in changed if name != "body_html"}
    was = draft.column
    values = new | {"body_text": text_of(new["body_html"])} if "body_html" in changed else new
    values = values | clocks.due_times(draft, new, hand.settings) | renewed(draft, hand)
    if "column" in changed:
        values["confidence"] = 1.0
    swap(session, hand, draft, revision=draft.revision + 1, **values)
    _keep_revision(session, hand, draft)
    search.put(session, draft)
    if "column" in changed:
        _teach(session, hand, draft, was)
    after = {name: _plain(new[name]) for name in before} | {"revision": draft.revision}
    before["revision"] = draft.revision - 1
    record(session, hand, "edit", before, after, note or ("正文有改动" if "body_html" in changed else ""))
    if "issued_on" in changed:
        amend(session, draft, hand.settings, hand.now)
    return draft


def _move(session: Session, hand: Hand, action: states.Action, note: str = "", **values: Any) -> Draft:
    draft = unlocked(session, hand)
    before = place_of(draft)
    after = states.move(before, action, hand.who.role, steps_of(draft, hand.settings), draft.secret)
    swap(session, hand, draft, **({"state": after.state, "review_step": after.step, "locked_until": None} | values))
    record(session, hand, action, asdict(before), asdict(after) | _shown(values), note)
    return draft


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items() if name not in ("assignee", "locked_until")}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _keep_revision(session: Session, hand: Hand, draft: Draft) -> None:
    content = {name: _plain(getattr(draft, name)) for name in (*CONTENT, "body_text")}
    session.add(Revision(draft=draft.id, number=draft.revision, at=hand.now, who=hand.who.name, content=content))


def _keep_column(session: Session, hand: Hand, draft: Draft) -> Draft:
    """Nobody need ask any more; what people say of a column is certain."""
    before = {"confidence": round(draft.confidence, 2)}
    swap(session, hand, draft, confidence=1.0, **renewed(draft, hand))
    _teach(session, hand, draft, draft.column)
    record(session, hand, "column.keep", before, {"column": draft.column})
    return draft


def _teach(session: Session, hand: Hand, draft: Draft, was: str | None) -> None:
    """The editors' word on the column, from which columns are learned. Nothing is learned from secrets."""
    if draft.secret or draft.column is None:
        return
    last = session.scalar(
        select(Correction).where(Correction.draft == draft.id).order_by(Correction.id.desc()).limit(1)
    )
    if last is not None and last.became == draft.column:
        return
    session.add(
        Correction(
            at=hand.now, who=hand.who.name, draft=draft.id, title=draft.title, unit=draft.unit, was=was,
            became=draft.column,
        )
    )  # fmt: skip


def _check_publishable(draft: Draft) -> None:
    if blocking := open_blocks(draft.findings):
        raise NotAllowed(f"还有 {len(blocking)} 条“须处理”的问题没有处理，处理完毕或由主编裁定放行后才能通过审核。")
    if draft.column is None:
        raise NotAllowed("栏目未定，请先修改稿件、选定栏目。")


def check_editable(draft: Draft, hand: Hand) -> None:
    """NotAllowed where its state forbids a change, NotFound for whom may not see it."""
    if draft.state not in EDITABLE:
        raise NotAllowed(f"稿件当前为“{states.STATE_NAMES[place_of(draft).state]}”，不能修改。")
    if draft.secret and not hand.who.sees_secrets:
        raise NotFound("没有这篇稿件，或您无权查看。")


def _checked(content: Content, settings: Settings, pictures: frozenset[str]) -> Content:
    title = " ".join(content.title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidInput("标题应为 1 至 300 个字。")
    if content.column is not None:
        _check_column(content.column, settings)
    return Content(
        title=title,
        column=content.column,
        document_number=_one_line(content.document_number),
        issuer=_one_line(content.issuer),
        issued_on=content.issued_on,
        addressee=_one_line(content.addressee),
        body_html=clean(only(pictures, content.body_html)),
    )


def _check_column(column: str, settings: Settings) -> None:
    if settings.office_value.column(column) is None:
        raise InvalidInput(f"没有名为“{column}”的栏目。")


def _one_line(text: str | None) -> str | None:
    return " ".join((text or "").split())[:300] or None


def text_of(body_html: str) -> str:
    """The plain text of clean HTML, a line a block."""
    return "\n".join(block.text for block in blocks(body_html) if block.text)


def _required(text: str, complaint: str) -> str:
    if not text.strip():
        raise InvalidInput(complaint)
    return text.strip()[:2000]


def _address(url: str) -> str:
    url = url.strip()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > 1000 or any(map(str.isspace, url)):
        raise InvalidInput("网页地址应以 http:// 或 https:// 开头，如 https://www.example.cn/art/1.html。")
    return url


def _finding(draft: Draft, index: int) -> dict[str, Any]:
    if not 0 <= index < len(draft.findings):
        raise NotFound("没有这条提示。")
    found: dict[str, Any] = draft.findings[index]
    return found


def _settle(session: Session, hand: Hand, index: int, how: str, reason: str) -> Draft:
    draft = held(session, hand)
    finding = _finding(draft, index)
    settled = finding | {"settled": how, "by": hand.who.name, "at": hand.now.isoformat(), "reason": reason}
    findings = [*draft.findings[:index], settled, *draft.findings[index + 1 :]]
    # The chief's word does not take the draft out of its editor's hands.
    swap(session, hand, draft, findings=findings, **({} if how == "overruled" else renewed(draft, hand)))
    action = "overrule" if how == "overruled" else "resolve"
    record(session, hand, action, {}, {"finding": finding["message"]}, reason)
    return draft
