"""Messages in the workers' hands: what takes long holds up nothing that doesn't."""

from __future__ import annotations

import time
from pathlib import Path

from daemon.desk.acknowledge import acknowledge
from daemon.desk.read import IN_HAND, Reading
from daemon.desk.receive import Arrival, keep
from daemon.readers.pool import ParserPool
from daemon.store.schema import Letter, Message
from daemon.store.unit_of_work import Store
from tests.daemon.desk.office import NOW, RECEIVED, rows, settings_of
from tests.daemon.readers.tasks import read_scans_for_minutes
from tests.generated import generated


def test_plain_mail_is_acknowledged_while_more_scans_wait_than_are_in_hand(store: Store, tmp_path: Path) -> None:
    scans = [b"From: jia@town.example.cn\r\nSubject: long scan %d\r\n\r\n" % at for at in range(IN_HAND + 12)]
    plain = generated(4)
    settings = settings_of(tmp_path / "office", readers={"workers": 1})
    keep(store, [Arrival(raw, RECEIVED, source="imap") for raw in (*scans, plain)], NOW)
    with ParserPool(settings, store.blobs, read_scans_for_minutes) as pool:
        reading = Reading(store, pool, lambda: settings, acknowledge, lambda: NOW)
        began = time.monotonic()
        while not rows(store, Letter):
            reading.step(0.2)
            assert time.monotonic() - began < 60
        assert pool.slow == len(scans)
    assert [message.subject for message in rows(store, Message) if message.state == "parsed"] == [
        "乙镇开展第4次志愿服务活动"
    ]
    assert [letter.kind for letter in rows(store, Letter)] == ["acknowledgement"]
