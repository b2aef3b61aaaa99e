"""Which columns a covering note asks for, and for which of the drafts ("通告请发通知公告栏，信息请发部门动态栏")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.dates import fold
from parsers.office import Column, Office
from parsers.senses import ending
from parsers.titles import OFFICIAL_TYPES, OTHER_TYPES, from_file_name, type_word

_NOTE = 2000
"""Characters of a note that are looked at."""
_REQUESTS = 30
_IN_COLUMN = re.compile(r"(?P<name>[一-龥()、·“”\"]{2,20}?)[”\"]?\s*(?:栏目|专栏|栏|板块|版块|频道)")
_VERB = r"(?:发布|发表|刊登|刊发|登载|挂网?|放|上传|更新|公布|公开|发送|发|报送|报|归入?|列入|转入|进入?|入|上)"
_PUT_INTO = re.compile(rf"(?:{_VERB}\s*(?:在|到|至|于|入|进)?|(?:栏目|板块|版块|频道)\s*(?:为|是|选|:)?|[→>]|--|—)\s*$")
_AT = re.compile(r"(?:在|到|至|于|往|入)\s*$")
_REFUSED = re.compile(r"(?:不要|不得|请勿|勿|不再|不宜|无需|不用|(?<![分个特])别)[^,。;]{0,6}$")
_OPEN, _CLOSE = "“\"'《【[「", "”\"'》】]」"
_ALL = re.compile(r"[都均皆]|全部|一并|一起|统一|一律|[两二三四五六七八九十2-9]\s*[个篇则条件份]")
_REST = re.compile(r"其余|其他|其它|剩下|另外|余下")
_ARTICLE = re.compile(r"信息|动态|新闻|稿|报道|简讯|消息|文章|图片|照片|组图")
_PAPER = re.compile(r"文件|公文|红头|发文")
_RULES = re.compile(r"规范性文件|规章|法规|制度")
_RULE_TITLE = re.compile(r"(?:办法|规定|细则|条例|规则|规程|准则)[)》〉\"”(]*(?:的通知|$)")
_ORDINAL = re.compile(r"(?:第|附件|文件|稿件)(?P<number>[一二三四五六七八九1-9])(?!\d)|(?P<word>前者|后者)")
_DIGITS = {sign: at % 9 for at, sign in enumerate("一二三四五六七八九123456789")}
_CLAUSE = re.compile(r"[,。;\n]")
_TYPES = tuple(sorted({*OFFICIAL_TYPES, *OTHER_TYPES, "图解", "附表"}, key=len, reverse=True))
_PLAIN = re.compile(rf"{'|'.join(_TYPES)}|{_VERB}|信息|稿件|文件|关于|[^\w《》]|\d")
_RUN = 2
"""Characters in a row, beside type words, that a note and a title share where they mean the same."""


@dataclass(frozen=True)
class Described:
    """What a note can name a draft by."""

    title: str
    file_name: str
    dated: bool
    """It has a 文号 or a 成文日期."""

    @property
    def official(self) -> bool:
        """A document, not news."""
        return self.dated or ending(self.title) is not None


@dataclass(frozen=True)
class _Request:
    column: str
    before: str
    """The words of its clause before the column's name: what is to stand there."""
    after: str


def asked_column(note: str, office: Office) -> str | None:
    """The column that a covering note asks for ("请在通知公告栏发布", "请更新行政审批栏目"), or None.

    Of several the first. By its name; else by the keywords that end the name in the note (公示公告栏目)."""
    return next((one.column for one in _requests(note, office)), None)


def asked_columns(note: str, office: Office, drafts: Sequence[Described]) -> tuple[str | None, ...]:
    """The column that the note asks for each draft of a mail.

    By what the note calls the draft: its type word (通告, 解读), its kind (信息, 文件), its number, or words of its
    title and file name; what remains goes by order, if there are as many requests as drafts. One request that names
    nothing is for the only draft, for several only if it says so (两篇都发…)."""
    wanted = _requests(note, office)[:_REQUESTS]
    if not wanted:
        return (None,) * len(drafts)
    fits = [_fits(one, drafts) for one in wanted]
    if any(_REST.search(one.before) for one in wanted):
        fits = [[score if score == max(of) else 0.0 for score in of] for of in fits]
    best = [max(range(len(wanted)), key=lambda one: fits[one][at]) for at in range(len(drafts))]
    if len(drafts) == 1:
        return (wanted[best[0]].column,)
    found = [wanted[one].column if fits[one][at] > 0 else None for at, one in enumerate(best)]
    return tuple(_with_rest(wanted, found))


def _with_rest(wanted: Sequence[_Request], found: list[str | None]) -> list[str | None]:
    """What requests and drafts remain, in order; or one request for all that remain."""
    unused = [one.column for one in wanted if one.column not in found]
    for_rest = next((one.column for one in wanted if _REST.search(one.before)), None)
    for_all = next((one.column for one in wanted if _ALL.search(one.before)), None) if not any(found) else None
    remain = iter(unused if len(wanted) > 1 and len(unused) == found.count(None) else ())
    return [column or next(remain, for_rest or for_all) for column in found]


def _fits(request: _Request, drafts: Sequence[Described]) -> list[float]:
    """How well the request's words name each draft, 0: not at all. Those before the column's name count, if any do."""
    before = [_score(request.before, drafts, at) for at in range(len(drafts))]
    return before if any(before) else [_score(request.after, drafts, at) for at in range(len(drafts))]


def _score(words: str, drafts: Sequence[Described], at: int) -> float:
    draft = drafts[at]
    title, named = fold(draft.title), fold(from_file_name(draft.file_name) or draft.file_name)
    typed = bool({type_word(title), type_word(named)} & _type_words(words))
    of_rules = bool(_RULES.search(words) and _RULE_TITLE.search(title))
    article = bool(_ARTICLE.search(words)) and not draft.official
    paper = bool(_PAPER.search(words)) and draft.official and not _RULES.search(words)
    by_kind = 3.0 if typed else 2.5 if of_rules else 2.0 if article or paper else 0.0
    own = _PLAIN.sub("|", words)
    runs = max(_common_run(own, title), _common_run(own, named))
    return 4.0 * (_numbered(words, len(drafts)) == at) + by_kind + 0.5 * runs


def _type_words(words: str) -> set[str | None]:
    return set(re.findall("|".join(_TYPES), words))


def _numbered(words: str, drafts: int) -> int | None:
    match = _ORDINAL.search(words)
    if not match:
        return None
    return _DIGITS[match["number"]] if match["number"] else (0 if match["word"] == "前者" else drafts - 1)


def _common_run(words: str, name: str) -> int:
    """The length of the longest run of characters in both, from `_RUN` on; 0 where there is none."""
    words, name = words[-120:], name[:200]
    runs = (end - start for start in range(len(words)) for end in _ends(words, start, name))
    return max(runs, default=0)


def _ends(words: str, start: int, name: str) -> Iterator[int]:
    """Where runs that begin at `start` and stand in the name end, longer and longer."""
    end = start + _RUN
    while end <= len(words) and words[start:end] in name:
        yield end
        end += 1


def _requests(note: str, office: Office) -> list[_Request]:
    """In the order of the note: columns by their names; where it names none, by the keywords that end what it says."""
    plain = re.sub(r"[^\S\n]", "", fold(note[:_NOTE]))
    places = _named(plain, office) or _spoken(plain, office)
    starts = [0, *(end for _, end, _ in places)]
    ends = [*(start for start, _, _ in places[1:]), len(plain)]
    return [
        _Request(column, _CLAUSE.split(plain[start:first])[-1], _CLAUSE.split(plain[last:end])[0])
        for (first, last, column), start, end in zip(places, starts, ends, strict=False)
    ]


def _named(plain: str, office: Office) -> list[tuple[int, int, str]]:
    """(start, end, column) of each name that is asked for; of names at one place the longest."""
    every = [(*match.span(), one.name) for one in office.columns for match in _mentions(plain, one)]
    return [one for one in sorted(every) if not any(_holds(other, one) for other in every)]


def _holds(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return one[0] <= other[0] and other[1] <= one[1] and one[:2] != other[:2]


def _mentions(plain: str, column: Column) -> Iterator[re.Match[str]]:
    name = re.sub(r"\s", "", fold(column.name))
    return (match for match in re.finditer(re.escape(name), plain) if _is_asked(plain, match))


def _is_asked(plain: str, match: re.Match[str]) -> bool:
    """A verb of publishing before or behind it, the word 栏目, brackets around it, or it heads a line (概况更新：…)."""
    before = plain[max(0, match.start() - 12) : match.start()].rstrip(_OPEN)
    after = plain[match.end() :].lstrip(_CLOSE)
    if _REFUSED.search(before):
        return False
    heads_line = not before or before.endswith("\n")
    heading = heads_line and re.match(r"(?:更新|信息|稿件|来稿)?:", after)
    placed = _AT.search(before) and re.match(rf"(?:里|中|上)?{_VERB}", after)
    bracketed = before.endswith("(") and after.startswith(")")
    named = re.match(r"栏|专栏|板块|版块|频道", after)
    return bool(named or _PUT_INTO.search(before) or placed or heading or bracketed)


def _spoken(plain: str, office: Office) -> list[tuple[int, int, str]]:
    """The same of what the note calls a column by one of its keywords."""
    found = []
    for match in _IN_COLUMN.finditer(plain):
        column = _by_keywords(match["name"].strip('“”"'), office)
        if column and not _REFUSED.search(plain[: match.end("name")][-40:]):
            found.append((match.start("name"), match.end(), column))
    return found


def _by_keywords(name: str, office: Office) -> str | None:
    """The column whose keywords end the name that the note uses; the longest one wins."""
    found = [(len(word), column.name) for column in office.columns for word in column.keywords if name.endswith(word)]
    return max(found, key=lambda one: one[0])[1] if found else None
