"""Fingerprints are looked up, and relations told from both sides, on either engine."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete

from daemon.store import likeness
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
BIG = 2**63 - 1
"""The largest number that a fingerprint holds."""


def fill(store: Store, *keys: tuple[int, ...]) -> None:
    with store.write() as session:
        for number, own in enumerate(keys, 1):
            blank = {"body_html": "", "body_text": "", "created_at": NOON, "updated_at": NOON}
            session.add(Draft(id=number, ordinal=1, receipt=f"{number}", state="pending", title="甲", **blank))
            likeness.put(session, number, own, [(1, "alike")] if number > 1 else [])


def test_numbers_that_a_draft_has_are_known(store: Store) -> None:
    fill(store, (1, BIG), (1, 5))
    with store.read() as session:
        assert likeness.known(session, [1, 2, BIG]) == {1, BIG}
        assert likeness.known(session, []) == frozenset()


def test_who_shares_most_and_the_rarest_is_nearest(store: Store) -> None:
    fill(store, (1, 2), (1, 3), (1, 2, BIG), (9,))
    with store.write() as session:
        assert likeness.nearest(session, [1, 2, BIG], 3) == [3, 1, 2]
        assert likeness.nearest(session, [1, 2, BIG], 1) == [3]


def test_what_is_not_written_yet_is_found_within_its_unit_of_work(store: Store) -> None:
    fill(store, (1,))
    with store.write() as session:
        likeness.put(session, 1, (7,), [])
        assert likeness.nearest(session, [7], 3) == [1]
        assert likeness.nearest(session, [1], 3) == []


def test_a_relation_is_told_from_both_sides_and_goes_with_either_draft(store: Store) -> None:
    fill(store, (1,), (2,))
    with store.read() as session:
        assert likeness.relations(session, 2) == [(1, "alike", True)]
        assert likeness.relations(session, 1) == [(2, "alike", False)]
    with store.write() as session:
        session.execute(delete(Draft).where(Draft.id == 2))
    with store.read() as session:
        assert likeness.relations(session, 1) == []
        assert likeness.known(session, [1, 2]) == {1}
