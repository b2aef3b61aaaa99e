"""What other programs read in the files of this folder; test_families.py compares our readers with it.

Usage: python -m tests.files.independent     (needs LibreOffice 7, pandoc, antiword, pdftotext, 7z)

Writes expected.json. No file is read by the program that wrote it where another one can. LibreOffice's text export
shows deleted and hidden text (LIBRARIES.md), so that is taken out of its lines.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from bs4 import BeautifulSoup, Tag

HERE = Path(__file__).resolve().parent
PASSWORD = "lx2026"
UNSEEN = ("删去的三月", "隐藏文字不应出现", "批注不应泄露")
Found = tuple[list[str], list[list[list[str]]]]
"""Lines, and tables as rows of the texts of their cells."""


def main() -> None:
    found = {}
    for path in sorted(HERE.iterdir()):
        for ending, (name, read) in _READERS.items():
            if path.name.endswith(ending):
                lines, tables = read(path)
                found[path.name] = {"reader": name, "lines": [_seen(line) for line in lines], "tables": tables}
                break
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")


def _seen(line: str) -> str:
    for word in UNSEEN:
        line = line.replace(word, "")
    return line


def by_office(path: Path) -> Found:
    """LibreOffice: texts by its text export, tables by its web page."""
    with tempfile.TemporaryDirectory() as folder:
        _convert(path, folder, "txt:Text (encoded):UTF8")
        _convert(path, folder, "html")
        page = next(Path(folder).glob("*.html")).read_text("utf-8", "replace")
        text = next(Path(folder).glob("*.txt")).read_text("utf-8")
    return _lines(text), _tables(page)


def by_office_sheets(path: Path) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        _convert(path, folder, "html:HTML (StarCalc)")
        page = next(Path(folder).glob("*.html")).read_text("utf-8", "replace")
    return [], _tables(page)


def by_office_slides(path: Path) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        _convert(path, folder, "pdf")
        lines, _ = by_pdftotext(next(Path(folder).glob("*.pdf")))
    return lines, []


def by_pandoc(path: Path) -> Found:
    form = path.suffix[1:].replace("xls", "html")
    words = ("pandoc", "-f", form, "--wrap=none", path)
    return _lines(_output(*words, "-t", "plain", "--columns=500")), _tables(_output(*words, "-t", "html"))


def by_antiword(path: Path) -> Found:
    return _lines(_output("antiword", "-m", "UTF-8.txt", "-w", "0", path)), []


def by_pdftotext(path: Path) -> Found:
    return _lines(_output("pdftotext", "-enc", "UTF-8", path, "-")), []


def by_tarfile(path: Path) -> Found:
    with tarfile.open(path, encoding="gb18030") as archive:
        return [member.name.rpartition("/")[2] for member in archive if member.isfile()], []


def by_seven(path: Path) -> Found:
    """The names of an archive's members, as lines."""
    listed = _output("7z", "l", "-slt", f"-p{PASSWORD}", path)
    names = re.findall(r"^Path = (.+)$", listed, re.MULTILINE)[1:]
    return [name.rpartition("/")[2] for name in names if "." in name], []


def _convert(path: Path, folder: str, form: str) -> None:
    profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
    _output("soffice", profile, "--headless", "--convert-to", form, "--outdir", folder, path)


def _output(*command: str | Path) -> str:
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, timeout=120).stdout.decode("utf-8", "replace")


def _lines(text: str) -> list[str]:
    """Cells of a table that is drawn with strokes are lines of their own."""
    cells = (re.sub(r"^[-+=:]+$", "", "".join(cell.split())) for cell in re.split(r"[\n|\ufeff\f\t]| {3,}", text))
    return [cell for cell in cells if cell and cell != "[pic]"]


def _tables(page: str) -> list[list[list[str]]]:
    soup = BeautifulSoup(page, "lxml")
    return [[_cells(row) for row in table.find_all("tr")] for table in soup.find_all("table")]


def _cells(row: Tag) -> list[str]:
    return ["".join(cell.get_text().split()) for cell in row.find_all(["td", "th"])]


_READERS: dict[str, tuple[str, Callable[[Path], Found]]] = {
    **dict.fromkeys(("hand-notice.docx", "hand-form.docx", "notice.xml", "form.xml"), ("LibreOffice", by_office)),
    **dict.fromkeys(("news.docx", "news.odt", "news.rtf"), ("LibreOffice", by_office)),
    **dict.fromkeys((".docx", ".odt", ".rtf", ".html", "web-fund.xls"), ("pandoc", by_pandoc)),
    **dict.fromkeys((".doc", ".wps"), ("antiword", by_antiword)),
    ".pdf": ("pdftotext", by_pdftotext),
    **dict.fromkeys((".xlsx", ".xls", ".et", ".ods"), ("LibreOffice", by_office_sheets)),
    **dict.fromkeys((".pptx", ".ppt", ".odp"), ("LibreOffice", by_office_slides)),
    **dict.fromkeys((".zip", ".7z", "form.docx.gz"), ("7z", by_seven)),
    **dict.fromkeys((".tar", ".tar.gz", ".tar.xz"), ("tarfile", by_tarfile)),
}
"""By how a file's name ends; the first that fits."""

if __name__ == "__main__":
    main()
