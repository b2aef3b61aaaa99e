"""Common slips of the pen in official text, as data: what was typed (a pattern) and what was meant.

Sources: 现代汉语词典 (7th edition) and GF 1001-2001 (第一批异形词整理表) for the words; by the former also 截至, which
takes a time as its object, and 截止, which ends a sentence (报名截止, 11月30日截止). A pair stands here only if what
was typed is never right; where it can be part of other words (己经 in 自己经营), the pattern leaves these out.
"""

from __future__ import annotations

import re

_PAIRS = r"""
截止目前→截至目前
(?<![发公宣颁])布署→部署
(?<!自)(?<!知)己经→已经
松驰→松弛
坐阵→坐镇
震憾→震撼
一如继往→一如既往
再接再励→再接再厉
名符其实→名副其实
穿流不息→川流不息
不径而走→不胫而走
迫不急待→迫不及待
走头无路→走投无路
谈笑风声→谈笑风生
(?<!过)渡假→度假
帐户→账户
帐号→账号
(?<!提)供献→贡献
气慨→气概
追朔→追溯
脉博(?!物|览)→脉搏
(?<!大)幅射→辐射
防犯(?!罪|人|法|错|规)→防范
急燥→急躁
竣功→竣工
(?<!一)贯切→贯彻
人民政俯→人民政府
一愁莫展→一筹莫展
黄梁美梦→黄粱美梦
草管人命→草菅人命
既使→即使
必竟→毕竟
凑和→凑合
寒喧→寒暄
粗旷→粗犷
精萃→精粹
通辑→通缉
水份→水分
针贬→针砭
""".strip()
TYPOS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(typed), meant) for typed, meant in (pair.split("→") for pair in _PAIRS.split("\n"))
)
ANY = re.compile("|".join(pattern.pattern for pattern, _ in TYPOS))
"""All of them at once: most texts have none."""
UNTIL = re.compile(
    r"(?:^|[。；;，,\n（(])\s{0,4}(截止(?:到|至)?(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|底|末|份)?)"
    r"[，,]?(?=[^。；;\n]{0,40}(?:已|共|累计|实现|完成|达到?|达成|增长|下降))",
    re.MULTILINE,
)
"""截止11月20日，全镇已完成…: it should be 截至. 报名截止2026年12月5日 is right."""
