"""Units and liaisons: what the files say, and over it what the desk has learned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import overlay
from daemon.desk.hand import InvalidInput
from daemon.rules.overlay import Kind, Learned, is_in_files
from daemon.store.overlay import OverlayEntry
from daemon.web.queue import frame
from daemon.web.site import me, now, site
from parsers.office import Unit

pages = Blueprint("units", __name__, url_prefix="/units")


@dataclass(frozen=True)
class Shown:
    """An entry, and whether it still has to stand here."""

    entry: OverlayEntry
    state: str
    """live, written, over or withdrawn."""


@dataclass(frozen=True)
class UnitRow:
    """One unit as the files have it, and what holds over them."""

    unit: Unit
    learned: tuple[Shown, ...]


@pages.get("")
def units() -> str:
    """Both side by side."""
    files = site().current.files.office_value
    with site().store.read() as session:
        shown = [Shown(one, _state(one)) for one in overlay.entries(session)]
        rows = [UnitRow(unit, _of(unit, shown)) for unit in files.units]
        return render_template("units.html", rows=rows, entries=shown[::-1], **frame(session, "units"))


@pages.post("/addresses")
def bind() -> Response:
    """The address is this unit's from now on."""

    def change(session: Session) -> str:
        bound = overlay.bind_address(
            session, request.form.get("address", ""), request.form.get("unit", ""), me(), site().settings, now()
        )
        again = f"此前来自该邮箱的 {bound.read_again} 封来信正在重新识别，稍后进入待审。" if bound.read_again else ""
        return f"{bound.address} 已登记为{bound.unit}的邮箱。{again}"

    return _change(change)


@pages.post("/liaisons")
def liaison() -> Response:
    """Somebody else is the unit's liaison."""
    unit, name, phone = (request.form.get(field, "") for field in ("unit", "name", "phone"))

    def change(session: Session) -> str:
        overlay.set_liaison(session, unit, name, phone, me(), site().settings, now())
        return f"{unit}的信息员已更新。"

    return _change(change)


@pages.post("/holds")
def hold() -> Response:
    """No reminders to the unit for a while."""
    unit, reason = request.form.get("unit", ""), request.form.get("reason", "")

    def change(session: Session) -> str:
        until = _day(request.form.get("until", ""))
        overlay.hold_reminders(session, unit, until, reason, me(), site().settings, now())
        return f"{unit}的催报已暂缓。"

    return _change(change)


@pages.post("/<int:entry_id>/withdraw")
def withdraw(entry_id: int) -> Response:
    """What was learned no longer holds."""

    def change(session: Session) -> str:
        return "已撤销。" if overlay.withdraw(session, entry_id, me(), now()) else "这一条此前已经撤销。"

    return _change(change)


def _change(change: Callable[[Session], str]) -> Response:
    try:
        with site().store.write() as session:
            done = change(session)
    except InvalidInput as problem:
        flash(str(problem), "error")
    else:
        flash(done, "success")
    return redirect(_back())


def _back() -> str:
    """Where the form stood: the mail, the draft, or the page of units."""
    draft, message = (request.form.get(name, type=int) for name in ("draft", "message"))
    if draft:
        return url_for("drafts.show", draft_id=draft)
    return url_for("mail.show", message_id=message) if message else url_for("units.units")


def _of(unit: Unit, shown: list[Shown]) -> tuple[Shown, ...]:
    return tuple(one for one in shown if one.entry.unit == unit.name and one.state == "live")


def _state(entry: OverlayEntry) -> str:
    if entry.withdrawn_at is not None:
        return "withdrawn"
    if entry.kind == "hold":
        today = now().astimezone(site().zone).date()
        return "over" if entry.until is not None and entry.until < today else "live"
    said = Learned(cast(Kind, entry.kind), entry.unit, entry.value, entry.phone)
    return "written" if is_in_files(site().current.files.office_value, said) else "live"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("请填写暂缓到哪一天。") from None
