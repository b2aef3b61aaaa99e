"""Broken mail never raises and never takes long. All of tests.fuzz takes half an hour; here every mail gets a share."""

from __future__ import annotations

import random
from itertools import chain

import pytest

from tests.fuzz import STEP, check_file, check_mail, cuts, damaged, files, mails

_GROUPS = 16
_CUTS, _FILE_CUTS = 3, 2


def test_a_mail_is_cut_at_every_thousandth_byte() -> None:
    data = bytes(range(250)) * 13
    assert [len(cut) for cut in cuts(data)] == [STEP, 2 * STEP, 3 * STEP]
    assert all(data.startswith(cut) for cut in cuts(data))


def _some(found: list[bytes], number: int, seed: str) -> list[bytes]:
    return random.Random(seed).sample(found, min(number, len(found)))


@pytest.mark.slow
@pytest.mark.parametrize("group", range(_GROUPS))
def test_broken_mails_are_read(group: int) -> None:
    for path in mails()[group::_GROUPS]:
        raw = path.read_bytes()
        for broken in chain(_some(list(cuts(raw)), _CUTS, path.name), damaged(raw, path.name)):
            check_mail(broken)


@pytest.mark.slow
@pytest.mark.parametrize("group", range(_GROUPS))
def test_broken_files_are_read(group: int) -> None:
    for path in mails()[group::_GROUPS]:
        for name, data in files(path.read_bytes()):
            for broken in chain(_some(list(cuts(data)), _FILE_CUTS, name), damaged(data, name)):
                check_file(name, broken)
