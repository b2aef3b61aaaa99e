"""What of a subject line may be a title."""

from __future__ import annotations

import pytest

from parsers.subjects import bare_subject
from tests.parsers.mails import OFFICE


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("图片新闻：万亩油菜花开", "万亩油菜花开"),
        ("【动态】青石镇：书香进社区", "青石镇：书香进社区"),
        ("[乡镇之窗] 青石镇植树忙", "青石镇植树忙"),
        ("公告栏——关于停水的公告", "关于停水的公告"),
        ("【紧急】工作动态：县林业局召开会议", "县林业局召开会议"),
        ("（请尽快发布）关于防汛的通知", "关于防汛的通知"),
        ("关于防汛的通知（请尽快发布）", "关于防汛的通知"),
        ("关于防汛的通知（含附件2个）.docx", "关于防汛的通知"),
        ("青政发〔2026〕3号", "青政发〔2026〕3号"),
        ("信息公开年度报告", "信息公开年度报告"),
        ("青石镇：植树忙", "青石镇：植树忙"),
        ("新闻：灯会", "新闻：灯会"),
        ("", None),
        (None, None),
    ],
)
def test_labels_requests_and_extensions_go_and_titles_stay(subject: str | None, wanted: str | None) -> None:
    assert bare_subject(subject, OFFICE) == wanted
