"""Whether a sentence asks for a draft to be withdrawn: the words as data, and the signs that it means something else.

Pure. Every list of doubts below outweighs every list of requests: a missed withdrawal is seen by an editor, a wrong one
is seen by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Withdrawal = Literal["withdraw", "perhaps_withdraw"]

_PUBLISH = r"(?:对外)?(?:发布|发表|公布|刊登|刊发|登载|上网|上线|上传|挂网|挂出|挂到网上|往网上挂|采用)"
_NOT_YET = r"(?:暂(?:时)?不(?:要|宜)?|暂缓|暂停|先不要|先不|先别|先勿|不要再?|不再|勿再?|停止)"
_TAKE_BACK = r"撤回|撤稿|撤销|撤下|撤掉|撤除|撤了|撤一下|撤$|收回|下架|下线|取消(?:发布|刊登|刊发|报送|上网)"
_HOLD = rf"{_NOT_YET}{_PUBLISH}|(?:暂(?:时)?不要?|暂缓|暂停)公开|(?:暂不|先不|先别|先不要)(?:发|挂|登)(?=了|吧|$)"
_WITHDRAW = re.compile(rf"(?:{_TAKE_BACK}|{_HOLD})")
_NOUN = r"(?:稿件|稿子|稿|信息|通知|文件|公告|公示|文章|内容|新闻|材料|消息|来稿|动态|报送)"
_THIS = rf"(?:该|此|本|这|上述|以上|上面)[一二两三四五六七八九十\d]{{0,2}}[篇份条个件则项]?{_NOUN}?"
_GREETING = (
    r"(?:您好|你好|老师|编辑部?|领导|现|特|因(?:此|故)|所以|故|经.{0,12}(?:研究|同意|核实)|我[们镇街局办]|[我本]单位)"
)
_PLEASE = r"(?:请|烦请|麻烦|恳请|劳烦|申请|要求|予以|先|直接|全部|一并|也|立即|马上|尽快|帮忙|给)"
_VOID = re.compile(
    rf"^{_GREETING}*+(?:{_THIS}{_PLEASE}*+|{_PLEASE}++(?:将|把)?(?:{_THIS})?{_PLEASE}*+)(?:作废|废止)(?:了|吧|处理|即可)*+$"
)
"""此件作废: of the draft itself; an earlier text that it replaces (原件作废) is not meant."""
_DELETE = re.compile(
    rf"^{_GREETING}*+(?:{_PLEASE}*+(?:将|把)?{_THIS}{_PLEASE}*+(?:删除|删掉|删了|删去)"
    rf"|{_PLEASE}++(?:删除|删掉|删了|删去){_THIS})(?:了|吧|即可)*+$"
)
_GIVEN_UP = re.compile(rf"^{_GREETING}*+{_THIS}(?:就|先|暂时)*+(?:不用|不要|不必|不|别)(?:发|挂|登|上网|报)了(?:吧)?$")
_MAYBE = re.compile(
    r"先?(?:压一压|放一放|放一下|缓一缓)|先放放|先不报|(?:不用|不|别)[发挂登]了|(?:退回|退还)(?:给?我|该|此|本|这|稿)"
    rf"|{_THIS}[^，]{{0,4}}(?:作废|删除)"
)
"""Said of a draft it may be a withdrawal; a person asks."""
_OPENS = re.compile(
    r"^(?:您好|你好|老师|编辑|领导|因(?:此|故|为)?|所以|故|现|特|经.{0,12}(?:研究|同意|核实)|我[们镇街局办单][^，]{0,8}|本单位)*"
    rf"(?:(?:将|把|对)?(?:该|此|本|这|上述|以上|以下|原|那)?[一二两三四五六七八九十\d]{{0,2}}[篇份条个件则]?{_NOUN}?)"
    r"(?:(?:请|烦请|麻烦|恳请|先|暂时|需要?|应|申请|要求|予以|进行|都|全部|一并|也|还是|立即|马上|尽快|帮忙|办理)*)$"
)
"""What may stand before the verb where the clause asks for nothing but this."""
_CLOSES = re.compile(
    r"^(?:了|下来|下|掉|一下|吧|啦|哦|处理|办理|为[盼荷要]|谢谢|《》|我们|我[镇街局办]|我单位|本单位|单位|今[天日]|[上下]午|刚才|刚刚"
    rf"|{_NOUN}|上报|提交|发布|[发报的该此本这那原]|上述|以上|第?[一二两三四五六七八九十\d]+|[篇份条个件则项和与及、号]|\s)*+"
    r"(?:(?:以免|避免|因|由于|待|等[我领修核]|另行|[修更]?改后|核实后|重新).*)?$"
)
"""What may stand behind it: the draft by any of its names, a courtesy, a reason."""
_ASKS = re.compile(r"请|烦|麻烦|恳|申请|要求|需要?|希望|望|拟|帮|劳|拜托|我[们镇街局办].{0,6}(?:想|要|决定)|予以")
_DENIED = re.compile(
    r"(?:不用|不必|无需|无须|毋须|不需要?|不应|不能|不会|不想|不是|并非|不要|没|未|勿|(?<![特个])别|取消|为何|为什么|怎么|拒绝)"
    r"[^，,]{0,6}$"
)
_PAST = re.compile(r"(?:已经?|被|曾|刚才|此前|之前|上次|上回|昨天|前天|误)[^请]{0,6}$")
_SAID = re.compile(
    r"(?:对方|他们?|她们?|[县市省]委|[县市]政府|上级|领导|群众|当事人|有人|企业|网民|记者|别人|另一|来信|邮件|回执|来函|贵[部单办]|你们|你部)"
    r"[^，请]{0,8}(?:要求|让|想|希望|申请|提出|说|写|称|提|显示|注明|建议)"
)
"""Whoever wants it, it is not the writer."""
_CITED = re.compile(r"[“\"「『](?:请|烦请|麻烦|申请)[^“”\"「」『』]{0,12}[”\"」』]")
_OTHERS = re.compile(r"昨天|前天|上周|上个?月|上一|另一|另外[的那一两]|其[他它]|他们|别的|上次|上回|之前那|前一|那篇")
_PARTLY = re.compile(
    r"附件|附表|图片|照片|配图|表格|(?<![阶时])段|[一二三四五六七八九十\d][页行句]|姓名|名单|电话|手机|身份证|[中里]的"
    r"|第[一二三四五六七八九十\d]+[章节条项张]"
)
_OBJECT = re.compile(
    r"^(?:的|原因|理由|申请|请求|要求|决定|情况|后|时|之?前|退稿|催报|提醒|回执|通报|意见|对|与否|还是)"
)
_LATER = re.compile(r"期满|到期|届时|以后|之后|[日天月年]后|结束后|待.{0,20}后|满.{0,6}后")
_IF = re.compile(r"如果|如(?![下期实上何此题附前])|若(?!干)|要是|万一|除非|假如|假若|倘|要么")
_REPLACED = re.compile(r"为准|更正|重新|重报|原稿|原件|照发|照常|继续|附件|新[稿版件]|另报")
QUESTION = re.compile(
    r"[？?]|吗|呢[。！]?$|是否|能否|可否|能不能|可不可以|可以不|什么时候|何时|怎样|如何|为何|为什么|多久|请问|与否"
)
_RECEIPT = re.compile(r"(?<!\d)20\d\d-\d{6}(?!\d)")
_QUOTES = str.maketrans("", "", '“”"「」『』')


def withdrawal(sentence: str) -> Withdrawal | None:
    """Whether a sentence asks for a withdrawal, perhaps does, or does not. Titles in it stand as 《》."""
    bare = sentence.translate(_QUOTES).rstrip("。！!；;")
    doubtful = bool(_CITED.search(sentence)) or any(sign.search(bare) for sign in (QUESTION, _IF, _OTHERS))
    if not doubtful and (any(_is_plain(*one) for one in _requests(bare)) or _is_given_up(bare)):
        return "withdraw"
    return "perhaps_withdraw" if _WITHDRAW.search(bare) or _MAYBE.search(bare) else None


def _clauses(sentence: str) -> list[str]:
    return [clause.strip() for clause in re.split(r"[，,：:；;]", sentence)]


def _requests(sentence: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The clauses with a word for withdrawing that no earlier or same clause puts off to a later time."""
    for clause in _clauses(sentence):
        if _LATER.search(clause):
            return
        if found := _WITHDRAW.search(clause):
            yield clause, found


def _is_plain(clause: str, found: re.Match[str]) -> bool:
    """The clause asks for the whole draft to be withdrawn, now, and for nothing else."""
    before = re.sub(r"\s+|《》", "", _RECEIPT.sub("", clause[: found.start()]))
    after = _RECEIPT.sub("", clause[found.end() :]).lstrip()
    if any(sign.search(before) for sign in (_DENIED, _PAST, _SAID)) or _PARTLY.search(clause):
        return False
    if _OBJECT.match(after) or not _CLOSES.match(after):
        return False
    return bool(_ASKS.search(before) or _OPENS.match(before))


def _is_given_up(sentence: str) -> bool:
    """The draft itself is void, to be deleted, or no longer wanted, and nothing comes in its place."""
    if _REPLACED.search(sentence) or _PARTLY.search(sentence):
        return False
    bare = (re.sub(r"\s+|《》", "", _RECEIPT.sub("", clause)) for clause in _clauses(sentence))
    return any(form.match(clause) for clause in bare for form in (_VOID, _DELETE, _GIVEN_UP))
