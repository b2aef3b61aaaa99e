"""Columns: by type word, topic and precedence, from the config alone; never against `from`."""

from dataclasses import replace

import pytest

from parsers.asked import asked_column
from parsers.columns import choose
from parsers.office import Column, Office
from tests.parsers.papers import COLUMNS, office

OFFICE = office()
FINANCE, TOWN, COUNTY, MEDIA = "临川县财政局", "清河镇人民政府", "临川县人民政府办公室", "临川县融媒体中心"


def column(title: str, unit: str | None = FINANCE, where: Office = OFFICE, **more: object) -> str | None:
    return choose(title, where.unit(unit), where, **more).column  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("关于做好决算编制工作的通知", "文件"),
        ("关于采购法培训的通知", "文件"),
        ("关于开展采购领域专项整治的通知", "文件"),
        ("办公设备采购项目中标公告", "采购信息"),
        ("供水设备竞争性磋商公告（第二次）", "采购信息"),
        ("临川县人民政府关于张某等同志任免职务的通知", "人事"),
        ("关于举办任职培训班的通知", "文件"),
        ("《临川县供水管理办法》解读", "解读"),
        ("图解：临川县供水管理办法", "解读"),
        ("临川县供水管理办法（试行）", "规章"),
        ("拟录用人员公示", "公告公示"),
        ("残疾人证办理问答", "问答"),
        ("县政府采购中心关于召开座谈会的通知", "文件"),
        ("清河镇2026年“三公”经费预算公开", "资金"),
        ("致农民朋友的一封信", "公告公示"),
        ("临川县2026年部门预算", "资金"),
        ("10千伏线路停电公告", "便民"),
        ("县财政局召开预算执行分析会", "部门动态"),
        ("县财政局政府采购工作获省级表彰", "部门动态"),
    ],
)
def test_the_type_word_and_precedence_decide(title: str, wanted: str) -> None:
    assert column(title) == wanted


def test_news_goes_to_the_column_that_the_units_kind_may_file_in() -> None:
    title = "深入一线开展安全检查"
    assert [column(title, unit) for unit in (TOWN, FINANCE, MEDIA)] == ["乡镇动态", "部门动态", "县内要闻"]


def test_without_a_unit_the_names_in_the_title_say_whose_news_it_is() -> None:
    assert column("清河镇：春耕忙", unit=None) == "乡镇动态"
    assert column("县财政局开展走访", unit=None) == "部门动态"


def test_from_forbids_whatever_the_title_says() -> None:
    assert column("关于王某等同志任免职务的通知", unit=TOWN) == "文件"
    choice = choose("关于王某等同志任免职务的通知", OFFICE.unit(TOWN), OFFICE, asked_for="人事")
    assert choice.column == "文件"


def test_from_binds_only_where_the_unit_is_known() -> None:
    assert column("关于王某等同志任免职务的通知", unit=None) == "人事"


def test_a_column_that_the_note_asks_for_counts_most() -> None:
    choice = choose("10千伏线路停电公告", OFFICE.unit(FINANCE), OFFICE, asked_for="公告公示")
    assert (choice.column, choice.confidence) == ("公告公示", 0.97)
    assert "公告公示" in choice.reason


def test_a_regulation_under_its_cover_notice_is_the_more_specific() -> None:
    text = "各镇：\n现印发给你们。\n临川县供水管理办法\n第一条　为了加强管理，制定本办法。"
    assert column("关于印发《临川县供水管理办法》的通知", lead=text) == "规章"
    assert column("关于印发供暖工作方案的通知", lead="各镇：\n现印发给你们。") == "文件"


def test_a_headline_about_a_document_is_news() -> None:
    assert column("县政府出台《临川县供水管理办法》") == "部门动态"


def test_a_column_for_certain_issuers_takes_only_theirs_and_is_preferred() -> None:
    where = office((*COLUMNS, Column("县政府文件", issuers=("临政发", "临政办发"))))
    assert column("关于做好供暖工作的通知", COUNTY, where, number="临政发〔2026〕1号") == "县政府文件"
    assert column("关于做好供暖工作的通知", FINANCE, where, number="临财发〔2026〕1号") == "文件"


def test_columns_without_roles_speak_by_their_keywords() -> None:
    where = office(tuple(replace(one, role=None) for one in COLUMNS))
    assert column("办公设备采购项目中标公告", where=where) == "采购信息"
    assert column("清河镇开展植树活动", TOWN, where) == "乡镇动态"
    assert column("关于供暖的通知", where=where) == "文件"
    assert column("《临川县供水管理办法》解读", where=where) == "解读"


def test_renaming_every_column_changes_nothing_but_the_names() -> None:
    renamed = {one.name: f"栏{place}" for place, one in enumerate(COLUMNS)}
    where = office(tuple(replace(one, name=renamed[one.name]) for one in COLUMNS))
    for title in ("停电公告", "关于供暖的通知", "县财政局开展走访", "任免通知", "采购公告", "供水管理办法"):
        assert column(title, where=where) == renamed[str(column(title))]


def test_without_a_type_word_a_number_or_a_signature_makes_a_document() -> None:
    assert column("冬季供暖服务手册", number="临财发〔2026〕3号") == "文件"
    assert column("冬季供暖服务手册", dated=True) == "文件"
    assert column("冬季供暖服务手册", dated=False) == "部门动态"
    assert column("县财政局开展走访", dated=True) == "部门动态"


def test_a_column_for_pictures_takes_short_texts_with_pictures() -> None:
    pictures = Column("图说", ("media",), ("图片新闻", "组图", "摄影"), role="news")
    where = office((pictures, *COLUMNS))
    assert column("秋粮归仓", MEDIA, where, lead="图为收割现场。", pictures=3) == "图说"
    assert column("秋粮归仓", MEDIA, where, lead="记者从县里获悉。" * 50, pictures=3) == "县内要闻"
    assert column("秋粮归仓", MEDIA, where, lead="秋粮归仓。") == "县内要闻"


def test_null_only_where_nothing_fits() -> None:
    where = office((Column("采购信息", keywords=("采购",), role="procurement"),))
    choice = choose("清河镇：春耕忙", None, where)
    assert (choice.column, choice.confidence) == (None, 0.0)
    assert choose("任意", None, office(())).column is None


def test_confidence_falls_where_the_title_says_nothing() -> None:
    sure = choose("办公设备采购项目中标公告", OFFICE.unit(FINANCE), OFFICE).confidence
    unsure = choose("春到清河", None, OFFICE).confidence
    assert sure >= 0.9
    assert unsure < 0.6


def test_a_type_word_that_several_columns_share_is_less_sure_than_one_that_is_not() -> None:
    shared = choose("清河镇供暖工作方案", OFFICE.unit(TOWN), OFFICE)
    own = choose("关于做好供暖工作的通知", OFFICE.unit(TOWN), OFFICE)
    assert shared.column == own.column == "文件"
    assert shared.confidence < 0.9 <= own.confidence


def test_a_topic_is_less_sure_where_a_document_is_about_it() -> None:
    assert choose("关于停电的通知", OFFICE.unit(FINANCE), OFFICE).confidence < 0.9


def test_an_event_is_sure_where_the_units_kind_has_one_column_for_its_news() -> None:
    assert choose("清河镇开展植树活动", OFFICE.unit(TOWN), OFFICE).confidence >= 0.9
    assert choose("县里开展植树活动", None, OFFICE).confidence < 0.9


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("县城区供水工程（第一批）预公示", "采购信息"),
        ("供水管网改造项目（第二次）公告", "采购信息"),
        ("关于供暖工程施工期间停水的公告", "便民"),
        ("关于申报教师资格的通知", "文件"),
        ("关于任职资格评审的通知", "文件"),
    ],
)
def test_tenders_and_appointments_are_known_by_more_than_one_word(title: str, wanted: str) -> None:
    assert column(title) == wanted


def test_a_regulation_under_its_cover_notice_leaves_doubt_where_its_text_is_not_seen() -> None:
    choice = choose("关于印发《临川县供水管理办法（2026年版）》的通知", OFFICE.unit(FINANCE), OFFICE)
    assert (choice.column, choice.confidence < 0.9) == ("文件", True)
    assert choice.scores[1][0] == "规章"


def test_the_reason_names_whole_words_and_the_scores_are_in_order() -> None:
    choice = choose("10千伏线路停电公告", OFFICE.unit(FINANCE), OFFICE)
    assert "停电" in choice.reason
    assert [score for _, score in choice.scores] == sorted((score for _, score in choice.scores), reverse=True)
    assert {"便民", "公告公示"} <= {name for name, _ in choice.scores}


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        ("请在公告公示栏发布。", "公告公示"),
        ("请发布到“人事”栏目", "人事"),
        ("请在“部门动态”发布，谢谢", "部门动态"),
        ("请更新问答栏目", "问答"),
        ("请发布在公示栏目", "公告公示"),
        ("解读更新：供水办法解读", "解读"),
        ("请勿发在部门动态栏目", None),
        ("现将部门动态稿件一篇报上", None),
        ("请查收。", None),
        ("", None),
    ],
)
def test_what_a_covering_note_asks_for(note: str, wanted: str | None) -> None:
    assert asked_column(note, OFFICE) == wanted
