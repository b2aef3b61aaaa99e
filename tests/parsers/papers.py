"""Documents of an invented county as blocks, and the office that receives them: for the tests of what they say."""

from html import escape
from typing import Any

from parsers.content import Block
from parsers.office import Column, Office, Unit

UNITS = (
    Unit("清河镇人民政府", "town", ("清河镇",), document_prefixes=("清政发",)),
    Unit("临川县财政局", "department", ("县财政局",), document_prefixes=("临财发",)),
    Unit("临川县民政局", "department", ("县民政局",)),
    Unit("临川县人民政府办公室", "department", ("县政府办",), document_prefixes=("临政发", "临政办发")),
    Unit("临川县融媒体中心", "media"),
)
COLUMNS = (
    Column("乡镇动态", ("town",), ("动态", "简讯"), role="dynamic"),
    Column("部门动态", ("department",), ("动态", "简讯"), role="dynamic"),
    Column("县内要闻", ("media",), ("新闻", "记者"), role="news"),
    Column(
        "文件", ("town", "department"), ("通知", "意见", "方案", "决定", "通报", "批复", "函", "报告"), role="document"
    ),
    Column("公告公示", ("town", "department"), ("公告", "通告", "公示"), role="notice"),
    Column("采购信息", ("town", "department"), ("采购", "招标", "中标", "磋商"), role="procurement"),
    Column("规章", ("department",), ("办法", "规定", "细则"), role="law", needs_interpretation=True),
    Column("人事", ("department",), ("任免", "任职", "免职"), role="appointment"),
    Column("解读", None, ("解读", "图解"), role="interpretation"),
    Column("问答", None, ("问答",), role="qa"),
    Column("资金", None, ("预算", "决算")),
    Column("便民", None, ("停电", "停水")),
)


def office(columns: tuple[Column, ...] = COLUMNS, **more: Any) -> Office:
    return Office("编辑部", "desk@linchuan.example.cn", "0000-1", "Asia/Shanghai", UNITS, columns, **more)


def line(text: str, **more: Any) -> Block:
    return Block("paragraph", text, "<p>" + "<br>".join(map(escape, text.split("\n"))) + "</p>", **more)


def table(*rows: str) -> Block:
    return Block("table", "\n".join(rows), "<table></table>")


def paper(text: str) -> tuple[Block, ...]:
    """A block a line, as plain text or a PDF gives them: nothing is known of the setting."""
    return tuple(line(one) for one in text.strip("\n").split("\n"))


NOTICE = """
清河镇人民政府文件
清政发〔2026〕12号
清河镇人民政府
关于做好冬季供暖工作的通知
各村民委员会，镇直各部门：
天气转冷，现将供暖工作通知如下。
一、检查管网。2026年10月1日前完成，参照县政府办〔2025〕3号文件执行。
附件：1.任务分工表
2.联系人名单
清河镇人民政府
2026年10月8日
（此件主动公开）
抄送：县政府办公室。
清河镇党政办公室　　　　2026年10月9日印发
"""
