"""Administration in the browser: accounts, the tokens of content systems, the journal."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from daemon.desk import accounts, audit
from daemon.desk.accounts import AccountError
from daemon.desk.hand import InvalidInput
from daemon.desk.tokens import make_token, revoke_token, tokens
from daemon.web.queue import frame
from daemon.web.site import me, now, row_number, site

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


@pages.get("/users")
def users() -> str:
    """Who may work here."""
    with site().store.read() as session:
        return render_template("users.html", users=accounts.users(session), **frame(session, "users"))


@pages.post("/users")
def add_user() -> Response:
    """A new account."""
    name, password, role = (request.form.get(field, "") for field in ("name", "password", "role"))
    return _change(lambda session: accounts.add_user(session, name, password, role, now(), me().name), "账号已建立。")


@pages.post("/users/<int:user_id>/password")
def reset_password(user_id: int) -> Response:
    """A new password, which unlocks the account and ends its sessions."""

    def change(session: Session) -> None:
        name = next((user.name for user in accounts.users(session) if user.id == user_id), "")
        accounts.set_password(session, name, request.form.get("password", ""), now(), me().name)

    return _change(change, "密码已重设，账号已解锁。")


@pages.post("/users/<int:user_id>/role")
def change_role(user_id: int) -> Response:
    """Editor, chief or admin."""
    role = request.form.get("role", "")
    return _change(lambda session: accounts.set_role(session, user_id, role, me(), now()), "角色已更改。")


@pages.post("/users/<int:user_id>/<any(on, off):how>")
def switch(user_id: int, how: str) -> Response:
    """Lets somebody in no longer, or again."""
    done = "账号已启用。" if how == "on" else "账号已停用。"
    return _change(lambda session: accounts.set_active(session, user_id, how == "on", me(), now()), done)


@pages.get("/audit")
def audit_page() -> str:
    """Who did what, when."""
    who = request.args.get("who", "")[:100]
    with site().store.read() as session:
        page = audit.entries(session, me(), who, request.args.get("after", type=row_number))
        names = [*(user.name for user in accounts.users(session)), "系统"]
        return render_template("audit.html", page=page, who=who, names=names, **frame(session, "audit"))


def _change(change: Callable[[Session], object], done: str) -> Response:
    try:
        with site().store.write() as session:
            change(session)
    except AccountError as problem:
        flash(f"{problem}。", "error")
    else:
        flash(done, "success")
    return redirect(url_for("admin.users"))
