"""Rules are patterns or config: no unit, title or file name of a sample mail occurs in the code."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from tests.corpus import CORPUS

HOME = Path(__file__).resolve().parent.parent
SAMPLES = (CORPUS, HOME / "messages")
LISTED = "attachments"


def names_of(samples: Path) -> set[str]:
    """Every name that belongs to one office or one mail. Empty where the samples are not on this machine."""
    if not (samples / "truth.json").exists():
        return set()
    found = set()
    for unit in yaml.safe_load((samples / "config" / "units.yaml").read_text(encoding="utf-8"))["units"]:
        found |= {unit["name"], *unit.get("addresses", ()), *unit.get("document_prefixes", ())}
    for mail in json.loads((samples / "truth.json").read_text(encoding="utf-8")):
        for draft in mail["drafts"]:
            titles = draft["title"] if isinstance(draft["title"], list) else [draft["title"]]
            files = [one["name"] if isinstance(one, dict) else one[0] for one in draft[LISTED]]
            found |= {*titles, *files, *draft["contains"]}
    return {name for name in found if len(name) >= 3}


def test_no_sample_is_named_in_the_code() -> None:
    names = set().union(*map(names_of, SAMPLES))
    assert len(names) > 50
    sources = [path for folder in ("parsers", "daemon") for path in (HOME.parent / folder).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if "demo" not in path.parts)
    assert sorted(name for name in names if name in text) == []
