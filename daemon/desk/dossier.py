"""Everything there is of a draft, to be filed away: its mail, its files, what was handed over, its review sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from daemon.desk.export import post_of
from daemon.desk.queue import DraftView
from daemon.export.folder import ReadBlob, contents, safe_name
from daemon.export.review_sheet import Sheet, review_sheet
from daemon.rules.states import STATE_NAMES
from daemon.settings import Settings
from daemon.store.schema import Draft, Journal

_SETTLED = {"resolved": "已处理", "overruled": "主编裁定放行"}
_OPINIONS = {"sign": "同意", "return": "退回", "reject": "不采用"}


def everything(view: DraftView, settings: Settings, now: datetime, read_blob: ReadBlob) -> Iterator[tuple[str, bytes]]:
    """Each file: where it stands in the archive, and its bytes."""
    yield "审核单.docx", sheet_of(view, settings, now)
    if view.message is not None:
        yield "原始邮件.eml", read_blob(view.message.sha256)
    for at, file in enumerate(view.draft.attachments, 1):
        yield f"来稿附件/{at:02d} {safe_name(file.name)}", read_blob(file.sha256)
    for path, data in contents(post_of(view.draft, read_blob), read_blob):
        yield f"发布内容/{path}", data


def sheet_of(view: DraftView, settings: Settings, now: datetime) -> bytes:
    """The review sheet as .docx."""
    return review_sheet(
        Sheet(
            office=settings.office.name,
            title=view.draft.title,
            facts=[(name, said) for name, said in _facts(view.draft, settings) if said],
            steps=[_step(row, settings) for row in reversed(view.journal) if row.action in _OPINIONS],
            findings=[_settled(one) for one in view.draft.findings if one["severity"] == "block"],
        ),
        now.astimezone(settings.office_value.zone),
    )


def _facts(draft: Draft, settings: Settings) -> list[tuple[str, str | None]]:
    state: Any = draft.state
    return [
        ("回执号", draft.receipt), ("报送单位", draft.unit), ("收到时间", _said(draft.received_at, settings)),
        ("栏目", draft.column), ("发文字号", draft.document_number), ("发文机关", draft.issuer),
        ("成文日期", draft.issued_on.isoformat() if draft.issued_on else None),
        ("附件", "、".join(one.name for one in draft.attachments if one.publish and one.role == "annex")),
        ("修改", f"共 {draft.revision} 版"), ("现状", STATE_NAMES[state]),
        ("上网时间", _said(draft.published_at, settings)), ("网页地址", draft.published_url),
    ]  # fmt: skip


def _step(row: Journal, settings: Settings) -> tuple[str, str, str, str]:
    opinion = _OPINIONS[row.action] + (f"：{row.note}" if row.note else "")
    return (row.before.get("step") or "审核", row.who, _said(row.at, settings) or "", opinion)


def _settled(finding: dict[str, Any]) -> str:
    done = _SETTLED.get(finding.get("settled", ""))
    return str(finding["message"]) + (f"{done}（{finding['by']}：{finding['reason']}）" if done else "尚未处理。")


def _said(moment: datetime | None, settings: Settings) -> str | None:
    return f"{moment.astimezone(settings.office_value.zone):%Y-%m-%d %H:%M}" if moment else None
