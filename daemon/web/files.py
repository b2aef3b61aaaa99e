"""Bytes that strangers sent us, given out so that they can do nothing: as downloads, or inside a sandbox."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from urllib.parse import quote

from flask import Blueprint, abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.blobs import BlobDamaged
from daemon.desk import mailroom, queue
from daemon.desk.pictures import of_draft, picture_type, referred, shown_by
from daemon.export.folder import safe_name
from daemon.readers.pdf_pages import count_pages, page_picture
from daemon.store.schema import Draft, DraftAttachment, Message
from daemon.web.marking import marked
from daemon.web.security import FILE_POLICY, FRAME_POLICY, MAIL_POLICY
from daemon.web.site import me, site
from parsers.html import clean
from parsers.mime import Mail, read_mail

pages = Blueprint("files", __name__)
LARGEST_SHOWN = 30 * 2**20
"""Bytes of a mail that a page still takes apart; of a larger one the text kept with it is shown."""
MOST_PAGES = 50
"""Pages of a PDF that are shown."""
LARGEST_PICTURES = 8 * 2**20
"""Bytes of pictures that are put into the frame of one mail."""


@pages.get("/drafts/<int:draft_id>/files/<int:attachment_id>")
def attachment(draft_id: int, attachment_id: int) -> Response:
    """A file of a draft, as a download."""
    found = _attachment(draft_id, attachment_id)
    return _download(found.sha256, found.name)


@pages.get("/drafts/<int:draft_id>/files/<int:attachment_id>/preview")
def preview(draft_id: int, attachment_id: int) -> Response:
    """What a file holds, for the frame beside it: pages of a PDF as pictures, all else as the HTML read from it."""
    found = _attachment(draft_id, attachment_id)
    if found.kind == "pdf":
        pages_of_it = count_pages(site().store.blobs.path(found.sha256))
        page = render_template("pages.html", draft_id=draft_id, file=found, count=min(pages_of_it, MOST_PAGES))
        return _framed(page, FRAME_POLICY)
    return _framed(render_template("preview.html", file=found, body=_readable(found)), MAIL_POLICY)


@pages.get("/drafts/<int:draft_id>/elements/<int:number>")
def element(draft_id: int, number: int) -> Response:
    """Where an element was read, for the frame of the original: the mail's text or a file's, the words marked."""
    with site().store.read() as session:
        draft = draft_or_404(session, draft_id)
    found = draft.elements[number] if number < len(draft.elements) else abort(404, "没有这一项。")
    file = next((one for one in draft.attachments if one.name == found["part"]), None)
    html, text = _source(draft, file)
    body = marked(html, found["excerpt"], text, found.get("offset"))
    values = {"body": body or html, "lost": body is None, "words": found["excerpt"]}
    if file:
        return _framed(render_template("preview.html", file=file, **values), MAIL_POLICY)
    return _framed(render_template("original.html", message=draft.message, **values), MAIL_POLICY)


def _source(draft: Draft, file: DraftAttachment | None) -> tuple[str, str]:
    """The HTML that is shown of a file or of the mail itself, and its plain text."""
    if file:
        return _readable(file) or _preformatted(file.text), file.text
    if draft.message is None:
        return abort(404, "该稿件没有来信。")
    return _own_html(draft.message) or _preformatted(draft.message.note), draft.message.note


def _preformatted(text: str) -> str:
    return f"<pre>{escape(text)}</pre>" if text else ""


@pages.get("/drafts/<int:draft_id>/files/<int:attachment_id>/pages/<int:number>")
def pdf_page(draft_id: int, attachment_id: int, number: int) -> Response:
    """A page of a PDF."""
    found = _attachment(draft_id, attachment_id)
    if found.kind != "pdf" or not 1 <= number <= MOST_PAGES:
        abort(404, "没有这一页。")
    tag = f"{found.sha256}-{number}"
    if tag in request.if_none_match:
        return Response(status=304)
    data = page_picture(site().store.blobs.path(found.sha256), number)
    return _inert(data, "image/png", tag) if data else abort(404, "这一页无法显示，请下载后查看。")


@pages.get("/drafts/<int:draft_id>/pictures/<digest>")
def picture(draft_id: int, digest: str) -> Response:
    """A picture of a draft, shown in the page: only what really is one."""
    with site().store.read() as session:
        draft = draft_or_404(session, draft_id)
        if digest not in shown_by(draft) and digest not in of_draft(session, draft):
            abort(404, "没有这张图片。")
    data = _bytes(digest)
    kind = picture_type(data)
    if kind is None:
        abort(415, "这不是可以显示的图片，请下载后查看。")
    response = _inert(data, kind.media_type, digest)
    return response.make_conditional(request)


@pages.get("/mail/<int:message_id>/raw")
def raw(message_id: int) -> Response:
    """The mail as it came, as a download."""
    message = message_or_404(message_id)
    return _download(message.sha256, f"{(message.subject or '原始邮件')[:80]}.eml")


@pages.get("/mail/<int:message_id>/files/<digest>")
def mail_file(message_id: int, digest: str) -> Response:
    """A file of a mail that made no draft, as a download."""
    message = message_or_404(message_id)
    found = next((one for one in message.attachments if one["sha256"] == digest), None)
    if found is None:
        abort(404, "没有这个附件。")
    return _download(digest, found["name"])


@pages.get("/mail/<int:message_id>/original")
def original(message_id: int) -> Response:
    """The mail's own HTML, cleaned, for the sandboxed frame."""
    message = message_or_404(message_id)
    return _framed(render_template("original.html", body=_own_html(message), message=message), MAIL_POLICY)


def message_or_404(message_id: int) -> Message:
    """A mail that this person may see."""
    with site().store.read() as session:
        return mailroom.message_view(session, message_id, me()) or abort(404, "没有这封邮件，或您无权查看。")


def _attachment(draft_id: int, attachment_id: int) -> DraftAttachment:
    with site().store.read() as session:
        found = next((one for one in draft_or_404(session, draft_id).attachments if one.id == attachment_id), None)
    return found or abort(404, "没有这个附件。")


def _framed(page: str, policy: str) -> Response:
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _readable(file: DraftAttachment) -> str:
    if file.kind == "image":
        return _as_data(f'<p><img src="sha256:{file.sha256}" alt=""></p>')
    return _as_data(clean(file.html))


def _as_data(html: str) -> str:
    """Pictures of ours as `data:`, up to the limit; the others are left out."""
    left = LARGEST_PICTURES
    for digest in referred(html):
        data = _bytes(digest)
        kind = picture_type(data)
        left -= len(data)
        shown = f"data:{kind.media_type};base64,{b64encode(data).decode('ascii')}" if kind and left >= 0 else ""
        html = html.replace(f'src="sha256:{digest}"', f'src="{shown}"')
    return html


def _own_html(message: Message) -> str:
    if message.size > LARGEST_SHOWN:
        return ""
    mail = read_mail(_bytes(message.sha256))
    if mail.html is None:
        return ""
    return _with_pictures(clean(mail.html, mail.pictures), mail)


def _with_pictures(html: str, mail: Mail) -> str:
    """Pictures as `data:`, since a sandboxed frame has no session to fetch them with."""
    left = LARGEST_PICTURES
    for part in mail.parts:
        kind = picture_type(part.data) if part.inline else None
        left -= len(part.data) if kind else 0
        if kind and left >= 0:
            shown = f"data:{kind.media_type};base64,{b64encode(part.data).decode('ascii')}"
            html = html.replace(f'src="sha256:{sha256(part.data).hexdigest()}"', f'src="{shown}"')
    return html


def draft_or_404(session: Session, draft_id: int) -> Draft:
    view = queue.draft_with_files(session, draft_id, me())
    return view or abort(404, "没有这篇稿件，或您无权查看。")


def _bytes(digest: str) -> bytes:
    try:
        return site().store.blobs.read(digest)
    except (BlobDamaged, ValueError) as error:
        abort(404, f"文件打不开：{error}")


def _inert(data: bytes, media_type: str, digest: str) -> Response:
    response = Response(data, mimetype=media_type)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(digest)
    return response


def _download(digest: str, name: str) -> Response:
    response = _inert(_bytes(digest), "application/octet-stream", digest)
    response.headers["Content-Disposition"] = disposition(safe_name(name))
    return response


def disposition(name: str) -> str:
    """RFC 6266: the name in UTF-8, and a plain one for what cannot read it."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
