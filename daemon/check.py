"""`check`: is the config right, can database, servers and readers be used — for each what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

from daemon import clock
from daemon.blobs import StoreUnavailable
from daemon.mail.delivery import Delivered, Delivery
from daemon.mail.errors import MailError
from daemon.mail.letter import Envelope, LetterText, compose, new_message_id
from daemon.mail.mailbox import Mailbox
from daemon.readers import MachineReaders
from daemon.settings import Settings, SettingsError, load
from daemon.store.unit_of_work import Store


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
    _readers(settings)
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
    with closing(Mailbox(settings.mailbox)) as mailbox:
        state = mailbox.state()
    return f"可以登录，文件夹 {settings.mailbox.folder} 可读（UIDVALIDITY {state.uidvalidity}）"


def _smtp(settings: Settings, now: datetime) -> str:
    """Sends a letter to the office itself: nothing less shows that letters go out."""
    with Delivery(settings.smtp) as deliver:
        outcome = deliver(settings.office.address, _test_letter(settings, now))
    if isinstance(outcome, Delivered):
        return f"已向 {settings.office.address} 发出一封测试信"
    raise MailError(outcome.reason)


def _test_letter(settings: Settings, now: datetime) -> bytes:
    office = settings.office
    words = "这是一封测试信，说明报送系统可以发信，不必回复。"
    envelope = Envelope(
        sender_name=office.name,
        sender=settings.smtp.from_address,
        reply_to=office.address,
        to=office.address,
        kind="test",
        message_id=new_message_id(now, 0, "test", office.address),
    )
    return compose(LetterText("报送系统测试信", words, f"<p>{words}</p>"), envelope, now)


def _readers(settings: Settings) -> None:
    for reader in MachineReaders(settings.readers.ocr == "auto", settings.readers.office_suite == "auto").describe():
        print(f"{'✓' if reader.found else '!'} {reader.name}：{reader.message}")


def _next_year(settings: Settings, now: datetime) -> None:
    """The State Council publishes next year's holidays in November."""
    year = settings.calendar.missing_year(now.date())
    if year:
        print(f"! 日历：{year} 年的节假日安排尚未录入 calendar.yaml（official_years），在此之前按暂定处理")
