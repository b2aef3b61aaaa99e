"""Ready-made answers are understood as what their words say, by the parsers and the rules alike."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from daemon.mail.answers import AnswerLink, Wish, answer_links
from daemon.rules.replies import meanings
from parsers.kind import answers_us
from tests.parsers.mails import DESK, OFFICE, mail

TITLE = "甲镇人民政府关于“防火”&防汛工作的通知=?#"
MEANT: dict[Wish, str] = {
    "更正": "correction",
    "撤回": "withdraw",
    "无变化": "no_change",
    "不公开": "not_public",
    "异议": "objection",
}


def link(wish: Wish, title: str | None = TITLE) -> AnswerLink:
    (found,) = answer_links(DESK, "2026-000123", title, [wish])
    return found


@pytest.mark.parametrize(("wish", "meant"), MEANT.items())
@pytest.mark.parametrize("title", [TITLE, None, "关于撤回违规广告、暂不公开名单有异议的更正公告"])
def test_each_means_what_it_says_and_nothing_else(wish: Wish, meant: str, title: str | None) -> None:
    assert [meaning.wish for meaning in meanings(link(wish, title).text, ())] == [meant]


@pytest.mark.parametrize("wish", MEANT)
def test_the_parsers_know_each_for_an_answer(wish: Wish) -> None:
    assert answers_us(mail(subject=link(wish).subject), OFFICE)


@pytest.mark.parametrize("wish", MEANT)
def test_a_mail_program_gets_subject_and_text_from_the_link(wish: Wish) -> None:
    found = link(wish)
    parts = urlsplit(found.href)
    assert (parts.scheme, parts.path, parts.fragment) == ("mailto", DESK, "")
    assert parse_qs(parts.query, strict_parsing=True) == {"subject": [found.subject], "body": [found.text]}


def test_a_title_cannot_add_headers_or_lines() -> None:
    href = link("撤回", "甲\r\nBcc: a@b.cn&cc=c@d.cn" + "长" * 300).href
    assert "%0D" not in href
    assert "%0A" not in href
    assert "&cc=" not in href
    assert len(href) < 1200
