"""What a unit says of a draft, put before whoever works on it: a finding that nothing depends on."""

from __future__ import annotations

from daemon.desk.drafting import Intake
from daemon.mail.letter import one_line
from daemon.mail.letter import shortened as cut
from daemon.store.schema import Draft
from parsers.submission import Finding, finding_json

CODE = "reply.note"
_MOST = 20
"""Notes on one draft: whoever writes more is read in the mail itself."""
_LENGTH = 300


def put(intake: Intake, draft: Draft, words: str) -> None:
    """Adds the note to the draft, once for the same words."""
    note = finding_json(Finding(CODE, "warn", shortened(words)))
    notes = [finding for finding in draft.findings if finding["code"] == CODE]
    if len(notes) < _MOST and note["message"] not in [finding["message"] for finding in notes]:
        draft.findings = [*draft.findings, note]
    touch(intake, draft)


def shortened(words: str) -> str:
    """One line that fits a page and the journal."""
    return cut(one_line(words), _LENGTH)


def touch(intake: Intake, draft: Draft) -> None:
    """The draft has changed: who saw it before must look again, and no later reading replaces it."""
    draft.version += 1
    draft.touched = True
    draft.updated_at = intake.now
