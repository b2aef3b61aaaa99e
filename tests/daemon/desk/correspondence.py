"""An office that writes letters with people who write mail, over a real Dovecot and a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from daemon.desk.acknowledge import acknowledge
from daemon.desk.poll import poll
from daemon.desk.receive import begin_attempt, take_in, waiting
from daemon.desk.send import send_waiting
from daemon.mail.delivery import Delivery
from daemon.mail.mailbox import Mailbox
from daemon.settings import Settings, load
from daemon.store.unit_of_work import Store
from parsers.message import parse_message
from parsers.readers import NoReaders
from tests.daemon.desk.mail_clients import Letter
from tests.daemon.desk.office import NOW
from tests.dovecot import Account
from tests.offices import write_desk
from tests.smtp import SmtpServer

JIA, OTHER, YI, STRANGER = (
    "jia@town.example.cn",
    "jia.office@town.example.cn",
    "yi@town.example.cn",
    "x@elsewhere.example",
)
UNITS = f"""
units:
  - {{name: 甲镇人民政府, aliases: [甲镇], kind: town, addresses: [{JIA}, {OTHER}], document_prefixes: [甲政发]}}
  - {{name: 乙镇人民政府, aliases: [乙镇], kind: town, addresses: [{YI}], document_prefixes: [乙政发]}}
  - {{name: 县林业局, kind: department, addresses: [ly@bureau.example.cn], document_prefixes: [林发]}}
"""
MANY = {"acknowledge_within": "forever", "per_address_a_day": 1000, "total_a_day": 1000}


class Correspondence:
    """An office with mailbox, store and outbox, at a time that the test moves."""

    def __init__(self, store: Store, settings: Settings, account: Account, server: SmtpServer) -> None:
        self.store, self.settings, self.account, self.server = store, settings, account, server
        self.mailbox, self.delivery = Mailbox(settings.mailbox), Delivery(settings.smtp)
        self.now = NOW

    def write(self, raw: bytes) -> None:
        self.account.deliver(raw, self.now)

    def work(self) -> None:
        """What the daemon does in a round: fetches, reads, answers, sends."""
        poll(self.store, self.mailbox, self.settings, self.now)
        for one in waiting(self.store):
            begin_attempt(self.store, [one.message_row], self.now)
            raw = self.store.blobs.read(one.sha256)
            read = parse_message(raw, self.settings.office_value, one.received_at, NoReaders())
            take_in(self.store, [(one.message_row, read)], self.settings, self.now, acknowledge)
        self.send()

    def send(self) -> None:
        send_waiting(self.store, self.delivery, self.settings, self.now)

    def letters(self) -> dict[str, Letter]:
        """What has arrived at the units, by Message-ID."""
        shown = (Letter.of(one.message) for one in self.server.received)
        return {letter.message_id: letter for letter in shown}

    def close(self) -> None:
        self.mailbox.close()
        self.delivery.close()


@contextmanager
def opened(
    folder: Path, account: Account, server: SmtpServer, units: str = UNITS, **sections: Any
) -> Iterator[Correspondence]:
    """A new office with this mailbox, that sends by this server; its letters are as many as it likes."""
    smtp = server.settings(per_minute=1000, per_day=1000)
    desk = write_desk(folder / "office", account.server.settings(account), smtp, **{"letters": MANY, **sections})
    (desk.config / "units.yaml").write_text(units, encoding="utf-8")
    with Store.open(f"sqlite:///{folder}/test.sqlite3", folder / "data", alone=True) as store:
        office = Correspondence(store, load(desk.config), account, server)
        yield office
        office.close()
