"""Which unit a mail is from, by what evidence, and who only pretends to be one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parsers.sender import Named, by_address, distance, find_unit, judge, skeleton
from tests.parsers.mails import OFFICE, mail

NOTHING = Named()


@pytest.mark.parametrize(
    ("address", "unit", "evidence"),
    [
        ("qingshizhen_bgs@163.com", "青石镇人民政府", "address"),
        ("QingShiZhen_BGS+news@163.COM", "青石镇人民政府", "address"),
        ("baishui_mayor@126.com", "白水乡人民政府", "address"),
        ("anybody@lyj.lingyun.example.cn", "凌云县林业局", "domain"),
        ("anybody@oa.lyj.lingyun.example.cn", "凌云县林业局", "domain"),
        ("anybody@notlyj.lingyun.example.cn", None, None),
        ("stranger@163.com", None, None),
        (None, None, None),
    ],
)
def test_addresses_come_before_domains(address: str | None, unit: str | None, evidence: str | None) -> None:
    found, how = by_address(address, OFFICE)
    assert (found.name if found else None, how) == (unit, evidence)


@pytest.mark.parametrize(
    "named",
    [
        Named(issuers=("白水乡人民政府",)),
        Named(numbers=("白政发〔2026〕3号",)),
        Named(forwarded_from=("baishui2016@126.com",)),
        Named(signature="（白水乡 李雷）"),
    ],
)
def test_a_strange_address_gets_its_unit_from_the_document_and_is_marked(named: Named) -> None:
    origin = judge(mail("李雷 <lilei1990@qq.com>"), named, OFFICE)
    assert origin.unit is not None
    assert (origin.unit.name, origin.evidence) == ("白水乡人民政府", "document")
    assert [found.code for found in origin.findings] == ["sender.unknown"]


def test_a_known_address_needs_no_document_and_is_not_marked() -> None:
    origin = judge(mail(), Named(issuers=("白水乡人民政府",)), OFFICE)
    assert origin.unit is not None
    assert (origin.unit.name, origin.evidence, origin.findings) == ("青石镇人民政府", "address", ())


@pytest.mark.parametrize(
    "sender",
    [
        "青石镇人民政府 <notice@mail.example.net>",
        "青石镇 <notice@mail.example.net>",
        "县财政局办公室 <service@cz.example.net>",
        "lyczj_office@163.com <service@cz.example.net>",
        "财政 lyczj_office@163.com <service@cz.example.net>",
        "王明 <qingshizhen_bgs@l63.com>",
        "王明 <qingshizhen-bgs@163.com>",
        "王明 <qingsh1zhen_bgs@163.com>",
        "王明 <qingshizen_bgs@163.com>",
        "李雷 <baishu12016@126.com>",
        "办公室 <bgs@lyj.lingyun.example.com>",
        "办公室 <bgs@1yj.lingyun.example.cn>",
        "办公室 <bgs@lyj.lingyun.example.cn.mail.example.net>",
    ],
)
def test_a_borrowed_name_or_an_imitated_address_is_blocked_and_has_no_unit(sender: str) -> None:
    origin = judge(mail(sender), Named(issuers=("青石镇人民政府",)), OFFICE)
    assert [(found.code, found.severity) for found in origin.findings] == [("sender.spoofed", "block")]
    assert (origin.unit, origin.evidence) == (None, None)


@pytest.mark.parametrize(
    "sender",
    [
        "王明 <wangming1985@163.com>",
        "青石镇中心小学 <qsxx@example.cn>",
        "王芳 <qingshizhen_bgc@163.com>",
        "涛声依旧 <38291044@qq.com>",
        "bgs <bgs@example.net>",
        "招标代理 <office@126.com>",
    ],
)
def test_a_stranger_with_a_name_of_his_own_is_only_unknown(sender: str) -> None:
    assert [found.code for found in judge(mail(sender), NOTHING, OFFICE).findings] == ["sender.unknown"]


@pytest.mark.parametrize("sender", ["青石镇 <qingshizhen_bgs@163.com>", "县林业局 <zhang@lyj.lingyun.example.cn>"])
def test_a_unit_may_bear_its_own_name(sender: str) -> None:
    assert judge(mail(sender), NOTHING, OFFICE).findings == ()


def test_a_unit_that_bears_the_name_of_another_is_blocked() -> None:
    assert judge(mail("县财政局 <qingshizhen_bgs@163.com>"), NOTHING, OFFICE).findings[0].code == "sender.spoofed"


def test_an_editor_may_pass_on_for_a_unit() -> None:
    office = replace(OFFICE, editors=("wang@home.example.com",))
    for sender in (f"编辑部 <{OFFICE.address}>", "王编辑 <Wang+desk@home.example.com>"):
        origin = judge(mail(sender, "[代报 白水乡] 春耕简讯"), NOTHING, office)
        assert origin.unit is not None
        assert (origin.unit.name, origin.evidence, origin.findings) == ("白水乡人民政府", "desk", ())


def test_who_is_no_editor_passes_on_for_nobody() -> None:
    origin = judge(mail("某某 <someone@home.example.com>", "[代报 白水乡] 春耕简讯"), NOTHING, OFFICE)
    assert origin.evidence == "document"
    assert [found.code for found in origin.findings] == ["sender.unknown"]


def test_the_longest_name_in_a_text_is_the_unit() -> None:
    found = find_unit("白水乡：县林业局干部下乡", OFFICE)
    assert found is not None
    assert found.name == "凌云县林业局"


def test_look_alike_letters_are_one_and_slips_are_counted() -> None:
    assert skeleton("Qing-Shi_0l") == skeleton("qingshi.o1")
    assert [distance("abcd", other) for other in ("abcd", "abdc", "abc", "xbcde")] == [0, 1, 1, 2]
