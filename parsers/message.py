"""The whole step from the raw bytes of a mail to its drafts, on one screen. Pure, bounded, and it never raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from parsers import PARSER_VERSION, kind, notes, sender
from parsers.authenticity import disputed
from parsers.bounces import read_bounce
from parsers.budgets import BUDGET
from parsers.candidates import candidates
from parsers.dkim import signatures
from parsers.drafting import Context, asked_of, blobs_of, draft_of, kept_files
from parsers.gather import Gathered, gather
from parsers.grouping import Group, group
from parsers.kind import Verdict
from parsers.links import link_findings
from parsers.mime import Mail, read_mail
from parsers.office import Office
from parsers.quoting import CloudLink
from parsers.readers import NoReaders, Readers
from parsers.sender import Named, Origin
from parsers.subjects import bare_subject
from parsers.submission import Draft, Finding, Sender, Submission

_SAMPLE = 3000
"""Characters of each text that are looked at for advertising."""


def parse_message(raw: bytes, office: Office, received_at: datetime | None, readers: Readers) -> Submission:
    """What one message holds (CONTRACT.md, section 3). `received_at`: the receiving server's time, aware, or None.
    What cannot be read becomes a finding; nothing in a message makes this raise."""
    held = gather(_with_signatures(read_mail(raw), raw, office, received_at), readers, BUDGET)
    note = note_of(held)
    machine = kind.machine(held.mail, note, office)
    groups = () if machine else groups_of(held, office, readers)
    origin = sender.judge(held.mail, _named(held, groups), office)
    verdict = machine or _verdict(held, groups, note, origin, office)
    groups = groups if verdict.kind in {"submission", "reply"} else ()
    subject = None if verdict.kind == "reply" else bare_subject(held.mail.subject, office)
    context = Context(office, origin.unit, note, received_at, subject, origin.findings, len(groups))
    links, asked = _draft_links(held, groups), asked_of(groups, note, office)
    drafts = tuple(draft_of(made, groups, context, links, at) for made, at in zip(groups, asked, strict=True))
    return _submission(held, drafts, verdict, origin, context)


def glance(raw: bytes, office: Office, received_at: datetime | None) -> Submission:
    """What a mail says of itself, none of its files looked into: for a letter that can't wait for them.

    `kind` is "other" unless a machine wrote it: what the mail is to the office, its files will tell.
    """
    mail = _with_signatures(read_mail(raw), raw, office, received_at)
    held = gather(replace(mail, parts=()), NoReaders(), BUDGET)
    note = note_of(held)
    origin = sender.judge(mail, Named(), office)
    verdict = kind.machine(mail, note, office) or Verdict("other", "附件识别中")
    context = Context(office, origin.unit, note, received_at, None, origin.findings, 0)
    return _submission(replace(held, mail=mail), (), verdict, origin, context)


def _with_signatures(mail: Mail, raw: bytes, office: Office, at: datetime | None) -> Mail:
    return replace(mail, signatures=signatures(raw, dict(office.dkim_keys), at)) if office.dkim_keys else mail


def note_of(held: Gathered) -> str:
    """The text of the mail itself, without quotes and signature."""
    return "\n".join((*held.body.covering, *(block.text for block in held.body.own)))


def groups_of(held: Gathered, office: Office, readers: Readers) -> tuple[Group, ...]:
    """The drafts in the making, whatever kind of mail it is."""
    address = held.mail.sender_address
    known = sender.by_address(address, office)[0] is not None or sender.is_own(address, office)
    found = candidates(held, office, known, readers)
    return group(found.papers, found.texts, found.others)


def _named(held: Gathered, groups: tuple[Group, ...]) -> Named:
    """What documents and mail say of their author, for senders whose address says nothing."""
    sources = [made.main or made.text for made in groups]
    read = [source.elements for source in sources if source]
    closing = [line for found in read for line in (*found.cut, found.title or "", *found.text.split("\n")[-2:])]
    return Named(
        issuers=tuple(found.issuer for found in read if found.issuer),
        numbers=tuple(found.document_number for found in read if found.document_number),
        forwarded_from=_forwarded_from(held),
        signature="\n".join((*closing, *held.body.cut, *held.body.covering)),
    )


def _forwarded_from(held: Gathered) -> tuple[str, ...]:
    heads = (one.body.forwarded_from for one in (held, *held.all_inner) if one.body.forwarded)
    shown = [head.address for head in heads if head and head.address]
    return (*(inner.mail.sender_address for inner in held.all_inner if inner.mail.sender_address), *shown)


def _verdict(held: Gathered, groups: tuple[Group, ...], note: str, origin: Origin, office: Office) -> Verdict:
    """The kind of a mail that a person wrote."""
    answers = kind.answers_us(held.mail, office)
    if answers:
        return Verdict("reply", answers)
    if origin.unit is None:
        selling = kind.advertises(held.mail.subject, "\n".join((note, *(_text_of(made)[:_SAMPLE] for made in groups))))
        if selling:
            return Verdict("other", f"来自未登记的地址，含推销用语：{selling}")
        if kind.is_bulk(held.mail):
            return Verdict("other", "来自未登记的地址，是群发邮件")
    if groups and _nobodys(held, groups, origin, office):
        return Verdict("other", "来自未登记的地址，正文也没有写明单位")
    if groups:
        return Verdict("submission", f"含{len(groups)}篇可发布的稿件")
    if origin.unit and _awaited(held, note):
        return Verdict("submission", "来信称有附件或只有下载链接，但没有收到文件")
    return Verdict("other", "没有可发布的内容" if note.strip() or held.files else "空邮件，没有正文和附件")


def _nobodys(held: Gathered, groups: tuple[Group, ...], origin: Origin, office: Office) -> bool:
    """A stranger's own words that name no unit: not even an editor could say whose they are."""
    if origin.unit or any(found.code == "sender.spoofed" for found in origin.findings):
        return False
    own = sender.is_own(held.mail.sender_address, office)
    return not own and all(made.main is None and not (made.text and made.text.dated) for made in groups)


def _text_of(made: Group) -> str:
    if made.main:
        return made.main.file.content.text
    return made.text.elements.text if made.text else ""


def _awaited(held: Gathered, note: str) -> bool:
    """The mail speaks of a file, or links to one, and none came."""
    return not held.files and (notes.mentions_attachment(note) or bool(_links(held)))


def _links(held: Gathered) -> tuple[CloudLink, ...]:
    bodies = (held.body, *(inner.body for inner in held.all_inner))
    return tuple(dict.fromkeys(link for body in bodies for link in body.links))


def _draft_links(held: Gathered, groups: tuple[Group, ...]) -> tuple[CloudLink, ...]:
    """Links belong to the draft where there is one; of several nobody knows which."""
    return _links(held) if len(groups) == 1 else ()


def _submission(
    held: Gathered, drafts: tuple[Draft, ...], verdict: Verdict, origin: Origin, context: Context
) -> Submission:
    mail = held.mail
    kept = () if drafts else kept_files(held.all_files)
    return Submission(
        message_id=mail.message_id,
        subject=mail.subject,
        sender=Sender(mail.sender_name, mail.sender_address),
        unit=origin.unit.name if origin.unit else None,
        unit_evidence=origin.evidence,
        received_at=context.received_at,
        kind=verdict.kind,
        drafts=drafts,
        findings=_message_findings(held, drafts, verdict, context),
        kind_reason=verdict.reason,
        unanswerable=kind.bars_answer(mail, context.office),
        in_reply_to=mail.in_reply_to,
        references=mail.references,
        note=context.note,
        quoted="\n".join(block.text for block in held.body.quoted),
        bounce=read_bounce(mail, context.office) if verdict.kind == "bounce" else None,
        attachments=kept,
        blobs=blobs_of(held, drafts, kept),
        parser_version=PARSER_VERSION,
        model_version=context.office.model.version if context.office.model else None,
    )


def _message_findings(
    held: Gathered, drafts: tuple[Draft, ...], verdict: Verdict, context: Context
) -> tuple[Finding, ...]:
    """What belongs to no draft: of the mail as a whole, of files that no draft lists."""
    listed = {one.sha256 for draft in drafts for one in draft.attachments}
    of_files = [found for file in held.all_files if file.sha256 not in listed for found in file.content.findings]
    of_links = () if len(drafts) == 1 else link_findings(_links(held), context.received_at, context.office)
    of_sender = () if drafts or verdict.kind in {"bounce", "auto_reply"} else context.sender_findings
    dispute = disputed(held.mail, context.office, context.received_at)
    of_mail = (*of_sender, *held.mail.findings, *((dispute,) if dispute else ()))
    return tuple(dict.fromkeys((*of_mail, *of_files, *of_links, *_missing(held, drafts, verdict))))


def _missing(held: Gathered, drafts: tuple[Draft, ...], verdict: Verdict) -> tuple[Finding, ...]:
    note = note_of(held)
    if drafts or verdict.kind in {"auto_reply", "bounce"}:
        return ()
    if not note.strip() and not held.all_files and not held.body.quoted:
        return (Finding("message.empty", "warn", "邮件没有正文，也没有附件。", excerpt=held.mail.subject or ""),)
    if verdict.kind != "reply" and not held.files and notes.mentions_attachment(note):
        message = "来信称有附件，但没有收到附件，请报送单位补发。"
        return (Finding("message.attachment_missing", "warn", message, excerpt=note[:100]),)
    return ()
