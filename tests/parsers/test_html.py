"""Any HTML becomes a small clean vocabulary, and cleaning twice changes nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.html import blocks, clean, read_html, read_pieces

DIGEST = "a" * 64
PICTURES = {"cid:p1@x": DIGEST, "http://a.cn/p.png": "b" * 64}


def test_font_and_span_soup_becomes_a_paragraph() -> None:
    soup = '<div><font face="仿宋"><span style="font-size:16pt">关于<span>做好</span></span></font>防汛工作</div>'
    assert clean(soup) == "<p>关于做好防汛工作</p>"


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<b>a</b><strong>b</strong>", "<p><strong>ab</strong></p>"),
        ('<span style="font-weight:700">a</span>b', "<p><strong>a</strong>b</p>"),
        ('<b><span style="font-weight:normal">a</span></b>', "<p>a</p>"),
        ("<i>a</i><u>b</u>x<sup>2</sup>y<sub>1</sub>", "<p><em>a</em><u>b</u>x<sup>2</sup>y<sub>1</sub></p>"),
        ("<u><b>a</b></u>", "<p><strong><u>a</u></strong></p>"),
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h6>d</h6>", "<h2>a</h2><h2>b</h2><h3>c</h3><h4>d</h4>"),
        ("<h2><b>a</b></h2>", "<h2>a</h2>"),
        ("<p><b>一、总体要求</b></p>", "<h3>一、总体要求</h3>"),
        ("<p><b>重点内容</b></p>", "<p><strong>重点内容</strong></p>"),
        ("<p><b>一、要落实责任，加强值守。</b></p>", "<p><strong>一、要落实责任，加强值守。</strong></p>"),
        ("a &lt;b&gt; &amp; c", "<p>a &lt;b&gt; &amp; c</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<blockquote>a</blockquote>", "<blockquote><p>a</p></blockquote>"),
        ('<blockquote style="margin:0 0 0 40px;border:none">a</blockquote>', "<p>a</p>"),
    ],
)
def test_the_vocabulary(html: str, cleaned: str) -> None:
    assert clean(html) == cleaned


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<ol><li>a<li>b</ol>", "<p>1. a</p><p>2. b</p>"),
        ('<ol start="3"><li>a<li value="7">b<li>c</ol>', "<p>3. a</p><p>7. b</p><p>8. c</p>"),
        ("<ol><li><p>a</p><li> <p>b</p></ol>", "<p>1. a</p><p>2. b</p>"),
        ("<p>在<del>旧</del><ins>新</ins>处", "<p>在<u>新</u>处</p>"),
        ("<ol><li>a<ol><li>x</ol><li>b</ol>", "<p>1. a</p><p>1. x</p><p>2. b</p>"),
    ],
)
def test_numbers_of_lists_become_text(html: str, cleaned: str) -> None:
    assert clean(html) == cleaned


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<!-- x -->",
        "<!--[if gte mso 9]><xml>x</xml><![endif]-->",
        '<div style="DISPLAY: none">x</div>',
        '<p style="visibility:hidden">x</p>',
        "<span style='mso-hide:all'>x</span>",
        "<div hidden>x</div>",
        "<title>x</title>",
        "<svg><text>x</text></svg>",
        "<select><option>x</select>",
        '<table style="display:none"><tr><td>x<td>y</table>',
        "<o:p></o:p>",
        "<p>&nbsp;</p>",
        "<p>　　</p>",
        "<img src='http://track.cn/o.gif'>",
        "<img src='cid:unknown'>",
        f"<img width=1 height=1 src='cid:p1@x'>",  # noqa: F541
        "<iframe src='http://a.cn'>x</iframe>",
        "<input value='x'>",
    ],
)
def test_what_a_reader_does_not_see_is_gone(hidden: str) -> None:
    assert clean(f"<p>前</p>{hidden}<p>后</p>", PICTURES) == "<p>前</p><p>后</p>"


def test_no_attribute_of_scripts_or_styles_survives() -> None:
    html = '<p onclick="x()" class="a" id="b" style="color:red" lang="zh">a</p><a href="javascript:x()">b</a>'
    assert clean(html) == "<p>a</p><p>b</p>"


def test_links_of_the_web_and_of_mail_stay() -> None:
    html = '<p><a href="https://a.cn/?a=1&b=2" target="_blank">一</a>、<a href="mailto:a@b.cn">二</a></p>'
    assert clean(html) == '<p><a href="https://a.cn/?a=1&amp;b=2">一</a>、<a href="mailto:a@b.cn">二</a></p>'


@pytest.mark.parametrize(
    "html", ["http://a.cn/", "/etc/passwd", "<?xml version='1.0'?><p>a</p>", "<?xml:namespace prefix=o />a"]
)
def test_text_that_looks_like_something_else_is_read_as_html(html: str) -> None:
    assert clean(html) in ("<p>http://a.cn/</p>", "<p>/etc/passwd</p>", "<p>a</p>")


@pytest.mark.parametrize(
    "href", ["java\nscript:x", "data:text/html,x", "file:///etc/passwd", "//a.cn", "http://[", " vbscript:x"]
)
def test_other_links_are_only_text(href: str) -> None:
    assert clean(f'<a href="{href}">a</a>') == "<p>a</p>"


def test_indents_and_empty_lines_are_dropped() -> None:
    html = "<div>　　第一段。</div><div><br></div><div>&nbsp;&nbsp;&nbsp;&nbsp;第二段。&nbsp;</div>"
    assert clean(html) == "<p>第一段。</p><p>第二段。</p>"


def test_a_line_end_of_the_source_between_chinese_characters_is_nothing() -> None:
    assert clean("<p>关于做好\r\n防汛工作 的\nnotice\nof 2026</p>") == "<p>关于做好防汛工作 的 notice of 2026</p>"


def test_a_title_of_two_lines_is_one_paragraph_and_full_sentences_are_two() -> None:
    assert clean("<p>青石镇人民政府<br>关于防汛工作的通知</p>") == "<p>青石镇人民政府<br>关于防汛工作的通知</p>"
    sentence = "为切实做好今年的防汛工作，确保人民群众生命财产安全，现就有关事项通知如下。"
    assert clean(f"<p>{sentence}<br>{sentence}</p>") == f"<p>{sentence}</p>" * 2
    assert clean("<p>　　一<br>　　二</p>") == "<p>一</p><p>二</p>"
    assert clean("<div>一<br>二</div>") == "<p>一</p><p>二</p>"


def test_an_empty_line_before_a_block_is_told() -> None:
    pieces = read_pieces("<div>a</div><div>b</div><div><br></div><div>c</div><br><br>d", {}, lambda _: "")
    assert [(piece.block.text, piece.gap) for piece in pieces if piece.block] == [
        ("a", False), ("b", False), ("c", True), ("d", True),
    ]  # fmt: skip


def test_zones_are_told_from_the_outside_in() -> None:
    html = '<div id="q">a<div id="s">b</div></div><hr id="r">c'
    pieces = read_pieces(html, {}, lambda tag: str(tag.get("id", "")))
    assert [(piece.block and piece.block.text, piece.zone) for piece in pieces] == [
        ("a", "/q"), ("b", "/q/s"), (None, "/r"), ("c", ""),
    ]  # fmt: skip


def test_styles_are_kept_beside_the_blocks() -> None:
    html = "<p align=center style='font-size:22pt'><b>标题</b></p><center><font size=5>副题</font></center><p>正文</p>"
    assert [(block.centered, block.bold, block.size) for block in read_html(html)] == [
        (True, True, 22.0), (True, False, 18.0), (False, False, None),
    ]  # fmt: skip


def test_pictures_stand_in_their_place_with_their_caption() -> None:
    html = '<p>前<img src="cid:p1@x" alt="防汛现场">后</p><img src="http://a.cn/p.png" alt="IMG_01.jpg">'
    shown = read_html(html, PICTURES)
    assert [block.kind for block in shown] == ["paragraph", "picture", "paragraph", "picture"]
    assert shown[1].html == f'<p><img src="sha256:{DIGEST}" alt="防汛现场"></p>'
    assert 'alt=""' in shown[3].html


def test_word_pictures_come_once() -> None:
    html = (
        '<p><!--[if gte vml 1]><v:imagedata src="cid:p1@x"/><![endif]--><![if !vml]><img src="cid:p1@x"><![endif]></p>'
        '<p><v:shape><v:imagedata src="cid:p1@x"></v:imagedata></v:shape><img src="cid:p1@x"></p>'
    )
    assert clean(html, PICTURES).count("<img") == 2


def test_a_mail_cannot_name_the_pictures_of_others() -> None:
    html = f'<img src="sha256:{"c" * 64}"><img src="sha256:{DIGEST}">'
    assert [block.html.count(DIGEST) for block in read_html(html, PICTURES)] == [1]
    assert clean(html).count("<img") == 2  # what is clean already stays


# --- tables ----------------------------------------------------------------------------------------------------------

DATA = "<table border=1><tr><td>姓名<td>职务</tr><tr><td>王芳<td>镇长</tr></table>"
CLEAN_DATA = "<table><tbody><tr><td>姓名</td><td>职务</td></tr><tr><td>王芳</td><td>镇长</td></tr></tbody></table>"


@pytest.mark.parametrize(
    "html",
    [
        DATA,
        DATA.replace("border=1", ""),
        DATA.replace("border=1", 'border=0 width="100%"'),
        DATA.replace("border=1", 'class="MsoTableGrid"'),
        DATA.replace("border=1", 'width="9"').replace(
            "<td>", '<td style="border:solid windowtext 1.0pt"><p><o:p></o:p>'
        ),
        f'<table width="100%" border="0"><tr><td>{DATA}</td></tr></table>',
    ],
)
def test_tables_of_data_are_tables(html: str) -> None:
    assert clean(html) == CLEAN_DATA


def test_the_text_of_a_table_has_tabs_and_lines() -> None:
    (table,) = read_html(DATA)
    assert (table.kind, table.text) == ("table", "姓名\t职务\n王芳\t镇长")


@pytest.mark.parametrize(
    "html",
    [
        "<table border=1><tr><td><p>一</p><p>二</p></table>",
        '<table width="600"><tr><td>一</td></tr><tr><td>二</td></tr></table>',
        "<table><tr><td width=5></td><td width=600>一<p>二</td></tr></table>",
        f"<table border=1><tr><td>一<td>{DATA}</table>".replace(DATA, "<table><tr><td>二</table>"),
    ],
)
def test_tables_of_layout_are_paragraphs(html: str) -> None:
    assert clean(html) == "<p>一</p><p>二</p>"


def test_merged_cells_heads_and_captions_stay() -> None:
    html = (
        '<table border=1><caption>表1</caption><thead><tr><th colspan="2" style="x">合计</th></tr></thead>'
        '<tr><td rowspan="999999">a<br>b</td><td colspan="1">c</td></tr></table>'
    )
    assert clean(html) == (
        '<p>表1</p><table><thead><tr><th colspan="2">合计</th></tr></thead>'
        "<tbody><tr><td>a<br>b</td><td>c</td></tr></tbody></table>"
    )


def test_an_empty_table_is_nothing() -> None:
    assert clean("<table border=1><tr><td> <td>&nbsp;</table>") == ""


# --- properties ------------------------------------------------------------------------------------------------------

ALLOWED = re.compile(r"</?(h[2-4]|p|br|strong|em|u|sub|sup|ul|li|blockquote|table|thead|tbody|tr|th|td|img|a)\b")
WORDS = [
    "关于防汛",
    "一、要求",
    "　　首行",
    " ",
    "&nbsp;",
    "\n",
    "a b",
    "<",
    "&lt;x&gt;",
    "。" * 40,
    "\x0b\u200b",
    "长" * 50,
]
ODD = ["&#x1F600;", "\ud800", "http://a.cn", "<?xml version='1.0'?>"]
TEXTS = st.sampled_from([*WORDS, *ODD])
BLOCK_TAGS = "p div h1 h3 h5 ul ol li table tr td th thead tbody blockquote pre center"
INLINE_TAGS = "span b i u font sup a br hr img o:p v:imagedata"
TAGS = st.sampled_from([*BLOCK_TAGS.split(), *INLINE_TAGS.split()])
ATTRIBUTES = st.sampled_from(
    [
        "",
        " border=1",
        " hidden",
        ' style="font-weight:bold;text-align:center"',
        ' style="font-weight:400"',
        ' style="display:none"',
        ' style="white-space:pre"',
        ' href="http://a.cn/&quot;"',
        ' href="javascript:x"',
        ' src="cid:p1@x" alt="&quot;题"',
        f' src="sha256:{DIGEST}"',
        ' colspan="3"',
        ' start="4"',
        ' type="cite"',
        ' class="MsoTableGrid"',
        ' width="2"',
    ]
)
TREES = st.recursive(
    TEXTS,
    lambda inside: st.builds(
        lambda tag, attributes, children: f"<{tag}{attributes}>{''.join(children)}</{tag}>",
        TAGS,
        ATTRIBUTES,
        st.lists(inside, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_cleaning_twice_changes_nothing(html: str) -> None:
    once = clean(html, PICTURES)
    assert clean(once, PICTURES) == once
    assert clean(once) == once


@settings(max_examples=200, deadline=None)
@given(TREES | st.text(max_size=200) | st.text("<>/=\"' abpt!-[]&;#x", max_size=200))
def test_nothing_but_the_vocabulary_survives(html: str) -> None:
    cleaned = clean(html, PICTURES)
    assert len(ALLOWED.findall(cleaned)) == cleaned.count("<")
    assert not re.search(r"<[^>]*\s(on\w+|style|class|id)=", cleaned)
    cleaned.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_clean_html_has_the_blocks_that_it_was_made_of(html: str) -> None:
    once = clean(html, PICTURES)
    assert [block.text for block in blocks(once)] == [block.text for block in blocks(clean(once))]
