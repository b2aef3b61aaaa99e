"""Small mails and a small office of an invented county, for tests of what the parsers make of them."""

from __future__ import annotations

from email.header import Header
from typing import Final

from parsers.mime import Mail, read_mail
from parsers.office import Column, Office, Period, Unit

DESK: Final = "bianji@lingyun.example.cn"
OFFICE: Final = Office(
    name="凌云县政府网编辑部",
    address=DESK,
    phone="0900-1112222",
    timezone="Asia/Shanghai",
    units=(
        Unit("青石镇人民政府", "town", ("青石镇",), ("qingshizhen_bgs@163.com",), document_prefixes=("青政发",)),
        Unit("白水乡人民政府", "town", ("白水乡",), ("baishui2016@126.com",), ("baishui_mayor@126.com",), ("白政发",)),
        Unit("凌云县林业局", "department", ("县林业局",), ("@lyj.lingyun.example.cn",), document_prefixes=("凌林",)),
        Unit("凌云县财政局", "department", ("县财政局",), ("lyczj_office@163.com",), document_prefixes=("凌财",)),
    ),
    columns=(
        Column("乡镇之窗", ("town",), ("动态", "活动"), role="dynamic", submit_within=Period(3, "d")),
        Column("部门之窗", ("department",), ("动态", "活动"), role="dynamic", submit_within=Period(3, "d")),
        Column("文件选登", None, ("通知", "意见", "方案"), role="document", submit_within=Period(3, "d")),
        Column("公告栏", None, ("公告", "通告", "公示"), role="notice", submit_within=Period(3, "d")),
    ),
)


def raw(sender: str = "王明 <qingshizhen_bgs@163.com>", subject: str = "", body: str = "", **headers: str) -> bytes:
    """A plain mail. Underscores in the names of headers stand for hyphens."""
    name, _, address = sender.rpartition("<")
    shown = f"{Header(name.strip(), 'utf-8').encode()} <{address}" if name.strip() else f"<{address.rstrip('>')}>"
    named = {"From": shown, "Subject": Header(subject, "utf-8").encode(), "To": DESK}
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    lines = [f"{key}: {value}" for key, value in {"Content-Type": "text/plain; charset=utf-8", **named, **more}.items()]
    return ("\r\n".join([*lines, "Content-Transfer-Encoding: 8bit", "", body])).encode()


def mail(sender: str = "王明 <qingshizhen_bgs@163.com>", subject: str = "", body: str = "", **headers: str) -> Mail:
    """The same, taken apart."""
    return read_mail(raw(sender, subject, body, **headers))
