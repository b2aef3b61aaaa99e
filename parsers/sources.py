"""Where each element of a document was found, and in Chinese why it is that element: for highlighting and --explain."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.dates import fold
from parsers.document_numbers import leading_number
from parsers.elements import Elements
from parsers.lines import Line, closed_up
from parsers.markings import disclosure
from parsers.official_foot import Foot
from parsers.official_head import Head
from parsers.places import Places
from parsers.submission import Element
from parsers.titles import from_subject

DATE_LABELS = ("成文日期", "成文时间", "签发日期", "发文日期", "发文时间", "生成日期")
ISSUER_LABELS = ("发文机关", "制发机关", "发布机构", "发文单位", "公开主体")
_REASONS = {
    "title": "版头之下、正文之前的标题",
    "document_number": "单独成行的发文字号",
    "issued_on": "署名处的成文日期",
    "issued_at": "成文日期旁的时刻",
    "printed_on": "版记中的印发日期",
    "addressee": "标题之下以冒号结尾的主送机关",
    "issuer": "署名",
    "secrecy": "首部的密级标志",
    "urgency": "首部的紧急程度",
    "signer": "版头中的签发人",
    "disclosure": "文中标注的公开属性",
    "copied_to": "版记中的抄送机关",
}
_ELSEWHERE = {
    "title": "正文无标题，取自邮件主题或文件名",
    "document_number": "正文无文号，取自邮件主题或文件名",
    "issuer": "标题中的发文机关",
    "issued_on": "首部标注",
}
"""Where the text has no line of the usual kind for it."""
_LABELLED = "首部标注"
_LABELS = {
    "title": ("标题", "名称", "信息名称"),
    "document_number": ("发文字号", "文号"),
    "issuer": ISSUER_LABELS,
    "issued_on": DATE_LABELS,
    "issued_at": DATE_LABELS,
    "disclosure": ("公开方式", "公开属性"),
}
_ADDRESSEE_LINES = 3

Span = tuple[int, int]


def sources(
    found: Elements, head: Head, foot: Foot, lines: list[Line], places: Places, part: str, subject: str | None
) -> tuple[Element, ...]:
    """Every element that the document has, with the words it was read from and where they stand."""
    values = {name: str(value) for name in _REASONS if (value := getattr(found, name))}
    spans = {**_in_head(found, head, lines), **_in_foot(foot)}
    labels = {label: (first, last) for label, first, last in head.places}
    return tuple(
        _element(name, value, spans.get(name), _label(name, labels), lines, places, part, subject)
        for name, value in values.items()
    )


def _element(
    name: str,
    value: str,
    span: Span | None,
    labelled: Span | None,
    lines: list[Line],
    places: Places,
    part: str,
    subject: str | None,
) -> Element:
    at = span or labelled
    if at is None:
        outside = _is_of_subject(name, value, subject)
        return Element(name, value, "subject" if outside else part, value if outside else "", _elsewhere(name))
    offset, excerpt = _cell(value, lines[at[0]], places) if at[0] == at[1] else places.span(lines[at[0]], lines[at[1]])
    return Element(name, value, part, excerpt, _REASONS[name] if span else _LABELLED, offset)


def _elsewhere(name: str) -> str:
    return _ELSEWHERE.get(name, _REASONS[name])


def _is_of_subject(name: str, value: str, subject: str | None) -> bool:
    number = leading_number(subject) if subject and name == "document_number" else None
    return (name == "title" and from_subject(subject) == value) or (number is not None and number[0] == value)


def _cell(value: str, line: Line, places: Places) -> tuple[int, str]:
    """Of a table the one cell that says it, where there is one."""
    cells = line.text.replace("\n", "\t").split("\t") if line.table else ()
    wanted = closed_up(fold(value))
    said = next((cell.strip() for cell in cells if wanted in closed_up(fold(cell))), "")
    return places.words(line, said)


def _label(name: str, labels: dict[str, Span]) -> Span | None:
    return next((labels[label] for label in _LABELS.get(name, ()) if label in labels), None)


def _in_head(found: Elements, head: Head, lines: list[Line]) -> dict[str, Span]:
    spans = {name: (first, last) for name, first, last in reversed(head.places)}
    title = (head.title_lines[0], head.title_lines[-1]) if head.title_lines else _line_of_title(found.title, lines)
    letterhead = spans.get("letterhead")
    more = {"title": title, "addressee": _addressee(head, lines), "disclosure": _disclosed(lines), "issuer": letterhead}
    return spans | {name: span for name, span in more.items() if span}


def _line_of_title(title: str | None, lines: list[Line]) -> Span | None:
    """A title that does not stand at the head: on a line of its own, or in the first row of a table."""
    wanted = closed_up(title or "")
    rows = (
        closed_up(line.text.split("\n")[0].split("\t")[0]) if line.table else closed_up(line.text) for line in lines
    )
    return next(((at, at) for at, row in enumerate(rows) if wanted and row == wanted), None)


def _addressee(head: Head, lines: list[Line]) -> Span | None:
    first = head.addressee_line
    if first is None:
        return None
    ends = (
        at for at in range(first, min(first + _ADDRESSEE_LINES, len(lines))) if lines[at].text.endswith((":", "："))
    )
    return first, next(ends, first)


def _disclosed(lines: list[Line]) -> Span | None:
    """The line that says what the document says of its disclosure."""
    said = disclosure("\n".join(line.text for line in lines))
    stating = (at for at, line in enumerate(lines) if said and disclosure(line.text) == said)
    return next(((at, at) for at in stating), None)


def _in_foot(foot: Foot) -> dict[str, Span]:
    return dict(_foot_spans(foot))


def _foot_spans(foot: Foot) -> Iterator[tuple[str, Span]]:
    signature = foot.signature
    if signature:
        yield "issued_on", (signature.first, signature.line)
        yield "issued_at", (signature.first, signature.line)
    if signature and signature.signers:
        yield "issuer", (signature.first, signature.line)
    yield from ((name, (first, last)) for name, first, last in foot.places)
