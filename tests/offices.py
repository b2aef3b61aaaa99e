"""A small office of invented units, as a config folder and as a running daemon in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.generated import units_yaml

HOME = Path(__file__).resolve().parent.parent
COLUMNS = """
columns:
  - {name: 乡镇动态, role: dynamic, from: [town], keywords: [动态, 活动], submit_within: 3d, publish_within: 24h,
     quota: [{at_least: 1, per: day}, {at_least: 30, per: month}]}
  - {name: 部门动态, role: dynamic, from: [department], keywords: [动态, 活动], submit_within: 3d, publish_within: 24h,
     quota: {at_least: 15, per: month, counts: published}}
  - {name: 文件, role: document, keywords: [通知, 意见, 方案], submit_within: 3d, publish_within: 24h}
  - {name: 公告公示, role: notice, keywords: [公告, 通告, 公示], submit_within: 3d, publish_within: 12h}
"""


@dataclass
class Desk:
    """A config folder with its data beside it. `run(...)` is the command line, in a process of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.folder / "config"

    def command(self, *words: str) -> list[str]:
        """The words of a command on this office."""
        return [sys.executable, str(HOME / "run_daemon.py"), "--config", str(self.config), *words]

    @property
    def _environment(self) -> dict[str, str]:
        """As an office has it: compiled modules are kept, else every start compiles all of them again."""
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return inherited | self.environment

    def start(self, *words: str, **options: Any) -> subprocess.Popen[str]:
        """A command in the background, in a process group of its own."""
        return subprocess.Popen(
            self.command(*words), cwd=self.folder, env=self._environment, text=True,
            start_new_session=True, **options,
        )  # fmt: skip

    def run(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command to its end, within two minutes."""
        return subprocess.run(
            self.command(*words), cwd=self.folder, env=self._environment, input=stdin, text=True,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip

    def rows(self, listing: str, *words: str) -> list[dict[str, Any]]:
        """What messages, drafts or outbox print with --json."""
        done = self.run(listing, "--json", *words)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def kill(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process alone; its workers have to notice by themselves."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def write_desk(folder: Path, mailbox: Mapping[str, Any], smtp: Mapping[str, Any], **sections: Any) -> Desk:
    """The config of a small office that reads this mailbox and writes by this server."""
    config = folder / "config"
    config.mkdir(parents=True)
    office = {
        "office": {"name": "县政务网编辑部", "address": "desk@office.example.cn", "phone": "0500-1234567"},
        "mailbox": {"start": "all", "poll_every": "1s", **mailbox},
        "smtp": dict(smtp),
        **sections,
    }
    for name, text in {
        "office.yaml": yaml.safe_dump(office, allow_unicode=True),
        "units.yaml": units_yaml(),
        "columns.yaml": COLUMNS,
        "calendar.yaml": "roll_over_holidays: true\n",
    }.items():
        (config / name).write_text(text, encoding="utf-8")
    return Desk(folder)
