"""What an element's tag, attributes and inline style say of the text inside it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from bs4 import Tag

from parsers.runs import Look

_DECLARATIONS = 200
_LENGTH = re.compile(r"(\d{1,4}(?:\.\d{1,6})?)\s*(pt|px)?", re.ASCII)
_FONT_SIZES = {"1": 7.5, "2": 10.0, "3": 12.0, "4": 13.5, "5": 18.0, "6": 24.0, "7": 36.0}
_POINTS_OF_PIXEL = 0.75
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_BOLD: dict[str, object] = {"bold": True}
_ITALIC: dict[str, object] = {"italic": True}
_UNDERLINED: dict[str, object] = {"underlined": True}
_LINES_END: dict[str, object] = {"keeps_lines": False}
_LINES_STAY: dict[str, object] = {"keeps_lines": True}
_BY_TAG: dict[str, dict[str, object]] = {
    **dict.fromkeys(("b", "strong"), _BOLD),
    **dict.fromkeys(("i", "em", "cite", "dfn"), _ITALIC),
    **dict.fromkeys(("u", "ins"), _UNDERLINED),
    **dict.fromkeys(("div", "td", "th", "body"), _LINES_END),
    **dict.fromkeys(("p", "li"), _LINES_STAY),
    **{tag: {"level": level, "keeps_lines": True} for tag, level in _HEADINGS.items()},
    "sub": {"script": "sub"},
    "sup": {"script": "sup"},
    "center": {"centered": True},
    "pre": {"preformatted": True, "keeps_lines": False},
}
_UNSEEN_NAMES = """script style head title meta link base xml object embed applet iframe frame frameset noframes
noscript template svg math audio video canvas map area button select option textarea input bgsound del"""
_NEVER_SHOWN = frozenset(_UNSEEN_NAMES.split())


@lru_cache(maxsize=2048)
def declarations(style: str) -> dict[str, str]:
    """The declarations of an inline style, in lower case."""
    pairs = (declaration.partition(":") for declaration in style[:20_000].lower().split(";")[:_DECLARATIONS])
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def attribute(tag: Tag, name: str) -> str:
    """An attribute as one string; empty where it is missing."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def style_of(tag: Tag) -> dict[str, str]:
    return declarations(attribute(tag, "style"))


def is_hidden(tag: Tag) -> bool:
    """Whether a reader of the mail never sees what is inside."""
    if tag.name in _NEVER_SHOWN or tag.has_attr("hidden"):
        return True
    style = style_of(tag)
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("mso-hide") in ("all", "screen")
    )


def look_inside(tag: Tag, outer: Look) -> Look:
    """The look of what is inside a tag, given that of what is around it."""
    look = replace(outer, **_BY_TAG[tag.name]) if tag.name in _BY_TAG else outer  # type: ignore[arg-type]
    if not tag.attrs:
        return look
    style = style_of(tag)
    if style:
        look = _styled(look, style)
    if tag.name == "a":
        look = replace(look, href=safe_link(attribute(tag, "href")) or outer.href)
    if tag.name == "font" and attribute(tag, "size") in _FONT_SIZES:
        look = replace(look, size=_FONT_SIZES[attribute(tag, "size")])
    align = style.get("text-align") or attribute(tag, "align").lower()
    return replace(look, centered=align == "center") if align else look


def _styled(look: Look, style: dict[str, str]) -> Look:
    weight, slant, script = style.get("font-weight", ""), style.get("font-style", ""), style.get("vertical-align", "")
    decoration = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    bold = {"normal": False, "lighter": False, "bold": True, "bolder": True}.get(weight, look.bold)
    return replace(
        look,
        bold=int(weight) >= 600 if weight.isascii() and weight.isdigit() and len(weight) < 5 else bold,
        italic=slant in ("italic", "oblique") if slant else look.italic,
        underlined=look.underlined or "underline" in decoration,
        script={"super": "sup", "sub": "sub"}.get(script, look.script),  # type: ignore[arg-type]
        size=points(style.get("font-size", "")) or look.size,
        preformatted=look.preformatted or style.get("white-space", "").startswith("pre"),
    )


def points(length: str) -> float | None:
    """A CSS length in points; None for relative ones."""
    match = _LENGTH.fullmatch(length)
    if not match or not match[2]:
        return None
    return round(float(match[1]) * (_POINTS_OF_PIXEL if match[2] == "px" else 1), 1) or None


def safe_link(href: str) -> str:
    """A link that a reader may follow: http, https, mailto. Empty for any other."""
    bare = "".join(href.split())[:2000]
    try:
        scheme = urlsplit(bare).scheme.lower()
    except ValueError:
        return ""
    return bare if scheme in ("http", "https", "mailto") and bare.isprintable() else ""
