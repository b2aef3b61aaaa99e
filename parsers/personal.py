"""Personal data in a text (DOMAIN.md, section 5): identity numbers, bank cards, mobile numbers, lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parsers.dates import fold

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})[ -]?(\d{8})[ -]?(\d{3})([0-9Xx])(?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643-1999, MOD 11-2."""
_CARD = re.compile(r"(?<![0-9A-Za-z*.\-])[3-69]\d{3}(?:[ -]?\d){11,15}(?![0-9A-Za-z*])")
_NO_CARD = re.compile(
    r"(?:编\s*号|项目|文号|代\s*码|证\s*号|证书|单号|流水|条码|批号|学号|电话|标段|索引号|机器码|序列号)[^\d\n]{0,8}$"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z*.])(?:(?:\+|00)?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?![0-9A-Za-z*])")
_SENSITIVE = re.compile(
    r"低保|特困|五保|残疾|学生|幼儿|儿童|举报人|投诉人|信访人|贫困|困难(?:家庭|职工|群众|户)|孤儿|留守|救助|患者|病人|精神障碍|"
    r"社区矫正|刑满|戒毒|艾滋|未成年|优抚|建档立卡|受害人|被拐"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴"
    "莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪"
    "梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简"
    "车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄"
    "丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜"
)
"""The most common ones, without those that are words by themselves more often than not (年, 方, 水)."""
_NAME = re.compile(r"[一-龥·]{2,6}")
"""In a column of names no surname need be known."""
_HIDDEN = re.compile(r"某|[*×xX○]")
_ROW_OF_NAMES = re.compile(rf"(?:[{_SURNAMES}][一-龥]{{1,2}}[、,\s]{{1,4}}){{4,}}[{_SURNAMES}][一-龥]{{1,2}}")
_FEWEST = 3
"""Names in a row that make a list."""
_FEWEST_ROWS = 2
"""The same in a table, whose heading says that they are names."""


@dataclass(frozen=True)
class Hit:
    """Something found: its words, and those around it."""

    code: str
    value: str
    excerpt: str


def personal_data(text: str) -> Iterator[Hit]:
    """Identity numbers, bank cards and mobiles, each value once; masked numbers are none."""
    plain = fold(text)
    seen: set[str] = set()
    for code, value, start, end in _numbers(plain):
        if value not in seen:
            seen.add(value)
            yield Hit(code, value, around(plain, start, end))


def _numbers(plain: str) -> Iterator[tuple[str, str, int, int]]:
    taken: list[tuple[int, int]] = []
    for match in _IDENTITY.finditer(plain):
        value = "".join(match.groups()).upper()
        if is_identity_number(value):
            taken.append(match.span())
            yield "pii.id_number", value, *match.span()
    for match in _CARD.finditer(plain):
        value = re.sub(r"\D", "", match[0])
        labelled = _NO_CARD.search(plain[max(0, match.start() - 16) : match.start()])
        if is_bank_card(value) and not labelled and match.span() not in taken:
            yield "pii.bank_card", value, *match.span()
    for match in _MOBILE.finditer(plain):
        yield "pii.phone", re.sub(r"\D", "", match[1]), *match.span()


def is_identity_number(value: str) -> bool:
    """18 digits with a real day of birth and the right check digit."""
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value[:17], _WEIGHTS, strict=True))
    return 1850 <= born.year <= 2099 and "10X98765432"[total % 11] == value[17]


def is_bank_card(value: str) -> bool:
    """15 to 19 digits with the right Luhn digit, and not all alike; neither identity number nor 统一社会信用代码."""
    if not 15 <= len(value) <= 19 or len(set(value)) < 3 or (len(value) == 18 and is_identity_number(value)):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value)))
    return sum(sum(divmod(number, 10)) for number in doubled) % 10 == 0 and not is_credit_code(value)


def is_credit_code(value: str) -> bool:
    """统一社会信用代码 (GB 32100-2015): 18 signs, the last by MOD 31-3."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if len(value) != 18 or value[0] not in "159NY" or any(sign not in signs for sign in value):
        return False
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(value[:17]))
    return signs[(31 - total % 31) % 31] == value[17]


def name_list(text: str, title: str) -> Hit | None:
    """Full names in a table or in a row, in a text about people who need protection (低保, 残疾, 学生 …)."""
    plain = fold(text)
    about = _SENSITIVE.search(fold(title)) or _SENSITIVE.search(plain)
    if not about:
        return None
    names = _names_in_tables(plain)
    if len(names) < _FEWEST_ROWS:
        names = _names_in_rows(plain, bool(_SENSITIVE.search(fold(title))))
    return Hit("pii.name_list", about[0], f"{about[0]}：{'、'.join(names[:5])}") if names else None


def _names_in_tables(plain: str) -> list[str]:
    """The column below 姓名, 学生姓名, 户主 …; a table of offices (职务) lists no private people."""
    names: list[str] = []
    column = -1
    for line in plain.split("\n"):
        cells = [re.sub(r"\s", "", cell) for cell in line.split("\t")]
        if len(cells) < 2:
            column = -1
        elif any("姓名" in cell or cell == "户主" for cell in cells):
            column = -1 if any("职务" in cell for cell in cells) else _place_of_names(cells)
        elif 0 <= column < len(cells) and _NAME.fullmatch(cells[column]) and not _HIDDEN.search(cells[column]):
            names.append(cells[column])
    return names


def _place_of_names(cells: list[str]) -> int:
    return next(place for place, cell in enumerate(cells) if "姓名" in cell or cell == "户主")


def _names_in_rows(plain: str, title_says: bool) -> list[str]:
    """张三、李四、王五 …, where the title says whom they are, or the words before them do."""
    for match in _ROW_OF_NAMES.finditer(plain):
        if title_says or _SENSITIVE.search(plain[max(0, match.start() - 40) : match.start()]):
            names = [name for name in re.split(r"[、,\s]+", match[0]) if not _HIDDEN.search(name)]
            return names if len(names) >= _FEWEST else []
    return []


def around(plain: str, start: int, end: int, reach: int = 16) -> str:
    """The words with some of those around them, on one line."""
    return re.sub(r"\s+", " ", plain[max(0, start - reach) : end + reach]).strip()
