"""Ready-made answers: links in a letter that open a mail with subject and text filled in (RFC 6068).

Subjects and texts are such that `parsers.kind` and `daemon.rules.replies` understand them; a test holds them to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from daemon.mail.letter import one_line, shortened

Wish = Literal["更正", "撤回", "无变化", "不公开", "异议"]
CaseWish = Literal["答复", "无法答复", "不属本单位"]

COLUMNS_ASKED = "栏目内容核对"
"""How a question about fixed columns is named: its subject and that of an answer say so."""
_TITLE = 60
_TEXTS: dict[Wish, str] = {
    "更正": "更正稿见附件，请以此件为准：稿件 {draft}。",
    "撤回": "请撤回稿件 {draft}。",
    "无变化": "经核对，内容无变化：稿件 {draft}。",
    "不公开": "稿件 {draft}不公开。原因：",
    "异议": "对稿件 {draft}的认定有异议。理由：",
}
_CASE_TEXTS: dict[CaseWish, str] = {
    "答复": "{case}答复如下：",
    "无法答复": "{case}确实无法答复，原因：",
    "不属本单位": "{case}不属本单位职责，应由以下单位办理：",
}


@dataclass(frozen=True)
class AnswerLink:
    """One word to tap."""

    label: Wish | CaseWish
    subject: str
    text: str
    href: str


def answer_links(office: str, receipt: str, title: str | None, wishes: Iterable[Wish]) -> tuple[AnswerLink, ...]:
    """The links for a draft, to the office's address. `title` is None where it must not be named."""
    named = f"{receipt}《{shortened(one_line(title), _TITLE)}》" if title else receipt
    return tuple(_link(office, wish, f"{wish} {receipt}", _TEXTS[wish].format(draft=named)) for wish in wishes)


def column_links(office: str) -> tuple[AnswerLink, ...]:
    """The link in a question about fixed columns: none of them has changed."""
    return (_link(office, "无变化", f"无变化 {COLUMNS_ASKED}", f"{COLUMNS_ASKED}：经核对，栏目内容无变化。"),)


def case_links(office: str, case: str) -> tuple[AnswerLink, ...]:
    """The links for a question that was passed on; `case` is its number as letters name it."""
    return tuple(_link(office, wish, f"{wish} {case}", text.format(case=case)) for wish, text in _CASE_TEXTS.items())


def _link(office: str, wish: Wish | CaseWish, subject: str, text: str) -> AnswerLink:
    href = f"mailto:{quote(office, safe='@')}?subject={quote(subject, safe='')}&body={quote(text, safe='')}"
    return AnswerLink(wish, subject, text, href)
