"""Learning which column is right from what the editors said of it: a fold over their corrections and confirmations.

Only the corrections are stored. The model is made from them at start and kept up while they come in; the same
corrections under the same config make the same model, whether they came one by one or all at once. A draft's last
word counts, once. What lies longer back than some thousand drafts is forgotten: habits change, and a start is short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from daemon.store.schema import Correction, Draft, DraftAttachment
from daemon.store.unit_of_work import Store
from parsers.learned import FORMAT, Learner, Model
from parsers.office import Office

if TYPE_CHECKING:
    from parsers.choice import Case

STEP = 2000
"""The model stands on the last one to two such steps of drafts: the window moves by whole steps, so that the model is
made anew rarely and still depends on the corrections alone."""
_AT_ONCE = 200
"""Lessons between two looks at whether the daemon is to end."""
_LEAD = 400
"""Characters of the text that the rules look at."""


@dataclass(frozen=True)
class Word:
    """The editors' last word on a draft, and what was known of it."""

    title: str
    unit: str | None
    number: str | None
    issuer: str | None
    lead: str
    pictures: int
    dated: bool
    column: str


@dataclass
class _Fold:
    """A learner, which corrections it has had, and which it still has to be given."""

    learner: Learner = field(default_factory=Learner)
    taken: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


class Learning:
    """Keeps the model up with the corrections. One thread calls `step` again and again.

    `version`: of the model that is already there, from an earlier start. `keep` is given each new one.
    """

    def __init__(self, store: Store, office: Office, keep: Callable[[Model], None], version: str = "") -> None:
        self._store, self._office, self._keep, self._version = store, office, keep, version
        self._fold = _Fold()

    def step(self) -> bool:
        """Learns a part of what is new. True: there is more. StoreUnavailable: step again later."""
        with self._store.read() as session:
            numbers = recent(last_words(session))
            version = self._version_of(numbers)
            if version == self._version:
                return False
            self._turn_to(numbers)
            part = self._fold.waiting[:_AT_ONCE]
            heard = list(words(session, part))
        for word in heard:
            learn(self._fold.learner, word, self._office)
        del self._fold.waiting[: len(part)]
        self._fold.taken += part
        if not self._fold.waiting:
            self._keep(self._fold.learner.model(version))
            self._version = version
        return bool(self._fold.waiting)

    def _version_of(self, numbers: Sequence[int]) -> str:
        return f"{FORMAT}:{self._office.config_version}:{len(numbers)}:{numbers[-1] if numbers else 0}"

    def _turn_to(self, numbers: list[int]) -> None:
        """Goes on where only new ones were added; begins anew where a draft had a second word or the window moved."""
        taken = len(self._fold.taken)
        if numbers[:taken] != self._fold.taken:
            self._fold, taken = _Fold(), 0
        self._fold.waiting = numbers[taken:]


def last_words(session: Session) -> list[int]:
    """The corrections that count, by number: the last one of each draft, in the order in which they were made."""
    last = func.max(Correction.id)
    query = select(last).join(Draft, Draft.id == Correction.draft).where(Draft.secret.is_(False))
    return list(session.scalars(query.group_by(Correction.draft).order_by(last)))


def recent(numbers: Sequence[int]) -> list[int]:
    """Those that a model is made of."""
    return list(numbers[max(0, (len(numbers) // STEP - 1) * STEP) :])


def words(session: Session, numbers: Sequence[int]) -> Iterator[Word]:
    """What the corrections of these numbers say, in their order."""
    ahead = iter(numbers)
    while some := list(islice(ahead, _AT_ONCE)):
        yield from _read(session, some)


def learn(learner: Learner, word: Word, office: Office) -> None:
    """One lesson; nothing where the column is gone or no longer open to the unit."""
    from parsers import columns  # with its patterns, a cost that a start need not wait for

    lesson = columns.lesson(case_of(word, office), office, word.column)
    if lesson is not None:
        learner.learn(lesson)


def case_of(word: Word, office: Office) -> Case:
    """The draft as the rules see it when they choose its column."""
    from parsers.choice import seen

    return seen(
        word.title,
        office.unit(word.unit),
        number=word.number,
        issuer=word.issuer,
        lead=word.lead,
        pictures=word.pictures,
        dated=word.dated,
    )


def _read(session: Session, numbers: Sequence[int]) -> Iterator[Word]:
    attached = select(func.count()).where(DraftAttachment.draft == Draft.id, DraftAttachment.role == "picture")
    query = (
        select(Correction, Draft, func.substr(Draft.body_text, 1, _LEAD), attached.scalar_subquery())
        .join(Draft, Draft.id == Correction.draft)
        .where(Correction.id.in_(numbers), Correction.became.is_not(None))
        .options(load_only(Draft.document_number, Draft.issuer, Draft.issued_on))
        .add_columns(Draft.body_html.contains("<img"))
        .order_by(Correction.id)
    )
    for said, draft, lead, pictures, shows in session.execute(query):
        dated = bool(draft.issued_on or draft.document_number)
        yield Word(
            said.title, said.unit, draft.document_number, draft.issuer, lead, pictures + shows, dated, said.became
        )
