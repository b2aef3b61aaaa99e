"""Texts made to keep a reader busy are read in the time of any other of their size."""

import time

import pytest

from parsers.article import read_elements
from parsers.asked import asked_column
from parsers.columns import choose
from parsers.office import Office
from parsers.screening import screen
from tests.parsers.papers import line, office, paper

OFFICE = office()
SIZE = 200_000


def seconds(text: str, where: Office = OFFICE) -> float:
    start = time.process_time()
    blocks = paper(text)
    elements = read_elements(blocks, where, subject=text[:SIZE], file_name=text[:SIZE])
    choose(elements.title or text, None, where, lead=text)
    asked_column(text, where)
    screen(text, {"附件.txt": text}, elements, where.column("文件"), where, received_on=None)
    return time.process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        "绝密" + " " * 1000,
        "2026年3月5日" + " " * 500,
        "2026年3月5日\n",
        "（此件" + " " * 500,
        "公开属性" + "\n" * 500,
        "王李张、",
        "王小、李大、",
        "6222 0000 ",
        "清政发〔2026〕",
        "《〈",
        "（一）（",
        "附件：1.表\n2.表\n",
        "清河镇人民政府\n",
        "关于\n",
        "— 1 —\n抄送：某\n",
        "有效期限公示期本办法",
        "-",
        "　",
        "关于印发《",
        "电话：  ",
        "清政发〔2026〕1号　　办理结果：A　",
        "会议纪要\n第3期\n",
        "请发在公告公示栏，",
        "工作情况会议",
    ],
)
def test_hostile_texts_cost_no_more_than_their_size(unit: str) -> None:
    assert seconds((unit * (SIZE // len(unit) + 1))[:SIZE]) < 4


def test_one_block_of_many_lines_is_read_in_the_time_of_its_size() -> None:
    start = time.process_time()
    read_elements((line("\n".join(["2026年3月5日", "— 1 —"] * 20_000)),), OFFICE)
    assert time.process_time() - start < 4
