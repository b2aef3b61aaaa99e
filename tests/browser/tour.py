"""Every page that the desk has, with an address for each: for the test of access and for the pictures in docs/.

The addresses are taken from the application's own map, so that a new page can be forgotten by neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from daemon.desk import review
from daemon.desk.consultations import NewCase, form_key, open_case
from daemon.desk.overlay import hold_reminders, set_liaison
from daemon.desk.tokens import make_token
from daemon.store.schema import Draft, Journal, Letter, Message, User
from tests.samples import Desk, fill

UNIT, MONTH = "唐山镇人民政府", "2026-11"
NO_PAGES = frozenset({
    "static", "queue.home", "queue.changes", "api.posts", "api.post", "api.file", "assessment.download",
    "files.attachment", "files.mail_file", "files.picture", "files.raw", "files.pdf_page", "publish.post_zip",
    "publish.file", "publish.review_sheet", "publish.everything",
})  # fmt: skip
"""Files, redirects, and what programs ask for."""
FOREIGN = frozenset({"files.original", "files.preview", "files.element", "samples.page"})
"""What others wrote, shown in a sandboxed frame as they wrote it; and letters, which are made for mail programs."""


def full_day(desk: Desk) -> None:
    """The desk in the middle of its day, with something on every page; the chief is the admin too."""
    fill(desk)
    for column in ("政务公告", "政府公文"):
        desk.do(_rich(desk), review.set_column, column)
    with desk.store.write() as session:
        chief = session.scalars(select(User).where(User.role == "chief")).one()
        who, settings, now = desk.actor(chief.name), desk.settings, desk.now
        received = now - timedelta(hours=30)
        subject = "建设街路灯多日不亮"
        case = NewCase(
            form_key("tour"), "complaint", True, received, subject, "建设街中段路灯不亮，请尽快修复。", "张先生"
        )
        open_case(session, case, who.name, settings, now)
        set_liaison(session, UNIT, "赵新", "0533-9001052", who, settings, now)
        hold_reminders(session, UNIT, date(2026, 12, 31), "换届期间", who, settings, now)
        asked = {"name": "赵新", "phone": "0533-9001052"}
        session.add(
            Journal(
                at=now,
                who="系统",
                action="reply.liaison",
                unit=UNIT,
                after=asked,
                note="信息员变更为赵新，电话0533-9001052",
            )
        )
        make_token(session, "门户内容管理系统", who, now)
        chief.role = "admin"


def addresses(app: Flask, desk: Desk) -> Mapping[str, str]:
    """An address of each page by its name; KeyError where a page has none here."""
    given = _examples(desk)
    found: dict[str, str] = {}
    for rule in app.url_map.iter_rules():
        is_page = "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES | FOREIGN
        if is_page:
            found[rule.endpoint] = given[rule.endpoint] if rule.arguments or rule.endpoint in given else str(rule)
    return found


def _examples(desk: Desk) -> Mapping[str, str]:
    rich = _rich(desk)
    with desk.store.read() as session:
        ready = session.scalars(select(Draft.id).where(Draft.state == "exported")).first()
        letter = session.scalars(select(Letter.id).order_by(Letter.id)).first()
        other = session.scalars(select(Message.id).where(Message.kind == "other").order_by(Message.id)).first()
    return {
        "queue.list_page": "/queue/pending",
        "drafts.show": f"/drafts/{rich}",
        "drafts.compare_drafts": f"/drafts/{rich}/compare/{ready}",
        "drafts.compare_revisions": f"/drafts/{rich}/compare",
        "drafts.revision": f"/drafts/{rich}/revisions/1",
        "editing.edit": f"/drafts/{rich}/edit",
        "splitting.split_draft": f"/drafts/{rich}/split",
        "splitting.merge_drafts": f"/drafts/{rich}/merge",
        "publish.show": f"/drafts/{ready}/publish",
        "mail.show": f"/mail/{other}",
        "mail.letter": f"/outbox/{letter}",
        "registers.case": "/cases/1",
        "samples.show": "/letters/acknowledgement/1",
        "assessment.unit_results": f"/assessment/{MONTH}/unit?unit={UNIT}",
        "assessment.record": f"/record?unit={UNIT}",
    }


def _rich(desk: Desk) -> int:
    """The draft with pictures, annexes, elements."""
    with desk.store.read() as session:
        return session.scalars(select(Draft.id).where(Draft.title.contains("森林防火和秸秆禁烧"))).one()
