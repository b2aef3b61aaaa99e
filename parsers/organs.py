"""Which words name an organ (机关), and which line is the signature of one."""

from __future__ import annotations

import re

from parsers.dates import fold
from parsers.lines import closed_up
from parsers.office import Office

_ENDINGS_WORDS = (
    "人民政府 政府 办公室 办公厅 委员会 管委会 居委会 村委会 办事处 指挥部 领导小组 工作组 专班 "
    "人民法院 法院 检察院 总工会 工会 联合会 协会 学会 商会 基金会 合作社 供销社 局 厅 委 党委 "
    "党组 县委 市委 镇委 工委 团委 妇联 残联 文联 科协 工商联 纪委 监委 中心 大队 支队 中队 总队 "
    "公司 集团 银行 支行 分行 学校 小学 中学 幼儿园 大学 学院 医院 卫生院 研究院 院 馆 所 站 台 "
    "报社 党校 处 科 社区 街道 部"
)
_ENDINGS = tuple(_ENDINGS_WORDS.split())
_ORGAN = re.compile(rf"[一-龥（）()〇·A-Za-z]{{2,36}}?(?:{'|'.join(sorted(_ENDINGS, key=len, reverse=True))})")
_SEAL = re.compile(r"\s*[(（\[]\s*(?:加?盖章|加盖公章|公章|印章|章|印)\s*[)）\]]\s*")
_RANK = re.compile(
    r"^(?:代?(?:县|市|区|镇|乡|局|厅|部|省|主席|主任|院|检察|会|校)?(?:长|主任|主席|书记|州长))\s*:?\s*[一-龥·\s]{2,8}$"
)


def organs(line: str, office: Office) -> tuple[str, ...]:
    """The organs that a line consists of (joint issuers stand side by side); empty where it says anything else."""
    plain = _SEAL.sub("", line).strip()
    if not 2 <= len(plain) <= 120 or re.search(r"[，。；：:,;!?！？、“”《》\d]", plain):
        return _listed(plain, office)
    parts = [closed_up(part) for part in re.split(r"\s{1,}|、", plain) if part]
    if parts and all(is_organ(part, office) for part in parts):
        return tuple(parts)
    whole = closed_up(plain)
    return (whole,) if is_organ(whole, office) else ()


def _listed(plain: str, office: Office) -> tuple[str, ...]:
    parts = [part.strip() for part in plain.split("、")]
    return tuple(parts) if len(parts) > 1 and all(is_organ(part, office) for part in parts) else ()


def is_organ(text: str, office: Office) -> bool:
    """A name of one of the office's units, or one that ends as organs' names do."""
    known = any(text == name for unit in office.units for name in unit.names)
    return known or bool(_ORGAN.fullmatch(text))


def is_signed_by_person(line: str) -> bool:
    """县长　某某: orders and answers are signed by a person."""
    return bool(_RANK.match(closed_up(fold(line))))


def without_seal(line: str) -> str:
    """A signature without (盖章)."""
    return _SEAL.sub("", line).strip()


def is_sealed(line: str) -> bool:
    """A short line, a signature, that says where the seal is to be set."""
    return len(line) <= 80 and bool(_SEAL.search(line))
