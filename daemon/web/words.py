"""How pages say things: times as people say them, states and actions as words. All in the office's time zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.desk.queue import SOON
from daemon.rules.states import ACTION_NAMES, ROLE_NAMES, STATE_NAMES

STATES: Mapping[str, str] = {str(state): name for state, name in STATE_NAMES.items()}
ACTIONS: Mapping[str, str] = {str(action): name for action, name in ACTION_NAMES.items()}
ROLES: Mapping[str, str] = {str(role): name for role, name in ROLE_NAMES.items()}
JOURNAL: Mapping[str, str] = {
    **ACTIONS,
    "receive": "收到来信", "parse_again": "重新解析", "proposal": "重新解析", "make_draft": "转为稿件", "edit": "修改",
    "column.keep": "确认栏目",
    "split": "拆分", "split_off": "由拆分产生", "merge": "合并", "split.undo": "撤销拆分或合并",
    "assign": "指派", "token.make": "新建接口令牌", "token.revoke": "停用接口令牌",
    "user.add": "新建账号", "user.password": "重设密码", "user.role": "更改角色", "user.on": "启用账号",
    "user.off": "停用账号", "user.login": "登录", "user.lock": "锁定账号", "unreadable": "无法解析",
    "reparse": "重新解析", "reminder.hold": "暂缓催报", "reminder.unhold": "恢复催报",
    "resolve": "处理提示", "overrule": "裁定放行", "attachment": "附件取舍", "files.move": "调整附件先后",
    "letter.no_recipient": "无法寄信", "letter.let_go": "放行函件", "letter.cancel": "取消函件",
    "letter.test": "试发函件", "letter.bounced": "函件被退回", "letter.again": "改寄函件",
    "reply.withdraw": "单位来信撤回",
    "reply.withdraw_asked": "单位要求撤回", "reply.revise": "收到更正稿", "reply.annex": "收到补充文件",
    "reply.column": "单位建议栏目", "reply.no_change": "单位答复无变化", "reply.not_public": "单位答复不公开",
    "reply.objection": "单位提出异议", "reply.liaison": "信息员变更", "reply.note": "来信说明",
    "reply.supersedes": "更正此前来稿", "reply.superseded": "单位另报更正稿",
    "statement.sent": "月度对账", "bulletin.sent": "寄送通报", "office_draft": "编辑部起草",
    "assessment.draft": "起草通报", "assessment.redraft": "重新起草通报", "assessment.freeze": "考核结果核定",
    "objection.open": "登记异议", "objection.upheld": "异议成立", "objection.dismissed": "异议不成立",
    "excuse.give": "免责", "excuse.revoke": "撤销免责", "points.give": "加减分", "points.revoke": "撤销加减分",
    "reminder.named": "催报", "escalation.named": "呈报领导", "confirmation.asked": "核对栏目",
    "reply.case": "登记咨询投诉", "reply.answer": "收到答复", "reply.change": "登记变更",
    "change.open": "登记变更", "change.amend": "修改变更登记", "change.met": "变更已落实", "change.done": "变更办结",
    "change.reopen": "变更重新待办", "case.open": "登记咨询投诉", "case.rate": "更改类别", "case.pass": "转办",
    "case.tell": "告知当事人", "case.hand_on": "告知去向", "case.answer": "登记答复", "case.close": "办结",
    "expiry.expected": "载明期限", "expiry.repealed": "被后文废止或代替", "expiry.due": "到期",
    "expiry.read": "核查期限", "overlay.address": "登记邮箱", "overlay.liaison": "变更信息员",
    "overlay.hold": "暂缓催报", "overlay.withdraw": "撤销登记", "manual.enter": "手工登记",
    "request.accept": "采纳来信请求", "status.retry": "立即重试", "request.decline": "办结来信请求",
}  # fmt: skip
CASE_KINDS: Mapping[str, str] = {"consultation": "咨询", "complaint": "投诉"}
CASE_STATES: Mapping[str, str] = {"open": "办理中", "answered": "已答复，待办结", "closed": "已办结"}
SEVERITIES: Mapping[str, str] = {"block": "须处理", "warn": "提醒", "info": "提示"}
TIMELINESS: Mapping[str, str] = {"on_time": "按时", "late": "迟报", "unknown": "未判定"}
KINDS: Mapping[str, str] = {
    "submission": "报送", "reply": "回复", "auto_reply": "自动回复", "bounce": "退信", "other": "其他",
}  # fmt: skip
ATTACHMENT_ROLES: Mapping[str, str] = {"main": "正文", "annex": "附件", "picture": "图片", "duplicate": "同文"}
ATTACHMENT_STATES: Mapping[str, str] = {
    "read": "已读取", "stored": "已保存", "scanned": "扫描件，文字由识别得来", "encrypted": "已加密，打不开",
    "damaged": "已损坏", "refused": "不安全或过大，未打开",
}  # fmt: skip
LETTERS: Mapping[str, str] = {
    "acknowledgement": "回执", "answer": "办理回执", "return": "退稿函", "resend_request": "请重发", "reminder": "催报",
    "escalation": "呈报领导", "confirmation_request": "核对函", "consultation": "咨询转办", "expiry": "到期提醒",
    "statement": "月度对账", "bulletin": "通报", "test": "测试信函",
}  # fmt: skip
LETTER_STATES: Mapping[str, str] = {
    "held": "暂缓", "waiting": "待发", "sent": "已发", "failed": "发送失败", "cancelled": "已取消",
}  # fmt: skip
MESSAGE_STATES: Mapping[str, str] = {"stored": "待解析", "parsed": "已解析", "unreadable": "无法解析"}
FETCH_STATES: Mapping[str, str] = {"too_large": "邮件过大，留在服务器上", "failed": "收取失败"}
ELEMENTS: Mapping[str, str] = {
    "title": "标题", "column": "栏目", "document_number": "发文字号", "issuer": "发文机关",
    "issued_on": "成文日期", "issued_at": "成文时刻", "printed_on": "印发日期", "addressee": "主送机关",
    "secrecy": "密级", "urgency": "紧急程度", "disclosure": "公开属性", "signer": "签发人", "annexes": "附件说明",
    "copied_to": "抄送", "notes": "附注", "byline": "作者", "captions": "图片说明", "wrapped_title": "所附文件",
    "state": "状态", "step": "审核环节", "assignee": "处理人", "published_at": "上网时间", "published_url": "网页地址",
    "publish": "随稿发布", "unit": "报送单位", "body": "正文", "body_text": "正文（纯文字）", "attachments": "附件",
}  # fmt: skip
EVIDENCE: Mapping[str, str] = {
    "address": "发件邮箱已登记", "domain": "发件域名已登记", "document": "文中署名，邮箱未登记",
    "desk": "编辑登记或代报",
}  # fmt: skip
TIMERS: Mapping[str, str] = {
    "reminders": "催报", "expiry": "到期提醒", "confirmations": "核对函", "statements": "月度对账", "bulletins": "通报",
}  # fmt: skip
OVERLAY_STATES: Mapping[str, str] = {
    "live": "生效", "written": "已写入文件", "over": "已到期", "withdrawn": "已撤销",
}  # fmt: skip
UNIT_KINDS: Mapping[str, str] = {
    "town": "镇（街道）",
    "department": "部门",
    "office": "办公室",
    "infocentre": "信息中心",
    "broadcaster": "广电",
}
"""The shipped config's own words; an office's others are shown as it writes them."""
FINDINGS: Mapping[str, str] = {
    "secret.marking": "密级标志", "secret.not_public": "不予公开", "pii.id_number": "身份证号",
    "pii.bank_card": "银行卡号", "pii.phone": "手机号码", "pii.name_list": "人员名单", "sender.spoofed": "冒名来信",
    "sender.unknown": "发件人不明", "document.future_date": "日期在后", "document.no_date": "没有日期",
    "document.no_title": "没有标题", "interpretation.missing": "缺少解读", "duplicate.of": "重复报送",
    "receipt.disputed": "收到时间存疑", "attachment.encrypted": "附件加密", "attachment.damaged": "附件损坏",
    "attachment.refused": "附件未打开", "attachment.macro": "附件带宏", "attachment.expired_link": "下载链接过期",
    "message.attachment_missing": "缺少附件", "validity.expires": "载明有效期", "supersedes": "废止或更正",
    "link.external": "外部链接", "text.suspect": "疑似错字", "text.roundup": "多条信息", "reply.note": "来信说明",
}  # fmt: skip
KEYS: tuple[tuple[str, str], ...] = (
    ("j k", "列表中：下一行、上一行；稿件中：下一篇、上一篇"),
    ("Enter", "打开所在的一行"),
    ("x", "选择所在的一行，以便成批办理"),
    ("/", "查找"),
    ("a", "办理下一步：开始审核、审核通过、导出、确认已发布"),
    ("e", "修改稿件；已发布的，更正"),
    ("c", "改栏目"),
    ("y", "栏目待核的：确认栏目无误"),
    ("r", "退回单位"),
    ("g", "指派"),
    ("p", "上网助手：逐项复制到网站后台"),
    ("d", "其他来信：转为稿件"),
    ("u", "返回列表"),
    ("Ctrl+S", "保存修改"),
    ("Esc", "收起打开的面板"),
    ("?", "显示本页"),
)
"""Every key that the pages know, in the order of a day."""
RETURN_REASONS: tuple[str, ...] = (
    "缺少附件，请补齐后重新报送。",
    "成文日期或发文字号缺失，请补充完整后重新报送。",
    "稿件含有身份证号、手机号码等个人信息，请处理后重新报送。",
    "附件无法打开，请以 Word 或 PDF 格式重新报送。",
    "内容与所报栏目不符，请核对后重新报送。",
    "图片不清晰或缺少图片说明，请更换或补充后重新报送。",
)


@dataclass(frozen=True)
class Left:
    """How much time there is: in words, and `late`, `soon` or nothing for the colour beside them."""

    text: str
    tone: str


def left(due: datetime, now: datetime) -> Left:
    """`还剩 5 小时`, `逾期 2 天`."""
    if now >= due:
        return Left(f"逾期 {_span(now - due)}", "late")
    return Left(f"还剩 {_span(due - now)}", "soon" if due - now <= SOON else "")


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return f"{max(minutes, 1)} 分钟"
    return f"{minutes // 60} 小时" if minutes < 48 * 60 else f"{minutes // (24 * 60)} 天"


def short(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """`09:31` of today, `昨天 16:20`, `11-18 09:31`, `2025-11-18`."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"昨天 {local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d}"


def exact(moment: datetime, zone: ZoneInfo) -> str:
    """`2026年11月18日 09:31:05`."""
    local = moment.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}"


def deadline(end: datetime, zone: ZoneInfo) -> str:
    """The first moment that is too late, as people say it: midnight is `24:00` of the day before."""
    local = end.astimezone(zone)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return f"{day(local)} {local:%H:%M} 前"
    return f"{day(local - timedelta(days=1))} 24:00 前"


def day(value: date) -> str:
    """`2026年11月17日`."""
    return f"{value.year}年{value.month}月{value.day}日"


def size(count: int) -> str:
    """`10 KB`, `1.4 MB`, `67.3 GB`."""
    if count < 1024:
        return f"{count} 字节"
    if count < 1024**2:
        return f"{count / 1024:.0f} KB"
    return f"{count / 1024**2:.1f} MB" if count < 1024**3 else f"{count / 1024**3:.1f} GB"
