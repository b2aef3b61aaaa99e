"""`letters`: what each kind of letter looks like with this office's config, on the screen, in a file or by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from daemon.mail.delivery import Delivered, Delivery
from daemon.mail.errors import MailError
from daemon.mail.letter import Kind
from daemon.mail.samples import Sample, composed, marked, samples
from daemon.settings import Settings

FORMS: dict[str, Callable[[Sample, Settings, datetime], bytes]] = {
    ".txt": lambda sample, settings, now: f"{sample.letter.subject}\n\n{sample.letter.text}".encode(),
    ".html": lambda sample, settings, now: sample.letter.html.encode(),
    ".eml": lambda sample, settings, now: composed(sample.letter, settings.office.address, settings, now),
}
"""What a preview can be written as, by the file's ending."""


def preview(kind: Kind, out: Path | None, settings: Settings, now: datetime) -> str:
    """Every case of the kind as plain text, to print; or its first one to a file, whose ending is one of FORMS."""
    cases = samples(kind, settings, now)
    if out is None:
        return "\n".join(f"——{one.name}——\n主题：{one.letter.subject}\n\n{one.letter.text}" for one in cases)
    out.write_bytes(FORMS[out.suffix.lower()](cases[0], settings, now))
    return f"已写入 {out}"


def send_test(kind: Kind, address: str, settings: Settings, now: datetime) -> str:
    """Sends the kind's first case to this address alone, marked as a test. MailError where it could not be sent."""
    letter = marked(samples(kind, settings, now)[0].letter)
    with Delivery(settings.smtp) as deliver:
        outcome = deliver(address, composed(letter, address, settings, now))
    if not isinstance(outcome, Delivered):
        raise MailError(f"未能发到 {address}：{outcome.reason}")
    return f"已发到 {address}：{letter.subject}"
