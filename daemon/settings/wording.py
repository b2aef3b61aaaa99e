"""Turning what pydantic found into one line of Chinese a mistake: file, key, value, what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_SHOWN = 60
_Context = Mapping[str, Any]

_EXPECTED: dict[str, Callable[[_Context], str]] = {
    "missing": lambda _: "缺少这一项，必须填写",
    "string_type": lambda _: "应为文字；数字、true、false 等要加引号",
    "string_too_short": lambda _: "不应为空",
    "string_too_long": lambda context: f"不应超过 {context['max_length']} 个字符",
    "int_type": lambda _: "应为整数",
    "float_type": lambda _: "应为数字",
    "float_parsing": lambda _: "应为数字",
    "bool_type": lambda _: "应为 true 或 false",
    "bool_parsing": lambda _: "应为 true 或 false",
    "path_type": lambda _: "应为文件路径",
    "greater_than_equal": lambda context: f"应不小于 {context['ge']:g}",
    "less_than_equal": lambda context: f"应不大于 {context['le']:g}",
    "literal_error": lambda context: f"应为下列之一：{_alternatives(context['expected'])}",
    "dict_type": lambda _: "应由“键: 值”组成",
    "tuple_type": lambda _: "应为列表，如 [甲, 乙]",
    "too_short": lambda context: f"至少应有 {context['min_length']} 项",
    "too_long": lambda context: f"不应超过 {context['max_length']} 项",
    "model_type": lambda _: "应由“键: 值”组成",
    "model_attributes_type": lambda _: "应由“键: 值”组成",
    "value_error": lambda context: str(context["error"]),
}


def lines_of(error: ValidationError, file: str, data: dict[str, Any], model: type[BaseModel]) -> list[str]:
    """One line for each mistake that validating `data` as `model` found."""
    return [_line(detail, file, data, model) for detail in error.errors(include_url=False)]


def line(file: str, key: str, value: object, expected: str) -> str:
    """The form of every such line; a mapping or list is not shown, it may hold a secret and is long."""
    shown = "" if isinstance(value, dict | list | tuple) else f"值“{_short(value)}”不正确，"
    return f"{file}: {key}：{shown}{expected}"


def suggestion(word: str, words: list[str]) -> str:
    """`，是否应为 X` for a word nearly right, else the empty string."""
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f"，是否应为“{near[0]}”" if near else ""


def _line(detail: ErrorDetails, file: str, data: dict[str, Any], model: type[BaseModel]) -> str:
    key = _key(detail["loc"], data)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(model, detail["loc"][:-1])
        near = suggestion(str(detail["loc"][-1]), known)
        return f"{file}: {key}：没有这一项{near}；可用的有 {'、'.join(known)}"
    # A missing key's "input" is the mapping around it.
    return line(file, key, detail["input"], _expected(detail))


def _expected(detail: ErrorDetails) -> str:
    kind = "date" if detail["type"].startswith("date") else detail["type"]
    if kind == "date":
        return "应为日期，如 2026-01-01"
    expected = _EXPECTED.get(kind)
    return expected(detail.get("ctx", {})) if expected else "不合要求"


def _key(loc: tuple[int | str, ...], data: Any) -> str:
    """`units[县民政局].kind`: an entry of a list by its name where it has one."""
    key = ""
    for part in loc:
        data = _step(data, part)
        if isinstance(part, int):
            key += f"[{_name(data) or f'第{part + 1}项'}]"
        else:
            key += f".{part}" if key else part
    return key or "文件"


def _step(data: Any, part: int | str) -> Any:
    if isinstance(data, dict):
        # `quota: {…}` stands for a list of one.
        return data if part == 0 else data.get(part)
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


def _name(entry: Any) -> str | None:
    name = entry.get("name") if isinstance(entry, dict) else None
    return _short(name) if isinstance(name, str) else None


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    for part in loc:
        if isinstance(part, str):
            model = _model_at(model, part)
    keys = [field.alias or name for name, field in model.model_fields.items()]
    return [*keys, "password_file"] if "password" in keys else keys


def _model_at(model: type[BaseModel], key: str) -> type[BaseModel]:
    field = next(field for name, field in model.model_fields.items() if key in (name, field.alias))
    return next(part for part in _parts(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel))


def _parts(annotation: Any) -> list[Any]:
    arguments = getattr(annotation, "__args__", ())
    return [annotation, *(part for argument in arguments for part in _parts(argument))]


def _alternatives(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", "、").replace(", ", "、")


def _short(value: object) -> str:
    text = "空" if value is None else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
