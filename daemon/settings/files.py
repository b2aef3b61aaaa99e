"""Reading the folder: YAML into plain data, bounded, without YAML's surprises."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from daemon.settings.errors import SettingsError

MAX_BYTES = 2 * 2**20
MAX_DEPTH = 12


class _Refused(Exception):
    """What is legal YAML but has no place in a config; the text is Chinese."""


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses repeated keys, aliases and deep nesting, and reads only what looks like a number.

    YAML 1.1 reads `16:00` as 960, `no` as False and `0533` as an octal number; people who edit these files don't know.
    """

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _Refused(f"第 {self.line + 1} 行附近：不支持 YAML 的别名（*）")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused(f"第 {self.line + 1} 行附近：层次过深")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Refused(f"第 {line} 行：键应为文字")
            if key_node.value in seen:
                raise _Refused(f"第 {line} 行：键 {key_node.value} 重复")
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            raise _Refused(f"第 {node.start_mark.line + 1} 行：{node.value} 不是有效的日期") from None


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), [*_first, ""])


def read_bytes(path: Path) -> bytes:
    """The file's bytes; SettingsError where it is missing, unreadable or too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SettingsError([f"{path.name}：配置文件夹 {path.parent} 中没有这个文件"]) from None
    except OSError as error:
        raise SettingsError([f"{path.name}：无法读取 {path}（{error.strerror}）"]) from None
    if len(data) > MAX_BYTES:
        raise SettingsError([f"{path.name}：文件过大，应在 {MAX_BYTES // 2**20} MB 以内"])
    return data


def parse_yaml(name: str, data: bytes) -> dict[str, Any]:
    """The file's mapping; SettingsError names the line where it is no YAML."""
    try:
        # _Loader is a SafeLoader.
        tree = yaml.load(data.decode("utf-8-sig"), _Loader)  # noqa: S506
    except UnicodeDecodeError:
        raise SettingsError([f"{name}：文件应以 UTF-8 编码保存"]) from None
    except _Refused as refused:
        raise SettingsError([f"{name}：{refused}"]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise SettingsError([f"{name}：{_where(error)}不是正确的 YAML，请检查缩进、冒号和引号"]) from None
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        raise SettingsError([f"{name}：文件应由“键: 值”组成"])
    return tree


def version_of(contents: dict[str, bytes]) -> str:
    """Twelve hexadecimal digits that change with any file of the config."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(name.encode() + b"\0" + hashlib.sha256(contents[name]).digest())
    return digest.hexdigest()[:12]


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"第 {mark.line + 1} 行附近" if mark else ""
