"""What an answer is about: the letter that it answers and the drafts that it speaks of.

By In-Reply-To and References; else by a receipt number in the subject, in its own words or in what it quotes; else by
the sender's unit and a title. Months may lie between.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from daemon.mail.answers import COLUMNS_ASKED
from daemon.rules.replies import ordinals, receipts
from daemon.store.schema import Draft, Letter, Message
from parsers.likeness import folded

_LATELY = 300
"""Drafts of a unit that are looked through for a title."""
_MOST = 30
"""Drafts that one answer can speak of."""
_QUOTED = 10
"""Letters about the same drafts whose words are known again in an answer."""
_SHORTEST_TITLE = 6
_LINE, _PIECE = 4, 8
"""Folded characters from which a line that is one of our letter's, or a piece of it, is a citation."""
_GONE = ("withdrawn", "rejected")
_MARKS = re.compile(r"^\s*(?:(?:re|aw|fw|fwd|回复|答复|转发|回覆)\s*[:：]\s*)+", re.I)


@dataclass(frozen=True)
class Thread:
    """What an answer belongs to."""

    letter: Letter | None = None
    drafts: tuple[Draft, ...] = ()
    by_title: bool = False
    """Found by sender and title alone: the mail may be a new one that only names an earlier draft."""

    @property
    def found(self) -> bool:
        return bool(self.letter or self.drafts)


def thread_of(session: Session, message: Message) -> Thread:
    """The letter and the drafts that a mail answers or names; empty where it does neither."""
    letter = _letter(session, message)
    drafts = _named(session, message, letter) or (_of_letter(session, letter) if letter else ())
    drafts = drafts or _of_own_mail(session, message)
    if letter is None or letter.kind != "statement":  # which names every draft of a month
        drafts = drafts or _in_quote(session, message)
    if letter or drafts or message.kind == "submission":  # what is sent in anew is a draft of its own
        return Thread(letter, drafts)
    return Thread(drafts=_by_title(session, message), by_title=True)


def chosen(drafts: Sequence[Draft], words: str, is_all: bool) -> tuple[Draft, ...]:
    """Which of several drafts an answer's own words mean; empty: they don't say."""
    if len(drafts) == 1 or is_all:
        return tuple(drafts)
    numbers, plain = receipts(words), folded(words)
    named = [draft for draft in drafts if draft.receipt in numbers or _stands_in(draft.title, plain)]
    if named:
        return tuple(named)
    places = ordinals(words)
    return tuple(draft for place, draft in enumerate(drafts, 1) if place in places)


def own_words(message: Message, letters: Sequence[Letter]) -> str:
    """An answer's own text: what the parsers left of it, without lines that are our letters' own. Some programs quote
    without any mark, and our letters speak of withdrawing."""
    said = [folded(line) for letter in letters for line in letter.text.splitlines()]
    lines = (line for line in message.note.splitlines() if not _is_cited(folded(line), frozenset(said), "".join(said)))
    return "\n".join(lines).strip()


def letters_of(session: Session, thread: Thread) -> tuple[Letter, ...]:
    """The letters that an answer may quote: the one that it answers, and the last ones about its drafts."""
    if not thread.drafts:
        return (thread.letter,) if thread.letter else ()
    rows = [draft.message_row for draft in thread.drafts if draft.message_row is not None]
    about = Letter.draft.in_([draft.id for draft in thread.drafts]) | Letter.message.in_(rows)
    last = session.scalars(select(Letter).where(about).order_by(Letter.id.desc()).limit(_QUOTED))
    return (*((thread.letter,) if thread.letter else ()), *last)


def _is_cited(line: str, said: frozenset[str], whole: str) -> bool:
    return (len(line) >= _LINE and line in said) or (len(line) >= _PIECE and line in whole)


def _letter(session: Session, message: Message) -> Letter | None:
    """The latest letter of ours that the headers name, or the question that the subject says it answers."""
    named = [message.in_reply_to, *reversed(message.references)]
    identities = [identity for identity in named if identity]
    found = session.scalars(select(Letter).where(Letter.message_id.in_(identities[:100]))).all() if identities else ()
    return min(found, key=lambda letter: identities.index(letter.message_id), default=_question(session, message))


def _question(session: Session, message: Message) -> Letter | None:
    """The unit's last question about its columns: a ready-made answer is a mail of its own, without our Message-ID."""
    if message.unit is None or COLUMNS_ASKED not in (message.subject or ""):
        return None
    asked = (Letter.unit == message.unit, Letter.kind == "confirmation_request", Letter.state == "sent")
    return session.scalar(select(Letter).where(*asked).order_by(Letter.id.desc()).limit(1))


def _of_letter(session: Session, letter: Letter) -> tuple[Draft, ...]:
    if letter.draft is not None:
        return _drafts(session, Draft.id == letter.draft)
    own = _drafts(session, Draft.message_row == letter.message) if letter.message is not None else ()
    return own or _numbered(session, receipts(letter.subject))


def _named(session: Session, message: Message, letter: Letter | None) -> tuple[Draft, ...]:
    """By a receipt number: in its own words, then in the subject unless that is only our letter's."""
    own = _numbered(session, receipts(own_words(message, [letter] if letter else [])))
    return own or (() if letter else _whole_mail(session, _numbered(session, receipts(message.subject)), message))


def _whole_mail(session: Session, drafts: tuple[Draft, ...], message: Message) -> tuple[Draft, ...]:
    """A receipt's subject names the first of several drafts ("2026-000123 等3件"): all of its mail are meant."""
    if len(drafts) != 1 or not re.search(r"等\s*\d+\s*件", message.subject or ""):
        return drafts
    return _drafts(session, Draft.message_row == drafts[0].message_row)


def _of_own_mail(session: Session, message: Message) -> tuple[Draft, ...]:
    """The unit answers its own earlier mail. A Message-ID is the sender's to choose: only within the unit."""
    identities = [identity for identity in (message.in_reply_to, *reversed(message.references)) if identity]
    if message.unit is None or not identities:
        return ()
    query = select(Message.id).where(Message.message_id.in_(identities[:100]), Message.unit == message.unit)
    rows = list(session.scalars(query.where(Message.id != message.id).limit(_MOST)))
    return _drafts(session, Draft.message_row.in_(rows)) if rows else ()


def _in_quote(session: Session, message: Message) -> tuple[Draft, ...]:
    return _numbered(session, receipts(message.quoted))


def _numbered(session: Session, numbers: Collection[str]) -> tuple[Draft, ...]:
    return _drafts(session, Draft.receipt.in_(list(numbers)[:_MOST])) if numbers else ()


def _by_title(session: Session, message: Message) -> tuple[Draft, ...]:
    """Drafts of the sender's unit whose title the mail names, the newest where several have it; else those of the mail
    whose subject it repeats."""
    if message.unit is None:
        return ()
    query = select(Draft.id, Draft.title, Draft.title_key, Draft.state).where(Draft.unit == message.unit)
    query = query.where(Draft.message_row.is_distinct_from(message.id), Draft.state != "archived")
    lately = session.execute(query.order_by(Draft.id.desc()).limit(_LATELY)).all()
    words = folded(f"{message.subject or ''}\n{message.note}")
    named: dict[str, int] = {}
    for row in sorted((row for row in lately if _stands_in(row.title, words)), key=lambda row: row.state in _GONE):
        named.setdefault(row.title_key, row.id)
    return _drafts(session, Draft.id.in_(named.values())) if named else _same_subject(session, message)


def _same_subject(session: Session, message: Message) -> tuple[Draft, ...]:
    bare = _MARKS.sub("", message.subject or "").strip()
    if not _MARKS.match(message.subject or "") or len(folded(bare)) < _SHORTEST_TITLE:
        return ()
    query = select(Message.id).where(Message.unit == message.unit, Message.subject == bare, Message.id != message.id)
    row = session.scalar(query.order_by(Message.id.desc()).limit(1))
    return _drafts(session, Draft.message_row == row) if row is not None else ()


def _stands_in(title: str, words: str) -> bool:
    bare = folded(title)
    return len(bare) >= _SHORTEST_TITLE and bare in words


def _drafts(session: Session, condition: ColumnElement[bool]) -> tuple[Draft, ...]:
    query = select(Draft).where(condition).order_by(Draft.message_row, Draft.ordinal).limit(_MOST)
    return tuple(session.scalars(query.with_for_update()))
