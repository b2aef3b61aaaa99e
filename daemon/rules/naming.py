"""Which document a title speaks of: by its number, by its name in 《》, or by its subject."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.document_numbers import cited_numbers

_AROUND_TOPIC = re.compile(
    r"^.*?关于(?:印发|发布|公布|修订)?"
    r"|(?:的(?:通知|决定|公告|通告|意见)|办法|规定|细则|条例|规则)(?:[（(](?:试行|暂行|修订)[）)])?$"
)
_ISSUED_BY = re.compile(r"^.{0,40}?关于(?:印发|发布|公布|修订)(?=.{4})")
_ISSUING = re.compile(r"的(?:通知|决定|公告|通告|意见)$")
_EDITION = re.compile(r"[（(](?:试行|暂行|修订|修订稿)[）)]")
_NAMED = re.compile(r"《([^《》]{2,150}(?:《[^《》]{2,150}》[^《》]{0,50})?)》")
_SHORTEST_NAME = 6
"""A shorter one (供水办法) many units' documents bear."""


@lru_cache(maxsize=16384)
def topic(title: str) -> str:
    """What the document is about: its title without issuer, 关于, genre and quotation marks, if enough is left."""
    title = without_marks(title)
    found = _AROUND_TOPIC.sub("", title)
    return found if len(found) >= 4 else title


@lru_cache(maxsize=16384)
def without_marks(title: str) -> str:
    """The title without quotation marks and white space."""
    return re.sub(r"[《》〈〉\s]", "", title)


def name(title: str) -> str:
    """By what others call the document: of 关于印发《某办法（试行）》的通知 it is 某办法."""
    plain = _EDITION.sub("", without_marks(title))
    inner = _ISSUED_BY.sub("", plain)
    return plain if inner == plain else _ISSUING.sub("", inner)


@lru_cache(maxsize=16384)
def spoken_of(title: str) -> frozenset[str]:
    """The numbers and names of the documents that a title names in full."""
    if "《" not in title and "号" not in title:
        return frozenset()
    names = (name(found) for found in _NAMED.findall(title))
    return frozenset((*cited_numbers(title), *(found for found in names if len(found) >= _SHORTEST_NAME)))


def explains(title: str, document: str, number: str | None, same_unit: bool) -> bool:
    """Whether a text of this title speaks of the document: by its number or full name, of the same unit by its subject
    as well (towns use the same words for the same subjects)."""
    named = spoken_of(title)
    if (number is not None and number in named) or name(document) in named:
        return True
    return same_unit and topic(document) in without_marks(title)
