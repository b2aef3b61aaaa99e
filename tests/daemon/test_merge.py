"""What the desk learned, written into units.yaml as a careful person would."""

from __future__ import annotations

import pytest
import yaml

from daemon.rules.overlay import Learned, laid_over
from daemon.settings import Settings, load
from daemon.settings.merge import merged

ADDRESS = Learned("address", "甲镇", "news@jia.example.cn")
LIAISON = Learned("liaison", "甲镇", "赵新", "0533-1")
BLOCK = """\
# 名册
units:
  - name: 甲镇   # 老名字
    kind: town
    addresses:
      - a@jia.example.cn   # 办公室

    liaison:
      name: 王芳
      phone: "0533-9"

  # 第二个
  - name: 乙镇
    kind: town
"""
FLOW = "units:\n  - {name: 甲镇, kind: town, addresses: [a@jia.example.cn]}\n  - {name: 乙镇, kind: town}\n"


@pytest.mark.parametrize("text", [BLOCK, FLOW, FLOW.replace("[a@jia.example.cn]", "[]"), BLOCK.replace("\n", "\r\n")])
def test_each_entry_stands_where_it_belongs_and_nothing_else_changes(text: str) -> None:
    before = yaml.safe_load(text)
    after = yaml.safe_load(merged(text, [ADDRESS, LIAISON]))
    before["units"][0]["addresses"] = [*before["units"][0]["addresses"], ADDRESS.value]
    before["units"][0]["liaison"] = {"name": "赵新", "phone": "0533-1"}
    assert after == before


def test_comments_and_lines_stay() -> None:
    after = merged(BLOCK, [ADDRESS, LIAISON])
    assert [line for line in BLOCK.splitlines() if "#" in line] == [line for line in after.splitlines() if "#" in line]
    assert '- a@jia.example.cn   # 办公室\n      - "news@jia.example.cn"\n' in after


def test_a_unit_without_the_key_gets_it_and_a_known_telephone_stays() -> None:
    entries = [Learned("address", "乙镇", "yi@yi.example.cn"), Learned("liaison", "甲镇", "赵新")]
    units = yaml.safe_load(merged(BLOCK, entries))["units"]
    assert units[1]["addresses"] == ["yi@yi.example.cn"]
    assert units[0]["liaison"] == {"name": "赵新", "phone": "0533-9"}


def test_what_the_file_says_already_and_units_that_it_lacks_change_nothing() -> None:
    entries = [Learned("address", "甲镇", "a@jia.example.cn"), Learned("address", "丙镇", "c@c.example.cn")]
    assert merged(BLOCK, entries) == BLOCK


def test_the_office_of_the_new_file_is_the_office_that_held_over_the_old_one(settings: Settings) -> None:
    unit = settings.office_value.units[0].name
    entries = [Learned("address", unit, "news@jia.example.cn"), Learned("liaison", unit, "赵新", "0533-1")]
    held = laid_over(settings.office_value, entries).units
    path = settings.folder / "units.yaml"
    path.write_text(merged(path.read_text("utf-8"), entries), "utf-8")
    assert load(settings.folder).office_value.units == held
