"""What an editor must know before publishing: the findings of CONTRACT.md, section 3, that the content gives rise to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from parsers.elements import Elements
from parsers.office import Column, Office
from parsers.submission import Finding


def screen(
    text: str,
    annex_texts: Mapping[str, str],
    elements: Elements,
    column: Column | None,
    office: Office,
    *,
    received_on: date | None,
    interpretation_present: bool = False,
    dated_kind: bool | None = None,
) -> tuple[Finding, ...]:
    """All content findings of one draft. `text`: of the whole main part, before letterhead and foot were cut;
    `annex_texts`: file name → text (also of hidden sheets); `received_on`: office-local day of receipt;
    `interpretation_present`: the same mail holds an interpretation of it;
    `dated_kind`: it must bear a date (None: judged by its form and column)."""
    return ()


def raise_severity(finding: Finding, role: str) -> Finding:
    """A finding on an attachment (encrypted, damaged, refused) is a block where it is the main text, else a warning."""
    hindered = finding.code in {"attachment.encrypted", "attachment.damaged", "attachment.refused"}
    return replace(finding, severity="block" if role == "main" else "warn") if hindered else finding
