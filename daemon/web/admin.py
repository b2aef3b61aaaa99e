"""Administration in the browser: the tokens of content systems."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from daemon.desk.hand import InvalidInput
from daemon.desk.tokens import make_token, revoke_token, tokens
from daemon.web.queue import frame
from daemon.web.site import me, now, site

pages = Blueprint("admin", __name__, url_prefix="/admin")


@pages.before_request
def for_admins() -> None:
    """Nobody else."""
    if me().role != "admin":
        abort(403, "本页只供管理员使用。")


@pages.get("/tokens")
def token_list(made: str | None = None) -> str:
    """Which systems may ask for posts."""
    with site().store.read() as session:
        return render_template("tokens.html", tokens=tokens(session), made=made, **frame(session, "tokens"))


@pages.post("/tokens")
def make() -> Response | str:
    """A new token, shown this once."""
    try:
        with site().store.write() as session:
            made = make_token(session, request.form.get("name", ""), me(), now())
    except InvalidInput as problem:
        flash(str(problem), "error")
        return redirect(url_for("admin.token_list"))
    return token_list(made)


@pages.post("/tokens/<int:token_id>/revoke")
def revoke(token_id: int) -> Response:
    """It lets nobody in any more."""
    with site().store.write() as session:
        revoke_token(session, token_id, me(), now())
    flash("令牌已停用。", "success")
    return redirect(url_for("admin.token_list"))
