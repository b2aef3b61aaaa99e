"""The words from which an element was read are marked where they stand."""

from __future__ import annotations

import time

import pytest

from daemon.web.marking import marked


@pytest.mark.parametrize(
    ("html", "words", "shown"),
    [
        ("<p>唐政发〔2026〕31号</p>", "唐政发〔2026〕31号", '<p><mark id="found">唐政发〔2026〕31号</mark></p>'),
        ("<p>2026年 11月17日</p>", "2026年11月17日", '<p><mark id="found">2026年 11月17日</mark></p>'),
        ("<p>关于做好<br>防火的通知</p>", "关于做好\n防火的通知",
         '<p><mark id="found">关于做好</mark><br><mark>防火的通知</mark></p>'),
        ("<p>甲&amp;乙 x</p>", "甲&乙", '<p><mark id="found">甲&amp;乙</mark> x</p>'),
        ('<p><img alt="通知>书">通知</p>', "通知", '<p><img alt="通知>书"><mark id="found">通知</mark></p>'),
    ],
)  # fmt: skip
def test_words_are_marked_across_spaces_tags_and_entities(html: str, words: str, shown: str) -> None:
    assert marked(html, words) == shown


def test_of_several_places_the_one_at_the_offset_is_marked() -> None:
    text = "通知\n附：通知\n通知"
    html = "<p>通知</p><p>附：通知</p><p>通知</p>"
    assert marked(html, "通知", text, 5) == '<p>通知</p><p>附：<mark id="found">通知</mark></p><p>通知</p>'


def test_what_does_not_stand_there_is_not_marked() -> None:
    assert marked("<p>正文</p>", "标题") is None
    assert marked("<p>正文</p>", " ") is None


def test_a_large_text_is_marked_in_time() -> None:
    html = "<p>一段文字&lt;</p>" * 60_000 + "<p>落款</p>"
    begun = time.monotonic()
    assert '<mark id="found">落款</mark>' in (marked(html, "落款") or "")
    assert time.monotonic() - begun < 5
