"""Editing a draft: the form, what was written on it and not saved, and an earlier revision put back."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import autosave, review
from daemon.desk.arrange import move_file
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.desk.pictures import captions, with_captions
from daemon.desk.queue import DraftView
from daemon.desk.review import Content
from daemon.rules.states import NotAllowed
from daemon.store.autosaves import Autosave
from daemon.store.schema import Draft
from daemon.web.body import from_page, to_page
from daemon.web.drafts import Answer, back, do, hand_on, page_of, picture_url, status_of, tab_arguments, view_or_404
from daemon.web.site import now, site
from daemon.web.words import short
from parsers.html import clean

pages = Blueprint("editing", __name__, url_prefix="/drafts")
FIELDS = ("title", "column", "document_number", "issuer", "issued_on", "addressee", "body_html")


@pages.route("/<int:draft_id>/edit", methods=["GET", "POST"])
def edit(draft_id: int) -> Answer:
    """Title, column, body, date, number."""
    if request.method == "GET":
        with site().store.read() as session:
            return _form_page(session, view_or_404(session, draft_id))
    try:
        content = _content()
        with site().store.write() as session:
            review.edit(session, hand_on(draft_id), content)
            autosave.let_go_of(session, hand_on(draft_id))
    except (InvalidInput, NotAllowed, ConflictError) as problem:
        return _edit_again(draft_id, problem)
    flash("修改已保存。", "success")
    return back(draft_id)


@pages.post("/<int:draft_id>/keep")
def keep(draft_id: int) -> Answer:
    """Asked for by the page while somebody writes: answers with what to tell them."""
    hand = hand_on(draft_id)
    try:
        with site().store.write() as session:
            draft = autosave.keep_aside(session, hand, _written())
    except InvalidInput as problem:
        return str(problem), 413
    changed = "" if draft.version == hand.version else "稿件已被他人修改，保存时请核对。"
    return f"{short(now(), now(), site().zone)} 已暂存，尚未保存。{changed}"


@pages.post("/<int:draft_id>/discard")
def discard(draft_id: int) -> Response:
    """What was not saved is not wanted."""
    with site().store.write() as session:
        autosave.let_go_of(session, hand_on(draft_id))
    flash("上次未保存的修改已丢弃。", "success")
    here: dict[str, Any] = dict(tab_arguments())
    return redirect(url_for("editing.edit", draft_id=draft_id, **here))


@pages.post("/<int:draft_id>/revisions/<int:number>/restore")
def restore(draft_id: int, number: int) -> Answer:
    """An earlier revision becomes the text again, as a new one."""
    return do(draft_id, lambda session, hand: review.restore(session, hand, number), f"已恢复为第 {number} 版的内容。")


@pages.post("/<int:draft_id>/attachments/<int:attachment_id>/<any(up, down):where>")
def move_attachment(draft_id: int, attachment_id: int, where: str) -> Answer:
    """A file one place up or down in the order of publishing."""
    by = -1 if where == "up" else 1
    return do(draft_id, lambda session, hand: move_file(session, hand, attachment_id, by), "附件的先后已调整。")


def _form_page(session: Session, view: DraftView) -> str:
    hand = hand_on(view.draft.id)
    kept = autosave.kept_aside(session, view.draft, hand.who.name)
    wanted = kept if request.args.get("restore") else None
    form = _form_of(view.draft) | ({} if wanted is None else _restored(view.draft, wanted))
    is_old = wanted is not None and wanted.version != view.draft.version
    others = autosave.writing(session, hand)
    return _page(session, view, form, kept=None if wanted else kept, conflict=is_old, others=others)


def _edit_again(draft_id: int, problem: Exception) -> Answer:
    """The form keeps what was written, so that no work is lost; after a conflict it stands beside the new text."""
    with site().store.read() as session:
        view = view_or_404(session, draft_id)
        form = _form_of(view.draft) | _shown(draft_id, _written())
        conflict = isinstance(problem, ConflictError)
        return _page(session, view, form, problem=str(problem), conflict=conflict), status_of(problem)


def _page(session: Session, view: DraftView, form: dict[str, Any], **extra: Any) -> str:
    url = picture_url(view.draft.id)
    pictures = [(digest, url(digest), words) for digest, words in captions(session, view.draft).items()]
    return page_of(session, view, editing=form, pictures=pictures, **{"kept": None, "others": ()} | extra)


def _form_of(draft: Draft) -> dict[str, Any]:
    values = {name: getattr(draft, name) or "" for name in FIELDS}
    values["issued_on"] = draft.issued_on.isoformat() if draft.issued_on else ""
    values["body_html"] = to_page(draft.body_html, picture_url(draft.id))
    return values | {"version": draft.version}


def _restored(draft: Draft, kept: Autosave) -> dict[str, Any]:
    return _shown(draft.id, kept.form)


def _shown(draft_id: int, written: dict[str, Any]) -> dict[str, Any]:
    return written | {"body_html": to_page(written["body_html"], picture_url(draft_id))}


def _written() -> dict[str, str]:
    """The fields as they were sent, the body cleaned."""
    return {name: request.form.get(name, "") for name in FIELDS} | {"body_html": _body()}


def _body() -> str:
    """Clean, with the captions that stand in their own fields."""
    words = {name[8:]: text for name, text in request.form.items() if name.startswith("caption-")}
    return with_captions(clean(from_page(request.form.get("body_html", ""))), words)


def _content() -> Content:
    form = request.form
    return Content(
        title=form.get("title", ""),
        column=form.get("column") or None,
        document_number=form.get("document_number") or None,
        issuer=form.get("issuer") or None,
        issued_on=_day(form.get("issued_on", "")),
        addressee=form.get("addressee") or None,
        body_html=_body(),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InvalidInput("成文日期应写作 2026-11-17。") from None


pages.register_error_handler(NotFound, lambda problem: abort(404, str(problem)))
