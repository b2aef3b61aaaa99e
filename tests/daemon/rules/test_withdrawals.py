"""Withdrawals: every plain way to ask for one is understood, and nothing that only sounds like one is."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.replies import _SIMPLIFIED, meanings

REQUESTS = (
    "请撤回", "请撤回该稿", "烦请撤下", "请将该稿撤回", "申请撤稿", "请撤", "撤了吧", "先不要挂网", "先别挂了",
    "请先不要上传", "暂不发布", "请勿发布该信息", "请停止发布", "此件作废", "上述稿件作废", "请作废处理",
    "请删除该稿", "请将本条信息删除", "这篇先不发了", "请取消发布", "请暂停公开", "请予撤稿", "该信息暂不对外发布",
)  # fmt: skip
OPENINGS = ("", "您好，", "编辑老师：\n您好！\n", "因数据有误，", "经研究，", "领导还没有审定，")
ENDINGS = ("", "。", "，谢谢", "！谢谢老师。", "，待修改后再报。", "。\n王芳")
DOUBTS = (
    "如需撤回，请回复本邮件", "如情况有变则{}", "如果来不及就{}", "是否{}？", "贵部来信说{}，不知何故",
    "对方要求我们{}", "“{}”是什么意思", "不要{}", "能不能{}", "上次来信说{}，现请照发", "县委办曾要求{}", "期满后{}",
    "《{}》已报送", "假如领导不同意就{}", "有人让我们{}", "贵部回执写着“{}”",
)  # fmt: skip
NOT_MEANT = (
    "对方要求撤回", "请不要发布到人事任免栏目，应为政务公告", "请勿发布在公告栏，请发布在文件栏", "请不要发布得太晚",
    "请勿发布错别字", "撤回请点击", "原文件作废", "原甲政发〔2026〕1号文件同时作废", "前一稿作废，以附件为准",
    "此件作废，以附件为准", "此件作废，请按原稿办理", "附件2作废", "上次来信作废，请按原稿办理", "此件作废与否请示",
    "以附件为准", "不要作废", "请勿暂缓发布", "请不要删除", "请删除第二段", "请删除附件1", "请将该稿电话删除",
    "请将该稿落款删除", "请不要发布电话号码", "不用发纸质版了", "不用发回执了", "先不要挂断", "请先不要发布附件",
    "请退回修改", "如撤回须说明原因", "来信说“请撤回”，请照发", "“撤回 2026-000001”", "请撤回对我镇的通报",
)  # fmt: skip
MAYBE = ("不用发了", "稿子先压一压", "先放一放", "请退回该稿", "对方要求撤回", "如需撤回请告知", "请将该稿落款删除")
TRADITIONAL = (
    ("請撤回", "withdraw"), ("請撤回該稿。", "withdraw"), ("暫不發佈", "withdraw"), ("暫不發布", "withdraw"),
    ("該稿暫不發佈，謝謝", "withdraw"), ("請取消發布", "withdraw"), ("欄目應為人事任免", "column"),
    ("經核實，無變化。", "no_change"), ("此件不公開", "not_public"), ("對認定為遲報有異議", "objection"),
    ("更正稿見附件，請以此件為準", "correction"), ("信息員變更為李四", "liaison"),
)  # fmt: skip
OLDER = {simple: old for old, simple in _SIMPLIFIED.items()}


def wishes(text: str) -> set[str]:
    return {meaning.wish for meaning in meanings(text, ("人事任免", "政务公告"))}


@given(st.sampled_from(OPENINGS), st.sampled_from(REQUESTS), st.sampled_from(ENDINGS))
def test_a_plain_request_withdraws_whatever_courtesy_is_around_it(opening: str, request: str, ending: str) -> None:
    assert "withdraw" in wishes(opening + request + ending)


@given(st.sampled_from(OPENINGS), st.sampled_from(DOUBTS), st.sampled_from(REQUESTS), st.sampled_from(ENDINGS))
def test_what_is_conditional_asked_cited_denied_or_anothers_withdraws_nothing(
    opening: str, doubt: str, request: str, ending: str
) -> None:
    assert "withdraw" not in wishes(opening + doubt.format(request) + ending)


@pytest.mark.parametrize("text", NOT_MEANT)
def test_words_that_only_sound_like_it_withdraw_nothing(text: str) -> None:
    assert "withdraw" not in wishes(text)


@pytest.mark.parametrize("text", MAYBE)
def test_a_person_is_asked_where_it_may_be_one(text: str) -> None:
    assert "perhaps_withdraw" in wishes(text)


@pytest.mark.parametrize(("text", "wish"), TRADITIONAL)
def test_traditional_characters_mean_the_same(text: str, wish: str) -> None:
    assert wish in wishes(text)


@given(st.sampled_from((*REQUESTS, *NOT_MEANT, *MAYBE)))
def test_the_same_sentence_in_traditional_characters_is_read_alike(text: str) -> None:
    assert wishes(text.translate(OLDER)) == wishes(text)


@given(st.text(alphabet="请撤回作废删除该稿此件不发布暂先勿，。：“”《》2026-000001如若对方要求\n", max_size=60))
def test_nothing_within_a_title_is_asked_for(text: str) -> None:
    title = text.translate(str.maketrans("", "", "《》"))
    assert "withdraw" not in wishes(f"关于《{title}》")


def test_hostile_repetitions_are_read_in_no_time() -> None:
    started = time.perf_counter()
    for piece in ("请", "该稿", "我们", "作废", "暂不", "先不要", "撤", "第一", "请将", "经研究", "“请", "我镇"):
        meanings(piece * 4000, ())
        meanings(piece * 2000 + "。" + piece, ())
    assert time.perf_counter() - started < 5
