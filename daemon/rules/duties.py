"""What a unit owed in a period and what of it came: the one computation behind pages, reminders and reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Literal

from daemon.rules.calendar import month_of
from daemon.rules.naming import name, spoken_of, topic, without_marks
from daemon.rules.quotas import (
    Basis,
    DeliveredDraft,
    QuotaState,
    counts_for_quota,
    day_counted,
    owes_column,
    quota_state,
    verdict_of,
)
from parsers.office import Column, Office, Quota, Unit

_NEWS = frozenset({"dynamic", "news"})
EXPLAINS = frozenset({"interpretation", "qa"})
"""Roles of columns that make a document understood."""


@dataclass(frozen=True)
class ColumnDuty:
    """One column of a unit in a period. A column with several quotas is as far behind as the worst of them."""

    column: str
    quotas: tuple[QuotaState, ...]
    """One for each quota and month."""
    receipts: tuple[str, ...]
    """What counts in the period, months without a quota included: by the day of receipt or, where the column's quotas
    count what is published, by that of publication."""

    @property
    def owed(self) -> int:
        return self._worst(lambda state: state.owed)

    @property
    def delivered(self) -> int:
        return len(self.receipts)

    @property
    def missing(self) -> int:
        return self._worst(lambda state: state.missing)

    def _worst(self, number: Callable[[QuotaState], int]) -> int:
        sums: Counter[Quota] = Counter()
        for state in self.quotas:
            sums[state.quota] += number(state)
        return max(sums.values(), default=0)


@dataclass(frozen=True)
class Gap:
    """A column in which nothing came for longer than `stale_after` (不能缺失: articles 3 and 4)."""

    column: str
    last_on: date | None
    """The day on which something came last; None: never since duties began."""
    days: int
    """Days without anything, today not counted."""
    due_at: datetime


@dataclass(frozen=True)
class OpenDocument:
    """A document that still needs the unit: to be sent in again after a return, or an interpretation (article 5)."""

    receipt: str
    title: str
    column: str | None
    needs: Literal["resend", "interpretation"]
    due_at: datetime | None
    """None: the limit is not known; the interpretation is owed all the same."""
    certain: bool


@dataclass(frozen=True)
class Interpretations:
    """Documents that need an interpretation, and how many of them have one."""

    owed: int
    delivered: int


@dataclass(frozen=True)
class UnitDuties:
    """A unit's account of a period, both days included, as seen on one day."""

    unit: str
    first: date
    last: date
    on_time: int
    late: int
    unknown: int
    returned: int
    days_without_news: int
    columns: tuple[ColumnDuty, ...]
    interpretations: Interpretations


def unit_duties(unit: Unit, drafts: Iterable[DeliveredDraft], first: date, last: date, basis: Basis) -> UnitDuties:
    """The account of the period `first` to `last`, both included; `drafts` are the unit's own, of any time."""
    known, office = list(drafts), basis.office
    begin, end = max(first, basis.since(unit)), min(last, unit.until or last)
    received = [draft for draft in known if draft.received_on and begin <= draft.received_on <= end]
    by_column: defaultdict[str | None, list[DeliveredDraft]] = defaultdict(list)
    for draft in known:
        by_column[draft.column].append(draft)
    verdicts = Counter(verdict_of(draft, basis) for draft in received)
    return UnitDuties(
        unit=unit.name,
        first=first,
        last=last,
        on_time=verdicts["on_time"],
        late=verdicts["late"],
        unknown=verdicts["unknown"],
        returned=sum(draft.state == "returned" for draft in received),
        days_without_news=len(silent_days(unit, received, first, last, basis)),
        columns=tuple(
            ColumnDuty(
                column.name,
                quota_states(unit, column, by_column[column.name], first, last, basis),
                _receipts(column, by_column[column.name], begin, end),
            )
            for column in office.columns
            if owes_column(unit, column)
        ),
        interpretations=_interpretations(office, known, received),
    )


def quota_states(
    unit: Unit, column: Column, drafts: list[DeliveredDraft], first: date, last: date, basis: Basis
) -> tuple[QuotaState, ...]:
    """The column's quotas in every month that the period touches."""
    if not column.quotas:
        return ()
    states = (
        quota_state(unit, column, quota, drafts, month, basis)
        for month in _months(first, last)
        for quota in column.quotas
    )
    return tuple(state for state in states if state)


def silent_days(
    unit: Unit, drafts: Iterable[DeliveredDraft], first: date, last: date, basis: Basis
) -> tuple[date, ...]:
    """The days of the period on which nothing came for the unit's columns of news."""
    columns = {column.name for column in _news_columns(unit, basis)}
    covered = {draft.received_on for draft in drafts if draft.column in columns and counts_for_quota(draft)}
    return tuple(day for day in news_days(unit, first, last, basis) if day not in covered)


def news_days(unit: Unit, first: date, last: date, basis: Basis) -> tuple[date, ...]:
    """The calendar days of the period on which news of the unit is awaited; none where it has no column of news.

    Today, days before its duties began, days after they ended and excused ones are not counted.
    """
    first = max(first, basis.since(unit))
    last = min(last, basis.today - timedelta(days=1), unit.until or last)
    columns = _news_columns(unit, basis)
    if not columns:
        return ()
    excused = frozenset.intersection(*(basis.excused(unit, column, first, last) for column in columns))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if day not in excused)


def gaps(unit: Unit, drafts: Iterable[DeliveredDraft], basis: Basis) -> tuple[Gap, ...]:
    """The unit's columns in which nothing has come for longer than their `stale_after`."""
    known = list(drafts)
    found = (
        _gap(column, column_last(column, known), basis.since(unit), basis)
        for column in basis.office.columns
        if column.stale_after and owes_column(unit, column)
    )
    return tuple(gap for gap in found if gap)


def column_last(column: Column, drafts: Iterable[DeliveredDraft]) -> date | None:
    """The day on which something came last for the column."""
    return max((draft.received_on for draft in drafts if draft.received_on and _is_in(draft, column)), default=None)


def open_documents(office: Office, drafts: Iterable[DeliveredDraft]) -> tuple[OpenDocument, ...]:
    """Documents that wait for the unit, the most urgent first: returned ones with a known limit, and those that need
    an interpretation."""
    known = list(drafts)
    explaining = _explaining(office, known)
    found = (_open(draft, office, explaining) for draft in known)
    return tuple(sorted((document for document in found if document), key=_urgency))


def needs_interpretation(draft: DeliveredDraft, office: Office) -> bool:
    """Whether an interpretation or Q&A is owed for it (article 5)."""
    return draft.column in office.interpreted and counts_for_quota(draft)


def has_interpretation(document: DeliveredDraft, office: Office, drafts: Iterable[DeliveredDraft]) -> bool:
    """Whether an interpretation or Q&A about the document's subject came, whenever that was."""
    return _explained(document, _explaining(office, drafts)) is not None


def interpretation_of(document: DeliveredDraft, office: Office, drafts: Iterable[DeliveredDraft]) -> str | None:
    """The receipt of the first interpretation or Q&A of the document, whenever it came: of the unit's own by number or
    subject, else what `with_others_interpretations` found."""
    return _explained(document, _explaining(office, drafts))


def with_others_interpretations(
    drafts: Mapping[str, list[DeliveredDraft]], office: Office
) -> dict[str, list[DeliveredDraft]]:
    """The same drafts, those that another unit explains marked so: who drafts a rule often isn't who issues it.

    Others' are known by the document's number or full name alone; towns use the same words for the same subjects.
    """
    named: dict[str, str] = {}
    for draft in sorted(_explaining(office, chain.from_iterable(drafts.values())), key=lambda draft: draft.receipt):
        for key in spoken_of(draft.title):
            named.setdefault(key, draft.receipt)
    return {unit: [_marked(draft, named, office) for draft in some] if named else some for unit, some in drafts.items()}


def _marked(draft: DeliveredDraft, named: Mapping[str, str], office: Office) -> DeliveredDraft:
    if not needs_interpretation(draft, office):
        return draft
    receipt = named.get(draft.document_number or "") or named.get(name(draft.title))
    return replace(draft, explained_by=receipt) if receipt else draft


def _is_about(draft: DeliveredDraft, document: DeliveredDraft, subject: str) -> bool:
    # A draft with a secrecy mark comes without its title.
    if subject and subject in without_marks(draft.title):
        return True
    return document.document_number is not None and document.document_number in spoken_of(draft.title)


def _explained(document: DeliveredDraft, explaining: Iterable[DeliveredDraft]) -> str | None:
    subject = topic(document.title)
    own = (draft.receipt for draft in explaining if _is_about(draft, document, subject))
    return min(own, default=document.explained_by)


def _urgency(document: OpenDocument) -> tuple[bool, float, str]:
    """Those without a limit come last."""
    due = document.due_at
    return due is None, due.timestamp() if due else 0, document.receipt


def _gap(column: Column, last_on: date | None, start: date, basis: Basis) -> Gap | None:
    since = max(last_on, start) if last_on else start
    assert column.stale_after is not None
    due = basis.calendar.add(since, column.stale_after)
    if basis.now < due.at:
        return None
    return Gap(column.name, last_on, (basis.today - since).days - 1, due.at)


def _open(draft: DeliveredDraft, office: Office, explaining: list[DeliveredDraft]) -> OpenDocument | None:
    if draft.is_duplicate:
        return None
    if draft.state == "returned" and draft.submit_due_at is not None:
        needs: Literal["resend", "interpretation"] = "resend"
    elif needs_interpretation(draft, office) and not _explained(draft, explaining):
        needs = "interpretation"
    else:
        return None
    return OpenDocument(draft.receipt, draft.title, draft.column, needs, draft.submit_due_at, draft.due_certain)


def _interpretations(office: Office, known: list[DeliveredDraft], received: list[DeliveredDraft]) -> Interpretations:
    owing = [draft for draft in received if needs_interpretation(draft, office)]
    explaining = _explaining(office, known) if owing else []
    return Interpretations(len(owing), sum(_explained(draft, explaining) is not None for draft in owing))


def _explaining(office: Office, drafts: Iterable[DeliveredDraft]) -> list[DeliveredDraft]:
    columns = {column.name for column in office.columns if column.role in EXPLAINS}
    return [draft for draft in drafts if draft.column in columns and counts_for_quota(draft)]


def _is_in(draft: DeliveredDraft, column: Column) -> bool:
    return draft.column == column.name and counts_for_quota(draft)


def _receipts(column: Column, drafts: Iterable[DeliveredDraft], first: date, last: date) -> tuple[str, ...]:
    by_publication = bool(column.quotas) and all(quota.counts == "published" for quota in column.quotas)
    day_of = day_counted("published" if by_publication else "submitted")
    counted = (draft for draft in drafts if (day := day_of(draft)) and first <= day <= last and counts_for_quota(draft))
    return tuple(sorted(draft.receipt for draft in counted))


def _news_columns(unit: Unit, basis: Basis) -> list[Column]:
    return [column for column in basis.office.columns if column.role in _NEWS and owes_column(unit, column)]


def _months(first: date, last: date) -> list[date]:
    months = [month_of(first)[0]]
    while (following := month_of(months[-1])[1] + timedelta(days=1)) <= last:
        months.append(following)
    return months
