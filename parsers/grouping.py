"""Which parts of a mail together are one draft: texts, documents, their annexes, copies and pictures; each with why.

The order of the questions: which files are annexes, which are the same document twice, which text of the mail is one
of its documents or stands alone, and to which of the drafts each annex and picture belongs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsers.annexes import bare, lists, parted, passes_on, refers_to
from parsers.gather import File
from parsers.likeness import alike, folded, shared, similar_names
from parsers.papers import PAPERS, Paper, Text
from parsers.submission import Role

_LEADING_NUMBER = re.compile(r"^\W{0,2}(\d{1,2})(?!\d)")
_SAME_TEXT = 0.8
_SAME_SCAN = 0.5
_BODY_IN_PAPER = 0.6


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


def group(papers: Sequence[Paper], texts: Sequence[Text], files: Sequence[File]) -> tuple[Group, ...]:
    """The drafts of a mail. `papers`: of all files that can be a document, sheets too; `files`: the remaining ones."""
    mains, annexes = parted(papers, texts)
    groups = [_with_copies(cluster) for cluster in _clusters(mains)]
    groups = _with_texts(groups, texts)
    for paper, why in annexes:
        groups = _placed(groups, paper.file, "annex", why, paper)
    for file in files:
        role: Role = "picture" if file.kind == "image" else "annex"
        groups = _placed(groups, file, role, "图片" if role == "picture" else "随附文件")
    return tuple(groups)


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
    return PAPERS.index(paper.file.kind) if paper.file.kind in PAPERS else len(PAPERS)


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
        if paper and lists(made.main, paper):
            score += 5
        if paper and (passes_on(made.main, paper) or refers_to(made.main, paper)):
            score += 4
        number = _LEADING_NUMBER.match(file.stem)
        own = _LEADING_NUMBER.match(made.main.file.stem)
        score += 3 if number and own and number[1] == own[1] else 0
        score += 1 if file.folder and file.folder == made.main.file.folder else 0
        score += 10 if file.folder == made.main.file.path else 0  # it was dropped into the document
    elif paper and made.text and lists(made.text, paper):
        score += 5
    names = [made.title, made.main.file.stem if made.main else ""]
    score += 2 * max(_common(bare(file.stem), name) for name in names)
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
