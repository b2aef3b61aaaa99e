"""What kind of mail it is: machines and invitations by their headers, answers to our letters, advertisements.

Sources: RFC 3834 (automatic answers), RFC 3464 (delivery status), RFC 8098 (read receipts), RFC 2919 and 2369 (lists),
and what Chinese mail services really send (DOMAIN.md, section 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from parsers.mime import Mail
from parsers.office import Office
from parsers.submission import Kind

_MACHINE_USER = re.compile(r"^(mailer-?daemon|postmaster|mail-?daemon|bounces?|no-?reply-?bounce)(\b|[+_.=-]|$)", re.I)
_NO_REPLY = re.compile(r"^(no-?_?reply|do-?not-?reply|noreply\w*)$", re.I)
_BOUNCE_SUBJECT = re.compile(
    r"系统退信|退信通知|退信提醒|邮件退回|退回的邮件|邮件被退回|投递失败|投递状态通知|发送失败通知|未送达|无法送达"
    r"|undeliver|delivery status notification|returned mail|return(ed)? to sender|failure notice|delivery fail"
    r"|mail delivery (failed|system)",
    re.I,
)
_BOUNCE_TEXT = re.compile(
    r"退信|投递失败|无法(被)?(投递|送达)|could not be delivered|undeliverable|收件人.{0,20}不存在", re.I
)
_AUTO_SUBJECT = re.compile(
    r"^\s*(\[?自动(回复|答复|回覆)\]?|自動(回覆|回復)|(外出|休假|假期|离开办公室)(时)?自动(回复|答复)"
    r"|auto(matic)?[- ]?(reply|response|answer)|out of (the )?office|vacation (reply|notice))",
    re.I,
)
_AUTO_TEXT = re.compile(
    r"(这是|此邮件为|本邮件为|此为)(一封)?(来自.{0,12}的)?(系统|假期|邮箱)?自动(回复|答复|发送)|自动回复邮件"
    r"|this is an automatic(ally generated)? (reply|response)",
    re.I,
)
_RECEIPT_SUBJECT = re.compile(
    r"^\s*(已读|未读|已阅读|已顯示|阅读回执|已讀|read|not read|read receipt|return receipt)\s*[:：(（]", re.I
)
_RECEIPT_TEXT = re.compile(
    r"已于.{0,40}(读取|阅读|打开)|已阅读|已读回执|收条|未阅读即(被)?删除|已被(阅读|读取|打开)|was read (on|at)",
    re.I,
)
_INVITATION_SUBJECT = re.compile(
    r"^\s*(会议邀请|会议更新|会议取消|已取消(的会议)?|(已)?(接受|谢绝|暂定)|invitation|accepted|declined|canceled)\s*[:：]",
    re.I,
)
_ANSWER = re.compile(r"^\s*((re|aw|sv|回复|答复|回覆|回復|答覆|转发|fw|fwd)\s*(\[\d+\])?\s*[:：]\s*)+", re.I)
_READY_MADE = re.compile(r"^\s*(更正|撤回|无变化|不公开|异议|栏目|补充)\s*[:：]?\s*20\d\d-\d{6}(?!\d)")
"""The subjects of the ready-made answers that our letters offer (daemon.mail.answers)."""
_RECEIPT_NUMBER = re.compile(r"(?<!\d)20\d\d-\d{6}(?!\d)")
_LETTER_ID = r"<\d{14}\.[0-9A-Za-z][0-9A-Za-z._-]*@%s>"
_SALES = re.compile(
    r"优惠|折扣|立减|团购|限时|包教包会|名额有限|培训费|报名费|发票|代开|代办|贷款|加微信|微信同号|量大从优|诚信经营|免费试用|点击退订|退订|取消订阅"
    r"|unsubscribe|厂家直销|推广|招商加盟|软件著作权|论文发表|职称评审|元/人|价格从优|扫码(领取|咨询|报名)|欢迎(来电|致电)?(咨询|选购|订购)|中奖|领取奖品"
)
_SALES_ENOUGH = 3


@dataclass(frozen=True)
class Verdict:
    """A kind and, in Chinese, why."""

    kind: Kind
    reason: str


def machine(mail: Mail, text: str, office: Office) -> Verdict | None:
    """The verdict on a mail that no person wrote to the office (or that invites to a meeting); None: a person wrote it.

    `text`: the mail's own text, where the services that set no header say so.
    """
    for kind, test in _MACHINES:
        reason = test(mail, text, office)
        if reason:
            return Verdict(kind, reason)
    return None


def answers_us(mail: Mail, office: Office) -> str | None:
    """Why the mail answers one of our letters (CONTRACT.md, section 6), in Chinese; None: it doesn't."""
    ours = re.compile(_LETTER_ID % re.escape(_domain(office.address)), re.I)
    named = [mail.in_reply_to or "", *mail.references]
    if any(ours.search(identity) for identity in named):
        return "邮件头表明是对本编辑部信函的答复"
    subject = mail.subject or ""
    found = _RECEIPT_NUMBER.search(subject)
    if found and (_ANSWER.match(subject) or _READY_MADE.match(subject)):
        return f"主题是答复，并引用回执号 {found.group()}"
    return None


def letter_ids(text: str, office: Office) -> tuple[str, ...]:
    """The Message-IDs of our own letters in a text, in order."""
    return tuple(re.findall(_LETTER_ID % re.escape(_domain(office.address)), text, re.I))


def bars_answer(mail: Mail, office: Office) -> str | None:
    """Why no letter may ever answer this mail (RFC 3834, section 2), in Chinese; None: it may be."""
    if not mail.sender_address:
        return "邮件没有发件人地址"
    if mail.sender_address.lower() == office.address.lower():
        return "发件人是本编辑部自己的邮箱"
    return next((reason for test in _BARRIERS if (reason := test(mail))), None)


def is_bulk(mail: Mail) -> bool:
    """Whether it went to many: a list, or marked as bulk."""
    return bool(_barred_bulk(mail) or _barred_list(mail))


def advertises(subject: str | None, text: str) -> str | None:
    """The words that make it an advertisement, joined; None: it is none. Only to be asked of unknown senders."""
    words = dict.fromkeys(found.group() for found in _SALES.finditer(f"{subject or ''}\n{text}"))
    return "、".join(words) if len(words) >= _SALES_ENOUGH else None


def _bounce(mail: Mail, text: str, office: Office) -> str | None:
    if _delivery_reports(mail):
        return None if _delivered(mail) else "投递状态报告（退信）"
    if mail.header("x-failed-recipients"):
        return "邮件头 X-Failed-Recipients 表明是退信"
    subject = mail.subject or ""
    user = (mail.sender_address or "").split("@")[0]
    if _MACHINE_USER.match(user):
        return "发件人是邮件系统（退信地址）"
    by_system = _null_path(mail) or _NO_REPLY.match(user) or _BOUNCE_TEXT.search(text)
    return "主题和正文是邮件系统的退信" if by_system and _BOUNCE_SUBJECT.search(subject) else None


def _delivery_reports(mail: Mail) -> bool:
    return "delivery-status" in _content_type(mail) or _has_part(mail, "message/delivery-status")


def _delivered(mail: Mail) -> bool:
    """The report says only that a letter arrived (RFC 3464, section 2.3.3)."""
    reports = [part.data.lower() for part in mail.parts if part.media_type == "message/delivery-status"]
    actions = {found for data in reports for found in re.findall(rb"^action:\s*(\w+)", data, re.M)}
    return bool(actions) and actions <= {b"delivered", b"relayed", b"expanded"}


def _receipt(mail: Mail, text: str, office: Office) -> str | None:
    if "disposition-notification" in _content_type(mail) or _has_part(mail, "message/disposition-notification"):
        return "阅读回执，没有可发布的内容"
    if _delivery_reports(mail) and _delivered(mail):
        return "送达回执，没有可发布的内容"
    if _RECEIPT_SUBJECT.match(mail.subject or "") and (not text.strip() or _RECEIPT_TEXT.search(text)):
        return "阅读回执，没有可发布的内容"
    return None


def _auto_reply(mail: Mail, text: str, office: Office) -> str | None:
    return _auto_header(mail) or _auto_words(mail, text)


def _auto_header(mail: Mail) -> str | None:
    if _first_word(mail.header("auto-submitted")) == "auto-replied":
        return "邮件头 Auto-Submitted 表明是自动答复"
    if _first_word(mail.header("precedence")) in {"auto_reply", "auto-reply"}:
        return "邮件头 Precedence 表明是自动答复"
    for name in ("x-qq-auto-reply", "x-qq-holidayreply", "x-autoreply", "x-autorespond", "x-autogenerated"):
        if mail.header(name) and _first_word(mail.header(name)) not in {"no", "false", "0"}:
            return f"邮件头 {name} 表明是自动答复"
    if "+auto_=" in (mail.header("return-path") or ""):
        return "信封地址表明是自动答复"
    return None


def _auto_words(mail: Mail, text: str) -> str | None:
    if _AUTO_SUBJECT.match(mail.subject or ""):
        return "主题注明是自动答复"
    if len(text) < 500 and not mail.parts and _AUTO_TEXT.search(text):
        return "正文注明是自动答复"
    return None


def _invitation(mail: Mail, text: str, office: Office) -> str | None:
    calendars = {"text/calendar", "application/ics"}
    alone = all(part.media_type in calendars or part.media_type.startswith("image/") for part in mail.parts)
    invited = "text/calendar" in _content_type(mail) or any(part.media_type in calendars for part in mail.parts)
    answered = not mail.parts and len(text) < 200 and _INVITATION_SUBJECT.match(mail.subject or "")
    return "会议邀请，没有可发布的内容" if alone and (invited or answered) else None


def _our_own(mail: Mail, text: str, office: Office) -> str | None:
    ours = re.compile(_LETTER_ID % re.escape(_domain(office.address)), re.I)
    if ours.fullmatch((mail.message_id or "").strip()):
        return "本编辑部自己发出的信函"
    own_address = (mail.sender_address or "").lower() == office.address.lower()
    return "本编辑部自己发出的信函" if own_address and mail.header("auto-submitted") else None


_Test = Callable[[Mail, str, Office], str | None]
_MACHINES: tuple[tuple[Kind, _Test], ...] = (
    ("other", _our_own),
    ("other", _receipt),
    ("bounce", _bounce),
    ("auto_reply", _auto_reply),
    ("other", _invitation),
)


def _barred_automatic(mail: Mail) -> str | None:
    word = _first_word(mail.header("auto-submitted"))
    return f"邮件头 Auto-Submitted: {word}" if word not in {"", "no"} else _auto_header(mail) or _auto_words(mail, "")


def _barred_bulk(mail: Mail) -> str | None:
    word = _first_word(mail.header("precedence"))
    return f"邮件头 Precedence: {word}" if word in {"bulk", "list", "junk"} else None


def _barred_list(mail: Mail) -> str | None:
    name = next((key for key, _ in mail.headers if key.startswith("list-") or key == "x-mailing-list"), None)
    return f"群发邮件（邮件头 {name}）" if name else None


def _barred_suppressed(mail: Mail) -> str | None:
    words = {word.strip().lower() for word in (mail.header("x-auto-response-suppress") or "").split(",")}
    return "邮件头 X-Auto-Response-Suppress 要求不自动答复" if words & {"all", "oof", "autoreply"} else None


def _barred_machine(mail: Mail) -> str | None:
    user = (mail.sender_address or "").split("@")[0]
    if _null_path(mail):
        return "信封发件人为空"
    return "发件人是系统地址" if _MACHINE_USER.match(user) or _NO_REPLY.match(user) else None


def _barred_report(mail: Mail) -> str | None:
    return "系统报告（退信或阅读回执）" if "multipart/report" in _content_type(mail) else None


_BARRIERS: tuple[Callable[[Mail], str | None], ...] = (
    _barred_report,
    _barred_automatic,
    _barred_bulk,
    _barred_list,
    _barred_suppressed,
    _barred_machine,
)


def _content_type(mail: Mail) -> str:
    return (mail.header("content-type") or "").lower()


def _has_part(mail: Mail, media_type: str) -> bool:
    return any(part.media_type == media_type for part in mail.parts)


def _null_path(mail: Mail) -> bool:
    path = mail.header("return-path")
    return path is not None and path.strip() in {"", "<>"}


def _first_word(value: str | None) -> str:
    return re.split(r"[\s;,(]", (value or "").strip().lower(), maxsplit=1)[0]


def _domain(address: str) -> str:
    return address.rsplit("@", 1)[-1]
