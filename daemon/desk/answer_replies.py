"""A reply does what its writer meant, in the transaction that takes it in; what it did stands in the journal.

Only a unit's own registered address can withdraw or correct, and only what is the unit's own; what anybody else says
is a note on the draft. What is quoted says nothing. A reply acts once: reading it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import exists, select

from daemon.desk import corrections, notes
from daemon.desk.bounces import take_bounce
from daemon.desk.conversation import Thread, chosen, letters_of, own_words, thread_of
from daemon.desk.drafting import SYSTEM, Intake, put_drafts, record
from daemon.desk.objections import open_cases
from daemon.desk.outbox import is_verified
from daemon.desk.register_mail import take_case, take_change
from daemon.desk.revise import REVISABLE, Fate, add_files, fate_of, likeness, revise
from daemon.rules.replies import Meaning, Wish, is_courtesy, meanings
from daemon.rules.states import Place, next_place, steps_of
from daemon.store.schema import Draft, Journal
from parsers.submission import Draft as Found

USED = ("reply.revise", "reply.annex")
"""What became of a reply's documents other than drafts of their own."""
_OPEN = ("quarantined", "pending", "in_review", "returned", "approved")
"""Not yet out of the house: the unit may take it back itself."""
_OUT = ("exported", "published")
_ANSWERS = ("reply", "submission", "other")
_LONGEST_REQUEST = 600
"""Characters: in a longer text a word about withdrawing is for a person to weigh."""
_REMARK = 200
"""Characters of a text in the mail itself up to which it is a remark rather than an article."""
_SIMPLE: dict[Wish, str] = {"no_change": "无变化", "not_public": "不公开", "objection": "有异议"}


@dataclass(frozen=True)
class Reply:
    """A mail that answers a letter, or names a draft."""

    intake: Intake
    thread: Thread
    words: str
    """Its own, without what is quoted."""
    meant: dict[Wish, Meaning] = field(default_factory=dict)

    @cached_property
    def verified(self) -> bool:
        """It comes from an address that its unit has registered."""
        return is_verified(self.intake.message)

    @cached_property
    def targets(self) -> tuple[Draft, ...]:
        """The drafts that it means; empty where it does not say which."""
        return chosen(self.thread.drafts, self.words, "all" in self.meant)

    def may_change(self, draft: Draft) -> bool:
        """Whether this writer can withdraw or correct this draft."""
        return self.verified and draft.unit == self.intake.message.unit


def take_drafts(intake: Intake, *, is_first: bool) -> list[int]:
    """Does what a reply asks for and makes drafts of the documents that are new; gives the drafts made or changed."""
    if is_first and not intake.message.history:
        take_bounce(intake)
    if intake.message.history or intake.message.kind not in _ANSWERS:
        return put_drafts(intake, is_first=is_first)
    if (of_case := take_case(intake)) is not None:
        return of_case
    intake = take_change(intake)
    if not is_first:
        return [] if _used_up(intake) else put_drafts(intake, is_first=False)
    reply = _read(intake)
    if reply.thread.found or reply.meant:
        intake.message.is_new = False
    changed, rest = _documents(reply)
    made = put_drafts(replace(intake, found=replace(intake.found, drafts=rest)), is_first=True)
    corrections.link(intake, made, reply.thread.drafts, "correction" in reply.meant)
    return [*changed, *made, *_words(reply, bool(changed), bool(rest))]


def _used_up(intake: Intake) -> bool:
    """Its documents became revisions of other drafts when it was first read."""
    query = select(exists().where(Journal.message == intake.message.id, Journal.action.in_(USED)))
    return bool(intake.session.scalar(query))


def _read(intake: Intake) -> Reply:
    message = intake.message
    thread = thread_of(intake.session, message)
    words = own_words(message, letters_of(intake.session, thread))
    columns = [column.name for column in intake.settings.office_value.columns]
    subject = message.subject if message.kind == "submission" or not words else None
    # What answers nothing is most often an article, whose sentences are said to nobody here.
    said = words if thread.found else words[:_LONGEST_REQUEST]
    found = meanings(f"{subject or ''}\n{said}", columns)
    return Reply(intake, thread, words, {meaning.wish: meaning for meaning in found})


def _documents(reply: Reply) -> tuple[list[int], tuple[Found, ...]]:
    """What becomes of a reply's documents: the drafts that they change, and those that are drafts of their own."""
    changed: list[int] = []
    rest: list[Found] = []
    for found in reply.intake.found.drafts:
        draft = _corrected(reply, found)
        fate = _fate(reply, found, draft) if draft else "new"
        if draft and fate != "new":
            _use(reply, found, draft, fate)
            changed.append(draft.id)
        elif not _is_remark(reply, found):
            rest.append(found)
    return changed, tuple(rest)


def _corrected(reply: Reply, found: Found) -> Draft | None:
    """The draft that a document may be another version of: of the unit's own, still with the editors."""
    if reply.thread.by_title:
        return None
    drafts = [draft for draft in reply.thread.drafts if reply.may_change(draft) and draft.state in REVISABLE]
    meant = [draft for draft in drafts if draft in reply.targets] or drafts
    best = max(meant, key=lambda draft: likeness(found, draft), default=None)
    return best if best is not None and (len(meant) == 1 or likeness(found, best) >= 1) else None


def _fate(reply: Reply, found: Found, draft: Draft) -> Fate:
    if _is_remark(reply, found):
        return "new"
    return fate_of(
        found,
        draft,
        corrects="correction" in reply.meant,
        supplements="supplement" in reply.meant,
        returned=bool(reply.thread.letter and reply.thread.letter.kind == "return"),
    )


def _use(reply: Reply, found: Found, draft: Draft, fate: Fate) -> None:
    if fate == "revision":
        revise(reply.intake, draft, found)
    else:
        add_files(reply.intake, draft, found.attachments)


def _is_remark(reply: Reply, found: Found) -> bool:
    """A few words in a reply are said to the editors, whatever the parsers could make of them."""
    return reply.thread.found and not found.attachments and len(found.body_text) < _REMARK


def _words(reply: Reply, changed: bool, has_new: bool) -> list[int]:
    """Does what a reply's words ask for; gives the drafts that it touched."""
    if "liaison" in reply.meant and reply.verified:
        _propose_liaison(reply, reply.meant["liaison"])
    if not reply.thread.found or _says_nothing(reply, changed or has_new):
        return []
    touched = [draft.id for wish in reply.meant for draft in _do(reply, wish, changed or has_new)]
    is_said = bool(touched) or changed or has_new or "liaison" in reply.meant or _answers_a_letter(reply)
    return touched if is_said and _has_say(reply) else _note(reply)


def _answers_a_letter(reply: Reply) -> bool:
    """It says what a letter about no draft asked for: that stands in the journal already."""
    return not reply.thread.drafts and reply.verified and any(wish in _SIMPLE for wish in reply.meant)


def _has_say(reply: Reply) -> bool:
    """Whether it is about anything of the writer's own, or about no draft."""
    return not reply.thread.drafts or any(map(reply.may_change, reply.thread.drafts))


def _says_nothing(reply: Reply, has_documents: bool) -> bool:
    """Thanks alone; a mail without any words may hold them where nobody looks for them, so a person does."""
    if reply.intake.message.attachments:
        return False
    return is_courtesy(reply.words) and (has_documents or bool(reply.words))


def _do(reply: Reply, wish: Wish, has_documents: bool) -> Iterable[Draft]:
    """One wish, for each draft that it is about and its writer has a say in; gives those drafts."""
    mine = [draft for draft in reply.targets if reply.may_change(draft)]
    meaning = reply.meant[wish]
    if wish == "withdraw" and not has_documents and len(reply.words) <= _LONGEST_REQUEST:
        return [_withdraw(reply, draft, meaning) for draft in mine]
    if wish in ("withdraw", "perhaps_withdraw") and mine and not has_documents:
        return _perhaps_withdraw(reply, mine, meaning)
    if wish == "column":
        return [
            _say(reply, draft, wish, f"单位建议栏目调整为“{meaning.value}”", {"column": meaning.value})
            for draft in mine
        ]
    if wish in _SIMPLE:
        return _simple(reply, wish, mine)
    return []


def _simple(reply: Reply, wish: Wish, mine: Sequence[Draft]) -> list[Draft]:
    words = f"单位答复“{_SIMPLE[wish]}”：{reply.meant[wish].words}"
    if wish == "objection" and reply.verified and _has_say(reply):
        open_cases(reply.intake, mine, reply.thread.letter, reply.words or words)
    if not reply.thread.drafts and reply.verified:
        _of_letter(reply, f"reply.{wish}", words)
    return [_say(reply, draft, wish, words, {}) for draft in mine]


def _withdraw(reply: Reply, draft: Draft, meaning: Meaning) -> Draft:
    if draft.state in _OUT:
        return _say(reply, draft, "withdraw_asked", f"单位要求撤回已{_out(draft)}的稿件，请办理：{meaning.words}", {})
    if draft.state not in _OPEN:
        return _say(reply, draft, "note", f"单位要求撤回：{meaning.words}", {})
    steps = steps_of(draft.column, reply.intake.settings.review.steps, reply.intake.settings.review.single_step)
    before = Place(draft.state, draft.review_step)  # type: ignore[arg-type]
    after = next_place(before, "withdraw", steps)
    draft.state, draft.review_step = after.state, after.step
    draft.assignee, draft.locked_until = None, None
    notes.touch(reply.intake, draft)
    words = "" if draft.secret else meaning.words
    record(reply.intake, draft, "reply.withdraw", {"state": before.state}, {"state": after.state}, note=words)
    return draft


def _out(draft: Draft) -> str:
    return "发布" if draft.state == "published" else "导出"


def _perhaps_withdraw(reply: Reply, mine: Sequence[Draft], meaning: Meaning) -> list[Draft]:
    return [_say(reply, draft, "note", f"来信可能要求撤回本稿，请与单位核实：{meaning.words}", {}) for draft in mine]


def _say(reply: Reply, draft: Draft, what: str, words: str, after: dict[str, Any]) -> Draft:
    """Puts a sentence before the editors, on the draft and in the journal."""
    notes.put(reply.intake, draft, words)
    record(reply.intake, draft, f"reply.{what}", after=after, note="" if draft.secret else notes.shortened(words))
    return draft


def _note(reply: Reply) -> list[int]:
    """What no rule knows, and whatever is not the writer's to ask for: a person reads it."""
    words = reply.words or "来信没有正文，或写在引文之中，请查看原邮件"
    drafts = reply.targets or reply.thread.drafts
    if not drafts:
        _of_letter(reply, "reply.note", words)
    return [_say(reply, draft, "note", f"{_who(reply, draft)}：{words}", {}).id for draft in drafts]


def _who(reply: Reply, draft: Draft) -> str:
    if reply.may_change(draft):
        return _ambiguous(reply)
    return f"来信地址 {reply.intake.message.sender_address or '不明'} 不是该单位备案的邮箱，来信所提要求未办理，请核实"


def _ambiguous(reply: Reply) -> str:
    several = len(reply.thread.drafts) > 1 and not reply.targets
    return "单位来信说明（未指明是同一来信中的哪一篇稿件）" if several else "单位来信说明"


def _of_letter(reply: Reply, action: str, words: str) -> None:
    """An answer to a letter that is about no draft: a line of the journal about the unit."""
    message, letter = reply.intake.message, reply.thread.letter
    reply.intake.session.add(
        Journal(
            at=reply.intake.now, who=SYSTEM, action=action, message=message.id, letter=letter.id if letter else None,
            unit=message.unit, note=notes.shortened(words),
        )
    )  # fmt: skip


def _propose_liaison(reply: Reply, meaning: Meaning) -> None:
    """A new liaison: units.yaml is the office's to change."""
    message = reply.intake.message
    after = {"name": meaning.value, "phone": meaning.phone}
    reply.intake.session.add(
        Journal(
            at=reply.intake.now, who=SYSTEM, action="reply.liaison", message=message.id, unit=message.unit, after=after,
            note=notes.shortened(f"单位来信变更信息员，请核实后在 units.yaml 中修改：{meaning.words}"),
        )
    )  # fmt: skip
