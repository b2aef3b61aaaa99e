"""Covering lines are told from articles and documents."""

import pytest

from parsers.quoting import is_covering

COVERING = """
您好！
编辑部：
编辑老师，您好：
尊敬的编辑老师：
请查收附件。
请查收，谢谢！
附件请查收
请审核发布。
请予发布，附件一并上传。谢谢！
现将我镇通知一份报上，请查收。
现将我局10月份信息报送贵部，请审阅。
请发布在通知公告栏目。
请在“通知公告”栏发布
您好，报送便民问答一篇，请查阅。
今日稿件2篇，请采用。
网站编辑室：
请公开。
请在门户网站公开。
现将我镇信息报送如下：
通告的电子版和扫描件都发了，请以扫描件为准。
见附件。
见附件
详见附件，请予刊发。
文件已加密，密码请电话联系。
见加密压缩包，解压密码另行告知。
昨天发的不知收到没有，再发一次。
节前的文件，补报一下。
以此件为准，前件作废。
按要求修改完毕，重新报送，请审核。
收到，谢谢！
此致
敬礼
祝工作顺利！
辛苦了
烦请各位老师审核把关。
图片和文字稿均已打包，请下载。
""".strip().splitlines()

TEXT = """
青石镇人民政府关于做好防汛工作的通知
关于报送2026年重点工作完成情况的通知
关于请予审核发布信息的请示
各村（居），镇直各部门：
各有关企业：
附件：1.防汛责任人名单
附件1
特此通知。
特此公告
现将有关事项通知如下：
现将青石镇2026年补贴发放情况公示如下。
请各村认真贯彻执行。
请广大市民及时查看天气预报，提前做好防范。
7月1日，青石镇在东村开展防汛应急演练。
青石镇：防汛演练进村居
联系电话：0900-1112222
公示期间如有异议，请向镇政府反映。
青石镇人民政府
2026年7月1日
一、请有关单位做好报送工作。
一、强化组织领导
加强组织领导
感谢信
请依法公开透明办理，接受群众监督，确保各项政策落实到位。
""".strip().splitlines()


@pytest.mark.parametrize("line", COVERING)
def test_lines_that_accompany(line: str) -> None:
    assert is_covering(line)


@pytest.mark.parametrize("line", TEXT)
def test_lines_that_are_text(line: str) -> None:
    assert not is_covering(line)


def test_a_long_line_is_text() -> None:
    assert not is_covering("请查收附件，" * 20)
