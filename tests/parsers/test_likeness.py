"""Nearly the same texts are found by their fingerprints, and those of a series are told apart by their figures."""

from __future__ import annotations

import random
import shlex

from hypothesis import given
from hypothesis import strategies as st

from parsers.likeness import alike, figures, fingerprint, shingles, told_apart

WORDS = shlex.split(
    "近日 我镇 组织 干部 群众 开展 森林 防火 宣传 活动 志愿者 走村入户 发放 明白纸 现场 讲解 火灾 案例 要求 各村 落实 "
    "巡查 责任 制度 严禁 野外 用火 加强 值班 值守 确保 安全 稳定 有序 推进 重点 工作 任务 完成 情况 良好 受到 好评"
)
GOODS = shlex.split("白菜 萝卜 土豆 大葱 猪肉 牛肉 鸡蛋 面粉 大米 花生油")


def prose(seed: int, words: int = 120) -> list[str]:
    chosen = random.Random(seed)
    return [chosen.choice(WORDS) for _ in range(words)]


def prices(seed: int) -> str:
    chosen = random.Random(seed)
    lines = [f"{one}：每斤{chosen.randint(1, 9)}.{chosen.randint(10, 99)}元，较上周持平。" for one in GOODS]
    return "本周农贸市场主要农副产品零售价格情况如下，供广大市民参考。" + "".join(lines)


def share(one: str, two: str) -> bool:
    return not set(fingerprint(one)).isdisjoint(fingerprint(two))


@given(st.integers(0, 10**6), st.data())
def test_a_text_with_a_few_words_changed_shares_its_fingerprint(seed: int, data: st.DataObject) -> None:
    words = prose(seed)
    changed = list(words)
    for at in data.draw(st.sets(st.integers(0, len(words) - 1), max_size=3)):
        changed[at] = "更正"
    assert share("".join(words), "，".join(changed))


def test_other_texts_in_the_same_words_hardly_ever_share_one() -> None:
    texts = ["".join(prose(seed)) for seed in range(60)]
    pairs = [(one, two) for at, one in enumerate(texts) for two in texts[:at]]
    assert max(alike(shingles(one), shingles(two)) for one, two in pairs) < 0.2
    assert sum(share(one, two) for one, two in pairs) < 0.02 * len(pairs)


def test_a_short_text_proves_nothing() -> None:
    assert fingerprint("我镇开展防火宣传。") == ()


@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_of_twelve_positive_numbers_or_none(text: str) -> None:
    found = fingerprint(text)
    assert len(found) in {0, 12}
    assert all(0 <= one < 2**63 for one in found)
    assert found == fingerprint(f" {text}\n")


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    assert fingerprint("".join(prose(1)))[:2] == (4151129112579797300, 5366128618024019508)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_price_lists_of_two_weeks_are_told_apart(one: int, two: int) -> None:
    assert one == two or told_apart(prices(one), prices(two))


@given(st.integers(0, 10**6))
def test_a_corrected_figure_makes_no_series(seed: int) -> None:
    text = prices(seed)
    assert not told_apart(text, text.replace(figures(text)[3], "123.45", 1))


def test_periods_in_characters_are_figures_too() -> None:
    assert figures("第三期（九月份）11月3日12.5元") == ("三", "九", "11", "3", "12.5")
    assert told_apart("九月份空气质量优良。", "十月份空气质量优良。")
