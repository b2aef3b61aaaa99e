"""The text of a draft on a page and back: pictures by our own addresses, and nothing that was not cleaned again."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

import nh3

_STORED = re.compile(r'\bsrc="sha256:([0-9a-f]{64})"')
_SHOWN = re.compile(r'\bsrc="[^"]*?/pictures/([0-9a-f]{64})"')
_WITH_WORDS = re.compile(r'<img\b[^>]*?\balt="([^"]+)"[^>]*>')
_TAGS = {
    "h2", "h3", "h4", "p", "br", "strong", "em", "u", "sub", "sup", "ul", "li", "blockquote", "table", "thead", "tbody",
    "tr", "th", "td", "img", "a",
}  # fmt: skip
"""The vocabulary of parsers.html."""
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def to_page(body_html: str, picture_url: Callable[[str], str]) -> str:
    """For showing and editing. Whatever is in the database, no script, style or foreign picture comes out of here."""
    shown = _STORED.sub(lambda match: f'src="{picture_url(match[1])}"', body_html)
    return nh3.clean(
        shown,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_own_pictures_only,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer nofollow",
    )


def captioned(page_html: str) -> str:
    """The same for reading alone: the words of a picture stand beneath it; who hears a page has them from `alt`."""
    return _WITH_WORDS.sub(_with_caption, page_html)


def _with_caption(picture: re.Match[str]) -> str:
    return f'{picture[0]}<span class="caption" aria-hidden="true">{_text(picture[1])}</span>'


def _text(attribute: str) -> str:
    return escape(unescape(attribute))


def from_page(page_html: str) -> str:
    """What an editor sends back, with pictures by their hash again. Cleaning it is the use case's own affair."""
    return _SHOWN.sub(lambda match: f'src="sha256:{match[1]}"', page_html)


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src") and not re.fullmatch(r"/[^/\\][^\\]*/pictures/[0-9a-f]{64}", value):
        return None
    return value
