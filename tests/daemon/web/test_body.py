"""The text of a draft on a page: its pictures by our own addresses, with their words beneath them."""

from __future__ import annotations

from daemon.web.body import captioned, to_page

DIGEST = "a" * 64


def shown(alt: str) -> str:
    body = f'<p><img src="sha256:{DIGEST}" alt="{alt}"></p>'
    return captioned(to_page(body, lambda digest: f"/drafts/1/pictures/{digest}"))


def test_the_words_of_a_picture_stand_beneath_it() -> None:
    assert '<span class="caption" aria-hidden="true">值守点 A&amp;B</span></p>' in shown("值守点 A&amp;B")
    assert "caption" not in shown("")


def test_words_that_look_like_a_tag_stay_words() -> None:
    page = shown("&lt;script&gt;x&lt;/script&gt;")
    assert '<span class="caption" aria-hidden="true">&lt;script&gt;x&lt;/script&gt;</span>' in page
