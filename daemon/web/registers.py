"""变更登记 and 咨询投诉: the registers, their forms and what is ticked in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import changes, consultations
from daemon.desk.changes import Entered
from daemon.desk.consultations import NewCase, form_key
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.desk.queue import draft_with_files
from daemon.desk.register_hand import EntryHand
from daemon.desk.today import case_tasks
from daemon.rules.registers import Register, without_contact
from daemon.store.registers import Consultation
from daemon.web.files import message_or_404
from daemon.web.queue import frame
from daemon.web.site import me, now, row_number, site
from daemon.web.words import CASE_KINDS

pages = Blueprint("registers", __name__)


@pages.get("/registers/changes")
def change_list() -> str:
    """What changed, and whether it has been brought."""
    return _changes_page({})


@pages.post("/registers/changes")
def enter_change() -> Response | tuple[str, int]:
    """A new entry."""
    try:
        with site().store.write() as session:
            changes.enter(session, _entered(), me().name, site().settings, now())
    except InvalidInput as problem:
        return _changes_page(request.form.to_dict(), str(problem)), 422
    flash("已登记，期限自变更时间起算；单位报来该栏目的稿件后自动办结。", "success")
    return redirect(url_for("registers.change_list"))


@pages.post("/registers/changes/<int:number>/amend")
def amend_change(number: int) -> Response:
    """Another column or moment."""
    column = request.form.get("column") or None
    return _done(lambda session: changes.amend(session, _hand(number), column, _day(), _hour()), "已修改。")


@pages.post("/registers/changes/<int:number>/done")
def finish_change(number: int) -> Response:
    """Done without a draft that shows it."""
    reason = request.form.get("reason", "")
    return _done(lambda session: changes.tick_off(session, _hand(number), reason), "已办结。")


@pages.post("/mail/<int:message_id>/change")
def change_of_mail(message_id: int) -> Response:
    """An entry out of a mail, in one click."""
    message = message_or_404(message_id)
    who, settings = me().name, site().settings
    return _done(lambda session: changes.from_message(session, message, who, settings, now()), _CHECK)


@pages.post("/drafts/<int:draft_id>/change")
def change_of_draft(draft_id: int) -> Response:
    """An entry out of a draft, in one click."""
    who, settings = me(), site().settings

    def make(session: Session) -> object:
        draft = draft_with_files(session, draft_id, who) or abort(404, "没有这篇稿件，或您无权查看。")
        return changes.from_draft(session, draft, who.name, settings, now())

    return _done(make, _CHECK)


@pages.get("/cases")
def case_list() -> str:
    """Questions and complaints, the most urgent first."""
    return _cases_page({})


@pages.post("/cases")
def enter_case() -> Response | tuple[str, int]:
    """A new case."""
    try:
        with site().store.write() as session:
            row = consultations.open_case(session, _new_case(), me().name, site().settings, now())
    except InvalidInput as problem:
        return _cases_page(request.form.to_dict(), str(problem)), 422
    flash("已登记。请选定承办单位并转办。", "success")
    return redirect(url_for("registers.case", number=row.id))


@pages.get("/cases/<int:number>")
def case(number: int) -> str:
    """One case with its clocks, and what is to be done next."""
    with site().store.read() as session:
        row = session.get(Consultation, number) or abort(404, "没有这一件。")
        return render_template(
            "case.html",
            case=row,
            name=consultations.number_of(row),
            tasks=[task for task in case_tasks(session) if task.case.id == number],
            shown=without_contact(row.text),
            letters=consultations.letters_of(session, row),
            history=consultations.history(session, row),
            units=site().settings.office_value.units,
            **frame(session, "cases"),
        )


@pages.post("/cases/<int:number>/<any(rate, pass_on, tell, hand_on, answer, close):action>")
def act(number: int, action: str) -> Response:
    """One step of a case."""
    step, done = _STEPS[action]
    return _done(lambda session: step(session, _hand(number)), done, url_for("registers.case", number=number))


def _rate(session: Session, hand: EntryHand) -> object:
    return consultations.rate(session, hand, _kind(), request.form.get("important") == "1")


def _pass_on(session: Session, hand: EntryHand) -> object:
    field = request.form.get
    contact = field("contact", "") if field("with_contact") == "1" else ""
    return consultations.pass_on(session, hand, field("unit", ""), field("text", ""), contact)


def _tell(session: Session, hand: EntryHand) -> object:
    return consultations.tell(session, hand, _moment(), request.form.get("how", ""))


def _hand_on(session: Session, hand: EntryHand) -> object:
    return consultations.hand_on(session, hand, _moment(), request.form.get("how", ""))


def _answer(session: Session, hand: EntryHand) -> object:
    return consultations.answer(session, hand, _moment(), request.form.get("text", ""))


def _close(session: Session, hand: EntryHand) -> object:
    return consultations.close(session, hand, request.form.get("result", ""))


_CHECK = "已登记变更，请核对栏目和变更时间。"
_STEPS: dict[str, tuple[Callable[[Session, EntryHand], object], str]] = {
    "rate": (_rate, "已修改，期限重新计算。"),
    "pass_on": (_pass_on, "转办函已写好，将在发信时间内发出。"),
    "tell": (_tell, "已登记告知。"),
    "hand_on": (_hand_on, "已登记去向告知。"),
    "answer": (_answer, "答复已保存。"),
    "close": (_close, "已办结。"),
}


def _changes_page(values: dict[str, str], problem: str | None = None) -> str:
    asked = request.args.get("state")
    state = asked if asked in ("open", "done", "all") else "open"
    with site().store.read() as session:
        return render_template(
            "changes.html",
            rows=changes.listed(session, state),
            state=state,
            values=values,
            problem=problem,
            units=site().settings.office_value.units,
            columns=site().settings.office_value.columns,
            today=site().calendar.local_date(now()),
            **frame(session, "changes"),
        )


def _cases_page(values: dict[str, str], problem: str | None = None) -> str:
    state = "closed" if request.args.get("state") == "closed" else "open"
    with site().store.read() as session:
        next_steps = {task.case.id: task for task in reversed(case_tasks(session))}
        return render_template(
            "cases.html",
            rows=consultations.listed(session, state),
            next_steps=next_steps,
            state=state,
            values=values,
            problem=problem,
            **frame(session, "cases"),
        )


def _done(step: Callable[[Session], object], done: str, target: str | None = None) -> Response:
    try:
        with site().store.write() as session:
            step(session)
    except NotFound as missing:
        abort(404, str(missing))
    except (InvalidInput, ConflictError) as problem:
        flash(str(problem), "error")
    else:
        flash(done, "success")
    return redirect(target or url_for("registers.change_list"))


def _hand(number: int) -> EntryHand:
    version = request.form.get("version", type=row_number)
    return EntryHand(number, version or 0, me(), now(), site().settings)


def _entered() -> Entered:
    field = request.form.get
    return Entered(
        field("unit", ""), field("column", ""), field("what", ""), _day(), _hour(), field("source", "")
    )  # fmt: skip


def _new_case() -> NewCase:
    field, kind = request.form.get, _kind()
    received, important = _moment(), field("important") == "1"
    subject, text, person = field("subject", ""), field("text", ""), field("person", "")
    key = form_key(kind, received, subject, text, person)
    return NewCase(key, kind, important, received, subject, text, person)


def _kind() -> Register:
    kind = request.form.get("kind")
    if kind not in CASE_KINDS:
        raise InvalidInput("请选择是咨询还是投诉。")
    return "complaint" if kind == "complaint" else "consultation"


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise InvalidInput("变更日期应写作 2026-11-17。") from None


def _hour() -> time | None:
    text = request.form.get("hour", "")
    try:
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        raise InvalidInput("变更时刻应写作 09:30，不知道的不填。") from None


def _moment() -> datetime:
    """Local time of the office, as a browser's own field gives it."""
    try:
        return datetime.fromisoformat(request.form.get("at", "")).replace(tzinfo=site().zone)
    except ValueError:
        raise InvalidInput("时间应写作 2026-11-17T09:30。") from None
