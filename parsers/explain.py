"""`parse --explain`: for a person, the tree of a mail, what was cut and why, the grouping, each element's source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from parsers import columns
from parsers.asked import Described, asked_columns
from parsers.budgets import BUDGET
from parsers.choice import Choice
from parsers.gather import File, Gathered, gather
from parsers.likeness import folded
from parsers.message import groups_of, parse_message
from parsers.mime import read_mail
from parsers.office import Office
from parsers.readers import Readers
from parsers.submission import Draft, Finding, Submission

_EXCERPT = 60


def explain(raw: bytes, office: Office, received_at: datetime | None, readers: Readers) -> str:
    """The text that the command prints for one message; in Chinese, a line a fact."""
    held = gather(read_mail(raw), readers, BUDGET)
    read = parse_message(raw, office, received_at, readers)
    lines = [*_head(read), *_tree(held), *_body(held), *_grouping(held, read, office, readers)]
    for number, draft in enumerate(read.drafts, 1):
        lines += _draft(number, draft, read, held, office)
    return "\n".join([*lines, *_findings("整封邮件", read.findings)]) + "\n"


def _head(read: Submission) -> Iterator[str]:
    yield f"主题：{read.subject or '（无）'}"
    yield f"发件人：{read.sender.name or ''} <{read.sender.address or '无地址'}>"
    yield f"单位：{read.unit or '未识别'}（依据：{_EVIDENCE[read.unit_evidence]}）"
    yield f"收到时间：{read.received_at.isoformat() if read.received_at else '未知'}"
    yield f"类别：{read.kind}，{read.kind_reason}"
    if read.unanswerable:
        yield f"不予答复：{read.unanswerable}"


_NAMES = {
    "title": "标题",
    "document_number": "发文字号",
    "issued_on": "成文日期",
    "issued_at": "成文时刻",
    "printed_on": "印发日期",
    "addressee": "主送机关",
    "issuer": "发文机关",
    "secrecy": "密级",
    "urgency": "紧急程度",
    "signer": "签发人",
    "disclosure": "公开属性",
    "copied_to": "抄送",
    "byline": "作者",
}
_EVIDENCE = {"address": "发件地址", "domain": "发件域名", "document": "文件内容", None: "无"}


def _tree(held: Gathered) -> Iterator[str]:
    yield "邮件结构："
    for file in held.all_files:
        yield f"{'  ' * (1 + file.path.count('/'))}{_file(file)}"


def _file(file: File) -> str:
    inline = "，正文内" if file.inline else ""
    return f"{file.path} {file.name}（{file.kind}，{len(file.data)}字节，{file.content.status}{inline}）"


def _body(held: Gathered) -> Iterator[str]:
    parts = {
        "来信说明": held.body.covering,
        "正文": tuple(block.text for block in held.body.own),
        "转发的正文": tuple(block.text for block in held.body.forwarded_own),
        "引用的邮件": tuple(block.text for block in held.body.quoted),
        "签名和提示（已去除）": held.body.cut,
    }
    for name, lines in parts.items():
        if lines:
            yield f"{name}：{len(lines)}段"
            yield from (f"  {_short(line)}" for line in lines)


def _grouping(held: Gathered, read: Submission, office: Office, readers: Readers) -> Iterator[str]:
    yield f"稿件划分：{len(read.drafts)}篇"
    if not read.drafts:
        made = groups_of(held, office, readers)
        yield from (f"  未作稿件：{_short(one.title)}" for one in made)


def _draft(number: int, draft: Draft, read: Submission, held: Gathered, office: Office) -> Iterator[str]:
    yield f"第{number}篇：{draft.title}"
    yield from (f"  划分：{reason}" for reason in draft.grouping_reason.split("；"))
    yield from (f"  附件：{one.name}，{one.kind}，{one.role}，{one.status}" for one in draft.attachments)
    for element in draft.elements:
        name = _NAMES.get(element.name, element.name)
        yield f"  {name} = {element.value}（{element.part}：“{_short(element.excerpt)}”；{element.reason}）"
    yield from (f"  已去除：{_short(line)}（{_why_cut(line, draft, held)}）" for line in draft.cut)
    yield f"  栏目：{draft.column or '无'}，把握 {draft.confidence:.2f}，{draft.column_reason}"
    yield from _scores(_chosen(number - 1, read, office))
    yield from _findings("  提示", draft.findings)


def _why_cut(line: str, draft: Draft, held: Gathered) -> str:
    """By what the line says elsewhere: an element has it, or it is of the mail around the text."""
    plain = folded(line)
    said = next((one.name for one in draft.elements if plain and plain in folded(one.excerpt)), None)
    if said:
        return f"已识别为{_NAMES.get(said, said)}"
    if line in held.body.covering:
        return "来信说明，不是稿件的文字"
    if line in held.body.cut:
        return "签名、提示或网页装饰"
    return "页码" if re.fullmatch(r"[\W\d第页共]*", line) else "版头或版记，网页上另列或不用"


def _scores(choice: Choice) -> Iterator[str]:
    """Each column with what the rules found for it."""
    for name, score in choice.scores:
        yield f"    {name} {score:.2f}"
        yield from (f"      {worth:+.1f} {why}" for column, worth, why in choice.signs if column == name)


def _chosen(at: int, read: Submission, office: Office) -> Choice:
    draft = read.drafts[at]
    asked = asked_columns(read.note, office, [_described(one) for one in read.drafts])
    return columns.choose(
        draft.title,
        office.unit(read.unit),
        office,
        number=draft.document_number,
        issuer=draft.issuer,
        lead=draft.body_text[:400],
        asked_for=asked[at],
        pictures=sum(one.role == "picture" for one in draft.attachments) + draft.body_html.count("<img"),
        dated=bool(draft.issued_on or draft.document_number),
    )


def _described(draft: Draft) -> Described:
    main = next((one.name for one in draft.attachments if one.role == "main"), "")
    return Described(draft.title, main, bool(draft.issued_on or draft.document_number))


def _findings(name: str, findings: tuple[Finding, ...]) -> Iterator[str]:
    for found in findings:
        place = f"（{found.place}）" if found.place else ""
        excerpt = f"：{_short(found.excerpt)}" if found.excerpt else ""
        yield f"{name}：[{found.severity}] {found.code} {found.message}{place}{excerpt}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else plain[: _EXCERPT - 1] + "…"
