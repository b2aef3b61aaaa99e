"""`evaluate`: the editors' words on columns replayed in time order. Each draft is judged first and learned afterwards,
by the rules, by a model that knows no rules, and by both together as the daemon does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from daemon.desk.learn import Word, case_of, last_words, words
from parsers.learned import Example, Learner, Lesson
from parsers.office import Office

MARKS = (0, 50, 200, 1000)
SURE = 0.9
"""Confidence from which on a choice should be right in 95 of 100."""
HEADINGS = ("稿件", "篇数", "规则", "模型", "规则加模型", f"把握 {SURE} 以上", "其中正确")


@dataclass(frozen=True)
class Replayed:
    """One draft: who was right about it, and how sure both together were."""

    rules: bool
    model: bool
    both: bool
    confidence: float


@dataclass(frozen=True)
class Span:
    """A stretch of the history, from the `first` draft to the `last` (counted from 1)."""

    first: int
    last: int
    replayed: tuple[Replayed, ...]

    def share(self, name: str) -> float:
        """How many of 1 `rules`, `model` or `both` were right about."""
        hits: int = sum(getattr(one, name) for one in self.replayed)
        return hits / len(self.replayed)

    @property
    def sure(self) -> tuple[Replayed, ...]:
        return tuple(one for one in self.replayed if one.confidence >= SURE)


def evaluate(session: Session, office: Office) -> list[Span]:
    """The whole history, then its stretches after 0, 50, 200 and 1,000 drafts; empty where there is none."""
    replayed = tuple(replay(words(session, last_words(session)), office))
    if not replayed:
        return []
    bounds = [*(mark for mark in MARKS if mark < len(replayed)), len(replayed)]
    parts = [Span(first + 1, last, replayed[first:last]) for first, last in pairwise(bounds)]
    return [Span(1, len(replayed), replayed), *(parts if len(parts) > 1 else [])]


def line(span: Span) -> tuple[str, ...]:
    """A stretch under HEADINGS."""
    sure = Span(span.first, span.last, span.sure)
    return (
        f"第 {span.first} 至 {span.last} 篇",
        str(len(span.replayed)),
        *(f"{span.share(name):.1%}" for name in ("rules", "model", "both")),
        f"{len(sure.replayed) / len(span.replayed):.1%}",
        f"{sure.share('both'):.1%}" if sure.replayed else "—",
    )


def replay(history: Iterable[Word], office: Office) -> Iterator[Replayed]:
    """Judges and learns one after another. What stands in a column that is gone or closed to its unit is left out."""
    from parsers import columns, habits

    alone, together = Learner(), Learner()
    for word in history:
        case = case_of(word, office)
        ruling = columns.ruled(case, office)
        if word.column not in ruling.open_to:
            continue
        bare = habits.bare_example(case, ruling.open_to, office.keywords)
        full = columns.example(case, ruling, office)
        choice = habits.decide(ruling.choice, full, together.now)
        model = _best(alone, bare)
        yield Replayed(
            ruling.choice.column == word.column, model == word.column, choice.column == word.column, choice.confidence
        )
        alone.learn(Lesson(bare, word.column))
        together.learn(Lesson(full, word.column))


def _best(learner: Learner, asked: Example) -> str:
    likely = learner.now.probabilities(asked)
    return max(likely, key=lambda column: likely[column])
