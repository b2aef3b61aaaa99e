"""The JSON API for content systems: docs/api.yaml describes it. A token lets in, no session and no form does."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException

from daemon.desk import handover
from daemon.desk.export import post_of
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.desk.tokens import bearer
from daemon.export.folder import laid_out
from daemon.rules.states import NotAllowed
from daemon.web.site import now, row_number, site

pages = Blueprint("api", __name__, url_prefix="/api/v1")


@pages.before_request
def ask_who() -> None:
    """Bearer tokens (RFC 6750)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with site().store.read() as session:
        g.bearer = bearer(session, token.strip()) if scheme.lower() == "bearer" else None
    if g.bearer is None:
        abort(401, "令牌缺失或无效。")


@pages.get("/posts")
def posts() -> Response:
    """Approved posts that are not on the portal yet."""
    after = request.args.get("after", 0, type=row_number)
    with site().store.read() as session:
        found = handover.posts(session, after, site().store.blobs.read)
    return jsonify(posts=found, after=found[-1]["id"] if len(found) == handover.PAGE else None)


@pages.get("/posts/<int:draft_id>")
def post(draft_id: int) -> Response:
    """One post."""
    with site().store.read() as session:
        return jsonify(handover.as_json(handover.handed_over(session, draft_id), site().store.blobs.read))


@pages.get("/posts/<int:draft_id>/files/<path:path>")
def file(draft_id: int, path: str) -> Response:
    """A file of a post, by the `path` that the post names."""
    with site().store.read() as session:
        draft = handover.handed_over(session, draft_id)
        files = laid_out(post_of(draft, site().store.blobs.read))[1]
    found = next((one for one in files if one["path"] == path), None) or abort(404, "没有这个文件。")
    return Response(site().store.blobs.read(found["sha256"]), mimetype="application/octet-stream")


@pages.post("/posts/<int:draft_id>/published")
def published(draft_id: int) -> Response:
    """The content system reports that a post is on the portal."""
    report = _report()
    with site().store.write() as session:
        draft = handover.published(session, draft_id, report, g.bearer, now(), site().settings)
        return jsonify(handover.as_json(draft, site().store.blobs.read))


def _report() -> handover.Report:
    said: Any = request.get_json()
    if not isinstance(said, dict) or type(said.get("revision")) is not int or not isinstance(said.get("url"), str):
        raise InvalidInput("应提交 JSON 对象：revision 为整数，url 为网页地址。")
    return handover.Report(said["revision"], said["url"].strip(), _moment(said.get("published_at")))


def _moment(said: object) -> datetime:
    """ISO 8601 with its offset; nothing: now."""
    if said is None:
        return now()
    with suppress(ValueError):
        moment = datetime.fromisoformat(str(said))
        if moment.tzinfo:
            return moment
    raise InvalidInput("published_at 应带时区，如 2026-11-20T15:10:00+08:00。")


_STATUS = {InvalidInput: 422, NotFound: 404, ConflictError: 409, NotAllowed: 409}


def _refused(problem: Exception) -> tuple[Response, int]:
    return jsonify(error=str(problem)), _STATUS[type(problem)]


def _http_error(problem: HTTPException) -> Response:
    answer = jsonify(error=problem.description)
    answer.status_code = problem.code or 500
    if problem.code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="baosong"'
    return answer


for kind in _STATUS:
    pages.register_error_handler(kind, _refused)
pages.register_error_handler(HTTPException, _http_error)
