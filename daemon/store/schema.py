"""The tables. Every row that the outside sees has its names from CONTRACT.md; times are UTC, dates are the office's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from daemon.store.types import CleanJson, CleanText, UtcDateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime,
        dict[str, Any]: CleanJson,
        list[Any]: CleanJson,
        str: CleanText,
    }


class Mailbox(Base):
    """How far a mailbox has been listed. The mark moves only after a row stands for each UID below it."""

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    first_polled_at: Mapped[datetime]
    start_at: Mapped[datetime | None]
    """Mail received before this is nobody's business; None: all of it is wanted."""


class Sighting(Base):
    """One UID of the mailbox: listed → stored | too_large | failed (with its next try)."""

    __tablename__ = "sightings"
    __table_args__ = (
        UniqueConstraint("mailbox", "uidvalidity", "uid"),
        Index("ix_sightings_state", "mailbox", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(200))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    received_at: Mapped[datetime]
    """INTERNALDATE."""
    message_id: Mapped[str | None]
    """The Message-ID header: after a UIDVALIDITY change it tells, with time and size, what is known."""
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    error: Mapped[str | None]
    message: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    noted_at: Mapped[datetime]


class Message(Base):
    """A message whose raw bytes are a blob. The key is their SHA-256: Message-ID is the sender's to choose."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_state_history", "state", "history"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    received_at: Mapped[datetime | None]
    stored_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(20))
    """imap, import, manual."""
    history: Mapped[bool] = mapped_column(default=False)
    """Imported as history: no letters, no duties."""
    state: Mapped[str] = mapped_column(String(20), index=True)
    """stored, parsed, unreadable."""
    attempts: Mapped[int] = mapped_column(default=0)
    """Times that parsing it was begun, without those that ended with the daemon itself."""
    begun_at: Mapped[datetime | None]
    """Set while it is being parsed."""
    interruptions: Mapped[int] = mapped_column(default=0)
    """Times that the daemon died while parsing it."""
    error: Mapped[str | None]
    """In Chinese, for the editors: why it is unreadable."""
    kind: Mapped[str | None] = mapped_column(String(20))
    kind_reason: Mapped[str | None]
    unanswerable: Mapped[str | None]
    message_id: Mapped[str | None] = mapped_column(index=True)
    in_reply_to: Mapped[str | None]
    references: Mapped[list[Any]] = mapped_column(default=list)
    subject: Mapped[str | None]
    sender_name: Mapped[str | None]
    sender_address: Mapped[str | None]
    unit: Mapped[str | None]
    unit_evidence: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(default="")
    quoted: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[Any]] = mapped_column(default=list)
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    """Files of a message without drafts, as attachment_json with their `text` and `html`."""
    parser_version: Mapped[int | None]
    config_version: Mapped[str | None] = mapped_column(String(64))
    parsed_at: Mapped[datetime | None]

    drafts: Mapped[list[Draft]] = relationship(back_populates="message", order_by="Draft.ordinal")
    is_new = False
    """No column: set while it is first taken in, when nothing stands in the database about it but this row."""


class Draft(Base):
    """One draft post: its present text and state. `version` is compared and swapped at every change."""

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("message_row", "ordinal"),
        Index("ix_drafts_state_desk", "state", "desk_due_at"),
        Index("ix_drafts_desk_due_at", "desk_due_at"),
        Index("ix_drafts_secret_state", "secret", "state"),
        Index("ix_drafts_unit_received", "unit", "received_on"),
        Index("ix_drafts_unit_column", "unit", "column_name", "received_on"),
        Index("ix_drafts_title_text_key", "title_key", "text_key"),
        Index("ix_drafts_document_number", "document_number"),
        Index("ix_drafts_column_name", "column_name"),
        Index("ix_drafts_published_at", "published_at"),
        Index("ix_drafts_state_published", "state", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_row: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """None: entered by hand (手工登记)."""
    ordinal: Mapped[int]
    receipt: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    review_step: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    assignee: Mapped[str | None]
    locked_until: Mapped[datetime | None]
    """Till then nobody but the assignee changes it."""
    secret: Mapped[bool] = mapped_column(default=False)
    """Bears a secrecy mark: for the chief alone."""
    touched: Mapped[bool] = mapped_column(default=False)
    """A person has changed or moved it: parsing again no longer replaces it."""
    unit: Mapped[str | None]
    unit_evidence: Mapped[str | None] = mapped_column(String(20))
    title: Mapped[str]
    column: Mapped[str | None] = mapped_column("column_name")
    title_key: Mapped[str] = mapped_column(String(64), default="")
    """A hash of the title without spaces and punctuation, by which duplicates are found."""
    text_key: Mapped[str] = mapped_column(String(64), default="")
    """The same of the text; empty where the text is too short to prove anything."""
    confidence: Mapped[float] = mapped_column(default=0.0)
    column_reason: Mapped[str] = mapped_column(default="")
    grouping_reason: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str | None]
    issuer: Mapped[str | None]
    issued_on: Mapped[date | None]
    printed_on: Mapped[date | None]
    addressee: Mapped[str | None]
    body_html: Mapped[str]
    body_text: Mapped[str]
    findings: Mapped[list[Any]] = mapped_column(default=list)
    elements: Mapped[list[Any]] = mapped_column(default=list)
    cut: Mapped[list[Any]] = mapped_column(default=list)
    received_at: Mapped[datetime | None]
    received_on: Mapped[date | None]
    """The office-local date of receipt: the day it counts for."""
    submit_due_at: Mapped[datetime | None]
    due_certain: Mapped[bool] = mapped_column(default=False)
    timeliness: Mapped[str] = mapped_column(String(10), default="unknown")
    desk_due_at: Mapped[datetime | None]
    publish_due_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_url: Mapped[str | None]
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    supersedes: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    parser_version: Mapped[int | None]
    config_version: Mapped[str | None] = mapped_column(String(64))
    model_version: Mapped[str | None]
    """Of the editors' habits that its column was chosen by; None: by the rules alone."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    message: Mapped[Message | None] = relationship(back_populates="drafts")
    attachments: Mapped[list[DraftAttachment]] = relationship(
        order_by="DraftAttachment.ordinal", cascade="all, delete-orphan"
    )


class DraftAttachment(Base):
    """A file of a draft; its bytes are the blob of the same `sha256`."""

    __tablename__ = "draft_attachments"
    __table_args__ = (UniqueConstraint("draft", "ordinal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    publish: Mapped[bool] = mapped_column(default=True)


class Revision(Base):
    """What a draft said at its n-th revision. Never overwritten."""

    __tablename__ = "revisions"

    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    content: Mapped[dict[str, Any]]
    """title, column, document_number, issuer, issued_on, addressee, body_html, body_text."""

    of: Mapped[Draft] = relationship()
    """Lets a draft and its first revision be written together."""


class ReceiptNumber(Base):
    """The last receipt number given in a year."""

    __tablename__ = "receipt_numbers"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Letter(Base):
    """A letter in the outbox: held | waiting → sent | failed | cancelled. `key` says what called for it, once."""

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_state_next", "state", "next_try_at"),
        Index("ix_letters_created_to", "created_at", "to_address"),
        Index("ix_letters_sent_at", "sent_at"),
        Index("ix_letters_message", "message"),
        Index("ix_letters_draft", "draft"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20))
    hold_reason: Mapped[str | None]
    to: Mapped[str] = mapped_column("to_address")
    unit: Mapped[str | None]
    message: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    draft: Mapped[int | None] = mapped_column(ForeignKey("drafts.id"))
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    message_id: Mapped[str] = mapped_column(String(300), unique=True)
    in_reply_to: Mapped[str | None]
    references: Mapped[list[Any]] = mapped_column(default=list)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]


class ReminderHold(Base):
    """An editor keeps back a unit's reminder of a day, before it is written."""

    __tablename__ = "reminder_holds"

    unit: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    who: Mapped[str]
    at: Mapped[datetime]


class TimerRun(Base):
    """What a timer did for a day: done, or missed while the daemon was down. Makes a second tick a no-op."""

    __tablename__ = "timer_runs"

    timer: Mapped[str] = mapped_column(String(50), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class Journal(Base):
    """Who did what, when, from what to what. Written in the transaction that does it."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_draft", "draft"),
        Index("ix_journal_message", "message"),
        Index("ix_journal_action_unit", "action", "unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    """A user's name, or `系统`."""
    action: Mapped[str] = mapped_column(String(40))
    draft: Mapped[int | None]
    message: Mapped[int | None]
    letter: Mapped[int | None]
    unit: Mapped[str | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")


class User(Base):
    """An account of the review queue: editor, chief or admin."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ApiToken(Base):
    """A content system that may ask for approved posts; of its token only the SHA-256 is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Correction(Base):
    """An editor's word on a column, confirmed or changed: all that learning is made from."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    draft: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    title: Mapped[str]
    unit: Mapped[str | None]
    was: Mapped[str | None]
    became: Mapped[str | None]
