"""What every page stands on: store, settings, clock, and who is asking."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g
from flask_login import current_user
from werkzeug.routing import IntegerConverter

from daemon.desk.accounts import Actor
from daemon.desk.overlay import Current
from daemon.rules.calendar import Calendar
from daemon.running import Running
from daemon.settings import Settings
from daemon.store.unit_of_work import Store

Clock = Callable[[], datetime]
KEY = "baosong"


@dataclass
class Site:
    """One office's pages. `settings` is replaced whole by what is current, before each page."""

    store: Store
    settings: Settings
    calendar: Calendar
    clock: Clock
    current: Current
    running: Running

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.office_value.zone


class RowNumber(IntegerConverter):
    """A number in an address that a row can have: longer ones are no page, rather than an error of the database."""

    regex = r"\d{1,9}"


def row_number(text: str) -> int:
    """The same of an argument or a field; ValueError for anything else."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise ValueError(text)
    return int(text)


def site() -> Site:
    """The site that this request is for."""
    return site_of(current_app)


def site_of(app: Flask) -> Site:
    """The site of an application."""
    return cast(Site, app.extensions[KEY])


def now() -> datetime:
    """The present, the same all through one request."""
    if "now" not in g:
        g.now = site().clock()
    return cast(datetime, g.now)


def me() -> Actor:
    """Who is asking. Only on pages that need a login."""
    return cast(Actor, current_user.actor)
