"""`demo`: everything embedded, nothing needed, every sample accounted for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.demo.servers import Servers
from daemon.demo.show import _demo_config, _samples
from daemon.settings import load
from tests.offices import HOME


@pytest.mark.slow
def test_the_demonstration_deals_with_every_sample_mail_and_needs_no_config(tmp_path: Path) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(HOME / "run_daemon.py"), "--config", "/nowhere", "demo", "--once"]

    done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, timeout=240, check=False)

    samples = len(list((HOME / "daemon" / "demo" / "messages").glob("*.eml")))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{samples} 封样例邮件，已处理 {samples} 封。" in done.stdout
    assert "审稿队列：http://127.0.0.1:" in done.stdout
    assert list(here.iterdir()) == []


def test_nobody_is_logged_out_when_the_clock_of_the_demonstration_leaps(tmp_path: Path) -> None:
    settings = load(_demo_config(tmp_path, Servers(1143, 1025)))
    times = [sample.received_at for sample in _samples()]
    assert settings.web.session > times[-1] - times[0]
