"""The bulletin (通报) on a period as an official document in Word, for the desk to finish, approve and publish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

from docx.shared import Mm

from daemon.export.figures import caveat, headings_of, said
from daemon.export.official import OfficialDocument
from daemon.rules.assessment import Report, UnitAssessment
from daemon.rules.excuses import GivenPoints

_WIDTHS = tuple(Mm(width) for width in (9, 45, 14, 10, 10, 10, 10, 10, 13, 10, 15))
_NARROW = tuple(Mm(width) for width in (9, 25, 14, 10, 10, 10, 10, 10, 13, 10, 15, 10, 10))
"""With the questions of citizens, which take their room from the units' names."""
_ORDINALS = "一二三四五六七八九十"


def bulletin(report: Report, issuer: str) -> bytes:
    """The Word file, issued by the editorial office of this name."""
    title = f"{issuer}关于", f"{report.period.said}内容保障情况的通报"
    document = OfficialDocument("".join(title), issuer, report.as_of)
    document.title(title)
    document.addressee("各报送单位：")
    document.text(
        f"按照网站内容保障工作要求，编辑部对{report.period.said}各单位信息报送情况进行了检查考核，现将有关情况通报如下。"
    )
    document.heading("一、总体情况")
    document.text(summary(report))
    document.heading("二、分类排名")
    _rankings(document, report)
    document.heading("三、存在的问题")
    for text in shortcomings(report):
        document.text(text)
    document.heading("四、考核口径")
    for text in bases(report):
        document.text(text)
    document.signature(issuer, f"{report.as_of.year}年{report.as_of.month}月{report.as_of.day}日")
    if report.frozen is None:
        document.note(caveat(report))
    return document.as_bytes()


def summary(report: Report) -> str:
    """The period in one paragraph."""
    accounts = [unit.duties for unit in report.units]
    on_time, late = sum(one.on_time for one in accounts), sum(one.late for one in accounts)
    unknown, returned = sum(one.unknown for one in accounts), sum(one.returned for one in accounts)
    columns = [column for unit in report.units for column in unit.measured]
    owed, missing = sum(column.owed for column in columns), sum(column.missing for column in columns)
    documents = sum(one.interpretations.owed for one in accounts)
    explained = sum(one.interpretations.delivered for one in accounts)
    excused = sum(one.excused for unit in report.units for one in unit.evidence)
    received = on_time + late + unknown + excused
    pardoned = f"经核准免责{excused}件，" if excused else ""
    share = said(Fraction(late, on_time + late) if on_time + late else None)
    return (
        f"应考核单位{len(report.units)}个，共收到稿件{received}件。其中，按时报送{on_time}件，"
        f"逾期报送{late}件，未认定时效{unknown}件，{pardoned}逾期率{share}；"
        f"退稿后尚未重新报送{returned}件。"
        f"有数量要求的栏目应报{owed}条，缺报{missing}条。应配解读或便民问答的文件{documents}件，已配{explained}件。"
    )


def shortcomings(report: Report) -> Iterator[str]:
    """Who lags in what, the worst first, a paragraph each."""
    yield _named("报送数量不足", report, _missing, "缺报{}条")
    yield _named("逾期报送", report, lambda unit: unit.duties.late, "{}件")
    yield _named("整期没有动态、新闻类信息", report, _silence, "{}天")
    yield _named("解读或便民问答未配齐", report, _unexplained, "缺{}件")
    yield _named("退稿后尚未重新报送", report, lambda unit: unit.duties.returned, "{}件")
    if any(any(unit.answered) for unit in report.units):
        yield _named("咨询投诉答复逾期", report, lambda unit: unit.answered[1], "{}件")
    if told := [_given(unit, one) for unit in report.units for one in unit.given]:
        yield f"编辑部另行加分、扣分：{'、'.join(told)}。"


def bases(report: Report) -> Iterator[str]:
    """The rules by which all of it was counted; columns with the same rule together."""
    yield from report.counting_rules
    yield from report.points_rules
    columns = defaultdict(list)
    for column, rule in report.rules.items():
        columns[rule].append(column)
    for rule, names in columns.items():
        yield f"{'、'.join(names)}：{rule}"


def _rankings(document: OfficialDocument, report: Report) -> None:
    headings = headings_of(report.units)
    widths = _WIDTHS if len(headings) == len(_WIDTHS) else _NARROW
    for number, (kind, units) in enumerate(report.by_kind.items()):
        document.subheading(f"（{_ordinal(number)}）{kind}")
        rows = [[said(heading.of(unit)) for heading in headings] for unit in units]
        document.table([heading.name for heading in headings], rows, widths)


def _ordinal(number: int) -> str:
    return _ORDINALS[number] if number < len(_ORDINALS) else str(number + 1)


def _named(what: str, report: Report, of: Callable[[UnitAssessment], int], form: str) -> str:
    found = [(unit.unit.name, number) for unit in report.units if (number := of(unit))]
    if not found:
        return f"{what}：无。"
    worst_first = sorted(found, key=lambda one: -one[1])
    return f"{what}：{'、'.join(f'{name}（{form.format(number)}）' for name, number in worst_first)}。"


def _given(unit: UnitAssessment, one: GivenPoints) -> str:
    return f"{unit.unit.name}{one.points:+.2f}分（{one.reason}）"


def _silence(unit: UnitAssessment) -> int:
    """The days of a unit without any news in all of them."""
    share = unit.shares.get("liveliness")
    return share.whole if share and share.part == 0 else 0


def _unexplained(unit: UnitAssessment) -> int:
    return unit.duties.interpretations.owed - unit.duties.interpretations.delivered


def _missing(unit: UnitAssessment) -> int:
    return sum(column.missing for column in unit.measured)
