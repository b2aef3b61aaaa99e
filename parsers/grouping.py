"""Which parts of a mail together are one draft: texts, documents, their annexes, copies and pictures; each with why.

The order of the questions: which files are annexes, which are the same document twice, which text of the mail is one
of its documents or stands alone, and to which of the drafts each annex and picture belongs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from parsers.attachments.detect import extension
from parsers.content import Block
from parsers.elements import Elements
from parsers.gather import File
from parsers.likeness import alike, folded, shared, shingles, similar_names
from parsers.notes import letter_share
from parsers.submission import Role

SHEETS = frozenset({"xlsx", "xls", "et", "csv"})
CONTAINERS = frozenset({"archive", "eml", "msg"})
_COMPANIONS = SHEETS | CONTAINERS
"""What goes with a document where there is one, and is the document only where nothing else is."""
_PAPERS = ("docx", "doc", "wps", "odt", "rtf", "ofd", "pdf", "html", "txt", "pptx", "ppt")
"""Kinds that can be a document, the one to edit from first."""
_PAPER_NAMES = frozenset({*_PAPERS, "docm", "dotx", "wpt", "htm"})
_ANNEX_NAME = re.compile(r"(?<![含及带和])附(件|表|图|录)|^\W*\d*\W*附\s*[\d一二三四五六七八九十]*\s*[:：.、]")
_ANNEX_START = re.compile(
    r"^\s*附\s*([件表图录]\s*[\d一二三四五六七八九十]{0,3}|[\d一二三四五六七八九十]{1,3})\s*(?:[:：\s]|$)"
)
_ANNEX_PREFIX = re.compile(r"^\W*\d*\W*附[件表图录]?\s*[(（]?[\d一二三四五六七八九十]{0,3}[)）]?[\s:：.、_-]*")
_FORM_END = re.compile(
    r"(表|名单|清单|台账|模板|样式|格式|目录|回执|承诺书|申请书|花名册|名册|一览|统计)\W*(\d{4})?\W*$"
)
_ABOUT = re.compile(r"解读|问答|答记者问|图解|一图读懂")
_PASSES_ON = re.compile(r"印发|转发|公布|发布|下达|修订|修改")
_QUOTED = re.compile(r"《([^《》]{4,80})》")
_LEADING_NUMBER = re.compile(r"^\W{0,2}(\d{1,2})(?!\d)")
_SAME_TEXT = 0.8
_SAME_SCAN = 0.5
_BODY_IN_PAPER = 0.6


@dataclass(frozen=True)
class Paper:
    """A file that can be a document, with what was recognised in it."""

    file: File
    elements: Elements

    @property
    def title(self) -> str:
        return self.elements.title or self.file.stem

    @property
    def dated(self) -> bool:
        """Something only a document of its own bears: a number, or an issuer with a date."""
        return bool(self.elements.document_number or (self.elements.issued_on and self.elements.issuer))


@dataclass(frozen=True)
class Text:
    """A text that stands in a mail itself (or in one inside it) and is worth publishing."""

    blocks: tuple[Block, ...]
    elements: Elements
    subject: str | None

    @cached_property
    def shingles(self) -> frozenset[str]:
        return shingles("\n".join(block.text for block in self.blocks))


@dataclass(frozen=True)
class Group:
    """One draft in the making: its main file, or its text in the mail, or both; and what goes with it."""

    main: Paper | None
    text: Text | None
    files: tuple[tuple[File, Role], ...] = ()
    reasons: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        named = self.main.title if self.main else self.text.elements.title if self.text else None
        return named or ""

    @property
    def listed(self) -> tuple[tuple[File, Role], ...]:
        """The main file first, then the others in the order of the mail."""
        return ((self.main.file, "main"), *self.files) if self.main else self.files

    def adding(self, file: File, role: Role, reason: str) -> Group:
        return replace(self, files=(*self.files, (file, role)), reasons=(*self.reasons, reason))


def is_paper(file: File) -> bool:
    """Whether a file can be a document: by what it is, or by its name where it does not open."""
    if file.kind == "image":
        return file.content.status == "scanned" and len(folded(file.content.text)) >= 80
    locked = file.content.status in {"encrypted", "damaged", "refused"}
    named = extension(file.name) in _PAPER_NAMES
    return file.kind in _PAPERS or (locked and (named or file.kind in CONTAINERS)) or (file.kind == "other" and named)


def group(papers: Sequence[Paper], texts: Sequence[Text], files: Sequence[File]) -> tuple[Group, ...]:
    """The drafts of a mail. `papers`: of all files that can be a document, sheets too; `files`: the remaining ones."""
    mains, annexes = _parted(papers, bool(texts))
    groups = [_with_copies(cluster) for cluster in _clusters(mains)]
    groups = _with_texts(groups, texts)
    for paper, why in annexes:
        groups = _placed(groups, paper.file, "annex", why, paper)
    for file in files:
        role: Role = "picture" if file.kind == "image" else "annex"
        groups = _placed(groups, file, role, "图片" if role == "picture" else "随附文件")
    return tuple(groups)


def _parted(papers: Sequence[Paper], has_text: bool) -> tuple[list[Paper], list[tuple[Paper, str]]]:
    """The documents, and the annexes with the reason for each."""
    marked = [(paper, _annex_reason(paper, papers)) for paper in papers]
    mains = [paper for paper, why in marked if not why and _is_document(paper)]
    if not mains and not has_text:
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
    return _is_document(paper) and not _is_form(paper) and len(folded(paper.file.content.text)) >= 100


_PROMOTIONS: tuple[tuple[Callable[[Paper], bool], bool], ...] = (
    (_is_dated, True),
    (_is_plain_paper, False),
    (_is_prose, True),
    (_is_plain, True),
    (_is_document, False),
)
"""What makes a document of an annex, and whether all such files are documents or only the first."""


def _annex_reason(paper: Paper, papers: Sequence[Paper]) -> str | None:
    """Why it is an annex, in Chinese; None: it stands for itself."""
    others = [other for other in papers if other is not paper and _is_document(other)]
    listing = next((other for other in others if _lists(other, paper)), None)
    if listing:
        return f"“{listing.file.name}”的附件说明列有此件"
    wrapper = next((other for other in others if _passes_on(other, paper)), None)
    if wrapper:
        return f"“{wrapper.file.name}”印发或转发此件"
    return None if paper.dated else _undated_reason(paper, others)


def _undated_reason(paper: Paper, others: Sequence[Paper]) -> str | None:
    if _ANNEX_NAME.search(paper.file.stem):
        return "文件名注明是附件"
    if _ANNEX_START.match(paper.file.content.text[:20]):
        return "正文开头注明是附件"
    referring = next((other for other in others if _refers_to(other, paper)), None)
    if referring:
        return f"“{referring.file.name}”的正文提到此件"
    if others and paper.file.kind in {"txt", "html"} and letter_share(paper.file.content.text) >= 0.4:
        return "是随附的说明"
    standing = any(other.dated or _mentions_annex(other) for other in others)
    return "是表格或名单，随文件报送" if standing and _is_form(paper) else None


def _is_form(paper: Paper) -> bool:
    """A form or list by its name, or mostly a table."""
    if _FORM_END.search(paper.file.stem) or _FORM_END.search(paper.elements.title or ""):
        return True
    blocks = paper.file.content.blocks
    in_tables = sum(len(folded(block.text)) for block in blocks if block.kind == "table")
    return in_tables > 0.6 * max(1, sum(len(folded(block.text)) for block in blocks))


def _mentions_annex(paper: Paper) -> bool:
    return bool(paper.elements.annexes) or "附件" in paper.file.content.text


def _lists(paper: Paper, annex: Paper) -> bool:
    """The 附件说明 of the one names the other."""
    if annex.elements.document_number and annex.elements.document_number == paper.elements.document_number:
        return False
    return any(_same_name(listed, annex) for listed in paper.elements.annexes)


def _same_name(listed: str, annex: Paper) -> bool:
    names = {_bare(annex.file.stem), annex.elements.title or ""}
    return any(name and similar_names(_bare(listed), name) >= 0.75 for name in names)


def _passes_on(paper: Paper, inner: Paper) -> bool:
    """The one's title passes the other on by name (印发, 转发); an interpretation only speaks about it."""
    if _ABOUT.search(paper.title) or _ABOUT.search(inner.title):
        return False
    named = _QUOTED.findall(paper.title) if _PASSES_ON.search(paper.title) else []
    wrapped = [paper.elements.wrapped_title] if paper.elements.wrapped_title else []
    own = (inner.title, _bare(inner.file.stem))
    return any(similar_names(name, mine) >= 0.85 for name in (*named, *wrapped) for mine in own)


def _refers_to(paper: Paper, inner: Paper) -> bool:
    """The text of a document names the other in 《》."""
    if _ABOUT.search(paper.title) or _ABOUT.search(inner.title) or not paper.dated:
        return False
    title = folded(_bare(inner.title))
    return len(title) >= 6 and f"《{title}》" in _quoted_names(paper)


def _quoted_names(paper: Paper) -> str:
    return "".join(f"《{folded(name)}》" for name in _QUOTED.findall(paper.file.content.text[:20_000]))


def _bare(name: str) -> str:
    """A name without "附件1：" before it."""
    return _ANNEX_PREFIX.sub("", name) or name


def _clusters(mains: Sequence[Paper]) -> list[list[Paper]]:
    """Papers that are the same document, together."""
    clusters: list[list[Paper]] = []
    for paper in mains:
        home = next((cluster for cluster in clusters if any(_same(paper, other, mains) for other in cluster)), None)
        if home is None:
            clusters.append([paper])
        else:
            home.append(paper)
    return clusters


def _same(one: Paper, two: Paper, mains: Sequence[Paper]) -> bool:
    if one.file.data and one.file.sha256 == two.file.sha256:
        return True
    if not (one.file.readable and two.file.readable):
        return _same_by_name(one, two, mains)
    scanned = one.file.content.by_ocr or two.file.content.by_ocr
    if _told_apart(one, two, scanned):
        return False
    enough = _SAME_SCAN if scanned else _SAME_TEXT
    if alike(one.file.shingles, two.file.shingles) >= enough:
        return True
    same_number = bool(one.elements.document_number) and one.elements.document_number == two.elements.document_number
    named_alike = same_number or similar_names(one.title, two.title) >= 0.9
    return named_alike and shared(one.file.shingles, two.file.shingles) >= enough


def _told_apart(one: Paper, two: Paper, scanned: bool) -> bool:
    """Documents of one pattern (weekly prices, a notice for each village) differ in number or in a title's figures."""
    numbers = {paper.elements.document_number for paper in (one, two)} - {None}
    titles = {tuple(re.findall(r"\d+", paper.elements.title)) for paper in (one, two) if paper.elements.title}
    return len(numbers) == 2 or (not scanned and len(titles) == 2)


def _same_by_name(one: Paper, two: Paper, mains: Sequence[Paper]) -> bool:
    """One of them does not open: the names decide, or that there is only a Word file and a scan."""
    if one.file.kind == two.file.kind:
        return False
    if similar_names(one.file.stem, two.file.stem) >= 0.8 or similar_names(one.title, two.title) >= 0.9:
        return True
    unread = one if not one.file.readable else two
    scan = unread.file.kind == "pdf" and unread.file.content.status in {"stored", "scanned"}
    return scan and len(mains) == 2


def _with_copies(cluster: Sequence[Paper]) -> Group:
    """A group from one document in one or several formats: the one that opens and can best be edited is the main."""
    best = min(cluster, key=lambda paper: (not paper.file.readable, paper.file.content.by_ocr, _rank(paper)))
    made = Group(best, None, reasons=(f"“{best.file.name}”是一篇独立的文件",))
    for paper in cluster:
        if paper is not best:
            made = made.adding(paper.file, "duplicate", f"“{paper.file.name}”与“{best.file.name}”是同一文件")
    return made


def _rank(paper: Paper) -> int:
    return _PAPERS.index(paper.file.kind) if paper.file.kind in _PAPERS else len(_PAPERS)


def _with_texts(groups: list[Group], texts: Sequence[Text]) -> list[Group]:
    """A text of the mail joins the document that it repeats, else stands alone."""
    for text in texts:
        at = next((at for at, made in enumerate(groups) if _repeats(text, made)), None)
        if at is None:
            groups = [*groups, Group(None, text, reasons=("邮件正文就是稿件",))]
        else:
            reason = "邮件正文与文件内容相同，作一篇稿件"
            groups[at] = replace(groups[at], text=text, reasons=(*groups[at].reasons, reason))
    return groups


def _repeats(text: Text, made: Group) -> bool:
    if made.text:
        return shared(text.shingles, made.text.shingles) >= _SAME_TEXT
    return made.main is not None and shared(text.shingles, made.main.file.shingles) >= _BODY_IN_PAPER


def _placed(groups: list[Group], file: File, role: Role, why: str, paper: Paper | None = None) -> list[Group]:
    """The groups with the file added to the one that it belongs to."""
    if not groups:
        return groups
    at, how = (0, why) if len(groups) == 1 else _home(groups, file, role, why, paper)
    return [made.adding(file, role, f"“{file.name}”：{how}") if n == at else made for n, made in enumerate(groups)]


def _home(groups: list[Group], file: File, role: Role, why: str, paper: Paper | None) -> tuple[int, str]:
    """Which of several drafts a file belongs to: the strongest tie, else the nearest document before it."""
    scores = [(_tie(made, file, role, paper), -_away(made, file), -at, at) for at, made in enumerate(groups)]
    best = max(scores)
    return best[-1], f"{why}，按{'名称和编号' if best[0] >= 1 else '先后次序'}归入《{groups[best[-1]].title[:30]}》"


def _tie(made: Group, file: File, role: Role, paper: Paper | None) -> float:
    score = 0.0
    if made.main:
        if paper and _lists(made.main, paper):
            score += 5
        if paper and (_passes_on(made.main, paper) or _refers_to(made.main, paper)):
            score += 4
        number = _LEADING_NUMBER.match(file.stem)
        own = _LEADING_NUMBER.match(made.main.file.stem)
        score += 3 if number and own and number[1] == own[1] else 0
        score += 1 if file.folder and file.folder == made.main.file.folder else 0
    names = [made.title, made.main.file.stem if made.main else ""]
    score += 2 * max(_common(_bare(file.stem), name) for name in names)
    if role == "picture":
        form = made.main.elements.form if made.main else "article"
        score += 0.6 if form == "article" else 0
        score += 0.3 if made.main is None else 0
    return score


def _common(one: str, two: str) -> float:
    """The share of the shorter name's character pairs that stand in the other; numbers don't count."""
    first, second = (re.sub(r"\d", "", folded(name)) for name in (one, two))
    pairs = [{name[at : at + 2] for at in range(len(name) - 1)} for name in (first, second)]
    fewer = min(map(len, pairs))
    return len(pairs[0] & pairs[1]) / fewer if fewer >= 2 else 0.0


def _away(made: Group, file: File) -> float:
    """How far before the file the document stood; one behind it is far."""
    if made.main is None:
        return 50.0
    gap = _place(file) - _place(made.main.file)
    return gap if gap >= 0 else 1000.0 - gap


def _place(file: File) -> float:
    numbers = [int(number) for number in re.findall(r"\d+", file.path)][:6]
    return sum((number / 1000.0**depth for depth, number in enumerate(numbers)), 0.0)


def all_files(groups: Iterable[Group]) -> frozenset[str]:
    """SHA-256 of every file that some draft lists."""
    return frozenset(file.sha256 for made in groups for file, _ in made.listed)
