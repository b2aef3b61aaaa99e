"""The pages of a desk in the middle of its day, asked without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from daemon.web.app import create_app
from tests.samples import NOW, PASSWORD, Desk, open_store, settings_of


@dataclass
class Visit:
    """One person's browser. `clock` can be moved."""

    desk: Desk
    app: Flask
    client: FlaskClient
    moved: timedelta = timedelta()

    def now(self) -> datetime:
        return NOW + self.moved

    def login(self, name: str = "王芳", password: str = PASSWORD) -> TestResponse:
        return self.post("/login", "/login", name=name, password=password)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **options)

    def text(self, path: str) -> str:
        return self.get(path).get_data(as_text=True)

    def post(self, path: str, form_of: str, **fields: Any) -> TestResponse:
        """Sends a form with the token of the page that it stands on."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.text(form_of))
        return self.client.post(path, data=fields | {"csrf_token": token[1] if token else ""})


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """A desk with people and no mail yet; nobody is logged in."""
    settings = settings_of(tmp_path)
    with open_store(tmp_path) as store:
        desk = Desk(store, settings)
        desk.add_people()
        visits: list[Visit] = []
        app = create_app(store, settings, settings.calendar, lambda: visits[0].now())
        visits.append(Visit(desk, app, app.test_client()))
        yield visits[0]
