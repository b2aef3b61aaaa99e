"""How much of one text stands in another: cheap, the same on every machine, blind to layout and punctuation."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_LONGEST = 20_000
"""Characters looked at: a document is recognised by its first pages."""
_SIZE = 4


def folded(text: str) -> str:
    """NFKC, lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def shingles(text: str) -> frozenset[str]:
    """Every run of four characters."""
    plain = folded(text[:_LONGEST])
    return frozenset(plain[at : at + _SIZE] for at in range(max(1, len(plain) - _SIZE + 1))) if plain else frozenset()


def shared(one: frozenset[str], two: frozenset[str]) -> float:
    """The share of the smaller text that stands in the larger one, 0 to 1."""
    smaller = min(len(one), len(two))
    return len(one & two) / smaller if smaller else 0.0


def alike(one: frozenset[str], two: frozenset[str]) -> float:
    """The share of both texts that is common, 0 to 1."""
    return len(one & two) / len(one | two) if one and two else 0.0


def similar_names(one: str, two: str) -> float:
    """Likeness of two short names, 0 to 1."""
    first, second = folded(one[:400])[:200], folded(two[:400])[:200]
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0
