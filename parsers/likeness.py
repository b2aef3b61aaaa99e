"""How much of one text stands in another: cheap, the same on every machine, blind to layout and punctuation."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from difflib import SequenceMatcher
from hashlib import blake2b

_LONGEST = 20_000
"""Characters looked at: a document is recognised by its first pages."""
_SIZE = 4
_LEAST_SHINGLES = 40
_ROWS, _BINS = 3, 36
_MASK, _POSITIVE = 2**64 - 1, 2**63 - 1
_MIXER = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: spreads what CRC-32 leaves alike (Knuth, TAOCP 6.4)."""
_AWAY = 2**64
_CORRECTED = 4
"""A correction changes at most one figure in so many."""
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?|第[一二三四五六七八九十百]{1,5}(?=[期号次周批季])|[一二三四五六七八九十]{1,3}(?=月|季度|日|号)"
)


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


def fingerprint(text: str) -> tuple[int, ...]:
    """Twelve numbers under which a text can be looked up, 0 to 2^63 - 1: two texts that are nearly the same (`alike`)
    share one or more of them, others hardly ever. Of alike 0.8: at 0.999, of 0.6: at 0.93, of 0.2: at 0.09.

    MinHash by one permutation (Li, Owen, Zhang 2012), empty bins filled from the next one (Shrivastava, Li 2014), in
    bands of three (Broder 1997). A text that is too short to prove anything has none.
    """
    found = shingles(text)
    if len(found) < _LEAST_SHINGLES:
        return ()
    least = _filled(_least_of_bins(found))
    bands = (least[at : at + _ROWS] for at in range(0, _BINS, _ROWS))
    return tuple(_key(number, band) for number, band in enumerate(bands))


def told_apart(one: str, two: str) -> bool:
    """Whether two nearly equal texts are of a series (prices of two weeks, the air of two months): where more than a
    quarter of their figures differ. A correction changes few of them, a resend none."""
    first, second = (Counter(figures(text)) for text in (one, two))
    most = max(first.total(), second.total())
    return most - (first & second).total() > most // _CORRECTED


def figures(text: str) -> tuple[str, ...]:
    """The numbers in a text, in their order: 12.5, 11 of 11月, 三 of 第三期 and 九 of 九月份."""
    return tuple(one.group().strip("第") for one in _FIGURE.finditer(unicodedata.normalize("NFKC", text[:_LONGEST])))


def _least_of_bins(found: frozenset[str]) -> list[int | None]:
    least: list[int | None] = [None] * _BINS
    for shingle in found:
        mixed = zlib.crc32(shingle.encode(errors="replace")) * _MIXER & _MASK
        mixed = (mixed ^ mixed >> 29) * _MIXER & _MASK
        value, bin_ = divmod(mixed, _BINS)
        known = least[bin_]
        if known is None or value < known:
            least[bin_] = value
    return least


def _filled(least: list[int | None]) -> list[int]:
    """An empty bin takes what the next full one has, and how far away that was, so that only equals agree."""
    filled = []
    for at in range(_BINS):
        away = next(step for step in range(_BINS) if least[(at + step) % _BINS] is not None)
        filled.append((least[(at + away) % _BINS] or 0) + away * _AWAY)
    return filled


def _key(band: int, values: list[int]) -> int:
    words = ",".join(map(str, (band, *values)))
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) & _POSITIVE
