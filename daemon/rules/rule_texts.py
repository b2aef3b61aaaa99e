"""The rules of an account in the words that reports print: which limit, which number, how it is counted."""

from __future__ import annotations

from daemon.rules.calendar import Calendar
from daemon.rules.points import CRITERIA, Criterion, Weights
from parsers.office import Column, Period, PeriodUnit, Quota
from parsers.submission import Timeliness

_UNITS: dict[PeriodUnit, str] = {"s": "秒", "min": "分钟", "h": "小时", "d": "日", "wd": "个工作日", "mo": "个月"}
_IN_HOURS = frozenset({"s", "min", "h"})
CRITERION_NAMES: dict[Criterion, str] = {
    "completeness": "报送数量",
    "punctuality": "报送时效",
    "liveliness": "信息活跃",
    "interpretation": "政策解读",
}
VERDICTS: dict[Timeliness, str] = {"on_time": "按时", "late": "逾期", "unknown": "未认定"}
_MEASURES: dict[Criterion, str] = {
    "completeness": "应报条数减去缺报条数，占应报条数的比例",
    "punctuality": "按时件数占按时、逾期件数之和的比例",
    "liveliness": "动态、新闻类栏目有来稿的天数，占考核天数的比例",
    "interpretation": "已配解读或问答的文件，占应配文件的比例",
}
COUNTING = (
    "稿件按编辑部邮箱收到之日计入现属栏目；退稿后重新报送的，仍按首次收到之日计。",
    "重复、不采用、撤回和待核验的稿件不计；退稿后尚未重新报送的，计入时效，不计入数量。",
    "没有成文日期的，以及期限暂不能确定的（如节假日安排未公布），不认定为逾期，列为“未认定”。",
    "逾期率为逾期件数占按时、逾期件数之和的比例。",
    "开始、停止报送的当月不满整月的，不考核数量。",
    "经核准免责的日期不计应报数量和无信息天数，每月应报条数按天数扣减；报送期限在免责日期内届满的，以及核准免责的稿件，不计逾期。",
    "咨询投诉按收到之日计入，超过期限答复或者超过期限仍未答复的，列为“答复逾期”，不计入得分。",
)


def column_rule(column: Column, calendar: Calendar) -> str:
    """All that the column's drafts are judged by, as one sentence."""
    parts = [
        _submit(column.submit_within, calendar) if column.submit_within else "不设报送期限",
        *(_quota(quota) for quota in column.quotas),
        *(["每件应有配套的解读或便民问答"] if column.needs_interpretation else []),
    ]
    return "；".join(parts) + "。"


def points_rules(weights: Weights) -> tuple[str, ...]:
    """How the points come about."""
    measures = (
        f"{CRITERION_NAMES[criterion]}（权重{weights.of(criterion)}）：{_MEASURES[criterion]}。"
        for criterion in CRITERIA
        if weights.of(criterion)
    )
    return (
        *measures,
        "得分为上述各项比例按权重的加权平均，满分100分，保留两位小数；无从考核的项目不计，权重归于其余各项。",
        "编辑部另行加分、扣分的，写明理由，计入得分，得分不低于0分。",
        "同类单位按得分排名，得分相同的并列；各项均无从考核的单位不计分、不排名。",
    )


def said_period(period: Period) -> str:
    """`3wd` as 3个工作日."""
    return f"{period.amount}{_UNITS[period.unit]}"


def _submit(within: Period, calendar: Calendar) -> str:
    if within.unit in _IN_HOURS:
        return f"成文后{said_period(within)}内报送（只有日期的，自当日24时起算）"
    rolls = "，末日为休息日的顺延至其后第一个工作日" if within.unit != "wd" and calendar.roll_over else ""
    return f"成文后{said_period(within)}内报送（成文当日不计{rolls}）"


def _quota(quota: Quota) -> str:
    per = "每月" if quota.per == "month" else "每个工作日" if quota.days == "working" else "每天"
    counted = "按发布之日计" if quota.counts == "published" else "按收到之日计"
    return f"{per}不少于{quota.at_least}条（{counted}）"
