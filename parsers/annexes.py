"""Which files are annexes, and why: by the document's own list, by name, by what passes on what, by being a form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parsers.likeness import folded, similar_names
from parsers.notes import letter_share
from parsers.papers import CONTAINERS, SHEETS, Paper, Text

_COMPANIONS = SHEETS | CONTAINERS
"""What goes with a document where there is one, and is the document only where nothing else is."""
_ANNEX_NAME = re.compile(r"(?<![含及带和])附(件|表|图|录)|^\W*\d*\W*附\s*[\d一二三四五六七八九十]*\s*[:：.、]")
_ANNEX_START = re.compile(
    r"^\s*附\s*([件表图录]\s*[\d一二三四五六七八九十]{0,3}|[\d一二三四五六七八九十]{1,3})\s*(?:[:：\s]|$)"
)
_ANNEX_PREFIX = re.compile(r"^\W*\d*\W*附[件表图录]?\s*[(（]?[\d一二三四五六七八九十]{0,3}[)）]?[\s:：.、_-]*")
_FORM_END = re.compile(
    r"(表|名单|清单|台账|模板|样式|格式|目录|回执|承诺书|申请书|花名册|名册|一览|统计)\W*(\d{4})?\W*$"
)
_EXPLAINS = re.compile(r"(起草|编制|修订|制定|填报|填表)(的)?(情况)?(说明|须知)\W*$")
_SLIP = re.compile(
    r"(?:发布|公开|上网|报送|刊发|发稿|稿件|保密|三审三?校?)[一-龥]{0,6}(?:审批|审核|审查|审签|审稿|校对|签发|登记|呈批|报审)[一-龥]{0,2}(?:表|单|笺)\W*$"
)
"""What a unit fills in before it sends something for publishing: 信息发布审批表, 保密审查表, 稿件审签单."""
_ABOUT = re.compile(r"解读|问答|答记者问|图解|一图读懂")
_PASSES_ON = re.compile(r"印发|转发|批转|公布|发布|下达|修订|修改|征求|征集")
_QUOTED = re.compile(r"《([^《》]{4,80})》")


def parted(papers: Sequence[Paper], texts: Sequence[Text]) -> tuple[list[Paper], list[tuple[Paper, str]]]:
    """The documents, and the annexes with the reason for each. `texts`: the pieces that stand in the mail itself."""
    marked = [(paper, _annex_reason(paper, papers, texts)) for paper in papers]
    mains = [paper for paper, why in marked if not why and _is_document(paper)]
    if not mains and not texts:
        mains = _promoted([paper for paper, _ in marked])
    annexes = [(paper, why or "表格或压缩包，随文件报送") for paper, why in marked if paper not in mains]
    return mains, annexes


def _promoted(papers: Sequence[Paper]) -> list[Paper]:
    """Where everything looks like an annex, what of it is the document: the dated ones, prose, plain names."""
    opened = [paper for paper in papers if paper.file.kind not in CONTAINERS] or papers
    for test, all_of_them in _PROMOTIONS:
        found = [paper for paper in opened if test(paper)]
        if found:
            return found if all_of_them else found[:1]
    return list(opened[:1])


def _is_dated(paper: Paper) -> bool:
    return paper.dated and _is_document(paper)


def _is_plain_paper(paper: Paper) -> bool:
    return _is_document(paper) and _is_plain(paper)


def _is_plain(paper: Paper) -> bool:
    return not _ANNEX_NAME.search(paper.file.stem)


def _is_document(paper: Paper) -> bool:
    return paper.file.kind not in _COMPANIONS


def _is_prose(paper: Paper) -> bool:
    """Sentences rather than a form, under whatever name it was sent."""
    return _is_document(paper) and not _is_form(paper) and len(folded(paper.file.content.text[:1000])) >= 60


_PROMOTIONS: tuple[tuple[Callable[[Paper], bool], bool], ...] = (
    (_is_dated, True),
    (_is_plain_paper, False),
    (_is_prose, True),
    (_is_plain, True),
    (_is_document, False),
)
"""What makes a document of an annex, and whether all such files are documents or only the first."""


def _annex_reason(paper: Paper, papers: Sequence[Paper], texts: Sequence[Text]) -> str | None:
    """Why it is an annex, in Chinese; None: it stands for itself."""
    others = [other for other in papers if other is not paper and _is_document(other)]
    listing = next((other for other in others if lists(other, paper)), None)
    if listing:
        return f"“{listing.file.name}”的附件说明列有此件"
    if any(lists(text, paper) for text in texts):
        return "邮件正文的附件说明列有此件"
    wrapper = next((other for other in others if passes_on(other, paper)), None)
    if wrapper:
        return f"“{wrapper.file.name}”印发或转发此件"
    if _is_slip(paper) and (texts or not all(map(_is_slip, others))):
        return "是报送单位内部的审批单"
    return None if paper.dated else _undated_reason(paper, others, any(text.dated for text in texts))


def _undated_reason(paper: Paper, others: Sequence[Paper], beside_document: bool) -> str | None:
    if _ANNEX_NAME.search(paper.file.stem):
        return "文件名注明是附件"
    if _ANNEX_START.match(paper.file.content.text[:20]):
        return "正文开头注明是附件"
    referring = next((other for other in others if refers_to(other, paper)), None)
    if referring:
        return f"“{referring.file.name}”的正文提到此件"
    if others and paper.file.kind in {"txt", "html"} and letter_share(paper.file.content.text) >= 0.4:
        return "是随附的说明"
    standing = beside_document or any(other.dated or _mentions_annex(other) for other in others)
    if standing and (_EXPLAINS.search(paper.title) or _EXPLAINS.search(paper.file.stem)):
        return "是文件的说明材料"
    standing = standing or any(not _is_form(other) and _of_one_matter(other, paper) for other in others)
    return "是表格或名单，随文件报送" if standing and _is_form(paper) else None


def _is_slip(paper: Paper) -> bool:
    return bool(_SLIP.search(paper.file.stem) or _SLIP.search(paper.elements.title or ""))


def _of_one_matter(paper: Paper, form: Paper) -> bool:
    return similar_names(paper.title, form.title) >= 0.6


def _is_form(paper: Paper) -> bool:
    """A form or list by its name, or mostly a table."""
    if _FORM_END.search(paper.file.stem) or _FORM_END.search(paper.elements.title or ""):
        return True
    blocks = paper.file.content.blocks
    in_tables = sum(len(block.text.strip()) for block in blocks if block.kind == "table")
    return in_tables > 0.6 * max(1, sum(len(block.text.strip()) for block in blocks))


def _mentions_annex(paper: Paper) -> bool:
    return bool(paper.elements.annexes) or "附件" in paper.file.content.text


def lists(paper: Paper | Text, annex: Paper) -> bool:
    """The 附件说明 of the one names the other."""
    if annex.elements.document_number and annex.elements.document_number == paper.elements.document_number:
        return False
    return any(_same_name(listed, annex) for listed in paper.elements.annexes)


def _same_name(listed: str, annex: Paper) -> bool:
    names = {bare(annex.file.stem), annex.elements.title or ""}
    return any(name and similar_names(bare(listed), name) >= 0.75 for name in names)


def passes_on(paper: Paper, inner: Paper) -> bool:
    """The one's title passes the other on by name (印发, 转发); an interpretation only speaks about it."""
    if _ABOUT.search(paper.title) or _ABOUT.search(inner.title):
        return False
    named = _QUOTED.findall(paper.title) if _PASSES_ON.search(paper.title) else []
    wrapped = [paper.elements.wrapped_title] if paper.elements.wrapped_title else []
    own = (inner.title, bare(inner.file.stem))
    return any(similar_names(name, mine) >= 0.85 for name in (*named, *wrapped) for mine in own)


def refers_to(paper: Paper, inner: Paper) -> bool:
    """The text of a document names the other in 《》."""
    if _ABOUT.search(paper.title) or _ABOUT.search(inner.title) or not paper.dated:
        return False
    title = folded(bare(inner.title))
    return len(title) >= 6 and f"《{title}》" in _quoted_names(paper)


def _quoted_names(paper: Paper) -> str:
    return "".join(f"《{folded(name)}》" for name in _QUOTED.findall(paper.file.content.text[:20_000]))


def bare(name: str) -> str:
    """A name without "附件1：" before it."""
    return _ANNEX_PREFIX.sub("", name) or name
