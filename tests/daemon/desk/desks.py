"""A desk with three people and one draft, for tests of what is done with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from daemon.settings import Settings
from daemon.store.schema import Base, Draft, Journal
from daemon.store.unit_of_work import Store
from parsers.submission import Finding
from tests.samples import NOW, Desk, found_draft, submission

UNIT, ADDRESS = "甲镇人民政府", "jia@town.example.cn"
BLOCK = Finding("pii.id_number", "block", "正文含有身份证号。", "370321190501011237")


def staffed(store: Store, settings: Settings) -> Desk:
    desk = Desk(store, settings)
    desk.add_people()
    return desk


def received(desk: Desk, title: str = "关于做好秋季防火工作的通知", column: str | None = "文件", **values: Any) -> int:
    """The id of a draft that has just come in."""
    mail = {name: values.pop(name) for name in ("unit", "address", "received_at", "blobs") if name in values}
    drafts = (found_draft(title, column, **values),)
    found = submission(
        mail.get("unit", UNIT), mail.get("address", ADDRESS), title, mail.get("received_at", NOW), *drafts,
        blobs=mail.get("blobs", ()),
    )  # fmt: skip
    return desk.draft_of(desk.receive(title.encode(), found)).id


def draft(desk: Desk, draft_id: int) -> Draft:
    with desk.store.read() as session:
        return session.get_one(Draft, draft_id)


def rows(desk: Desk, table: type[Base]) -> list[Any]:
    with desk.store.read() as session:
        return list(session.scalars(select(table)))


def journal(desk: Desk, draft_id: int) -> list[Journal]:
    with desk.store.read() as session:
        return list(session.scalars(select(Journal).where(Journal.draft == draft_id).order_by(Journal.id)))
