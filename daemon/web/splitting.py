"""A draft made two, two made one, and either undone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from daemon.desk import review
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.desk.merge import candidates, merge
from daemon.desk.queue import DraftView
from daemon.desk.shares import undo
from daemon.desk.split import split
from daemon.rules.states import NotAllowed
from daemon.web.body import to_page
from daemon.web.drafts import Answer, back, do, hand_on, picture_url, status_of, tab_arguments, view_or_404
from daemon.web.queue import frame
from daemon.web.site import me, row_number, site
from parsers.roundup import paragraphs, split_points

pages = Blueprint("splitting", __name__, url_prefix="/drafts")
NOWHERE = -1


@pages.route("/<int:draft_id>/split", methods=["GET", "POST"])
def split_draft(draft_id: int) -> Answer:
    """Where the second text begins, and which files go with it."""
    if request.method == "GET":
        return _split_page(draft_id)
    try:
        with site().store.write() as session:
            at, title = request.form.get("at", NOWHERE, type=row_number), request.form.get("title", "")
            new = split(session, hand_on(draft_id), at, title, _files("second"), _files("both"))
    except (NotAllowed, ConflictError, InvalidInput) as problem:
        return _split_page(draft_id, str(problem)), status_of(problem)
    flash(f"已分出 {new.receipt}《{new.title}》，请核对两篇稿件的标题、栏目和提示。", "success")
    here: dict[str, Any] = dict(tab_arguments())
    return redirect(url_for("drafts.show", draft_id=new.id, **here))


@pages.route("/<int:draft_id>/merge", methods=["GET", "POST"])
def merge_drafts(draft_id: int) -> Answer:
    """Which draft goes into this one."""
    if request.method == "GET":
        return _merge_page(draft_id)
    other, _, version = request.form.get("other", "").partition(":")
    try:
        with site().store.write() as session:
            headed = request.form.get("headed") == "1"
            merge(session, hand_on(draft_id), _number(other), _number(version), headed)
    except (NotAllowed, ConflictError, InvalidInput) as problem:
        return _merge_page(draft_id, str(problem)), status_of(problem)
    flash("已合并，另一篇已撤回。请核对正文、附件和提示。", "success")
    return back(draft_id)


@pages.post("/<int:draft_id>/undo/<int:journal_id>")
def undo_it(draft_id: int, journal_id: int) -> Answer:
    """Both drafts as they were before."""
    return do(draft_id, lambda session, hand: undo(session, hand, journal_id), "已撤销，两篇稿件恢复到此前的内容。")


def _split_page(draft_id: int, problem: str = "") -> str:
    with site().store.read() as session:
        view = view_or_404(session, draft_id)
        body, url = view.draft.body_html, picture_url(draft_id)
        pieces = [(at, to_page(piece.html, url)) for at, piece in enumerate(paragraphs(body))]
        offered = {point.at for point in split_points(body)}
        return _rendered(session, "split.html", view, problem, pieces=pieces, offered=offered)


def _merge_page(draft_id: int, problem: str = "") -> str:
    with site().store.read() as session:
        view = view_or_404(session, draft_id)
        others = candidates(session, view.draft, me().sees_secrets)
        return _rendered(session, "merge.html", view, problem, others=others)


def _rendered(session: Any, page: str, view: DraftView, problem: str, **values: Any) -> str:
    if view.draft.state not in review.EDITABLE:
        abort(403, "稿件已不在审核中，不能拆分或合并。")
    return render_template(
        page, view=view, draft=view.draft, problem=problem, here=tab_arguments(), **values, **frame(session, "")
    )


def _files(where: str) -> list[int]:
    """Attachments that the form sends there."""
    named = {name[5:]: value for name, value in request.form.items() if name.startswith("file-")}
    return [_number(name) for name, value in named.items() if value == where]


def _number(text: str) -> int:
    try:
        return row_number(text)
    except ValueError:
        raise InvalidInput("请选择一篇稿件。") from None


pages.register_error_handler(NotFound, lambda problem: abort(404, str(problem)))
