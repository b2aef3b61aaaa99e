"""What the writer of an answer meant, from the words of the answer alone.

Pure. A wish is taken for certain only where it is plainly asked for; whatever is negated, asked, made conditional,
told of the past or of something else is left to a person: a missed withdrawal is seen by an editor, a wrong one is
seen by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from daemon.rules.withdrawals import QUESTION, withdrawal

Wish = Literal[
    "withdraw", "perhaps_withdraw", "column", "no_change", "not_public", "objection", "liaison", "correction",
    "supplement", "all",
]  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """One thing that an answer asks for or says."""

    wish: Wish
    words: str
    """The sentence as it was written."""
    value: str = ""
    """The column's name, or the new liaison's."""
    phone: str = ""


_LONGEST = 4000
"""Characters looked at: what is meant stands in the beginning of an answer."""
_SENTENCE = re.compile(r"[^。！!；;？?\n]+[。！!；;？?]?")
_ENDS = re.compile(r"[。！!；;？?\n]")
_CLAUSE = re.compile(r"[，,、：:\s]+")
_TITLE = re.compile(r"《[^《》]{0,300}》|“[^“”]{6,300}”|\"[^\"]{6,300}\"|「[^「」]{6,300}」")
"""A title or a citation: nobody's own words. Short quotation marks only stress ("请“撤回”本稿")."""
_RECEIPT = re.compile(r"(?<!\d)20\d\d-\d{6}(?!\d)")

_SIMPLIFIED = str.maketrans(
    "請發佈該暫緩銷報這個條開網還關錯誤須訊訂補變異議無應為爲欄員聯絡務謝煩勞處麼嗎並時後將據與對認閱見單鎮縣辦編輯領導審簽級"
    "內過來從會經實確電話號機張圖頁節別兩則刪棄廢動態類屬稱說讓問題幫給寫換門調轉證劃項訴遲",
    "请发布该暂缓销报这个条开网还关错误须讯订补变异议无应为为栏员联络务谢烦劳处么吗并时后将据与对认阅见单镇县办编辑领导审签级"
    "内过来从会经实确电话号机张图页节别两则删弃废动态类属称说让问题帮给写换门调转证划项诉迟",
)
"""Traditional forms of the characters that answers are understood by: some mail programs write Big5."""
_ALL = re.compile(
    r"全部|所有|都(?=请|撤|不|先|暂)|均(?=请|撤|不)|一并|[两二三四五六七八九十]篇都|以上(?:各|[两二三四五六七八九十]|稿件)"
)
_ORDINAL = re.compile(r"第\s*([一二三四五六七八九十\d]{1,2})\s*[篇份件条个则]")
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)}

_COLUMN_SAYS = r"(?:栏目?|分类|类别|[版板]块)(?:有误|错误|不对|[归选]?错了)?[，,、\s]*(?:应当|应该|应|请|需要?|要)?"
_COLUMN_IS = r"(?:改为|改成|改到|调整为|调整到|更正为|更改为|变更为|归入|归到|归|放在|放到|放|选|为|是|[：:])"
_MOVE = r"(?<!不要)(?<!不应)(?<!不宜)(?<![勿别])(?:发布?|刊登|放|归|调整?|移|改|登|转|列)(?:到|在|至|入|为|成)"

_NO_CHANGE = re.compile(
    r"^(?:经.{0,8}(?:核实|核对|核查|确认)|目前|现|暂|均|内容|信息|以上|上述|各项|有关|我[镇街局办]|本?单位|该|栏目)*"
    r"(?:没有|没|无|未发生|均无|暂无)(?:任何|新的)?(?:变化|变动|变更|更新|调整|需更新)"
)
_NOT_PUBLIC = re.compile(r"不(?:予|宜|能|得|应|便|可|可以|对外|属于)?公开|依申请公开|不属公开范围")
_OBJECTION = re.compile(r"异议|不认可|申诉|(?:不同意|不符合事实|与事实不符)")
_NO_OBJECTION = re.compile(r"(?:无|没有?|未提出?|并无)(?:任何|其他)?异议|如有异议")
_NAME = r"([一-龥·]{2,4}?)(?=同志|负责|老师|，|,|。|；|;|、|（|\(|电话|手机|联系|\s|\d|$)"
_LIAISON = re.compile(
    r"(?:信息员|联络员|通讯员|联系人|报送人)(?:现|已)?(?:由[一-龥]{2,4})?(?:现|已)?(?:变更|更换|调整|变动|更改|换|改)"
    rf"(?:为|成)\s*[:：]?\s*{_NAME}|新(?:任)?(?:信息员|联络员|通讯员)(?:为|是|[:：])\s*{_NAME}"
    rf"|(?:今后|以后)(?:信息报送工作)?由\s*{_NAME}(?:同志)?负责"
)
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_CORRECTION = re.compile(
    r"更正|勘误|以(?:此|本|附件|这|该|后)(?:件|版|稿|份|次|一份|一版)?(?:中?的?(?:稿件|版本|内容))?为准|替换|作废|重报|订正"
    r"|重新(?:报送|上报|发送|报|发|提交)|(?:修改|更正|完善|调整|改)(?:后|好|完|过|版|稿|如下)|已(?:按|经|作|做|予)?.{0,8}(?:修改|完善)"
    r"|更换(?:为|成|附件|文件)|更新(?:后|版)|(?:发|报|写|填)错|有误|修改稿|修订稿|补正"
)
_SUPPLEMENT = re.compile(
    r"补(?:发|充|报|上|交|传|齐)|漏(?:发|传|报|了|附)|忘(?:了|记)?(?:附|传|发)|附件(?:如下|见|请|已)"
)
_COURTESY = re.compile(
    r"(?:收到|已?收悉|好的?|谢谢|多谢|感谢|非常|辛苦|知悉|知道|已?阅|明白|了解|没问题|可以|OK|嗯|行|您?你?好?|您|你们?|各?位?|老师"
    r"|领导|编辑部?|同志|了|啦|哦|回复|来信|提醒|一定|按时|及时|按要求|尽快|我们会|办理|报送|的|！|!|。|，|,|～|~|\.|\s|1)*",
    re.I,
)


def meanings(text: str, columns: Sequence[str]) -> tuple[Meaning, ...]:
    """What an answer's own words mean, without quotes and signature, each wish once. `columns`: the names there are.

    Empty: nothing that a rule knows; a person reads it.
    """
    found: dict[Wish, Meaning] = {}
    for words in _sentences(text):
        for meaning in _of_sentence(words, columns):
            found.setdefault(meaning.wish, meaning)
    if "withdraw" in found:
        found.pop("perhaps_withdraw", None)
    return tuple(found.values())


def is_courtesy(text: str) -> bool:
    """Whether an answer only says that a letter was received: nothing to note, nothing to answer."""
    return len(text) < 60 and _COURTESY.fullmatch(text.strip().translate(_SIMPLIFIED)) is not None


def receipts(text: str | None) -> tuple[str, ...]:
    """The receipt numbers in a text, in order, each once."""
    return tuple(dict.fromkeys(_RECEIPT.findall((text or "")[:100_000])))


def ordinals(text: str) -> tuple[int, ...]:
    """Which of several drafts a text names ("第二篇"), counted from 1."""
    return tuple(dict.fromkeys(_number(found) for found in _ORDINAL.findall(text[:_LONGEST])))


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0) if ten else _DIGITS[word[0]]


def _sentences(text: str) -> Iterator[str]:
    whole = _TITLE.sub(lambda title: _ENDS.sub(" ", title[0]), text[:_LONGEST])
    return (found.strip() for found in _SENTENCE.findall(whole) if found.strip())


def _of_sentence(words: str, columns: Sequence[str]) -> Iterator[Meaning]:
    simplified = words.translate(_SIMPLIFIED)
    plain = _TITLE.sub("《》", simplified)
    bare = re.sub(r"[“”\"「」]", "", plain)
    if wish := withdrawal(plain):
        yield Meaning(wish, words)
        if _ALL.search(bare):
            yield Meaning("all", words)
    if column := _column(simplified, columns):
        yield Meaning("column", words, column)
    if liaison := _LIAISON.search(bare):
        phone = _PHONE.search(bare)
        yield Meaning("liaison", words, next(filter(None, liaison.groups())), phone[0] if phone else "")
    yield from _plain_wishes(bare, words)


def _plain_wishes(bare: str, words: str) -> Iterator[Meaning]:
    asked = bool(QUESTION.search(bare))
    if not asked and any(_NO_CHANGE.match(clause) for clause in _CLAUSE.split(bare)):
        yield Meaning("no_change", words)
    if not asked and _NOT_PUBLIC.search(bare):
        yield Meaning("not_public", words)
    if _OBJECTION.search(bare) and not _NO_OBJECTION.search(bare):
        yield Meaning("objection", words)
    if not asked and _CORRECTION.search(bare):
        yield Meaning("correction", words)
    if not asked and _SUPPLEMENT.search(bare):
        yield Meaning("supplement", words)


def _column(sentence: str, columns: Sequence[str]) -> str:
    """The column that a sentence asks for; empty: none that there is."""
    if not columns or QUESTION.search(sentence):
        return ""
    names = "|".join(re.escape(name) for name in sorted(columns, key=len, reverse=True))
    marks = r"[“\"「【《]?\s*"
    says = re.search(rf"{_COLUMN_SAYS}{_COLUMN_IS}\s*{marks}({names})", sentence)
    moves = re.search(rf"{_MOVE}\s*{marks}({names})[”\"」】》]?\s*(?:栏目?|专栏)", sentence)
    found = says or moves
    return found[1] if found else ""
