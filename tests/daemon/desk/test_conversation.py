"""A conversation by plain email, over a real Dovecot and a real SMTP server: each answer ends as its writer meant.

Every exchange is a notice sent in by 甲镇, our letter about it, and one answer to that letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from daemon.desk.return_to_unit import return_letter
from daemon.store.schema import Draft, Journal, Message, Revision
from daemon.store.schema import Letter as Row
from tests.daemon.desk.correspondence import JIA, OTHER, YI, Correspondence, opened
from tests.daemon.desk.mail_clients import STYLES, File, Letter, answer, notice, sheet
from tests.daemon.desk.office import NOW
from tests.dovecot import Dovecot
from tests.smtp import SmtpServer

pytestmark = [pytest.mark.server, pytest.mark.slow]

STRANGER = "x@elsewhere.example"
NEW_TEXT = "经研究，原定检查时间调整为十二月十日，其余事项不变，请遵照执行。"


@dataclass(frozen=True)
class Exchange:
    """An answer, and how it is to end."""

    client: str
    words: str
    acts: set[str]
    """What stands in the journal after `reply.`."""
    state: str = "pending"
    """Of the draft in the end."""
    before: str = "pending"
    sender: str = JIA
    subject: str | None = None
    """With {number} and {title}; None: the letter's."""
    attached: str = ""
    """"same": the document with another text; "other": another document; "annex": a sheet."""
    later: timedelta = timedelta(hours=1)
    told: str | None = None
    """What the letter about it says; None: there is none; "": a letter of any words."""


W, N = {"withdraw"}, {"note"}
EXCHANGES: dict[str, Exchange] = {
    "withdrawn in NetEase's webmail": Exchange("netease", "请撤回。", W, "withdrawn", told="已按来信要求撤回"),
    "withdrawn in QQ's": Exchange("qq", "您好，因数据有误，请将该稿撤回，谢谢！", W, "withdrawn", told="撤回"),
    "withdrawn in Foxmail": Exchange("foxmail", "编辑老师：\n您好！申请撤稿。", W, "withdrawn", told="撤回"),
    "withdrawn in Outlook": Exchange("outlook", "该稿件暂不发布，待领导审定后再报。", W, "withdrawn", told="撤回"),
    "withdrawn from a phone": Exchange("iphone", "请先不要发布", W, "withdrawn", told="撤回"),
    "withdrawn below the quote": Exchange("below", "请撤回这篇稿件。", W, "withdrawn", told="撤回"),
    "withdrawn in English programs": Exchange("english", "此稿请撤下。", W, "withdrawn", told="撤回"),
    "withdrawn in Big5": Exchange("big5", "請撤回", W, "withdrawn", told="已按来信要求撤回"),
    "put off in Big5": Exchange("big5", "該稿暫不發布，謝謝。", W, "withdrawn", told="撤回"),
    "withdrawn politely": Exchange("foxmail", "烦请撤下，谢谢老师。", W, "withdrawn", told="撤回"),
    "withdrawn in the words of the trade": Exchange("iphone", "先不要挂网", W, "withdrawn", told="撤回"),
    "declared void": Exchange("qq", "此件作废，不再报送。", W, "withdrawn", told="撤回"),
    "declared void half a year later from another address": Exchange(
        "outlook", "该通知作废。", W, "withdrawn", sender=OTHER, later=timedelta(days=190), told="撤回"
    ),
    "withdrawn by number a year later in a new mail": Exchange(
        "fresh", "{number} 号稿件请撤回。", W, "withdrawn", subject="撤稿", later=timedelta(days=370), told="撤回"
    ),
    "withdrawn while under review": Exchange("bare gbk", "请撤回", W, "withdrawn", before="in_review", told="撤回"),
    "withdrawn when approved": Exchange("angles", "请停止发布该信息。", W, "withdrawn", before="approved", told="撤回"),
    "withdrawn when returned": Exchange(
        "netease", "不再报了，请撤回该稿。", W, "withdrawn", before="returned", told="撤回"
    ),
    "withdrawn from another of the unit's addresses": Exchange(
        "qq", "请撤回", W, "withdrawn", sender=OTHER, told="撤回"
    ),
    "withdrawn months later": Exchange(
        "netease utf-8", "请撤回该稿件。", W, "withdrawn", later=timedelta(days=120), told="撤回"
    ),
    "withdrawn by the number in the subject alone": Exchange("headless", "请撤回", W, "withdrawn", told="撤回"),
    "withdrawn by the quoted number alone": Exchange(
        "headless netease", "请撤回", W, "withdrawn", subject="关于稿件的事", told="撤回"
    ),
    "withdrawn by the ready-made answer": Exchange(
        "fresh", "请撤回稿件 {number}《{title}》。", W, "withdrawn", subject="撤回 {number}", told="撤回"
    ),
    "withdrawn by its title": Exchange("fresh", "请撤回《{title}》。", W, "withdrawn", subject="申请撤稿", told="撤回"),
    "asked for when published": Exchange(
        "qq", "请撤回", {"withdraw_asked"}, "published", before="published", told="结果另行告知"
    ),
    "asked for when exported": Exchange(
        "foxmail", "请撤下该稿", {"withdraw_asked"}, "exported", before="exported", told="结果另行告知"
    ),
    "only quoted in NetEase's webmail": Exchange("netease", "收到，谢谢！", set()),
    "only quoted by angles": Exchange("angles", "好的", set()),
    "only quoted without a mark": Exchange("unmarked", "收到", set()),
    "only quoted in an earlier answer": Exchange(
        "bare", "已阅，无其他意见。\n\n-----原始邮件-----\n发件人: 甲镇\n主题: 回复\n\n请撤回", N, told=""
    ),
    "only quoted behind angles": Exchange("bare", "上次来信作废，请按原稿办理。\n\n> 请撤回", N, told=""),
    "negated": Exchange("qq", "请勿撤回，按原计划发布即可。", N, told=""),
    "asked about": Exchange("netease", "请问还能撤回吗？", N, told=""),
    "of another draft": Exchange("iphone", "请撤回昨天那篇，这篇照发。", N, told=""),
    "in part": Exchange("outlook", "请撤掉第二张照片。", N, told=""),
    "on a condition": Exchange("foxmail", "如与县里的重复，请撤回。", N, told=""),
    "on a condition in the letter's own words": Exchange("bare", "如需撤回，我们会另行来信。", N, told=""),
    "by what others asked of the unit": Exchange("netease", "县委办曾要求撤回，现已同意发布。", N, told=""),
    "void for what the attachment replaces": Exchange("qq", "原稿作废，以附件为准。", N, told=""),
    "to be published elsewhere": Exchange(
        "foxmail", "请不要发布到文件栏，应为公告公示。", {"column", "note"}, told="（公告公示）"
    ),
    "only quoted, months later, from another address": Exchange(
        "netease", "已阅，请按原稿发布。", N, sender=OTHER, later=timedelta(days=150), told=""
    ),
    "only quoted by a stranger": Exchange(
        "angles", "请问这是什么？", N, sender="z@elsewhere.example", told="尚未在本编辑部备案"
    ),
    "by a stranger": Exchange("bare", "请撤回", N, sender=STRANGER, told="尚未在本编辑部备案"),
    "by another unit": Exchange("qq", "请撤回", N, sender=YI, told=""),
    "a corrected document": Exchange(
        "netease", "更正稿见附件，请以此件为准。", {"revise"}, attached="same", told="第2版"
    ),
    "a corrected document without a word": Exchange("qq", "", {"revise"}, attached="same", told="第2版"),
    "a corrected document while under review": Exchange(
        "foxmail", "已修改", {"revise"}, before="in_review", attached="same", told="第2版"
    ),
    "a returned document sent again": Exchange(
        "outlook", "已按要求修改，请查收。", {"revise"}, before="returned", attached="same", told="第2版"
    ),
    "a returned document sent again from another address": Exchange(
        "iphone", "见附件", {"revise"}, before="returned", sender=OTHER, attached="same", told="第2版"
    ),
    "a corrected document by a stranger": Exchange(
        "bare", "更正稿，请以此件为准。", N, sender="y@elsewhere.example", attached="same", told=""
    ),
    "a correction of what is published": Exchange(
        "qq", "更正稿见附件，以此件为准。", {"superseded"}, "published", "published", attached="same", told="登记"
    ),
    "a correction that comes by itself": Exchange(
        "fresh", "更正稿，请以此件为准。", {"superseded"}, subject="更正：{title}", attached="same", told="登记"
    ),
    "another document in an old thread": Exchange(
        "netease", "现报送一篇，请查收。", set(), attached="other", told="登记"
    ),
    "an annex that was forgotten": Exchange("qq", "漏发了附件，现补上。", {"annex"}, attached="annex", told="已附入"),
    "a column proposed": Exchange("netease", "栏目应为公告公示。", {"column"}, told="（公告公示）"),
    "a column proposed in other words": Exchange("iphone", "请调整到“公告公示”栏目", {"column"}, told="公告公示"),
    "no change": Exchange("foxmail", "经核实，无变化。", {"no_change"}, told="无变化"),
    "not for the public": Exchange("outlook", "此件不公开。", {"not_public"}, told="不公开"),
    "an objection": Exchange("qq", "对认定为迟报有异议，我镇19日已报送。", {"objection"}, told="异议已登记"),
    "a new liaison": Exchange("netease", "我镇信息员变更为李四，电话13800001111。", set(), told="信息员变更已登记"),
    "a column and a withdrawal in one": Exchange(
        "bare", "栏目应为公告公示。另外请撤回该稿。", {"column", "withdraw"}, "withdrawn", told="撤回"
    ),
    "anything else": Exchange("english", "正文第三段的检查时间以电话通知的为准，届时另报。", N, told="由编辑办理"),
}  # fmt: skip


@dataclass
class Played:
    """What became of an exchange."""

    draft: Draft
    title: str
    acts: set[str]
    told: list[Row]
    others: list[Draft]
    """Drafts that the answer made."""
    revisions: list[Revision] = field(default_factory=list)


def title_of(place: int) -> str:
    words = (
        "防火",
        "防汛",
        "秸秆禁烧",
        "食品检查",
        "校车管理",
        "道路养护",
        "文物普查",
        "清洁取暖",
        "人口普查",
        "农机检修",
    )
    return f"甲镇人民政府关于做好{place + 1}号片区{words[place % 10]}{words[place // 10]}工作的通知"


def number_of(place: int) -> str:
    return f"甲政发〔2026〕{place + 101}号"


def files_of(exchange: Exchange, place: int) -> list[File]:
    if exchange.attached == "same":
        return [("通知（改）.docx", notice(title_of(place), number_of(place), NEW_TEXT))]
    if exchange.attached == "other":
        return [
            (
                "公告.docx",
                notice(
                    f"甲镇人民政府关于{place}号水厂停水检修的公告",
                    f"甲政发〔2026〕{place + 501}号",
                    "因检修需要，定于本周六停水一天。",
                ),
            )
        ]
    return [("附件1：分工表.xlsx", sheet(f"分工{place}"))] if exchange.attached == "annex" else []


@pytest.fixture(scope="module")
def office(
    dovecot: Dovecot, smtp_service: SmtpServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Correspondence]:
    smtp_service.reset()
    with opened(tmp_path_factory.mktemp("conversation"), dovecot.account(), smtp_service) as office:
        yield office


@pytest.fixture(scope="module")
def played(office: Correspondence) -> dict[str, Played]:
    """All exchanges at once, as they would come in on a busy day and months after it."""
    for place in range(len(EXCHANGES)):
        first = notice(title_of(place), number_of(place))
        nothing = Letter("", "", f"报送：{title_of(place)}", "")
        office.write(answer(STYLES["fresh"], "请查收。", nothing, JIA, files=[("通知.docx", first)]))
    office.work()
    drafts = {draft.title: draft.id for draft in _all(office, Draft)}
    ids = [drafts[title_of(place)] for place in range(len(EXCHANGES))]
    for draft, exchange in zip(ids, EXCHANGES.values(), strict=True):
        _move(office, draft, exchange.before)
    office.send()
    answered = _answer(office, ids)
    return {name: _ended(office, draft, row, place) for place, (name, draft, row) in enumerate(answered)}


def _all(office: Correspondence, table: type[Draft]) -> list[Draft]:
    with office.store.read() as session:
        return list(session.scalars(select(table)))


def _move(office: Correspondence, draft_id: int, state: str) -> None:
    with office.store.write() as session:
        draft = session.get_one(Draft, draft_id)
        draft.state, draft.review_step = state, "初审" if state == "in_review" else None
        if state == "returned":
            return_letter(session, draft, "成文日期有误，请改正。", office.settings, office.now)


def _answer(office: Correspondence, ids: list[int]) -> list[tuple[str, int, int]]:
    """Sends all answers; gives each one's name, draft and row."""
    rows: list[tuple[str, int, int]] = []
    arrived = office.letters()
    order = sorted(enumerate(EXCHANGES.items()), key=lambda one: one[1][1].later)
    for place, (name, exchange) in order:
        office.now = NOW + exchange.later
        office.write(_reply(office, arrived, exchange, ids[place], place))
        office.work()
        with office.store.read() as session:
            last = session.scalar(select(Message.id).order_by(Message.id.desc()).limit(1))
        assert last is not None
        rows.append((name, ids[place], last))
    names = list(EXCHANGES)
    return sorted(rows, key=lambda row: names.index(row[0]))


def _reply(office: Correspondence, arrived: dict[str, Letter], exchange: Exchange, draft_id: int, place: int) -> bytes:
    with office.store.read() as session:
        draft = session.get_one(Draft, draft_id)
        about = (Row.draft == draft_id) | (Row.message == draft.message_row)
        sent = session.scalar(select(Row.message_id).where(about).order_by(Row.id.desc()).limit(1))
    assert sent is not None
    names = {"number": draft.receipt, "title": draft.title}
    subject = exchange.subject.format(**names) if exchange.subject is not None else None
    words, files = exchange.words.format(**names), files_of(exchange, place)
    return answer(STYLES[exchange.client], words, arrived[sent], exchange.sender, subject, files)


def _ended(office: Correspondence, draft_id: int, row: int, place: int) -> Played:
    with office.store.read() as session:
        acts = session.scalars(select(Journal.action).where(Journal.draft == draft_id, Journal.message == row)).all()
        revisions = session.scalars(select(Revision).where(Revision.draft == draft_id).order_by(Revision.number))
        return Played(
            draft=session.get_one(Draft, draft_id),
            title=title_of(place),
            acts={act.removeprefix("reply.") for act in acts if act.startswith("reply.")},
            told=list(session.scalars(select(Row).where(Row.message == row))),
            others=list(session.scalars(select(Draft).where(Draft.message_row == row))),
            revisions=list(revisions),
        )


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_answer_ends_as_its_writer_meant(played: dict[str, Played], name: str) -> None:
    wanted, ended = EXCHANGES[name], played[name]
    assert (ended.draft.state, ended.acts) == (wanted.state, wanted.acts)
    assert len(ended.told) == (wanted.told is not None)
    for letter in ended.told:
        assert (wanted.told or "") in letter.text
        assert (letter.state, letter.to) == ("sent", wanted.sender)


@pytest.mark.parametrize("name", [name for name, one in EXCHANGES.items() if one.acts == {"revise"}])
def test_a_corrected_document_is_the_next_revision_marked_against_the_old(played: dict[str, Played], name: str) -> None:
    ended = played[name]
    assert ended.others == []
    assert [revision.number for revision in ended.revisions] == [1, 2]
    old, new = (revision.content["body_text"] for revision in ended.revisions)
    assert NEW_TEXT not in old
    assert NEW_TEXT in new
    assert NEW_TEXT in ended.draft.body_text
    assert (ended.draft.title, ended.draft.received_at) == (ended.title, NOW)


@pytest.mark.parametrize("name", [name for name, one in EXCHANGES.items() if one.acts == {"superseded"}])
def test_a_correction_of_its_own_names_what_it_corrects(played: dict[str, Played], name: str) -> None:
    ended = played[name]
    (new,) = ended.others
    assert (new.supersedes, new.duplicate_of, new.state) == (ended.draft.id, None, "pending")
    assert NEW_TEXT not in ended.draft.body_text


def test_a_new_document_in_an_old_thread_is_a_draft_of_its_own(played: dict[str, Played]) -> None:
    (new,) = played["another document in an old thread"].others
    assert (new.state, new.supersedes, "停水" in new.title) == ("pending", None, True)


def test_a_strangers_document_waits_for_a_person(played: dict[str, Played]) -> None:
    (new,) = played["a corrected document by a stranger"].others
    assert new.state == "quarantined"


def test_a_note_stands_on_the_draft_before_the_editor(played: dict[str, Played]) -> None:
    notes = [
        finding["message"] for finding in played["anything else"].draft.findings if finding["code"] == "reply.note"
    ]
    assert notes == ["单位来信说明：正文第三段的检查时间以电话通知的为准，届时另报。"]
    doubtful = [finding["message"] for finding in played["of another draft"].draft.findings]
    assert any("可能要求撤回" in message for message in doubtful)


def test_a_forgotten_annex_joins_its_draft(played: dict[str, Played], office: Correspondence) -> None:
    with office.store.read() as session:
        draft = session.get_one(Draft, played["an annex that was forgotten"].draft.id)
        assert [(one.name, one.role) for one in draft.attachments] == [
            ("通知.docx", "main"),
            ("附件1：分工表.xlsx", "annex"),
        ]


def test_a_new_liaison_is_proposed_to_the_editors(office: Correspondence, played: dict[str, Played]) -> None:
    with office.store.read() as session:
        (row,) = session.scalars(select(Journal).where(Journal.action == "reply.liaison"))
    assert (row.unit, row.after) == ("甲镇人民政府", {"name": "李四", "phone": "13800001111"})


def test_nothing_is_withdrawn_but_what_was_meant_to_be(office: Correspondence, played: dict[str, Played]) -> None:
    meant = {ended.draft.id for name, ended in played.items() if EXCHANGES[name].state == "withdrawn"}
    assert {draft.id for draft in _all(office, Draft) if draft.state == "withdrawn"} == meant
