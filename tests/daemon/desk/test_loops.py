"""Machines that answer each other: the letters stay within the budget, and end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.daemon.desk.correspondence import JIA, STRANGER, UNITS, Correspondence, opened
from tests.daemon.desk.mail_clients import STYLES, Letter, answer, notice
from tests.daemon.desk.office import OFFICE, letters
from tests.dovecot import Dovecot
from tests.smtp import Received, SmtpServer

pytestmark = [pytest.mark.server, pytest.mark.slow]

NEIGHBOUR = "desk@neighbour.example.cn"
BUDGET_A_DAY = 6
BUDGET = {"acknowledge_within": "forever", "per_address_a_day": BUDGET_A_DAY, "total_a_day": 50}
MARKS = re.compile(rb"^(?:Auto-Submitted|X-Auto-Response-Suppress):[^\n]*\n", re.M)
NOTHING = Letter("", "", "报送：关于防火工作的通知", "")
FIRST = answer(
    STYLES["fresh"],
    "请查收。",
    NOTHING,
    JIA,
    files=[("通知.docx", notice("甲镇人民政府关于防火工作的通知", "甲政发〔2026〕1号"))],
)


@pytest.fixture
def office(dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path) -> Iterator[Correspondence]:
    with opened(tmp_path / "one", dovecot.account(), smtp_server, letters=BUDGET) as office:
        yield office


def rounds(office: Correspondence, reply: Callable[[Letter], bytes], number: int) -> list[int]:
    """How many letters had gone after each round, in which every letter is answered."""
    answered, sent = 0, []
    for _ in range(number):
        office.work()
        for one in office.server.received[answered:]:
            office.write(reply(Letter.of(one.message)))
        answered = len(office.server.received)
        sent.append(answered)
        office.now += timedelta(minutes=1)
    return sent


def test_an_answering_machine_that_says_nothing_of_it_gets_two_letters(office: Correspondence) -> None:
    office.write(FIRST)
    words = "您好！您发来的邮件已经收到，我会在工作时间尽快处理并与您联系，祝工作顺利。"
    assert rounds(office, lambda letter: answer(STYLES["netease"], words, letter, JIA), 6) == [1, 2, 2, 2, 2, 2]


def test_one_that_writes_something_else_each_time_ends_too(office: Correspondence) -> None:
    office.write(FIRST)
    sent = rounds(
        office,
        lambda letter: answer(STYLES["bare"], f"编号{letter.message_id}的来信已转有关同志阅处。", letter, JIA),
        6,
    )
    assert sent == [1, 2, 2, 2, 2, 2]


def test_one_that_sends_a_new_document_each_time_ends_at_the_budget(office: Correspondence) -> None:
    office.write(FIRST)
    number = iter(range(2, 100))

    def reply(letter: Letter) -> bytes:
        one = next(number)
        file = notice(f"甲镇人民政府关于第{one}次演练的通知", f"甲政发〔2026〕{one}号")
        return answer(STYLES["bare"], "请查收。", letter, JIA, files=[("通知.docx", file)])

    sent = rounds(office, reply, 10)
    assert sent[-1] == sent[-3] == BUDGET["per_address_a_day"]
    assert [letter.state for letter in letters(office.store)].count("held") == 1


def test_two_offices_that_are_units_of_each_other_write_no_second_letter(
    dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    one, two = (UNITS.replace(JIA, address) for address in (NEIGHBOUR, OFFICE))
    neighbour = {"name": "邻县政务网编辑部", "address": NEIGHBOUR, "phone": "0500-7654321"}
    with (
        opened(tmp_path / "two", dovecot.account(), smtp_server, one, letters=BUDGET) as first,
        opened(tmp_path / "three", dovecot.account(), smtp_server, two, letters=BUDGET, office=neighbour) as second,
    ):
        first.write(FIRST.replace(JIA.encode(), NEIGHBOUR.encode()))
        carried = 0
        for _ in range(4):
            first.work()
            second.work()
            for letter in smtp_server.received[carried:]:
                _carry(letter, first, second)
            carried = len(smtp_server.received)
        assert [letter.kind for letter in letters(first.store)] == ["acknowledgement"]
        assert letters(second.store) == []


def test_two_offices_whose_mail_loses_its_marks_stop_by_themselves(
    dovecot: Dovecot, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """A gateway between them takes away what says that a machine wrote it (RFC 3834, 5)."""
    one, two = (UNITS.replace(JIA, address) for address in (NEIGHBOUR, OFFICE))
    neighbour = {"name": "邻县政务网编辑部", "address": NEIGHBOUR, "phone": "0500-7654321"}
    with (
        opened(tmp_path / "four", dovecot.account(), smtp_server, one, letters=BUDGET) as first,
        opened(tmp_path / "five", dovecot.account(), smtp_server, two, letters=BUDGET, office=neighbour) as second,
    ):
        first.write(FIRST.replace(JIA.encode(), NEIGHBOUR.encode()))
        carried, sent = 0, []
        for _ in range(12):
            first.work()
            second.work()
            for letter in smtp_server.received[carried:]:
                _carry(replace(letter, raw=MARKS.sub(b"", letter.raw)), first, second)
            carried = len(smtp_server.received)
            sent.append(carried)
            first.now = second.now = first.now + timedelta(minutes=1)
        assert sent[-1] == sent[-4] <= 2 * BUDGET_A_DAY


def test_an_answering_machine_of_a_stranger_gets_one_letter_a_day(office: Correspondence) -> None:
    office.write(FIRST.replace(JIA.encode(), STRANGER.encode()))
    sent = rounds(office, lambda letter: answer(STYLES["bare"], "您的来信已经收到。", letter, STRANGER), 5)
    assert sent == [1] * 5


def _carry(letter: Received, first: Correspondence, second: Correspondence) -> None:
    """To the mailbox of whom it is for."""
    to = {OFFICE: first, NEIGHBOUR: second}
    for address in letter.recipients:
        to[address].write(letter.raw)
