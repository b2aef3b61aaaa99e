"""Names of the office's own units and liaisons that stand in a text with one slip (the config's lists say how they are
written): a character changed in the place's name, left out, doubled, or swapped with its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from parsers.office import Office

_LEAST = 5
"""Characters of a name that one of them can be missing from or swapped in without making another word."""
_LEAST_PLACE = 4
_PLACE = re.compile(r"^([一-龥]{1,5}?[县区市旗镇乡]|[一-龥]{1,4}街道)")
"""某县 of 某县财政局: where a changed character is a slip. 财政局 and 邮政局 are two organs."""
_HAN = "一-龥"
_CONTACT = re.compile(r"联系人\s*[:：]?\s*([一-龥·]{3,8}?)(?=[^一-龥·]).{0,30}?(\d[\d\s-]{6,14}\d)")
_MOST_HITS = 200
"""Places in a text that are looked at for one name."""


def misspelt(text: str, office: Office) -> Iterator[tuple[str, str]]:
    """(what stands there, the right name)."""
    known = {name for unit in office.units for name in unit.names}
    for name in sorted(known):
        for slip in _slips(text, name):
            if slip not in known and not any(slip in other for other in known):
                yield slip, name
    yield from _liaisons(text, office)


def _slips(text: str, name: str) -> Iterator[str]:
    if len(name) >= _LEAST:
        yield from (one for one in _variants(name) if one in text)
    place = _PLACE.match(name)
    if place and len(name) >= _LEAST_PLACE and place[1] in text:
        yield from _changed(text, name, place[1])


@lru_cache(maxsize=4096)
def _variants(name: str) -> tuple[str, ...]:
    """The name with one slip that does not depend on the text."""
    return tuple(sorted({*_swapped(name), *_shortened(name), *_doubled(name)} - {name}))


def _swapped(name: str) -> Iterator[str]:
    for at in range(1, len(name) - 1):
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _shortened(name: str) -> Iterator[str]:
    """人民政府 without one of its characters, of 某镇人民政府; the short form 某镇政府 lacks two."""
    if name.endswith("人民政府"):
        yield from (name[:-4] + tail for tail in ("人民府", "人政府", "民政府"))


def _doubled(name: str) -> Iterator[str]:
    """But for the last character: 财政局局长 is right."""
    for at in range(len(name) - 1):
        yield name[: at + 1] + name[at:]


def _changed(text: str, name: str, place: str) -> Iterator[str]:
    """One other character in the place's name, and all that follows it as it should be."""
    rest = name[len(place) - 1 :]
    if len(rest) < 3:
        return
    for number, found in enumerate(re.finditer(re.escape(rest), text)):
        start = found.start() - len(place) + 1
        there = text[start : found.end()] if start >= 0 else ""
        differ = sum(one != other for one, other in zip(there, name, strict=False))
        if there and differ == 1 and _stands_alone(text, start) and re.fullmatch(rf"[{_HAN}]+", there):
            yield there
        if number >= _MOST_HITS:
            return


def _stands_alone(text: str, start: int) -> bool:
    """No name goes on to the left: 新某某镇政府 is no slip of 某某镇政府."""
    return start == 0 or not re.match(rf"[{_HAN}]", text[start - 1]) or text[start - 1] in "由经在与和向为是对及至到报"


def _liaisons(text: str, office: Office) -> Iterator[tuple[str, str]]:
    """联系人：王晓方，电话 … where the liaison with that very telephone is 王晓芳."""
    by_phone = {
        re.sub(r"\D", "", unit.liaison_phone or ""): unit.liaison_name for unit in office.units if unit.liaison_name
    }
    for found in _CONTACT.finditer(text):
        name = by_phone.get(re.sub(r"\D", "", found[2]))
        if name and len(name) == len(found[1]) and sum(a != b for a, b in zip(name, found[1], strict=True)) == 1:
            yield found[1], name
