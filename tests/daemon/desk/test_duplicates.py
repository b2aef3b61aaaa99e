"""What has come before is told; what only looks alike is not."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from daemon.desk.accounts import Actor
from daemon.desk.related import related
from daemon.settings import Settings
from daemon.store.schema import Draft
from daemon.store.unit_of_work import Store
from parsers.likeness import fingerprint
from parsers.submission import Draft as Found
from parsers.submission import Finding, Submission
from tests.daemon.desk.readings import TEXT, drafts, file, found, reading, taken


def duplicates(store: Store) -> list[int | None]:
    return [draft.duplicate_of for draft in drafts(store)]


def take(store: Store, settings: Settings, *messages: Submission | Found) -> None:
    for number, one in enumerate(messages):
        submission = one if isinstance(one, Submission) else reading(one)
        taken(store, settings, submission, raw=b"message %d" % number)


def move(store: Store, number: int, **values: Any) -> None:
    with store.write() as session:
        draft = session.get_one(Draft, number)
        for name, value in values.items():
            setattr(draft, name, value)


def test_the_same_number_is_a_duplicate_whatever_the_title(store: Store, settings: Settings) -> None:
    number = "甲政发〔2026〕8号"
    take(store, settings, found(document_number=number), found("关于防火的通知", document_number=number, text="重排"))
    assert duplicates(store) == [None, 1]
    [finding] = drafts(store)[1].findings
    assert (finding["code"], finding["severity"]) == ("duplicate.of", "warn")
    assert "2026-000001" in finding["message"]
    assert "是同一文件，内容有改动" in finding["message"]
    assert finding["other"] == 1


def test_the_same_title_and_text_is_a_duplicate_over_spaces_and_punctuation(store: Store, settings: Settings) -> None:
    take(store, settings, found(), found("关于做好 森林防火工作的通知。", text=TEXT.replace("，", " ,\n")))
    assert duplicates(store) == [None, 1]
    assert "同一文件重发" in drafts(store)[1].findings[0]["message"]


def test_the_same_scan_is_a_duplicate_though_it_has_no_text(store: Store, settings: Settings) -> None:
    scan, blob = file("扫描件.pdf", b"pixels", role="main")
    once = reading(found(text="", attachments=(scan,)), blobs=(blob,))
    take(store, settings, once, once)
    assert duplicates(store) == [None, 1]


def test_the_third_of_a_kind_names_the_first(store: Store, settings: Settings) -> None:
    take(store, settings, found(), found(), found())
    assert duplicates(store) == [None, 1, 1]


@pytest.mark.parametrize(
    "later",
    [
        found("蔬菜价格", text="11月18日：白菜每斤九角，萝卜每斤七角，土豆每斤一元二角。"),
        found("蔬菜价格", issued_on=date(2026, 11, 19), text="白菜每斤八角，萝卜每斤七角，土豆每斤一元二角。"),
        found("价格公示", text="白菜每斤八角，萝卜每斤七角，土豆每斤一元二角。"),
    ],
    ids=["other text", "other date", "other title"],
)
def test_serial_posts_are_no_duplicates(store: Store, settings: Settings, later: Found) -> None:
    take(store, settings, found("蔬菜价格", text="白菜每斤八角，萝卜每斤七角，土豆每斤一元二角。"), later)
    assert duplicates(store) == [None, None]


def test_a_number_that_comes_every_year_proves_nothing(store: Store, settings: Settings) -> None:
    number = "第9号"
    take(store, settings, found("公告", document_number=number, text="甲"), found("命令", document_number=number))
    assert duplicates(store) == [None, None]


def test_posts_without_number_title_or_text_are_not_all_the_same(store: Store, settings: Settings) -> None:
    nameless, short = found("", text=""), found("图片新闻", text="图")
    take(store, settings, nameless, nameless, short, short)
    assert duplicates(store) == [None] * 4


def test_what_another_unit_sends_is_its_own(store: Store, settings: Settings) -> None:
    number = "甲政发〔2026〕8号"
    one = found(document_number=number)
    take(store, settings, one, reading(one, unit="乙镇人民政府"), reading(one, unit=None), reading(one, unit=None))
    assert duplicates(store) == [None] * 4


@pytest.mark.parametrize("state", ["quarantined", "returned", "rejected", "withdrawn"])
def test_what_comes_after_one_that_never_made_it_is_the_first(store: Store, settings: Settings, state: str) -> None:
    taken(store, settings, reading(found()), raw=b"one")
    move(store, 1, state=state)
    taken(store, settings, reading(found()), raw=b"two")
    assert duplicates(store) == [None, None]


def test_one_message_can_hold_the_same_document_twice(store: Store, settings: Settings) -> None:
    taken(store, settings, reading(found(), found()))
    assert duplicates(store) == [None, 1]


def test_a_secrets_title_is_not_told(store: Store, settings: Settings) -> None:
    number, mark = "甲政发〔2026〕8号", Finding("secret.marking", "block", "密级")
    taken(store, settings, reading(found("不可说", document_number=number, findings=(mark,))), raw=b"one")
    move(store, 1, state="pending")
    taken(store, settings, reading(found(document_number=number)), raw=b"two")
    assert "不可说" not in str(drafts(store)[1].findings)
    assert duplicates(store) == [None, 1]


NEWS = (
    "近日，甲镇组织干部群众开展森林防火宣传活动。志愿者走村入户发放明白纸，现场讲解火灾案例，要求各村落实巡查责任，"
    "严禁野外用火，加强值班值守，确保群众生命财产安全。下一步，该镇将持续做好防火巡查，压实各级责任，严防火灾发生。"
)
SERIES = (
    "本月全镇空气质量优良天数为{}天，优良率为{}%，PM2.5平均浓度为{}微克每立方米，同比下降{}%，"
    "全镇环境空气质量总体保持稳定，各项污染物浓度均达到国家二级标准。"
)

RUNS = count()
EDITOR, CHIEF = Actor(1, "王芳", "editor"), Actor(2, "李强", "chief")


def long(title: str, text: str, **values: Any) -> Found:
    return found(title, text=text, fingerprint=fingerprint(text), **({"issued_on": None} | values))


def told(store: Store) -> str:
    [finding] = [one for one in drafts(store)[-1].findings if one["code"] == "duplicate.of"]
    return str(finding["message"])


def test_nearly_the_same_text_of_a_unit_is_told_and_counts(store: Store, settings: Settings) -> None:
    take(store, settings, long("甲镇开展防火宣传", NEWS), long("甲镇扎实做好防火工作", NEWS.replace("近日", "日前")))
    assert duplicates(store) == [None, None]
    assert "内容相近" in told(store)


def test_a_corrected_text_under_its_title_counts_once(store: Store, settings: Settings) -> None:
    take(store, settings, long("甲镇开展防火宣传", NEWS), long("甲镇开展防火宣传", NEWS.replace("明白纸", "宣传单")))
    assert duplicates(store) == [None, 1]
    assert "内容有改动，疑为更正或重报" in told(store)


def test_what_another_unit_reprints_is_told_with_whose_it_was(store: Store, settings: Settings) -> None:
    again = reading(long("森林防火宣传进乡村", NEWS), unit="乙镇人民政府")
    take(store, settings, long("甲镇开展防火宣传", NEWS), again)
    assert duplicates(store) == [None, None]
    assert "疑为转载自甲镇人民政府" in told(store)


def test_another_document_under_the_same_number_is_told_and_counts(store: Store, settings: Settings) -> None:
    number = "甲政发〔2026〕8号"
    take(store, settings, long("关于防火的通知", NEWS, document_number=number))
    other = long("关于王某同志任职的决定", SERIES.format(1, 2, 3, 4), document_number=number)
    taken(store, settings, reading(other), raw=b"other")
    assert duplicates(store) == [None, None]
    assert "同一文号而标题不同" in told(store)


def test_documents_of_other_numbers_are_told_apart_whatever_they_share(store: Store, settings: Settings) -> None:
    take(store, settings, *(long(f"批复{at}", NEWS, document_number=f"甲政复〔2026〕{at}号") for at in (1, 2)))
    assert drafts(store)[1].findings == []


def test_drafts_of_one_mail_may_be_alike(store: Store, settings: Settings) -> None:
    taken(store, settings, reading(long("致王庄村", NEWS), long("致李庄村", NEWS.replace("该镇", "该村"))))
    assert drafts(store)[1].findings == []


def test_a_secret_is_looked_up_by_nobody(store: Store, settings: Settings) -> None:
    secret = long("不可说", NEWS, findings=(Finding("secret.marking", "block", "密级"),))
    take(store, settings, secret, reading(long("防火宣传", NEWS), unit="乙镇人民政府"))
    assert drafts(store)[1].findings == []


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(1, 99), min_size=8, max_size=8, unique=True))
def test_no_issue_of_a_series_is_a_duplicate(store: Store, settings: Settings, measured: list[int]) -> None:
    run = next(RUNS)
    for month in (measured[:4], measured[4:]):
        issue = reading(long("环境空气质量状况", SERIES.format(*month)), unit=f"{run}号镇")
        taken(store, settings, issue, raw=f"{run} {month}".encode())
    first, second = drafts(store)[-2:]
    assert second.duplicate_of is None
    assert first.receipt not in str(second.findings)


def test_a_repealed_draft_is_found_by_its_number_and_by_its_name(store: Store, settings: Settings) -> None:
    old = (
        found("关于印发《甲镇供水管理办法（试行）》的通知"),
        found("防火办法", document_number="甲政发〔2020〕3号", text="旧"),
    )
    ends = "本办法自印发之日起施行，《甲镇供水管理办法》（甲政发〔2020〕3号）同时废止。"
    take(store, settings, *old, found("甲镇供水管理办法", text=ends))
    excerpts = [one["excerpt"] for one in drafts(store)[2].findings if one["code"] == "supersedes"]
    assert [excerpt[:11] for excerpt in excerpts] == ["2026-000001", "2026-000002"]


def test_what_another_unit_calls_so_is_not_repealed(store: Store, settings: Settings) -> None:
    take(store, settings, reading(found("供水管理办法"), unit="乙镇人民政府"), found(text="《供水管理办法》同时废止。"))
    assert drafts(store)[1].findings == []


def test_both_drafts_say_what_the_other_is_to_them(store: Store, settings: Settings) -> None:
    old = found(document_number="甲政发〔2020〕3号")
    take(store, settings, old, found("关于废止文件的决定", text="《某办法》（甲政发〔2020〕3号）同时废止。"))
    with store.read() as session:
        said = {at: [(one.id, one.said) for one in related(session, at, EDITOR)] for at in (1, 2)}
    assert said == {1: [(2, "本篇已由该稿废止")], 2: [(1, "本篇废止了该稿")]}


def test_an_editor_is_not_shown_a_secret_that_is_related(store: Store, settings: Settings) -> None:
    take(store, settings, found(), found())
    move(store, 1, secret=True)
    with store.read() as session:
        assert related(session, 2, EDITOR) == ()
        assert [one.id for one in related(session, 2, CHIEF)] == [1]
