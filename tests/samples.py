"""A desk in the middle of a working day, for pages: drafts in every state, other letters, what could not be read.

Everything goes in by the real way (keep, take_in, review), with readings written down instead of parsed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from PIL import Image, ImageDraw
from sqlalchemy import select

from daemon.desk import accounts, review
from daemon.desk.accounts import Actor
from daemon.desk.acknowledge import acknowledge
from daemon.desk.export import export
from daemon.desk.hand import Hand
from daemon.desk.receive import Arrival, begin_attempt, fail_attempt, keep, take_in
from daemon.settings import Settings, load
from daemon.store.schema import Draft, Letter, Mailbox, Message, Sighting, User
from daemon.store.unit_of_work import Store
from parsers.html import blocks
from parsers.submission import Attachment, Blob, Element, Finding, Role, Sender, Status, Submission
from parsers.submission import Draft as Found

HOME = Path(__file__).resolve().parents[1]
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 15, 10, tzinfo=ZONE)
"""A Friday afternoon."""
PASSWORD = "桓台-测试-口令"
PEOPLE = (("王芳", "editor"), ("刘洋", "editor"), ("张主编", "chief"))

NOTICE = "".join(
    (
        "<p>各村（居），镇直各部门：</p>",
        "<p>当前已进入秋冬季节，天干物燥，农作物秸秆集中腾茬，森林防火和秸秆禁烧形势严峻。",
        "为切实做好秋冬季森林防火和秸秆禁烧工作，保障人民群众生命财产安全，现将有关事项通知如下。</p>",
        "<h3>一、压实工作责任</h3>",
        "<p>严格落实属地管理责任，镇干部包村、村干部包片、网格员包地块，做到网格清晰、责任到人。</p>",
        "<h3>二、加强巡查值守</h3>",
        "<p>各村要成立不少于5人的巡查队伍，重点时段实行24小时值班。",
        "发现火情立即处置，并在10分钟内报告镇应急办。</p>",
        "<table><thead><tr><th>片区</th><th>包靠领导</th><th>值守点</th><th>联系人</th></tr></thead>",
        "<tbody><tr><td>东片</td><td>副镇长</td><td>3处</td><td>应急办</td></tr>",
        "<tr><td>西片</td><td>武装部长</td><td>4处</td><td>农业办</td></tr></tbody></table>",
        "<h3>三、强化宣传引导</h3>",
        "<p>通过村村响广播、微信群、明白纸等形式，广泛宣传森林防火和秸秆禁烧政策。</p>",
    )
)


def settings_of(folder: Path) -> Settings:
    """The shipped config, its data and its exports below this folder."""
    settings = load(HOME / "config")
    publishing = settings.publishing.model_copy(update={"folder": folder / "export"})
    review_of_one = settings.review.model_copy(update={"steps": ("审核",)})
    return replace(settings, data_dir=folder, publishing=publishing, review=review_of_one)


def open_store(folder: Path) -> Store:
    """A store of its own in this folder."""
    return Store.open(f"sqlite:///{folder / 'baosong.sqlite3'}", folder)


@dataclass(frozen=True)
class Desk:
    """A store with people, at a moment that stands still until it is moved."""

    store: Store
    settings: Settings
    now: datetime = NOW

    def add_people(self) -> None:
        with self.store.write() as session:
            for name, role in PEOPLE:
                session.add(User(name=name, password_hash=_cheap_hash(), role=role, created_at=self.now))

    def actor(self, name: str) -> Actor:
        with self.store.read() as session:
            return next(
                found for number in (1, 2, 3) if (found := accounts.actor(session, number)) and found.name == name
            )

    def receive(self, raw: bytes, found: Submission) -> int:
        """The row of a mail that has been taken in."""
        assert found.received_at is not None
        row = keep(self.store, [Arrival(raw, found.received_at, "imap")], found.received_at)[0].message_row
        begin_attempt(self.store, [row], found.received_at)
        take_in(self.store, [(row, found)], self.settings, found.received_at, acknowledge)
        return row

    def draft_of(self, message_row: int) -> Draft:
        with self.store.read() as session:
            return (
                session.query(Draft).filter(Draft.message_row == message_row).order_by(Draft.ordinal).first() or _none()
            )

    def hand(self, draft_id: int, name: str = "王芳", now: datetime | None = None) -> Hand:
        """The person's hand on the draft as it is now."""
        with self.store.read() as session:
            version = session.get_one(Draft, draft_id).version
        return Hand(draft_id, version, self.actor(name), now or self.now, self.settings)

    def do(self, draft_id: int, step: Callable[..., Draft], *words: object, name: str = "王芳") -> None:
        """One step of review."""
        hand = self.hand(draft_id, name)
        with self.store.write() as session:
            step(session, hand, *words)


@cache
def _cheap_hash() -> str:
    """Of PASSWORD, by parameters that cost a test nothing."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def _none() -> Draft:
    raise LookupError("the mail made no draft")


def found_draft(title: str, column: str | None, **values: Any) -> Found:
    """A draft as the parsers would give it."""
    body = str(values.pop("body_html", NOTICE))
    defaults: dict[str, Any] = {
        "confidence": 0.93, "document_number": None, "issuer": None, "issued_on": None, "printed_on": None,
        "addressee": None, "body_html": body, "body_text": body,
    }  # fmt: skip
    return Found(title=title, column=column, **(defaults | values))


def submission(
    unit: str | None, address: str, subject: str, received_at: datetime, *drafts: Found, **values: Any
) -> Submission:
    """A mail as the parsers would give it."""
    defaults: dict[str, Any] = {
        "message_id": f"<{sha256(f'{subject}{received_at}'.encode()).hexdigest()[:16]}@mail.example.cn>",
        "unit_evidence": "address" if unit else None, "kind": "submission" if drafts else "other",
        "note": "编辑部老师：您好！现报送稿件，请查收。", "parser_version": 1,
    }  # fmt: skip
    sender = Sender(str(values.pop("sender_name", unit or address)), address)
    return Submission(
        subject=subject, sender=sender, unit=unit, received_at=received_at, drafts=drafts, **(defaults | values)
    )


def mail(subject: str, address: str, html: str, *files: tuple[str, bytes]) -> bytes:
    """Raw bytes of a mail."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, address, "bianjibu@htzww.example.cn"
    message.set_content("（见 HTML）")
    message.add_alternative(html, subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def picture(color: str, words: str = "") -> bytes:
    """A small photograph's stand-in."""
    image = Image.new("RGB", (640, 420), color)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 420), fill="#6d7d58")
    draw.ellipse((470, 40, 560, 130), fill="#f4e6b0")
    draw.text((20, 20), words)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def attached(name: str, kind: str, role: Role, data: bytes, status: Status = "read") -> tuple[Attachment, Blob]:
    """A file and its bytes."""
    digest = sha256(data).hexdigest()
    return Attachment(name, kind, len(data), digest, role, status), Blob(digest, data)


def fill(desk: Desk) -> None:
    """The whole day."""
    desk.add_people()
    with desk.store.write() as session:
        polled = desk.now - timedelta(days=40)
        session.add(Mailbox(name="main", uidvalidity=1, last_uid=911, first_polled_at=polled, start_at=polled))
    for ago, unit, address, title, column, number, issued in _plain_rows():
        draft = found_draft(title, column, document_number=number, issued_on=issued, issuer=unit)
        at = desk.now - ago
        desk.receive(
            mail(title, address, f"<p>{title}</p>{NOTICE}"), submission(unit, address, f"报送：{title}", at, draft)
        )
    _rich(desk)
    _with_blocks(desk)
    _quarantined(desk)
    _other_letters(desk)
    _unreadable(desk)
    _move_some(desk)
    _send_some(desk)


def _plain_rows() -> Iterator[tuple[timedelta, str, str, str, str | None, str | None, date | None]]:
    """How long ago, unit, address, title, column, number, date of issue."""
    for line in (HOME / "tests" / "samples.tsv").read_text(encoding="utf-8").splitlines():
        hours, unit, address, title, column, number, issued = line.split("\t")
        day = date.fromisoformat(issued) if issued else None
        yield timedelta(hours=float(hours)), unit, address, title, column or None, number or None, day


def _rich(desk: Desk) -> None:
    """A draft with everything: pictures, annexes, elements."""
    photo, photo_blob = attached("值守点.png", "image", "picture", picture("#9fb7c9"), "stored")
    second, second_blob = attached("巡查队伍.png", "image", "picture", picture("#c9b79f"), "stored")
    main, main_blob = attached("唐政发31号 森林防火通知.docx", "docx", "main", b"PK main")
    annex, annex_blob = attached("附件1：包靠责任分工表.xlsx", "xlsx", "annex", b"PK annex" * 2000)
    title = "唐山镇人民政府关于做好秋冬季森林防火和秸秆禁烧工作的通知"
    head = f"<p>唐山镇人民政府文件</p><p>唐政发〔2026〕31号</p><h2>{title}</h2>"
    whole = f"{head}{NOTICE}<p>唐山镇人民政府</p><p>2026年11月17日</p>"
    main = replace(main, html=whole, text="\n".join(block.text for block in blocks(whole)))
    body = NOTICE + f'<p><img src="sha256:{photo.sha256}" alt="唐山镇森林防火值守点"></p>'
    draft = found_draft(
        title, "政府公文", document_number="唐政发〔2026〕31号", issuer="唐山镇人民政府", issued_on=date(2026, 11, 17),
        addressee="各村（居），镇直各部门：", body_html=body, attachments=(main, annex, photo, second),
        column_reason="标题以“通知”结尾，发文字号为唐政发，属政府公文",
        grouping_reason="Word 文件为正文，表格和图片为其附件",
        cut=("唐山镇人民政府文件", "唐政发〔2026〕31号", "抄送：县应急管理局"),
        elements=(
            Element("title", title, main.name, title, "红头之下、主送机关之上的居中文字"),
            Element("document_number", "唐政发〔2026〕31号", main.name, "唐政发〔2026〕31号", "红头下方"),
            Element("issued_on", "2026-11-17", main.name, "2026年11月17日", "落款处的日期"),
            Element("addressee", "各村（居），镇直各部门：", main.name, "各村（居），镇直各部门：", "标题下的第一行"),
        ),
        findings=(Finding("validity.expires", "info", "文中载明了有效期，到期后请处理。", "有效期至2027年3月31日"),),
    )  # fmt: skip
    found = submission(
        "唐山镇人民政府", "tszxxy@163.com", "报送：森林防火和秸秆禁烧通知", desk.now - timedelta(hours=5), draft,
        blobs=(photo_blob, second_blob, main_blob, annex_blob), sender_name="唐山镇信息员",
    )  # fmt: skip
    html = "<p>编辑部老师：</p><p>您好！现报送我镇森林防火通知，请查收。</p><p>唐山镇党政办<br>0533-9001051</p>"
    desk.receive(mail("报送：森林防火和秸秆禁烧通知", "tszxxy@163.com", html), found)


def _with_blocks(desk: Desk) -> None:
    body = (
        "<p>经个人申请、村民评议、镇级审核，现将拟纳入低保对象公示如下：</p>"
        "<p>张某某，身份证号370321190501011237，家庭人口2人。</p><p>公示期：2026年11月20日至11月26日。</p>"
    )
    draft = found_draft(
        "马桥镇2026年第四季度拟新增低保对象公示", "政务公告", body_html=body, issued_on=date(2026, 11, 20),
        issuer="马桥镇人民政府",
        findings=(
            Finding("pii.id_number", "block", "正文含有身份证号，公开前应隐去或删除。", "370321190501011237"),
            Finding("pii.name_list", "warn", "低保名单含有姓名，请核对是否应当公开。", "张某某"),
        ),
    )  # fmt: skip
    desk.receive(
        mail("低保公示", "maqiao@163.com", body),
        submission("马桥镇人民政府", "maqiao@163.com", "报送：低保公示", desk.now - timedelta(hours=2.6), draft),
    )


def _quarantined(desk: Desk) -> None:
    spoofed = (
        Finding("sender.spoofed", "block", "发件人自称“果里镇人民政府”，但邮箱不是该单位登记的邮箱。请电话核实。"),
    )
    draft = found_draft(
        "果里镇召开安全生产工作会议",
        "镇（街道）动态",
        body_html="<p>11月19日，果里镇召开安全生产工作会议。</p>",
        findings=spoofed,
    )
    desk.receive(
        mail("果里镇动态", "guolizhen@qq-mail.example.com", "<p>果里镇</p>"),
        submission(
            None,
            "guolizhen@qq-mail.example.com",
            "果里镇动态信息",
            desk.now - timedelta(hours=7),
            draft,
            sender_name="果里镇人民政府",
            findings=spoofed,
        ),
    )
    secret = (Finding("secret.marking", "block", "文件带有密级标志，不得上网。请立即报告主编。", "机密★1年"),)
    marked = found_draft("关于某项工作的紧急通知", None, findings=secret, body_html="<p>略</p>")
    desk.receive(
        mail("紧急通知", "qifengzhen_xc@126.com", "<p>略</p>"),
        submission("起凤镇人民政府", "qifengzhen_xc@126.com", "紧急通知", desk.now - timedelta(hours=8), marked),
    )


def _other_letters(desk: Desk) -> None:
    rows = (
        (
            26,
            "other",
            "【招生】公文写作与新媒体运营高级研修班",
            "train@ads.example.com",
            "培训中心",
            "广告：推销课程，没有报送内容",
        ),
        (9, "auto_reply", "自动回复：桓台政务网编辑部收稿回执", "suozhenjd@163.com", "索镇街道办事处", "自动回复"),
        (4, "bounce", "系统退信：您的邮件被退回", "postmaster@163.com", "Postmaster", "退信"),
        (1.2, "other", "感谢回复", "shaohai_bgs@163.com", "少海街道办事处", "只有致谢，没有附件和正文"),
    )
    for hours, kind, subject, address, name, why in rows:
        found = submission(
            None, address, subject, desk.now - timedelta(hours=hours), kind=kind, sender_name=name, kind_reason=why,
            note="您好，来信收到，谢谢！", unanswerable="程序发出的来信不回复",
        )  # fmt: skip
        desk.receive(mail(subject, address, f"<p>{subject}</p>"), found)


def _unreadable(desk: Desk) -> None:
    at = desk.now - timedelta(hours=3)
    row = keep(desk.store, [Arrival(b"Subject: =?utf-8?q?broken?=\r\n\r\nx", at, "imap")], at)[0].message_row
    for _ in range(3):
        begin_attempt(desk.store, [row], at)
        fail_attempt(desk.store, row, "解析超过 20 秒，已中止", at)
    with desk.store.write() as session:
        session.get_one(Message, row).subject = "年度工作总结（扫描件）"
        session.add(
            Sighting(
                mailbox="main", uidvalidity=1, uid=912, state="too_large", size=186 * 2**20, tries=0, noted_at=at,
                received_at=at, error="邮件 186 MB，超过 100 MB 的限度，留在邮件服务器上",
            )
        )  # fmt: skip


def _move_some(desk: Desk) -> None:
    ids = _ids(desk)
    desk.do(ids["起凤镇：马踏湖畔芦苇收割忙"], review.take)
    for title in (
        "索镇街道：“流动图书车”开进乡村小广场",
        "少海街道举办“邻里节”系列文化活动",
        "新城镇王渔洋故居完成冬季文物保护巡查",
    ):
        desk.do(ids[title], review.take)
        desk.do(ids[title], review.sign)
    for title in ("索镇街道：“流动图书车”开进乡村小广场", "少海街道举办“邻里节”系列文化活动"):
        export(desk.store, desk.hand(ids[title]))
    published = desk.now - timedelta(hours=1)
    desk.do(
        ids["索镇街道：“流动图书车”开进乡村小广场"],
        review.confirm,
        published,
        "https://www.huantai.example.cn/art/2026/11/20/1.html",
    )
    desk.do(
        ids["田庄镇扎实推进冬季清洁取暖安全检查"],
        review.return_to_unit,
        "图片不清晰或缺少图片说明，请更换或补充后重新报送。",
        name="刘洋",
    )
    desk.do(ids["荆家镇“四色韭黄”迎来上市季"], review.take, name="刘洋")


def _send_some(desk: Desk) -> None:
    """Letters older than two hours have gone; one was refused, one waits for a person."""
    with desk.store.write() as session:
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))
        for letter in letters:
            if letter.created_at < desk.now - timedelta(hours=2):
                letter.state, letter.sent_at, letter.attempts = "sent", letter.created_at + timedelta(minutes=1), 1
        letters[2].state, letters[2].sent_at = "failed", None
        letters[2].error = "收件服务器拒收：550 User not found"
        letters[3].state, letters[3].sent_at, letters[3].attempts = "held", None, 0
        letters[3].hold_reason = "来信已超过 3 天，回执须由编辑放行"


def _ids(desk: Desk) -> dict[str, int]:
    with desk.store.read() as session:
        return {title: number for number, title in session.query(Draft.id, Draft.title)}
