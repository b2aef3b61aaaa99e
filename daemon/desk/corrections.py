"""A correction that is a draft of its own, since it came by itself or what it corrects has gone too far: linked by
`supersedes`, never a duplicate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from daemon.desk import notes
from daemon.desk.drafting import Intake, record
from daemon.desk.outbox import is_verified
from daemon.store.schema import Draft
from parsers.likeness import similar_names
from parsers.submission import Finding, finding_json

_GONE = ("withdrawn", "rejected", "archived")
_LATELY = 300
_SAME_TITLE = 0.75


def link(intake: Intake, made: Sequence[int], answered: Sequence[Draft], corrects: bool) -> None:
    """Links the drafts just made to those that they correct, where the mail says that it corrects something."""
    if not corrects or not made or not is_verified(intake.message):
        return
    earlier = [*answered, *_lately(intake)]
    for draft in intake.session.scalars(select(Draft).where(Draft.id.in_(made))):
        old = next((one for one in earlier if _is_corrected_by(one, draft, made)), None)
        if old is not None:
            _supersede(intake, old, draft)


def _lately(intake: Intake) -> Iterable[Draft]:
    query = select(Draft).where(Draft.unit == intake.message.unit, Draft.state.not_in(_GONE))
    return intake.session.scalars(query.order_by(Draft.id.desc()).limit(_LATELY)).all()


def _is_corrected_by(old: Draft, new: Draft, made: Sequence[int]) -> bool:
    if old.id in made or old.unit != new.unit:
        return False
    if old.document_number and new.document_number:
        return old.document_number == new.document_number
    return similar_names(old.title, new.title) >= _SAME_TITLE


def _supersede(intake: Intake, old: Draft, new: Draft) -> None:
    excerpt = old.receipt if old.secret else f"{old.receipt} {old.title}"
    found = Finding("supersedes", "info", f"单位来信说明，本稿更正此前报送的稿件 {old.receipt}", excerpt)
    others = [finding for finding in new.findings if finding["code"] != "duplicate.of"]
    new.findings = [*others, finding_json(found)]
    new.supersedes, new.duplicate_of = old.id, None
    record(intake, new, "reply.supersedes", after={"receipt": old.receipt})
    notes.put(intake, old, f"单位已报送更正稿 {new.receipt}，本稿请勿再用，请核对")
    record(intake, old, "reply.superseded", after={"receipt": new.receipt})
