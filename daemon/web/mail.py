"""Pages of mail that is no draft: other letters, unreadable ones, what we write and are going to write."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from daemon.desk import mailroom
from daemon.desk.let_go import STOPPED, UNSENT, cancel, let_go
from daemon.desk.make_draft import make_draft
from daemon.desk.receive import parse_again
from daemon.desk.remind import preview
from daemon.web.files import message_or_404
from daemon.web.queue import frame
from daemon.web.site import me, now, row_number, site
from daemon.web.words import KINDS

pages = Blueprint("mail", __name__)


@pages.get("/mail/other")
def other() -> str:
    """What was judged nothing to publish."""
    kind = request.args.get("kind")
    kind = kind if kind in KINDS else None
    with site().store.read() as session:
        page = mailroom.other_letters(session, kind, request.args.get("after", type=row_number))
        return render_template("other.html", page=page, kind=kind, **frame(session, "other"))


@pages.get("/mail/unreadable")
def unreadable() -> str:
    """What could not be parsed or fetched."""
    after = request.args.get("after", type=row_number)
    with site().store.read() as session:
        page = mailroom.unreadable(session, after)
        unfetched = () if after else mailroom.unfetched(session)
        return render_template("unreadable.html", page=page, unfetched=unfetched, **frame(session, "unreadable"))


@pages.get("/mail/<int:message_id>")
def show(message_id: int) -> str:
    """One mail, to read."""
    message = message_or_404(message_id)
    with site().store.read() as session:
        current = "unreadable" if message.state == "unreadable" else "other"
        return render_template("message.html", message=message, **frame(session, current))


@pages.post("/mail/<int:message_id>/draft")
def make(message_id: int) -> Response:
    """A letter that was judged nothing to publish becomes a draft."""
    message_or_404(message_id)
    draft_id = make_draft(site().store, message_id, me().name, now(), site().settings)
    flash("已转为稿件。请核对标题、选定栏目。", "success")
    return redirect(url_for("drafts.show", draft_id=draft_id))


@pages.post("/mail/<int:message_id>/parse")
def parse(message_id: int) -> Response:
    """Read once more."""
    message = message_or_404(message_id)
    parse_again(site().store, message_id, now(), me().name)
    flash(f"“{message.subject or '（无主题）'}”已交给程序重新解析，稍后会出现在相应的列表中。", "success")
    return redirect(url_for("mail.unreadable"))


@pages.get("/outbox")
def outbox() -> str:
    """Letters and what became of them."""
    state = request.args.get("state")
    state = state if state in mailroom.LETTER_STATES else None
    with site().store.read() as session:
        page = mailroom.outbox(session, state, request.args.get("after", type=row_number))
        states = mailroom.letter_counts(session)
        return render_template(
            "outbox.html", page=page, state=state, states=states, unsent=UNSENT, stopped=STOPPED,
            **frame(session, "outbox"),
        )  # fmt: skip


@pages.get("/outbox/<int:letter_id>")
def letter(letter_id: int) -> str:
    """One letter as it is sent."""
    with site().store.read() as session:
        found = mailroom.letter_view(session, letter_id, me()) or abort(404, "没有这封函件，或您无权查看。")
        return render_template("letter.html", letter=found, unsent=UNSENT, stopped=STOPPED, **frame(session, "outbox"))


@pages.post("/outbox/<any(let_go, cancel):action>")
def handle_letters(action: str) -> Response:
    """Letters that wait for a person go, or never will."""
    ids = request.form.getlist("letter", type=row_number)
    with site().store.write() as session:
        if action == "let_go":
            done = f"已放行 {let_go(session, ids, me(), site().settings, now())} 封函件。"
        else:
            done = f"已取消 {cancel(session, ids, me(), now())} 封函件。"
    flash(done if ids else "没有选中函件。", "success" if ids else "error")
    return redirect(url_for("mail.outbox", state=request.args.get("state")))


@pages.get("/reminders")
def reminders() -> str:
    """The reminders that will be written next."""
    with site().store.read() as session:
        return render_template(
            "reminders.html",
            upcoming=preview(session, site().settings, site().calendar, now()),
            all_held=site().settings.reminders.hold,
            **frame(session, "reminders"),
        )


@pages.post("/reminders/hold")
def hold() -> Response:
    """A unit's reminder of a day is kept back, or goes after all."""
    unit, day, kept = request.form.get("unit", ""), _day(), request.form.get("hold") == "1"
    if site().settings.office_value.unit(unit) is None:
        abort(404, "没有这个单位。")
    with site().store.write() as session:
        mailroom.hold_reminder(session, unit, day, kept, me(), now())
    flash(f"{unit}的催报已{'暂缓' if kept else '恢复'}。", "success")
    return redirect(url_for("mail.reminders"))


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400, "日期应写作 2026-11-17。")
