"""Makes the files of this folder with the programs that people use; they are committed, so tests need none of them.

Usage: python -m tests.files.make     (needs LibreOffice 7, pandoc, 7z, zip; pillow-heif for the one HEIC)

What LibreOffice stamps into a file (times, versions) differs from run to run; what the files say doesn't.

`office-locked.*` are not made here: LibreOffice locks a file only when driven through its API (Python-UNO), which
did so once with office-notice.odt, office-fund.ods, office-policy.odp and pandoc-news.odt.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image, ImageDraw

from tests.parsers.attachments.files import R, docx, p, packed, word_part

HERE = Path(__file__).resolve().parent
PASSWORD = "lx2026"
_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
_NEWS = """\
# 临溪县林业局开展春季义务植树

3月12日，临溪县林业局组织**干部职工**开展义务植树，共栽植侧柏*2600*余株[^1]。

## 活动安排

1. 领取树苗
2. 挖坑栽植
3. 浇水培土

- 自带水杯
- 注意安全

| 地点     | 树种 | 株数 |
|----------|------|-----:|
| 北山林场 | 侧柏 | 1600 |
| 西河滩   | 旱柳 | 1000 |

H~2~O 与 m^2^ 见[林业网](https://ly.example.cn/)。

> 植树造林，功在当代。

[^1]: 数据截至当日17时。
"""
_SLIDES = """\
# 春季造林政策解读

## 补助标准

- 侧柏每亩补助500元
- 经济林每亩补助300元

## 申报流程

1. 村集体申报
2. 乡镇审核

## 进度表

| 阶段 | 时限 |
|------|------|
| 申报 | 4月底 |
| 验收 | 11月底 |
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _texts(work)
        _sheets(work)
        _slides(work)
        _packed(work)
        _pictures()
        _saved_page()


def _texts(work: Path) -> None:
    (HERE / "hand-notice.docx").write_bytes(_sound(_notice()))
    (HERE / "hand-form.docx").write_bytes(_sound(docx(_form())))
    for name in ("notice", "form"):
        source = HERE / f"hand-{name}.docx"
        for ending, export in _WRITER.items():
            _office(source, HERE / f"office-{name}.{ending}", ending, export)
    shutil.copy(HERE / "office-notice.doc", HERE / "office-notice.wps")
    (work / "news.md").write_text(_NEWS, encoding="utf-8")
    for ending in ("docx", "odt", "rtf", "html"):
        _run("pandoc", "-s", "--metadata", "title=义务植树", work / "news.md", "-o", HERE / f"pandoc-news.{ending}")
    _office(HERE / "pandoc-news.odt", HERE / "office-news.doc", "doc", _WRITER["doc"])


def _sound(data: bytes) -> bytes:
    """With what other programs ask of a package: the types of its parts, and which one is the document."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    names = [name for name in parts if name.startswith("word/") and name.endswith(".xml")]
    types = "".join(f'<Override PartName="/{name}" ContentType="{_TYPE}.{_main_word(name)}+xml"/>' for name in names)
    parts["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
    )
    parts["_rels/.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="d" '
        f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return packed(parts)


def _main_word(name: str) -> str:
    word = name.removeprefix("word/").removesuffix(".xml").rstrip("0123456789")
    return "document.main" if word == "document" else word


_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_WRITER = {
    "docx": "MS Word 2007 XML",
    "doc": "MS Word 97",
    "rtf": "Rich Text Format",
    "odt": "writer8",
    "pdf": "writer_pdf_Export",
    "html": "HTML (StarWriter)",
    "xml": "MS Word 2003 XML",
}


def _notice() -> bytes:
    """Numbered on three levels, a table with merged cells, a note, a text box, changes, a comment, hidden text."""
    relations = {
        "l": ("numbering", "numbering.xml"),
        "n": ("footnotes", "footnotes.xml"),
        "h": ("header", "header1.xml"),
        "c": ("comments", "comments.xml"),
    }
    header = word_part("hdr", p("临溪县林业局文件", '<w:jc w:val="center"/>'))
    ends = "".join(
        f'<w:footnote w:type="{kind}" w:id="{at}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for at, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    note = f'<w:footnote w:id="1">{p("含补植补造面积。")}</w:footnote>'
    comment = f'<w:comment w:id="1" w:author="审稿人" w:initials="s">{p("批注不应泄露")}</w:comment>'
    parts = {
        "numbering.xml": _numbering(),
        "footnotes.xml": word_part("footnotes", ends + note),
        "header1.xml": header,
        "comments.xml": word_part("comments", comment),
    }
    section = '<w:sectPr><w:headerReference w:type="default" r:id="h"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    return docx(_notice_body() + section, relations, parts)


def _notice_body() -> str:
    centered, right = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
    noted = (
        '<w:p><w:r><w:t>全县计划完成造林8000亩</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
        '<w:commentRangeStart w:id="1"/><w:r><w:t>，按下表分解。</w:t></w:r><w:commentRangeEnd w:id="1"/>'
        '<w:r><w:commentReference w:id="1"/></w:r></w:p>'
    )
    by = 'w:author="x" w:date="2026-03-01T00:00:00Z"'
    changed = (
        "<w:p><w:r><w:t>督查时间为</w:t></w:r>"
        f'<w:del w:id="8" {by}><w:r><w:delText>删去的三月</w:delText></w:r></w:del>'
        f'<w:ins w:id="9" {by}><w:r><w:t>四月上旬</w:t></w:r></w:ins>'
        "<w:r><w:t>。</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏文字不应出现</w:t></w:r></w:p>"
    )
    return "".join(
        (
            p("临林发〔2026〕8号", centered),
            p("临溪县林业局关于开展春季造林督查的通知", centered, '<w:b/><w:sz w:val="44"/>'),
            p("各乡镇人民政府，局属各单位："),
            noted,
            _listed("督查内容", 0),
            _listed("造林质量", 1),
            _listed("整地是否达标；", 2),
            _listed("苗木是否合格。", 2),
            _listed("资金使用", 1),
            _listed("督查方式", 0),
            _listed("实地查看", 1),
            changed,
            _merged_table(),
            _text_box("联系人：赵明，电话：0917-3320000"),
            p("临溪县林业局", right),
            p("2026年3月2日", right),
        )
    )


def _listed(text: str, depth: int) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>')


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for at, (form, text) in enumerate(_LEVELS)
    )
    one = f'<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    return word_part("numbering", f'{one}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>')


def _cell(text: str, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{properties}</w:tcPr>{p(text)}</w:tc>'


def _table(rows: Sequence[str], columns: int) -> str:
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = '<w:gridCol w:w="2000"/>' * columns
    body = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    return (
        f"<w:tbl><w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"
    )


def _merged_table() -> str:
    two, first, more = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    return _table(
        (
            _cell("乡镇", first) + _cell("任务（亩）", two),
            _cell("", more) + _cell("侧柏") + _cell("经济林"),
            _cell("石桥镇") + _cell("3000") + _cell("1200"),
            _cell("竹园乡") + _cell("2500") + _cell("1300"),
        ),
        3,
    )


def _form() -> str:
    """A form as units send it: nested merges, several lines in a cell, an empty column."""
    wide, four = '<w:gridSpan w:val="3"/>', '<w:gridSpan w:val="4"/>'
    first, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    lines = f'<w:tc><w:tcPr><w:tcW w:w="6000" w:type="dxa"/>{wide}</w:tcPr>{p("符合条件。")}{p("经办人：钱进")}</w:tc>'
    rows = (
        _cell("姓名") + _cell("孙丽") + _cell("住址") + _cell("石桥镇东街"),
        _cell("家庭成员", first) + _cell("称谓") + _cell("姓名") + _cell("备注"),
        _cell("", more) + _cell("配偶") + _cell("李强") + _cell(""),
        _cell("", more) + _cell("子女") + _cell("李小") + _cell("在校"),
        _cell("审核意见") + lines,
        _cell("说明：本表一式两份。", four),
    )
    return p("临时救助申请审批表", '<w:jc w:val="center"/>') + _table(rows, 4) + p("填表日期：2026年4月1日")


def _text_box(text: str) -> str:
    return (
        '<w:p><w:r><w:pict><v:shape id="t1" type="#_x0000_t202" style="width:300pt;height:40pt">'
        f"<v:textbox><w:txbxContent>{p(text)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


def _sheets(work: Path) -> None:
    _book().save(HERE / "openpyxl-fund.xlsx")
    source = HERE / "openpyxl-fund.xlsx"
    for ending, export in _CALC.items():
        _office(source, HERE / f"office-fund.{ending}", ending, export)
    shutil.copy(HERE / "office-fund.xls", HERE / "office-fund.et")
    shutil.move(HERE / "office-fund.html", HERE / "web-fund.xls")
    gbk = "csv:Text - txt - csv (StarCalc):44,34,GB18030,1"
    _run("soffice", *_profile(work), "--headless", "--convert-to", gbk, "--outdir", work, source)
    shutil.move(work / "openpyxl-fund.csv", HERE / "office-fund.csv")
    _formats().save(HERE / "openpyxl-formats.xlsx")
    _office(HERE / "openpyxl-formats.xlsx", HERE / "office-formats.xls", "xls", _CALC["xls"])
    shutil.copy(HERE / "office-formats.xls", HERE / "office-formats.et")


_CALC = {
    "xls": "MS Excel 97",
    "xlsx": "Calc MS Excel 2007 XML",
    "ods": "calc8",
    "pdf": "calc_pdf_Export",
    "html": "HTML (StarCalc)",
}


def _book() -> Any:
    """Dates, money, shares and formulas with formats of their own, merged heads, a second and a hidden sheet."""
    import datetime

    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "资金"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet["A1"] = "2026年造林补助资金发放表"
    sheet.merge_cells("A1:E1")
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append(["乡镇", "面积", None, "补助金额", "发放日期"])
    sheet.append([None, "计划", "完成", None, None])
    sheet.merge_cells("B2:C2")
    for column in "ADE":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.append(["石桥镇", 3000, 0.955, 1234567.5, datetime.date(2026, 3, 5)])
    sheet.append(["竹园乡", 2500, 1, 98000, datetime.date(2026, 11, 20)])
    sheet.append(["合计", "=SUM(B4:B5)", None, "=SUM(D4:D5)", None])
    formats = {"B": "#,##0", "C": "0.0%", "D": "#,##0.00", "E": 'yyyy"年"m"月"d"日"'}
    for row in (4, 5, 6):
        for column, form in formats.items():
            sheet[f"{column}{row}"].number_format = form
    for column in "ABCDE":
        sheet.column_dimensions[column].width = 18
    side = Side(style="thin")
    for line in sheet["A2:E6"]:
        for cell in line:
            cell.border = Border(side, side, side, side)
    second = book.create_sheet("名单")
    for line in (("序号", "姓名", "编号"), (1, "周敏", "0012"), (2, "吴刚", "0107")):
        second.append(line)
    hidden = book.create_sheet("底稿")
    hidden["A1"] = "底稿不应列出"
    hidden.sheet_state = "hidden"
    return book


def _formats() -> Any:
    """The same day and the same numbers as units have them shown."""
    import datetime

    day, moment = datetime.date(2026, 3, 5), datetime.datetime(2026, 3, 5, 14, 30)
    formats: list[tuple[object, str]] = [
        (day, 'yyyy"年"m"月"d"日"'), (day, 'm"月"d"日"'), (day, 'yyyy"年"m"月"'), (day, '[$-804]yyyy"年"m"月"d"日";@'),
        (day, "yyyy/m/d"), (day, "yyyy.m.d"), (day, "yyyy-mm-dd"), (day, "yy-m-d"), (day, "d-mmm-yy"),
        (moment, "yyyy/m/d h:mm"), (moment, "h:mm"), (moment, "yyyy-m-d hh:mm:ss"), (moment, "h:mm AM/PM"),
        (datetime.time(9, 5), "h:mm"), (1.5, "[h]:mm"), (12.5, "0.00"), (0.15, "0%"), (0.153, "0.0%"),
        (1234567.891, "#,##0.00"), (-1234.5, "¥#,##0.00;[Red]-¥#,##0.00"), (12.5, '0.0"万元"'), (-5, "#,##0_);(#,##0)"),
        (0, '#,##0;-#,##0;"-"'), (12.5, "General"),
    ]  # fmt: skip
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["格式", "显示"])
    for value, form in formats:
        sheet.append([form, value])
        sheet.cell(sheet.max_row, 2).number_format = form
    return book


def _slides(work: Path) -> None:
    (work / "slides.md").write_text(_SLIDES, encoding="utf-8")
    _run("pandoc", "-s", work / "slides.md", "-o", HERE / "pandoc-policy.pptx")
    source = HERE / "pandoc-policy.pptx"
    for ending, export in (
        ("pptx", "Impress MS PowerPoint 2007 XML"),
        ("ppt", "MS PowerPoint 97"),
        ("odp", "impress8"),
    ):
        _office(source, HERE / f"office-policy.{ending}", ending, export)


_IMPRESS = {"pptx": "Impress MS PowerPoint 2007 XML", "ppt": "MS PowerPoint 97", "odp": "impress8"}


def _packed(work: Path) -> None:
    folder = work / "附件"
    folder.mkdir()
    shutil.copy(HERE / "hand-form.docx", folder / "审批表.docx")
    shutil.copy(HERE / "office-fund.xls", folder / "资金发放表.xls")
    for name, kind in (("tar-gbk.tar", "w"), ("tar-gbk.tar.gz", "w:gz"), ("tar-gbk.tar.xz", "w:xz")):
        with tarfile.open(HERE / name, kind, encoding="gbk", format=tarfile.GNU_FORMAT) as archive:  # type: ignore[call-overload]
            archive.add(folder, "附件")
    _run("gzip", "-k", "-n", folder / "审批表.docx")
    shutil.move(folder / "审批表.docx.gz", HERE / "gzip-form.docx.gz")
    _run("zip", "-q", "-r", HERE / "zip-utf8.zip", "附件", cwd=work)
    for name, options in (
        ("seven.7z", ()),
        ("seven-locked.7z", (f"-p{PASSWORD}", "-mhe=on")),
        ("seven-aes.zip", ("-tzip", f"-p{PASSWORD}", "-mem=AES256")),
        ("seven-solid.7z", ("-m0=PPMd",)),
    ):
        _run("7z", "a", *options, HERE / name, "附件", cwd=work)


def _pictures() -> None:
    """Turned as telephones turn their pictures, in every form that they and scanners send."""
    picture = Image.new("RGB", (320, 200), "#cfe3cf")
    ImageDraw.Draw(picture).rectangle((40, 40, 160, 120), fill="#3d6b4f")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(HERE / "turned.jpg", exif=exif, quality=60)
    for ending in ("png", "webp", "avif", "gif", "bmp", "jp2"):
        (picture.resize((64, 40)) if ending == "bmp" else picture).save(HERE / f"pillow.{ending}")
    picture.convert("1").save(
        HERE / "fax.tiff", save_all=True, append_images=[picture.convert("1")], compression="group4"
    )
    import pillow_heif  # type: ignore[import-not-found]

    pillow_heif.register_heif_opener()
    picture.save(HERE / "telephone.heic")


def _saved_page() -> None:
    """A page as browsers save it with its pictures."""
    mail = EmailMessage()
    mail["From"] = "<Saved by browser>"
    mail["Snapshot-Content-Location"] = "https://ly.example.cn/a.html"
    mail["Subject"] = "植树节活动"
    page = (
        "<html><body><h1>植树节活动</h1><p>干部职工<b>共同</b>植树。</p><img src='https://ly.example.cn/1.png'>"
        "<table><tr><th>组别</th><th>株数</th></tr><tr><td>一组</td><td>120</td></tr></table></body></html>"
    )
    mail.set_content(page, subtype="html", cte="quoted-printable")
    mail.make_related()
    out = io.BytesIO()
    Image.new("RGB", (120, 80), "#3d6b4f").save(out, "PNG")
    mail.add_related(out.getvalue(), "image", "png")
    parts: Any = mail.get_payload()
    parts[1]["Content-Location"] = "https://ly.example.cn/1.png"
    mail.set_boundary("saved-page")
    (HERE / "saved.mht").write_bytes(mail.as_bytes())


def _office(source: Path, target: Path, ending: str, export: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        words = ("--headless", "--convert-to", f"{ending}:{export}", "--outdir", folder, source)
        _run("soffice", *_profile(Path(folder)), *words)
        shutil.move(next(Path(folder).glob(f"*.{ending}")), target)


def _profile(folder: Path) -> tuple[str, ...]:
    return (f"-env:UserInstallation={(folder / 'profile').as_uri()}",)


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    subprocess.run([str(word) for word in command], check=True, cwd=cwd, capture_output=True, timeout=120)


if __name__ == "__main__":
    main()
