"""Files that a mail only links to are told with all that it says of them, and cut from the text."""

from datetime import datetime

import pytest

from parsers.quoting import CloudLink, split, split_plain

ARTICLE = "青石镇融媒体中心拍摄的防汛演练视频已经制作完成，时长3分20秒，欢迎采用播出。"
QQ = "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=7d3638&code=7684decd"
NETEASE = "https://mail.163.com/large-attachment-download/index.html?p=x&file=djAy"
QIYE = "https://edisk.qiye.163.com/api/biz/attachment/download?identity=e7bb"


def only(text: str) -> CloudLink:
    body = split_plain(f"{ARTICLE}\n\n{text}")
    assert [block.text for block in body.own] == [ARTICLE]
    (link,) = body.links
    return link


def test_qq_with_name_size_end_and_address() -> None:
    link = only(f"从QQ邮箱发来的超大附件\n\n演练（终稿）.mp4 (128.03M, 2026年7月27日 21:59 到期)进入下载页面：{QQ}")
    assert link == CloudLink("演练（终稿）.mp4", "128.03M", datetime(2026, 7, 27, 21, 59), QQ, None, "qq")


def test_exmail_without_an_end() -> None:
    link = only(f"从腾讯企业邮箱发来的超大附件\n演练.mp4 (1.2G, 无限期)\n进入下载页面：{QQ}")
    assert (link.name, link.size, link.expires_at, link.host) == ("演练.mp4", "1.2G", None, "qq")


def test_several_files_of_one_block() -> None:
    files = f"一.mp4 (1M, 2026年7月27日 21:59 到期)\n{QQ}1\n二.mp4 (2M, 2026年7月28日 21:59 到期)\n{QQ}2"
    body = split_plain(f"从QQ邮箱发来的超大附件\n{files}")
    assert [(link.name, link.url) for link in body.links] == [("一.mp4", f"{QQ}1"), ("二.mp4", f"{QQ}2")]


def test_netease_as_it_stands_in_html() -> None:
    body = split(
        f'<p>{ARTICLE}</p><div id="divNeteaseBigAttach"><div><b>从网易163邮箱发来的超大附件</b>'
        '<a href="http://u.163.com/RcUw?spm=pos">推荐客户端极速下载</a></div><div>'
        f'<div><a href="{NETEASE}"></a></div><div><a href="{NETEASE}">演练.mp4</a>'
        "<span> (80.96M, 2026年8月17日 0:49 到期)</span></div>"
        f'<div><a href="{NETEASE}">下载</a></div></div></div>'
    )
    assert [block.text for block in body.own] == [ARTICLE]
    assert body.links == (CloudLink("演练.mp4", "80.96M", datetime(2026, 8, 17, 0, 49), NETEASE, None, "163"),)


def test_netease_for_firms_says_a_day_only() -> None:
    body = split(
        f'<p>{ARTICLE}</p><div id="divNeteaseSiriusCloudAttach"><b>从网易企业邮箱发来的云附件</b>'
        f'<div><a href="{QIYE}">演练.mp4</a>'
        f'<div>2.3MB  有效期至：2026-12-01</div><a href="{QIYE}">下载</a></div></div>'
    )
    assert [block.text for block in body.own] == [ARTICLE]
    (link,) = body.links
    assert (link.name, link.expires_at, link.url, link.host) == (
        "演练.mp4",
        datetime(2026, 12, 1, 23, 59, 59),
        QIYE,
        "163",
    )


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (
            "通过百度网盘分享的文件：演练.mp4\n链接: https://pan.baidu.com/s/1abcDEF 提取码: x7k9\n--来自百度网盘",
            CloudLink("演练.mp4", None, None, "https://pan.baidu.com/s/1abcDEF", "x7k9", "baidu"),
        ),
        (
            "链接：https://pan.baidu.com/s/1abc\n提取码：abcd\n复制这段内容后打开百度网盘手机App，操作更方便哦",
            CloudLink(None, None, None, "https://pan.baidu.com/s/1abc", "abcd", "baidu"),
        ),
        (
            "【金山文档】 防汛演练脚本\nhttps://kdocs.cn/l/cabc12345",
            CloudLink("防汛演练脚本", None, None, "https://kdocs.cn/l/cabc12345", None, "wps"),
        ),
        (
            "来自139邮箱的超大附件\n演练.mp4 (300M, 2026-07-27 到期)\nhttps://mail.10086.cn/disk/s?x=1",
            CloudLink(
                "演练.mp4", "300M", datetime(2026, 7, 27, 23, 59, 59), "https://mail.10086.cn/disk/s?x=1", None, "139"
            ),
        ),
    ],
)
def test_shares_of_net_disks(text: str, link: CloudLink) -> None:
    assert only(text) == link


@pytest.mark.parametrize(
    "line",
    [
        "会议印发了《关于加强农村供水工作的意见》（2026年修订），要求各村在到期前完成整改。",
        "该镇在百度网盘等平台加大宣传力度，提醒群众及时查收到期通知，防止上当受骗。",
        "详情请登录 https://www.lingyun.gov.cn/ 查询。",
    ],
)
def test_sentences_of_an_article_are_no_links(line: str) -> None:
    body = split_plain(f"{ARTICLE}\n{line}")
    assert ([block.text for block in body.own], body.links) == ([ARTICLE, line], ())


def test_an_impossible_day_is_no_end() -> None:
    assert only(f"从QQ邮箱发来的超大附件\n演练.mp4 (1M, 2026年13月45日 到期)\n{QQ}").expires_at is None
