"""Columns of yet another office: topics beside type words, roles left out, keywords that overlap or are missing."""

from dataclasses import replace

import pytest

from parsers.columns import choose
from parsers.office import Column, Office, Unit

BUREAUS, TOWNS, OUTPOSTS, SCHOOLS = "委办局", "乡镇场", "垂直单位", "学校医院"
UNITS = (
    Unit("云泽县人民政府办公室", BUREAUS, ("县政府办", "云泽县人民政府"), document_prefixes=("云政发", "云政办发")),
    Unit("云泽县民政局", BUREAUS, ("县民政局",)),
    Unit("云泽县财政局", BUREAUS, ("县财政局",)),
    Unit("云泽县教育局", BUREAUS, ("县教育局",)),
    Unit("云泽县招商服务中心", BUREAUS, ("县招商中心",)),
    Unit("石桥乡人民政府", TOWNS, ("石桥乡",)),
    Unit("云泽县气象局", OUTPOSTS, ("云泽县气象台",)),
    Unit("云泽县第一中学", SCHOOLS, ("云泽一中",)),
    Unit("云泽县融媒体中心", "媒体"),
)
COLUMNS = (
    Column("民意征集", keywords=("征求意见", "民意征集", "征集")),
    Column("规划总结", keywords=("规划", "计划", "工作总结", "工作要点")),
    Column("代表建议委员提案", (BUREAUS,), ("建议的答复", "提案的答复", "建议办理")),
    Column("应急管理", keywords=("预警", "应急响应", "防汛", "防火", "禁火令")),
    Column("惠民惠农", keywords=("补贴", "救助", "津贴", "低保")),
    Column("预算决算", keywords=("预算", "决算", "三公")),
    Column("招生教育", keywords=("招生", "教育", "入学")),
    Column("招考招聘", (BUREAUS, SCHOOLS), ("招聘", "招录", "选调", "拟聘用", "笔试", "面试")),
    Column("招商动态", (BUREAUS,), ("招商", "签约")),
    Column("领导讲话", keywords=("讲话", "致辞")),
    Column("函件批复", keywords=("批复", "复函", "函"), role="document"),
    Column("县政府文件", keywords=("通知", "意见"), issuers=("云政发", "云政办发"), role="document"),
    Column("公文库", keywords=("通知", "意见", "决定", "通报"), role="document"),
    Column("公告栏", keywords=("公告", "通告", "公示"), role="notice"),
    Column("政策问答", keywords=("问答", "答疑"), role="qa"),
    Column("解读", keywords=("解读", "图解"), role="interpretation"),
    Column("办事", keywords=("办事指南", "办理流程"), role="permit"),
    Column("人事", (BUREAUS,), ("任免", "任职", "免职"), role="appointment"),
    Column("交易", keywords=("采购", "招标", "中标"), role="procurement"),
    Column("规章", (BUREAUS,), ("管理办法", "实施细则", "规定"), role="law"),
    Column("部门快报", (BUREAUS, OUTPOSTS, SCHOOLS), ("快报",), role="dynamic"),
    Column("乡镇快报", (TOWNS,), ("快报",), role="dynamic"),
    Column("云泽要闻", ("媒体",), ("要闻",), role="news"),
    Column("公共交通"),
)
OFFICE = Office("编辑部", "desk@yunze.example.cn", "0000-1", "Asia/Shanghai", UNITS, COLUMNS)
HALL, CIVIL, MONEY, TOWN, SKY, SCHOOL = (UNITS[at].name for at in (0, 1, 2, 5, 6, 7))


def column(title: str, unit: str | None = None, where: Office = OFFICE, **more: object) -> str | None:
    return choose(title, where.unit(unit), where, **more).column  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("80周岁以上老年人高龄津贴申领问答", "政策问答"),
        ("农机购置补贴常见问题答疑", "政策问答"),
        ("义务教育招生入学百问百答", "政策问答"),
        ("医疗救助政策问答（第二期）", "政策问答"),
        ("低保政策解答", "政策问答"),
        ("临时救助办事指南", "办事"),
        ("残疾人两项补贴办理流程（2026年修订）", "办事"),
        ("《云泽县医疗救助实施细则》政策解读", "解读"),
        ("图解：2026年云泽县部门预算", "解读"),
        ("云泽县教育局办公设备采购中标公告", "交易"),
        ("云泽县人民政府关于教育局王某某等同志任免职务的通知", "人事"),
    ],
)
def test_a_title_that_ends_in_the_form_of_the_text_is_of_that_form_whatever_it_is_about(
    title: str, wanted: str
) -> None:
    assert column(title) == wanted


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("云泽县第一中学2026年公开招聘教师公告", "招考招聘"),
        ("关于公开招聘社区工作者的公告", "招考招聘"),
        ("云泽县2026年事业单位公开招聘拟聘用人员公示", "招考招聘"),
        ("关于2026年选调生面试的公告", "招考招聘"),
        ("关于公开征求《云泽县养犬管理规定（征求意见稿）》意见的公告", "民意征集"),
        ("关于《云泽县城市更新办法》公开征求意见的通知", "民意征集"),
        ("关于征集2027年民生实事项目的公告", "民意征集"),
        ("云泽县财政局2025年度部门决算公开报告", "预算决算"),
        ("关于云泽县2025年财政决算和2026年上半年预算执行情况的报告", "预算决算"),
        ("关于批复2026年部门预算的通知", "预算决算"),
        ("云泽县2026年“三公”经费预算", "预算决算"),
        ("云泽县2026年春季森林防火禁火令", "应急管理"),
        ("云泽县气象台发布暴雨橙色预警信号", "应急管理"),
        ("关于启动防汛四级应急响应的通知", "应急管理"),
        ("关于解除大风蓝色预警的通告", "应急管理"),
        ("对县十八届人大五次会议第12号建议的答复", "代表建议委员提案"),
        ("关于对县政协第7号提案的答复的函", "代表建议委员提案"),
        ("2026年第三季度耕地地力保护补贴发放公示", "惠民惠农"),
        ("云泽县“十五五”教育发展规划", "规划总结"),
        ("云泽县民政局2025年工作总结", "规划总结"),
        ("在全县安全生产工作会议上的讲话", "领导讲话"),
        ("关于公共交通线路调整的公告", "公共交通"),
    ],
)
def test_a_topic_counts_where_the_title_ends_in_it_or_in_a_type_word_of_it(title: str, wanted: str) -> None:
    assert column(title) == wanted


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("云泽县民政局关于加强低保对象动态管理工作的通知", "公文库"),
        ("云泽县财政局关于开展惠农补贴资金专项检查的通知", "公文库"),
        ("云泽县财政局关于做好2027年预算编制培训工作的通知", "公文库"),
        ("云泽县教育局关于开展冬季校园安全检查的通知", "公文库"),
        ("云泽县教育局关于校车临时停运的公告", "公告栏"),
        ("云泽县招商服务中心关于搬迁办公地址的公告", "公告栏"),
        ("关于国庆期间因教育考试需要对县城部分道路实行临时交通管制的通告", "公告栏"),
        ("云泽县人民政府办公室关于表扬防汛救灾先进集体的通报", "公文库"),
        ("关于同意设立石桥乡人民调解委员会的批复", "函件批复"),
        ("关于商请支持公路建设的函", "函件批复"),
        ("关于印发《云泽县救助站管理办法》的通知", "公文库"),
        ("节约用水倡议书", "公告栏"),
        ("云泽县人民政府第20次常务会议纪要", "公文库"),
        ("关于建立河湖长效管护制度", "公文库"),
    ],
)
def test_a_topic_amid_the_words_before_the_type_word_or_in_a_units_name_does_not(title: str, wanted: str) -> None:
    assert column(title) == wanted


def test_a_column_for_certain_documents_leaves_the_others_to_the_general_one_of_its_role() -> None:
    assert column("云泽县安全生产责任制度") == "公文库"
    reordered = replace(OFFICE, columns=tuple(reversed(COLUMNS)))
    assert column("云泽县安全生产责任制度", where=reordered) == "公文库"
    assert column("手册", where=reordered, number="云财〔2026〕3号") == "公文库"


def test_the_order_of_columns_in_the_config_decides_nothing_that_the_title_says() -> None:
    reordered = replace(OFFICE, columns=tuple(reversed(COLUMNS)))
    for title in ("停水公告", "关于春节放假的通知", "高龄津贴问答", "教师招聘公告", "2026年部门预算", "任免通知"):
        assert column(title, where=reordered) == column(title)


def test_documents_of_certain_issuers_go_to_their_column() -> None:
    assert column("关于做好春耕生产的通知", HALL, number="云政办发〔2026〕8号") == "县政府文件"
    assert column("关于做好春耕生产的通知", MONEY, number="云财〔2026〕8号") == "公文库"
    assert column("云泽县2026年招聘公告", HALL, number="云政发〔2026〕9号") == "招考招聘"


def test_news_goes_by_the_kind_of_unit_whatever_topic_it_tells_of() -> None:
    assert column("石桥乡：防火宣传进村屯", TOWN) == "乡镇快报"
    assert column("县民政局开展低保对象走访", CIVIL) == "部门快报"
    assert column("县气象局开展防汛演练", SKY) == "部门快报"
    assert column("云泽一中举行新生入学典礼", SCHOOL) == "部门快报"
    assert column("全县教育大会召开", UNITS[8].name) == "云泽要闻"


def test_from_sends_a_town_to_the_notices_where_its_kind_may_not_file_with_the_topic() -> None:
    assert column("石桥乡人民政府公开招聘护林员公告", TOWN) == "公告栏"
    assert column("关于李某任职的通知", TOWN) == "公文库"


def test_columns_without_roles_are_told_by_their_keywords_alone() -> None:
    where = replace(OFFICE, columns=tuple(replace(one, role=None) for one in COLUMNS))
    for title in (
        "80周岁以上老年人高龄津贴申领问答",
        "办公家具采购中标公告",
        "关于王某任免职务的通知",
        "《云泽县养犬管理规定》解读",
        "关于春节放假的通知",
        "停水公告",
        "教师招聘公告",
        "临时救助办事指南",
    ):
        assert column(title, where=where) == column(title), title


@pytest.mark.parametrize(
    ("keywords", "title", "wanted"),
    [
        (("公告", "招聘公告"), "教师招聘公告", "甲"),
        (("公告",), "教师招聘公告", "乙"),
        (("中标公告",), "办公家具采购中标公告", "交易"),
    ],
)
def test_of_keywords_that_hold_one_another_the_longer_counts(
    keywords: tuple[str, ...], title: str, wanted: str
) -> None:
    others = tuple(one for one in COLUMNS if one.name in {"公告栏", "交易", "公文库"})
    where = replace(OFFICE, columns=(*others, Column("甲", keywords=keywords), Column("乙", keywords=("招聘",))))
    assert column(title, where=where) == wanted


def test_a_name_alone_says_what_a_column_without_keywords_is_for() -> None:
    where = replace(OFFICE, columns=(Column("招聘信息"), Column("公文库", role="document"), Column("公示公告")))
    assert column("云泽县教师招聘公告", where=where) == "招聘信息"
    assert column("云泽县停水公告", where=where) == "公示公告"
    assert column("关于放假的通知", where=where) == "公文库"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("市民来信：关于路灯不亮的答复", "问政"),
        ("关于12345热线咨询的回复", "问政"),
        ("群众投诉供暖温度不达标问题的答复", "问政"),
        ("建议增加公交车次", "问政"),
        ("关于做好信访投诉办理工作的通知", "公文库"),
        ("关于同意调整公交线路的批复", "公文库"),
    ],
)
def test_letters_of_citizens_and_their_answers_are_told_from_documents_about_them(title: str, wanted: str) -> None:
    where = replace(OFFICE, columns=(Column("公文库", role="document"), Column("问政", keywords=("来信", "投诉"))))
    named = replace(where, columns=(where.columns[0], replace(where.columns[1], role="consultation")))
    assert column(title, where=named) == wanted


def test_a_name_does_not_outweigh_keywords_that_say_something_else() -> None:
    assert column("领导班子成员分工") != "领导讲话"
    assert column("机构简介", dated=True) == "公文库"
