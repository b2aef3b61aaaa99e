"""A draft's page, and what is done there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import accounts, queue, review, shares
from daemon.desk.compare import compare
from daemon.desk.explanations import explained
from daemon.desk.export import export
from daemon.desk.hand import ConflictError, Hand, InvalidInput, NotFound, keep_lock, locked_by_other
from daemon.desk.queue import BY_KEY, DraftView
from daemon.rules.states import NotAllowed
from daemon.store.schema import Draft
from daemon.web.body import captioned, to_page
from daemon.web.queue import filter_arguments, frame, wanted_filter
from daemon.web.site import me, now, row_number, site
from daemon.web.words import RETURN_REASONS

pages = Blueprint("drafts", __name__, url_prefix="/drafts")

Answer = Response | str | tuple[str, int]
Step = Callable[[Session, Hand, str], Draft]

STEPS: dict[str, tuple[Step, str]] = {
    "release": (review.release, "来源已确认，稿件进入待审。"),
    "take": (lambda session, hand, _: review.take(session, hand), "已开始审核。"),
    "sign": (lambda session, hand, _: review.sign(session, hand), "已审核通过。"),
    "return": (review.return_to_unit, "已退回，退稿函已放入发件箱。"),
    "resend": (lambda session, hand, _: review.resend(session, hand), "已重新进入待审。"),
    "reject": (review.reject, "已记为不采用。"),
    "withdraw": (review.withdraw, "已撤回。"),
    "reopen": (review.reopen, "已重新进入待审。"),
    "correct": (review.correct, "已进入更正，原文仍在网上。"),
}
LEAVES = frozenset({"return", "reject", "withdraw"})
"""After these the editor goes on with the list."""


@pages.get("/<int:draft_id>")
def show(draft_id: int) -> str:
    """The clean text beside the original mail."""
    with site().store.read() as session:
        return page_of(session, view_or_404(session, draft_id))


@pages.post("/<int:draft_id>/<any(release, take, sign, return, resend, reject, withdraw, reopen, correct):action>")
def act(draft_id: int, action: str) -> Answer:
    """One of the moves of CONTRACT.md, section 4."""
    step, done = STEPS[action]
    return do(draft_id, lambda session, hand: step(session, hand, _reason()), done, leave=action in LEAVES)


@pages.post("/<int:draft_id>/assign")
def assign(draft_id: int) -> Answer:
    """Another editor goes on with it, or the one who asks."""
    to = request.form.get("to", "")
    done = "已由您接手。" if to == me().name else f"已指派给{to}。"
    return do(draft_id, lambda session, hand: review.assign(session, hand, to), done)


@pages.post("/<int:draft_id>/lock")
def go_on(draft_id: int) -> Response:
    """Asked for by the page on which somebody is writing."""
    with site().store.write() as session:
        return Response(status=204 if keep_lock(session, hand_on(draft_id)) else 409)


@pages.post("/<int:draft_id>/confirm")
def confirm(draft_id: int) -> Answer:
    """It is on the portal."""

    def step(session: Session, hand: Hand) -> Draft:
        return review.confirm(session, hand, _moment(), request.form.get("url", ""))

    return do(draft_id, step, "已记为发布。")


@pages.post("/<int:draft_id>/export")
def export_draft(draft_id: int) -> Answer:
    """Into the folder."""
    try:
        folder = export(site().store, hand_on(draft_id))
    except (NotAllowed, ConflictError, InvalidInput) as problem:
        return _refused(draft_id, problem)
    flash(f"已导出到 {folder}。发布到网站后，请在此确认上网时间和网址。", "success")
    return back(draft_id)


@pages.post("/<int:draft_id>/findings/<int:index>/<any(resolve, overrule):how>")
def settle(draft_id: int, index: int, how: str) -> Answer:
    """A finding is dealt with, or overruled by the chief."""
    step = review.resolve if how == "resolve" else review.overrule
    return do(draft_id, lambda session, hand: step(session, hand, index, _reason()), "已记录。")


@pages.post("/<int:draft_id>/attachments/<int:attachment_id>")
def keep_back(draft_id: int, attachment_id: int) -> Answer:
    """Whether a file goes with the post."""
    publish = request.form.get("publish") == "1"
    done = "该附件将随稿发布。" if publish else "该附件不随稿发布。"
    return do(draft_id, lambda session, hand: review.keep_back(session, hand, attachment_id, publish), done)


@pages.get("/<int:draft_id>/revisions/<int:number>")
def revision(draft_id: int, number: int) -> str:
    """What the draft said once."""
    with site().store.read() as session:
        view = view_or_404(session, draft_id)
        found = next((one for one in view.revisions if one.number == number), None) or abort(404, "没有这一版。")
        body = captioned(to_page(found.content["body_html"], picture_url(draft_id)))
        editable = view.draft.state in review.EDITABLE and not locked_by_other(view.draft, me(), now())
        return render_template(
            "revision.html", view=view, revision=found, body=body, editable=editable, **frame(session, "")
        )  # fmt: skip


@pages.post("/<int:draft_id>/column")
def set_column(draft_id: int) -> Answer:
    """Another column, by one key."""
    column = request.form.get("column", "")
    done = f"栏目定为“{column}”，今后同类来稿会照此学习。"
    return do(draft_id, lambda session, hand: review.set_column(session, hand, column), done)


@pages.get("/<int:draft_id>/compare")
def compare_revisions(draft_id: int) -> str:
    """What two revisions say differently; the last two where none are named."""
    with site().store.read() as session:
        view = view_or_404(session, draft_id)
        numbers = [view.draft.revision - 1, view.draft.revision]
        numbers = [
            request.args.get(name, at, type=row_number) for name, at in zip(("old", "new"), numbers, strict=True)
        ]
        contents = {one.number: one.content for one in view.revisions}
        if not set(numbers) <= contents.keys():
            abort(404, "没有这一版。")
        names = [f"第 {number} 版" for number in numbers]
        found = compare(*(contents[number] for number in numbers))
        return render_template(
            "compare.html", view=view, found=found, names=names, numbers=numbers, **frame(session, "")
        )  # fmt: skip


@pages.get("/<int:draft_id>/compare/<int:other_id>")
def compare_drafts(draft_id: int, other_id: int) -> str:
    """What it says differently from another draft: a duplicate, or an earlier version."""
    with site().store.read() as session:
        view, other = view_or_404(session, draft_id), view_or_404(session, other_id)
        found = compare(_said(other), _said(view))
        names = [other.draft.receipt, view.draft.receipt]
        return render_template("compare.html", view=view, found=found, names=names, numbers=[], **frame(session, ""))


def _said(view: DraftView) -> dict[str, Any]:
    return view.revisions[0].content


def do(draft_id: int, step: Callable[[Session, Hand], Draft], done: str, leave: bool = False) -> Answer:
    """One step in one unit of work, and where the editor goes then: `leave`: on with the list."""
    try:
        with site().store.write() as session:
            step(session, hand_on(draft_id))
    except (NotAllowed, ConflictError, InvalidInput) as problem:
        return _refused(draft_id, problem)
    flash(done, "success")
    return redirect(_address("queue.list_page", key=_tab_key(), **_filters())) if leave else back(draft_id)


def _refused(draft_id: int, problem: Exception) -> Answer:
    """The page as it is now, with why nothing was done."""
    with site().store.read() as session:
        return page_of(session, view_or_404(session, draft_id), problem=str(problem)), status_of(problem)


def status_of(problem: Exception) -> int:
    """How a refusal is told to programs."""
    return 409 if isinstance(problem, ConflictError) else 403 if isinstance(problem, NotAllowed) else 422


def page_of(session: Session, view: DraftView, **extra: Any) -> str:
    """The draft's page; `extra`: what only one of its forms shows."""
    draft, settings = view.draft, site().settings
    tab = BY_KEY.get(_tab_key()) or BY_KEY["pending"]
    locked, signed = locked_by_other(draft, me(), now()), review.signers(session, draft.id)
    before, after = queue.neighbours(session, tab, me(), now(), wanted_filter(), draft.id)
    return render_template(
        "draft.html",
        view=view,
        draft=draft,
        allowed=review.allowed(draft, me(), settings, now(), signed),
        signed=signed,
        locked=locked,
        explained=() if "editing" in extra else explained(session, draft, settings.office_value),
        people=accounts.people(session, draft.secret) if draft.state in review.ASSIGNABLE else (),
        editable=draft.state in review.EDITABLE and not locked,
        undoable=shares.undoable(session, draft, hand_on(draft.id)) if draft.state in review.EDITABLE else (),
        body=captioned(to_page(draft.body_html, picture_url(draft.id))),
        tab=tab,
        filters=_filters(),
        here=tab_arguments(),
        before=before,
        after=after,
        columns=settings.office_value.columns,
        reasons=RETURN_REASONS,
        **{"editing": None, "problem": None, "conflict": False} | extra,
        **frame(session, tab.key),
    )


def _moment() -> datetime:
    """Local time of the office, as a browser's own field gives it."""
    try:
        return datetime.fromisoformat(request.form.get("published_at", "")).replace(tzinfo=site().zone)
    except ValueError:
        raise InvalidInput("上网时间应写作 2026-11-17T09:30。") from None


def _reason() -> str:
    """The ready-made reasons that were ticked, then the free one."""
    return "\n".join(part for part in (*request.form.getlist("ready"), request.form.get("reason", "").strip()) if part)


def hand_on(draft_id: int) -> Hand:
    """The hand of who asks on the draft, at the version that the form was made for."""
    return Hand(draft_id, request.form.get("version", 0, type=row_number), me(), now(), site().settings)


def view_or_404(session: Session, draft_id: int) -> DraftView:
    """The draft, if this person may see it."""
    return queue.draft_view(session, draft_id, me()) or abort(404, "没有这篇稿件，或您无权查看。")


def picture_url(draft_id: int) -> Callable[[str], str]:
    """How a page names a picture of this draft."""
    return lambda digest: url_for("files.picture", draft_id=draft_id, digest=digest)


def tab_arguments() -> dict[str, str]:
    """The list from which the draft was opened, as arguments of an address."""
    tab = BY_KEY.get(_tab_key()) or BY_KEY["pending"]
    return {"from": tab.key} | _filters()


def _tab_key() -> str:
    return request.args.get("from", "pending")


def _filters() -> dict[str, str]:
    return filter_arguments()


def back(draft_id: int) -> Response:
    """To the draft's page."""
    return redirect(_address("drafts.show", draft_id=draft_id, **{"from": _tab_key()}, **_filters()))


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


pages.register_error_handler(NotFound, lambda problem: abort(404, str(problem)))
