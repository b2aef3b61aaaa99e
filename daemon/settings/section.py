"""What the sections of the files have in common: how strict they are, and how they name a file or a secret."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, model_validator

from daemon.settings import values as v

BesideConfig = Annotated[Path, AfterValidator(lambda path, info: _folder(info) / path)]
"""A file that the config names: a relative path begins at the config's folder."""


class Section(BaseModel):
    """A part of a file: unknown keys are refused, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, hide_input_in_errors=True)


class WithSecret(Section):
    """A section with `password` or `password_file`."""

    @model_validator(mode="before")
    @classmethod
    def _one_secret(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict):
            return data
        return _with_secret(f"office.yaml: {cls.__name__.lower()}.password", data, info)


def _folder(info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder", Path())
    assert isinstance(folder, Path)
    return folder


def _with_secret(key: str, data: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    data = dict(data)
    path, text = data.pop("password_file", None), data.pop("password", None)
    if path is not None and text is not None:
        raise ValueError("password 与 password_file 只能填写一个")
    if path is not None:
        if not isinstance(path, str) or not path:
            raise ValueError("password_file 应为文件路径")
        return data | {"password": v.Secret(key, file=_folder(info) / path)}
    if text is None:
        return data
    if not isinstance(text, str) or not text:
        raise ValueError("password 应为文字，如 ${BAOSONG_IMAP_PASSWORD}；全是数字的要加引号")
    return data | {"password": v.Secret(key, text)}
