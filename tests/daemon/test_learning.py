"""Learning as the whole program does it: from the editors' words to the workers' file, and `evaluate`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daemon import service
from daemon.readers import model_file
from daemon.settings import load
from tests.daemon.desk.desks import staffed
from tests.daemon.desk.test_learn import correct_some
from tests.offices import Desk, write_desk

SERVER = {"host": "127.0.0.1", "port": 1, "security": "none", "user": "desk", "password": "secret"}


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    smtp = {**SERVER, "from": "desk@office.example.cn"}
    url = f"sqlite:///{tmp_path / 'baosong.sqlite3'}"
    return write_desk(tmp_path / "desk", SERVER, smtp, database={"url": url}, data_dir=str(tmp_path / "data"))


def test_what_editors_say_is_in_the_workers_file_and_known_after_a_restart(office: Desk) -> None:
    settings = load(office.config)
    with service.opened(settings) as opened:
        correct_some(staffed(opened.store, settings), count=4)
        assert not opened.learning().step()
    written = settings.data_dir / model_file.NAME
    model = model_file.read(written)
    assert model is not None
    assert model.lessons == 4
    before = written.stat().st_mtime_ns
    with service.opened(settings) as opened:
        assert not opened.learning().step()
    assert written.stat().st_mtime_ns == before


def test_other_columns_in_the_config_make_the_model_anew(office: Desk) -> None:
    settings = load(office.config)
    with service.opened(settings) as opened:
        correct_some(staffed(opened.store, settings), count=4)
        opened.learning().step()
    columns = tuple(one for one in settings.office_value.columns if one.name != "公告公示")
    changed = replace(settings, office_value=replace(settings.office_value, columns=columns, config_version="2"))
    with service.opened(changed) as opened:
        opened.learning().step()
    model = model_file.read(settings.data_dir / model_file.NAME)
    assert model is not None
    assert model.lessons == 0


def test_evaluate_tells_how_often_rules_model_and_both_were_right(office: Desk) -> None:
    empty = office.run("evaluate")
    assert (empty.returncode, empty.stdout.strip()) == (0, "编辑还没有确认或改动过栏目，无从评估")
    settings = load(office.config)
    with service.opened(settings) as opened:
        correct_some(staffed(opened.store, settings), count=8)
    done = office.run("evaluate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "规则加模型" in done.stdout
    (row,) = (line for line in done.stdout.splitlines() if "第 1 至 8 篇" in line)
    assert "0.0%" in row
