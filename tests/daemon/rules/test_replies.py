"""What the writer of an answer meant: what is plainly asked for counts, what is doubtful is left to a person."""

from __future__ import annotations

import pytest

from daemon.rules.replies import is_courtesy, meanings, ordinals, receipts

COLUMNS = ("人事任免", "政务公告", "文件", "乡镇动态")


def wishes(text: str) -> set[str]:
    return {meaning.wish for meaning in meanings(text, COLUMNS)}


@pytest.mark.parametrize(
    "text",
    [
        "请撤回", "请撤回。", "撤回该稿", "撤稿", "申请撤稿", "特此申请撤回", "请“撤回”本稿", "如题，请撤回",
        "请取消发布", "暂不发布", "该稿暂不发布，谢谢", "此稿件先不发了", "请先不要发布，待领导审定",
        "请停止发布该信息", "请暂缓刊登。", "您好，因内容有误，请将该稿撤回。",
        "由于数据有误，我镇决定撤回该信息。", "两篇都请撤回", "请撤回第二篇",
        "请撤回稿件 2026-000123《关于做好防火工作的通知》。", "麻烦老师帮忙撤下这篇稿子，领导要求修改",
        "这篇稿子领导没签字，先撤了吧", "编辑老师：\n您好！\n2026-000123 号稿件请撤回。\n谢谢！",
        "还没上网的话不急，申请撤回该件",
    ],
)  # fmt: skip
def test_a_plain_request_withdraws(text: str) -> None:
    assert "withdraw" in wishes(text)


@pytest.mark.parametrize(
    "text",
    [
        "请勿撤回", "不用撤回了", "无需撤回", "请不要撤回该稿", "没有要求撤回", "请取消撤回", "能否撤回？",
        "请问怎么撤回", "为什么撤回我们的稿件", "是否需要撤回", "如有重复请撤回", "如果来不及就撤回吧",
        "已撤回", "稿件被撤回了", "请撤回昨天那篇", "请撤回上一篇", "请撤回其他单位冒名的稿件", "请撤回附件2",
        "请撤掉第3张照片", "请撤下文中的名单", "请撤掉第二段", "《关于请撤回违规广告的通知》已报送",
        "公示期满后请撤下", "三天后请撤下", "请撤回对我镇的通报", "请撤回退稿", "撤回原因是什么", "请撤回催报",
        "撤回的稿件已修改", "待领导签字后再说撤回的事", "请不用再发提醒了", "请不要再发催报邮件",
        "暂不发布是贵部的意见吗", "收到，谢谢", "请发布", "“暂不发布的稿件请于三日内说明原因”这句话看不懂",
    ],
)  # fmt: skip
def test_whatever_is_not_plain_withdraws_nothing(text: str) -> None:
    assert "withdraw" not in wishes(text)


@pytest.mark.parametrize("text", ["能否撤回？", "请撤回昨天那篇", "公示期满后请撤下", "如有重复请撤回"])
def test_what_may_be_a_withdrawal_is_said_to_be_one(text: str) -> None:
    assert "perhaps_withdraw" in wishes(text)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("栏目应为人事任免", "人事任免"),
        ("栏目错了，应为“政务公告”。", "政务公告"),
        ("栏目应为人事任免，不是文件", "人事任免"),
        ("栏目：乡镇动态", "乡镇动态"),
        ("请调整到人事任免栏目", "人事任免"),
        ("请放在“政务公告”栏", "政务公告"),
        ("请不要发布到人事任免栏目，应为政务公告", "政务公告"),
        ("请勿放在文件栏，应为人事任免。", "人事任免"),
    ],
)
def test_a_column_that_there_is_is_proposed(text: str, column: str) -> None:
    assert [meaning.value for meaning in meanings(text, COLUMNS) if meaning.wish == "column"] == [column]


@pytest.mark.parametrize(
    "text",
    ["栏目不应为人事任免", "请不要发布到人事任免栏目", "栏目应为天文地理", "栏目是人事任免吗？", "请在文件中盖章"],
)
def test_other_words_propose_no_column(text: str) -> None:
    assert "column" not in wishes(text)


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        ("信息员变更为李四，电话13800001111", "李四", "13800001111"),
        ("我单位信息员变更为：赵六（0533-1234567）", "赵六", "0533-1234567"),
        ("新信息员为王小明。", "王小明", ""),
        ("我镇信息员由张三更换为欧阳小红同志，请知悉", "欧阳小红", ""),
        ("今后由钱七负责信息报送", "钱七", ""),
    ],
)
def test_a_new_liaison_is_named(text: str, name: str, phone: str) -> None:
    assert [(one.value, one.phone) for one in meanings(text, ()) if one.wish == "liaison"] == [(name, phone)]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("无变化", "no_change"), ("经核实，信息无变化。", "no_change"), ("我镇没有变动", "no_change"),
        ("此件不公开", "not_public"), ("该件依申请公开", "not_public"), ("对认定为迟报有异议", "objection"),
        ("我单位不认可迟报", "objection"), ("请以此件为准", "correction"), ("更正如下", "correction"),
        ("已按要求修改，重新报送", "correction"), ("补发附件", "supplement"), ("漏发了附件2", "supplement"),
    ],
)  # fmt: skip
def test_the_other_answers_are_known(text: str, wish: str) -> None:
    assert wish in wishes(text)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("无异议", "objection"),
        ("如有异议请回复", "objection"),
        ("有变化", "no_change"),
        ("是否公开？不公开可以吗？", "not_public"),
    ],
)
def test_their_opposites_are_not_taken_for_them(text: str, wish: str) -> None:
    assert wish not in wishes(text)


def test_courtesy_is_no_message() -> None:
    assert all(map(is_courtesy, ("收到，谢谢！", "好的", "收到。辛苦老师了", "已阅，我们会按时报送。", "")))
    assert not any(map(is_courtesy, ("收到，已修改", "请撤回", "附件打不开", "13800001111")))


def test_numbers_and_places_are_read() -> None:
    assert receipts("回复：收稿回执（2026-000123 等2件），另见2026-000124；电话1382026-0001234") == (
        "2026-000123",
        "2026-000124",
    )
    assert ordinals("请撤回第二篇和第 3 件，第十二条不变") == (2, 3, 12)


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    for piece in ("请撤回", "，", "《", "“", "栏目应为", "信息员由", " ", "第", "收到"):
        meanings(piece * 200_000, COLUMNS)
        is_courtesy(piece * 200_000)
        ordinals(piece * 200_000)
        receipts(piece * 200_000)
