"""Word files as they print: numbers written out, nothing hidden leaks, nothing is told twice."""

from __future__ import annotations

import io

import pytest
from docx import Document

from parsers import attachments
from parsers.attachments.word_numbering import numeral
from parsers.budgets import Budget
from parsers.content import Content
from parsers.readers import NoReaders
from tests.parsers.attachments.cfb import ole
from tests.parsers.attachments.files import W, docx, numbered, numbering, p, packed, picture, word_part

LIST = {"l1": ("numbering", "numbering.xml")}


def read(data: bytes, name: str = "通知.docx") -> Content:
    return attachments.read(name, data, NoReaders())


def lines(content: Content) -> list[str]:
    return content.text.split("\n")


def test_automatic_numbers_are_written_out_as_they_print() -> None:
    levels = numbering(("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    body = (
        numbered("甲") + numbered("乙", 1) + numbered("丙", 2) + numbered("丁", 2) + numbered("戊", 1) + numbered("己")
    )
    assert lines(read(docx(body + numbered("庚", 1), LIST, {"numbering.xml": levels}))) == [
        "一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "二、己", "（一）庚",
    ]  # fmt: skip


def test_articles_are_parted_from_their_number_by_a_space() -> None:
    levels = numbering(("chineseCountingThousand", "第%1条"), ("decimal", "%1.%2"))
    content = read(docx(numbered("为加强管理") + numbered("细则", 1), LIST, {"numbering.xml": levels}))
    assert lines(content) == ["第一条 为加强管理", "一.1 细则"]


def test_a_list_that_starts_anew_counts_anew() -> None:
    anew = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    levels = numbering(("decimal", "%1."), extra=anew)
    body = numbered("甲") + numbered("乙") + numbered("丙", list_id=2) + numbered("丁", list_id=2)
    assert lines(read(docx(body, LIST, {"numbering.xml": levels}))) == ["1.甲", "2.乙", "1.丙", "2.丁"]


def test_numbers_come_from_a_paragraph_style_too() -> None:
    style = (
        '<w:style w:type="paragraph" w:styleId="biaoti"><w:pPr><w:outlineLvl w:val="0"/>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    )
    related = LIST | {"s1": ("styles", "styles.xml")}
    body = p("总则", '<w:pStyle w:val="biaoti"/>')
    content = read(
        docx(
            body,
            related,
            {"numbering.xml": numbering(("chineseCounting", "第%1章")), "styles.xml": word_part("styles", style)},
        )
    )
    assert content.blocks[0].text == "第一章 总则"
    assert content.blocks[0].kind == "heading"
    assert content.blocks[0].html == "<h2><strong>第一章 总则</strong></h2>"


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 12, "十二"), ("chineseCounting", 20, "二十"),
        ("chineseCountingThousand", 105, "一百〇五"), ("chineseCountingThousand", 110, "一百一十"),
        ("japaneseCounting", 21, "二十一"), ("chineseLegalSimplified", 12, "壹拾贰"), ("ideographTraditional", 3, "丙"),
        ("decimalEnclosedCircle", 5, "⑤"), ("decimalEnclosedCircle", 21, "21"), ("upperRoman", 14, "XIV"),
        ("lowerLetter", 27, "aa"), ("decimalFullWidth", 12, "１２"), ("decimalZero", 3, "03"), ("none", 3, ""),
    ],
)  # fmt: skip
def test_numerals(form: str, number: int, written: str) -> None:
    assert numeral(number, form) == written


def test_what_is_deleted_or_hidden_or_a_comment_is_not_in_the_text_but_is_screened() -> None:
    body = (
        "<w:p><w:r><w:t>公开</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏字</w:t></w:r></w:p>"
    )
    comments = word_part("comments", f'<w:comment w:id="0">{p("领导批示")}</w:comment>')
    content = read(docx(body, {"c1": ("comments", "comments.xml")}, {"comments.xml": comments}))
    assert content.text == "公开新增"
    assert all(word in content.hidden_text for word in ("删去", "移走", "藏字", "领导批示"))
    assert [found.code for found in content.findings] == ["text.revisions"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>上半</w:t></w:r></w:p>" + p("下半")
    assert read(docx(body)).text == "上半下半"


def test_a_deleted_row_is_gone() -> None:
    row = "<w:tr>{0}<w:tc>" + p("甲{1}") + "</w:tc><w:tc>" + p("乙{1}") + "</w:tc></w:tr>"
    rows = row.format("", 1) + row.format("<w:trPr><w:del/></w:trPr>", 2) + row.format("", 3)
    assert read(docx(f"<w:tbl>{rows}</w:tbl>")).text == "甲1\t乙1\n甲3\t乙3"


def test_a_text_box_is_told_once() -> None:
    box = f"<w:txbxContent>{p('桓台县财政局文件')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        + box
        + "</wps:txbx></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><v:textbox>"
        + box
        + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(docx(body)).text == "桓台县财政局文件"


def test_of_a_field_only_the_result_is_shown() -> None:
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText><w:t>指令</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    assert read(docx(body)).text == "结果"


def test_headers_footers_and_notes_stand_apart() -> None:
    body = (
        '<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        '<w:sectPr><w:headerReference r:id="h1"/><w:footerReference r:id="f1"/></w:sectPr>'
    )
    notes = f'<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="2">{p("注释")}</w:footnote>'
    related = {"h1": ("header", "header1.xml"), "f1": ("footer", "footer1.xml"), "n1": ("footnotes", "footnotes.xml")}
    content = read(
        docx(
            body,
            related,
            {
                "header1.xml": word_part("hdr", p("桓财〔2026〕9号")),
                "footer1.xml": word_part("ftr", p("— 1 —")),
                "footnotes.xml": word_part("footnotes", notes),
            },
        )
    )
    assert content.text == "正文[1]"
    assert [(block.place, block.text) for block in content.blocks if block.place != "body"] == [
        ("header", "桓财〔2026〕9号"),
        ("note", "[1] 注释"),
    ]


def test_notes_are_counted_by_their_place_in_the_text() -> None:
    found = (("footnote", 9), ("footnote", 4), ("endnote", 7))
    marks = "".join(f'<w:r><w:{kind}Reference w:id="{at}"/></w:r>' for kind, at in found)
    foot = "".join(f'<w:footnote w:id="{at}">{p(f"注{at}")}</w:footnote>' for at in (4, 9))
    notes = {
        "footnotes.xml": word_part("footnotes", foot),
        "endnotes.xml": word_part("endnotes", f'<w:endnote w:id="7">{p("尾注")}</w:endnote>'),
    }
    related = {"a": ("footnotes", "footnotes.xml"), "b": ("endnotes", "endnotes.xml")}
    content = read(docx(f"<w:p>{marks}</w:p>", related, notes))
    assert [block.text for block in content.blocks] == ["[1][2][i]", "[1] 注9", "[2] 注4", "[i] 尾注"]


def test_merged_cells_keep_their_spans() -> None:
    body = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("镇") + "</w:tc>"
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("数量") + "</w:tc></w:tr>"
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>"
        + p("1")
        + "</w:tc><w:tc>"
        + p("2")
        + "</w:tc></w:tr></w:tbl>"
    )
    assert read(docx(body)).html == (
        '<table><tbody><tr><td rowspan="2">镇</td><td colspan="2">数量</td></tr>'
        "<tr><td>1</td><td>2</td></tr></tbody></table>"
    )


def test_a_table_of_one_column_is_layout() -> None:
    rows = "".join(f"<w:tr><w:tc>{p(text)}</w:tc></w:tr>" for text in ("抄送：县委办公室", "县政府办公室印发"))
    assert [block.kind for block in read(docx(f"<w:tbl>{rows}</w:tbl>")).blocks] == ["paragraph", "paragraph"]


def test_pictures_stand_in_place_and_are_kept() -> None:
    drawing = '<w:p><w:r><w:drawing><wp:docPr descr="播种现场"/><a:blip r:embed="i1"/></w:drawing></w:r></w:p>'
    content = read(docx(p("前") + drawing + p("后"), {"i1": ("image", "media/a.png")}, {"media/a.png": picture()}))
    assert [block.kind for block in content.blocks] == ["paragraph", "picture", "paragraph"]
    assert content.blocks[1].html == f'<p><img src="sha256:{content.blobs[0].sha256}" alt="播种现场"></p>'


def test_a_picture_on_another_server_is_never_asked_for() -> None:
    drawing = '<w:p><w:r><w:drawing><a:blip r:link="i1" r:embed="i1"/></w:drawing></w:r></w:p>'
    content = read(docx(p("文") + drawing, {"i1": ("image", "http://127.0.0.1:1/x.png")}))
    assert content.blobs == ()
    assert content.text == "文"


@pytest.mark.parametrize(("target", "kept"), [("https://www.huantai.gov.cn/", True), ("file://server/share", False)])
def test_only_links_of_the_web_are_kept(target: str, kept: bool) -> None:
    body = '<w:p><w:hyperlink r:id="l1"><w:r><w:t>网址</w:t></w:r></w:hyperlink></w:p>'
    html = read(docx(body, {"l1": ("hyperlink", target)})).html
    assert html == (f'<p><a href="{target}">网址</a></p>' if kept else "<p>网址</p>")


def test_looks_are_told() -> None:
    run = '<w:b/><w:sz w:val="44"/>'
    block = read(docx(p("关于防火的通知", '<w:jc w:val="center"/>', run))).blocks[0]
    assert (block.centered, block.bold, block.size) == (True, True, 22.0)


def test_what_the_text_says_is_escaped() -> None:
    assert read(docx(p("&lt;script&gt;alert(1)&lt;/script&gt;"))).html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_a_file_of_python_docx_is_read_in_order() -> None:
    document = Document()
    document.add_heading("总则", 1)
    document.add_paragraph("第一段")
    table = document.add_table(2, 2)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(number)
    document.add_paragraph("末段")
    out = io.BytesIO()
    document.save(out)
    assert read(out.getvalue()).text == "总则\n第一段\n0\t1\n2\t3\n末段"


def test_macros_are_told_and_the_text_read() -> None:
    content = read(docx(p("正文"), parts={"vbaProject.bin": b"x"}), "通知.docm")
    assert (content.kind, content.status, content.text) == ("docx", "read", "正文")
    assert [found.code for found in content.findings] == ["attachment.macro"]


def test_a_broken_side_part_does_not_cost_the_text() -> None:
    content = read(docx(p("正文"), {"s1": ("styles", "styles.xml")}, {"styles.xml": "<w:styles"}))
    assert content.text == "正文"
    assert [found.code for found in content.findings] == ["attachment.partly_read"]


def test_the_strict_form_of_the_standard_is_read() -> None:
    strict = f"<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'><w:body>{p('严格')}</w:body></w:document>"
    assert read(packed({"[Content_Types].xml": "", "word/document.xml": strict})).text == "严格"


def test_word_files_that_are_one_xml_file_are_read() -> None:
    w2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
    old = f'<?xml version="1.0"?><w:wordDocument xmlns:w="{w2003}"><w:body>{p("旧版")}</w:body></w:wordDocument>'
    flat = (
        '<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        '<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>'
        f'<w:document xmlns:w="{W}"><w:body>{p("扁平")}</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>'
    )
    assert [read(text.encode(), "通知.doc").text for text in (old, flat)] == ["旧版", "扁平"]
    assert read(old.encode(), "通知.doc").kind == "docx"


def test_more_text_than_the_budget_is_cut_at_a_paragraph() -> None:
    content = attachments.read("a.docx", docx(p("一二三四五") * 10), NoReaders(), Budget(text=12))
    assert content.text == "一二三四五\n一二三四五"


def test_word_2003_keeps_its_lists_notes_heads_and_changes_apart() -> None:
    w2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
    aml = "http://schemas.microsoft.com/aml/2001/core"
    levels = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:nfc w:val="37"/><w:lvlText w:val="%1、"/></w:lvl>'
    lists = f'<w:listDef w:listDefId="0">{levels}</w:listDef><w:list w:ilfo="1"><w:ilst w:val="0"/></w:list>'
    listed = p("内容", '<w:listPr><w:ilvl w:val="0"/><w:ilfo w:val="1"/></w:listPr>')
    note = f"<w:r><w:footnote>{p('注')}</w:footnote></w:r>"
    changes = (
        '<aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>旧</w:delText></w:r></aml:content>'
        '</aml:annotation><aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>新</w:t></w:r></aml:content>'
        f'</aml:annotation><w:r><aml:annotation w:type="Word.Comment"><aml:content>{p("批")}</aml:content>'
        "</aml:annotation></w:r>"
    )
    merges = ('<w:vmerge w:val="restart"/>', "<w:vmerge/>")
    rows = (f"<w:tr><w:tc><w:tcPr>{merge}</w:tcPr>{p('镇')}</w:tc><w:tc>{p('村')}</w:tc></w:tr>" for merge in merges)
    column = "".join(rows)
    body = f"{listed}<w:p>{changes}{note}</w:p><w:tbl>{column}</w:tbl><w:sectPr><w:hdr>{p('红头')}</w:hdr></w:sectPr>"
    content = read(
        f'<?xml version="1.0"?><w:wordDocument xmlns:w="{w2003}" xmlns:aml="{aml}"><w:lists>{lists}</w:lists>'
        f"<w:body>{body}</w:body></w:wordDocument>".encode(),
        "通知.doc",
    )
    assert [block.text for block in content.blocks] == ["红头", "一、内容", "新[1]", "镇\t村\n村", "[1] 注"]
    assert [found.code for found in content.findings] == ["text.revisions"]


def _native(name: str, data: bytes) -> bytes:
    """A file as Windows packs it into a document."""
    path = b"C:\\" + name.encode("gbk") + b"\0"
    inner = b"\2\0" + name.encode("gbk") + b"\0" + path + b"\0\0\3\0" + len(path).to_bytes(4, "little") + path
    inner += len(data).to_bytes(4, "little") + data
    return ole({"\x01Ole10Native": len(inner).to_bytes(4, "little") + inner})


def test_files_dropped_into_a_document_are_its_members() -> None:
    sheet = packed({"[Content_Types].xml": "", "xl/workbook.xml": "<x/>"})
    related = {
        "a": ("oleObject", "embeddings/oleObject1.bin"),
        "b": ("package", "embeddings/Microsoft_Excel_Sheet.xlsx"),
        "c": ("oleObject", "embeddings/oleObject2.bin"),
        "d": ("oleObject", "embeddings/lost.bin"),
    }
    parts = {
        "embeddings/oleObject1.bin": _native("附表.pdf", b"%PDF-1.4"),
        "embeddings/Microsoft_Excel_Sheet.xlsx": sheet,
        "embeddings/oleObject2.bin": ole({"Equation Native": b"x"}),
    }
    found = read(docx(p("见附表"), related, parts)).members
    assert [(member.name, member.data) for member in found] == [("附表.pdf", b"%PDF-1.4"), ("", sheet)]


def test_a_document_cut_off_gives_the_text_that_is_left() -> None:
    body = "".join(p(f"第{at}段，{chr(0x4E00 + at * 7)}{chr(0x5E00 + at * 3)}") for at in range(400))
    whole = docx(body)
    assert read(whole).status == "read"
    content = read(whole[: len(whole) // 2])
    lines = content.text.split("\n")
    assert content.status == "damaged"
    assert content.findings[0].code == "attachment.damaged"
    assert 50 < len(lines) < 400
    assert lines[:3] == read(whole).text.split("\n")[:3]


def test_a_broken_piece_ends_the_text_there() -> None:
    whole = bytearray(docx("".join(p(f"第{at}段{chr(0x4E00 + at * 7)}") for at in range(400))))
    middle = whole.find(b"word/document.xml") + 2500
    whole[middle : middle + 40] = bytes(range(200, 240))
    content = read(bytes(whole))
    assert content.status == "damaged"
    assert content.text.startswith("第0段")


def test_a_document_of_which_nothing_is_left_is_damaged() -> None:
    content = read(docx(p("文"))[:60])
    assert (content.status, content.text) == ("damaged", "")
