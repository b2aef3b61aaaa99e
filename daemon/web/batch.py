"""One action on many drafts of a list, each in a transaction of its own: one that cannot be moved holds up none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from daemon.desk import review
from daemon.desk.export import export
from daemon.desk.hand import ConflictError, Hand, InvalidInput, NotFound, name_of
from daemon.desk.queue import PAGE
from daemon.rules.states import NotAllowed
from daemon.web.queue import filter_arguments, tab_or_404
from daemon.web.site import me, now, row_number, site
from daemon.web.words import ACTIONS

pages = Blueprint("batch", __name__)
MOST_TOLD = 5
"""Drafts that could not be moved, told one by one."""


@pages.post("/queue/<key>/<any(take, return, reject, export):action>")
def act(key: str, action: str) -> Response:
    """The action on every draft that was chosen."""
    tab_or_404(key)
    hands = list(_chosen())
    refusals = [said for hand in hands if (said := _tried(action, hand))]
    if not hands:
        flash("没有选中稿件。", "error")
    elif len(refusals) < len(hands):
        flash(f"{ACTIONS[action]}：已办理 {len(hands) - len(refusals)} 篇。", "success")
    for said in refusals[:MOST_TOLD]:
        flash(said, "error")
    if len(refusals) > MOST_TOLD:
        flash(f"另有 {len(refusals) - MOST_TOLD} 篇没有办理，请逐篇打开查看原因。", "error")
    return redirect(url_for("queue.list_page", key=key, **filter_arguments()))  # type: ignore[arg-type]


def _chosen() -> Iterator[Hand]:
    """Each draft in the version that stood in the list."""
    for value in request.form.getlist("draft")[:PAGE]:
        number, _, version = value.partition(":")
        with suppress(ValueError):
            yield Hand(row_number(number), row_number(version), me(), now(), site().settings)


def _tried(action: str, hand: Hand) -> str | None:
    """Why it was not done; None: it was."""
    try:
        _STEPS[action](hand, request.form.get("reason", ""))
    except NotFound as problem:
        return str(problem)
    except (NotAllowed, ConflictError, InvalidInput) as problem:
        with site().store.read() as session:
            return f"{name_of(session, hand)}：{problem}"
    return None


def _take(hand: Hand, _reason: str) -> None:
    with site().store.write() as session:
        review.take(session, hand)


def _return(hand: Hand, reason: str) -> None:
    with site().store.write() as session:
        review.return_to_unit(session, hand, reason)


def _reject(hand: Hand, reason: str) -> None:
    with site().store.write() as session:
        review.reject(session, hand, reason)


_STEPS: Mapping[str, Callable[[Hand, str], object]] = {
    "take": _take, "return": _return, "reject": _reject, "export": lambda hand, _: export(site().store, hand),
}  # fmt: skip
