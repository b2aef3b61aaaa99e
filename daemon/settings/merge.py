"""units.yaml with what the desk has learned written into its own text: comments, order and style stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable

import yaml

from daemon.rules.overlay import Learned
from parsers.sender import normal


def merged(text: str, learned: Iterable[Learned]) -> str:
    """The file's text, which must be a valid units.yaml, with each entry in the place where it belongs. Entries of
    units that the file does not have, and what it says already, are passed over."""
    for entry in learned:
        text = _with(text, entry)
    return text


def _with(text: str, entry: Learned) -> str:
    unit = _unit(text, entry.unit)
    if unit is None:
        return text
    return _with_address(text, unit, entry) if entry.kind == "address" else _with_liaison(text, unit, entry)


def _unit(text: str, name: str) -> yaml.MappingNode | None:
    units = _value(yaml.compose(text, yaml.SafeLoader), "units")
    entries = units.value if isinstance(units, yaml.SequenceNode) else []
    return next((unit for unit in entries if _text(_value(unit, "name")) == name), None)


def _with_address(text: str, unit: yaml.MappingNode, entry: Learned) -> str:
    said, held = json.dumps(entry.value, ensure_ascii=False), _value(unit, "addresses")
    if not isinstance(held, yaml.SequenceNode):
        return _with_key(text, unit, "addresses", f"[{said}]")
    if normal(entry.value) in (normal(_text(one)) for one in held.value):
        return text
    if not held.value:
        return _replaced(text, held, f"[{said}]")
    if held.flow_style:
        return _inserted(text, _end(held.value[-1]), f", {said}")
    line_end = text.find("\n", _end(held.value[-1]))
    at = len(text) if line_end < 0 else line_end
    return _inserted(text, at, f"\n{' ' * held.start_mark.column}- {said}")


def _with_liaison(text: str, unit: yaml.MappingNode, entry: Learned) -> str:
    held = _value(unit, "liaison")
    phone = entry.phone or _text(_value(held, "phone"))
    words = {"name": entry.value} | ({"phone": phone} if phone else {})
    said = "{" + ", ".join(f"{key}: {json.dumps(word, ensure_ascii=False)}" for key, word in words.items()) + "}"
    return _replaced(text, held, said) if held is not None else _with_key(text, unit, "liaison", said)


def _with_key(text: str, unit: yaml.MappingNode, key: str, said: str) -> str:
    """A key more, behind the unit's name."""
    at = _value(unit, "name")
    assert at is not None
    between = ", " if unit.flow_style else "\n" + " " * unit.start_mark.column
    return _inserted(text, at.end_mark.index, f"{between}{key}: {said}")


def _inserted(text: str, at: int, said: str) -> str:
    return text[:at] + said + text[at:]


def _replaced(text: str, node: yaml.Node, said: str) -> str:
    return text[: node.start_mark.index] + said + text[_end(node) :]


def _end(node: yaml.Node) -> int:
    """Where its last word ends; a block's own mark lies behind the comments that follow it."""
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value
    if not is_block:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _text(node: yaml.Node | None) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
