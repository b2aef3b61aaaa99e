"""The small values of the config as they are written: durations, sizes, hours, addresses, secrets.

Every parser takes what YAML gives and raises ValueError whose text says, in Chinese, what was expected.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, PlainValidator, Strict, StringConstraints

from daemon.settings.errors import SettingsError
from parsers.office import Period, PeriodUnit

Value = TypeVar("Value")
Start = Literal["now", "all"] | date

_PERIOD = re.compile(r"([1-9]\d{0,3})(s|min|h|d|wd|mo)")
_SIZE = re.compile(r"([1-9]\d{0,5})(KB|MB|GB)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_DOMAIN = re.compile(r"@[^\s@<>,;\"'\x00-\x1f\x7f]{1,253}")
_ADDRESS = re.compile(r"[^\s@<>,;\"'\x00-\x1f\x7f]{1,64}@[^\s@<>,;\"'\x00-\x1f\x7f]{1,253}")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_BYTES = {"KB": 2**10, "MB": 2**20, "GB": 2**30}


def parse_period(value: object) -> Period:
    """`3d`, `3wd` (working days), `24h`, `15min`, `60s`, `3mo`."""
    match = _PERIOD.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("应为时长，由正整数和单位组成，如 60s、15min、24h、3d、3wd（工作日）、3mo（月）")
    return Period(int(match[1]), cast(PeriodUnit, match[2]))


def parse_span(value: object) -> timedelta:
    """A duration of fixed length: no working days, no months."""
    period = parse_period(value)
    if period.unit not in _SECONDS:
        raise ValueError("应为固定时长，单位只能是 s、min、h、d，如 60s、8h、3d")
    return timedelta(seconds=period.amount * _SECONDS[period.unit])


def parse_size(value: object) -> int:
    """`100MB` in bytes; 1 KB is 1024 bytes, as mail providers count."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError("应为大小，由正整数和单位组成，如 512KB、100MB、2GB")
    return int(match[1]) * _BYTES[match[2]]


def parse_clock(value: object) -> time:
    """A time of day, `09:00`."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise ValueError('应为一天中的时刻，如 "09:00"')
    return time(int(match[1]), int(match[2]))


@dataclass(frozen=True)
class Hours:
    """A part of the day, `opens` included, `closes` not."""

    opens: time
    closes: time


def parse_hours(value: object) -> Hours:
    """`08:30-17:30`."""
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) != 2:
        raise ValueError('应为起止时刻，如 "08:30-17:30"')
    hours = Hours(parse_clock(parts[0].strip()), parse_clock(parts[1].strip()))
    if hours.opens >= hours.closes:
        raise ValueError("开始时刻应早于结束时刻")
    return hours


def parse_start(value: object) -> Start:
    """`now`, `all` or a date."""
    if value in ("now", "all"):
        return cast(Start, value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("应为 now（从首次收信起）、all（全部）或日期，如 2026-01-01")


def parse_envelope(value: object) -> Literal["from", "null"]:
    """`from`, or `null` with and without quotation marks."""
    if value not in ("from", "null", None):
        raise ValueError('应为 from 或 "null"')
    return "from" if value == "from" else "null"


def parse_workers(value: object) -> int | Literal["auto"]:
    """`auto`, or a number of processes."""
    if value == "auto":
        return "auto"
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 64:
        raise ValueError("应为 auto 或 1 到 64 之间的整数")
    return value


def parse_zone(value: object) -> str:
    """A name of the IANA time zone database."""
    try:
        ZoneInfo(cast(str, value))
    except (KeyError, ValueError, TypeError, OSError):
        raise ValueError("应为时区名称，如 Asia/Shanghai") from None
    return cast(str, value)


def parse_address(value: object) -> str:
    """A whole mail address, in lower case."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise ValueError("应为完整的邮箱地址，如 name@example.cn")
    return value.lower()


def parse_address_or_domain(value: object) -> str:
    """A whole mail address or `@domain`, in lower case."""
    if isinstance(value, str) and _DOMAIN.fullmatch(value):
        return value.lower()
    try:
        return parse_address(value)
    except ValueError:
        raise ValueError('应为完整的邮箱地址或带引号的域名，如 name@example.cn、"@example.cn"') from None


def parse_url(value: object) -> str:
    """The address of the pages as seen from outside, without the slash at its end."""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", value):
        raise ValueError("应为网址，如 https://baosong.example.cn")
    return value.rstrip("/")


def or_forever(parse: Callable[[object], Value]) -> Callable[[object], Value | None]:
    """The same, or `forever`, which is None."""
    return lambda value: None if value == "forever" else parse(value)


def or_list(value: object) -> object:
    """One mapping stands for a list of one."""
    return [value] if isinstance(value, dict) else value


@dataclass(frozen=True)
class Secret:
    """A text that may need the environment or a file. Calling it resolves it, so that only who needs it can fail."""

    key: str
    """Where it stands, such as `office.yaml: mailbox.password`, for the message."""
    template: str = field(default="", repr=False)
    file: Path | None = None

    def __call__(self) -> str:
        """The text itself; SettingsError names the variable or file that is missing."""
        return self._of_file(self.file) if self.file else _VARIABLE.sub(self._of_environment, self.template)

    @property
    def stands_in_file(self) -> bool:
        """Whether the secret itself is written in the config."""
        return self.file is None and not _VARIABLE.search(self.template)

    def _of_environment(self, match: re.Match[str]) -> str:
        text = os.environ.get(match[1])
        if not text:
            raise SettingsError([f"{self.key}：环境变量 {match[1]} 没有设置或为空，请先设置后再运行"])
        return text

    def _of_file(self, path: Path) -> str:
        try:
            text = path.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([f"{self.key}：读不到密码文件 {path}（{_reason(error)}）"]) from None
        if not text:
            raise SettingsError([f"{self.key}：密码文件 {path} 是空的"])
        return text


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "文件不存在"
    return "没有读取权限" if isinstance(error, PermissionError) else "不是 UTF-8 文本文件"


def _one_line(value: str) -> str:
    if _VARIABLE.search(value):
        raise ValueError("只有 password 和 database.url 可以写 ${环境变量}")
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("不应含有换行等控制字符")
    return value


def _plain(parse: Callable[[Any], Any]) -> PlainValidator:
    return PlainValidator(parse)


Text = Annotated[
    str, Strict(), StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_one_line)
]
Count = Annotated[int, Strict()]
PeriodValue = Annotated[Period, _plain(parse_period)]
PeriodOrForever = Annotated[Period | None, _plain(or_forever(parse_period))]
Span = Annotated[timedelta, _plain(parse_span)]
SpanOrForever = Annotated[timedelta | None, _plain(or_forever(parse_span))]
Size = Annotated[int, _plain(parse_size)]
Clock = Annotated[time, _plain(parse_clock)]
HoursValue = Annotated[Hours, _plain(parse_hours)]
StartValue = Annotated[Start, _plain(parse_start)]
Envelope = Annotated[Literal["from", "null"], _plain(parse_envelope)]
Workers = Annotated[int | Literal["auto"], _plain(parse_workers)]
Zone = Annotated[str, _plain(parse_zone)]
Address = Annotated[str, _plain(parse_address)]
AddressOrDomain = Annotated[str, _plain(parse_address_or_domain)]
Url = Annotated[str, _plain(parse_url)]
