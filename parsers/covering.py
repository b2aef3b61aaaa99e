"""Lines that only accompany a text: greetings, covering phrases, signatures, disclaimers, what programs add."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 90
_CLOSING_LENGTH = 40
_SIGNATURE_LINES, _SIGNATURE_LENGTH = 6, 40
_SLIGHT_LINE, _SLIGHT_TEXT = 30, 60

_PEOPLE = (
    r"编辑|老师|主任|科长|局长|处长|部长|股长|站长|经理|同志|"
    r"领导|同事|同仁|先生|女士|编辑部|编辑室|编辑组|信息中心|负责人|管理员"
)
_GREETING = re.compile(
    rf"(尊敬的|敬爱的)?.{{0,12}}?(各位)?({_PEOPLE}|[您你])(们|老师|同志)?[，,]?\s*(您好|你好|好|早上好|上午好|中午好|下午好|晚上好)?"
    r"\s*[:：,，!！。.～~]*"
)
_SUBHEADING = re.compile(r"^[（(]?[\d一二三四五六七八九十]{1,3}[、.．）)]|(?:组织|加强|强化|坚持|统一|集中|全面)领导")
"""一、强化组织领导 is no word to a leader."""
_HELLO = re.compile(r"(您|你|大家|各位|你们)好[\s!！。,，:：]*|hi|hello|dear .{1,30}", re.IGNORECASE)
_CLAUSES = re.compile(r"[，。！？；,!?;、\s]+|(?<=[\u4e00-\u9fff])[:：]")
_VERBS = (
    "查收|查阅|查看|阅示|审阅|审核|审定|审批|审稿|审查|发布|发表|刊发|刊登|刊载|登载|采用|采纳|编发|选用|上传|上网|更新|处理|挂网|公布|公示|公开(?!透明|公正|招|选)|推送"
    "|收悉|指正|惠存|知悉|接收|下载|转网站|转发|关联|替换|删除|撤下|修改|把关|支持|帮忙|关照|回复|确认|安排|报名表"
)
_REQUEST = re.compile(
    rf"(请|烦|望|盼|麻烦|劳烦|恳请|敬请)(?!各|广大|有关|相关|市民|群众|全体|大家|相互|互相|社会)[^。！？]{{0,25}}?({_VERBS}|为准)"
)
_SENDING = re.compile(
    r"(报送|报上|呈上|呈报|呈送|送上|发上|发给|上报|报来|补报|补发|附上|附报|发送)[^。！？]{0,14}$|^(现|今)?(将|把)?.{0,20}(如下|一并|随函|随信)?(报送|报上|呈报)"
)
_ATTACHED = re.compile(
    r"见(加密)?(压缩包|附件|附|链接|网盘)|(见|在|如|作为)附件|附件(附?后|一并|已|请|中|里)|附后|已附上|(材料|资料|文件|稿件|照片|图片)\S{0,6}(打包|见附|附上)"
)
_AGAIN = re.compile(
    r"(再|重新|又|重)(发|报|传|送)|以(此|本)(件|稿|次|文)为准|前(一)?(件|稿|文)(作废|有误)|(改|修改)(完|好|毕|过)了?$|修改完|(已|都)(补|修)(上|改)|(定|终|审定)稿$"
)
_THANKS = re.compile(
    r"(谢谢|多谢|感谢|非常感谢|辛苦)(了|您|你|支持|各位|老师|编辑)*|此致|敬礼|此致敬礼|祝好|顺颂.{0,6}|顺祝.{0,6}|祝.{1,8}|即颂.{0,6}|商祺|收到|已收到|收悉|妥否.{0,8}|盼复|请回复"
    r"|(给您|给你)?(添)?麻烦了?|best regards|regards|thanks?( you)?"
)
_PASSWORD = re.compile(r"密码.{0,12}(联系|告知|电话|另行)|(解压|打开|文件)密码|已加密|加密压缩")
_COUNTED = re.compile(
    r".{0,16}(稿件|信息|文件|材料|通知|公告|稿|动态|新闻|照片|图片)?[一二两三四五六七八九十\d]+(篇|份|则|件|幅|张|条)"
)
_PLACE_WISH = re.compile(r"(发|放|挂|登|刊)(布|到|在|至|载)?.{0,4}[“\"「]?.{2,14}(栏目|专栏|板块|版块|网站|平台)")
_STRONG = re.compile(r"请|此致|^祝|[您你]好|谢|附件|敬礼|辛苦|麻烦|收到")
_TITLE_END = re.compile(
    r"(通知|公告|通告|公示|报告|意见|方案|办法|函|决定|决议|通报|简报|指南|问答|解读|计划|规划|细则"
    r"|批复|纪要|启事|名单|规定|条例|总结|公报|请示|清单|一览表|工作动态)"
    r"([（(].{1,30}[）)])?$"
)
_DOCUMENT = re.compile(
    r"^附件?\s*[\d一二三四五六七八九十]*\s*[:：.．]|特此(公告|通告|通知|公示|函告|报告|通报|说明)"
    r"|(?<!报送)(?<!上报)(?<!发送)(?<!稿件)(?<!信息)如下\s*[:：。]?$|^[（(]?[\d一二三四五六七八九十]{1,3}[、）)]"
)

_CONTACT = re.compile(
    r"(?<!\d)(0\d{2,3}[-—– ]?\d{7,8}|1[3-9]\d[- ]?\d{4}[- ]?\d{4}|400-?\d{3}-?\d{4})(?!\d)"
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{2,20}"
    r"|^(Tel|电话|手机|座机|传真|Fax|Mobile|Phone|E-?mail|Email|邮箱|邮件|地址|Add(ress)?"
    r"|网址|QQ|微信|邮编|办公电话|办公室电话)\s*[:：.]",
    re.IGNORECASE,
)
_PUBLIC_CONTACT = re.compile(
    r"联\s*系\s*(人|电话|方式|地址)|监督|举报|咨询|投诉|服务|报名|受理|值班|热线|报警|通讯地址|通信地址|邮寄地址|预约|救援|采购人|代理机构"
)
_SENTENCE = re.compile(r"[。！？；]|[，、].{12,}")
_DATE = re.compile(r"(19|20)\d\d\s*[年.\-/]|[二○〇零]{1,2}[一二三四五六七八九○〇零]{2,3}年")
_BRACKETED = re.compile(r"[（(【\[].*[）)】\]]$")

_PROGRAM = re.compile(
    r"^[>\s]*(发自|来自|发送自)\s*(我的|于|[“\"]?)\s*.{0,40}$|^[>\s]*(sent from|get outlook|从我的).{0,60}$"
    r"|^[>\s]*(从|使用|通过)\s*.{0,30}(邮件|邮箱|mail|outlook).{0,10}(发送|发出)$|^[>\s]*(下载|获取)\s*(outlook|网易邮箱).{0,40}$|^签名由.{0,30}定制$"
    r"|^[>\s]*(以上|此)?邮件由.{0,30}(发送|发出)$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"^[*【\[（(\s]*(免责声明|保密声明|声明|重要提示|confidentiality|disclaimer|注意)?[:：\]】\s]*"
    r"(本|此|该|这封)?(电子)?邮件(及|和|中)?(其|任何|所有|的)?.{0,12}(仅供|仅限|含有|包含|可能|为保密|属于|只供|所含)"
    r"|^.{0,20}(如|若|倘若)(您|你)?(误收|错误地?收到|不是.{0,6}收件人|并非.{0,6}收件人)"
    r"|this (e-?mail|message|communication).{0,60}(confidential|intended|privileged)"
    r"|virus-free|^.{0,12}(病毒|安全)(扫描|检测).{0,30}(通过|未发现)",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"^[【\[]?(网易自营|网易严选|网易云音乐|网易考拉)|(qq邮箱|网易邮箱|foxmail).{0,20}(下载|体验|升级|会员)",
    re.IGNORECASE,
)


def is_covering(text: str) -> bool:
    """Whether a line only greets or accompanies ("您好", "请查收附件", "请予发布") and is no part of an article."""
    line = text.strip()
    if not line or len(line) > _LONGEST:
        return False
    if _is_greeting(line):
        return True
    requested = bool(_REQUEST.search(line))
    if _TITLE_END.search(line) or (_DOCUMENT.search(line) and not requested):
        return False
    finished = line.endswith(tuple("。！!？~～.…：:")) or bool(_STRONG.search(line))
    return finished and (requested or any(_accompanies(clause) for clause in _CLAUSES.split(line) if clause))


def _is_greeting(line: str) -> bool:
    greets = bool(_GREETING.fullmatch(line) or _HELLO.fullmatch(line))
    return len(line) <= 25 and greets and not _SUBHEADING.search(line)


def _accompanies(clause: str) -> bool:
    return bool(
        _THANKS.fullmatch(clause.lower())
        or _HELLO.fullmatch(clause)
        or any(pattern.search(clause) for pattern in (_SENDING, _ATTACHED, _AGAIN, _PASSWORD))
        or (len(clause) <= 20 and _COUNTED.fullmatch(clause))
        or (len(clause) <= 30 and _PLACE_WISH.search(clause))
    )


def is_closing(text: str) -> bool:
    """The same for lines after a text, where only short and plain ones are sure: an article may end in thanks too."""
    line = text.strip()
    if len(line) > _CLOSING_LENGTH or _DOCUMENT.search(line):
        return False
    clauses = [clause for clause in _CLAUSES.split(line) if clause]
    thanks = bool(clauses) and all(_THANKS.fullmatch(clause.lower()) or _HELLO.fullmatch(clause) for clause in clauses)
    return thanks or (len(line) <= 30 and bool(_REQUEST.search(line))) or bool(_PROGRAM.match(line))


def is_notice(text: str) -> bool:
    """A line that a mail program or a firm's server adds: 发自我的iPhone, a disclaimer, an advertisement."""
    line = text.strip()
    return bool(
        _PROGRAM.match(line) or _DISCLAIMER.search(line[:400]) or (len(line) < 80 and _ADVERTISEMENT.search(line))
    )


def is_dashes(text: str) -> bool:
    """The line that sets off a signature: "--", or QQ's long one."""
    line = text.strip()
    return line == "--" or (len(line) >= 8 and not line.strip("-—_ "))


def signature_start(lines: Sequence[str], gaps: Sequence[bool]) -> int:
    """Where a signature begins at the end of a text: short lines, one of them with a telephone or address, that are
    neither sentences nor the date of a document. The number of lines where there is none."""
    begin = len(lines)
    contact = False
    for number in range(len(lines) - 1, max(-1, len(lines) - 1 - _SIGNATURE_LINES), -1):
        line = lines[number].strip()
        if not _may_be_signed(line):
            break
        contact = contact or bool(_CONTACT.search(line))
        begin = number
        if gaps[number]:
            break
    return begin if contact else len(lines)


def _may_be_signed(line: str) -> bool:
    return not (
        len(line) > _SIGNATURE_LENGTH
        or _SENTENCE.search(line)
        or _DATE.search(line)
        or _BRACKETED.match(line)
        or _PUBLIC_CONTACT.search(line)
        or _TITLE_END.search(line)
        or line.endswith(("：", ":"))
    )


def is_slight(lines: Sequence[str]) -> bool:
    """Whether what remains beside covering lines is a name and an office at most."""
    return sum(map(len, lines)) <= _SLIGHT_TEXT and all(
        len(line) <= _SLIGHT_LINE and not _SENTENCE.search(line) and not _TITLE_END.search(line) for line in lines
    )
