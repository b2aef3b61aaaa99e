"""The sections of the four files as typed, frozen models (CONTRACT.md, section 2), every key with its default."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from daemon.rules.points import Weights
from daemon.settings import values as v
from daemon.settings.dkim_keys import DkimKeys
from daemon.settings.section import BesideConfig, Section, WithSecret
from parsers.office import Column, Period, Quota, Unit

Security = Literal["tls", "starttls", "none"]
ColumnRole = Literal[
    "document", "notice", "news", "dynamic", "law", "interpretation", "qa", "procurement", "appointment", "permit",
    "consultation", "fixed", "video",
]  # fmt: skip
Texts = tuple[v.Text, ...]
Addresses = tuple[v.Address, ...]
Port = Annotated[v.Count, Field(ge=0, le=65535)]
Positive = Annotated[v.Count, Field(ge=1, le=1_000_000)]
Weight = Annotated[v.Count, Field(ge=0, le=1000)]


def _span(**parts: int) -> timedelta:
    return timedelta(**parts)


class OfficeSection(Section):
    """Who reads the mail."""

    name: v.Text
    address: v.Address
    phone: v.Text
    timezone: v.Zone = "Asia/Shanghai"
    editors: Addresses = ()
    """Of the editors themselves: what they pass on with `[代报 单位]` in the subject is that unit's."""


class Mailbox(WithSecret):
    """The mailbox that units write to. `password()` gives the password."""

    host: v.Text
    port: Port = 993
    security: Security = "tls"
    user: v.Text
    password: v.Secret
    folder: v.Text = "INBOX"
    poll_every: v.Span = _span(seconds=60)
    name: v.Text = "main"
    start: v.StartValue = "now"
    max_size: v.Size = 100 * 2**20
    """Bytes; a larger message is recorded and left on the server."""
    trusted_host: v.Text | None = None
    dkim_keys: DkimKeys = Field(default_factory=dict)
    """Public keys of units' domains, by `selector._domainkey.domain`: the DNS record, or a file that holds it."""
    ca_file: BesideConfig | None = None


class Smtp(WithSecret):
    """The server that sends our letters; without `user` nobody logs in (an own relay)."""

    host: v.Text
    port: Port = 465
    security: Security = "tls"
    user: v.Text | None = None
    password: v.Secret | None = None
    from_address: v.Address = Field(alias="from")
    envelope: v.Envelope = "from"
    per_minute: Positive = 20
    per_day: Positive = 500
    retry_for: v.Span = _span(days=3)
    ca_file: BesideConfig | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Smtp:
        if (self.user is None) != (self.password is None):
            raise ValueError("user 与 password（或 password_file）应同时填写；发信服务器不需要登录时都不填")
        return self


class Database(Section):
    """Where the state lives. `url()` gives the address with its password filled in."""

    url: v.Secret

    @model_validator(mode="before")
    @classmethod
    def _url_may_hold_a_secret(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("url"), str):
            return data | {"url": v.Secret("office.yaml: database.url", data["url"])}
        return data


class Web(Section):
    """The editors' pages."""

    host: v.Text = "127.0.0.1"
    port: Port = 8025
    base_url: v.Url | None = None
    behind_proxy: bool = False
    session: v.Span = _span(hours=8)
    lock_after: Positive = 5


class Letters(Section):
    """When and how many letters go out."""

    hours: v.HoursValue = v.Hours(time(8, 30), time(17, 30))
    acknowledge_within: v.SpanOrForever = _span(days=3)
    """Older mail's acknowledgement is held for a person; None: never held."""
    unverified: Literal["one_a_day", "never"] = "one_a_day"
    per_address_a_day: Positive = 20
    total_a_day: Positive = 500


class Reminders(Section):
    """When units that lag are told."""

    at: v.Clock = time(9)
    lead: v.PeriodValue = Period(1, "d")
    quota_lead: v.PeriodValue = Period(5, "wd")
    escalate_after: Positive = 3
    """Reminders about the same thing before the leader is written to."""
    preview_at: v.Clock = time(16)
    hold: bool = False


class Review(Section):
    """The editors' steps."""

    steps: Annotated[Texts, Field(min_length=1, max_length=9)] = ("初审", "终审")
    single_step: Texts = ()
    """Columns that need only the last step."""
    lock: v.Span = _span(minutes=15)
    desk_within: v.PeriodValue = Period(1, "wd")
    ask_below: Annotated[float, Field(ge=0, le=1)] = 0.6


PostField = Literal[
    "title", "column", "document_number", "issuer", "issued_on", "addressee", "unit", "body", "body_text",
    "attachments",
]  # fmt: skip


class Publishing(Section):
    """Where approved drafts go, and who says that they are on the portal."""

    folder: Path = Path("data/export")
    confirm: Literal["editor", "api"] = "editor"
    fields: tuple[PostField, ...] = (
        "title", "column", "document_number", "issuer", "issued_on", "addressee", "body", "attachments",
    )  # fmt: skip
    """What the publishing view shows to be copied, in the order in which the content system asks for it."""


class Screening(Section):
    """What screening lets pass."""

    own_phones: Texts = ()
    allow: Texts = ()


class Lane(Section):
    """Bounds of one worker: seconds of wall clock, bytes of memory."""

    time: v.Span
    memory: v.Size


class ReadersSection(Section):
    """The workers that read mails."""

    workers: v.Workers = "auto"
    office_suite: Literal["auto", "off"] = "auto"
    ocr: Literal["auto", "off"] = "auto"
    light: Lane = Lane.model_construct(time=_span(seconds=20), memory=2 * 2**30)
    heavy: Lane = Lane.model_construct(time=_span(seconds=300), memory=3 * 2**30)
    ocr_pages: Positive = 50


class Consultations(Section):
    """Limits of article 6 of the notice: told within, answered within, important ones within."""

    notice: v.PeriodValue = Period(24, "h")
    answer: v.PeriodValue = Period(3, "wd")
    important: v.PeriodValue = Period(3, "d")


class Keep(Section):
    """How long things are kept; None: for ever."""

    raw: v.PeriodOrForever = None
    rejected: v.PeriodOrForever = Period(36, "mo")
    journal: v.PeriodOrForever = None


class OfficeFile(Section):
    """office.yaml."""

    office: OfficeSection
    mailbox: Mailbox
    smtp: Smtp
    database: Database = Database(url=v.Secret("office.yaml: database.url", "sqlite:///data/baosong.sqlite3"))
    data_dir: Path = Path("data")
    web: Web = Web()
    letters: Letters = Letters()
    reminders: Reminders = Reminders()
    review: Review = Review()
    publishing: Publishing = Publishing()
    screening: Screening = Screening()
    readers: ReadersSection = ReadersSection()
    consultations: Consultations = Consultations()
    keep: Keep = Keep()


class Liaison(Section):
    """The one person a unit names (联络员)."""

    name: v.Text | None = None
    phone: v.Text | None = None


class UnitEntry(Section):
    """One unit of units.yaml."""

    name: v.Text
    aliases: Texts = ()
    kind: v.Text
    addresses: tuple[v.AddressOrDomain, ...] = ()
    notify: Addresses | None = None
    document_prefixes: Texts = ()
    liaison: Liaison = Liaison()
    escalate_to: Addresses = ()
    since: date | None = None
    until: date | None = None
    exempt: Texts = ()

    @model_validator(mode="after")
    def _since_before_until(self) -> UnitEntry:
        if self.since and self.until and self.since > self.until:
            raise ValueError("since 不应晚于 until")
        return self

    def value(self) -> Unit:
        """The unit as rules and parsers know it; without `notify`, letters go to its first whole address."""
        whole = tuple(address for address in self.addresses if not address.startswith("@"))
        return Unit(
            name=self.name,
            kind=self.kind,
            aliases=self.aliases,
            addresses=self.addresses,
            notify=whole[:1] if self.notify is None else self.notify,
            document_prefixes=self.document_prefixes,
            liaison_name=self.liaison.name,
            liaison_phone=self.liaison.phone,
            escalate_to=self.escalate_to,
            since=self.since,
            until=self.until,
            exempt=self.exempt,
        )


class UnitsFile(Section):
    """units.yaml."""

    units: tuple[UnitEntry, ...]


class QuotaEntry(Section):
    """How much is owed a day or a month."""

    at_least: Positive
    per: Literal["day", "month"]
    counts: Literal["submitted", "published"] = "submitted"
    days: Literal["calendar", "working"] = "calendar"


class ColumnEntry(Section):
    """One column of columns.yaml."""

    name: v.Text
    kinds: Annotated[Texts, Field(min_length=1)] | None = Field(default=None, alias="from")
    keywords: Texts = ()
    issuers: Texts = ()
    role: ColumnRole | None = None
    submit_within: v.PeriodValue | None = None
    publish_within: v.PeriodValue | None = None
    quota: Annotated[tuple[QuotaEntry, ...], BeforeValidator(v.or_list)] = ()
    needs_interpretation: bool = False
    stale_after: v.PeriodValue | None = None
    confirm_every: v.PeriodValue | None = None

    def value(self) -> Column:
        """The column as rules and parsers know it."""
        return Column(
            name=self.name,
            kinds=self.kinds,
            keywords=self.keywords,
            issuers=self.issuers,
            role=self.role,
            submit_within=self.submit_within,
            publish_within=self.publish_within,
            quotas=tuple(Quota(**entry.model_dump()) for entry in self.quota),
            needs_interpretation=self.needs_interpretation,
            stale_after=self.stale_after,
            confirm_every=self.confirm_every,
        )


class ColumnsFile(Section):
    """columns.yaml."""

    columns: Annotated[tuple[ColumnEntry, ...], Field(min_length=1)]


class CalendarFile(Section):
    """calendar.yaml: what stands over the calendar library."""

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    official_years: tuple[Annotated[v.Count, Field(ge=2004, le=2100)], ...] = ()
    roll_over_holidays: bool = True

    @model_validator(mode="after")
    def _not_both(self) -> CalendarFile:
        if both := sorted(set(self.holidays) & set(self.workdays)):
            raise ValueError(f"{both[0]} 不能既是假日（holidays）又是工作日（workdays）")
        return self


class WeightsEntry(Section):
    """How much each criterion counts, in relation to the others."""

    completeness: Weight = 50
    punctuality: Weight = 30
    liveliness: Weight = 10
    interpretation: Weight = 10

    @model_validator(mode="after")
    def _something_counts(self) -> WeightsEntry:
        if not any(self.model_dump().values()):
            raise ValueError("各项权重不能都是 0")
        return self

    def value(self) -> Weights:
        """The weights as the rules know them."""
        return Weights(**self.model_dump())


class AssessmentFile(Section):
    """assessment.yaml: how the points come about, how a bulletin names the kinds of unit, and where it is published."""

    weights: WeightsEntry = WeightsEntry()
    kinds: dict[v.Text, v.Text] = Field(default_factory=dict)
    objection_days: v.PeriodValue = Period(3, "wd")
    """From a unit's statement on; afterwards the bulletin is drafted."""
    bulletin_column: v.Text | None = None
    """None: the editors choose one in review."""
