"""What the editors' habits say of a column: the marks of a draft that habits hang on, and rules and model together.

The rules' answer is prior and mark; the others are the title's characters and pairs of them, and whole words: the
unit and its kind, what stands before 关于, the type word, the number's prefix, the columns' keywords. Only whole
words are ever shown: that 发改 speaks for a column is no reason that a person could check."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from parsers.choice import Case, Choice
from parsers.learned import Example, Model
from parsers.senses import ending

_WORDS = {
    "单位": "来稿单位“{}”",
    "署名": "标题开头“{}”",
    "文种": "文种“{}”",
    "代字": "发文代字“{}”",
    "词": "标题含“{}”",
}
"""Kind of mark → how an editor reads it."""
_RULE, _KIND, _UNITS_TYPE, _ALWAYS = "规则", "类别", "单位文种", ":"
_HEAD = _TAIL = 50
"""Characters of a long title that are looked at, from its start and its end."""
_SIGNER = 30
_LEFT = 0.02
"""What the rules leave to the columns that they see nothing for, all together."""
_SUREST = 0.99
"""No habit is certain."""
_BARE = 0.8
"""Where no rule has an answer, habit must be at least so sure."""


def example(case: Case, ruled: Choice, open_to: Sequence[str], keywords: Iterable[str]) -> Example:
    """What the model is asked, and taught. `open_to`: the columns that the draft may stand in at all."""
    marks = {*bare_marks(case, keywords), f"{_RULE}:{ruled.column}"}
    return Example(tuple(sorted(marks)), _prior(ruled, open_to))


def bare_example(case: Case, open_to: Sequence[str], keywords: Iterable[str]) -> Example:
    """The same without the rules: for measuring what the model is worth alone."""
    return Example(tuple(sorted(bare_marks(case, keywords))), _even(open_to))


def bare_marks(case: Case, keywords: Iterable[str]) -> set[str]:
    """Everything but what the rules say."""
    return {_ALWAYS, *_letters(case.title), *(f"{kind}:{word}" for kind, word in _whole_words(case, keywords))}


def decide(ruled: Choice, asked: Example, model: Model) -> Choice:
    """The column by rules and habits together. Columns that `asked` has no prior for can't be chosen."""
    likely = model.probabilities(asked)
    if not model.weights or not likely:
        return ruled
    column = max(likely, key=lambda one: likely[one])
    if ruled.column is None and likely[column] < _BARE:
        return ruled
    scores = tuple(sorted(((one, round(100 * part, 1)) for one, part in likely.items()), key=lambda one: -one[1]))
    reason = ruled.reason if column == ruled.column else _reason(column, ruled, asked, model)
    return replace(
        ruled, column=column, confidence=round(min(_SUREST, likely[column]), 2), reason=reason, scores=scores
    )


def _reason(column: str, ruled: Choice, asked: Example, model: Model) -> str:
    """Whose habit it is, in whole words, and what the rule was."""
    pulls = [(model.pull(mark, column, ruled.column), mark) for mark in asked.marks if _shown(mark)]
    strongest = [mark for pull, mark in sorted(pulls, key=lambda one: (-one[0], one[1])) if pull > 0][:2]
    words = "、".join(_shown(mark) for mark in strongest) or "标题相近"
    return f"按编辑以往对同类稿件（{words}）的处理；规则原判“{ruled.column or '无'}”：{ruled.reason}"


def _shown(mark: str) -> str:
    kind, _, word = mark.partition(":")
    return _WORDS[kind].format(word) if kind in _WORDS and word else ""


def _letters(title: str) -> set[str]:
    """Single characters and pairs; the year and the issue don't matter, so all digits are one."""
    plain = re.sub(r"\d", "0", title).replace(":", "")
    plain = plain if len(plain) <= _HEAD + _TAIL else plain[:_HEAD] + plain[-_TAIL:]
    return {*plain, *(plain[at : at + 2] for at in range(len(plain) - 1))}


def _whole_words(case: Case, keywords: Iterable[str]) -> Iterator[tuple[str, str]]:
    found = ending(case.title)
    last = found[1] if found else ""
    yield "文种", last
    if case.unit:
        yield from (("单位", case.unit.name), (_KIND, case.unit.kind), (_UNITS_TYPE, f"{case.unit.name}:{last}"))
    before, about, _ = case.title.partition("关于")
    if about and before:
        yield "署名", before[:_SIGNER]
    prefix = case.number.partition("〔")[0]
    if prefix:
        yield "代字", prefix[:_SIGNER]
    yield from (("词", word) for word in keywords if word in case.title)


def _prior(ruled: Choice, open_to: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The rules' confidence for their choice, the rest shared by the other claims, a little for every open column."""
    if ruled.column is None:
        return _even(open_to)
    claimed = dict(ruled.scores)
    rivals = [name for name in open_to if name != ruled.column]
    total = sum(claimed.get(name, 0.0) for name in rivals)
    left = 1 - ruled.confidence
    even = left * (_LEFT if total else 1.0) / max(1, len(rivals))
    shares = {name: even + (left * (1 - _LEFT) * claimed.get(name, 0.0) / total if total else 0.0) for name in rivals}
    return tuple((name, shares.get(name, ruled.confidence)) for name in open_to)


def _even(open_to: Sequence[str]) -> tuple[tuple[str, float], ...]:
    return tuple((name, 1 / len(open_to)) for name in open_to)
