"""OpenDocument text as it prints."""

from __future__ import annotations

import zipfile

from parsers import attachments
from parsers.content import Content
from parsers.readers import NoReaders
from tests.parsers.attachments.files import packed, picture

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
_STYLES = (
    '<office:automatic-styles><style:style style:name="T" style:family="paragraph">'
    '<style:paragraph-properties fo:text-align="center"/>'
    '<style:text-properties fo:font-size="22pt" fo:font-weight="bold"/>'
    '</style:style><style:style style:name="H" style:family="text">'
    '<style:text-properties text:display="none"/></style:style>'
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-suffix="、" '
    'style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="2" style:num-prefix="（" '
    'style:num-suffix="）" style:num-format="1"/></text:list-style></office:automatic-styles>'
)


def read(body: str, **parts: bytes) -> Content:
    content = (
        f'<office:document-content {_NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink">{_STYLES}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    data = packed(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
        | {name.replace("__", "/"): part for name, part in parts.items()},
        zipfile.ZIP_STORED,
    )
    return attachments.read("通知.odt", data, NoReaders())


def test_looks_are_told() -> None:
    block = read('<text:p text:style-name="T">关于防火的通知</text:p>').blocks[0]
    assert (block.text, block.centered, block.bold, block.size) == ("关于防火的通知", True, True, 22.0)


def test_numbers_are_written_out() -> None:
    item = "<text:list-item><text:p>{0}</text:p>{1}</text:list-item>".format
    inner = f"<text:list>{item('乙', '')}</text:list>"
    items = item("甲", inner) + item("丙", "")
    assert read(f'<text:list text:style-name="L">{items}</text:list>').text == "一、甲\n（1）乙\n二、丙"


def test_deleted_hidden_and_commented_text_is_not_shown() -> None:
    content = read(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p>公开<text:span text:style-name="H">藏字</text:span>'
        "<office:annotation><text:p>批示</text:p></office:annotation></text:p>"
    )
    assert content.text == "公开"
    assert content.hidden_text == "藏字"
    assert [found.code for found in content.findings] == ["text.revisions"]


def test_spaces_breaks_and_notes() -> None:
    content = read(
        '<text:p>甲<text:s text:c="3"/>乙<text:line-break/>丙<text:note><text:note-citation>1</text:note-citation>'
        "<text:note-body><text:p>注</text:p></text:note-body></text:note></text:p>"
    )
    assert content.text == "甲   乙\n丙[1]"
    assert [(block.place, block.text) for block in content.blocks[1:]] == [("note", "[1] 注")]


def test_merged_cells_and_pictures() -> None:
    cell = "<table:table-cell{0}><text:p>{1}</text:p></table:table-cell>".format
    first = cell(' table:number-columns-spanned="2"', "合并") + "<table:covered-table-cell/>"
    rows = (f"<table:table-row>{row}</table:table-row>" for row in (first, cell("", "1") + cell("", "2")))
    table = f"<table:table>{''.join(rows)}</table:table>"
    frame = '<text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame></text:p>'
    content = read(table + frame, **{"Pictures__a.png": picture()})
    assert content.blocks[0].html == (
        '<table><tbody><tr><td colspan="2">合并</td></tr><tr><td>1</td><td>2</td></tr></tbody></table>'
    )
    assert content.blocks[1].html == f'<p><img src="sha256:{content.blobs[0].sha256}" alt=""></p>'


def test_a_locked_odt_is_told() -> None:
    manifest = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        b"</manifest:manifest>"
    )
    assert read("", **{"META-INF__manifest.xml": manifest}).status == "encrypted"
