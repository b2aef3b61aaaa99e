"""News: its title, its byline, and no date that nobody signed."""

from datetime import date

import pytest

from parsers.article import is_byline, is_caption, read_article, read_elements
from tests.parsers.papers import office, paper

OFFICE = office()
NEWS = (
    "清河镇：春耕忙 农机助力抢农时\n3月12日，清河镇田间地头机声隆隆，春耕全面展开。\n"
    "2026年3月10日起，全镇已播种5000亩。\n（清河镇 王芳）"
)


def test_news_has_title_and_byline_and_no_date() -> None:
    found = read_elements(paper(NEWS), OFFICE)
    assert found.form == "article"
    assert found.title == "清河镇：春耕忙 农机助力抢农时"
    assert found.byline == "清河镇 王芳"
    assert found.issued_on is None
    assert found.text.startswith("3月12日")


@pytest.mark.parametrize("end", ["通讯员 王芳\n2026年3月12日", "2026年3月12日", "供稿：王芳　2026年3月12日"])
def test_a_date_that_no_organ_signs_is_none(end: str) -> None:
    assert read_elements(paper(f"清河镇开展植树活动\n3月12日，清河镇植树500棵。\n{end}"), OFFICE).issued_on is None


def test_a_date_below_the_headline_is_none() -> None:
    assert read_elements(paper("清河镇开展植树活动\n2026年3月12日\n清河镇植树500棵。"), OFFICE).issued_on is None


def test_an_organ_that_signs_news_dates_it() -> None:
    found = read_elements(paper("清河镇开展植树活动\n3月12日，植树500棵。\n清河镇人民政府\n2026年3月12日"), OFFICE)
    assert found.issued_on == date(2026, 3, 12)


def test_the_line_that_the_subject_repeats_is_the_title() -> None:
    found = read_article(
        paper("编辑部老师好\n清河镇开展植树活动\n3月12日，植树500棵。"), OFFICE, subject="转发：清河镇开展植树活动"
    )
    assert found.title == "清河镇开展植树活动"


def test_a_text_that_begins_with_its_lead_is_titled_by_the_subject() -> None:
    found = read_elements(
        paper("本报讯（记者 王芳）清河镇植树500棵。\n活动持续三天。"), OFFICE, subject="清河镇开展植树活动"
    )
    assert found.title == "清河镇开展植树活动"
    assert "本报讯" in found.text


def test_a_signed_notice_is_a_document_and_not_news() -> None:
    found = read_elements(paper("停电公告\n因检修停电。\n县民政局\n2026年3月12日"), OFFICE)
    assert (found.form, found.issued_on) == ("official", date(2026, 3, 12))


def test_a_headline_about_a_document_is_news() -> None:
    found = read_elements(paper("县政府印发《临川县供水管理办法》\n近日，县政府印发了办法。"), OFFICE)
    assert found.form == "article"


def test_the_first_subheading_of_a_text_without_a_headline_stays_in_the_text() -> None:
    words = "一、强化组织领导\n清河镇召开春耕部署会。\n二、强化技术服务\n组织技术员下乡。"
    found = read_elements(paper(words), OFFICE, subject="清河镇多措并举推进春耕")
    assert (found.title, found.text) == ("清河镇多措并举推进春耕", words)


@pytest.mark.parametrize("text", ["（记者 王芳 通讯员 李明）", "供稿：王芳", "来源：县融媒体中心", "责任编辑：李明"])
def test_bylines(text: str) -> None:
    assert is_byline(text)


@pytest.mark.parametrize(
    "text", ["记者在现场看到，这里机声隆隆，一派繁忙景象。", "来源地环境良好，适合种植。", "通讯员队伍建设得到加强。"]
)
def test_sentences_are_no_bylines(text: str) -> None:
    assert not is_byline(text)


def test_captions_are_set_apart() -> None:
    found = read_elements(paper("清河镇植树\n3月12日，植树500棵。\n图为植树现场"), OFFICE)
    assert found.captions == ("图为植树现场",)
    assert not is_caption("图书馆今日开放。")
