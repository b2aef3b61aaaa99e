"""What a title says by its words alone, in any office: the general vocabulary behind the roles of columns.

The words are those of official Chinese, not of one office; measured on 3,800 titles of government sites. A column
brings its own keywords; a sense speaks for the columns of its role where no keyword of theirs does."""

from __future__ import annotations

import re

from parsers.dates import fold
from parsers.lines import closed_up
from parsers.titles import OFFICIAL_TYPES, stem

_LAW = ("办法", "规定", "细则", "条例", "规则", "规程", "章程", "准则", "裁量基准", "裁量权基准", "修正案")
_NOTICE_WORDS = (
    "公告 通告 公示 告知书 公开信 一封信 倡议书 声明 启事 预告 名单 公示表 通告书 公告书 简章 须知 温馨提示 提示"
)
_NOTICE = tuple(_NOTICE_WORDS.split())
_DOCUMENT = (*(word for word in OFFICIAL_TYPES if word not in {*_LAW, *_NOTICE}), "指引", "政策", "十条")
ENDINGS = {"law": _LAW, "notice": _NOTICE, "document": _DOCUMENT}
"""Role → the type words that end the titles of its texts."""

TOPICS = {
    "appointment": re.compile(
        r"任免|(?<!责)任命(?!令)|免去|免职|(?:同志|等|人员|[一-龥·]{2,4})任职(?!资格|培训|回避|教育)|聘任|解聘|任前公示|拟任"
    ),
    "procurement": re.compile(
        r"采购|招标|投标|中标|成交(?:结果|公告|公示)|磋商|竞争性谈判|询价|比选|询比|竞价(?:公告|采购|项目)|流标|废标|单一来源|资格预审|中选(?:公告|公示|结果|候选)|项目预公[告示]|(?:项目|工程|服务|标段)[^,。;]{0,8}(?:\([^()]{1,20}\)){0,3}预公[告示]|(?:项目|工程|标段)\((?:第?[二三四五])次\)公告"
    ),
    "interpretation": re.compile(r"解读|图解|一图(?:读懂|看懂|了解)|答记者问|起草说明|政策(?:明白|简明)"),
    "video": re.compile(r"[【\[(〔]\s*视频\s*[】\])〕]|^视频:|直播:|微视频|短视频:|专题片|宣传片|视频新闻"),
    "qa": re.compile(
        r"问答|答疑|常见问题|[您你]问我答|热点问题解答|(?:问题|疑难|政策)解答$|有问必答|一问一答|百问百?答?$"
    ),
    "permit": re.compile(
        r"行政许可|行政审批|(?:办事|服务|办理|申领)指南|审批流程|办理流程|许可(?:决定|证书?)|审批(?:公示|结果|意见)|审查意见$"
    ),
    "consultation": re.compile(
        r"[??]$|的(?:建议|咨询|投诉|来信|诉求)$|建议$|群众(?:来信|反映|诉求)|(?:来信|咨询|投诉|信访).{0,12}(?:答复|回复|办理)"
    ),
    "fixed": re.compile(
        r"(?:机构|单位|部门|镇情|乡镇|街道|县情)(?:概况|简介|职责|职能|设置)|内设机构|主要职责|"
        r"领导(?:班子|成员|分工|信息|介绍)|班子成员"
    ),
}
"""Role → the words that make a text one of it, whatever type word ends the title, in order of precedence."""

CLOSINGS = frozenset({"qa", "permit"})
"""Roles whose words at the end of a title say what kind of text it is, as 解读 does."""
SPOKEN = re.compile(r"^(?:强烈|再次)?(?:建议|咨询|投诉|请问|举报|反映|求助|希望|表扬|感谢)")
"""A citizen speaks: a question, complaint or proposal, whatever it is about."""
LETTER = re.compile(
    r"^(?:市民|群众|网民|网友|居民|村民|读者)?(?:来信|来电|留言|诉求)[^:]{0,6}:|(?:来信|来电|留言|咨询|投诉|信访|诉求)[^:]{0,12}(?:答复|回复)$"
)
"""A letter of a citizen, or the answer to one."""
BARE_PROJECT = re.compile(r"(?:项目|工程|标段|监理|施工|维保|服务)(?:[((][^()]{1,10}[))])?$")
"""Nothing but the name of a project: most often a tender, if nothing else says what it is."""

_ABOUT = re.compile(
    r"^[一-龥]{0,6}?(?:法(?!规公告)|条例|制度|培训|会议|会$|工作(?!人员|者)|管理|监督|监管|检查|督查|专项|行动|宣传|整治|整顿|(?<!工作)人员|机构|行业|市场|政策|领域|"
    r"改革|期间|应急|能力|体系|平台|环境|秩序|纪律|考核|考试|评审专家|从业|质量|优化|规范|资格(?!预审)|试点|委员会|领导小组|指挥部|办公室|成员|动员|部署|推进|座谈|研讨|论坛|峰会|通话|电商|额)"
)
_ORGAN = re.compile(
    r"^(?:服务|管理|交易|监督)?(?:局|办公室|办(?!法|理|事|学|公)|中心|科(?!技|学)|处(?!理|罚|置)|委员会|大厅|窗口)"
)
"""The word is part of an organ's name (行政审批局)."""
_RULE_OF_TENDERS = re.compile(r"^(?:活动|领域|市场|行业)?(?:法|条例|制度|培训|管理办法|违法|从业|代理机构)")
_EVENT = re.compile(
    r"召开|举行|举办|开展|组织|启动|走进|走访|调研|赴|会见|出席|主持|参加|部署|推进|推动|助力|赋能|守护|开幕|闭幕|揭牌|签约|慰问|来.{1,8}考察|"
    r"接受|荣获|获评|获得|入选|上榜|亮相|完成|建成|开工|竣工|投用|开通|开进|开到|送到|送进|迎来|突破|增长|打造|筑牢|绘就|奏响|点亮|激活|擦亮|"
    r"深入|推出|强化|聚焦|发布$|印发$|圆满|顺利|全力|持续|扎实|积极|多措并举"
)
_REPORTED = re.compile(
    r"(?:印发|出台|公布|发布|签署|修订|通过|施行).{0,12}[《〈][^《》〈〉]*(?:[〈《][^《》〈〉]*[〉》][^《》〈〉]*)?[》〉](?:\s|$|[^《》]*$)"
)
_DONE = re.compile(r"出台|签署|入选|采取|明确|召开|举行|起草|全面建立|批复|有新|联合印发")
_PROPER = ("通知", "公告", "通告", "公示", "通报", "决定", "批复", "函", "公报", "请示", "报告", "令")
_DATELINE = re.compile(
    r"(?:本报|本网)讯|[一-龥]{2,10}讯\s*[(（]|(?:记者|通讯员)\s*[一-龥]{2,4}|^\s*(?:近日|日前|连日来|眼下|\d{1,2}月\d{1,2}日)"
)


_OF_ACTS = re.compile(
    r"(?:公开|面向社会|面向全国|集中|统一|开展|组织|启动|发布|继续|暂停|恢复|解除|终止|调整|做好|实施|举行|进行|下达|拨付"
    r"|[\d年月日度第次季一二三四半上下]|春季|夏季|秋季|冬季|全[县市区旗镇]|[县市区旗镇]级|本级)*"
)
"""What may stand between 关于 and the act that the document is of."""
_LOOSE = re.compile(
    r"情况|方案|草案|执行|调整|编制|公开|公示|结果|对象|人员|名单|发放|申领|申报|办理|信息|信号"
    r"|资金|标准|安排|时间|事项|意见|计划|项目|企业|单位|考试|成绩|岗位|的"
)
"""Words between a topic and the type word that add nothing to what it is of."""
_NEAR, _COMPOUND = 3, 8


def told(title: str) -> str:
    """The title as its words are looked up: folded, closed up."""
    return closed_up(fold(title[:500]))


def topics(title: str) -> list[tuple[str, str, bool]]:
    """(role, words, firm) for each sense that the title's words have. Not firm: it is only mentioned
    (采购法培训的通知), or the title tells of an event."""
    plain = told(title)
    found = []
    for role, pattern in TOPICS.items():
        matches = list(pattern.finditer(plain))
        firm = next((match for match in matches if is_firm(plain, match.start(), match.end(), role)), None)
        if matches:
            found.append((role, (firm or matches[0])[0], firm is not None))
    return found


def unquoted(plain: str) -> str:
    """Without quotation marks: “三公”经费 is 三公经费."""
    return re.sub(r"[“”\"‘’']", "", plain)


def is_firm(plain: str, start: int, end: int, role: str | None = None) -> bool:
    """The words from `start` to `end` are what the text is, not what it is about."""
    if stem(plain)[start:] == plain[start:end] or (role == "interpretation" and "》" in plain[:start]):
        return True
    if role == "video" and not (start <= 1 or (plain[start - 1 : start] in "【[(" and plain[end : end + 1] in "】])")):
        return False
    if _ORGAN.match(plain[end:]):
        return False
    last = ending(plain)
    if role == "fixed" and last is None:
        return not is_event(plain)
    if last and last[0] == "notice":
        return not _RULE_OF_TENDERS.match(plain[end:])
    return not (_ABOUT.match(plain[end:]) or (is_event(plain) and role not in {"interpretation", "video"}))


def heads(plain: str, start: int, end: int) -> bool:
    """The words from `start` to `end` are what the type word at the title's end is of: 招聘公告, 关于停水的通知,
    关于公开征求…意见的公告. In 关于优化口岸服务若干措施的通知 口岸 is one of many."""
    last = ending(plain)
    if last is None or stem(plain).endswith(plain[start:end]):
        return True
    between = re.sub(r"《[^《》]*》|\([^()]*\)", "", stem(plain)[end : -len(last[1])])
    if "》" in between or not stem(plain).endswith(last[1]):
        return False
    clause = re.split(r"关于|印发|转发", plain[:start])
    acts = len(clause) > 1 and _OF_ACTS.fullmatch(clause[-1].strip("□"))
    compound = len(clause) == 1 and (last[0] == "notice" or len(between) <= _COMPOUND)
    return bool(acts or compound or len(_LOOSE.sub("", between)) <= _NEAR)


def ending(title: str) -> tuple[str, str] | None:
    """(role, type word) by the last word of the title, brackets stripped. None for a headline that tells of a
    document (国务院印发《…规划》, 我省出台…措施)."""
    plain = stem(title)
    found = [(role, word) for role, words in ENDINGS.items() for word in words if plain.endswith(word)]
    last = max(found, key=lambda one: len(one[1])) if found else None
    return None if last and _is_headline(told(title), last[1]) else last


def _is_headline(plain: str, last: str) -> bool:
    if (last in _PROPER and not plain.rstrip().endswith(("》", "〉"))) or plain.startswith(("关于", "《")):
        return False
    return (bool(_REPORTED.search(plain)) and "关于印发" not in plain) or (
        "关于" not in plain and bool(_DONE.search(plain))
    )


def is_event(title: str) -> bool:
    """The title tells of something that happened: no type word at its end, and a verb of doing."""
    return ending(title) is None and bool(_EVENT.search(told(title)) or _REPORTED.search(told(title)))


def is_news(lead: str) -> bool:
    """The first lines are those of a report: 本报讯, （记者 …）, 近日, 11月3日."""
    return bool(_DATELINE.search(fold(lead[:200])))


def sense_of(name: str, keywords: tuple[str, ...]) -> str | None:
    """The role that a column without one plays, by a third of its keywords or more. Its name speaks where it has none,
    and where it is one of news: the keywords of these are names and topics."""
    counts = {role: sum(bool(pattern.search(word)) for word in keywords) for role, pattern in _NAMES.items()}
    for role, words in ENDINGS.items():
        counts[role] = sum(word in words for word in keywords)
    best = max(counts, key=lambda role: counts[role])
    if 3 * counts[best] >= max(1, len(keywords)):
        return best
    named = next((role for role, pattern in _NAMES.items() if pattern.search(name)), None)
    return named if not keywords or named in {"dynamic", "news"} else None


_NAMES = {
    "interpretation": re.compile("解读|图解|一图读懂"),
    "appointment": re.compile("人事任免|任免|任职|免职|任命"),
    "procurement": re.compile("采购|招标|投标|中标|成交|磋商|竞争性谈判|询价|比选|流标|废标"),
    "video": re.compile("视频"),
    "qa": re.compile("问答|答疑|常见问题"),
    "permit": re.compile("许可|审批|办事指南|服务指南|办理流程"),
    "consultation": re.compile("咨询|信箱|互动|投诉|来信|留言"),
    "fixed": re.compile("概况|简介|职责|机构|领导"),
    "dynamic": re.compile(
        "动态|简讯|工作开展|^(?:工作|乡镇|镇街|街道|部门|基层)?信息$|(?:乡镇|镇街|街道|部门|基层|工作)信息"
    ),
    "news": re.compile("新闻|要闻|快讯|快报|资讯|速递|播报|传真|见闻"),
    "law": re.compile("法规|规章|规范性"),
    "notice": re.compile("公告|公示|通告"),
    "document": re.compile("公文|文件"),
}
"""Role → what the keywords, or the name, of such a column say in any office."""
