"""`mailbox.dkim_keys`: the public keys of units' domains, each as its DNS record or as a file that holds it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationInfo

from parsers.dkim import key_of

_NAME = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*\._domainkey(?:\.[\w-]{1,63}){2,9}", re.A)
_LONGEST = 4000


def parse_keys(value: dict[Any, Any], info: ValidationInfo) -> dict[str, str]:
    """By name in lower case the record of each key; every one can be used."""
    folder = (info.context or {}).get("folder", Path())
    return {_name(name): _record(name, text, folder) for name, text in value.items()}


def _name(name: Any) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"{name}：应形如 选择符._domainkey.域名，如 s110527._domainkey.163.com")
    return name.lower()


def _record(name: str, text: Any, folder: Path) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
        raise ValueError(f"{name}：应为公钥记录（v=DKIM1; k=rsa; p=…），或存放它的文件")
    record = text if "p=" in text else _read(name, folder / text)
    try:
        key_of(record)
    except ValueError as problem:
        raise ValueError(f"{name}：{problem}") from None
    return record


def _read(name: str, path: Path) -> str:
    try:
        return path.read_text("utf-8")[:_LONGEST]
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{name}：无法读取公钥文件 {path}") from None


DkimKeys = Annotated[dict[Any, Any], AfterValidator(parse_keys)]
