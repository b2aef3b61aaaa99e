"""The head of an official document: marks, letterhead, number, title, 主送机关 (GB/T 9704-2012, 7.2 to 7.3.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from parsers import markings
from parsers.dates import FoundDate, find_dates, fold, whole_date
from parsers.document_numbers import leading_number, signer_of, whole_number
from parsers.lines import Line, closed_up
from parsers.office import Office
from parsers.official_title import ASKED, BYLINE, HEADING, can_begin, of_one_size, title_span
from parsers.organs import is_organ, organs
from parsers.titles import joined, type_word

_HEAD_LINES = 40
_MASTHEAD_LINES = 3
_LONGEST_ROW = 80
_RULE = re.compile(r"^[\s\-_=─━*·.★☆~]{3,}$")
_COPY_NUMBER = re.compile(r"^(?:№|No\.?)?\s*\d{6}$")
_PAGE = re.compile(r"^(?:[-—－–·]+\s*\d{1,4}\s*[-—－–·]+|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)$")
_ANNEX_MARK = re.compile(r"^附\s*(?:件|表)\s*[0-9一二三四五六七八九十]{0,3}\s*:?$")
_LABELS_WORDS = (
    "索引号 主题分类 发布机构 发文机关 制发机关 公开主体 发文单位 成文日期 成文时间 发文日期 "
    "发文时间 签发日期 生成日期 发文字号 文号 标题 名称 公开方式 公开属性 信息名称 主题词 有效性 "
    "效力状态 统一编号 关键词"
)
_LABELS = tuple(_LABELS_WORDS.split())
_LABEL = re.compile(rf"^(?P<label>{'|'.join(_LABELS)})\s*:?\s*(?P<value>.*)$", re.DOTALL)
_CELLS = re.compile(rf"[\t\n]|\s{{3,}}|\s(?=(?:{'|'.join(_LABELS)})[\s:])")
_REMARKS = (
    r"(?:办理|答复)(?:结果|类别|情况|类型|分类)|类别(?:标[记识志])?|分类(?:标[记识志])?|公开(?:属性|选项|方式|形式|类别|范围)"
    r"|是否(?:同意|可以)?(?:全文)?公开|同意公开|(?:建议|提案|议案)?编号|(?:建议|提案)号|案由|(?:主|承|会|协|联|分)办(?:单位)?|办理单位"
    r"|签发人?|会签|核稿|拟稿(?:人|单位)?|经办人|联系人|(?:联系)?电话|密级|缓急|紧急程度|份数|印数|页数|保[密管]期限"
    r"|领衔代表|提案人|提出人|代表姓名|界别|档号|组织机构代码"
)
_REMARK = re.compile(rf"(?:{_REMARKS})\s*:")
"""What a form prints above the title beside its labels: 办理结果：A, 公开属性：主动公开, 联系人：…."""
_BESIDE = re.compile(
    rf"(?:\s*(?!签发人)(?:{_REMARKS})\s*:\s*[^\s:]{{1,12}}|\s+[(\[〔【]?[A-D][1-4]?\s*类?[)\]〕】]?)+\s*$"
)
"""The same to the right of number and signer."""
_CLASS = re.compile(r"^[(\[〔【]?\s*[A-D][1-4]?\s*类?\s*[)\]〕】]?$")
"""The class of an answer to a proposal, alone on its line."""
_TITLE_LABEL = re.compile(r"^(?:标\s*题|题\s*目)\s*[:：]\s*")
_ADDRESSED = re.compile(r"[各你您贵县市区省镇乡村局委办厅部校院所站队司社企厂民友户组志]")
_NOT_ADDRESSED = re.compile(
    r"(?:如下[一-龥]{0,8}|决定|规定|通知|公告|通告|公示|报告|意见|要求|认为|指出|表示|强调|时间|地点|电话|名单|附件|地址|方式)\s*:$"
    r"|^(?:主办|承办|协办|责任|牵头|建设|施工|采购|联系|咨询|报名|申报|委托|代理|发布)?(?:单位|部门|机构):$"
    r"|^(?:为了?|根据|按照|依照|鉴于)[^,:]{6,},"
)
_BEFORE_SIGN = re.compile(r"(?:令|公告|通告|纪要|公报)$")
_SERIES = re.compile(r"(?:纪要|简报|专报|快报|通讯|内参)$")
"""What is numbered by issues: the line names the series, the title stands below."""
_SERIES_ALONE = re.compile(
    r"^(?P<organ>.*?)(?:会议|专题|工作|情况|政务|督[查办]|办公|常务|内部|每日|每周|信息|调研|问题|党[组委]|局长|县长|镇长|办公会议?){0,3}"
    r"(?:纪要|简报|通报|专报|快报|通讯|内参|要情|专刊)$"
)
"""会议纪要 or 工作简报, with or without an organ's name: the name of a series, not of this text."""
_MATTER = re.compile(r"^[一-龥]{2,6}\s*:")
"""时间：, 地点：: the text of minutes begins."""
_ISSUE = re.compile(
    r"^[(\[〔【]?\s*(?:(?:19|20)\d\d\s*年?)?\s*[)\]〕】]?\s*[(\[]?\s*(?:总?第)?\s*(?:\d{1,4}|[一二三四五六七八九十百〇零]{1,6})"
    r"\s*[期号]\s*(?:[(\[]\s*总第?\s*\d{1,5}\s*期\s*[)\]])?\s*[)\]]?$"
)


@dataclass(frozen=True)
class Head:
    """What the head says. Indices are of the list of lines."""

    title: str | None = None
    title_lines: tuple[int, ...] = ()
    number: str | None = None
    letterhead: tuple[str, ...] = ()
    masthead_title: str | None = None
    """The masthead of an order or announcement (某某县人民政府令): the title where there is no other."""
    secrecy: str | None = None
    urgency: str | None = None
    signer: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    under_title: FoundDate | None = None
    """A date alone on a line between title and text."""
    addressee: str | None = None
    addressee_line: int | None = None
    text_from: int = 0
    """The first line of the text, after the title."""
    cut: tuple[int, ...] = ()
    sources: tuple[tuple[str, str], ...] = field(default=())
    """Element name → the words it was read from."""
    places: tuple[tuple[str, int, int], ...] = ()
    """Element name, or label → first and last of the lines that it was read from."""

    def label(self, *names: str) -> str | None:
        """The value of the first of these labels in a table or list above the title."""
        return next((value for label, value in self.labels if label in names and value), None)


def read_head(lines: list[Line], office: Office) -> Head:
    """Goes down the lines until the text begins."""
    head, index = Head(), 0
    while index < min(len(lines), _HEAD_LINES):
        taken = _before_title(head, lines, index, office)
        if taken is None:
            break
        last = max((index, *taken.cut))
        head, index = _placed(taken, head, index, last), last + 1
    head = _with_title(head, lines, index, office)
    return _with_addressee(_below_title(head, lines), lines)


def _placed(head: Head, before: Head, first: int, last: int) -> Head:
    """With the lines of what was read since."""
    new = (*head.sources[len(before.sources) :], *head.labels[len(before.labels) :])
    return replace(head, places=(*head.places, *((name, first, last) for name, _ in new)))


def _before_title(head: Head, lines: list[Line], index: int, office: Office) -> Head | None:
    """The head with this line read as one of the lines above the title; None where it is none of them."""
    text = lines[index].text
    plain = closed_up(fold(text))
    cut = replace(head, cut=(*head.cut, index))
    labelled = _labels(text)
    if lines[index].picture:
        return head
    if labelled:
        return replace(cut, labels=(*cut.labels, *labelled))
    if lines[index].table:
        return _table_head(cut, text, office)
    marked = _mark(cut, plain) or _numbered(cut, text) or _edition(cut, lines, index, office)
    return marked or _masthead(cut, lines, index, office)


def _table_head(head: Head, text: str, office: Office) -> Head | None:
    """A letterhead or a line of number and signer that was set by a table."""
    cells = [cell.strip() for cell in re.split(r"[\t\n]", text) if cell.strip()]
    named = tuple(name for cell in cells if cell != "文件" for name in organs(cell.removesuffix("文件"), office))
    for cell in cells:
        numbered = _numbered(head, cell)
        if not (numbered or cell == "文件" or organs(cell.removesuffix("文件"), office)):
            return None
        head = numbered or head
    if not (head.number or head.signer or any(cell.endswith("文件") for cell in cells)):
        return None
    return replace(head, letterhead=(*head.letterhead, *named), sources=(*head.sources, ("letterhead", text)))


def _edition(head: Head, lines: list[Line], index: int, office: Office) -> Head | None:
    """Below the masthead of minutes or a briefing: its issue (第12期), or who edits it and the date."""
    text = fold(lines[index].text)
    if not re.search(r"(?:纪要|通报|公报|[简专快]报|通讯|内参|要情|专刊)$", head.masthead_title or ""):
        return None
    if _ISSUE.match(text):
        return head
    days = find_dates(text)
    editor = re.sub(r"(?:主办|编印|编发|编)$", "", text[: days[0].start if days else None].strip())
    if len(days) == 1 and days[0].end == len(text) and (not editor or organs(editor, office)):
        return replace(head, under_title=days[0])
    below = fold(lines[index + 1].text) if index + 1 < len(lines) else ""
    return (
        head if not days and organs(editor, office) and not re.match(r"关于|印发|转发|第.{1,4}[次届]", below) else None
    )


def _mark(head: Head, plain: str) -> Head | None:
    secret, urgent = markings.secrecy(plain), markings.urgency(plain)
    if secret or urgent:
        sources = (*head.sources, ("secrecy" if secret else "urgency", plain))
        return replace(head, secrecy=head.secrecy or secret, urgency=head.urgency or urgent, sources=sources)
    left_over = len(plain) == 1 or any(one.match(plain) for one in (_RULE, _COPY_NUMBER, _PAGE, _ANNEX_MARK, _CLASS))
    return head if left_over or _is_remark(plain) else None


def _is_remark(plain: str) -> bool:
    """The line holds nothing but such remarks, each with a short value or none."""
    found = list(_REMARK.finditer(plain)) if len(plain) <= _LONGEST_ROW else []
    starts = [*(one.start() for one in found), len(plain)]
    values = [plain[one.end() : until] for one, until in zip(found, starts[1:], strict=True)]
    return bool(found) and starts[0] == 0 and all(len(one) <= 24 and not re.search("[:。]", one) for one in values)


def _numbered(head: Head, text: str) -> Head | None:
    """A line of number or signer, or both, and what a form prints beside them."""
    beside = _BESIDE.search(fold(text)) if len(text) <= _LONGEST_ROW else None
    plain = fold(text)[: beside.start()].strip() if beside else text
    number = whole_number(plain)
    if number:
        sources = (*head.sources, ("document_number", text))
        return replace(head, number=head.number or number.number, signer=head.signer or number.signer, sources=sources)
    signer = signer_of(plain) if re.match(r"\s*签\s*发\s*人", plain) else None
    return replace(head, signer=signer, sources=(*head.sources, ("signer", text))) if signer else None


def _masthead(head: Head, lines: list[Line], index: int, office: Office) -> Head | None:
    """A letterhead, on one line or broken over several."""
    for last in range(index, min(index + _MASTHEAD_LINES, len(lines))):
        if last > index and not _one_masthead(lines[index], lines[last]):
            return None
        found = _masthead_to(head, lines, index, last, office)
        if found:
            return replace(found, cut=(*found.cut, *range(index + 1, last + 1)))
    return None


def _one_masthead(first: Line, line: Line) -> bool:
    """Type of one size, where the file says it; nothing that has a meaning of its own."""
    return of_one_size(first, line) and can_begin(line) and not whole_number(line.text) and len(line.text) <= 40


def _masthead_to(head: Head, lines: list[Line], index: int, last: int, office: Office) -> Head | None:
    """某某局文件, or an organ's name with the number below it; or the masthead of an order."""
    text = joined([line.text for line in lines[index : last + 1]])
    plain = closed_up(fold(text))
    if len(plain) > 50 or "关于" in plain:
        return None
    if _BEFORE_SIGN.search(plain) and _number_follows(lines, last, office, ordered=True):
        return replace(head, masthead_title=plain, letterhead=(_BEFORE_SIGN.sub("", plain),))
    if _SERIES.search(plain) and _ISSUE.match(fold(lines[last + 1].text) if last + 1 < len(lines) else ""):
        return replace(head, masthead_title=plain)
    if _names_series(plain, office) and _title_below(lines, last, office):
        return replace(head, masthead_title=plain)
    named = _letterhead_organs(plain, text, office)
    if named is None or not (plain.endswith("文件") or _number_follows(lines, last, office)):
        return None
    return replace(head, letterhead=(*head.letterhead, *named), sources=(*head.sources, ("letterhead", text)))


def _names_series(plain: str, office: Office) -> bool:
    alone = _SERIES_ALONE.match(plain)
    return alone is not None and (not alone["organ"] or is_organ(alone["organ"], office))


def _title_below(lines: list[Line], masthead: int, office: Office) -> bool:
    """Below the name of a series, and of its number, issue, editor and date, stands the title of this text."""
    at, head = masthead + 1, Head(masthead_title="简报")
    while at < min(len(lines), masthead + 5) and _belongs_to_masthead(head, lines, at, office):
        at += 1
    span = title_span(lines, at, office)
    title = fold(joined([lines[one].text for one in span]))
    passed = at > masthead + 1
    return bool(span) and not _MATTER.match(title) and (type_word(title) is not None or (passed and len(title) >= 8))


def _belongs_to_masthead(head: Head, lines: list[Line], at: int, office: Office) -> bool:
    text = lines[at].text
    return bool(_edition(head, lines, at, office) or _numbered(head, text) or _mark(head, closed_up(fold(text))))


def _letterhead_organs(plain: str, text: str, office: Office) -> tuple[str, ...] | None:
    if plain == "文件":
        return ()
    body = plain.removesuffix("文件")
    several = organs(text.replace("文件", ""), office)
    if several:
        return several
    return (body,) if is_organ(body, office) or plain.endswith("文件") else None


def _number_follows(lines: list[Line], index: int, office: Office, ordered: bool = False) -> bool:
    """Below, before anything that could be a title, stands a number: of an order (第9号) or of any document."""
    for line in lines[index + 1 : index + 7]:
        number = whole_number(line.text)
        if number:
            return not ordered or (number.number.endswith("号") and "第" in number.number)
        issuer = closed_up(line.text).removesuffix("文件").strip()
        if issuer and not (organs(issuer, office) or _mark(Head(), fold(line.text))):
            return False
    return False


def _labels(text: str) -> tuple[tuple[str, str], ...]:
    """Labels and values of the table that portals and offices set above a document (索引号, 成文日期 …)."""
    cells = [cell.strip() for cell in _CELLS.split(fold(text)) if cell.strip()]
    found: list[tuple[str, str]] = []
    for at, cell in enumerate(cells):
        match = _LABEL.match(cell)
        if match and (match["value"] or "\t" in text):
            following = cells[at + 1] if at + 1 < len(cells) else ""
            found.append((match["label"], match["value"] or ("" if _LABEL.match(following) else following)))
    enough = len(found) >= 2 or (found and re.match(rf"^(?:{'|'.join(_LABELS)})\s*:", fold(text).strip()))
    return tuple(found) if enough and found[0][0] not in {"标题", "名称", "主题词"} else ()


def _with_title(head: Head, lines: list[Line], index: int, office: Office) -> Head:
    begins = index < len(lines) and not (head.masthead_title and _MATTER.match(fold(lines[index].text)))
    span = title_span(lines, index, office) if begins else ()
    texts = [_TITLE_LABEL.sub("", lines[at].text) for at in span]
    title = joined(texts) or None
    own = leading_number(title) if title else None
    if own and own[1]:
        head, title = replace(head, number=head.number or own[0]), _cut_number(title or "", own[1])
    until = span[-1] + 1 if span else index
    return replace(head, title=title, title_lines=span, text_from=until, cut=(*head.cut, *span))


def _cut_number(title: str, rest: str) -> str:
    """The title without its number, in the signs that it was typed in."""
    start = fold(title).find(rest)
    return title[start : start + len(rest)] if start >= 0 and len(fold(title)) == len(title) else rest


def _below_title(head: Head, lines: list[Line]) -> Head:
    """Number and date that stand between title and text, as orders, announcements and minutes have them."""
    at = head.text_from
    while head.title_lines and at < min(len(lines), head.text_from + 3):
        number, day = whole_number(lines[at].text), whole_date(lines[at].text)
        if number:
            numbered = replace(head, sources=(*head.sources, ("document_number", lines[at].text)))
            head = _placed(replace(numbered, number=head.number or number.number, cut=(*head.cut, at)), head, at, at)
        elif day:
            head = replace(head, under_title=day)
        elif not re.match(r"^[(\[【]", fold(lines[at].text)) and not BYLINE.match(fold(lines[at].text)):
            break
        at += 1
    return replace(head, text_from=at)


def _with_addressee(head: Head, lines: list[Line]) -> Head:
    """主送机关: the first line below the title that ends in a colon, or two of them where the list is long."""
    for length in (1, 2, 3):
        texts = [line.text for line in lines[head.text_from : head.text_from + length]]
        whole = "".join(texts)
        if len(texts) == length and is_addressee(whole):
            return replace(head, addressee=closed_up(whole), addressee_line=head.text_from)
        if not fold(whole).endswith((",", "、")):
            break
    return head


def is_addressee(text: str) -> bool:
    """各镇人民政府，县直各部门： – and no sentence that ends in a colon, nor a label."""
    plain = fold(text).strip()
    if not plain.endswith(":") or not 3 <= len(plain) <= 300 or re.search(r"[。;?!]", plain) or find_dates(plain):
        return False
    return not (HEADING.match(plain) or _NOT_ADDRESSED.search(plain) or ASKED.match(plain)) and bool(
        _ADDRESSED.search(plain)
    )
