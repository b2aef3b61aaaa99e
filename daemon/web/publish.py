"""The last metre: each field of a post to be copied into a content system, and all of a draft to be filed away."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, abort, render_template, send_file, url_for
from sqlalchemy.orm import Session

from daemon.desk import queue
from daemon.desk.dossier import everything as all_of_it
from daemon.desk.dossier import sheet_of
from daemon.desk.export import post_of
from daemon.desk.queue import DraftView
from daemon.export.folder import contents, laid_out
from daemon.store.schema import Draft
from daemon.web.body import to_page
from daemon.web.drafts import tab_arguments
from daemon.web.files import disposition, draft_or_404
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("publish", __name__, url_prefix="/drafts")
READY = ("approved", "exported", "published")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.get("/<int:draft_id>/publish")
def show(draft_id: int) -> str:
    """The publishing view."""
    with site().store.read() as session:
        draft = _ready(session, draft_id)
        body, files = laid_out(post_of(draft, site().store.blobs.read))
        return render_template(
            "publish.html",
            draft=draft,
            fields=[(name, _field(draft, name)) for name in site().settings.publishing.fields],
            body=to_page(draft.body_html, lambda digest: url_for("files.picture", draft_id=draft_id, digest=digest)),
            source=body,
            files=files,
            here=tab_arguments(),
            **frame(session, ""),
        )


@pages.get("/<int:draft_id>/publish/<path:path>")
def file(draft_id: int, path: str) -> Response:
    """A file of the post under the name that it has there."""
    with site().store.read() as session:
        draft = _ready(session, draft_id)
        post = post_of(draft, site().store.blobs.read)
    found = next((one for one in laid_out(post)[1] if one["path"] == path), None) or abort(404, "没有这个文件。")
    response = Response(site().store.blobs.read(found["sha256"]), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = disposition(path.rsplit("/", 1)[-1])
    return response


@pages.get("/<int:draft_id>/sheet")
def review_sheet(draft_id: int) -> Response:
    """审核单."""
    view = _view(draft_id)
    response = Response(sheet_of(view, site().settings, now()), mimetype=_DOCX)
    response.headers["Content-Disposition"] = disposition(f"审核单 {view.draft.receipt}.docx")
    return response


@pages.get("/<int:draft_id>/zip")
def everything(draft_id: int) -> Response:
    """All there is of a draft, in one file."""
    view = _view(draft_id)
    return _packed(f"{view.draft.receipt}.zip", all_of_it(view, site().settings, now(), site().store.blobs.read))


@pages.get("/<int:draft_id>/post.zip")
def post_zip(draft_id: int) -> Response:
    """What is published, in one file: for a person who uploads it."""
    with site().store.read() as session:
        post = post_of(_ready(session, draft_id), site().store.blobs.read)
    return _packed(f"{post.folder_name}.zip", contents(post, site().store.blobs.read))


def _packed(name: str, files: Iterable[tuple[str, bytes]]) -> Response:
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in files:
            packed.writestr(path, data)
    archive.seek(0)
    return send_file(archive, "application/zip", as_attachment=True, download_name=name)


def _field(draft: Draft, name: str) -> Any:
    if name in ("body", "attachments"):
        return None
    value = getattr(draft, name)
    return value.isoformat() if name == "issued_on" and value else value or ""


def _ready(session: Session, draft_id: int) -> Draft:
    draft = draft_or_404(session, draft_id)
    return draft if draft.state in READY else abort(404, "稿件还没有通过审核，不能上网。")


def _view(draft_id: int) -> DraftView:
    with site().store.read() as session:
        return queue.draft_view(session, draft_id, me()) or abort(404, "没有这篇稿件，或您无权查看。")
