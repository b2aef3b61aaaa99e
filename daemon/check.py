"""`check`: is the config right, can database, servers and readers be used — for each what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from daemon import clock
from daemon.mail.delivery import Delivered, Delivery
from daemon.mail.errors import MailError
from daemon.mail.letter import compose_test
from daemon.mail.mailbox import Mailbox
from daemon.readers import MachineReaders
from daemon.settings import Settings, SettingsError, load
from daemon.store.errors import StoreUnavailable
from daemon.store.unit_of_work import Store

LAST_MONTH = 12
"""From 1 December on, next year's holidays should be known (the State Council publishes them in November)."""


def check(config: Path) -> int:
    """Prints a line for each thing that was tried; 2 where the config is wrong, 1 where something can't be used."""
    try:
        settings = load(config)
    except SettingsError as mistakes:
        print(f"✗ 配置 {config}")
        print("\n".join(f"  {line}" for line in str(mistakes).splitlines()))
        return 2
    _describe(settings)
    now = clock.now(settings.office_value.zone)
    tried = [
        _try("数据库", partial(_database, settings)),
        _try(f"邮箱 {settings.mailbox.host}:{settings.mailbox.port}", partial(_mailbox, settings)),
        _try(f"发信 {settings.smtp.host}:{settings.smtp.port}", partial(_smtp, settings, now)),
    ]
    _readers()
    _next_year(settings, now)
    return 0 if all(tried) else 1


def _describe(settings: Settings) -> None:
    office = settings.office_value
    print(f"✓ 配置 {settings.folder}：单位 {len(office.units)} 个，栏目 {len(office.columns)} 个")
    for warning in settings.warnings:
        print(f"! {warning}")


def _try(name: str, attempt: Callable[[], str]) -> bool:
    try:
        print(f"✓ {name}：{attempt()}")
    except (MailError, StoreUnavailable, SettingsError, OSError) as why:
        print(f"✗ {name}：{why}")
        return False
    return True


def _database(settings: Settings) -> str:
    with Store.open(settings.database.url(), settings.data_dir) as store:
        store.ping()
    return "可以读写，表结构为最新"


def _mailbox(settings: Settings) -> str:
    mailbox = Mailbox(settings.mailbox)
    try:
        state = mailbox.state()
    finally:
        mailbox.close()
    return f"可以登录，文件夹 {settings.mailbox.folder} 可读（UIDVALIDITY {state.uidvalidity}）"


def _smtp(settings: Settings, now: datetime) -> str:
    """Sends a letter to the office itself: nothing less shows that letters go out."""
    delivery = Delivery(settings.smtp)
    try:
        outcome = delivery.send(settings.office.address, compose_test(settings, now))
    finally:
        delivery.close()
    if isinstance(outcome, Delivered):
        return f"已向 {settings.office.address} 发出一封测试信"
    raise MailError(outcome.reason)


def _readers() -> None:
    for line in MachineReaders().describe():
        print(f"{'✓' if line.found else '!'} {line.name}：{line.advice}")


def _next_year(settings: Settings, now: datetime) -> None:
    if now.month >= LAST_MONTH and not settings.calendar.is_certain(now.year + 1):
        print(f"! 日历：{now.year + 1} 年的节假日安排尚未录入 calendar.yaml（official_years），届时按暂定处理")
