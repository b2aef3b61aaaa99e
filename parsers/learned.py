"""An online model of an office's habits: softmax regression with AdaGrad (Duchi, Hazan, Singer 2011), started from
the rules. Knows nothing of mail: an example has marks and a prior, a lesson says which column it belongs in.

The measurements behind it are in the README of the titles that benchmarks/columns.py reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt

FORMAT = 1
"""Rises when the same lessons would give another model."""
_RATE = 0.15
_REPLAYS = 3
"""Steps on one lesson: it was given once, and the next one may come tomorrow."""
_SETTLED = 0.005
"""An error so small teaches nothing; leaving it out keeps the model small and a lesson fast."""
_DIGITS = 4
_ROOM = 1e-8


@dataclass(frozen=True)
class Example:
    """What is seen of a text: its marks, sorted, and the columns open to it with their probability by the rules."""

    marks: tuple[str, ...]
    prior: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Lesson:
    """An example, and the column that the editors put it in: one of its prior's."""

    example: Example
    column: str


@dataclass(frozen=True)
class Model:
    """What was learned: mark → column → weight. A value; the one without weights repeats the prior."""

    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)
    lessons: int = 0
    version: str = ""
    """Which history it was made from."""

    def probabilities(self, example: Example) -> dict[str, float]:
        """Of each column open to the example; they add up to 1."""
        return _probabilities(self.weights, example)

    def pull(self, mark: str, column: str, rather_than: str | None) -> float:
        """How much a mark speaks for one column against another."""
        weights = self.weights.get(mark, {})
        return weights.get(column, 0.0) - (weights.get(rather_than, 0.0) if rather_than else 0.0)


class Learner:
    """The fold: takes one lesson after another. The same lessons in the same order give the same model."""

    def __init__(self) -> None:
        self._weights: dict[str, dict[str, float]] = {}
        self._squares: dict[str, dict[str, float]] = {}
        self._lessons = 0

    def learn(self, lesson: Lesson) -> None:
        """One more lesson."""
        self._lessons += 1
        for _ in range(_REPLAYS):
            self._step(lesson)

    @property
    def now(self) -> Model:
        """The model as it stands, uncopied: the next lesson changes it."""
        return Model(self._weights, self._lessons)

    def model(self, version: str = "") -> Model:
        """What has been learned so far; later lessons don't change it."""
        rounded = {
            mark: {column: round(weight, _DIGITS) for column, weight in weights.items()}
            for mark, weights in self._weights.items()
        }
        return Model(rounded, self._lessons, version)

    def _step(self, lesson: Lesson) -> None:
        for column, probability in _probabilities(self._weights, lesson.example).items():
            error = probability - (column == lesson.column)
            if abs(error) >= _SETTLED:
                self._move(lesson.example.marks, column, error)

    def _move(self, marks: Iterable[str], column: str, error: float) -> None:
        for mark in marks:
            weights = self._weights.setdefault(mark, {})
            squares = self._squares.setdefault(mark, {})
            squares[column] = squares.get(column, _ROOM) + error * error
            weights[column] = weights.get(column, 0.0) - _RATE * error / sqrt(squares[column])


def fold(lessons: Iterable[Lesson], version: str = "") -> Model:
    """The model that a history makes."""
    learner = Learner()
    for lesson in lessons:
        learner.learn(lesson)
    return learner.model(version)


def to_json(model: Model) -> str:
    """A model as a file keeps it."""
    return json.dumps([model.version, model.lessons, model.weights], ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Model:
    """The model that to_json wrote. ValueError: it is none."""
    try:
        version, lessons, weights = json.loads(text)
        return Model({mark: dict(of.items()) for mark, of in weights.items()}, int(lessons), str(version))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a model: {error}") from None


def _probabilities(weights: Mapping[str, Mapping[str, float]], example: Example) -> dict[str, float]:
    scores = {column: log(prior) for column, prior in example.prior}
    for mark in example.marks:
        for column, weight in weights.get(mark, {}).items():
            if column in scores:
                scores[column] += weight
    highest = max(scores.values(), default=0.0)
    parts = {column: exp(score - highest) for column, score in scores.items()}
    total = sum(parts.values())
    return {column: part / total for column, part in parts.items()}
