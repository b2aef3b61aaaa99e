"""Who gets in: login, sessions that end, a secret key of one's own."""

from __future__ import annotations

import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from daemon.desk import accounts
from daemon.desk.accounts import Actor, Refusal
from daemon.web import api
from daemon.web.site import now, site, site_of

pages = Blueprint("access", __name__)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly a session knows when it was last used."""
OPEN_PAGES = frozenset({"access.login", "static"})
NO_ACTIVITY = frozenset({"queue.changes"})
"""Asked for by open pages on their own: nobody sits there because of it."""


class Visitor(UserMixin):  # type: ignore[misc]
    """An account as Flask-Login wants it. Its id changes with the password, which ends older sessions."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get_id(self) -> str:
        return f"{self.actor.id}-{self.actor.mark}"


def protect(app: Flask) -> None:
    """Every page but the login asks who is there; every POST proves where it comes from."""
    web = site_of(app).settings.web
    app.config.update(
        SECRET_KEY=secret_key(site_of(app).settings.data_dir),
        SESSION_COOKIE_NAME="baosong",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=(web.base_url or "").startswith("https:"),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=web.session,
        WTF_CSRF_TIME_LIMIT=None,
    )
    # The API knows no session, so no other site can use one.
    CSRFProtect(app).exempt(api.pages)
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_visitor)
    app.before_request(_ask_who)
    app.register_blueprint(pages)


def secret_key(data_dir: Path) -> bytes:
    """The key that signs sessions: made once, readable by its owner alone."""
    path = data_dir / "session.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        # Written aside and renamed: half a key would be worse than none.
        handle, name = tempfile.mkstemp(dir=data_dir)  # 0600
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        Path(name).rename(path)
    return path.read_bytes()


@pages.route("/login", methods=["GET", "POST"])
def login() -> Response | str | tuple[str, int]:
    """The only page for everybody."""
    if request.method == "GET":
        return render_template("login.html", name="")
    name, password = request.form.get("name", ""), request.form.get("password", "")
    found = accounts.check_password(site().store, name, password, site().settings.web.lock_after, now())
    if isinstance(found, Refusal):
        return render_template("login.html", name=name, refusal=found.message), 403
    session.clear()
    session.permanent = True
    session["seen"] = now().timestamp()
    login_user(Visitor(found))
    return redirect(_target(request.args.get("next")))


@pages.post("/logout")
@login_required  # type: ignore[untyped-decorator]
def logout() -> Response:
    """Ends the session."""
    logout_user()
    session.clear()
    return redirect(url_for("access.login"))


def _visitor(visitor_id: str) -> Visitor | None:
    """The account of a session, if it was used lately and the password is still the same."""
    number, _, mark = visitor_id.partition("-")
    if (
        not number.isdecimal()
        or now().timestamp() - session.get("seen", 0) > site().settings.web.session.total_seconds()
    ):
        return None
    with site().store.read() as database:
        found = accounts.actor(database, int(number))
    return Visitor(found) if found and secrets.compare_digest(found.mark, mark) else None


def _ask_who() -> Response | None:
    if request.endpoint in OPEN_PAGES or request.blueprint == api.pages.name:
        return None
    if not current_user.is_authenticated:
        return _send_away()
    if request.endpoint not in NO_ACTIVITY and now().timestamp() - session["seen"] > SEEN_EVERY.total_seconds():
        session["seen"] = now().timestamp()
    return None


def _send_away() -> Response:
    if request.endpoint in NO_ACTIVITY:
        return Response("请重新登录", status=401)
    if session.pop("_user_id", None):
        flash("登录已过期，请重新登录。", "error")
    came_for = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("access.login", next=came_for if came_for != "/" else None))


def _target(wanted: str | None) -> str:
    """Where to go after the login: a page of ours, never another site."""
    parts = urlsplit(wanted or "")
    inside = wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if wanted and inside else url_for("queue.home")
