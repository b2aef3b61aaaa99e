"""A subject line without what senders put around a title: labels, requests to the editors, a file's extension."""

from __future__ import annotations

import re

from parsers.office import Office
from parsers.sender import without_mark

_LABELS = (
    "(?:工作|政务|部门|基层|镇街)?(?:动态|信息|简讯|快讯)|(?:图片|视频|政务|时政)?新闻(?:稿件?)?|组图|图说|图文|视频|要闻|稿件|投稿"
    "|紧急|加急|特急|急件|急|重要|请[^】\\]）):：]{0,8}(?:发布|处理|审核|查收|采用)"
)
_END = re.compile(
    r"\s*(?:[（(](?:请|附|含|配)[^（）()]{0,12}[）)]|[（(][^（）()]{0,4}[版稿][）)]"
    r"|\.(?:docx?|docm|wps|pdf|ofd|xlsx?|et|pptx?|txt|zip|rar|7z))$",
    re.I,
)
_SHORTEST = 4
_LABELLED = 3
"""Labels that may stand one behind the other."""


def bare_subject(subject: str | None, office: Office) -> str | None:
    """The subject as a title may be taken from it. `office`: the names of its columns are labels too."""
    plain = without_mark(subject or "")
    names = "|".join(re.escape(column.name) for column in office.columns)
    labels = f"(?:{_LABELS}|{names})" if names else f"(?:{_LABELS})"
    label = re.compile(rf"^(?:[【\[（(]\s*{labels}\s*[】\]）)]\s*[:：]?|{labels}\s*(?:[:：|｜]|——?))\s*")
    for _ in range(_LABELLED):
        plain = _unless_short(label.sub("", plain, count=1), plain)
        plain = _unless_short(_END.sub("", plain), plain)
    return plain or None


def _unless_short(stripped: str, before: str) -> str:
    return stripped if len(stripped) >= _SHORTEST else before
