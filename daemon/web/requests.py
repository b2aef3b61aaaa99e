"""来信请求: what units ask for by mail, and one click for each."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from daemon.desk import requests
from daemon.desk.hand import ConflictError, InvalidInput, NotFound
from daemon.rules.states import NotAllowed
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("requests", __name__, url_prefix="/requests")


@pages.get("")
def open_requests() -> str:
    """What nobody has answered yet."""
    with site().store.read() as session:
        found = requests.open_requests(session, me())
        return render_template("requests.html", requests=found, **frame(session, "requests"))


@pages.post("/<int:request_id>/<any(accept, decline):outcome>")
def answer(request_id: int, outcome: str) -> Response:
    """Granted, or taken note of."""
    try:
        with site().store.write() as session:
            done = requests.answer(session, request_id, outcome == "accept", me(), site().settings, now())
    except NotFound as problem:
        abort(404, str(problem))
    except (NotAllowed, ConflictError, InvalidInput) as problem:
        flash(str(problem), "error")
    else:
        flash("已办理。" if done else "这项请求此前已经办理。", "success")
    return redirect(url_for("requests.open_requests"))
