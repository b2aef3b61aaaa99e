"""What the pages show of drafts: read only, one or two statements a page, however many rows there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from daemon.desk.accounts import Actor
from daemon.desk.mailroom import OTHER_LETTER, UNFETCHED
from daemon.desk.related import Related, related
from daemon.settings import Settings
from daemon.store import open_findings, search
from daemon.store.schema import Draft, Journal, Letter, Message, Revision, Sighting

SOON = timedelta(hours=24)
"""How long before its time a draft is 即将超时: limits in working days end at midnight, so this is their last day."""
PAGE = 50
OF_UNIT = 8


@dataclass(frozen=True)
class Tab:
    """A list of drafts by what needs doing."""

    key: str
    name: str
    states: tuple[str, ...]
    """Empty: all."""
    order: Literal["urgent", "newest"] = "urgent"
    empty: str = ""
    """What to do where there is nothing."""


_OPEN = ("pending", "in_review")
_ASKED = ("quarantined", *_OPEN)
_NARROW = ("mine", "soon")

TABS: tuple[Tab, ...] = (
    Tab("pending", "待审", _OPEN, empty="没有待审的稿件。新的来信会自动出现在这里，不必刷新。"),
    Tab("mine", "我的", _OPEN, empty="您还没有取用稿件。在“待审”中打开一篇，点“开始审核”即可。"),
    Tab("soon", "即将超时", _OPEN, empty="没有将要超时的稿件。"),
    Tab("returned", "已退回", ("returned",), "newest", "没有退回后等待重报的稿件。"),
    Tab("quarantined", "来源待确认", ("quarantined",), empty="没有来源待确认的稿件。"),
    Tab("ready", "待上网", ("approved", "exported"), empty="没有等待上网的稿件。审核通过的稿件会到这里。"),
    Tab("published", "已发布", ("published",), "newest", "还没有已发布的稿件。在“待上网”中确认上网后会到这里。"),
    Tab("unused", "不采用", ("rejected", "withdrawn"), "newest", "没有不采用或撤回的稿件。"),
    Tab("all", "全部稿件", (), "newest", "还没有稿件。"),
    Tab("archived", "历史", ("archived",), "newest", "没有导入的历史稿件。"),
)
BY_KEY: Mapping[str, Tab] = {tab.key: tab for tab in TABS}


@dataclass(frozen=True)
class Filter:
    """What of a tab is wanted; None: all; an empty name: without one."""

    column: str | None = None
    unit: str | None = None
    units: tuple[str, ...] | None = None
    """Of any of these: a kind of unit."""
    editor: str | None = None
    since: date | None = None
    until: date | None = None
    """Days of receipt, both counted in."""
    finding: str | None = None
    """The code of one that nobody has dealt with yet."""
    words: str = ""


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: the next one begins after it."""

    due_at: datetime | None
    id: int

    def __str__(self) -> str:
        return f"{self.due_at.isoformat() if self.due_at else ''}~{self.id}"


@dataclass(frozen=True)
class Row:
    """One draft in a list."""

    id: int
    version: int
    receipt: str
    state: str
    review_step: str | None
    assignee: str | None
    locked_until: datetime | None
    title: str
    column: str | None
    confidence: float
    unit: str | None
    sender: str | None
    """Who wrote, where the unit is not known."""
    received_at: datetime | None
    desk_due_at: datetime | None
    publish_due_at: datetime | None
    timeliness: str
    published_at: datetime | None
    secret: bool
    blocks: int
    """Findings that still stand in the way of publishing."""


@dataclass(frozen=True)
class Page:
    rows: tuple[Row, ...]
    after: Cursor | None
    """Where the next page begins; None: this is the last."""


def counts(session: Session, who: Actor, now: datetime) -> dict[str, int]:
    """How many rows each tab has for this person, those of 其他来信 and 无法解析 and letters that failed included."""
    by_state = _per_state(session, who)
    found = {tab.key: sum(by_state.get(state, 0) for state in tab.states) for tab in TABS}
    found["all"] = sum(by_state.values())
    return found | _open_counts(session, who, now) | _mail_counts(session)


def _per_state(session: Session, who: Actor) -> dict[str, int]:
    """From an index alone, so that a hundred thousand published drafts cost nothing."""
    query = select(Draft.state, func.count()).where(_visible(who)).group_by(Draft.state)
    return {row[0]: row[1] for row in session.execute(query)}


def _open_counts(session: Session, who: Actor, now: datetime) -> dict[str, int]:
    """Of the tabs that are narrower than their states; all these are open, so there are few."""
    sums = [func.sum(case((_in_tab(BY_KEY[key], who, now), 1), else_=0)) for key in _NARROW]
    row = session.execute(select(*sums).where(Draft.state.in_(_OPEN), _visible(who))).one()
    return {key: int(number or 0) for key, number in zip(_NARROW, row, strict=True)}


def page(session: Session, tab: Tab, who: Actor, now: datetime, wanted: Filter, after: Cursor | None = None) -> Page:
    """A page of a tab: the most urgent first, or of what is done the newest first."""
    query = _row_query().where(_in_tab(tab, who, now), _visible_in_order(who), *_wanted(session, wanted))
    find = _newest if tab.order == "newest" else _most_urgent
    rows = find(session, query, after)
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    return Page(tuple(rows[:PAGE]), Cursor(last.desk_due_at, last.id) if last else None)


def neighbours(
    session: Session, tab: Tab, who: Actor, now: datetime, wanted: Filter, draft_id: int
) -> tuple[int | None, int | None]:
    """The drafts before and after this one on the first page of its list, so that an editor works through it."""
    ids = [row.id for row in page(session, tab, who, now, wanted).rows]
    if draft_id not in ids:
        return None, ids[0] if ids else None
    at = ids.index(draft_id)
    return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None


def _in_tab(tab: Tab, who: Actor, now: datetime) -> ColumnElement[bool]:
    states = Draft.state.in_(tab.states) if tab.states else true()
    if tab.key == "mine":
        return and_(states, Draft.assignee == who.name)
    if tab.key == "soon":
        return and_(states, Draft.desk_due_at <= now + SOON)
    return states


def _visible(who: Actor) -> ColumnElement[bool]:
    return true() if who.sees_secrets else Draft.secret.is_(False)


def _visible_in_order(who: Actor) -> ColumnElement[bool]:
    """The same, told so that SQLite does not take it for an index to go by, and sort all that there is."""
    return true() if who.sees_secrets else func.coalesce(Draft.secret, false()).is_(False)


def _wanted(session: Session, wanted: Filter) -> list[ColumnElement[bool]]:
    named = ((Draft.column, wanted.column), (Draft.unit, wanted.unit), (Draft.assignee, wanted.editor))
    clauses = [_is_named(column, name) for column, name in named if name is not None]
    if wanted.units is not None:
        clauses.append(Draft.unit.in_(wanted.units))
    if wanted.since is not None:
        clauses.append(Draft.received_on >= wanted.since)
    if wanted.until is not None:
        clauses.append(Draft.received_on <= wanted.until)
    if wanted.finding is not None:
        clauses.append(open_findings.having(session, wanted.finding))
    return clauses + search.matching(session, wanted.words)


def _is_named(column: Any, name: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.is_(None) if name == "" else column == name
    return found


def _row_query() -> Any:
    """Only what a list shows: the text of drafts stays in the database."""
    sender = func.coalesce(Message.sender_name, Message.sender_address)
    return select(
        Draft.id, Draft.version, Draft.receipt, Draft.state, Draft.review_step, Draft.assignee, Draft.locked_until,
        Draft.title, Draft.column.label("column"), Draft.confidence, Draft.unit,
        sender.label("sender"), Draft.received_at, Draft.desk_due_at,
        Draft.publish_due_at, Draft.timeliness, Draft.published_at, Draft.secret, Draft.findings,
    ).outerjoin(Message, Message.id == Draft.message_row)  # fmt: skip


def _row(found: Any) -> Row:
    values = found._asdict()
    return Row(blocks=len(open_blocks(values.pop("findings"))), **values)


def is_asked(state: str, confidence: float, settings: Settings) -> bool:
    """Whether the queue asks the editors for the column: the draft is open, and the choice below `ask_below`."""
    return state in _ASKED and confidence < settings.review.ask_below


def open_blocks(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings that must be resolved or overruled before publishing."""
    return [finding for finding in findings if finding["severity"] == "block" and not finding.get("settled")]


def _most_urgent(session: Session, query: Any, after: Cursor | None) -> list[Row]:
    """A page and one row more, if there is one."""
    if after is not None:
        query = query.where(_more_urgent_shown(after))
    query = query.order_by(Draft.desk_due_at.asc().nulls_last(), Draft.id.asc())
    return _rows(session, query, PAGE + 1)


def _more_urgent_shown(after: Cursor) -> ColumnElement[bool]:
    if after.due_at is None:
        return and_(Draft.desk_due_at.is_(None), Draft.id > after.id)
    return or_(
        Draft.desk_due_at > after.due_at,
        and_(Draft.desk_due_at == after.due_at, Draft.id > after.id),
        Draft.desk_due_at.is_(None),
    )


def _newest(session: Session, query: Any, after: Cursor | None) -> list[Row]:
    """The same the other way round. Those without a time come last, asked for by themselves: PostgreSQL's index gives
    the others in this order only where the order does not speak of them."""
    rows: list[Row] = []
    if after is None or after.due_at is not None:
        timed = query.where(Draft.desk_due_at.is_not(None), *([] if after is None else [_older(after)]))
        rows = _rows(session, timed.order_by(Draft.desk_due_at.desc(), Draft.id.desc()), PAGE + 1)
        after = None
    if len(rows) <= PAGE:
        timeless = query.where(Draft.desk_due_at.is_(None), *([] if after is None else [Draft.id < after.id]))
        rows += _rows(session, timeless.order_by(Draft.id.desc()), PAGE + 1 - len(rows))
    return rows


def _older(after: Cursor) -> ColumnElement[bool]:
    return or_(Draft.desk_due_at < after.due_at, and_(Draft.desk_due_at == after.due_at, Draft.id < after.id))


def _rows(session: Session, query: Any, most: int) -> list[Row]:
    return [_row(found) for found in session.execute(query.limit(most))]


def _mail_counts(session: Session) -> dict[str, int]:
    other = select(func.count()).select_from(Message).where(OTHER_LETTER).scalar_subquery()
    unreadable = select(func.count()).select_from(Message).where(Message.state == "unreadable").scalar_subquery()
    unfetched = select(func.count()).select_from(Sighting).where(UNFETCHED).scalar_subquery()
    failed = select(func.count()).select_from(Letter).where(Letter.state == "failed").scalar_subquery()
    row = session.execute(select(other, unreadable + unfetched, failed)).one()
    return {"other": int(row[0]), "unreadable": int(row[1]), "failed_letters": int(row[2])}


@dataclass(frozen=True)
class DraftView:
    """All that a draft's page shows, loaded."""

    draft: Draft
    message: Message | None
    journal: tuple[Journal, ...]
    revisions: tuple[Revision, ...]
    letters: tuple[Letter, ...]
    siblings: tuple[tuple[int, str, str], ...]
    """Other drafts of the same mail: id, receipt, title."""
    of_unit: tuple[Row, ...]
    """What else the unit has sent, the newest first."""
    related: tuple[Related, ...] = ()


def draft_with_files(session: Session, draft_id: int, who: Actor) -> Draft | None:
    """A draft with its mail and files; None where there is none for this person."""
    query = select(Draft).where(Draft.id == draft_id, _visible(who))
    return session.scalar(query.options(selectinload(Draft.message), selectinload(Draft.attachments)))


def draft_view(session: Session, draft_id: int, who: Actor) -> DraftView | None:
    """A draft with its mail, files, journal, revisions and letters; None where there is none for this person."""
    found = draft_with_files(session, draft_id, who)
    if found is None:
        return None
    return DraftView(
        draft=found,
        message=found.message,
        journal=_journal(session, found),
        revisions=tuple(
            session.scalars(select(Revision).where(Revision.draft == found.id).order_by(Revision.number.desc()))
        ),
        letters=tuple(session.scalars(select(Letter).where(_about(found)).order_by(Letter.id))),
        siblings=_siblings(session, found, who),
        of_unit=_of_unit(session, found, who),
        related=related(session, found.id, who),
    )


def _journal(session: Session, draft: Draft) -> tuple[Journal, ...]:
    entered = (Journal.message == draft.message_row) & (Journal.action == "manual.enter")
    query = select(Journal).where(or_(Journal.draft == draft.id, entered))
    return tuple(session.scalars(query.order_by(Journal.id.desc())))


def _about(draft: Draft) -> ColumnElement[bool]:
    if draft.message_row is None:
        return Letter.draft == draft.id
    return or_(Letter.draft == draft.id, and_(Letter.message == draft.message_row, Letter.draft.is_(None)))


def _siblings(session: Session, draft: Draft, who: Actor) -> tuple[tuple[int, str, str], ...]:
    if draft.message_row is None:
        return ()
    query = select(Draft.id, Draft.receipt, Draft.title).where(
        Draft.message_row == draft.message_row, Draft.id != draft.id, _visible(who)
    )
    return tuple((row[0], row[1], row[2]) for row in session.execute(query.order_by(Draft.ordinal)))


def _of_unit(session: Session, draft: Draft, who: Actor) -> tuple[Row, ...]:
    if draft.unit is None:
        return ()
    query = _row_query().where(Draft.unit == draft.unit, Draft.id != draft.id, _visible_in_order(who))
    query = query.order_by(Draft.received_on.desc().nulls_last(), Draft.id.desc()).limit(OF_UNIT)
    return tuple(_row(found) for found in session.execute(query))


@dataclass(frozen=True)
class Mark:
    """How far things have gone: what live pages compare."""

    journal: int
    message: int


def last_change(session: Session) -> Mark:
    """The newest journal row and the newest mail."""
    row = session.execute(select(_newest_id(Journal.id), _newest_id(Message.id))).one()
    return Mark(row[0] or 0, row[1] or 0)


def changed_drafts(session: Session, since: int, who: Actor) -> list[int]:
    """Drafts with a journal row after this one; at most a few hundred, the newest."""
    newest = select(Journal.draft).where(Journal.id > since, Journal.draft.is_not(None))
    numbers = list(dict.fromkeys(session.scalars(newest.order_by(Journal.id.desc()).limit(300))))
    found = session.execute(select(Draft.id, Draft.secret).where(Draft.id.in_(numbers)))
    secret = {row[0]: row[1] for row in found}
    return [number for number in numbers if number in secret and (who.sees_secrets or not secret[number])]


def _newest_id(column: Any) -> Any:
    return select(func.max(column)).scalar_subquery()
