"""Takes in mail from files: single messages, folders of them, mbox, Maildir. A second run changes nothing."""

from __future__ import annotations

import mailbox
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from daemon.desk.receive import Arrival, keep
from daemon.store.unit_of_work import Store
from parsers.mime import topmost_received

Source = Callable[[], bytes]
BATCH = 50
"""Messages that share a commit."""


class NoMail(OSError):
    """A path that is no message, folder, mbox or Maildir; the text says which."""


def sources(paths: Iterable[Path]) -> list[Source]:
    """How to read each message found under the paths, in a stable order; NoMail where a path holds none."""
    found: list[Source] = []
    for path in paths:
        here = list(_sources(path))
        if not here:
            raise NoMail(f"{path}：没有找到邮件（支持 .eml 文件、文件夹、mbox 和 Maildir）")
        found += here
    return found


def import_mail(store: Store, found: Iterable[Source], *, history: bool, now: datetime) -> Iterator[tuple[int, int]]:
    """Stores the messages, in batches; yields after each how many were read and how many of them are new."""
    waiting = iter(found)
    while batch := [_arrival(source(), history) for source in islice(waiting, BATCH)]:
        kept = keep(store, batch, now)
        yield len(batch), sum(one.is_new for one in kept)


def _arrival(raw: bytes, history: bool) -> Arrival:
    return Arrival(raw, topmost_received(raw), source="import", history=history)


def _sources(path: Path) -> Iterator[Source]:
    if path.is_dir():
        yield from _folder(path)
    elif not path.is_file():
        raise NoMail(f"{path}：没有这个文件或文件夹")
    elif _is_mbox(path):
        yield from _box(mailbox.mbox(path, create=False))
    else:
        yield path.read_bytes


def _folder(path: Path) -> Iterator[Source]:
    if (path / "cur").is_dir() and (path / "new").is_dir():
        yield from _maildir(mailbox.Maildir(path, create=False))
        return
    for inside in sorted(path.iterdir()):
        if inside.is_dir():
            yield from _folder(inside)
        elif inside.suffix.lower() == ".eml" or (inside.is_file() and _is_mbox(inside)):
            yield from _sources(inside)


def _maildir(box: mailbox.Maildir) -> Iterator[Source]:
    yield from _box(box)
    for name in sorted(box.list_folders()):
        yield from _maildir(box.get_folder(name))


def _box(box: mailbox.Maildir | mailbox.mbox) -> Iterator[Source]:
    for key in sorted(box.keys()):
        yield partial(box.get_bytes, key)


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "
