"""What the office's letters look like: every kind in every case, with invented content, and one by mail to oneself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from daemon.desk.try_letter import try_letter
from daemon.mail.letter import Kind
from daemon.mail.samples import Sample, kinds, samples
from daemon.web.queue import frame
from daemon.web.security import MAIL_POLICY
from daemon.web.site import me, now, site

pages = Blueprint("samples", __name__, url_prefix="/letters")


@pages.get("/")
def overview() -> Answer:
    """The first kind there is."""
    return redirect(url_for("samples.show", kind=kinds()[0], number=1))


@pages.get("/<kind>/<int:number>")
def show(kind: str, number: int) -> str:
    """One case of a kind: as mail programs show it, on a telephone, as plain text."""
    cases = _cases(kind)
    chosen = _chosen(cases, number)
    with site().store.read() as session:
        return render_template(
            "samples.html", kinds=kinds(), cases=cases, chosen=chosen, number=number, **frame(session, "samples")
        )


@pages.get("/<kind>/<int:number>/page")
def page(kind: str, number: int) -> Response:
    """The letter's HTML alone, for a frame."""
    response = Response(_chosen(_cases(kind), number).letter.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@pages.post("/<kind>/<int:number>")
def send(kind: str, number: int) -> Answer:
    """A test letter to the office's own mailbox, by the outbox."""
    sample = _chosen(_cases(kind), number)
    with site().store.write() as session:
        try_letter(session, sample, me(), site().settings, now())
    flash(f"测试信函即将发到 {site().settings.office.address}，发送情况见发件箱。", "success")
    return redirect(url_for("samples.show", kind=kind, number=number))


def _cases(kind: str) -> tuple[Sample, ...]:
    known: Kind | None = next((one for one in kinds() if one == kind), None)
    return samples(known, site().settings, now()) if known else abort(404, "没有这类函件。")


def _chosen(cases: tuple[Sample, ...], number: int) -> Sample:
    return cases[number - 1] if 1 <= number <= len(cases) else abort(404, "没有这封示例。")
